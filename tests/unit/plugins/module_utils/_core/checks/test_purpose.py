# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the purpose rule: dates, exemptions, the rules of this collection, and rules that a user states."""

from __future__ import annotations

import datetime
import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import catalogue
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import purpose
from hypothesis import given
from hypothesis import strategies as st

ASSISTANT = "general_purpose_assistant"
US, ITALY, BRAZIL, GERMANY = "+1 631-555-1019", "+39 06 1234 5678", "+55 11 98765-4321", "+49 30 123456"
INDIA, ARGENTINA = "+91 22 1234 5678", "+54 11 1234 5678"


def at(day):
    return datetime.datetime.fromisoformat(day).replace(tzinfo=datetime.timezone.utc).timestamp()


def code(declared, number=US, day="2026-11-21", rules=purpose.DEFAULT):
    failure = purpose.judge(declared, rules, number, at(day))
    return failure and failure.code


def rule(**changes):
    made = {
        "purpose": "polls",
        "meaning": "asking people",
        "prohibited_since": "2027-03-01",
        "reason": "Because.",
        "sources": ["somewhere, 2027-01-01"],
        "exemptions": [exemption()],
    }
    made.update(changes)
    return {name: value for name, value in made.items() if value != "-"}


def exemption(**changes):
    made = {
        "name": "Italy",
        "country_codes": ["39"],
        "confidence": "high",
        "lifts": True,
        "message": "it is so",
        "source": "a court",
    }
    made.update(changes)
    return {name: value for name, value in made.items() if value != "-"}


@pytest.mark.parametrize(
    ("declared", "number", "day", "expected"),
    [
        ("customer_support", US, "2026-11-21", None),
        ("other", ITALY, "2026-11-21", None),
        ("", US, "2026-11-21", "purpose_undeclared"),
        ("", "", "2020-01-01", "purpose_undeclared"),
        (ASSISTANT, US, "2026-01-14T23:59:59", "purpose_soon"),
        (ASSISTANT, US, "2026-01-15", "purpose_prohibited"),
        (ASSISTANT, US, "2026-11-21", "purpose_prohibited"),
        (ASSISTANT, "", "2026-11-21", "purpose_prohibited"),
        (ASSISTANT, INDIA, "2026-11-21", "purpose_prohibited"),
        (ASSISTANT, ARGENTINA, "2026-11-21", "purpose_prohibited"),
        # permitted in Italy, then in the rest of the European Economic Area and in Brazil, to this day
        (ASSISTANT, ITALY, "2026-02-15", "purpose_prohibited"),
        (ASSISTANT, ITALY, "2026-02-16", "purpose_exempt"),
        (ASSISTANT, ITALY, "2026-11-26", "purpose_exempt"),
        (ASSISTANT, GERMANY, "2026-03-10", "purpose_prohibited"),
        (ASSISTANT, GERMANY, "2026-03-11", "purpose_exempt"),
        (ASSISTANT, GERMANY, "2026-11-26", "purpose_exempt"),
        (ASSISTANT, BRAZIL, "2026-01-20", "purpose_prohibited"),
        (ASSISTANT, BRAZIL, "2026-03-11", "purpose_exempt"),
        (ASSISTANT, BRAZIL, "2026-11-26", "purpose_exempt"),
    ],
)
def test_the_rules_of_this_collection(declared, number, day, expected):
    assert code(declared, number, day) == expected


@pytest.mark.parametrize(
    ("number", "pieces"),
    [
        (US, ["No exemption is known for the country of +1 631-555-1019"]),
        ("", ["country of the number is unknown"]),
        (ITALY, ["Exemption Italy (confidence high, it counts)", "2026-02-16", "free of charge since 2026-05-13"]),
        (BRAZIL, ["Exemption Brazil (confidence high, it counts)", "for a fee per message since 2026-03-11"]),
        (
            GERMANY,
            [
                "Exemption European Union and European Economic Area (confidence high, it counts)",
                "free of charge since 2026-05-13",
                "AT.41034",
                "2026-06-09",
                "country of the business and its users",
            ],
        ),
    ],
)
def test_what_a_prohibited_purpose_is_told(number, pieces):
    failure = purpose.judge(ASSISTANT, purpose.DEFAULT, number, at("2026-11-21"))
    assert "2026-01-15" in failure.details
    for piece in [
        *pieces,
        "incidental",
        "Customer support",
        "ChatGPT: link the account",
        "Copilot: export the chats by hand",
        "own apps",
        "For operators: ",
        "2025-10-15",
        "the end of October",
        "section 4.7 AI Providers, last modified 2026-09-23",
        "pricing.category general_purpose_ai",
        "a prompt way to a human",
    ]:
        assert piece in failure.details, piece
    assert "O(purpose" in failure.next_step
    assert ("waive" in failure.next_step) == (failure.code == "purpose_prohibited")


