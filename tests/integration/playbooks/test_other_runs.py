# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After a run that was cancelled: the next one waits for what it held, and verifies what it moved without comparing."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _runner
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import times
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    PREFLIGHT,
    World,
    lines,
    number_id,
    pin,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support.simclient import Client

PREFLIGHT_TASK = "Preflight | Read both APIs and list findings"
ANOTHER_CONTAINER = "boot 1 pid:[4026539999]"


def log_file(world: World, at: int) -> Path:
    return world.state / number_id(at) / "attempt_log.json"


def written(world: World, at: int, document: dict[str, Any]) -> None:
    path = log_file(world, at)
    world.state.mkdir(mode=0o700, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_text(attempt_log.dump(document))
    path.chmod(0o600)


def leased(world: World, at: int, seconds: float, **holder: Any) -> None:
    """Put on the host what a run leaves that was cancelled while its register request was under way.

    Its container had this host's name, and a process of its number lives here too.
    """
    now = time.time()
    who: dict[str, Any] = {"namespace": ANOTHER_CONTAINER, "started": 1, **holder}
    document = attempt_log.with_intent(
        attempt_log.fresh(number_id(at)),
        now,
        now + seconds,
        "ansible-local-7",
        socket.gethostname(),
        os.getpid(),
        str(at),
        now + seconds / 2,
        **who,
    )
    written(world, at, document)


@contextmanager
def meanwhile(then: Callable[[threading.Event], None]) -> Iterator[None]:
    over = threading.Event()
    thread = threading.Thread(target=then, args=(over,))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(20)


def test_a_run_waits_for_what_another_one_holds_and_the_later_waves_follow(world: World) -> None:
    leased(world, 0, 20.0)
    leased(world, 1, 16.0)
    ends = time.time() + 19.5
    inventory = world.group_vars(world.inventory(), waves=[2])
    run = world.run(MIGRATE, "-l", "h00,h01,h02,h03", inventory=inventory)
    assert run.exit_code == 0, run.reported
    assert states(tables(run)[-1]) == dict.fromkeys(("h00", "h01", "h02", "h03"), "moved")
    message = " ".join(run.stderr.split())
    assert "run ansible-local-7 on" in message and "until 2" in message, run.stderr
    assert sorted(world.registers) == [number_id(at) for at in range(4)]
    changes = [line for line in world.changes if line["phone_number_id"] == number_id(0)]
    assert changes[0]["path"].endswith("/settings/backup")
    first = min(time.strptime(line["began"][:19], "%Y-%m-%dT%H:%M:%S") for line in changes)
    assert time.mktime(first) - time.timezone >= int(ends) - 1, "nothing of the number is touched while it is held"
    for at in (0, 1):
        outcomes = [attempt["outcome"] for attempt in json.loads(log_file(world, at).read_text())["attempts"]]
        assert outcomes == [attempt_log.NO_EFFECT, attempt_log.REGISTERED]


def test_a_number_that_shows_up_on_the_cloud_api_while_it_is_held_is_confirmed_at_once(world: World) -> None:
    """Its request was under way when the run was cancelled. Nothing of the node is asked for any more."""
    leased(world, 0, 600.0)
    client = Client(world.sim)

    def carried_out(over: threading.Event) -> None:
        while not over.wait(0.05):
            if [line for line in world.requests if line["path"].endswith(f"/{number_id(0)}")]:
                backup = client.backup(number_id(0))
                assert client.register(number_id(0), pin(0), backup).ok
                return

    inventory = world.group_vars(world.inventory(), waves=["100%"], clear_two_step=True)
    with meanwhile(carried_out):
        run = world.run(MIGRATE, "-l", "h00,h01", inventory=inventory)
    assert run.exit_code == 0, run.reported
    assert run.seconds < 120
    assert world.registers.count(number_id(0)) == 1, "the one of the run that was cancelled"
    assert states(tables(run)[-1]) == {"h00": "moved", "h01": "moved"}
    assert "confirmed by this one" in lines(run)["h00"]
    assert run.results(host="h00", action="wabiz.migration.wa_compare"), "it is verified as any other"
    for module_name in ("wa_two_step", "wa_backup", "wa_snapshot"):
        assert run.results(host="h00", action=f"wabiz.migration.{module_name}") == [], module_name
    (attempt,) = json.loads(log_file(world, 0).read_text())["attempts"]
    assert attempt["outcome"] == attempt_log.REGISTERED and attempt["verified_at"]


def test_a_run_that_lives_is_named_and_nothing_is_prepared(world: World) -> None:
    """This process is it: of the same machine, alive, and started when the record says."""
    leased(world, 0, 300.0, namespace=_runner.namespace(), started=_runner.started())
    if not _runner.namespace():
        pytest.skip("NOT TESTED: this machine does not tell one process from another of its number")
    inventory = world.group_vars(world.inventory(), waves=["100%"])
    run = world.run(MIGRATE, "-l", "h00,h01", inventory=inventory)
    assert run.exit_code not in (0, 250), run.reported
    assert states(tables(run)[-1]) == {"h00": "failed", "h01": "moved"}
    assert "[other_run]" in lines(run)["h00"] and "ansible-local-7" in lines(run)["h00"]
    assert [line for line in world.changes if line["phone_number_id"] == number_id(0)] == []


def test_check_mode_waits_for_nobody(world: World) -> None:
    leased(world, 0, 300.0)
    before = log_file(world, 0).read_bytes()
    run = world.run(MIGRATE, "--check", "-l", "h00")
    assert run.exit_code == 0, run.reported
    assert states(tables(run)[-1]) == {"h00": "would move"}
    assert "Another run is working on this number" in run.output
    assert log_file(world, 0).read_bytes() == before and world.changes == []


def test_what_was_moved_and_never_compared_is_verified_by_the_run_that_finds_it(world: World) -> None:
    """As after a cancelled job: h00 had its outcome recorded, h01 was cut off before; h02 had been compared."""
    hosts = ("-l", "h00,h01,h02")
    inventory = world.group_vars(world.inventory(), waves=["100%"])
    assert world.run(MIGRATE, *hosts, inventory=inventory).exit_code == 0
    for at in (0, 1):
        document = json.loads(log_file(world, at).read_text())
        (attempt,) = document["attempts"]
        assert attempt.pop("verified_at")
        if at == 1:
            attempt["outcome"] = attempt_log.INTENT
            attempt["answer_by"] = times.utc(time.time() + 60)
            until = times.utc(time.time() + 200)
            document["lease"] = {"run": "cancelled", "controller": "c", "process": 1, "until": until}
        written(world, at, document)
    world.sim.patch(number_id(1), quality_rating="RED")
    world.mark()
    reported = world.run(PREFLIGHT, *hosts, inventory=inventory)
    assert states(tables(reported)[-1]) == {"h00": "ready", "h01": "ready", "h02": "unchanged"}
    assert "did not compare it" in lines(reported)["h00"]
    assert {line["api"] for line in world.requests} == {"graph"}
    kept = [log_file(world, at).read_bytes() for at in range(3)]
    looked = world.run(MIGRATE, "--check", *hosts, inventory=inventory)
    assert "h00" in states(tables(looked)[-1]) and looked.results(host="h00", action="wabiz.migration.wa_compare")
    assert kept == [log_file(world, at).read_bytes() for at in range(3)], "check mode notes nothing"

    world.mark()
    run = world.run(MIGRATE, *hosts, inventory=inventory)
    assert run.exit_code not in (0, 250), "h01 has lost its quality rating"
    assert world.changes == []
    assert states(tables(run)[-1]) == {"h00": "moved", "h01": "failed", "h02": "unchanged"}
    assert "confirmed by this one, health AVAILABLE" in lines(run)["h00"]
    assert "Nothing was lost" in lines(run)["h00"] and "WM182" in lines(run)["h01"]
    own = [line for line in world.requests if line["phone_number_id"] == number_id(2)]
    assert own == [], "what is finished costs no request of its own"
    for at in range(3):
        document = json.loads(log_file(world, at).read_text())
        assert document["lease"] is None
        assert [attempt["outcome"] for attempt in document["attempts"]] == [attempt_log.REGISTERED]
        assert not attempt_log.unverified(document)

    world.mark()
    again = world.run(MIGRATE, *hosts, inventory=inventory)
    assert again.exit_code == 0, again.reported
    assert set(states(tables(again)[-1]).values()) == {"unchanged"}
    assert [line for line in world.requests if line["phone_number_id"] or line["api"] == "onprem"] == []


def test_a_number_that_is_not_well_after_its_move_is_verified_until_it_is(world: World) -> None:
    inventory = world.group_vars(world.inventory(), waves=["100%"], health_wait=0, require_health="available")
    waba = world.content["numbers"][0]["waba_id"]
    world.sim.admin("POST", f"/wabas/{waba}", {"business_verification_status": "not_verified"})
    for _unused in range(2):
        run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
        assert run.exit_code not in (0, 250), run.reported
        assert states(tables(run)[-1]) == {"h00": "failed"} and "health" in lines(run)["h00"].lower()
    world.sim.admin("POST", f"/wabas/{waba}", {"business_verification_status": "verified"})
    run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert run.exit_code == 0, run.reported
    assert states(tables(run)[-1]) == {"h00": "moved"} and world.registers == [number_id(0)]


def test_a_host_that_is_switched_off_after_its_move_is_no_fault(world: World) -> None:
    inventory = world.group_vars(world.inventory(), waves=["100%"])
    assert world.run(MIGRATE, "-l", "h00", inventory=inventory).exit_code == 0
    off = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1, "ansible_ssh_retries": 0}
    run = world.run(MIGRATE, "-l", "h00", inventory=world.group_vars(world.inventory(h00=off), waves=["100%"]))
    assert run.exit_code == 0, run.reported
    assert states(tables(run)[-1]) == {"h00": "unchanged"}
    assert "its host does not answer" in lines(run)["h00"]
    assert run.result("h00", PREFLIGHT_TASK)["unverified"] is None
