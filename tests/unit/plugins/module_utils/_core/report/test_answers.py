# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the rules for one number, for causes, tickets and the four answers."""

from __future__ import annotations

import re

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event as kinds
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import outcome
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import table
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet.action import Action
from ansible_collections.wabiz.migration.plugins.module_utils._core.report import (
    answers,
    causes,
    history,
    numbers,
    tickets,
)
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.report import samples

DOCUMENT = samples.document_of(8)
BY_HOST = {entry["host"]: entry for entry in DOCUMENT["numbers"]}
BLOCKED, DONE, WAITED, UNKNOWN, WRONG_PIN, LOST, ALREADY, STOPPED = DOCUMENT["numbers"]
CAUSES = {cause["key"]: cause for cause in DOCUMENT["causes"]}


# --- one number


@pytest.mark.parametrize(
    ("entry", "state", "group", "safe"),
    [
        (BLOCKED, "blocked", "needs_you", True),
        (DONE, "moved", "moved", True),
        (WAITED, "moved", "moved", True),
        (UNKNOWN, "unknown", "needs_you", False),
        (WRONG_PIN, "failed", "needs_you", False),
        (LOST, "failed", "needs_you", True),
        (ALREADY, "unchanged", "untouched", True),
        (STOPPED, "not started", "untouched", False),
    ],
)
def test_each_number_is_in_one_group(entry, state, group, safe):
    assert (entry["state"], entry["group"], entry["safe"]) == (state, group, safe)


def test_a_moved_number_has_what_was_and_is():
    assert DONE["changes"][0] == {
        "fact": "platform_type",
        "was": "ON_PREMISE",
        "now": "CLOUD_API",
        "finding": "",
        "severity": "",
    }
    assert DONE["attempts_left"] == 7 and DONE["wave"] == 1 and DONE["health"]["verdict"] == "AVAILABLE"
    assert DONE["next_command"] == "" and WRONG_PIN["next_command"].endswith(" -l vienna-0004")
    assert LOST["changes"][-1]["finding"] == "WM184" and (LOST["changes"][-1]["was"], LOST["changes"][-1]["now"]) == (
        True,
        False,
    )


def test_a_number_whose_interruption_has_no_end_is_not_safe():
    known = {**DONE, "interruption": {"open": True}}
    assert numbers.judged(DONE)["safe"] is True and numbers.judged(known)["safe"] is False


def test_a_failed_request_is_counted_where_the_plan_was_made_before_it():
    assert (BLOCKED["attempts_left"], DONE["attempts_left"], WRONG_PIN["attempts_left"]) == (8, 7, 7)


def attempt(outcome, **more):
    return {"at": samples.at(0), "run": "r", "outcome": outcome, "code": None, "fbtrace_id": "", "ended": None, **more}


def of_state(*attempts, events=(), **state):
    return numbers.of_state(
        numbers.Sources(
            "h", {"phone_number_id": "1"}, events, {"attempts": list(attempts), "attempts_left": 5, **state}
        )
    )


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (attempt_log.REGISTERED, table.MOVED),
        (attempt_log.REFUSED, table.FAILED),
        (attempt_log.INTENT, table.UNKNOWN),
        (attempt_log.UNCONFIRMED, table.UNKNOWN),
        (attempt_log.NOT_SENT, table.NOT_STARTED),
        (attempt_log.NO_EFFECT, table.NOT_STARTED),
        ("a word of a later version", table.UNKNOWN),
    ],
)
def test_the_last_attempt_says_what_became_of_a_number(outcome, state):
    found = of_state(attempt(attempt_log.REFUSED), attempt(outcome))
    assert found["state"] == state and outcome in found["text"] and found["attempts_left"] == 5


def test_a_host_that_cannot_be_read_is_named():
    found = of_state(error="no route to host")
    assert found["state"] == table.NOT_STARTED and "no route to host" in found["text"]
    assert of_state()["text"] == numbers.NO_ATTEMPT
    assert "no such option" in of_state(failed=True, msg="no such option")["text"]


def test_a_run_that_was_killed_after_its_request_leaves_an_unknown_outcome():
    sent = samples.event_of(0, "register_sent", data={})
    found = of_state(events=[sent])
    assert (found["state"], found["safe"]) == (table.UNKNOWN, False) and found["text"] == numbers.NO_OUTCOME
    confirmed = samples.event_of(2, "confirmed", data={})
    assert of_state(events=[sent, confirmed])["state"] == table.MOVED
    begun = samples.event_of(0, "step_started", "wa_backup", data={})
    assert of_state(events=[begun])["text"] == numbers.RUN_LOST
    ended = samples.event_of(9, "number_ended", outcome="would_move", data={})
    assert of_state(events=[begun, ended])["state"] == table.WOULD_MOVE


