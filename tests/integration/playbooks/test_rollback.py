# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook rollback: a closed node changes nothing, an open one gets its number back, under kills and lost answers.

Its findings are onprem_closed, node_said_nothing, still_on_cloud and register_open.
"""

from __future__ import annotations

import json
import stat
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.tests.integration.playbooks import kills
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import World, number_id
from ansible_collections.wabiz.migration.tests.support import ansible_run
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run

ROLLBACK = ansible_run.ROOT / "playbooks" / "rollback.yml"
ONE = number_id(0)
URL = "https://node.example.com/events"
STATED = {
    "wa_rollback_cc": "1",
    "wa_rollback_cert": "Q2VydGlmaWNhdGUtb2YtdGhlLXRlc3Q=",
    "wa_rollback_shards": 2,
    "wa_rollback_webhook_url": URL,
    "wa_migrate_confirm_timeout": 3,
    "wa_migrate_retry_for": 0.2,
}
WAYS = ("/v1/account$", "/deregister$", "/v1/account/verify$", "/v1/account/shards$", "/settings/application$")


def moved(world: World, legacy: bool) -> None:
    """Put the first number on the Cloud API, with a node that has lost its registration."""
    world.sim.patch(ONE, location="cloud", switches={"legacy_registration": legacy})
    world.sim.patch(ONE, node={"registered": False, "connected": False, "shards": 1, "multiconnect": False})


def rollback(world: World, *arguments: str, **variables: Any) -> Run:
    return world.run(ROLLBACK, "-l", "h00", *arguments, variables={**STATED, **variables})


def code(world: World) -> str:
    return str(world.sim.number(ONE)["node_code"])


def effects(world: World) -> list[str]:
    return [line["effect"] for line in world.changes]


def failure(run: Run) -> dict[str, Any]:
    (event,) = [event for event in run.events if event["event"] == "failed"]
    return dict(event["result"]["failure"])


def home(world: World) -> None:
    """The number is on its node again, as stated, and was taken off the Cloud API once."""
    number = world.sim.number(ONE)
    assert (number["location"], number["node"]["gateway_status"]) == ("on_premise", "connected")
    assert (number["node"]["shards"], number["node"]["webhooks"]["url"]) == (2, URL)
    assert effects(world).count("deregistered") == 1
    assert effects(world).count("node_registered") == 1


def test_a_closed_node_ends_it_and_nothing_was_touched(world: World) -> None:
    moved(world, legacy=False)
    before = world.sim.number(ONE)
    run = rollback(world, wa_rollback_code="")
    assert run.exit_code == 2, run.transcript
    found = failure(run)
    assert found["code"] == "onprem_closed" and "biz_link_on_prem_reg_blocked" in found["details"]
    assert "registers no number any more" in found["title"] and "Cloud API" in found["next_step"]
    (asked,) = world.changes
    assert (asked["api"], asked["path"], asked["effect"]) == ("onprem", "/v1/account", "none")
    assert world.sim.number(ONE) == before
    # A code of somebody's own changes nothing about that.
    run = rollback(world, wa_rollback_code="123-456")
    assert failure(run)["code"] == "node_said_nothing", run.transcript
    assert len(world.changes) == 1


def test_check_mode_asks_nobody(world: World) -> None:
    moved(world, legacy=True)
    run = rollback(world, "--check", "--diff", wa_rollback_code="123456")
    assert run.exit_code == 2 and failure(run)["code"] == "node_said_nothing", run.transcript
    run = rollback(world, "--check", "--diff")
    assert run.exit_code == 0, run.transcript
    assert world.changes == [] and not world.state.exists()


def test_the_whole_way_by_a_code(world: World) -> None:
    moved(world, legacy=True)
    run = rollback(world)
    assert run.exit_code == 0 and "on CLOUD. The node may register the number" in run.stdout, run.transcript
    assert effects(world) == ["node_code_sent"]
    assert rollback(world).exit_code == 0
    assert effects(world) == ["node_code_sent"], "no second code while the first one counts"
    secret = code(world)
    run = rollback(world, "-vvvv", wa_rollback_code=secret[:3] + "-" + secret[3:])
    assert run.exit_code == 0, run.transcript
    home(world)
    assert effects(world) == ["node_code_sent", "deregistered", "node_registered", "shards_set", "webhook_set"]
    path = world.state / ONE / "exit_log.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    log = json.loads(path.read_text())
    assert [event["outcome"] for event in log["events"]] == ["done"] * 3
    assert secret not in path.read_text() and f'"{secret}"' not in run.output
    again = rollback(world, wa_rollback_code=secret)
    assert again.exit_code == 0 and again.recap["h00"]["changed"] == 0, again.transcript
    home(world)


def test_the_whole_way_by_a_backup(world: World) -> None:
    path = world.where / "backup.json"
    task = {"name": "backup", "wabiz.migration.wa_backup": {"dest": str(path), "vars_prefix": "wa_migrate_"}}
    book = ansible_run.as_yaml(world.where / "b.yml", [{"hosts": "h00", "gather_facts": False, "tasks": [task]}])
    assert world.run(book).exit_code == 0
    moved(world, legacy=True)
    run = rollback(world, wa_rollback_backup_file=str(path))
    assert run.exit_code == 0, run.transcript
    home(world)


def test_a_bad_backup_is_found_before_anything_is_sent(world: World) -> None:
    moved(world, legacy=True)
    run = rollback(world, wa_rollback_backup_file=str(world.where / "no-backup.json"))
    assert run.exit_code == 2 and failure(run)["code"] == "no_backup", run.transcript
    assert effects(world) == []


@pytest.mark.parametrize("path", WAYS)
def test_a_lost_answer_is_confirmed_by_reading(world: World, path: str) -> None:
    moved(world, legacy=True)
    if path != WAYS[0]:
        assert rollback(world).exit_code == 0
    world.sim.fault("reset_after", {"path": path, "method": "PATCH" if "application" in path else "POST", "nth": 1})
    run = rollback(world, wa_rollback_code="" if path == WAYS[0] else code(world))
    world.sim.clear_faults()
    if path == WAYS[0]:
        # Whether a code is on its way is unknown: nothing was taken off the Cloud API, and no second code asked for.
        assert run.exit_code == 2 and effects(world) == ["node_code_sent"], run.transcript
        assert failure(rollback(world))["code"] == "answer_open"
        assert effects(world) == ["node_code_sent"]
        return
    secret = code(world)
    if run.exit_code != 0:
        run = rollback(world, wa_rollback_code="" if secret == "None" else secret)
        if secret == "None":
            run = rollback(world, wa_rollback_code="000000")
    assert run.exit_code == 0, run.transcript
    home(world)


@pytest.mark.parametrize("acted", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("path", WAYS[1:4])
def test_a_killed_run_is_continued(world: World, path: str, acted: bool) -> None:
    moved(world, legacy=True)
    assert rollback(world).exit_code == 0
    secret = code(world)
    variables = {**STATED, "wa_rollback_code": secret}
    kills.killed_at(world, "POST", path, acted, ROLLBACK, "-l", "h00", variables=variables)
    variables["wa_migrate_confirm_interval"] = 0.2
    if path == "/deregister$" and not acted:
        # The answer of the killed request may still come, so the next run reads until it cannot.
        log = world.state / ONE / "exit_log.json"
        text = json.loads(log.read_text())
        text["events"][-1]["answer_by"] = text["events"][-1]["at"]
        log.write_text(json.dumps(text))
    run = world.run(ROLLBACK, "-l", "h00", variables=variables)
    assert run.exit_code == 0, run.transcript
    home(world)
    assert len([line for line in world.changes if line["path"].endswith("/deregister")]) <= 2
    assert effects(world).count("node_code_sent") == 1


def test_an_open_register_request_keeps_the_number_where_it_is(world: World) -> None:
    moved(world, legacy=True)
    own = world.state / ONE
    own.mkdir(parents=True, mode=0o700)
    world.state.chmod(0o700)
    document = attempt_log.with_intent(attempt_log.fresh(ONE), 1.0, 2.0, "another run", "elsewhere", 1, ONE)
    (own / "attempt_log.json").write_text(attempt_log.dump(document))
    (own / "attempt_log.json").chmod(0o600)
    run = rollback(world)
    assert failure(run)["code"] == "register_open", run.transcript
    assert world.changes == []


def test_a_node_is_not_registered_while_nobody_saw_the_number_leave(world: World) -> None:
    moved(world, legacy=True)
    assert rollback(world).exit_code == 0
    task = {
        "wabiz.migration.wa_restore": {
            "vars_prefix": "wa_migrate_",
            "state": "restored",
            "phone_number": world.sim.number(ONE)["display_phone_number"],
            "cc": "1",
            "cert": STATED["wa_rollback_cert"],
            "node_code": code(world),
        }
    }
    book = ansible_run.as_yaml(world.where / "r.yml", [{"hosts": "h00", "gather_facts": False, "tasks": [task]}])
    assert failure(world.run(book))["code"] == "still_on_cloud"
    assert effects(world) == ["node_code_sent"]