def test_undeclared_lists_the_choices_with_their_meaning():
    failure = purpose.judge("", purpose.DEFAULT, US, 0)
    for row in purpose.DEFAULT:
        assert "%s (%s)" % (row["purpose"], row["meaning"]) in failure.next_step


def test_what_lifts_by_default_says_since_when_and_where_it_comes_from():
    assert purpose.normal(json.loads(json.dumps(purpose.DEFAULT))) == [dict(row) for row in purpose.DEFAULT]
    for row in purpose.DEFAULT:
        for one in row.get("exemptions", ()):
            assert one["lifts"] is True and one["since"] > row["prohibited_since"]
            assert one["source"] and "2026" in one["message"] and one["confidence"] == "high"


def test_calling_codes_of_the_default_begin_no_other_one():
    codes = {one for row in purpose.DEFAULT for each in row.get("exemptions", ()) for one in each["country_codes"]}
    assert not [(a, b) for a in codes for b in codes if a != b and b.startswith(a)]


@pytest.mark.parametrize(
    ("changes", "number", "day", "expected"),
    [
        ({}, US, "2027-02-28", "purpose_soon"),
        ({}, US, "2027-03-01", "purpose_prohibited"),
        ({}, ITALY, "2027-03-01", "purpose_exempt"),
        ({}, "390612345678", "2027-03-01", "purpose_exempt"),
        ({}, "+1 39 0612345678", "2027-03-01", "purpose_prohibited"),
        ({"exemptions": [exemption(lifts=False)]}, ITALY, "2027-03-01", "purpose_prohibited"),
        ({"exemptions": [exemption(lifts=False), exemption(name="B")]}, ITALY, "2027-03-01", "purpose_exempt"),
        ({"exemptions": [exemption(since="2027-04-01")]}, ITALY, "2027-03-31", "purpose_prohibited"),
        ({"exemptions": [exemption(since="2027-04-01")]}, ITALY, "2027-04-01", "purpose_exempt"),
        ({"exemptions": [exemption(until="2027-05-01")]}, ITALY, "2027-04-30", "purpose_exempt"),
        ({"exemptions": [exemption(until="2027-05-01")]}, ITALY, "2027-05-01", "purpose_prohibited"),
        ({"prohibited_until": "2028-01-01"}, US, "2027-12-31", "purpose_prohibited"),
        ({"prohibited_until": "2028-01-01"}, US, "2028-01-01", None),
        ({"exemptions": "-"}, ITALY, "2027-03-01", "purpose_prohibited"),
    ],
)
def test_rules_of_a_user(changes, number, day, expected):
    rules = purpose.normal([rule(**changes), {"purpose": "fun", "meaning": "fun"}])
    assert code("polls", number, day, rules) == expected
    assert code("fun", number, day, rules) is None


def test_an_exemption_that_counts_is_named():
    failure = purpose.judge("polls", purpose.normal([rule()]), ITALY, at("2027-03-01"))
    assert "exempt is Italy" in failure.details
    assert "confidence high, it counts" in failure.details


