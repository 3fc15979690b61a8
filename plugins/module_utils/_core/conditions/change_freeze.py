# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: whether changes are frozen or paused, by a file, the answer of a URL, or a stated reason. Pure.

A file or an answer that cannot be read freezes.
"""

from __future__ import annotations

import re
from typing import Optional

from ..._failure import Failure
from ..findings.finding import BLOCKER, COLLECTION, WARNING, Finding

# A freeze or a pause that is stated outright: what follows is the reason.
STATED = "frozen:"
PAUSED = "paused:"
# A reason that begins so is a pause: the run waits until it is over, where a freeze ends the run.
_PAUSE = re.compile(r"paused?\b", re.IGNORECASE)
_GO = ("", "no", "off", "false")
_MOST = 200

FROZEN = Finding(
    "WM157",
    "frozen",
    BLOCKER,
    COLLECTION,
    title="Changes are frozen",
    why="The freeze file or address (O(freeze)) forbids changes now, or it could not be read, which means the same.",
    fix="Wait until the freeze is lifted, then run the same command again. O(freeze) names the file or the "
    "address. To lift it, remove or empty the file, or let the address answer no. If it could not be read, fix the "
    "path or the server.",
    passing=True,
)
CHANGES_PAUSED = Finding(
    "WM158",
    "paused",
    WARNING,
    COLLECTION,
    title="Changes are paused",
    why="The freeze file or address (O(freeze)) asks for a pause. A migration waits until it is over before it "
    "registers the next number.",
    fix="Wait until the pause is over: a migration then goes on by itself, any other command has to be run again. "
    "O(freeze) names the file or the address. To end the run instead, let it answer with a text that does not "
    "begin with pause.",
    passing=True,
)


def of_file(content: Optional[bytes]) -> str:
    """Return why changes are frozen, "" where they are not: a file that exists and is not empty freezes."""
    return "" if not content else _line(content) or "no reason is given"


def of_answer(status: int, body: bytes) -> str:
    """Return why changes are frozen, "" where they are not: 204, or 200 with no, off, false or nothing, allows them."""
    if status not in (200, 204):
        return "the answer was HTTP %d" % status
    text = body.decode("utf-8", "replace").strip()
    return "" if status == 204 or text.lower() in _GO else _line(body) or "no reason is given"


def of_word(value: str) -> str:
    """Return the reason of a freeze or a pause that is stated outright."""
    paused = value.startswith(PAUSED)
    reported = _line(value[len(PAUSED if paused else STATED) :].encode("utf-8")) or "no reason is given"
    return reported if not paused or is_pause(reported) else "paused: " + reported


def is_pause(why: str) -> bool:
    """Tell whether a reason is a pause, not a freeze."""
    return bool(_PAUSE.match(why))


def _line(content: bytes) -> str:
    """Return the first line that is not blank, without control characters and shortened."""
    for line in content.decode("utf-8", "replace").splitlines():
        text = " ".join("".join(sign if sign.isprintable() else " " for sign in line).split())
        if text:
            return text if len(text) <= _MOST else text[: _MOST - 3] + "..."
    return ""


def failure(where: str, why: str) -> Failure:
    """Report that changes are frozen, or paused; ``where`` is the file or the server that says so."""
    return (CHANGES_PAUSED if is_pause(why) else FROZEN).failure("%s: %s" % (where, why) if where else why)
