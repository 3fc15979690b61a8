# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events of real runs: whole, valid, true to what the simulator saw, and never worth a failed task."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event, state
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import times
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    PREFLIGHT,
    World,
    lines,
    number_id,
    when,
)
from ansible_collections.wabiz.migration.tests.support import ansible_run

SCHEMA = json.loads((ansible_run.ROOT / "docs" / "schemas" / "event.schema.json").read_text("utf-8"))


def folders(world: World) -> list[Path]:
    """Return the folders of all runs, where they are by default: below Ansible's home directory."""
    return sorted(world.where.glob("ansible/run-*/home/.ansible/wabiz/*"))


def read(folder: Path) -> list[dict[str, Any]]:
    reader = event.Reader()
    found = reader.feed((folder / "events.jsonl").read_bytes()) + reader.close()
    assert reader.unreadable == 0
    for one in found:
        jsonschema.validate(one, SCHEMA)
    return found


def recorded(world: World) -> list[dict[str, Any]]:
    (folder,) = folders(world)
    return read(folder)


def of(events: list[dict[str, Any]], host: str, *kinds: str) -> list[tuple[str, str, str]]:
    return [
        (one["event"], one["step"], one["outcome"])
        for one in events
        if one["host"] == host and (not kinds or one["event"] in kinds)
    ]


def test_a_number_that_moves_has_all_of_its_events(world: World) -> None:
    run = world.run(MIGRATE, "-l", "h00,h01")
    assert run.exit_code == 0, run.transcript
    events = recorded(world)
    assert (events[0]["event"], events[0]["data"]) == ("run_started", {"numbers": 2})
    assert of(events, "h01") == [
        ("step_started", "wa_preflight", ""),
        ("step_ended", "wa_preflight", "ok"),
        ("step_started", "wa_subscribe", ""),
        ("step_ended", "wa_subscribe", "changed"),
        ("step_started", "wa_snapshot", ""),
        ("step_ended", "wa_snapshot", "changed"),
        ("step_started", "wa_backup", ""),
        ("step_ended", "wa_backup", "changed"),
        ("step_started", "wa_register", ""),
        ("register_sent", "wa_register", ""),
        ("register_answered", "wa_register", "ok"),
        ("confirmed", "wa_register", "moved"),
        ("attempt_logged", "wa_register", ""),
        ("step_ended", "wa_register", "changed"),
        ("outcome", "wa_register", "moved"),
        ("step_started", "wa_health", ""),
        ("step_ended", "wa_health", "ok"),
        ("step_started", "wa_compare", ""),
        ("step_ended", "wa_compare", "ok"),
        ("number_ended", "wa_report", "moved"),
    ]
    own = [one for one in events if one["host"] == "h01"]
    assert {one["phone_number_id"] for one in own} == {number_id(1)}
    assert {one["number"] for one in own[1:]} == {"+1 555-000-0001"}
    assert {one["wave"] for one in own[2:]} == {2} and len({one["waba_id"] for one in own}) == 1
    assert {one["run"] for one in events} == {folders(world)[0].name}
    assert own[-1]["text"] == lines(run)["h01"].partition(". ")[2]
    assert [one["event"] for one in events].count("run_ended") == 1
    found = state.fold(events)
    assert (found.counts().moved, found.counts().total, found.waves) == (2, 2, [1, 1])
    assert found.ended and 0 < found.longest(found.ended).seconds < 5


def test_the_times_of_the_request_are_those_of_the_ledger(world: World) -> None:
    world.run(MIGRATE, "-l", "h00")
    events = {one["event"]: one for one in recorded(world) if one["host"] == "h00"}
    (line,) = [line for line in world.requests if line["path"].endswith("/register")]
    sent, answered = (event.moment_of(events[name]["at"]) for name in ("register_sent", "register_answered"))
    began, ended = (times.instant(line[name]) for name in ("began", "ended"))
    assert sent - 0.002 <= began <= ended <= answered + 0.002


def test_a_number_that_is_kept_out_and_one_that_is_done(world: World) -> None:
    assert world.run(MIGRATE, "-l", "h00").exit_code == 0
    world.sim.patch(number_id(1), node={"wa_id": "491700000001"})
    run = world.run(PREFLIGHT, "-l", "h00,h01,h02")
    assert run.exit_code != 0
    events = read(folders(world)[1])
    assert of(events, "h00", "outcome", "number_ended") == [
        ("outcome", "wa_preflight", "unchanged"),
        ("number_ended", "wa_report", "unchanged"),
    ]
    assert of(events, "h01", "outcome", "number_ended") == [
        ("outcome", "wa_preflight", "blocked"),
        ("number_ended", "wa_report", "blocked"),
    ]
    assert of(events, "h02", "outcome", "number_ended") == [("number_ended", "wa_report", "ok")]
    assert events[-2]["event"] == "run_ended" and events[-2]["outcome"] == "failed"


