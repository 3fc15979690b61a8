# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the notice log of a number: who was, or may have been, sent the last notice. Lines of JSON. Pure.

A number is kept as an HMAC with the salt of the log, and its last four digits. That keeps a copy of the log from being
a list of recipients at a glance. It does not stop somebody who tries all numbers against it. The ID of a message is not
kept, because Meta's hold the number of the recipient.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, Dict, Mapping, NamedTuple, Optional

from ..facts import json_document, phone_number, recipients
from ..facts.times import utc

FORMAT = "wabiz.notice_log/1"
# What became of the message to a recipient.
INTENT = "intent"  # on disk before the first byte; if it stays, nobody saw the answer
SENT = "sent"
REFUSED = "refused"  # because of the recipient, so that it is not tried again
HELD_BACK = "held back"  # the server certainly did not act: it may be sent later
UNKNOWN = "unknown"


class Log(NamedTuple):
    """A notice log: its salt, the last line of each recipient, its size in bytes, and where its whole lines end."""

    phone_number_id: str
    salt: str
    entries: Mapping[str, Mapping[str, Any]]
    size: int = 0
    whole: int = 0

    def entry(self, number: str) -> Optional[Mapping[str, Any]]:
        """Return what is known of a recipient, in whichever form its number was written, None where nothing is."""
        marks = (mark(self.salt, form) for form in sorted(phone_number.forms(number)))
        return next((self.entries[one] for one in marks if one in self.entries), None)

    def final(self, number: str) -> str:
        """Return what became of a recipient that gets no message any more, "" for one that may be sent one."""
        outcome = str((self.entry(number) or {}).get("outcome") or "")
        return {INTENT: UNKNOWN, HELD_BACK: ""}.get(outcome, outcome)


def mark(salt: str, number: str) -> str:
    """Return what stands for a number in the log."""
    return hmac.new(salt.encode("ascii"), number.encode("ascii"), hashlib.sha256).hexdigest()[:32]


def parse(text: Optional[str], phone_number_id: str, salt: str) -> Log:
    """Read a notice log; raises ValueError when it is damaged, of another format or of another number.

    A new one has ``salt``. A last line without an end was never acted on, because a request waits for its note.
    """
    whole, end, _torn = (text or "").rpartition("\n")
    lines = (whole + end).splitlines()
    size = len((text or "").encode("utf-8"))
    if not lines:
        return Log(phone_number_id, salt, {}, size, 0)
    head = json_document.of_number(lines[0], FORMAT, phone_number_id) or {}
    if not isinstance(head.get("salt"), str) or not head["salt"].isascii():
        raise ValueError("it has no salt")
    entries: Dict[str, Mapping[str, Any]] = {}
    for at, line in enumerate(lines[1:], 2):
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if not isinstance(found, dict) or not all(isinstance(found.get(name), str) for name in ("to", "outcome")):
            raise ValueError("its line %d cannot be read" % at)
        entries[found["to"]] = found
    return Log(phone_number_id, head["salt"], entries, size, len((whole + end).encode("utf-8")))


def line(log: Log, number: str, outcome: str, now: float, **more: Any) -> str:
    """Return what is appended about a recipient: with the head, where the log is new."""
    head = {"format": FORMAT, "phone_number_id": log.phone_number_id, "salt": log.salt}
    entry = {
        "to": mark(log.salt, number),
        "ends": recipients.ending(number),
        "at": utc(now),
        "outcome": outcome,
        **more,
    }
    texts = [json.dumps(one, sort_keys=True) + "\n" for one in ([head, entry] if not log.whole else [entry])]
    return "".join(texts)


def with_line(log: Log, text: str, size: int) -> Log:
    """Return the log after ``text`` was appended, which made it ``size`` bytes long."""
    entry = json.loads(text.splitlines()[-1])
    return log._replace(entries={**log.entries, entry["to"]: entry}, size=size, whole=size)
