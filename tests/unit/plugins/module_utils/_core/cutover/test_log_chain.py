# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the chain of an attempt log: whatever is altered, removed or made anew is named."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log, code_log, log_chain
from hypothesis import given
from hypothesis import strategies as st

ID = "106540352242922"
NOW = 1_700_000_000.0


def log_of(*outcomes: str, verified: bool = False) -> dict[str, Any]:
    """Return the log of a number with these attempts, one after another."""
    log: dict[str, Any] = attempt_log.fresh(ID)
    for at, outcome in enumerate(outcomes):
        began = NOW + 100 * at
        log = attempt_log.with_intent(log, began, began + 60, "run-%d" % at, "controller", 1, "15550120000")
        log = attempt_log.with_outcome(log, began + 5, outcome, 131000, "trace")
    if verified:
        log = attempt_log.with_verified(log, NOW + 10_000) or log
    return attempt_log.parse(attempt_log.dump(log), ID)


OUTCOMES = st.lists(st.sampled_from([attempt_log.REFUSED, attempt_log.UNCONFIRMED, attempt_log.REGISTERED]), max_size=4)


@given(OUTCOMES, st.booleans())
def test_a_log_that_only_its_own_rules_have_changed_has_no_fault(outcomes: list[str], verified: bool) -> None:
    log = log_of(*outcomes, verified=verified)
    heads = [log_chain.Head(at, digest) for at, digest in enumerate(log_chain.digests(log), 1)]
    assert log_chain.faults(log) == [] and log_chain.unlike(log_chain.digests(log), heads) == []
    assert log_chain.head(log) == (heads[-1] if heads else log_chain.Head(0, ""))


@given(OUTCOMES.filter(bool), st.data())
def test_every_altered_entry_is_named(outcomes: list[str], data: st.DataObject) -> None:
    log = log_of(*outcomes)
    at = data.draw(st.integers(0, len(log["entries"]) - 1))
    key = data.draw(st.sampled_from(["at", "kind", "previous", "digest"]))
    log["entries"][at][key] = "1"
    assert any("entry %d (" % (at + 1) in fault for fault in log_chain.faults(log))


@given(OUTCOMES.filter(bool), st.data())
def test_every_removed_entry_is_missed(outcomes: list[str], data: st.DataObject) -> None:
    log = log_of(*outcomes)
    head, count = log_chain.head(log), len(log["entries"])
    at = data.draw(st.integers(0, count - 1))
    del log["entries"][at]
    assert log_chain.faults(log) != [], "the next entry, or what the log holds beside its entries, tells"
    assert log_chain.unlike(log_chain.digests(log), [head]) == [
        "entry %d is missing: a report knows %d" % (count, count)
    ]


@pytest.mark.parametrize(
    "key, value", [("outcome", attempt_log.NOT_SENT), ("at", "2026-01-01T00:00:00Z"), ("run", "x")]
)
def test_an_attempt_that_was_altered_without_its_entry_is_named(key: str, value: str) -> None:
    log = log_of(attempt_log.REFUSED, attempt_log.REGISTERED)
    log["attempts"][1][key] = value
    assert log_chain.faults(log) == ["attempts.2 is not what the entries say"]


def test_an_attempt_that_was_taken_out_is_named() -> None:
    log = log_of(attempt_log.REFUSED, attempt_log.REGISTERED)
    log["attempts"].pop()
    assert log_chain.faults(log) == ["attempts.2 is not what the entries say"]


def test_a_chain_made_anew_is_told_by_the_reports_only() -> None:
    """Whoever rewrites the whole log makes a chain without a fault: the digests of earlier reports tell."""
    log, forged = log_of(attempt_log.REFUSED, attempt_log.REGISTERED), log_of(attempt_log.REGISTERED)
    assert log_chain.faults(forged) == []
    known = [log_chain.Head(at, digest) for at, digest in enumerate(log_chain.digests(log), 1)]
    assert log_chain.unlike(log_chain.digests(forged), known) == [
        "entry 2 is not the one that a report knows",
        "entry 3 is missing: a report knows 3",
        "entry 3 is missing: a report knows 4",
    ]


def test_the_lease_is_not_part_of_the_history() -> None:
    log = log_of(attempt_log.REGISTERED)
    changed = copy.deepcopy(log)
    changed["lease"], changed["revision"] = {"run": "x"}, 99
    assert log_chain.faults(changed) == []
    assert "lease" not in json.dumps(log["entries"])


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda one: st.lists(one) | st.dictionaries(st.text(max_size=5), one),
    )
)
def test_whatever_stands_for_the_entries_raises_nothing(entries: Any) -> None:
    log = {**log_of(attempt_log.REGISTERED), "entries": entries}
    assert isinstance(log_chain.faults(log), list)


def test_requests_of_codes_are_accounted_for_and_no_entry_keeps_the_digest_of_a_code() -> None:
    log = code_log.with_entry(attempt_log.fresh("100"), 1.0, 50.0, code_log.HANDED_IN, "run-1", mark="digest-of-a-code")
    log = code_log.with_outcome(log, 2.0, code_log.VERIFIED)
    assert log_chain.faults(log) == []
    log = attempt_log.with_intent(log, 100.0, 200.0, "run-1", "host", 1, "n")
    assert log_chain.faults(log) == []
    assert "digest-of-a-code" not in attempt_log.dump(log)
