# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the table rule: the line of one number after each combination of results."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import table
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.fleet.results import (
    ALREADY,
    BLOCKER,
    COEXISTENCE,
    COMPARED,
    CONFIRMED,
    FAILED,
    GONE,
    LATE,
    LOSS,
    MOVED,
    NO_SNAPSHOT,
    NOTE,
    PREFLIGHT,
    SHUT,
    SKIPPED,
    UNCONFIRMED,
    WARNING,
    WOULD,
    line,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("moving", "results", "state", "location", "wording"),
    [
        # preflight alone
        (False, {"preflight": PREFLIGHT}, table.READY, "ON_PREMISES", table.NO_FINDINGS),
        (
            False,
            {"preflight": {**PREFLIGHT, "findings": [NOTE, WARNING]}},
            table.READY,
            "ON_PREMISES",
            "WM132 warning: The clocks differ.",
        ),
        (
            False,
            {"preflight": {**PREFLIGHT, "blocked": True, "findings": [NOTE, BLOCKER]}},
            table.BLOCKED,
            "ON_PREMISES",
            "WM114 blocker: The budget is used up. Next: wait.",
        ),
        (
            False,
            {"preflight": {**PREFLIGHT, "location": "CLOUD", "work": False}},
            table.UNCHANGED,
            "CLOUD",
            table.SUBSCRIBED,
        ),
        (
            False,
            {"preflight": {**PREFLIGHT, "location": "CLOUD", "work": False, "findings": [NOTE, COEXISTENCE]}},
            table.UNCHANGED,
            "CLOUD",
            "WM202 note: In the app too. Next: nothing.",
        ),
        (
            False,
            {"preflight": {**PREFLIGHT, "location": "CLOUD", "work": False, "unverified": None}},
            table.UNCHANGED,
            "CLOUD",
            f"{table.SUBSCRIBED}. {table.COMPARISON_UNKNOWN}",
        ),
        (
            False,
            {"preflight": {**PREFLIGHT, "location": "CLOUD", "unverified": True}},
            table.READY,
            "CLOUD",
            table.NOT_COMPARED,
        ),
        (
            True,
            {"preflight": PREFLIGHT, "register": CONFIRMED, "health": {"verdict": "LIMITED"}, "compare": COMPARED},
            table.MOVED,
            "CLOUD",
            f"{table.CONFIRMED % 'LIMITED'}. {table.NOTHING_LOST % ('31 facts', '')}",
        ),
        (False, {}, table.NOT_STARTED, "", table.NOTHING_READ),
        (False, {"preflight": None, "register": None}, table.NOT_STARTED, "", table.NOTHING_READ),
        (False, {"failure": FAILED}, table.BLOCKED, "", "Number 1: no [133005]. Next: look."),
        (False, {"preflight": GONE, "failure": GONE}, table.UNREACHABLE, "", "No route"),
        # the cutover
        (True, {"preflight": PREFLIGHT}, table.NOT_STARTED, "ON_PREMISES", table.NO_FINDINGS),
        (
            True,
            {"preflight": PREFLIGHT, "register": MOVED, "health": {"verdict": "AVAILABLE"}},
            table.MOVED,
            "CLOUD",
            table.REGISTERED % (2.5, "AVAILABLE", 7),
        ),
        (
            True,
            {"preflight": PREFLIGHT, "register": MOVED, "health": SKIPPED},
            table.MOVED,
            "CLOUD",
            table.REGISTERED % (2.5, table.HEALTH_NOT_READ, 7),
        ),
        (
            True,
            {"preflight": PREFLIGHT, "register": ALREADY},
            table.UNCHANGED,
            "CLOUD",
            table.ALREADY,
        ),
        (
            True,
            {"preflight": PREFLIGHT, "register": ALREADY, "subscribe": {"changed": True}},
            table.CHANGED,
            "CLOUD",
            table.ALREADY,
        ),
        (
            True,
            {"preflight": PREFLIGHT, "register": WOULD, "backup": {"changed": True}},
            table.WOULD_MOVE,
            "ON_PREMISES",
            table.CHECKED % 8,
        ),
        (
            True,
            {"preflight": PREFLIGHT, "failure": FAILED},
            table.FAILED,
            "",
            "Number 1: no [133005]. Next: look.",
        ),
        # moved, but not well: the failure counts, the place is the new one
        (True, {"preflight": PREFLIGHT, "register": MOVED, "failure": FAILED}, table.FAILED, "CLOUD", "Number 1: no"),
        # after a lost answer the place of preflight says nothing any more
        (True, {"preflight": PREFLIGHT, "failure": UNCONFIRMED}, table.UNKNOWN, "UNKNOWN", "Nobody knows"),
        (True, {"preflight": PREFLIGHT, "failure": GONE}, table.UNREACHABLE, "ON_PREMISES", "No route"),
        (
            True,
            {"preflight": PREFLIGHT, "failure": {"unreachable": True, "msg": "timed out"}},
            table.UNREACHABLE,
            "ON_PREMISES",
            "timed out",
        ),
        (True, {"preflight": PREFLIGHT, "failure": {"failed": True}}, table.FAILED, "ON_PREMISES", "no message"),
        # check mode, where a rule refuses what would be done
        (
            True,
            {"preflight": PREFLIGHT, "failure": SHUT},
            table.WOULD_BE_REFUSED,
            "ON_PREMISES",
            "Number 1: The number is outside its change window [outside_window]. The next window opens on Sunday.",
        ),
        (True, {"preflight": SHUT, "failure": SHUT}, table.BLOCKED, "", "Number 1: The number is outside"),
        # a phase that failed where no rescue kept its failure
        (True, {"preflight": PREFLIGHT, "register": FAILED}, table.FAILED, "", "Number 1: no"),
        (True, {"preflight": PREFLIGHT, "register": UNCONFIRMED}, table.UNKNOWN, "UNKNOWN", "Nobody knows"),
        (
            True,
            {"preflight": PREFLIGHT, "backup": {"unreachable": True, "msg": "timed out"}},
            table.UNREACHABLE,
            "ON_PREMISES",
            "timed out",
        ),
        (True, {"preflight": PREFLIGHT, "register": MOVED, "health": FAILED}, table.FAILED, "CLOUD", "Number 1: no"),
    ],
)
def test_line(moving, results, state, location, wording):
    seen = line(moving, **results)
    assert (seen.state, seen.location) == (state, location)
    assert seen.wording.startswith(wording)
    assert seen.bad == (state in ("failed", "blocked", "unknown", "unreachable", "would be refused"))
    assert "\n" not in seen.text()


