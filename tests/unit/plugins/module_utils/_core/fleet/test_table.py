# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the report rule: the line of a number after every end, and a table that a terminal can hold."""

from __future__ import annotations

import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import waiver
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import summary, table
from ansible_collections.wabiz.migration.plugins.module_utils._failure import Failure
from hypothesis import given
from hypothesis import strategies as st

BLOCKER = {"id": "WM114", "severity": "blocker", "seen": "The budget is used up", "fix": "wait"}
WARNING = {"id": "WM132", "severity": "warning", "seen": "The clocks differ", "fix": ""}
NOTE = {"id": "WM150", "severity": "note", "seen": "The PIN cannot be checked before it is used", "fix": ""}
COEXISTENCE = {"id": "WM202", "severity": "note", "seen": "In the app too", "fix": "nothing"}
PREFLIGHT = {
    "changed": False,
    "location": "ON_PREMISES",
    "work": True,
    "blocked": False,
    "findings": [NOTE],
    "number": {"display_phone_number": "+1 555-012-0001"},
}
MOVED = {
    "changed": True,
    "location": "CLOUD",
    "registration": {"outcome": "registered", "confirmed_after": 2.5, "attempts_left": 7},
}
ALREADY = {"changed": False, "location": "CLOUD", "registration": {"outcome": "already on the Cloud API"}}
CONFIRMED = {
    "changed": False,
    "location": "CLOUD",
    "registration": {"outcome": "registered by an earlier run", "confirmed": True},
}
WOULD = {
    "changed": True,
    "location": "ON_PREMISES",
    "registration": {"outcome": "would be registered", "attempts_left": 8},
}
FAILED = {"failed": True, "msg": "Number 1: no [133005].\n  Next: look.", "failure": {"code": 133005}}
UNCONFIRMED = {"failed": True, "msg": "Nobody knows", "failure": {"code": "unconfirmed"}}
GONE = {"failed": True, "msg": "No route", "failure": {"code": "unreachable"}}
SHUT = {
    "failed": True,
    "msg": "Number 1: The number is outside its change window [outside_window]. The next window opens on Sunday. "
    "Only reads were sent. It is safe to run again. Next: run the same command in the window.",
    "failure": {"code": "outside_window"},
    "would_be_refused": True,
}
SKIPPED = {"skipped": True, "changed": False}


LOSS = {"id": "WM184", "severity": "blocker", "seen": "The badge was there and is not there", "fix": "apply again"}
LATE = {"id": "WM192", "severity": "warning", "seen": "The throughput is STANDARD", "fix": "wait"}
NO_SNAPSHOT = {
    "id": "WM198",
    "severity": "note",
    "seen": "There is no snapshot from before the move. There is none",
    "fix": "",
}
COMPARED = {"changed": False, "compared": 31, "differences": [], "restored": []}


def line(moving=True, **results):
    return table.row_of("node1", {"phone_number_id": "106540352242922", **results}, moving)


@pytest.mark.parametrize(
    ("moving", "results", "state", "location", "wording"),
    [
        # preflight alone
        (False, {"preflight": PREFLIGHT}, table.READY, "ON_PREMISES", "No blockers and no warnings"),
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
            "It is on the Cloud API, and the app is subscribed",
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
            "It is on the Cloud API, and the app is subscribed. It is unknown whether it was compared after its move",
        ),
        (
            False,
            {"preflight": {**PREFLIGHT, "location": "CLOUD", "unverified": True}},
            table.READY,
            "CLOUD",
            "An earlier run registered it and did not compare it; migrate does that.",
        ),
        (
            True,
            {"preflight": PREFLIGHT, "register": CONFIRMED, "health": {"verdict": "LIMITED"}, "compare": COMPARED},
            table.MOVED,
            "CLOUD",
            "Registered by an earlier run, confirmed by this one, health LIMITED. Nothing was lost (31 facts compared)",
        ),
        (False, {}, table.NOT_STARTED, "", "Nothing was read"),
        (False, {"preflight": None, "register": None}, table.NOT_STARTED, "", "Nothing was read"),
        (False, {"failure": FAILED}, table.BLOCKED, "", "Number 1: no [133005]. Next: look."),
        (False, {"preflight": GONE, "failure": GONE}, table.UNREACHABLE, "", "No route"),
        # the cutover
        (True, {"preflight": PREFLIGHT}, table.NOT_STARTED, "ON_PREMISES", "No blockers and no warnings"),
        (
            True,
            {"preflight": PREFLIGHT, "register": MOVED, "health": {"verdict": "AVAILABLE"}},
            table.MOVED,
            "CLOUD",
            "Registered after 2.5 s, health AVAILABLE, attempts left 7",
        ),
        (
            True,
            {"preflight": PREFLIGHT, "register": MOVED, "health": SKIPPED},
            table.MOVED,
            "CLOUD",
            "Registered after 2.5 s, health not read, attempts left 7",
        ),
        (
            True,
            {"preflight": PREFLIGHT, "register": ALREADY},
            table.UNCHANGED,
            "CLOUD",
            "It was on the Cloud API already",
        ),
        (
            True,
            {"preflight": PREFLIGHT, "register": ALREADY, "subscribe": {"changed": True}},
            table.CHANGED,
            "CLOUD",
            "It was on the Cloud API already",
        ),
        (
            True,
            {"preflight": PREFLIGHT, "register": WOULD, "backup": {"changed": True}},
            table.WOULD_MOVE,
            "ON_PREMISES",
            "Check mode. Attempts left: 8",
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
        (COMPARED, "attempts left 7. Nothing was lost (31 facts compared)"),
        (
            {**COMPARED, "differences": [LATE, NOTE, LATE]},
            "attempts left 7. Nothing was lost (31 facts compared; to look at: WM192)",
        ),
        (
            {**COMPARED, "compared": 0, "differences": [NO_SNAPSHOT]},
            "attempts left 7. There is no snapshot from before the move. There is none",
        ),
        ({**COMPARED, "compared": 0}, "attempts left 7. Nothing could be compared"),
        (
            {**COMPARED, "changed": True, "restored": ["about", "email"]},
            "attempts left 7. Put back into the profile: about, email. Nothing was lost (31 facts compared)",
        ),
        (SKIPPED, "attempts left 7"),
    ],
)
def test_the_proof_that_nothing_was_lost(compared, wording):
    row = line(preflight=PREFLIGHT, register=MOVED, health={"verdict": "AVAILABLE"}, compare=compared)
    assert row.state == table.MOVED
    assert row.wording == "Registered after 2.5 s, health AVAILABLE, " + wording