def test_a_refused_register_call_has_its_code(world: World) -> None:
    world.sim.patch(number_id(0), pin="099999")
    run = world.run(MIGRATE, "-l", "h00")
    assert run.exit_code != 0
    found = [one for one in recorded(world) if one["host"] == "h00" and one["code"] is not None]
    assert [(one["event"], one["code"], one["outcome"]) for one in found] == [
        ("register_answered", 133005, "failed"),
        ("step_ended", 133005, "failed"),
        ("outcome", 133005, "failed"),
    ]
    assert "PIN" in found[0]["text"]
    ended = of(recorded(world), "h00", "number_ended")
    assert ended == [("number_ended", "wa_report", "failed")]


def test_check_mode_is_marked(world: World) -> None:
    run = world.run(MIGRATE, "-l", "h00", "--check")
    assert run.exit_code == 0, run.transcript
    events = recorded(world)
    assert {one["check_mode"] for one in events} == {True}
    assert of(events, "h00", "number_ended") == [("number_ended", "wa_report", "would_move")]
    assert not [one for one in events if one["event"] == "register_sent"] and world.changes == []


def test_a_number_that_waits_says_why_and_when_it_goes_on(world: World) -> None:
    freeze = world.where / "freeze"
    freeze.write_text("pause until the backup of the CRM is done")
    waits: list[dict[str, Any]] = []

    def paused() -> bool:
        found = [read(folder) for folder in folders(world) if (folder / "events.jsonl").exists()]
        waits.extend(one for events in found for one in events if one["event"] == "waiting" and not waits)
        return bool(waits)

    inventory = world.group_vars(world.inventory(), freeze=str(freeze))
    with when(paused, freeze.unlink):
        run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert waits[0]["host"] == "h00" and "backup of the CRM" in waits[0]["text"]
    kinds = [name for name, _step, _outcome in of(recorded(world), "h00")]
    after = kinds[kinds.index("waiting") + 1 :]
    assert after[:2] == ["wait_ended", "step_started"] and after[-1] == "number_ended"
    assert [one["text"] for one in recorded(world) if one["event"] == "waiting" and not one["host"]], "of the wave"


def test_inputs_that_are_wrong_end_the_run_in_the_file_too(world: World) -> None:
    run = world.run(MIGRATE, "-l", "h00", variables={"wa_migrate_waves": "none"})
    assert run.exit_code != 0
    assert [(one["event"], one["outcome"]) for one in recorded(world)][-2:] == [
        ("step_ended", "failed"),
        ("run_ended", "failed"),
    ]


# --- where they are kept


def test_a_folder_of_the_users_own_is_used(world: World) -> None:
    inventory = world.group_vars(world.inventory(), report_dir=str(world.where / "my reports"))
    assert world.run(PREFLIGHT, "-l", "h00", inventory=inventory).exit_code == 0
    (folder,) = (world.where / "my reports").iterdir()
    assert re.fullmatch(r"ansible-local-\w+", folder.name) and read(folder)
    assert folders(world) == []


def test_an_empty_input_keeps_nothing(world: World) -> None:
    run = world.run(PREFLIGHT, "-l", "h00", variables={"wa_migrate_report_dir": ""})
    assert run.exit_code == 0 and folders(world) == []


def test_a_module_by_itself_keeps_nothing(world: World) -> None:
    task = {"wabiz.migration.wa_number_info": {"vars_prefix": "wa_migrate_"}}
    book = ansible_run.as_yaml(world.where / "own.yml", [{"hosts": "h00", "gather_facts": False, "tasks": [task]}])
    run = world.run(book)
    assert run.exit_code == 0, run.transcript
    assert list(world.where.rglob("events.jsonl")) == list(world.where.glob("ansible/run-0/events.jsonl"))


def test_a_folder_that_cannot_be_written_is_one_warning(world: World) -> None:
    (world.where / "a file").write_text("x")
    inventory = world.group_vars(world.inventory(), report_dir=str(world.where / "a file" / "reports"))
    run = world.run(MIGRATE, "-l", "h00,h01,h02", inventory=inventory)
    assert run.exit_code == 0 and len(world.registers) == 3, run.transcript
    assert run.stderr.count("The events of this run are incomplete") == 1, run.stderr


def test_hosts_that_disagree_on_the_folder_are_an_error(world: World) -> None:
    run = world.run(PREFLIGHT, "-l", "h00,h01", inventory=world.inventory(h01={"wa_migrate_report_dir": "/srv/other"}))
    assert run.exit_code != 0 and "wa_migrate_report_dir: differs between hosts" in run.stdout


@pytest.mark.parametrize("core", ["core-2.18", "core-2.21"])
def test_other_cores_write_the_same(world: World, core: str) -> None:
    python = ansible_run.ROOT / "build" / "venvs" / core / "bin" / "python"
    if not os.access(python, os.X_OK):
        pytest.skip(f"NOT TESTED: {core} (build/venvs/{core} is not there; make test makes it)")
    run = world.run(MIGRATE, "-l", "h00", python=python, environment={"ANSIBLE_PYTHON_INTERPRETER": str(python)})
    assert run.exit_code == 0, run.transcript
    assert of(recorded(world), "h00", "number_ended") == [("number_ended", "wa_report", "moved")]
