# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing was lost, as the comparison shows: a snapshot before, a comparison after, a profile that is put back."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    BACKUP_PASSWORD,
    MIGRATE,
    World,
    fleet_of,
    lines,
    number_id,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support import ansible_run
from wabiz_simulator import fleet

PROFILE = {
    "about": "Open all day",
    "description": "We sell plants.",
    "address": "1 High St",
    "email": "plants@example.com",
    "websites": ["https://plants.example.com/"],
    "vertical": "Shopping and Retail",
    "photo": "https://node.example.com/photo.jpg",
}
LOST = "WM184 blocker: The Official Business Account status was there and is not there"


def fleet_with_templates() -> dict[str, Any]:
    content = fleet_of(8, wabas=1)
    content["wabas"][0]["templates"] = [{"name": f"template_{at}"} for at in range(130)]
    for at, number in enumerate(content["numbers"]):
        number["node"]["profile"] = dict(PROFILE)
        number["node"]["webhooks"] = {"url": f"https://hooks.example.com/{at}?auth=hush-hush-{at}"}
    return content


FLEET = fleet_with_templates()


def snapshot(world: World, at: int) -> Path:
    return world.state / number_id(at) / "snapshot.json"


def templates_read(world: World) -> int:
    return sum(line["path"].endswith("/message_templates") for line in world.requests)


def differences(result: dict[str, Any]) -> list[str]:
    return [found["id"] for found in result["differences"]]