def test_a_loss_that_is_no_failure_is_named_before_everything_else():
    lost = {**COMPARED, "differences": [LATE, LOSS]}
    row = line(preflight=PREFLIGHT, register=MOVED, compare=lost)
    assert row.state == table.MOVED and not row.bad
    assert row.wording.startswith(
        "Lost: WM184 blocker: The badge was there and is not there. Next: apply again. Registered"
    )


def test_a_loss_that_fails_is_a_failed_number_on_the_cloud():
    lost = {**COMPARED, "failed": True, "msg": "1 thing was lost by the move [lost].", "failure": {"code": "lost"}}
    for results in ({"compare": lost}, {"compare": lost, "failure": lost}):
        row = line(preflight=PREFLIGHT, register=MOVED, **results)
        assert (row.state, row.location) == (table.FAILED, "CLOUD")


def test_a_profile_that_was_put_back_is_a_change():
    row = line(preflight=PREFLIGHT, register=ALREADY, compare={**COMPARED, "changed": True, "restored": ["about"]})
    assert row.state == table.CHANGED
    assert "Put back into the profile: about" in row.wording
    reported = {
        "preflight": PREFLIGHT,
        "register": ALREADY,
        "compare": {**COMPARED, "changed": True, "restored": ["about"]},
    }
    assert "Would be put back into the profile: about" in table.row_of("node1", reported, True, check_mode=True).wording
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


def rows(*states):
    return [table.Row("node%d" % at, "1555012%04d" % at, state, "CLOUD", "words") for at, state in enumerate(states)]


def test_table():
    lines = rows("moved", "failed", "moved")
    lines[1] = lines[1]._replace(wording="w" * 300, host="a-rather-long-host-name")
    shown = table.table(lines)
    assert shown == [
        "NUMBER       HOST                     STATE   LOCATION  WHAT",
        "15550120000  node0                    moved   CLOUD     words",
        "15550120001  a-rather-long-host-name  failed  CLOUD     " + "w" * 97 + "...",
        "15550120002  node2                    moved   CLOUD     words",
        "Numbers: 3 (2 moved, 1 failed)",
    ]


def test_a_table_cuts_away_anything_but_what_was_sent_before_a_failure():
    lines = [
        table.Row("a", "1", "failed", "CLOUD", "w" * 300 + " Sent before this: A; B. It is safe to run again."),
        table.Row("b", "2", "failed", "CLOUD", "short. Nothing was sent. It is safe to run again."),
        table.Row("c", "3", "moved", "CLOUD", "w" * 300 + " Nothing was sent. It is safe to run again."),
    ]
    cells = [row.split("CLOUD     ")[1] for row in table.table(lines)[1:-1]]
    assert cells == ["w" * 97 + "... Sent before this: A; B.", lines[1].wording, "w" * 97 + "..."]
    assert [table.sent_of(one) for one in lines[:2]] == ["Sent before this: A; B.", "Nothing was sent."]


def test_a_number_that_would_be_refused_counts_for_the_failure_limit():
    assert table.failed(rows("would be refused", "would move", "blocked"), False) == 1


def test_table_of_no_host():
    assert table.table([]) == ["NUMBER  HOST  STATE  LOCATION  WHAT", "Numbers: 0 ()"]


@given(st.lists(st.sampled_from(["moved", "failed", "unknown", "ready"]), max_size=8))
def test_counts(states):
    found = table.counts(rows(*states))
    assert list(found) == list(dict.fromkeys(states))
    assert sum(found.values()) == len(states)


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


# --- the plan of a fleet in a few lines


