# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: whether changes are frozen or paused, by a file, the answer of a URL, or a word. Pure.

What cannot be read means stop.
"""

from __future__ import annotations

import re
from typing import Optional

from ..._failure import Failure

# A freeze or a pause that is stated outright: what follows is the reason.
STATED = "frozen:"
PAUSED = "paused:"
# What a reason begins with that asks for a pause: the run waits for its end, where a freeze ends it.
_PAUSE = re.compile(r"paused?\b", re.IGNORECASE)
_GO = ("", "no", "off", "false")
_MOST = 200


def of_file(content: Optional[bytes]) -> str:
    """Return why changes are frozen, "" where they are not: a file that is there and not empty freezes."""
    return "" if not content else _line(content) or "no reason is given"


def of_answer(status: int, body: bytes) -> str:
    """Return why changes are frozen, "" where they are not: 204, or 200 with nothing or no, off or false, lets pass."""
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
    """Tell whether a reason asks to wait rather than to stop."""
    return bool(_PAUSE.match(why))


def _line(content: bytes) -> str:
    """Return the first line that says something, without control characters and not too long."""
    for line in content.decode("utf-8", "replace").splitlines():
        wording = " ".join("".join(sign if sign.isprintable() else " " for sign in line).split())
        if wording:
            return wording if len(wording) <= _MOST else wording[: _MOST - 3] + "..."
    return ""


def failure(where: str, why: str) -> Failure:
    """Say that changes are frozen, or paused; ``where`` is the file or the server that said so."""
    if is_pause(why):
        return Failure(
            "paused",
            "Changes are paused",
            "%s: %s" % (where, why) if where else why,
            next_step="wait until the pause is over, then run the same command again. wa_migrate_freeze names the "
            "file or the address",
        )
    return Failure(
        "frozen",
        "Changes are frozen",
        "%s: %s" % (where, why) if where else why,
        next_step="wait until the freeze is lifted, then run the same command again. wa_migrate_freeze names the file "
        "or the address",
    )