def test_events_tell_the_code_of_a_failure():
    known = history.read(map(kinds.line, samples.Number(4, 8).events())).events
    found = of_state(events=known)
    assert (found["state"], found["failure"]["code"], found["interruption"]["open"]) == (table.FAILED, 133005, True)
    (cause,) = causes.of([found], samples.MEANINGS)
    assert cause["key"] == "133005" and cause["title"] and cause["safe_to_rerun"] is False


# --- causes


def test_numbers_are_grouped_by_their_cause():
    assert set(CAUSES) == {"133005", "WM108", "WM184", "unconfirmed"}
    assert DOCUMENT["causes"][0]["key"] == "133005", "what is not safe comes first"
    assert CAUSES["133005"]["safe_to_rerun"] is False and "PIN was wrong" in CAUSES["133005"]["meaning"]
    assert CAUSES["WM108"]["hosts"] == [BLOCKED["host"]] and CAUSES["WM108"]["finding"] == "WM108"
    assert WRONG_PIN["causes"] == ["133005"] and DONE["causes"] == []
    assert CAUSES["133005"]["fbtrace_ids"] == ["AzByCxDwEvF"]


def failing(**failure):
    return {**UNKNOWN, "changes": [], "failure": failure}


@pytest.mark.parametrize(
    ("failure", "key", "safe", "meta"),
    [
        ({"code": 131000, "title": "x", "safe_to_rerun": True}, "131000", True, True),
        ({"code": 133007}, "133007", False, True),
        ({"code": 190, "title": "x", "safe_to_rerun": True}, "190", True, False),
        ({"code": 987654, "title": "x", "safe_to_rerun": True}, "987654", True, True),
        ({"code": "unconfirmed", "title": "x", "safe_to_rerun": True}, "unconfirmed", True, True),
        ({"code": "connect_failed", "title": "x", "safe_to_rerun": True}, "connect_failed", True, False),
        ({"code": "not_verified", "title": "x", "safe_to_rerun": True}, "WM108", True, False),
        ({"code": 5, "title": "x", "next_step": "ask Meta's support with the fbtrace_id"}, "5", True, True),
    ],
)
def test_a_failure_is_a_cause_that_only_meta_resolves_or_not(failure, key, safe, meta):
    (cause,) = causes.of([failing(**failure)], samples.MEANINGS)
    assert (cause["key"], cause["safe_to_rerun"], cause["meta"]) == (key, safe, meta)
    assert cause["title"]


def test_a_number_without_failure_and_finding_has_its_state_as_cause():
    (cause,) = causes.of([{**failing(), "failure": {}, "findings": [], "state": "unreachable"}], {})
    assert cause["key"] == "unreachable" and cause["meta"] is False


# --- tickets


def test_a_ticket_has_what_direct_support_asks_for():
    found = {ticket["cause"]: ticket for ticket in DOCUMENT["tickets"]}
    assert set(found) == {"WM184", "unconfirmed"}
    text = found["unconfirmed"]["text"]
    assert text.startswith("Topic: WABiz: Cloud API\nRequest type: On-Premises API -> Cloud API Migration Issues\n")
    for wanted in (
        UNKNOWN["phone_number_id"],
        UNKNOWN["waba_id"],
        "AbCdEfGhIjK",
        "UTC",
        "Error: unconfirmed",
        "2026-11",
    ):
        assert wanted in text
    assert re.search(r"Tried: 2026-11-21T\S+Z POST \S+/register", text) and "***" in text
    assert found["unconfirmed"]["note"] and not found["WM184"]["note"]
    assert "is_official_business_account before the migration: True, now: False" in found["WM184"]["text"]
    assert all(re.fullmatch(r"[0-9A-Za-z-]+\.txt", ticket["file"]) for ticket in found.values())


def test_the_tickets_of_one_cause_are_apart_by_account_and_bounded():
    entries = [{**UNKNOWN, "host": f"h{at}", "waba_id": str(at % 2)} for at in range(2 * tickets.MOST + 6)]
    found = tickets.of(causes.of(entries, {}), entries)
    assert [ticket["file"] for ticket in found] == ["unconfirmed-0.txt", "unconfirmed-1.txt"]
    assert all(ticket["text"].count("phone number ID") == tickets.MOST for ticket in found)
    assert all("... and 3 more" in ticket["text"] for ticket in found)


def test_an_attempt_log_tells_what_was_tried():
    entry = {**UNKNOWN, "attempts": [attempt("refused", code=131000, fbtrace_id="FbT"), attempt("unconfirmed")]}
    (ticket,) = tickets.of(causes.of([entry], {}), [entry])
    assert "POST register: refused, code 131000, fbtrace_id FbT" in ticket["text"]
    assert "POST register: unconfirmed" in ticket["text"]
    assert ticket["text"].count("/register") == 0, "the log tells it more precisely than the plan"


