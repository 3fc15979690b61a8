# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a job hands on about its numbers: how many are in each state, and who needs somebody. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from .table import ATTENTION, NOT_STARTED, READY, Row

# How many characters the names of hosts may take.
_SPACE = 2000


def of(rows: Sequence[Row], moves: bool, stopped: str) -> Dict[str, Any]:
    """Return the artifact of a job: how many numbers are in each state, and the hosts that need attention.

    It stays small, however large the fleet. ``moves`` tells that the job was to move the numbers: a number that is only
    ready then was not started. ``stopped`` is why no further number moves.
    """
    states: Dict[str, int] = {}
    attention: Dict[str, List[str]] = {}
    for row in rows:
        state = NOT_STARTED if moves and row.state == READY else row.state
        states[state] = states.get(state, 0) + 1
    space, left_out = _SPACE, 0
    for state in ATTENTION:
        for row in rows:
            if row.state == state:
                space -= len(row.host) + 4
                if space < 0:
                    left_out += 1
                else:
                    attention.setdefault(state, []).append(row.host)
    return {
        "phase": "migrate" if moves else "preflight",
        "numbers": len(rows),
        "states": states,
        "attention": attention,
        "attention_left_out": left_out,
        "stopped": stopped if len(stopped) <= 500 else stopped[:497] + "...",
    }