def test_what_yaml_makes_of_dates_and_codes_is_taken():
    stated = rule(
        prohibited_since=datetime.date(2027, 3, 1), exemptions=[exemption(country_codes=[39, "+379"], since=None)]
    )
    (made,) = purpose.normal([stated])
    assert made["prohibited_since"] == "2027-03-01"
    assert made["exemptions"][0]["country_codes"] == ["39", "379"]
    assert purpose.normal([made]) == [made]
    assert purpose.normal([rule(exemptions=[exemption(country_codes=39)])])[0]["exemptions"][0]["country_codes"] == [
        "39"
    ]


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ("text", "a list of rules"),
        ({"purpose": "x"}, "a list of rules"),
        ([], "empty"),
        (["x"], "rule 1: expected a dictionary"),
        ([rule(purpose="-")], "rule 1: purpose: missing"),
        ([rule(purpose="two words")], "rule 1: purpose: expected a word"),
        ([rule(meaning=" ")], "rule 1: meaning: expected text"),
        ([rule(allowed=True)], "rule 1: allowed: there is no such key"),
        ([rule(prohibited_since="15.1.2026")], "rule 1: prohibited_since: expected a date"),
        ([rule(prohibited_since="2026-02-30")], "rule 1: prohibited_since: expected a date"),
        ([rule(prohibited_since="20260115")], "rule 1: prohibited_since: expected a date"),
        ([rule(prohibited_since=2026)], "rule 1: prohibited_since: expected a date"),
        ([rule(prohibited_since=datetime.datetime(2026, 1, 15, 1))], "rule 1: prohibited_since: expected a date"),  # noqa: DTZ001 - a date as YAML gives it
        ([rule(prohibited_until="2027-01-01")], "rule 1: prohibited_until: it is before prohibited_since"),
        ([rule(reason="-")], "rule 1: reason: missing, and the purpose is prohibited"),
        ([rule(sources="somewhere")], "rule 1: sources: expected a list"),
        ([rule(users=[1])], "rule 1: users: expected text"),
        ([rule(prohibited_since="-")], "rule 1: exemptions: without prohibited_since"),
        ([rule(), rule()], "purpose polls is in more than one rule"),
        ([rule(exemptions="none")], "rule 1: exemptions: expected a list"),
        ([rule(exemptions=[exemption(lifts="yes")])], "exemption 1: lifts: expected true or false"),
        ([rule(exemptions=[exemption(lifts="-")])], "exemption 1: lifts: missing"),
        (
            [rule(exemptions=[exemption(confidence="sure")])],
            "exemption 1: confidence: expected one of low",
        ),
        (
            [rule(exemptions=[exemption(country_codes=["Italy"])])],
            "exemption 1: country_codes: expected country",
        ),
        (
            [rule(exemptions=[exemption(country_codes=["039"])])],
            "exemption 1: country_codes: expected country",
        ),
        (
            [rule(exemptions=[exemption(country_codes=[True])])],
            "exemption 1: country_codes: expected country",
        ),
        ([rule(exemptions=[exemption(since="2027-02-01", until="2027-01-01")])], "exemption 1: until: it is before"),
    ],
)
def test_a_fault_of_the_rules(stated, says):
    with pytest.raises(ValueError) as caught:
        purpose.normal(stated)
    assert says in str(caught.value)
    assert "; " not in str(caught.value), "one fault is told once"


def test_all_faults_are_told_at_once():
    stated = [rule(purpose="a b", reason=5), rule(exemptions=[exemption(lifts=1, name="-"), "x"]), 7]
    with pytest.raises(ValueError) as caught:
        purpose.normal(stated)
    for piece in (
        "rule 1: purpose",
        "rule 1: reason",
        "exemption 1: name",
        "exemption 1: lifts",
        "exemption 2",
        "rule 3",
    ):
        assert piece in str(caught.value), piece


KEYS = (
    *("purpose", "meaning", "prohibited_since", "prohibited_until", "reason", "users", "operators", "sources"),
    *("exemptions", "name", "country_codes", "since", "until", "confidence", "lifts", "message", "source", "else"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)


@given(JSON)
def test_any_input_is_taken_whole_or_refused(stated):
    try:
        made = purpose.normal(stated)
    except ValueError:
        return
    assert purpose.normal(made) == made
    for row in made:
        purpose.judge(row["purpose"], made, US, 0)


DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1))


@given(since=DAYS, today=DAYS, until=st.none() | DAYS, lifts=st.booleans(), digits=st.text("0123456789", max_size=12))
def test_what_a_rule_says_follows_from_its_dates(since, today, until, lifts, digits):
    stated = rule(prohibited_since=since, exemptions=[exemption(lifts=lifts)], prohibited_until=until)
    if until is not None and until < since:
        with pytest.raises(ValueError, match="before"):
            purpose.normal([stated])
        return
    found = code("polls", digits, today.isoformat(), purpose.normal([stated]))
    if until is not None and today >= until:
        assert found is None
    elif today < since:
        assert found == "purpose_soon"
    else:
        assert found == ("purpose_exempt" if lifts and digits.startswith("39") else "purpose_prohibited")


def test_every_failure_is_in_the_catalogue_with_all_that_its_page_says():
    severity = {
        "purpose_prohibited": ("WM170", catalogue.BLOCKER, True),
        "purpose_soon": ("WM171", catalogue.WARNING, False),
        "purpose_exempt": ("WM172", catalogue.WARNING, False),
        "purpose_undeclared": ("WM173", catalogue.WARNING, False),
    }
    for name, expected in severity.items():
        entry = catalogue.CATALOGUE[name]
        assert (entry.id, entry.severity, entry.waivable) == expected
        assert entry.title
        assert entry.why
        assert entry.fix
