# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers that move by a one-time code: a node that is gone, codes from variables and a file, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import catalogue
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    PREFLIGHT,
    World,
    fleet_of,
    input_errors,
    lines,
    number_id,
    states,
    tables,
    when,
)
from ansible_collections.wabiz.migration.tests.support import ansible_run

CODE = {entry.id: code for code, entry in catalogue.CATALOGUE.items()}
ACCEPT = {"accept_loss": ["profile"], "retry_for": 0.2}
CODES = ("012345", "223344", "334455", "445566")
NODE_INPUTS = ("onprem_url", "onprem_password", "onprem_ca_path", "backup_password")


def of_the_code_lane() -> dict[str, Any]:
    content = fleet_of(4, wabas=2)
    for at, number in enumerate(content["numbers"]):
        number.update(code_verification_status="NOT_VERIFIED", codes=[CODES[at]], oba=False)
    return content


FLEET = of_the_code_lane()


def dead(world: World, *numbers: int) -> None:
    for at in numbers:
        world.sim.patch(number_id(at), node={"listening": False})


def effects(world: World) -> list[str]:
    return [line["effect"] for line in world.changes]


def table(run: Any) -> dict[str, str]:
    return states(tables(run)[-1])


def codes_file(world: World, text: str, name: str = "codes.yml", mode: int = 0o600) -> str:
    path = world.where / name
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def test_no_number_takes_the_lane_without_the_word_of_a_person(world: World) -> None:
    dead(world, 0)
    run = world.run(MIGRATE, "-l", "h00", inventory=world.group_vars(world.inventory(), retry_for=0.2))
    assert run.exit_code == 2
    assert "No backup of the number can be had" in lines(run)["h00"]
    assert "wa_migrate_accept_loss: [profile]" in lines(run)["h00"]
    assert world.changes == []


def test_a_dead_node_moves_in_two_commands_and_a_code(world: World) -> None:
    dead(world, 0, 1)
    inventory = world.group_vars(world.inventory(), **ACCEPT)
    first = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert first.exit_code == 0, first.transcript
    assert table(first) == {"h00": "waiting for code"}
    shown = tables(first)[-1]
    assert [line[:6] for line in shown if "waiting for code" in line][1:] == ["+1 555", "Migrat"], shown
    assert effects(world) == ["subscribed", "code_requested"]
    again = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert again.exit_code == 0
    assert effects(world) == ["subscribed", "code_requested"]
    second = world.run(MIGRATE, "-l", "h00", "-e", '{"wa_migrate_code": "012-345"}', inventory=inventory)
    assert second.exit_code == 0, second.transcript
    assert table(second) == {"h00": "moved"}
    assert effects(world) == ["subscribed", "code_requested", "code_verified", "registered"]
    assert world.registers == [number_id(0)]
    assert world.moved == {number_id(0)}
    world.mark()
    third = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert third.exit_code == 0
    assert table(third) == {"h00": "unchanged"}
    assert world.changes == []
    assert "012345" not in first.transcript + again.transcript + second.transcript + third.transcript


@pytest.mark.parametrize("lane", ["auto", "code"])
def test_a_number_that_moved_without_a_backup_needs_none_afterwards(world: World, lane: str) -> None:
    dead(world, 0)
    world.sim.patch(number_id(0), code_verification_status="VERIFIED")
    inventory = world.group_vars(world.inventory(), **ACCEPT, lane=lane)
    if lane == "code":
        del inventory["all"]["children"]["wa_onprem"]["vars"]["wa_migrate_backup_password"]
    assert world.run(MIGRATE, "-l", "h00", inventory=inventory).exit_code == 0
    assert world.moved == {number_id(0)}
    again = world.run(MIGRATE, "-l", "h00", inventory=world.group_vars(inventory, restore_profile=True))
    assert again.exit_code == 0, again.transcript
    assert world.registers == [number_id(0)]