def test_nothing_was_lost_and_a_second_run_keeps_the_proof(world: World) -> None:
    inventory = world.group_vars(world.inventory(), waves=["100%"])
    run = world.run(MIGRATE, "-l", "h00,h04,h06", "-vvv", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    for host, at in (("h00", 0), ("h04", 4), ("h06", 6)):
        # 17 facts, 130 templates, throughput and webhook
        assert "Nothing was lost (149 facts compared)" in lines(run)[host], lines(run)[host]
        assert stat.S_IMODE(snapshot(world, at).stat().st_mode) == 0o600
        facts = json.loads(snapshot(world, at).read_text())["facts"]
        assert facts["profile_about"] == "Open all day" and len(facts["templates"]) == 130
        assert facts["node_webhook"]["url"] == f"https://hooks.example.com/{at}"
    assert "hush-hush" not in "".join(path.read_text() for path in world.state.glob("*/snapshot.json"))
    # Two pages before and two after, for all three numbers of the wave, besides what preflight reads.
    before_preflight = [line for line in world.requests if line["path"].endswith("/message_templates")]
    assert len(before_preflight) % 2 == 0 and len(before_preflight) <= 6
    for secret in (fleet.TOKEN, fleet.PASSWORD, BACKUP_PASSWORD):
        assert secret not in run.output

    kept = {path: (path.read_text(), path.stat().st_mtime_ns) for path in world.state.glob("*/snapshot.json")}
    assert len(kept) == 3
    world.mark()
    again = world.run(MIGRATE, "-l", "h00,h04,h06", inventory=inventory, variables={"wa_migrate_restore_profile": True})
    assert again.exit_code == 0, again.transcript
    assert world.changes == []
    assert set(states(tables(again)[-1]).values()) == {"unchanged"}
    assert kept == {path: (path.read_text(), path.stat().st_mtime_ns) for path in kept}


def test_check_mode_writes_no_snapshot(world: World) -> None:
    run = world.run(MIGRATE, "--check", "--diff", "-l", "h00")
    assert run.exit_code == 0, run.transcript
    assert world.changes == [] and not world.state.exists()
    (taken,) = run.results(action="wabiz.migration.wa_snapshot")
    assert taken["result"]["changed"] is True
    assert run.results(action="wabiz.migration.wa_compare") == []


def test_a_badge_and_a_profile_lost_without_a_backup_stop_the_next_wave(world: World) -> None:
    inventory = world.group_vars(world.inventory(), without_backup=True, waves=[1, 1])
    run = world.run(MIGRATE, "-l", "h06,h07", inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert world.registers == [number_id(6)]
    assert states(tables(run)[-1])["h06"] == "failed"
    line = lines(run)["h06"]
    assert LOST in line and "registered without a backup" in line and "stays on the Cloud API" in line
    for name in ("about", "description", "address", "email", "websites", "vertical"):
        assert f"The profile's {name} was" in line, name
    assert "The profile photo was there and is not there" in line


def test_the_profile_is_put_back_and_a_second_run_leaves_it_alone(world: World) -> None:
    inventory = world.group_vars(world.inventory(), without_backup=True, waves=[1, 1], on_difference="continue")
    run = world.run(MIGRATE, "-l", "h05,h06", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert sorted(world.registers) == [number_id(5), number_id(6)]
    assert LOST in lines(run)["h06"] and states(tables(run)[-1])["h06"] == "moved"

    world.sim.patch(number_id(6), cloud_profile={"about": "Set by hand since"})
    back = {"wa_migrate_restore_profile": True}
    world.mark()
    reported = world.run(MIGRATE, "--check", "--diff", "-l", "h06", inventory=inventory, variables=back)
    assert reported.exit_code == 0, reported.transcript
    assert world.changes == []
    assert "We sell plants." in reported.stdout
    assert "Would be put back into the profile: address, " in lines(reported)["h06"]

    restored = world.run(MIGRATE, "-l", "h06", inventory=inventory, variables=back)
    assert restored.exit_code == 0, restored.transcript
    assert [line["effect"] for line in world.changes] == ["upload_started", "uploaded", "profile_set"]
    profile = world.sim.number(number_id(6))["cloud_profile"]
    assert profile["about"] == "Set by hand since"
    assert (profile["description"], profile["vertical"]) == ("We sell plants.", "RETAIL")
    assert "Put back into the profile: address, description, email, vertical, websites" in lines(restored)["h06"]
    assert states(tables(restored)[-1])["h06"] == "changed"

    world.mark()
    again = world.run(MIGRATE, "-l", "h06", inventory=inventory, variables=back)
    assert again.exit_code == 0, again.transcript
    assert world.changes == [] and again.recap["h06"]["changed"] == 0
    (compared,) = again.results(action="wabiz.migration.wa_compare")
    # the badge stays lost, and the text that somebody has set is reported as another one
    assert sorted(differences(compared["result"])) == ["WM184", "WM190"]
    assert "restore_profile" not in str(compared["result"]["differences"]), (
        "it is set, and there is nothing to put back"
    )


def test_a_number_whose_register_was_never_confirmed_keeps_its_snapshot(world: World) -> None:
    """Neither side shows the move yet, and what the number is like by now must not pass for what was before."""
    taken = world.run(_book(world), "-l", "h06")
    assert taken.exit_code == 0, taken.transcript
    kept = snapshot(world, 6).read_text()
    log = {
        "format": "wabiz.attempt_log/1",
        "phone_number_id": number_id(6),
        "number": "",
        "revision": 1,
        "lease": None,
        "attempts": [{"at": "2026-01-01T00:00:00Z", "outcome": "intent"}],
    }
    path = snapshot(world, 6).with_name("attempt_log.json")
    path.write_text(json.dumps(log))
    path.chmod(0o600)
    world.sim.patch(number_id(6), oba=False)
    again = world.run(_book(world), "-l", "h06")
    assert again.exit_code == 0, again.transcript
    (result,) = again.results(action="wabiz.migration.wa_snapshot")
    assert (
        result["result"]["taken"] is False and "outcome of a register request is unknown" in result["result"]["reason"]
    )
    assert snapshot(world, 6).read_text() == kept
    path.unlink()
    world.run(_book(world), "-l", "h06")
    assert snapshot(world, 6).read_text() != kept


def test_a_snapshot_that_cannot_be_stored_stops_the_number_before_register(world: World) -> None:
    folder = world.state / number_id(0)
    folder.mkdir(parents=True, mode=0o700)
    world.state.chmod(0o700)
    snapshot(world, 0).symlink_to(world.where / "elsewhere")
    run = world.run(MIGRATE, "-l", "h00")
    assert run.exit_code not in (0, 250), run.transcript
    assert world.registers == []
    assert "symbolic link" in lines(run)["h00"]


def _book(world: World) -> Path:
    """Return a playbook that takes a snapshot, with the connection of the inventory."""
    stated = {
        "phone_number_id": "{{ wa_migrate_phone_number_id }}",
        "waba_id": "{{ wa_migrate_waba_id }}",
        "state_dir": "{{ wa_migrate_state_dir }}",
        "access_token": "{{ wa_migrate_access_token }}",
        "graph_url": "{{ wa_migrate_graph_url }}",
        "graph_ca_path": "{{ wa_migrate_graph_ca_path }}",
        "onprem_url": "{{ wa_migrate_onprem_url }}",
        "onprem_password": "{{ wa_migrate_onprem_password }}",
        "onprem_ca_path": "{{ wa_migrate_onprem_ca_path }}",
    }
    play = {"name": "One", "hosts": "all", "gather_facts": False}
    tasks = [{"name": "only", "wabiz.migration.wa_snapshot": stated, "diff": True}]
    return ansible_run.as_yaml(world.where / "snapshot.yml", [{**play, "tasks": tasks}])
