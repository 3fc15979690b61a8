# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The application of the numbers, linted by preflight: ready, not ready, waived, and not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    PREFLIGHT,
    World,
    input_errors,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run

OLD = {"to": "16505551234", "type": "text", "text": {"body": "Hi"}}
NEW = {"messaging_product": "whatsapp", **OLD}
HOSTS = ("h00", "h01", "h02")


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    return folder


def message(app: Path, content: dict[str, Any]) -> None:
    (app / "message.json").write_text(json.dumps(content), encoding="utf-8")


def found(run: Run, host: str) -> dict[str, dict[str, Any]]:
    result = run.result(host, "Preflight | Read both APIs and list findings")
    return {one["id"]: one for one in result["findings"] if "WM240" <= one["id"] <= "WM242"}


def inventory(world: World, app: Path, **inputs: Any) -> dict[str, Any]:
    return world.group_vars(world.inventory(), purpose="customer_support", lint_paths=[str(app)], **inputs)


def test_an_application_that_is_not_ready_keeps_every_number_out_and_is_told_once(world: World, app: Path) -> None:
    message(app, OLD)
    run = world.run(MIGRATE, "-l", ",".join(HOSTS), inventory=inventory(world, app))
    assert run.exit_code not in (0, 250), run.transcript
    assert world.changes == []
    assert states(tables(run)[-1]) == dict.fromkeys(HOSTS, "blocked")
    told = [line for line in run.stdout.splitlines() if "WM240 blocker: " in line]
    assert len(told) == 1 and told[0].count("(h0") == 3 and "message.json:1 error L01" in told[0], told
    findings = [found(run, host)["WM240"] for host in HOSTS]
    assert len({one["seen"] for one in findings}) == 1
    # corrected, and the same command goes on
    message(app, NEW)
    run = world.run(MIGRATE, "-l", ",".join(HOSTS), inventory=inventory(world, app))
    assert run.exit_code == 0, run.transcript
    assert len(world.moved) == 3
    assert all(found(run, host) == {} for host in HOSTS)


def test_a_waiver_lets_the_numbers_pass(world: World, app: Path) -> None:
    message(app, OLD)
    waiver = {"id": "WM240", "who": "ada@example.com", "why": "the bridge answers for it", "until": "2999-01-01"}
    run = world.run(MIGRATE, "-l", "h00", inventory=inventory(world, app, waivers=[waiver]))
    assert run.exit_code == 0, run.transcript
    assert len(world.moved) == 1
    assert found(run, "h00")["WM240"]["waived"]["who"] == "ada@example.com"


def test_what_only_differs_is_a_warning_and_an_empty_folder_is_no_proof(world: World, app: Path) -> None:
    (app / "access.log").write_text('"GET /v1/stats/app HTTP/1.1" 200\n', encoding="utf-8")
    run = world.run(PREFLIGHT, "-l", "h00", inventory=inventory(world, app))
    assert run.exit_code == 0, run.transcript
    assert {name: one["severity"] for name, one in found(run, "h00").items()} == {"WM241": "warning"}
    (app / "access.log").unlink()
    run = world.run(PREFLIGHT, "-l", "h00", inventory=inventory(world, app))
    assert run.exit_code == 0, run.transcript
    assert {name: one["severity"] for name, one in found(run, "h00").items()} == {"WM242": "warning"}


def test_paths_that_are_not_there_are_named_before_anything_is_touched(world: World, app: Path) -> None:
    gone = str(app / "src")
    run = world.run(MIGRATE, "-l", "h00,h01", inventory=inventory(world, app / "src", pin="12"))
    assert run.exit_code not in (0, 250), run.transcript
    assert world.requests == []
    told = " ".join(error for errors in input_errors(run).values() for error in errors)
    assert f"wa_migrate_lint_paths: no such file or folder on this machine: {gone}" in told
