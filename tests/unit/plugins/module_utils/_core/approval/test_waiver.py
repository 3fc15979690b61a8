# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the waiver rule: who, why, until when; nothing that must hold is waived, and one that has ended blocks."""

from __future__ import annotations

import datetime
import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import catalogue, waiver
from ansible_collections.wabiz.migration.plugins.module_utils._failure import Failure
from hypothesis import given
from hypothesis import strategies as st

ID = "106540352242922"
UTC = datetime.timezone.utc
NOON = datetime.datetime(2026, 12, 31, 12, tzinfo=UTC).timestamp()
NIGHT = datetime.datetime(2027, 1, 1, tzinfo=UTC).timestamp()
GOOD = {"id": "WM108", "who": "ada@example.com", "why": "ticket 4711", "until": "2026-12-31"}
UNVERIFIED = Failure("not_verified", "It is EXPIRED", next_step="verify it")
BUDGET = Failure("budget", "It is used up")


def read(*rows):
    found, faults = waiver.read([{**GOOD, **row} for row in rows])
    assert faults == []
    return found


def apply(failures, waivers, now=NOON):
    return waiver.apply([catalogue.finding(failure, "1555") for failure in failures], waivers, ID, now)


@pytest.mark.parametrize(
    ("until", "end"),
    [
        ("2026-12-31", NIGHT),
        (datetime.date(2026, 12, 31), NIGHT),
        ("2026-12-31T12:00", NOON),
        ("2026-12-31 12:00:00", NOON),
        ("2026-12-31T12:00:00Z", NOON),
        ("2026-12-31T14:00+02:00", NOON),
        (" 2026-12-31T12:00:00 ", NOON),
        (datetime.datetime(2026, 12, 31, 12), NOON),  # noqa: DTZ001 - YAML makes these
        (datetime.datetime(2026, 12, 31, 12, tzinfo=UTC), NOON),
    ],
)
def test_until(until, end):
    (found,) = read({"until": until})
    assert found.end == end
    (again,) = read({"until": found.until})
    assert again.end == end, "what is told can be stated again"


@pytest.mark.parametrize("until", ["soon", "31.12.2026", "2026-13-01", "2026-1-1", 20261231, 1.5, True, ["x"]])
def test_until_that_is_none(until):
    found, faults = waiver.read([{**GOOD, "until": until}])
    assert found == [] and faults == [
        "waiver 1 (WM108): until must be a date (2026-12-31) or a time (2026-12-31T18:00Z)"
    ]


@pytest.mark.parametrize("value", [None, "", [], "[]", '"[]"'])
def test_none_at_all(value):
    assert waiver.read(value) == ([], [])


@pytest.mark.parametrize("turns", [1, 2])
def test_json_text_as_a_survey_or_a_template_hands_it_over(turns):
    value = [GOOD]
    for _turn in range(turns):
        value = json.dumps(value)
    assert waiver.read(value) == waiver.read([GOOD])


def test_every_fault_at_once():
    rows = [
        "WM108",
        {},
        {**GOOD, "id": "WM999"},
        {**GOOD, "id": "WM150"},
        {**GOOD, "id": "WM104", "who": " ", "number": "1"},
        {**GOOD, "numbers": "1"},
    ]
    found, faults = waiver.read(rows)
    assert found == []
    assert faults == [
        "waiver 1: expected a mapping with id, who, why and until",
        "waiver 2 (without id): id is missing",
        "waiver 2 (without id): who is missing",
        "waiver 2 (without id): why is missing",
        "waiver 2 (without id): until is missing",
        "waiver 3 (WM999): there is no finding with this id",
        "waiver 4 (WM150): this finding is not a blocker, so there is nothing to waive",
        "waiver 5 (WM104): there is no key number",
        "waiver 5 (WM104): who is missing",
        "waiver 5 (WM104): this blocker cannot be waived; fix its cause",
        "waiver 6 (WM108): numbers must be a list of phone number IDs in quotes",
    ]
    assert waiver.read({"id": "WM108"})[1] == waiver.read("WM108")[1] != []


@pytest.mark.parametrize("numbers", [[], [""], ["x"], ["1", None], "1", 1, [True], {"1": 1}])
def test_numbers_that_are_none(numbers):
    assert len(waiver.read([{**GOOD, "numbers": numbers}])[1]) == 1


def test_what_must_hold_is_waived_by_nobody():
    """The rules of the domain: the place, the identity, the PIN, the backup, the budget, the record, the plan."""
    never = {
        "graph_unreadable", "node_unreadable", "unknown_location", "neither", "cloud_not_connected", "wrong_node",
        "wrong_waba", "no_pin", "bad_pin", "no_backup_password", "state_directory", "state_not_durable", "budget",
        "host_files", "waba_unreadable", "plan_changed",
    }  # fmt: skip
    assert [code for code in never if catalogue.CATALOGUE[code].waivable] == []
    assert [code for code, entry in catalogue.CATALOGUE.items() if entry.waivable and entry.severity != "blocker"] == []


def test_a_waiver_in_force():
    (found,) = apply([UNVERIFIED], read({"until": "2027-01-15"}))
    assert found["waived"] == {"who": "ada@example.com", "why": "ticket 4711", "until": "2027-01-15"}
    assert found["severity"] == "blocker" and catalogue.blockers((found,)) == ()
    assert "waived until 2027-01-15 by ada@example.com (ticket 4711)" in catalogue.text(found)


