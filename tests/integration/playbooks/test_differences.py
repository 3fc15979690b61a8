# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every difference that the comparison knows, for the number that has it and for no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.wabiz.migration.tests.integration.playbooks.test_comparison import PROFILE
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    World,
    fleet_of,
    number_id,
)
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet


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
        # A photo whose file is not kept stays lost.
        (world.state / number_id(list(CASES).index("profile")) / "photo.json").unlink()
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
