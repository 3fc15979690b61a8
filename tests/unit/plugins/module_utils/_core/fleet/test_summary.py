# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the summary rule: what the plan of a fleet sends, loses and warns of."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import summary
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.fleet.results import (
    MOVED,
    PREFLIGHT,
    line,
)


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
        "findings": [{"id": name, "severity": severities.get(name, "note"), "seen": name} for name in ids],
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
    ]
    warned = summary.warnings(fleet)
    assert [line.split()[0] for line in warned] == ["WM133", "WM134"]
    assert warned[0].endswith("(200 numbers)") and warned[1].endswith("(2 numbers)")


def test_the_plan_of_one_number_that_has_moved():
    assert summary.summary([planned(0, location="CLOUD")]) == [
        "Requests that change something: 1 POST /subscribed_apps",
        "On the Cloud API already, to be finished: 1 number",
        "Lost with the move, beside the messages of the downtime: nothing known",
    ]
    nothing = {"location": "CLOUD", "findings": [], "plan": {"requests": [], "attempts_left": None}}
    assert summary.summary([nothing])[0] == "Requests that change something: none"


@pytest.mark.parametrize(("count", "wording"), [(1, "1 fact"), (2, "2 facts")])
def test_counted_facts(count, wording):
    compared = {"compared": count, "differences": []}
    assert (
        "Nothing was lost (%s compared)" % wording
        in line(register=MOVED, preflight=PREFLIGHT, compare=compared).wording
    )


def test_a_plan_as_lines():
    after = {"location": "CLOUD", "requests": ["POST a", "POST b"], "findings": [], "digest": "p1"}
    assert summary.plan_lines({"location": "ON_PREMISES"}, after) == [
        "location: ON_PREMISES -> CLOUD",
        "requests 1: POST a",
        "requests 2: POST b",
        "findings: none",
        "digest: p1",
    ]
