# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the table rule: the waivers that are in force, and those that let no number pass."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import waiver
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import summary, table
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.fleet.results import (
    BLOCKER,
    MOVED,
    NOTE,
    PREFLIGHT,
    WARNING,
    line,
)

WAIVED = {
    **BLOCKER,
    "id": "WM108",
    "number": "15550120001",
    "waived": {"who": "ada", "why": "ticket 4711", "until": "2026-12-31"},
}


def test_a_waiver_shows_in_every_line_and_once_for_all_numbers():
    seen = line(False, preflight={**PREFLIGHT, "findings": [NOTE, WAIVED]})
    assert seen.state == table.READY
    assert seen.wording.startswith("WM108 blocker waived until 2026-12-31 by ada (ticket 4711): ")
    moved = {**MOVED, "registration": {**MOVED["registration"], "waived": [{"id": "WM108", **WAIVED["waived"]}]}}
    assert line(preflight=PREFLIGHT, register=moved).wording.endswith("; waived: WM108 (ada, until 2026-12-31)")
    assert summary.waived([("1", NOTE), ("1", BLOCKER)]) == []
    assert summary.waived([("+1 555-012-0001 (a)", WAIVED), ("+1 555-012-0002 (b)", WAIVED)]) == [
        "Waived: WM108 until 2026-12-31 by ada (ticket 4711), for 2: +1 555-012-0001 (a), +1 555-012-0002 (b)"
    ]


NOW = 1000.0


def waived_by(who, end=NOW + 1, name="WM108", numbers=()):
    return waiver.Waiver(name, who, "ticket", "2026-12-31" if end > NOW else "2026-11-01", end, numbers)


def known(*findings, whole=True):
    return summary.Known("+1 555-012-0001 (a)", findings, whole)


IN_FORCE = {**WAIVED, "waived": waived_by("ada").as_dict()}
BLOCKED = {**WAIVED, "waived": None}


@pytest.mark.parametrize(
    ("waivers", "numbers", "reported"),
    [
        # in use
        ([waived_by("ada")], {"1": known(IN_FORCE)}, []),
        ([waived_by("ada", numbers=("1", "9"))], {"1": known(IN_FORCE)}, []),
        # ended, and still wanted
        (
            [waived_by("ada", NOW)],
            {"1": known(BLOCKED), "2": known({**BLOCKED, "number": "2"}), "3": known()},
            ["Waiver ended on 2026-11-01: WM108 by ada. WM108 blocks 2: +1 555-012-0001 (a), +1 555-012-0001 (a)"],
        ),
        # ended, and nobody wants it
        (
            [waived_by("ada", NOW)],
            {"1": known()},
            ["Waiver ended on 2026-11-01: WM108 by ada: no number of this run has WM108"],
        ),
        (
            [waived_by("ada"), waived_by("bob", NOW)],
            {"1": known(IN_FORCE)},
            ["Waiver ended on 2026-11-01: WM108 by bob: another one is in force"],
        ),
        # really not needed
        (
            [waived_by("ada")],
            {"1": known(WARNING)},
            ["Waiver not needed: WM108 by ada until 2026-12-31: no number of this run has WM108"],
        ),
        (
            [waived_by("ada"), waived_by("bob", NOW + 0.5)],
            {"1": known(IN_FORCE)},
            ["Waiver not needed: WM108 by bob until 2026-12-31: another one is in force"],
        ),
        # of a number that could not be read, nobody knows what it would have needed
        ([waived_by("ada")], {"1": known(whole=False), "2": known()}, []),
        ([waived_by("ada", NOW)], {"1": known(whole=False)}, ["Waiver ended on 2026-11-01: WM108 by ada"]),
        # for numbers outside of a limit: one sentence, after all others
        (
            [
                waived_by("ada", numbers=("8",)),
                waived_by("eve", NOW, numbers=("9",)),
                waived_by("bob", NOW, numbers=("1",)),
            ],
            {"1": known(BLOCKED)},
            [
                "Waiver ended on 2026-11-01: WM108 by bob. WM108 blocks 1: +1 555-012-0001 (a)",
                "Waivers whose numbers match no host of this run: WM108 by ada until 2026-12-31, WM108 by eve until "
                "2026-11-01",
            ],
        ),
        # what somebody waits for goes first, in whatever order they are stated
        (
            [waived_by("ada", name="WM170"), waived_by("bob", NOW)],
            {"1": known(BLOCKED)},
            [
                "Waiver ended on 2026-11-01: WM108 by bob. WM108 blocks 1: +1 555-012-0001 (a)",
                "Waiver not needed: WM170 by ada until 2026-12-31: no number of this run has WM170",
            ],
        ),
    ],
)
def test_waivers_that_let_no_number_pass(waivers, numbers, reported):
    assert summary.idle_waivers(waivers, numbers, NOW) == reported
