# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing was lost, as the comparison shows: a snapshot before, a comparison after, a profile that is put back."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
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
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
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


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator.start(tmp_path_factory.mktemp("simulator"), FLEET) as sim:
        yield sim
        assert "Traceback" not in sim.log, sim.log


@pytest.fixture
def world(running: Simulator, tmp_path: Path) -> World:
    running.admin("POST", "/reset")
    return World(running, FLEET, tmp_path)


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
    assert "The profile photo was there and is not there" in line and "upload the photo" in line


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
    assert [line["effect"] for line in world.changes] == ["profile_set"]
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
    # the badge and the photo stay lost, and the text that somebody has set is reported as another one
    assert sorted(differences(compared["result"])) == ["WM184", "WM188", "WM190"]
    assert "restore_profile" not in str(compared["result"]["differences"]), (
        "it is set, and there is nothing to put back"
    )


@dataclass(frozen=True)
class Case:
    """One number with a WABA of its own: how it differs, what happens to it between two runs, and what they find."""

    first: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    number: Mapping[str, Any] = field(default_factory=dict)
    node: Mapping[str, Any] = field(default_factory=dict)
    patch: Mapping[str, Any] = field(default_factory=dict)
    waba: Mapping[str, Any] = field(default_factory=dict)
    fault: Mapping[str, Any] = field(default_factory=dict)
    host: Mapping[str, Any] = field(default_factory=dict)
    message: Mapping[str, tuple[Any, Any, Any]] = field(default_factory=dict)


UNSET_APP = "700000000000004"
UNSET = "EAATokenOfAnAppWithoutCallback"
APP_CALLBACK = f"https://app-{fleet.APP_ID}.example.com/webhooks"
NO_PHOTO = {name: value for name, value in PROFILE.items() if name not in ("photo", "vertical")}
CASES = {
    "nothing": Case(),
    "number": Case(
        then=("WM180", "WM181", "WM182", "WM183", "WM184"),
        number={"oba": True},
        patch={
            "verified_name": "Another",
            "code_verification_status": "EXPIRED",
            "quality_rating": "RED",
            "messaging_limit_tier": "TIER_50",
            "oba": False,
        },
        message={
            "WM183": ("messaging_limit", "TIER_1K", "TIER_50"),
            "WM184": ("is_official_business_account", True, False),
        },
    ),
    "waba": Case(
        then=("WM185", "WM186", "WM187", "WM191"),
        waba={
            "status": "RESTRICTED",
            "templates": [
                {"name": "template_7", "status": "PAUSED"},
                {"name": "template_128", "status": "DELETED"},  # on the second page
                {"name": "template_9", "category": "MARKETING"},
            ],
        },
        message={
            "WM186": ("template template_128 en_US", "APPROVED", None),
            "WM187": ("template template_7 en_US", "APPROVED", "PAUSED"),
            "WM191": ("template template_9 en_US", "UTILITY", "MARKETING"),
        },
    ),
    "another number": Case(then=("WM189",), patch={"display_phone_number": "+1 555-000-9999"}),
    # only what cannot be put back, because putting it back is what lets a moved number be compared again
    "profile": Case(
        then=("WM188", "WM190", "WM196"),
        number={"quality_rating": "YELLOW"},
        patch={"cloud_profile": {**NO_PHOTO, "vertical": "RETAIL", "about": "By hand"}, "quality_rating": "GREEN"},
        message={
            "WM188": ("profile_photo", True, False),
            "WM190": ("profile_about", "Open all day", "By hand"),
            "WM196": ("quality_rating", "YELLOW", "GREEN"),
        },
    ),
    "node": Case(
        ("WM193",),
        ("WM192", "WM193"),
        number={"switches": {"old_node": "connected"}},
        node={"multiconnect": True, "shards": 2},
        patch={"throughput_upgraded": False},
    ),
    "webhook": Case(
        then=("WM194", "WM199"),
        host={"wa_migrate_access_token": UNSET, "wa_migrate_onprem_password": "Wrong-Passw0rd"},
    ),
    "endpoint": Case(
        ("WM195",),
        ("WM195", "WM197"),
        node={"webhooks": {"url": APP_CALLBACK}},
        fault={"api": "graph", "path": "/whatsapp_business_profile$"},
    ),
    "moved before": Case(("WM198",), ("WM198",), number={"location": "cloud"}),
}


def fleet_of_cases() -> dict[str, Any]:
    content = fleet_of(len(CASES), wabas=len(CASES))
    content["extra_tokens"] = [{"token": UNSET, "app_id": UNSET_APP, "webhook": None}]
    for number, waba, case in zip(content["numbers"], content["wabas"], CASES.values(), strict=True):
        number.update({"oba": False, **case.number})
        number["node"].update({"multiconnect": False, "shards": 1, "profile": dict(PROFILE), **case.node})
        waba["templates"] = [{"name": f"template_{at}"} for at in range(130)]
        waba["subscribed_apps"] = [{"id": fleet.APP_ID}, {"id": UNSET_APP}]
    return content


def compared(run: Run) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the differences of each case by their IDs."""
    found = {}
    for at, name in enumerate(CASES):
        (event,) = run.results(action="wabiz.migration.wa_compare", host=f"h{at:02d}")
        rows = event["result"]["differences"]
        found[name] = {row["id"]: row for row in rows}
        assert len(found[name]) == len(rows), rows
    return found


def test_every_difference_is_named_for_the_number_that_has_it_and_for_no_other(tmp_path: Path) -> None:
    """All numbers move in one run. Then something happens to each, and a second run names just that."""
    content = fleet_of_cases()
    with Simulator.start(tmp_path / "simulator", content) as sim:
        world = World(sim, content, tmp_path)
        # a number that has moved is compared again where there is something to do for it
        stated = {"waves": "100%", "on_difference": "continue", "restore_profile": True, "purpose": "customer_support"}
        run = world.run(MIGRATE, inventory=world.group_vars(world.inventory(), **stated))
        assert run.exit_code == 0, run.transcript
        assert {name: tuple(found) for name, found in compared(run).items()} == {
            name: case.first for name, case in CASES.items()
        }
        for at, case in enumerate(CASES.values()):
            sim.patch(number_id(at), **case.patch)
            sim.admin("POST", f"/wabas/{content['wabas'][at]['id']}", json=dict(case.waba))
            if case.fault:
                sim.fault("graph_error", {**case.fault, "phone_number_id": number_id(at)}, code=200)
        world.mark()
        hosts = {f"h{at:02d}": case.host for at, case in enumerate(CASES.values())}
        again = world.run(MIGRATE, inventory=world.group_vars(world.inventory(**hosts), **stated))
        assert world.changes == []
        assert "Traceback" not in sim.log, sim.log
    after = compared(again)
    assert {name: tuple(sorted(found)) for name, found in after.items()} == {
        name: case.then for name, case in CASES.items()
    }
    for name, case in CASES.items():
        for found_id, message in case.message.items():
            found = after[name][found_id]
            assert (found["fact"], found["was"], found["now"]) == message
        assert all(found["meaning"] and found["fix"] and found["source"] for found in after[name].values())


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
