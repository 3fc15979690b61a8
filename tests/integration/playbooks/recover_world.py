# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the playbook recover share: stuck numbers, and runs that bring them on."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import World, fleet_of, number_id
from ansible_collections.wabiz.migration.tests.support import ansible_run
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run
from wabiz_simulator import fleet

RECOVER = ansible_run.ROOT / "playbooks" / "recover.yml"
ONE = number_id(0)
CODE = "012345"
WRONG = "099999"
NEW = "087654"
READ = "Recover | Read the number and decide its next step"
TAKEN = {
    "wa_migrate_retry_for": 0.2,
    "wa_migrate_confirm_interval": 0.2,
    "wa_migrate_accept_loss": ["profile", "official_business_account"],
}


def _with_codes() -> dict[str, Any]:
    content = fleet_of(6)
    for number in content["numbers"]:
        number.update(codes=[CODE], oba=False)
    return content


FLEET = _with_codes()


def recover(world: World, *arguments: str, apply: bool = True, limit: str = "h00", **variables: Any) -> Run:
    variables = {**TAKEN, "wa_recover_wait": 1, **variables, "wa_recover_apply": apply}
    return world.run(RECOVER, "-l", limit, *arguments, variables=variables)


def read(run: Run, host: str = "h00") -> dict[str, Any]:
    return run.result(host, READ)


def effects(world: World) -> list[str]:
    return [line["effect"] for line in world.changes]


def lost(world: World, at: int = 0, **patch: Any) -> None:
    """Put a number on neither API, with its app subscribed."""
    world.sim.patch(number_id(at), location="none", node={"connected": False}, **patch)
    subscribe(world, at)


def subscribe(world: World, at: int = 0) -> None:
    waba = world.sim.number(number_id(at))["waba_id"]
    world.sim.admin("POST", f"/wabas/{waba}", {"subscribed_apps": [{"id": fleet.APP_ID}]})


def log_of(world: World, *attempts: Mapping[str, Any], at: int = 0) -> None:
    """Write an attempt log with these attempts, ``ago`` seconds each."""
    own = world.state / number_id(at)
    own.mkdir(parents=True, mode=0o700)
    world.state.chmod(0o700)
    log = attempt_log.fresh(number_id(at))
    for one in attempts:
        began = time.time() - one.get("ago", 600.0)
        log = attempt_log.with_intent(log, began, began, "earlier", "elsewhere", 1, number_id(at), one.get("by"))
        if one.get("outcome") != attempt_log.INTENT:
            log = attempt_log.with_outcome(log, began, one.get("outcome", attempt_log.REFUSED), one.get("code"))
    log["lease"] = None
    path = own / "attempt_log.json"
    path.write_text(attempt_log.dump(log))
    path.chmod(0o600)


def well(world: World, *, changed: bool = False, **variables: Any) -> None:
    """The number is on the Cloud API by one accepted registration, and the next run leaves it alone."""
    number = world.sim.number(ONE)
    assert (number["location"], number["accepted_registrations"]) == ("cloud", 1)
    world.mark()
    run = recover(world, **variables)
    assert run.exit_code == 0 and "Nothing is wrong with any of them" in run.output, run.transcript
    assert run.recap["h00"]["changed"] == 0 and world.changes == []


def on(world: World, steps: int, **variables: Any) -> list[str]:
    """Run until nothing is left to do, and return the steps that were taken."""
    taken = []
    for _round in range(steps):
        run = recover(world, **variables)
        assert run.exit_code == 0, run.transcript
        taken.append(read(run)["step"])
    return taken


def older(world: World) -> None:
    """Let the answer of every open request be overdue, as it is some minutes later, and every lease be over."""
    for name, key in (("attempt_log", "attempts"), ("attempt_log", "codes"), ("exit_log", "events")):
        path = world.state / ONE / f"{name}.json"
        if not path.exists():
            continue
        log = json.loads(path.read_text())
        if log.get("lease"):
            log["lease"]["until"] = "2026-01-01T00:00:00Z"
        for one in log.get(key, []):
            if one["outcome"] in ("intent", "unconfirmed"):
                one["answer_by"] = one["at"]
        path.write_text(json.dumps(log))
