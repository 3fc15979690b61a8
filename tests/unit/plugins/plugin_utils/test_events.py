# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the events of a step: which there are, what they are about, and that a run without a folder has none."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from ansible import constants
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES
from ansible_collections.wabiz.migration.plugins.module_utils._operations.context import no_event
from ansible_collections.wabiz.migration.plugins.plugin_utils import _events, _waves
from ansible_collections.wabiz.migration.plugins.plugin_utils._worker import Step, Worker

from .actions import action

NUMBER = {"phone_number_id": "106540352242922", "waba_id": "102290129340398"}


@pytest.fixture(autouse=True)
def reports(tmp_path, monkeypatch):
    (tmp_path / "run").mkdir()
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path / "run"))
    return tmp_path / "reports"


def worker(host="h1", **variables: Any) -> Worker:
    return Worker(action(), {"inventory_hostname": host, **variables})


def planned(**order: int) -> None:
    """Let the preflight of the run have planned these waves."""
    sizes = tuple(Counter(order.values())[wave] for wave in range(1, max(order.values()) + 1))
    _waves.publish(order, _waves.Plan("", sizes, (), len(order), 0, None, None, 0.0))


def step(made: Worker, reports, name="wa_register", **params: Any) -> Step:
    return made.named(Step(MODULES[name], params={**NUMBER, "report_dir": str(reports), **params}))


def read(reports):
    reader = event.Reader()
    found = reader.feed((reports / "run" / "events.jsonl").read_bytes())
    assert reader.unreadable == 0
    return [one for one in found if one["event"] != "run_started"]


def words(reports, *keys):
    return [tuple(one[key] for key in keys) for one in read(reports)]


def test_an_event_says_what_it_is_about(reports):
    planned(h0=1, h1=2)
    made = worker()
    one = step(made, reports)
    one.name.learn({"id": NUMBER["phone_number_id"], "display_phone_number": "+1 555-012-0001"})
    _events.started(made, one)
    (found,) = read(reports)
    assert found["seconds"] is None and found["text"] == "" and found["check_mode"] is False
    assert {name: found[name] for name in ("run", "host", "number", "wave", "phase", "step", "event")} == {
        "run": "run",
        "host": "h1",
        "number": "+1 555-012-0001",
        "wave": 2,
        "phase": "cutover",
        "step": "wa_register",
        "event": "step_started",
    }
    assert {name: found[name] for name in NUMBER} == NUMBER


def test_a_step_without_the_option_takes_the_ids_of_its_host(reports):
    made = worker(acme_phone_number_id="106540352242922", acme_waba_id="102290129340398")
    one = Step(MODULES["wa_backup"], {"vars_prefix": "acme_"}, params={"report_dir": str(reports)})
    _events.started(made, made.named(one))
    assert {name: read(reports)[0][name] for name in NUMBER} == NUMBER


FAILURE = {"code": 133005, "title": "Two step verification PIN mismatch", "details": "O(pin) is wrong"}


def test_a_failed_step_ends_with_its_code_and_decides_its_number(reports):
    made = worker()
    _events.ended(
        made, step(made, reports), {"failed": True, "failure": FAILURE}, _events.started(made, step(made, reports))
    )
    assert words(reports, "event", "outcome", "code", "text") == [
        ("step_started", "", None, ""),
        ("step_ended", "failed", 133005, "Two step verification PIN mismatch. pin is wrong"),
        ("outcome", "failed", 133005, "Two step verification PIN mismatch. pin is wrong"),
    ]
    assert read(reports)[1]["seconds"] >= 0


def test_a_step_that_has_to_wait_says_why_and_until_when(reports):
    made = worker()
    _events.ended(made, step(made, reports), {"waiting": True, "why": "paused", "wait_until": 1795760519.0})
    (found,) = read(reports)
    assert (found["event"], found["text"], found["data"]) == (
        "waiting",
        "paused",
        {"until": "2026-11-27T06:21:59.000Z"},
    )


def test_a_step_that_goes_on_decides_nothing(reports):
    made = worker()
    for name in ("wa_preflight", "wa_backup", "wa_health"):
        _events.ended(made, step(made, reports, name), {"changed": True, "work": True}, 0.0)
    assert {one["event"] for one in read(reports)} == {"step_ended"}


def test_a_task_about_many_hosts_is_about_none_of_them(reports):
    made = worker(acme_waba_id="1", hostvars={"h2": {"acme_phone_number_id": "106540352242923"}})
    wait = Step(MODULES["wa_wait"], {"vars_prefix": "acme_"}, params={"report_dir": str(reports)})
    _events.of(made, wait)(event.WAITING, text="2 numbers wait: paused")
    _events.ended(made, wait, {"hosts": ["h2", "h3"], "waited": 4.5}, 0.0)
    assert words(reports, "event", "host", "phone_number_id", "seconds")[0] == ("waiting", "", "", None)
    assert words(reports, "event", "host", "phone_number_id", "seconds")[2:] == [
        ("wait_ended", "h2", "106540352242923", 4.5),
        ("wait_ended", "h3", "", 4.5),
    ]


def test_the_end_of_a_number_is_recorded_once(reports):
    planned(h3=1, h4=2, h2=3)
    for _unused in range(2):  # two tasks that look at the whole fleet
        made = worker()
        report = Step(MODULES["wa_report"], params={"report_dir": str(reports)})
        for host, word in (("h1", "moved"), ("h2", "failed")):
            _events.of(made, report)(event.NUMBER_ENDED, host=host, number="+1", outcome=word, text=word)
        made.kept.close()
    assert words(reports, "host", "outcome", "wave") == [("h1", "moved", None), ("h2", "failed", 3)]
    _events.of(worker(), report)(event.NUMBER_ENDED, host="h2", outcome="moved", text="")
    assert words(reports, "host", "outcome")[-1] == ("h2", "moved")


def test_a_run_begins_with_its_hosts_and_ends_where_its_inputs_are_wrong(reports):
    made = worker()
    inputs = Step(MODULES["wa_inputs"], params={"report_dir": str(reports), "hosts": ["h1", "h2"]})
    _events.ended(made, inputs, {"failed": True, "failure": FAILURE}, _events.started(made, inputs))
    first = event.Reader().feed((reports / "run" / "events.jsonl").read_bytes())[0]
    assert (first["event"], first["data"]) == ("run_started", {"numbers": 2})
    assert words(reports, "event", "outcome")[1:] == [("step_ended", "failed"), ("run_ended", "failed")]


def test_what_a_shipped_module_reports_has_the_time_of_this_machine(reports):
    made = worker()
    _events.replay(made, step(made, reports), [["register_sent", {}, 3.5], ["confirmed", {"outcome": "moved"}, 0.5]])
    sent, confirmed = read(reports)
    assert event.moment_of(confirmed["at"]) - event.moment_of(sent["at"]) == pytest.approx(3.0, abs=0.1)
    assert confirmed["outcome"] == "moved"


def test_without_a_folder_nothing_is_recorded(reports, tmp_path):
    made = worker()
    one = Step(MODULES["wa_register"], params={**NUMBER, "report_dir": None})
    assert _events.of(made, one) is no_event
    _events.ended(made, one, {"failed": True, "failure": FAILURE}, _events.started(made, one))
    _events.replay(made, one, [["register_sent", {}, 3.5]])
    assert [path.name for path in tmp_path.rglob("*")] == ["run"]
