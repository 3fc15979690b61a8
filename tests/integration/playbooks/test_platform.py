# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Graph that lacks a field, or a token that may not inspect itself: what decides is known, and numbers move."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    World,
    fleet_of,
    number_id,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet

APP_TOKEN = f"{fleet.APP_ID}|of-the-app-itself"


def started(where: Path, **changes: Any) -> Iterator[World]:
    content = {**fleet_of(2, 1), **changes}
    with Simulator.start(where / "simulator", content) as sim:
        yield World(sim, content, where)
        assert "Traceback" not in sim.log, sim.log


@pytest.mark.parametrize(
    "unknown",
    [
        ["is_on_biz_app", "primary_funding_id"],
        ["host_platform"],
        # the number itself tells neither name then, and the list of its WABA tells the second one
        ["platform_type"],
        ["platform_type", "is_on_biz_app", "name_status"],
    ],
    ids=" ".join,
)
def test_a_graph_that_does_not_know_a_field(tmp_path: Path, unknown: list[str]) -> None:
    for world in started(tmp_path, unknown_fields=unknown):
        run = world.run(MIGRATE, "-e", "wa_migrate_waves=100%")
        assert run.exit_code == 0, run.transcript
        assert sorted(world.registers) == [number_id(0), number_id(1)]
        assert set(states(tables(run)[-1]).values()) == {"moved"}
        payment = "It is unknown whether WABA 200000000000000 (Simulated business 0) has a payment method"
        assert (payment in str(run.result("h00", "Preflight | Read both APIs and list findings"))) == (
            "primary_funding_id" in unknown
        )


@pytest.mark.parametrize("stated", [{"app_id": fleet.APP_ID}, {"app_access_token": APP_TOKEN}], ids=str)
def test_a_token_that_may_not_inspect_itself_moves_numbers(tmp_path: Path, stated: dict[str, str]) -> None:
    tokens = [
        {"token": "of-a-guest", "app_id": fleet.APP_ID, "of_developer": False},
        {"token": APP_TOKEN, "app_id": fleet.APP_ID, "of_app": True},
    ]
    for world in started(tmp_path, extra_tokens=tokens):
        inventory = world.group_vars(world.inventory(), access_token="of-a-guest", **stated)
        run = world.run(MIGRATE, "-e", "wa_migrate_waves=100%", inventory=inventory)
        assert run.exit_code == 0, run.transcript
        assert sorted(world.registers) == [number_id(0), number_id(1)]
        # asked once for all numbers, and once more by the app where it was given; the subscription is that app's
        asked = [line for line in world.requests if line["path"].endswith("/debug_token")]
        assert [line["status"] for line in asked] == ([400, 200] if "app_access_token" in stated else [400])
        apps = world.sim.admin("GET", f"/wabas/{world.content['wabas'][0]['id']}")["subscribed_apps"]
        assert [app["id"] for app in apps] == [fleet.APP_ID]
        assert APP_TOKEN not in run.output and "of-a-guest" not in run.output


def test_a_stated_app_is_the_one_that_is_subscribed(tmp_path: Path) -> None:
    """The token is another app's, and nobody can see that before: the register call is not reached."""
    other = "700000000000009"
    for world in started(tmp_path, extra_tokens=[{"token": "of-a-guest", "app_id": other, "of_developer": False}]):
        inventory = world.group_vars(world.inventory(), access_token="of-a-guest", app_id=fleet.APP_ID)
        run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
        assert run.exit_code not in (0, 250), run.transcript
        assert "reading does not show it" in run.transcript and world.registers == []