@pytest.mark.parametrize(
    ("compared", "wording"),
    [
        (COMPARED, f"{table.NOTHING_LOST % ('31 facts', '')}"),
        (
            {**COMPARED, "differences": [LATE, NOTE, LATE]},
            table.NOTHING_LOST % ("31 facts", table.TO_LOOK_AT % "WM192"),
        ),
        (
            {**COMPARED, "compared": 0, "differences": [NO_SNAPSHOT]},
            "There is no snapshot from before the move. There is none",
        ),
        ({**COMPARED, "compared": 0}, table.NOTHING_COMPARED),
        (
            {**COMPARED, "changed": True, "restored": ["about", "email"]},
            f"{table.RESTORED % 'about, email'}. {table.NOTHING_LOST % ('31 facts', '')}",
        ),
    ],
)
def test_the_proof_that_nothing_was_lost(compared, wording):
    row = line(preflight=PREFLIGHT, register=MOVED, health={"verdict": "AVAILABLE"}, compare=compared)
    assert row.state == table.MOVED
    registered = table.REGISTERED % (2.5, "AVAILABLE", 7)
    assert row.wording == f"{registered}. {wording}"


def test_a_comparison_that_was_skipped_says_nothing():
    row = line(preflight=PREFLIGHT, register=MOVED, health={"verdict": "AVAILABLE"}, compare=SKIPPED)
    assert row.wording == table.REGISTERED % (2.5, "AVAILABLE", 7)


