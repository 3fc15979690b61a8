# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook recover under kills and lost answers: one registration at most, and no request repeated blindly."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import times
from ansible_collections.wabiz.migration.tests.integration.playbooks import kills
from ansible_collections.wabiz.migration.tests.integration.playbooks.recover_world import (
    CODE,
    FLEET,
    NEW,
    ONE,
    RECOVER,
    TAKEN,
    effects,
    log_of,
    lost,
    older,
    on,
    read,
    recover,
)
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import World

__all__ = ("FLEET",)

GIVEN = "wa_migrate_code"


@pytest.mark.parametrize("acted", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", ["subscribed_apps", "request_code", "verify_code", "register", "deregister", "pin"])
def test_a_killed_run_is_continued(world: World, step: str, acted: bool) -> None:
    paths = {"pin": f"/{ONE}$"}
    variables: dict[str, Any] = {**TAKEN, "wa_recover_apply": True, "wa_recover_wait": 1, "wa_migrate_code": CODE}
    unverified = step in ("request_code", "verify_code")
    lost(world, code_verification_status="NOT_VERIFIED" if unverified else "VERIFIED")
    if step == "subscribed_apps":
        world.sim.admin("POST", "/wabas/%s" % world.sim.number(ONE)["waba_id"], {"subscribed_apps": []})
    if step == "request_code":
        del variables["wa_migrate_code"]
    if step == "verify_code":
        assert on(world, 1) == ["ask_code"]
    if step == "deregister":
        world.sim.patch(ONE, switches={"incomplete_deregistration": True})
        log_of(world, {"code": 133000})
    if step == "pin":
        world.sim.patch(ONE, pin="000000", switches={"pin_while_unregistered": True})
        log_of(world, {"code": 133005})
        variables["wa_recover_new_pin"] = NEW
    kills.killed_at(world, "POST", paths.get(step, f"/{step}$"), acted, RECOVER, "-l", "h00", variables=variables)
    older(world)
    if step == "pin":
        # Nobody knows whether it was set, so no second request and no guess.
        run = world.run(RECOVER, "-l", "h00", variables=variables)
        assert run.exit_code == 2 and world.registers == [], run.transcript
        assert effects(world).count("pin_set") == int(acted)
        return
    finish(world)
    for effect in ("registered", "code_verified", "deregistration_finished"):
        assert effects(world).count(effect) <= 1, effects(world)
    sent = {"request_code": 2, "verify_code": 2}.get(step, 1)
    assert len([line for line in world.changes if line["path"].endswith(f"/{step}")]) <= (1 if acted else sent + 1)


def finish(world: World) -> None:
    """Go on until nothing is wrong; a person states that a code was lost where the log cannot know."""
    more: dict[str, Any] = {}
    for _round in range(8):
        older(world)
        code = world.sim.number(ONE)["phone"]["code"]
        run = recover(world, **more, **({} if code is None or "wa_migrate_code_lost_at" in more else {GIVEN: code}))
        more = {}
        if "Nothing is wrong with any of them" in run.output:
            break
        if (code is None and read(run)["step"] == "wait") or "handed in before" in run.output:
            time.sleep(1.1)
            more = {"wa_migrate_code_lost_at": times.utc(time.time())}
    assert run.exit_code == 0 and "Nothing is wrong with any of them" in run.output, run.transcript
    number = world.sim.number(ONE)
    assert (number["location"], number["accepted_registrations"]) == ("cloud", 1)


@pytest.mark.parametrize("kind", ["reset_after", "reset_before"])
@pytest.mark.parametrize("step", ["request_code", "verify_code", "register", "deregister"])
def test_a_lost_answer_is_never_repeated_blindly(world: World, step: str, kind: str) -> None:
    unverified = step in ("request_code", "verify_code")
    lost(world, code_verification_status="NOT_VERIFIED" if unverified else "VERIFIED")
    if step == "verify_code":
        assert on(world, 1) == ["ask_code"]
    if step == "deregister":
        world.sim.patch(ONE, switches={"incomplete_deregistration": True})
        log_of(world, {"code": 133000})
    world.sim.fault(kind, {"path": f"/{step}$", "method": "POST", "nth": 1})
    given = {} if step == "request_code" else {"wa_migrate_code": CODE}
    recover(world, **given)
    world.sim.clear_faults()
    before = len([line for line in world.changes if line["path"].endswith(f"/{step}")])
    recover(world, apply=False, **given)
    assert len([line for line in world.changes if line["path"].endswith(f"/{step}")]) == before
    finish(world)
    assert effects(world).count("registered") == 1
