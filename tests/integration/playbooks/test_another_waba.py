# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers that move to another WABA: two commands, the lines of the inventory between them, and a code."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import catalogue
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import log_chain
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    World,
    fleet_of,
    number_id,
    states,
    tables,
)

CODE = {entry.id: code for code, entry in catalogue.CATALOGUE.items()}
TARGET = "200000000000009"
NEW = "180000000000003"  # the first ID that the simulator gives to a number of another WABA, after three numbers
CODES = ("012345", "223344", "334455")
ADD = {"method": "POST", "path": "/phone_numbers$"}
LANE = {"lane": "waba", "target_waba_id": TARGET}


def of_another_waba() -> dict[str, Any]:
    """Return three numbers whose two-step verification is off, in two WABAs, and a third WABA without a number."""
    content = fleet_of(3, wabas=2)
    for at, number in enumerate(content["numbers"]):
        number.update(code_verification_status="NOT_VERIFIED", codes=[CODES[at]], oba=False, pin=None)
    content["wabas"].append({"id": TARGET, "name": "The new business"})
    return content


FLEET = of_another_waba()


def inventory(world: World, host: str = "h00", **inputs: Any) -> dict[str, Any]:
    stated = {f"wa_migrate_{name}": value for name, value in {"pin": "070000", **LANE, **inputs}.items()}
    return world.inventory(**{host: stated})


def effects(world: World) -> list[str]:
    return [line["effect"] for line in world.changes]


def adds(world: World) -> list[dict[str, Any]]:
    return [line for line in world.changes if line["path"].endswith("/phone_numbers")]


def table(run: Any) -> dict[str, str]:
    return states(tables(run)[-1])


def log_of(world: World, number: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((world.state / number / "attempt_log.json").read_text())
    return found


def codes_of(run: Any) -> set[str]:
    (event,) = run.results(host="h00", action="wabiz.migration.wa_preflight")
    return {CODE[one["id"]] for one in event["result"]["findings"]}


def test_a_number_moves_by_two_commands_the_lines_and_a_code(world: World) -> None:
    first = world.run(MIGRATE, "-l", "h00", inventory=inventory(world))
    assert first.exit_code == 0, first.transcript
    assert table(first) == {"h00": "waiting for inventory"}
    shown = "\n".join(tables(first)[-1])
    for wanted in (f'wa_migrate_phone_number_id: "{NEW}"', f'wa_migrate_waba_id: "{TARGET}"', "wa_migrate_lane: code"):
        assert wanted in shown
    assert effects(world) == ["number_added"]
    assert (adds(world)[0]["waba_id"], adds(world)[0]["phone_number_id"]) == (TARGET, number_id(0))
    assert adds(world)[0]["body_keys"] == ["cc", "migrate_phone_number", "phone_number", "verified_name"]
    log = log_of(world, number_id(0))
    assert [(one["outcome"], one["new_phone_number_id"]) for one in log["moves"]] == [("moved", NEW)]
    assert log_chain.faults(log) == []

    again = world.run(MIGRATE, "-l", "h00", inventory=inventory(world))
    assert again.exit_code == 0, again.transcript
    assert table(again) == {"h00": "waiting for inventory"}
    assert f'wa_migrate_phone_number_id: "{NEW}"' in "\n".join(tables(again)[-1])
    assert effects(world) == ["number_added"]

    changed = {"lane": "code", "target_waba_id": "-", "phone_number_id": NEW, "waba_id": TARGET}
    there = inventory(world, **changed, accept_loss=["profile"])
    asks = world.run(MIGRATE, "-l", "h00", inventory=there)
    assert asks.exit_code == 0, asks.transcript
    assert table(asks) == {"h00": "waiting for code"}
    done = world.run(MIGRATE, "-l", "h00", "-e", '{"wa_migrate_code": "012-345"}', inventory=there)
    assert done.exit_code == 0, done.transcript
    assert table(done) == {"h00": "moved"}
    assert effects(world) == ["number_added", "subscribed", "code_requested", "code_verified", "registered"]
    assert world.registers == [NEW]
    assert world.changes[1]["waba_id"] == TARGET
    assert world.sim.number(number_id(0))["status"] == "MIGRATED"
    assert log_chain.faults(log_of(world, NEW)) == []

    world.mark()
    last = world.run(MIGRATE, "-l", "h00", inventory=there)
    assert (last.exit_code, table(last)) == (0, {"h00": "unchanged"})
    late = world.run(MIGRATE, "-l", "h00", inventory=inventory(world))
    assert (late.exit_code, table(late)) == (0, {"h00": "waiting for inventory"})
    assert world.changes == []
