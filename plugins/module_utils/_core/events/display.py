# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the state of a run as lines of text, for a terminal and for a pipe. Pure."""

from __future__ import annotations

import math
from typing import Any, List, Tuple

from ..._failure import counted
from . import event as rules
from .state import RunState

# Reasons to wait that are shown, and numbers that need somebody.
_WAITS = 3
_BAR = 24
_NO_ANSWER = "%s: the register request was sent, and no answer is noted. Run again: it reads first"


def duration(seconds: float) -> str:
    """Return seconds as a person reads them: 0.04 s, 1.4 s, 12 s, 3 min 05 s, 2 h 10 min."""
    if seconds < 1:
        return "%.2f s" % seconds
    if seconds < 10:
        return "%.1f s" % seconds
    whole = math.floor(seconds)
    if whole < 60:
        return "%d s" % whole
    if whole < 3600:
        return "%d min %02d s" % divmod(whole, 60)
    return "%d h %02d min" % (whole // 3600, whole % 3600 // 60)


def clock(seconds_since_epoch: float) -> str:
    """Return the time of day in UTC."""
    return rules.written(seconds_since_epoch)[11:19] + "Z"


def heading(state: RunState) -> str:
    """Return where the run is."""
    words = {
        rules.PREFLIGHT: "Preflight",
        rules.PREPARE: "Prepare",
        rules.CUTOVER: "Cutover",
        rules.VERIFY: "Verify",
        rules.REPORT: "Report",
    }
    where = words.get(state.phase, "Starting")
    if state.moving and state.wave is not None:
        where = "Wave %d%s" % (state.wave, " of %d" % len(state.waves) if len(state.waves) >= state.wave else "")
    return "DRY RUN, %s" % where if state.check_mode else where


def counts(state: RunState) -> List[str]:
    """Return what the numbers do, each state that there is as one text; the moved ones always."""
    seen = state.counts()
    moved = [("would move", seen.would_move)] if state.check_mode else [("moved", seen.moved)]
    if not state.moving and not seen.moved:
        moved = [("read", len(state.read))]
    more = [
        ("under way", seen.under_way),
        ("waiting", seen.waiting),
        ("failed", seen.failed),
        ("unknown", seen.unknown),
        ("blocked", seen.blocked),
        ("unchanged", seen.unchanged),
        ("left", seen.left if state.moving else 0),
    ]
    return ["%d of %d %s" % (moved[0][1], seen.total, moved[0][0])] + [
        "%d %s" % (count, word) for word, count in more if count
    ]


def speed(state: RunState, now: float) -> str:
    """Return the rate and the estimated end, "" where they are unknown."""
    rate, end = state.rate(now), state.end(now)
    if rate is None:
        return ""
    return "%.1f a minute%s" % (rate, "" if end is None else ", ends about %s" % clock(end))


def interruption(state: RunState, now: float) -> str:
    """Return the longest interruption, "" where there was none."""
    longest = state.longest(now)
    return "longest interruption %s: %s" % (duration(longest.seconds), longest.name) if longest.seconds > 0 else ""


def waits(state: RunState, now: float) -> List[str]:
    """Return the reasons to wait, each with how many numbers wait for it and for how long."""
    found = state.waits()
    lines = [
        "%s (%s): %s"
        % (counted(wait.numbers, "number waits", "numbers wait"), duration(max(0.0, now - wait.since)), wait.reason)
        for wait in found[:_WAITS]
    ]
    if state.wait:
        lines.append(state.wait)
    return [*lines, "%d more reasons to wait" % (len(found) - _WAITS)] if len(found) > _WAITS else lines


def pipe(state: RunState, now: float) -> str:
    """Return the state as one line, for an output that can only be appended to."""
    parts = [
        "%s %s: %s" % (clock(now), heading(state), ", ".join(counts(state))),
        speed(state, now),
        interruption(state, now),
        *waits(state, now),
    ]
    return rules.sentence(" | ".join(part for part in parts if part))


def subject(state: RunState) -> Tuple[Any, ...]:
    """Return what matters of a state: a line on a pipe that differs in it is shown at once."""
    reasons = tuple(wait.reason for wait in state.waits())
    return state.wave, state.moving, state.planned, state.counts().attention, reasons, state.wait, state.ended is None


def progress_bar(state: RunState, width: int) -> str:
    """Return the progress as a bar of text."""
    done, most = state.progress()
    share = done / most if most else 0.0
    cells = max(4, min(_BAR, width - 8))
    filled = math.floor(share * cells)
    return "[%s%s] %3d%%" % ("#" * filled, "-" * (cells - filled), math.floor(share * 100))


def live(state: RunState, now: float, width: int) -> List[Tuple[str, str]]:
    """Return the lines of a small live view as pairs of kind and text, none wider than ``width`` characters.

    The kinds are heading, bar, counts, bad, speed and wait.
    """
    seen = state.counts()
    began = state.began if state.began is not None else now
    lines = [
        ("heading", "%s, %s" % (heading(state), duration(max(0.0, (state.ended or now) - began)))),
        ("bar", progress_bar(state, width)),
    ]
    lines += [("counts", text) for text in _filled(counts(state), width)]
    lines += [("speed", text) for text in (speed(state, now), interruption(state, now)) if text]
    lines += [("wait", text) for text in waits(state, now)]
    if seen.attention:
        names = ", ".join(number.name for number in state.attention()[:3])
        more = seen.attention - 3
        text = "%s: %s" % (counted(seen.attention, "number needs somebody", "numbers need somebody"), names)
        lines.append(("bad", text + (" and %d more" % more if more > 0 else "")))
    return [(kind, cut(rules.sentence(text), width)) for kind, text in lines]


def cut(text: str, width: int) -> str:
    """Return a text of at most ``width`` characters."""
    return text if len(text) <= width else text[: max(0, width - 3)] + "..."[: max(0, width)]


def _filled(parts: List[str], width: int) -> List[str]:
    """Put the parts into as few lines as they fit into."""
    lines: List[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 2 + len(part) <= width:
            lines[-1] += ", " + part
        else:
            lines.append(part)
    return lines


def summary(state: RunState, now: float) -> List[str]:
    """Return the end of a run: the counts, and each number whose outcome no event tells."""
    began = state.began if state.began is not None else now
    told = ["%d %s" % (count, word) for word, count in state.states.items()] if state.title else counts(state)
    parts = ["%s: %s in %s" % (heading_of_end(state), ", ".join(told), duration(max(0.0, now - began)))]
    parts.append(interruption(state, now))
    lines = [" | ".join(part for part in parts if part)]
    for number in state.open_requests():
        lines.append(
            "%s: the register request was sent, and no answer is noted. Run again: it reads first." % number.name
        )
    return lines


def heading_of_end(state: RunState) -> str:
    """Return what ended."""
    if state.title:
        return "DRY RUN, %s" % state.title if state.check_mode else state.title
    return "DRY RUN" if state.check_mode else "Migration" if state.moving else "Preflight"
