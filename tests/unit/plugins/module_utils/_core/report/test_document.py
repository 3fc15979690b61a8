# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the document rule: no secrets, and several runs as one without duplicates."""

from __future__ import annotations

import copy
import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.report import document, numbers, redaction
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.report import samples
from hypothesis import given
from hypothesis import strategies as st

RUN = document.Run("later", "All runs", "report", False, 1.8e9, command="ansible-playbook x.yml")
ONE = samples.document_of(8)


def joined(*documents, fresh=None):
    return document.together(documents, "All runs", RUN, samples.MEANINGS, fresh)


def part(made, hosts, made_at="2026-11-21T23:00:00Z", ids=("a",), **changed):
    entries = [copy.deepcopy(entry) for entry in made["numbers"] if entry["host"] in hosts]
    entries = [{**entry, **changed} for entry in entries]
    return {**made, "made_at": made_at, "numbers": entries, "run": {**made["run"], "ids": list(ids)}}


HOSTS = [entry["host"] for entry in ONE["numbers"]]


def test_a_document_survives_its_file():
    assert document.is_document(json.loads(document.dump(ONE)))
    assert json.loads(document.dump(ONE)) == ONE


@pytest.mark.parametrize("value", [None, [], {}, {**ONE, "schema": "wabiz.report/2"}, {**ONE, "made_at": "x"}])
def test_another_file_is_no_document(value):
    assert document.is_document(value) is False


@given(st.lists(st.lists(st.sampled_from(HOSTS), unique=True), min_size=1, max_size=4), st.randoms())
def test_runs_together_have_each_number_once_whatever_their_order(slices, random):
    documents = [part(ONE, hosts, ids=(f"run-{at}",)) for at, hosts in enumerate(slices)]
    random.shuffle(documents)
    made = joined(*documents, *documents[:1])
    found = [entry["host"] for entry in made["numbers"]]
    assert sorted(found) == sorted({host for hosts in slices for host in hosts})
    assert sorted(made["run"]["ids"]) == sorted(f"run-{at}" for at in range(len(slices)))
    for entry in made["numbers"]:
        original = next(one for one in ONE["numbers"] if one["host"] == entry["host"])
        assert entry["spans"] == original["spans"] and entry["attempts"] == original["attempts"]
        assert entry["state"] == original["state"] and entry["causes"] == original["causes"]


def test_a_number_that_a_later_run_found_moved_is_moved():
    first = part(ONE, ["madrid-0001"])
    later = part(
        ONE, ["madrid-0001"], "2026-11-22T23:00:00Z", ("b",), state="unchanged", interruption=None, requests=[], text=""
    )
    (entry,) = joined(later, first)["numbers"]
    assert entry["state"] == "moved" and entry["interruption"]["seconds"] > 0 and entry["requests"]


def test_a_later_success_replaces_a_failure():
    first, later = part(ONE, ["vienna-0004"]), part(ONE, ["vienna-0004"], "2026-11-22T23:00:00Z", ("b",), state="moved")
    assert joined(first)["causes"] and joined(first, later)["causes"] == []


def test_a_dry_run_is_none_together_with_a_real_one():
    dry = part(ONE, ["madrid-0001"])
    dry["run"]["check_mode"] = True
    assert joined(dry)["run"]["check_mode"] is True
    assert joined(dry, part(ONE, ["madrid-0001"]))["run"]["check_mode"] is False


def state(outcome, phone_number_id="106540352240003"):
    attempts = [{"at": "2026-11-21T22:30:00Z", "run": "r", "outcome": outcome, "ended": "2026-11-21T22:30:02Z"}]
    known = {"attempts": attempts, "attempts_left": 6, "number": "+1", "snapshot": {}, "error": ""}
    return numbers.of_state(numbers.Sources("oslo-0003", {"phone_number_id": phone_number_id}, (), known))


def test_the_host_corrects_an_outcome_that_no_run_has_seen():
    entry = state("registered")
    made = joined(part(ONE, ["oslo-0003"]), fresh={document.key_of(entry): entry})
    (found,) = made["numbers"]
    assert found["state"] == "moved" and len(found["attempts"]) == 1 and made["answers"]["counts"]["moved"] == 1
    assert found["interruption"]["open"] is False
    other = state("registered", "7")
    assert len(joined(part(ONE, ["oslo-0003"]), fresh={document.key_of(other): other})["numbers"]) == 2


def test_a_span_without_an_end_is_the_one_that_has_it_later():
    first = part(ONE, ["oslo-0003"])
    assert any(span["until"] is None for span in first["numbers"][0]["spans"])
    later = copy.deepcopy(first)
    for span in later["numbers"][0]["spans"]:
        span["until"] = span["until"] or "2026-11-21T22:59:00Z"
    for documents in ((first, later), (later, first)):
        (entry,) = joined(*documents)["numbers"]
        assert len(entry["spans"]) == len(first["numbers"][0]["spans"])
        assert all(span["until"] for span in entry["spans"])


@pytest.mark.parametrize(
    ("host", "words"),
    [("berlin-1.example", "-l berlin-1.example"), ("a b;rm", "-l 'a b;rm'"), ("it's", "'it'\"'\"'s'")],
)
def test_a_host_is_quoted_as_a_shell_needs_it(host, words):
    assert document.command("ansible-playbook x.yml", host).endswith(words)


SECRETS = (
    "EAAB1234567890abcdefghij",
    "Authorization: Bearer abcdefgh12345",
    "?access_token=abc123&x=1",
    "password=hunter22",
    '{"password": "hunter22", "pin": "123456"}',
    "pin: 123456",
    "Ab+/" * 60,
)


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_passes(secret):
    shown = redaction.text("before %s after" % secret)
    assert redaction.MASK in shown and shown.startswith("before ") and shown.endswith(" after")
    for hidden in ("hunter22", "123456", "abc123", "abcdefgh12345", "EAAB", "Ab+/Ab+/"):
        assert hidden not in shown
    assert redaction.text(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "The PIN was wrong: look at +1 555-123-4567 (berlin)",
        "Wrong PIN: the node may be down",
        "onprem_password: missing, and there is no O(onprem_token) either",
        "POST https://graph.facebook.com/v26.0/106540352242922/register",
        'POST /register {"pin": "***", "backup": "***"}',
    ],
)
def test_what_is_no_secret_stays(text):
    assert redaction.text(text) == text


def test_half_of_a_character_can_be_written():
    assert redaction.clean({"a": "b\ud83dc"}) == {"a": "b?c"}


def test_a_secret_that_a_key_names_is_hidden_at_any_depth():
    shown = redaction.clean({"a": [{"onprem_password": "x", "count": 3, "wrong_pin": "text", "pin": "1"}]})
    assert shown == {"a": [{"onprem_password": "***", "count": 3, "wrong_pin": "text", "pin": "***"}]}


def test_a_document_is_cleaned():
    entry = {**samples.entries_of(8)[1], "text": "token EAAB1234567890abcdefghij"}
    made = document.build(RUN, [entry], (), samples.MEANINGS)
    assert made["numbers"][0]["text"] == "token ***"
