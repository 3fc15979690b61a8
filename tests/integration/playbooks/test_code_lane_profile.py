# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profile of numbers that move by a one-time code: it comes back in the run that registers the number."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks import kills
from ansible_collections.wabiz.migration.tests.integration.playbooks.test_code_lane import ACCEPT, FLEET, dead, table
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    PREFLIGHT,
    World,
    input_errors,
    lines,
    number_id,
)
from wabiz_simulator import photo

__all__ = ("FLEET",)

IMAGE = photo.image("of the code lane")
LINK = "https://node.example.com/photo.jpg"
CODE = '{"wa_migrate_code": "012345"}'


def profile_of(world: World) -> dict[str, Any]:
    path = world.where / "logo.png"
    path.write_bytes(IMAGE)
    return {"about": "Open all day", "websites": ["https://www.example.com"], "photo": str(path)}


def is_back(world: World, image: bytes = IMAGE, about: str = "Open all day") -> bool:
    shown = world.sim.number(number_id(0))["cloud_profile"] or {}
    return shown.get("about") == about and shown.get("photo_sha256") == hashlib.sha256(image).hexdigest()


def test_the_profile_and_its_photo_come_back_as_stated(world: World) -> None:
    dead(world, 0)
    inventory = world.group_vars(world.inventory(), **ACCEPT, profile=profile_of(world))
    first = world.run(PREFLIGHT, "-l", "h00", inventory=inventory)
    (event,) = first.results(host="h00", action="wabiz.migration.wa_preflight")
    planned = event["result"]["plan"]["requests"][-1]
    assert planned.endswith('logo.png>"}') and "/whatsapp_business_profile " in planned and "Open all day" in planned
    world.run(MIGRATE, "-l", "h00", inventory=inventory)
    second = world.run(MIGRATE, "-l", "h00", "-e", CODE, inventory=inventory)
    assert second.exit_code == 0, second.transcript
    assert is_back(world) and table(second) == {"h00": "moved"}
    world.mark()
    third = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert table(third) == {"h00": "unchanged"} and world.changes == []


def asked(world: World) -> dict[str, Any]:
    """Let a number of an expired node ask for its code, and its node be gone then; return the inventory."""
    expired = {"expire_timestamp": 1760000000, "connected": False, "profile": {"photo": LINK, "about": "Open"}}
    world.sim.patch(number_id(0), node=expired)
    inventory = world.group_vars(world.inventory(), **ACCEPT)
    assert table(world.run(MIGRATE, "-l", "h00", inventory=inventory)) == {"h00": "waiting for code"}
    dead(world, 0)
    return inventory


def test_the_profile_comes_back_from_a_node_that_still_answers(world: World) -> None:
    run = world.run(MIGRATE, "-l", "h00", "-e", CODE, inventory=asked(world))
    assert run.exit_code == 0, run.transcript
    assert is_back(world, photo.image(LINK), "Open")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/whatsapp_business_profile$"), ("POST", "/uploads$"), ("POST", "/upload:")]
)
def test_what_could_not_be_put_back_is_put_back_by_the_next_run(world: World, method: str, path: str) -> None:
    inventory = asked(world)
    world.sim.fault("graph_error", {"method": method, "path": path}, code=200)
    first = world.run(MIGRATE, "-l", "h00", "-e", CODE, inventory=inventory)
    assert first.exit_code == 2 and world.registers == [number_id(0)], first.transcript
    assert "run the same command again" in lines(first)["h00"] and "it was put back" not in lines(first)["h00"]
    assert lines(first)["h00"].count("[200]") <= 1, "a cause is told once"
    assert not is_back(world, photo.image(LINK), "Open")
    world.sim.clear_faults()
    second = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert second.exit_code == 0, second.transcript
    assert is_back(world, photo.image(LINK), "Open") and world.registers == [number_id(0)]
    world.mark()
    third = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert table(third) == {"h00": "unchanged"} and world.changes == []


@pytest.mark.parametrize("acted", [False, True], ids=["before", "after"])
def test_a_run_that_is_killed_at_the_profile_is_continued(world: World, acted: bool) -> None:
    dead(world, 0)
    world.sim.patch(number_id(0), code_verification_status="VERIFIED")
    inventory = world.group_vars(world.inventory(), **ACCEPT, profile=profile_of(world))
    kills.killed_at(world, "POST", "/whatsapp_business_profile$", acted, MIGRATE, "-l", "h00", inventory=inventory)
    run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert is_back(world) and world.registers == [number_id(0)]


def test_a_wrong_profile_is_told_before_anything_is_sent(world: World) -> None:
    dead(world, 0)
    wrong = {"abuot": "x", "email": "nobody", "photo": str(world.where / "none.png")}
    for profile, words in (
        (wrong, ("abuot; is about meant?", "email: this is not an e-mail address")),
        ({"photo": wrong["photo"]}, ("none.png",)),
    ):
        run = world.run(MIGRATE, "-l", "h00", inventory=world.group_vars(world.inventory(), **ACCEPT, profile=profile))
        assert run.exit_code == 2
        (error,) = input_errors(run)["h00"]
        assert error.startswith("wa_migrate_profile: ") and all(one in error for one in words), error
    assert world.requests == []