def test_a_number_that_waits_for_its_code_is_left_alone_while_its_batch_soaks(world: World) -> None:
    dead(world, 0)
    world.sim.patch(number_id(1), code_verification_status="VERIFIED")
    world.sim.patch(number_id(2), code_verification_status="VERIFIED")
    play = {"name": "Own", "hosts": "wa_onprem", "gather_facts": False, "serial": 2}
    book = ansible_run.as_yaml(world.where / "own.yml", [{**play, "roles": ["wabiz.migration.wa_migrate"]}])
    inventory = world.group_vars(world.inventory(), **ACCEPT, soak=1)
    run = world.run(book, "-l", "h00,h01,h02", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert table(run)["h02"] == "moved" and world.moved == {number_id(1), number_id(2)}
    assert effects(world).count("code_requested") == 1


def test_the_first_numbers_show_whether_the_lane_works(world: World) -> None:
    dead(world, 0, 1, 2)
    inventory = world.group_vars(world.inventory(), **ACCEPT, waves=[1, "100%"])
    run = world.run(MIGRATE, "-l", "h00,h01,h02", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert table(run) == {"h00": "waiting for code", "h01": "not started", "h02": "not started"}
    assert any("No further wave starts" in line for line in tables(run)[-1])
    assert effects(world).count("code_requested") == 1


def test_both_lanes_in_one_run_and_no_limit_counts_a_number_that_waits(world: World) -> None:
    dead(world, 1, 3)
    for at in (0, 2):
        world.sim.patch(number_id(at), code_verification_status="VERIFIED")
    inventory = world.group_vars(world.inventory(), **ACCEPT, waves=["100%"], max_failed=0)
    run = world.run(MIGRATE, inventory=inventory)
    assert run.exit_code == 0, run.transcript
    waits = "waiting for code"
    assert table(run) == {"h00": "moved", "h01": waits, "h02": "moved", "h03": waits}
    path = codes_file(world, f'h01: "{CODES[1]}"\n"{FLEET["numbers"][3]["display_phone_number"]}": 445 566\n')
    after = world.run(MIGRATE, inventory=world.group_vars(inventory, codes_file=path))
    assert after.exit_code == 0, after.transcript
    assert table(after)["h01"] == table(after)["h03"] == "moved"
    assert effects(world).count("code_requested") == effects(world).count("code_verified") == 2
    assert len(world.registers) == 4


def test_a_run_can_wait_for_the_codes_in_the_file(world: World) -> None:
    dead(world, 0, 1)
    path = world.where / "codes.csv"
    inventory = world.group_vars(world.inventory(), **ACCEPT, waves=["100%"], codes_file=str(path), code_wait=60)

    def write() -> None:
        part = world.where / "part"
        part.touch(mode=0o600)
        part.write_text(f"number,code\n{number_id(0)},012-345\nh01,{CODES[1]}\n")
        part.rename(path)

    with when(lambda: effects(world).count("code_requested") == 2, write):
        run = world.run(MIGRATE, "-l", "h00,h01", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert table(run) == {"h00": "moved", "h01": "moved"}
    assert effects(world).count("code_verified") == 2


def test_a_wait_for_codes_ends_and_the_numbers_go_on_waiting(world: World) -> None:
    dead(world, 0)
    path = str(world.where / "codes.yml")
    inventory = world.group_vars(world.inventory(), **ACCEPT, codes_file=path, code_wait=1)
    run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert table(run) == {"h00": "waiting for code"}


def test_a_number_without_a_node_needs_no_input_of_one(world: World) -> None:
    world.sim.patch(number_id(0), code_verification_status="VERIFIED")
    inventory = world.group_vars(world.inventory(), accept_loss=["profile"], lane="code")
    stated = inventory["all"]["children"]["wa_onprem"]
    for place in (stated["vars"], *stated["hosts"].values()):
        for name in NODE_INPUTS:
            place.pop("wa_migrate_" + name, None)
    run = world.run(MIGRATE, "-l", "h00,h01", inventory=world.group_vars(inventory, waves=["100%"]))
    assert run.exit_code == 0, run.transcript
    # verified already: no code is asked for
    assert table(run) == {"h00": "moved", "h01": "waiting for code"}
    assert world.registers == [number_id(0)]
    assert not [line for line in world.requests if line["api"] == "onprem"]


@pytest.mark.parametrize(
    "patch",
    [
        {"expire_timestamp": 1760000000, "connected": False},
        {"registered": False, "connected": False},
        {"first_login": True},
    ],
)
def test_a_node_that_can_make_no_backup(world: World, patch: dict[str, Any]) -> None:
    world.sim.patch(number_id(0), node=patch)
    run = world.run(MIGRATE, "-l", "h00", inventory=world.group_vars(world.inventory(), **ACCEPT))
    assert run.exit_code == 0, run.transcript
    assert table(run) == {"h00": "waiting for code"}


@pytest.mark.parametrize("patch", [{"connected": False}, {"password": "Another-1"}])
def test_a_node_that_may_come_back_keeps_its_lane(world: World, patch: dict[str, Any]) -> None:
    world.sim.patch(number_id(0), node=patch)
    run = world.run(MIGRATE, "-l", "h00", inventory=world.group_vars(world.inventory(), **ACCEPT))
    assert run.exit_code == 2
    assert table(run) == {"h00": "blocked"}
    assert world.changes == []


def test_an_official_account_is_lost_only_by_its_own_word(world: World) -> None:
    dead(world, 0)
    world.sim.patch(number_id(0), oba=True)
    run = world.run(PREFLIGHT, "-l", "h00", inventory=world.group_vars(world.inventory(), **ACCEPT))
    assert "wa_migrate_accept_loss: [profile, official_business_account]" in lines(run)["h00"]


def test_a_number_on_neither_api_is_registered_in_this_lane(world: World) -> None:
    world.sim.patch(number_id(0), location="none", code_verification_status="VERIFIED", node={"connected": False})
    inventory = world.group_vars(world.inventory(), accept_loss=["profile"], lane="code")
    run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert world.registers == [number_id(0)]


def test_a_wrong_code_is_sent_once(world: World) -> None:
    dead(world, 0)
    inventory = world.group_vars(world.inventory(), **ACCEPT)
    world.run(MIGRATE, "-l", "h00", inventory=inventory)
    for _run in range(2):
        run = world.run(MIGRATE, "-l", "h00", "-e", '{"wa_migrate_code": "999999"}', inventory=inventory)
        assert run.exit_code == 2
        assert table(run) == {"h00": "failed"}
    assert [line["path"].rpartition("/")[2] for line in world.changes if "code" in line["path"]] == [
        "request_code",
        "verify_code",
    ]
    assert world.registers == []


def test_check_mode_asks_for_nothing(world: World) -> None:
    dead(world, 0)
    run = world.run(MIGRATE, "-l", "h00", "--check", inventory=world.group_vars(world.inventory(), **ACCEPT))
    assert run.exit_code == 0, run.transcript
    assert world.changes == []
    assert "A code would be asked for by SMS (en_US)" in lines(run)["h00"]


def found(run: Any) -> set[str]:
    """Return the codes of the findings that preflight lists for the first host."""
    (event,) = run.results(host="h00", action="wabiz.migration.wa_preflight")
    return {CODE[one["id"]] for one in event["result"]["findings"]}


def refuse(world: World, subcode: int) -> None:
    match = {"method": "POST", "path": "/request_code$", "phone_number_id": number_id(0)}
    error = {"message": "x", "code": 136024, "error_subcode": subcode, "error_user_msg": "Wait 1 hour."}
    body = {"kind": "status", "status": 400, "body": {"error": error}}
    world.sim.admin("POST", "/faults", json=[{"match": match, "fault": body}])


def test_preflight_reports_the_lane_and_the_pending_code(world: World) -> None:
    dead(world, 0)
    bare = world.run(PREFLIGHT, "-l", "h00", inventory=world.group_vars(world.inventory(), retry_for=0.2))
    assert "no_backup_possible" in found(bare)
    inventory = world.group_vars(world.inventory(), **ACCEPT)
    assert "code_lane" in found(world.run(PREFLIGHT, "-l", "h00", inventory=inventory))
    world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert {"code_lane", "code_pending"} <= found(world.run(PREFLIGHT, "-l", "h00", inventory=inventory))


@pytest.mark.parametrize(("subcode", "code"), [(2388367, "code_limit"), (2388091, "code_refused")])
def test_a_refusal_of_meta_keeps_further_requests_back(world: World, subcode: int, code: str) -> None:
    dead(world, 0)
    refuse(world, subcode)
    inventory = world.group_vars(world.inventory(), **ACCEPT)
    first = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert first.exit_code == 2
    assert table(first) == {"h00": "failed"}
    again = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert code in found(again)
    assert table(again) == {"h00": "blocked"}
    assert len([line for line in world.changes if line["path"].endswith("/request_code")]) == 1


BAD_FILES = (
    ("h00: 12345\n", 0o600, "six digits"),
    ('h00: "098712"\nh00: "111111"\n', 0o600, "has a code already"),
    ('elsewhere: "098712"\n', 0o600, "no host elsewhere"),
    ('h00: "098712"\n', 0o644, "can be read by others"),
    ('h00: "0987', 0o600, "half written"),
    ('h00: "098712"\n"100000000000000": "111111"\n', 0o600, "two codes"),
)


@pytest.mark.parametrize(("text", "mode", "why"), BAD_FILES)
def test_a_file_that_cannot_be_used_ends_the_run_before_its_first_request(
    world: World, text: str, mode: int, why: str
) -> None:
    path = codes_file(world, text, mode=mode)
    inventory = world.group_vars(world.inventory(), **ACCEPT, codes_file=path)
    run = world.run(MIGRATE, inventory=inventory)
    assert run.exit_code != 0
    assert any(why in error for error in input_errors(run)[""]), input_errors(run)
    assert world.requests == []
    assert "098712" not in run.transcript


def test_one_code_for_several_hosts_is_refused(world: World) -> None:
    run = world.run(MIGRATE, "-e", '{"wa_migrate_code": "123456"}', inventory=world.group_vars(world.inventory()))
    assert run.exit_code != 0
    assert "the same code for h00, h01" in " ".join(input_errors(run)[""])
    assert world.requests == []
