# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The purpose of a number: declared and allowed, declared and prohibited, and not declared."""

from __future__ import annotations

from typing import Any

from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    PREFLIGHT,
    World,
    input_errors,
    lines,
    number_id,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run

HOSTS: dict[str, dict[str, Any]] = {
    "h00": {"wa_migrate_purpose": "customer_support"},
    "h01": {"wa_migrate_purpose": "general_purpose_assistant"},
    "h02": {},
}
RULES = [
    {"purpose": "polls", "meaning": "asking people"},
    {
        "purpose": "lottery",
        "meaning": "games of chance",
        "prohibited_since": "2020-01-01",
        "reason": "It is forbidden here",
        "sources": ["our lawyers, 2020-01-01"],
        "exemptions": [
            {
                "name": "where the fleet is",
                "country_codes": ["1"],
                "confidence": "high",
                "lifts": True,
                "message": "they allow it",
                "source": "our lawyers",
            }
        ],
    },
    {
        "purpose": "oracle",
        "meaning": "telling the future",
        "prohibited_since": "2999-01-01",
        "reason": "It will be forbidden",
        "sources": ["the oracle"],
    },
]


def found(run: Run, host: str) -> dict[str, dict[str, Any]]:
    result = run.result(host, "Preflight | Read both APIs and list findings")
    return {one["id"]: one for one in result["findings"] if "WM170" <= one["id"] <= "WM173"}


def test_three_hosts(world: World) -> None:
    inventory = world.group_vars(world.inventory(**HOSTS), on_blocker="continue")
    run = world.run(MIGRATE, "-l", "h00,h01,h02", inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert states(tables(run)[-1]) == {"h00": "moved", "h01": "blocked", "h02": "moved"}
    assert world.moved == {number_id(0), number_id(2)}
    assert found(run, "h00") == {}
    (prohibited,) = found(run, "h01").values()
    assert (prohibited["id"], prohibited["severity"]) == ("WM170", "blocker")
    for piece in ("2026-01-15", "incidental", "export the chats by hand", "No exemption is known"):
        assert piece in prohibited["seen"]
    assert "WM170" in lines(run)["h01"]
    (undeclared,) = found(run, "h02").values()
    assert (undeclared["id"], undeclared["severity"]) == ("WM173", "warning")
    assert "customer_support (" in undeclared["fix"]


def test_an_assistant_may_move_where_it_is_permitted(world: World) -> None:
    world.sim.patch(number_id(0), display_phone_number="+49 30 555 0100", node={"wa_id": "49305550100"})
    inventory = world.inventory(h00={"wa_migrate_purpose": "general_purpose_assistant"})
    run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert world.moved == {number_id(0)}
    (exempt,) = found(run, "h00").values()
    assert (exempt["id"], exempt["severity"]) == ("WM172", "warning")
    assert "free of charge since 2026-05-13" in exempt["seen"] and "general_purpose_ai" in exempt["seen"]


def test_rules_of_the_user(world: World) -> None:
    hosts = {f"h{at:02d}": {"wa_migrate_purpose": word} for at, word in enumerate(("polls", "lottery", "oracle"))}
    inventory = world.group_vars(world.inventory(**hosts), purpose_rules=RULES)
    run = world.run(PREFLIGHT, "-l", "h00,h01,h02", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert [list(found(run, f"h{at:02d}")) for at in range(3)] == [[], ["WM172"], ["WM171"]]


def test_faults_of_the_rules_and_a_word_that_nobody_knows(world: World) -> None:
    hosts: dict[str, dict[str, Any]] = {
        "h00": {"wa_migrate_purpose": "chatting"},
        "h01": {"wa_migrate_purpose_rules": [{"purpose": "two words", "lifts": True}, {"purpose": "x"}]},
        "h02": {"wa_migrate_purpose_rules": RULES, "wa_migrate_purpose": "customer_support"},
    }
    run = world.run(MIGRATE, "-l", "h00,h01,h02", inventory=world.inventory(**hosts))
    assert run.exit_code not in (0, 250), run.transcript
    assert world.requests == []
    message = {
        "h00": ("wa_migrate_purpose: must be one of customer_support, notifications",),
        "h01": ("wa_migrate_purpose_rules: rule 1: lifts: there is no such key", "rule 1: meaning: missing", "rule 2:"),
        "h02": ("wa_migrate_purpose: must be one of polls, lottery, oracle, got 'customer_support'",),
    }
    for host, pieces in message.items():
        for piece in pieces:
            assert piece in "\n".join(input_errors(run)[host]), run.transcript