def planned(at, left=8, location="ON_PREMISES", *ids):
    number, waba = 100 + at, 200 + at % 2
    graph = "https://graph.example.com/v25.0"
    requests = [
        "DELETE https://localhost:9090/v1/settings/account/two-step",
        'POST %s/%d/subscribed_apps {"override_callback_uri": "https://a b"}' % (graph, waba),
        'POST https://localhost:9090/v1/settings/backup {"password": "***"}',
        'POST %s/%d/register {"pin": "***"}' % (graph, number),
    ]
    there = location == "CLOUD"
    severities = {"WM133": "warning", "WM134": "warning"}
    return {
        "location": location,
        "findings": [{"id": name, "severity": severities.get(name, "note")} for name in ids],
        "plan": {"requests": requests[1:2] if there else requests, "attempts_left": None if there else left},
    }


def test_the_plan_of_a_fleet_fits_a_screen():
    fleet = [
        planned(at, 8 if at else 3, "ON_PREMISES", "WM133", *(["WM134", "WM146"] if at < 2 else []))
        for at in range(200)
    ]
    assert summary.summary(fleet) == [
        "Requests that change something: 200 DELETE /v1/settings/account/two-step, 2 POST /subscribed_apps, "
        "200 POST /v1/settings/backup, 200 POST /register",
        "Register requests left for each, by the collection's own count: 3 to 8",
        "Lost with the move, beside the messages of the downtime: profile and Official Business Account status, "
        "without a backup (2 numbers); stickerpacks (2 numbers)",
        "Warnings: WM133 (200 numbers), WM134 (2 numbers)",
    ]


def test_the_plan_of_one_number_that_has_moved():
    assert summary.summary([planned(0, location="CLOUD")]) == [
        "Requests that change something: 1 POST /subscribed_apps",
        "On the Cloud API already, to be finished: 1 number",
        "Lost with the move, beside the messages of the downtime: nothing known",
    ]
    nothing = {"location": "CLOUD", "findings": [], "plan": {"requests": [], "attempts_left": None}}
    assert summary.summary([nothing])[0] == "Requests that change something: none"


# --- what a job hands on


def test_the_artifact_of_a_job():
    lines = rows("moved", "failed", "ready", "not started", "blocked", "moved")
    assert table.artifact(lines, True, "one of 6") == {
        "phase": "migrate",
        "numbers": 6,
        "states": {"moved": 2, "failed": 1, "not started": 2, "blocked": 1},
        "attention": {"failed": ["node1"], "blocked": ["node4"]},
        "attention_left_out": 0,
        "stopped": "one of 6",
    }
    assert table.artifact(lines, False, "")["states"]["ready"] == 1
    assert table.artifact([], False, "")["states"] == {}


@given(
    st.lists(st.tuples(st.sampled_from(table.BAD), st.integers(1, 253)), max_size=60), st.integers(0, 5000), st.text()
)
def test_the_artifact_stays_small_and_loses_nobody(bad, more, stopped):
    lines = [table.Row(f"{at:03d}" + "h" * size, "1", state, "", "") for at, (state, size) in enumerate(bad)]
    lines += [table.Row("h" * 253, "1", table.FAILED, "", "")] * more
    found = table.artifact(lines, True, stopped)
    assert len(json.dumps(found, ensure_ascii=False)) < 4000 + len(json.dumps(stopped[:500], ensure_ascii=False))
    named = sum(map(len, found["attention"].values()))
    assert named + found["attention_left_out"] == sum(line.bad for line in lines)
    assert sum(found["states"].values()) == found["numbers"] == len(lines)


def test_a_row_names_its_number_once():
    failure = Failure("health", "Messaging health is BLOCKED", "BUSINESS is BLOCKED", next_step="look at it")
    failed = {"failed": True, "msg": failure.sentence("Number 106540352242922 (h)"), "failure": failure.as_dict()}
    for results in ({"preflight": PREFLIGHT, "failure": failed}, {"preflight": PREFLIGHT, "verify": failed}):
        row = line(**results)
        assert row.wording == failure.sentence()
        assert row.text() == "%s: failed, on %s. %s" % (row.name, row.location, row.wording)
        assert row.name == "+1 555-012-0001 (node1)"


@pytest.mark.parametrize(("count", "wording"), [(1, "1 fact"), (2, "2 facts")])
def test_counted_facts(count, wording):
    compared = {"compared": count, "differences": []}
    assert (
        "Nothing was lost (%s compared)" % wording
        in line(register=MOVED, preflight=PREFLIGHT, compare=compared).wording
    )


def test_what_grows_with_the_fleet_stays_short():
    assert summary.shortened([1, 2]) == "1, 2"
    assert summary.shortened(range(12)) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"
    assert summary.wave_sizes({"a": 1, "b": 2, "c": 2}) == [1, 2]
    assert summary.wave_sizes({}) == []


def test_a_plan_as_lines():
    after = {"location": "CLOUD", "requests": ["POST a", "POST b"], "findings": [], "digest": "p1"}
    assert summary.plan_lines({"location": "ON_PREMISES"}, after) == [
        "location: ON_PREMISES -> CLOUD",
        "requests 1: POST a",
        "requests 2: POST b",
        "findings: none",
        "digest: p1",
    ]
