# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of attempt logs against earlier reports: every difference stands at the number that it is of."""

from __future__ import annotations

from typing import Any

from ansible_collections.wabiz.migration.plugins.module_utils._core.report import log_digests

DIGESTS = ["a" * 64, "b" * 64, "c" * 64]


def entry(host: str, entries: int = 0) -> dict[str, Any]:
    digest = DIGESTS[entries - 1] if entries else ""
    return {"host": host, "phone_number_id": "1%s" % host, "log": {"entries": entries, "digest": digest, "faults": []}}


def verified(state: Any, *known: int) -> list[str]:
    """Return the faults of a number whose host says ``state``, by reports that know so many entries."""
    fresh = entry("h1")
    documents = [{"numbers": [entry("h1", entries), entry("h2", 3)]} for entries in known]
    log_digests.verify(documents, {"1h1": fresh}, {"h1": {"state": state}})
    return list(fresh["log"]["faults"])


def test_a_log_that_goes_on_from_what_the_reports_know_is_sound() -> None:
    assert verified({"log": {"digests": DIGESTS}}, 1, 2) == []
    assert verified({"log": {"digests": DIGESTS}}) == []


def test_a_log_that_is_shorter_or_another_one_is_named() -> None:
    assert verified({"log": {"digests": DIGESTS[:1]}}, 2) == ["entry 2 is missing: a report knows 2"]
    assert verified({"log": {"digests": []}}, 1) == ["entry 1 is missing: a report knows 1"]
    assert verified({"log": {"digests": ["d" * 64, *DIGESTS[1:]]}}, 1, 3) == [
        "entry 1 is not the one that a report knows"
    ]


def test_a_host_that_was_not_read_says_nothing() -> None:
    for state in (None, {"error": "no route", "log": {"digests": []}}, {"skipped": True}, {}):
        assert verified(state, 2) == []


def test_a_report_from_before_the_chain_is_no_fault() -> None:
    fresh = entry("h1")
    log_digests.verify([{"numbers": [{"host": "h1", "phone_number_id": "1h1"}]}], {"1h1": fresh}, {"h1": {"state": {}}})
    assert fresh["log"]["faults"] == []
