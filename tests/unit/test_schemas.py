# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events and status against their published schemas, and the metrics in the parser of Prometheus' own library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event, outcome, status
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.events.script import Script
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import parser

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
EVENT, STATUS = (json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8")) for name in ("event", "status"))


def valid(schema: Any, value: Any) -> bool:
    return bool(jsonschema.Draft202012Validator(schema).is_valid(value))


def script() -> Script:
    run = Script(9).read("h1", "h2", "h3").planned(1, 2).moved("h1", seconds=2.0).moved("h2", wave=2, seconds=2.0)
    run.cutover("h3", event.WAITING, 2, text='says "pause"', data={"until": event.written(run.now)})
    run.cutover("h3", event.OUTCOME, 2, outcome="failed", code=133005, text="Wrong PIN")
    return run.add(event.NUMBER_ENDED, "h4", event.REPORT, outcome="unknown", code="unconfirmed").wait(3)


@pytest.mark.parametrize("schema", [EVENT, STATUS])
def test_a_schema_is_one(schema: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


def test_the_schema_names_what_the_rules_name() -> None:
    properties = EVENT["properties"]
    assert [one["const"] for one in properties["event"]["oneOf"]] == list(event.EVENTS)
    assert properties["phase"]["enum"] == list(event.PHASES)
    assert properties["outcome"]["enum"] == ["", *outcome.OUTCOMES]
    assert set(EVENT["required"]) == set(properties) - {"data"} == set(script().events[1]) - {"data"}


def test_events_are_valid() -> None:
    for one in script().events:
        jsonschema.validate(one, EVENT)


@pytest.mark.parametrize(
    "change", [{"event": "exploded"}, {"wave": 0}, {"at": "now"}, {"outcome": "fine"}, {"host": None}]
)
def test_what_is_no_event_is_not_valid(change: dict[str, Any]) -> None:
    assert not valid(EVENT, {**script().events[0], **change})


@given(st.text(), st.one_of(st.none(), st.integers(), st.text()), st.sampled_from(event.EVENTS))
def test_any_text_makes_a_valid_event(text: str, code: Any, kind: str) -> None:
    assert valid(EVENT, Script(1).add(kind, "h1", text=text, code=code).events[-1])


def test_a_status_is_valid_at_any_time() -> None:
    events = script().events
    for count in range(1, len(events) + 1):
        run = script()
        run.events = events[:count]
        jsonschema.validate(status.document(run.state, run.now), STATUS)
    assert not valid(STATUS, {**status.document(script().state, script().now), "numbers": {"total": 1}})


def test_metrics_are_read_by_prometheus() -> None:
    run = script()
    families = {
        family.name: family for family in parser.text_string_to_metric_families(status.metrics(run.state, run.now))
    }
    numbers = {sample.labels["state"]: sample.value for sample in families["wabiz_migration_numbers"].samples}
    assert numbers["moved"] == 2 and sum(numbers.values()) == 9
    assert "wabiz_migration_rate_per_minute" in families
    assert all(family.type == "gauge" and family.documentation for family in families.values())


@given(st.text(max_size=80))
def test_any_reason_is_a_label(text: str) -> None:
    run = Script(1).cutover("h1", event.WAITING, text=text)
    found = list(parser.text_string_to_metric_families(status.metrics(run.state, run.now)))
    labels = [one.labels["reason"] for family in found for one in family.samples if "reason" in one.labels]
    assert labels == ([event.sentence(text)] if event.sentence(text) else [])