# --- the four answers


def asked(*entries, stopped="", check_mode=False):
    return answers.of(entries, causes.of(entries, samples.MEANINGS), stopped, check_mode)


def test_the_four_answers_of_a_fleet():
    found = DOCUMENT["answers"]
    assert found["counts"] == {"numbers": 8, "safe": 5, "needs_you": 4, "moved": 2, "untouched": 2}
    assert found["interrupted"]["numbers"] == 5 and found["interrupted"]["longest_host"] == LOST["host"]
    assert found["interrupted"]["open"] == [UNKNOWN["host"], WRONG_PIN["host"]]
    assert [one["cause"] for one in found["next_steps"]] == [cause["key"] for cause in DOCUMENT["causes"]]
    assert found["next_steps"][0]["text"].startswith("Do not guess again")


@pytest.mark.parametrize(
    ("entries", "options", "answer"),
    [
        ((DONE, ALREADY), {}, "yes"),
        ((DONE, WRONG_PIN), {}, "no"),
        ((DONE, UNKNOWN), {"stopped": "1 of 2 failed"}, "again"),
        ((DONE, BLOCKED), {}, "after a fix"),
        ((DONE, BLOCKED), {"stopped": "1 of 2 failed"}, "no"),
        ((DONE, STOPPED), {}, "again"),
        (({**DONE, "state": "ready"},), {}, "yes"),
        ((), {}, "yes"),
    ],
)
def test_may_i_go_on(entries, options, answer):
    found = asked(*entries, **options)["go_on"]
    assert found["answer"] == answer and found["why"] and not found["why"].endswith(".")


def test_nobody_missed_anything_where_no_call_left():
    found = asked(ALREADY, BLOCKED)["interrupted"]
    assert found["numbers"] == 0 and found["longest_seconds"] is None and found["open"] == []


# --- numbers that only need their code, and those of recover, retire and rollback


@pytest.mark.parametrize(
    ("state", "step", "why"),
    [
        (table.WAITING_FOR_CODE, "hand the code in", "Hand in 1 code"),
        (table.WAITING_FOR_INVENTORY, "change its host in the inventory", "Change the inventory of 1 number"),
    ],
)
def test_a_number_that_waits_for_a_person_is_no_end_of_the_work(state, step, why):
    waiting = numbers.judged({**STOPPED, "state": state, "next_step": step, "action": {}})
    found = answers.of([DONE, waiting], [], "", False)
    assert found["go_on"]["answer"] == answers.AGAIN and why in found["go_on"]["why"]
    told = [(one["text"], one["numbers"], one["cause"]) for one in found["next_steps"]]
    assert told == [(step.capitalize() + ".", 1, "")]


@pytest.mark.parametrize("word", outcome.FOR_A_PERSON)
def test_every_outcome_that_waits_for_a_person_is_known_from_events_alone(word):
    ended = kinds.build(kinds.Subject("run-1", "h1"), kinds.NUMBER_ENDED, 1795760000.0, outcome=word)
    found = of_state(events=[{**ended, "data": {}}])
    assert found["state"] in table.FOR_A_PERSON and numbers.goes_on(found)


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"left": True}, answers.AGAIN),
        ({"until": "2026-11-28T07:00:00Z"}, answers.AGAIN),
        ({"needs_you": True}, answers.AFTER_FIX),
        ({"off": True, "moved": True}, answers.YES),
    ],
)
def test_a_step_that_is_left_is_what_comes_next(fields, answer):
    action = Action("do it")._replace(**fields)._asdict()
    entry = numbers.judged({**ALREADY, "state": "some state", "next_step": "do it", "action": action})
    found = answers.of([entry], [], "", False)
    assert found["go_on"]["answer"] == answer
    assert [one["text"] for one in found["next_steps"]] == (["Do it."] if fields.get("left") else [])


def test_a_number_that_was_taken_out_of_service_is_safe():
    gone = {**ALREADY, "state": "retired", "location": "NEITHER", "action": Action("nothing", off=True)._asdict()}
    assert numbers.judged(gone)["safe"]
    assert not numbers.judged({**gone, "action": Action("nothing")._asdict()})["safe"]


def test_numbers_in_one_state_have_each_cause_apart_and_an_unknown_refusal_is_metas():
    def entry(text, **fields):
        action = Action("fix it", needs_you=True, **fields)._asdict()
        return numbers.judged({**ALREADY, "host": text, "state": "refused", "text": text, "action": action})

    found = causes.of([entry("a"), entry("b", cause="refused 2"), entry("c", code=190001)], samples.MEANINGS)
    assert {cause["key"]: cause["meta"] for cause in found} == {"refused": False, "refused 2": False, "190001": True}