def test_only_its_own_finding_and_its_own_numbers():
    found = apply([UNVERIFIED, BUDGET], read({"until": "2027-01-15"}))
    assert [row["id"] for row in catalogue.blockers(tuple(found))] == ["WM114"]
    assert catalogue.blockers(tuple(apply([UNVERIFIED], read({"numbers": ["1"]})))) != ()
    assert catalogue.blockers(tuple(apply([UNVERIFIED], read({"numbers": ["1", ID]})))) == ()


@pytest.mark.parametrize(("now", "blocks"), [(NIGHT - 1, False), (NIGHT, True), (NIGHT + 1, True)])
def test_the_end(now, blocks):
    found = apply([UNVERIFIED], read({}), now)
    assert bool(catalogue.blockers(tuple(found))) == blocks
    assert ("Its waiver (ada@example.com: ticket 4711) ended on 2026-12-31" in found[0]["seen"]) == blocks
    left, used = waiver.left_over([UNVERIFIED], read({}), ID, now)
    assert bool(left) == blocks and bool(used) != blocks


def test_the_one_that_lasts_longest_counts():
    found = apply([UNVERIFIED], read({}, {"who": "bob", "until": "2027-02-01"}), NIGHT + 1)
    assert found[0]["waived"]["who"] == "bob"


@pytest.mark.parametrize(
    ("rows", "ids"),
    [
        ([{"until": "2027-01-15"}], []),
        ([{"until": "2027-06-01"}], ["WM175"]),
        ([{"until": "2027-01-01"}], ["WM176"]),
        ([{"until": "2027-01-15"}, {"id": "WM120", "until": "2027-01-15"}], []),
        ([{"until": "2027-01-15"}, {"id": "WM120", "until": "2027-01-15", "numbers": [ID]}], ["WM177"]),
    ],
)
def test_what_is_to_be_known_of_waivers(rows, ids):
    found = apply([UNVERIFIED], read(*rows))
    assert [row["id"] for row in found[1:]] == ids
    assert all(row["number"] == "1555" for row in found)


def test_a_waiver_for_this_number_that_has_ended_is_not_told_as_one_that_nobody_needs():
    rows = read({}, {"id": "WM120", "numbers": [ID], "until": "2026-12-30"})
    (ended,) = [row for row in apply([UNVERIFIED], rows, NIGHT - 1) if row["id"] == "WM177"]
    assert "The waiver of WM120 by ada@example.com ended on 2026-12-30" in ended["seen"]
    assert "not needed" not in ended["seen"]


@pytest.mark.parametrize(("now", "since"), [(NIGHT - 1, []), (NIGHT, ["WM108 is not waived any more"])])
def test_a_waiver_that_has_ended_since_the_preflight(now, since):
    waivers = read({})
    findings = apply([UNVERIFIED, Failure("waiver_far", "A warning")], waivers)
    assert catalogue.blockers(tuple(findings)) == ()
    found = waiver.lapsed(findings, waivers, ID, now)
    assert [failure.title for failure in found] == since
    for failure in found:
        assert failure.code == "not_waived"
        assert failure.details == "It is EXPIRED. Its waiver (ada@example.com: ticket 4711) ended on 2026-12-31"


def test_a_blocker_whose_waiver_is_not_stated_any_more():
    findings = apply([UNVERIFIED], read({}))
    (failure,) = waiver.lapsed(findings, [], ID, NOON)
    assert failure.title == "WM108 is not waived" and "ended" not in failure.details
    assert waiver.lapsed(findings, read({"numbers": ["1"]}), ID, NOON) == [failure]
    assert waiver.lapsed(findings, read({}, {"who": "bob", "until": "2027-02-01"}), ID, NIGHT + 1) == []


@given(
    st.lists(st.sampled_from(sorted(catalogue.CATALOGUE)), max_size=6),
    st.lists(st.sampled_from(sorted(catalogue.CATALOGUE)), max_size=6),
    st.sampled_from([NIGHT - 1, NIGHT]),
)
def test_what_lapses_is_what_would_block_now(codes, waived, now):
    """As the preflight itself would say of the same findings at that moment."""
    waivers = [waiver.Waiver(catalogue.CATALOGUE[code].id, "a", "b", "c", NIGHT, ()) for code in waived]
    failures = [Failure(code, "x") for code in codes]
    findings = apply(failures, waivers, NOON)
    blocking = catalogue.blockers(tuple(apply(failures, waivers, now)))
    found = waiver.lapsed(findings, waivers, ID, now)
    assert [failure.title.split()[0] for failure in found] == [row["id"] for row in blocking]


@given(
    st.lists(st.sampled_from(sorted(catalogue.CATALOGUE)), max_size=6),
    st.lists(st.sampled_from(sorted(catalogue.CATALOGUE)), max_size=6),
)
def test_a_waiver_lifts_only_what_can_be_waived(codes, waived):
    """Whatever is handed in, even waivers that reading would have refused."""
    waivers = [waiver.Waiver(catalogue.CATALOGUE[code].id, "a", "b", "c", NIGHT, ()) for code in waived]
    failures = [Failure(code, "x") for code in [*codes, "wrong_pin_elsewhere"]]
    left, used = waiver.left_over(failures, waivers, ID, NOON)
    gone = [failure.code for failure in failures if failure not in left]
    assert all(catalogue.CATALOGUE[code].waivable and code in waived for code in gone)
    assert "wrong_pin_elsewhere" in [failure.code for failure in left]
    assert len(used) == len(failures) - len(left)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.dates() | st.datetimes(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "who", "why", "until", "numbers", "x"]), inner, max_size=5)
        ),
    )
)
def test_nothing_that_is_stated_crashes(value):
    found, faults = waiver.read(value)
    assert not found or not faults or isinstance(value, list)