def test_a_loss_that_is_no_failure_is_named_before_everything_else():
    lost = {**COMPARED, "differences": [LATE, LOSS]}
    row = line(preflight=PREFLIGHT, register=MOVED, compare=lost)
    assert row.state == table.MOVED and not row.bad
    said = "WM184 blocker: The badge was there and is not there. Next: apply again."
    assert row.wording == table.LOST % (said, table.REGISTERED % (2.5, table.HEALTH_NOT_READ, 7))


def test_a_loss_that_fails_is_a_failed_number_on_the_cloud():
    lost = {**COMPARED, "failed": True, "msg": "1 thing was lost by the move [lost].", "failure": {"code": "lost"}}
    for results in ({"compare": lost}, {"compare": lost, "failure": lost}):
        row = line(preflight=PREFLIGHT, register=MOVED, **results)
        assert (row.state, row.location) == (table.FAILED, "CLOUD")


def test_a_profile_that_was_put_back_is_a_change():
    row = line(preflight=PREFLIGHT, register=ALREADY, compare={**COMPARED, "changed": True, "restored": ["about"]})
    assert row.state == table.CHANGED
    assert table.RESTORED % "about" in row.wording
    reported = {
        "preflight": PREFLIGHT,
        "register": ALREADY,
        "compare": {**COMPARED, "changed": True, "restored": ["about"]},
    }
    assert table.WOULD_RESTORE % "about" in table.row_of("node1", reported, True, check_mode=True).wording
    assert line(preflight=PREFLIGHT, register=ALREADY, compare=COMPARED).state == table.UNCHANGED


def test_the_number_as_graph_writes_it_or_else_as_the_inventory_does():
    assert line(preflight=PREFLIGHT).number == "+1 555-012-0001"
    assert line(preflight={**PREFLIGHT, "number": None}).number == "106540352242922"
    assert table.row_of("node1", {}, True).number == "no number"
    assert table.row_of("node1", {"phone_number_id": 106540352242922}, True).number == "106540352242922"


def test_the_line_in_words():
    row = table.Row("node1", "+1 555-012-0001", table.MOVED, "CLOUD", "Registered")
    assert row.text() == "+1 555-012-0001 (node1): moved, on CLOUD. Registered"
    assert row._replace(location="").text() == "+1 555-012-0001 (node1): moved. Registered"


results = st.fixed_dictionaries(
    {},
    optional={
        "preflight": st.sampled_from(
            [None, PREFLIGHT, {**PREFLIGHT, "blocked": True, "findings": [BLOCKER]}, FAILED, GONE]
        ),
        "two_step": st.sampled_from([None, SKIPPED, {"changed": True}, FAILED]),
        "subscribe": st.sampled_from([None, SKIPPED, {"changed": True}, GONE]),
        "backup": st.sampled_from([None, SKIPPED, {"changed": True}, {"unreachable": True}]),
        "register": st.sampled_from([None, SKIPPED, MOVED, CONFIRMED, ALREADY, WOULD, FAILED, UNCONFIRMED]),
        "health": st.sampled_from([None, SKIPPED, {"verdict": "LIMITED"}, FAILED]),
        "failure": st.sampled_from([None, FAILED, UNCONFIRMED, GONE]),
    },
)


@given(results, st.booleans())
def test_what_failed_is_never_reported_as_well(found, moving):
    seen = line(moving, **found)
    trouble = any(result and (result.get("failed") or result.get("unreachable")) for result in found.values())
    assert not trouble or seen.bad
    if seen.state == table.MOVED:
        assert found["register"] in (MOVED, CONFIRMED)
