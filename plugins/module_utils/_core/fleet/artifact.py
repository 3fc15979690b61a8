# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a job hands on about its numbers: how many are in each state, and who needs somebody. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from .table import ATTENTION, NOT_STARTED, READY, WAITING_FOR_CODE, Row

PREFLIGHT = "preflight"
MIGRATE = "migrate"
# How many characters the names of hosts may take.
_SPACE = 2000


def of(rows: Sequence[Row], phase: str, stopped: str) -> Dict[str, Any]:
    """Return the artifact of a job: how many numbers are in each state, and the hosts that need attention.

    It stays small, however large the fleet. A number that is only ready was not started if ``phase`` is MIGRATE.
    ``stopped`` is why no further number moves.
    """
    states: Dict[str, int] = {}
    attention: Dict[str, List[str]] = {}
    for row in rows:
        state = NOT_STARTED if phase == MIGRATE and row.state == READY else row.state
        states[state] = states.get(state, 0) + 1
    space, left_out = _SPACE, 0
    others = dict.fromkeys(row.state for row in rows if row.bad and row.state not in ATTENTION)
    for state in (*ATTENTION, *others):
        for row in rows:
            if row.state == state and (row.bad or row.action is None or state == WAITING_FOR_CODE):
                space -= len(row.host) + 4
                if space < 0:
                    left_out += 1
                else:
                    attention.setdefault(state, []).append(row.host)
    return {
        "phase": phase,
        "numbers": len(rows),
        "states": states,
        "attention": attention,
        "attention_left_out": left_out,
        "stopped": stopped if len(stopped) <= 500 else stopped[:497] + "...",
    }
