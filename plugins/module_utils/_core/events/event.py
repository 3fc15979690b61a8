# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: an event of a run as one line of JSON, made and read. Pure."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Union

SCHEMA = "wabiz.event/1"
# What happens.
RUN_STARTED = "run_started"
RUN_ENDED = "run_ended"
STEP_STARTED = "step_started"
STEP_ENDED = "step_ended"
WAITING = "waiting"
WAIT_ENDED = "wait_ended"
REGISTER_SENT = "register_sent"
REGISTER_ANSWERED = "register_answered"
CONFIRMED = "confirmed"
LOGGED = "attempt_logged"
OUTCOME = "outcome"
NUMBER_ENDED = "number_ended"
EVENTS = (
    RUN_STARTED,
    RUN_ENDED,
    STEP_STARTED,
    STEP_ENDED,
    WAITING,
    WAIT_ENDED,
    REGISTER_SENT,
    REGISTER_ANSWERED,
    CONFIRMED,
    LOGGED,
    OUTCOME,
    NUMBER_ENDED,
)
# The phases of a migration.
PREFLIGHT = "preflight"
PREPARE = "prepare"
CUTOVER = "cutover"
VERIFY = "verify"
REPORT = "report"
PHASES = (PREFLIGHT, PREPARE, CUTOVER, VERIFY, REPORT)
# Characters of a text, so that a line stays far below what one write puts into a file at once.
_LONGEST = 500
# What every line begins with. Inside a JSON text its quotation marks are escaped, so it stands nowhere else.
_BEGIN = '{"schema":"%s"' % SCHEMA
_TEXTS = ("at", "run", "host", "phone_number_id", "number", "waba_id", "phase", "step", "event", "outcome", "text")


class Subject(NamedTuple):
    """What the events of one step are about.

    ``wave`` counts from 1, None where there is none. ``step`` is the name of a module.
    """

    run: str
    host: str = ""
    phone_number_id: str = ""
    number: str = ""
    waba_id: str = ""
    wave: Optional[int] = None
    phase: str = PREFLIGHT
    step: str = ""
    check_mode: bool = False


def build(
    subject: Subject,
    event: str,
    seconds_since_epoch: float,
    seconds: Optional[float] = None,
    outcome: str = "",
    code: Union[int, str, None] = None,
    text: str = "",
    data: Optional[Mapping[str, Any]] = None,
) -> Dict[str, Any]:
    """Return an event as the object that its line holds.

    ``seconds`` is how long took what has ended, ``outcome`` and ``code`` what came of it, ``text`` one sentence.
    """
    made: Dict[str, Any] = {"schema": SCHEMA, "at": written(seconds_since_epoch), **subject._asdict()}
    made.pop("check_mode")
    made.update(
        event=event,
        seconds=None if seconds is None else round(float(seconds), 3),
        outcome=outcome,
        code=code,
        text=sentence(text),
        check_mode=subject.check_mode,
    )
    if data:
        made["data"] = dict(data)
    return made


def line(event: Mapping[str, Any]) -> bytes:
    """Return an event as one line, in ASCII."""
    return (json.dumps(event, separators=(",", ":")) + "\n").encode("ascii")


def sentence(text: str) -> str:
    """Return a text without line breaks and control characters, cut to 500 characters."""
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in str(text)).split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 3] + "..."


def written(seconds_since_epoch: float) -> str:
    """Return a moment as ISO 8601 in UTC, to the millisecond."""
    moment = datetime.fromtimestamp(seconds_since_epoch, tz=timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_of(at: str) -> float:
    """Return the seconds since the epoch of a moment as events have it; raises ValueError for what is none."""
    if not at.endswith("Z"):
        raise ValueError("a moment in UTC ends with Z")
    return datetime.fromisoformat(at[:-1] + "+00:00").timestamp()


class Reader:
    """Read events from the bytes of a file that others append to.

    The last line may still be incomplete. A writer that was killed, or met a full disk, may have left a part of a line
    that the next line then stands behind. ``unreadable`` counts such parts.
    """

    def __init__(self) -> None:
        self.unreadable = 0
        self._rest = b""

    def feed(self, data: bytes) -> List[Dict[str, Any]]:
        """Return the events of all lines that ``data`` completes."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [event for one in lines for event in self._events(one)]

    def close(self) -> List[Dict[str, Any]]:
        """Return the event of a last line without its line break, if it is whole."""
        rest, self._rest = self._rest, b""
        return list(self._events(rest))

    def _events(self, line_of_file: bytes) -> Iterator[Dict[str, Any]]:
        text = line_of_file.decode("utf-8", "replace").strip("\0 \r")
        if not text:
            return
        head, *parts = text.split(_BEGIN)
        self.unreadable += 1 if head else 0
        for part in parts:
            try:
                value = json.loads(_BEGIN + part)
            except ValueError:
                value = None
            if is_event(value):
                yield value
            else:
                self.unreadable += 1


def is_event(value: Any) -> bool:
    """Tell whether a value is an event that a reader can go by; keys that it does not know are allowed."""
    if not isinstance(value, dict) or value.get("schema") != SCHEMA or value.get("event") not in EVENTS:
        return False
    if not all(isinstance(value.get(name), str) for name in _TEXTS):
        return False
    wave, seconds, data = value.get("wave"), value.get("seconds"), value.get("data", {})
    if not (wave is None or (isinstance(wave, int) and not isinstance(wave, bool))):
        return False
    if not (seconds is None or (isinstance(seconds, (int, float)) and not isinstance(seconds, bool))):
        return False
    try:
        moment_of(value["at"])
    except ValueError:
        return False
    return isinstance(data, dict)
