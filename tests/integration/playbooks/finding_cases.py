# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One number for each finding of the preflight, and the fleet that is made of them."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import times
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import table
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    World,
    number_id,
)
from wabiz_simulator import fleet

OTHER_APP = "700000000000002"
DEAF_APP = "700000000000003"
UNSET_APP = "700000000000004"
APPS = (fleet.APP_ID, OTHER_APP, DEAF_APP, UNSET_APP)
OF_APP = "EAAOfTheAppItself"
TOKENS: tuple[dict[str, Any], ...] = (
    {"token": OF_APP, "app_id": fleet.APP_ID, "of_app": True},
    {"token": "expired", "app_id": fleet.APP_ID, "expires_at": 1},
    {"token": "ends", "app_id": fleet.APP_ID, "expires_at": int(time.time()) + 7200},
    {"token": "ends-in-days", "app_id": fleet.APP_ID, "expires_at": int(time.time()) + 2 * 86400},
    {"token": "data-ends", "app_id": fleet.APP_ID, "data_access_expires_at": int(time.time()) + 7200},
    {"token": "no-messaging", "app_id": fleet.APP_ID, "scopes": ["whatsapp_business_management"]},
    {"token": "of-deaf-app", "app_id": DEAF_APP, "of_app": True, "webhook": {"fields": ["account_update"]}},
    {"token": "deaf", "app_id": DEAF_APP},
    {"token": "of-unset-app", "app_id": UNSET_APP, "of_app": True, "webhook": None},
    {"token": "unset", "app_id": UNSET_APP},
    {"token": "guest", "app_id": fleet.APP_ID, "of_developer": False},
    {"token": "second-guest", "app_id": fleet.APP_ID, "of_developer": False},
)
DAY = 86400
_IN_FOUR_DAYS = datetime.now(UTC) + timedelta(days=4)
LATER = [{"days": [f"{_IN_FOUR_DAYS:%a}".lower()], "hours": "00:00-23:59", "timezone": "UTC"}]


@dataclass(frozen=True)
class Case:
    """One number: how it differs from a good one, and all that is found; ``code`` is what the case is for."""

    code: str
    also: tuple[str, ...] = ()
    number: Mapping[str, Any] = field(default_factory=dict)
    node: Mapping[str, Any] = field(default_factory=dict)
    waba: Mapping[str, Any] = field(default_factory=dict)
    host: Mapping[str, Any] = field(default_factory=dict)
    patch: Mapping[str, Any] = field(default_factory=dict)
    fault: tuple[Mapping[str, Any], Mapping[str, Any]] | None = None
    log: str = ""
    without: tuple[str, ...] = ()
    message: str = ""


def refuse(code: int, **match: Any) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    return match, {"kind": "onprem_error" if match["api"] == "onprem" else "graph_error", "code": code}


LOST = ("unknown_location",)
CASES = (
    Case("", message=table.NO_FINDINGS),
    Case(
        "graph_unreadable",
        host={"wa_migrate_phone_number_id": "999999999999999"},
        message="set wa_migrate_phone_number_id to",
        without=("one_way",),
    ),
    Case(
        "graph_unreadable",
        host={"wa_migrate_phone_number_id": "200000000000000"},
        message="phone_number_id holds the ID of a WhatsApp Business Account (WABA)",
        without=("one_way",),
    ),
    Case(
        "graph_unreadable",
        host={"wa_migrate_phone_number_id": fleet.APP_ID},
        message="phone_number_id holds the ID of an app",
        without=("one_way",),
    ),
    Case(
        "waba_unreadable",
        ("subscription_unreadable", "not_readable"),
        host={"wa_migrate_waba_id": number_id(0)},
        message="waba_id holds the ID of a business phone number",
    ),
    Case("node_unreadable", LOST, host={"wa_migrate_onprem_url": "https://127.0.0.1:1"}, without=("one_way",)),
    Case("neither", ("wrong_node",), number={"location": "none"}, without=("one_way",)),
    Case("unknown_location", ("node_not_serving",), node={"connected": False}, without=("one_way",)),
    Case("cloud_not_connected", number={"location": "cloud"}, patch={"status": "BANNED"}, without=("one_way",)),
    Case("wrong_node", patch={"node": {"wa_id": "4915550001111"}}),
    Case("wrong_waba", host={"wa_migrate_waba_id": "200000000000000"}),
    Case("not_verified", number={"code_verification_status": "EXPIRED"}),
    Case("biz_app", number={"is_on_biz_app": True}, message="Migrate customers"),
    Case("coexistence", number={"location": "cloud", "is_on_biz_app": True}, without=("one_way",)),
    Case("name_unusable", number={"name_status": "NONE"}, message="has no certificate"),
    Case("name_unusable", number={"name_status": "EXPIRED"}, message="has expired"),
    Case("state_directory", log="a file instead"),
    Case("budget", log="used up"),
    Case(
        "host_files",
        ("node_unreadable", *LOST),
        host={"ansible_connection": "elsewhere", "ansible_elsewhere_reachable": False},
        without=("one_way",),
    ),
    Case("subscription_unreadable", fault=refuse(200, api="graph", path="/subscribed_apps$")),
    Case("waba_unreadable", fault=refuse(200, api="graph", path="/phone_numbers$")),
    Case(
        "token_invalid",
        ("graph_unreadable",),
        host={"wa_migrate_access_token": "expired"},
        without=("one_way",),
    ),
    Case("token_expires", host={"wa_migrate_access_token": "ends"}),
    # The same token is good for a number that may move at once, and not for one whose window opens later than it ends.
    Case("", host={"wa_migrate_access_token": "ends-in-days"}),
    Case("token_expires", host={"wa_migrate_access_token": "ends-in-days", "wa_migrate_window": LATER}),
    Case("data_access_expires", host={"wa_migrate_access_token": "data-ends"}),
    Case(
        "other_app",
        ("not_readable",),
        host={"wa_migrate_app_id": OTHER_APP, "wa_migrate_app_access_token": ""},
    ),
    # A token that may not inspect itself is inspected by the app, or its app is stated.
    Case("", host={"wa_migrate_access_token": "guest"}),
    Case(
        "not_readable",
        host={
            "wa_migrate_access_token": "guest",
            "wa_migrate_app_access_token": "",
            "wa_migrate_app_id": fleet.APP_ID,
        },
        message="its app are unknown",
    ),
    Case(
        "app_unknown",
        ("not_readable",),
        host={"wa_migrate_access_token": "guest", "wa_migrate_app_access_token": ""},
        message="an owner or developer of the app",
    ),
    Case(
        "app_unknown",
        ("not_readable",),
        host={"wa_migrate_access_token": "second-guest", "wa_migrate_app_access_token": "of-deaf-app"},
        message="did not match the Viewing App",
    ),
    Case(
        "app_unknown",
        ("not_readable",),
        host={"wa_migrate_access_token": "guest", "wa_migrate_app_access_token": "wrong"},
        message="The app access token cannot inspect it",
    ),
    Case("scope_missing", host={"wa_migrate_access_token": "no-messaging"}, message="whatsapp_business_messaging"),
    Case(
        "app_webhook",
        host={"wa_migrate_access_token": "deaf", "wa_migrate_app_access_token": "of-deaf-app"},
        message="not subscribed to the field messages",
    ),
    Case(
        "app_webhook",
        host={"wa_migrate_access_token": "unset", "wa_migrate_app_access_token": "of-unset-app"},
        message="has no webhook",
    ),
    Case("waba_review", ("waba_health",), waba={"account_review_status": "REJECTED"}, message="REJECTED"),
    Case("business_unverified", ("waba_health",), waba={"business_verification_status": "pending"}),
    Case("waba_health", waba={"status": "RESTRICTED"}, message="its status is RESTRICTED"),
    Case("no_payment", waba={"primary_funding_id": None}, message="no payment method"),
    Case("not_subscribed", waba={"subscribed_apps": []}),
    Case("name_status", number={"name_status": "DECLINED"}, message="DECLINED"),
    Case("quality", number={"quality_rating": "RED"}, message="RED"),
    Case("sandbox", number={"account_mode": "SANDBOX"}),
    Case("number_health", number={"limited_by": "The display name is under review"}, message="under review"),
    Case("official_account", number={"oba": True}),
    Case("without_backup", number={"oba": True}, host={"wa_migrate_without_backup": True}, message="loses that status"),
    Case("node_first_login", LOST, node={"first_login": True}, message="new_password", without=("one_way",)),
    Case("node_login", LOST, host={"wa_migrate_onprem_password": "Wrong-Passw0rd"}, without=("one_way",)),
    Case(
        "node_token",
        LOST,
        host={"wa_migrate_onprem_token": "of-last-year", "wa_migrate_onprem_password": None},
        without=("one_way",),
    ),
    # an unregistered client has no number to tell
    Case(
        "node_not_serving",
        (*LOST, "wrong_node"),
        node={"registered": False},
        message="unregistered",
        without=("one_way",),
    ),
    Case(
        "node_not_serving",
        (*LOST, "wrong_node"),
        node={"multiconnect": True, "registered": False},
        message="core-1",
        without=("one_way",),
    ),
    Case("node_not_ready", LOST, node={"starting": "uninitialized"}, message="database", without=("one_way",)),
    Case("node_not_ready", LOST, node={"starting": "connecting"}, message="connecting", without=("one_way",)),
    Case(
        "gateways_missing",
        ("high_throughput",),
        node={"multiconnect": True, "shards": 2, "gateways_down": 1},
        message="The node has 2 connected gateways, 3 are expected",
    ),
    Case(
        "gateways_missing",
        node={"multiconnect": True, "coreapps_gone": 1},
        message="check if wacore is running: core-2:6252",
    ),
    Case(
        "node_not_ready",
        LOST,
        node={"coreapps_gone": 1},
        message="start the Coreapp wacore on its host",
        without=("one_way",),
    ),
    Case("high_throughput", node={"multiconnect": True, "shards": 2}),
    Case("client_expired", node={"expire_timestamp": 1761177600}, message="2025-10-23"),
    Case("client_expires_soon", node={"expire_timestamp": int(time.time()) + 5 * DAY}),
    Case("stickerpacks", node={"stickerpacks": 2}, message="2 stickerpacks"),
    Case("node_webhooks", node={"webhooks": {"url": "https://hooks.example.com/in?auth=hidden-secret"}}),
    Case("webhook_ca", node={"webhook_ca": True}),
    Case("graph_version", host={"wa_migrate_graph_version": "v20.0"}, message="Graph serves v21.0 in place of v20.0"),
    Case("pin_may_be_wrong", host={"wa_migrate_clear_two_step": False}, message="two-step verification is on"),
    Case("other_run", ("open_attempt",), log="other_run"),
    Case("open_attempt", log="open"),
    Case("clock_skew", host={"ansible_connection": "elsewhere"}, log="late"),
    Case("not_readable", host={"wa_migrate_app_access_token": ""}, message="wa_migrate_app_access_token"),
    Case("not_readable", fault=refuse(1005, api="onprem", path="/stickerpacks$"), message="stickerpacks: "),
    Case(
        "app_token_refused",
        host={"wa_migrate_app_access_token": "of-nobody"},
        message="WABIZ_APP_ACCESS_TOKEN. Or remove",
    ),
    Case(
        "app_token_refused",
        ("other_app",),
        host={"wa_migrate_app_id": OTHER_APP},
        message="webhook fields of app %s" % OTHER_APP,
    ),
)


def the_fleet(cases: tuple[Case, ...]) -> dict[str, Any]:
    content = fleet.generate(len(cases), wabas=len(cases))
    content["extra_tokens"] = list(TOKENS)
    for at, case in enumerate(cases):
        number = content["numbers"][at]
        number.update({"oba": False, **case.number, "pin": f"07{at:04d}"})
        good = {"multiconnect": False, "shards": 1, "webhooks": {}}
        if number["location"] == "none":
            good.update(registered=False, connected=False)
        number["node"].update({**good, **case.node})
        content["wabas"][at].update({"subscribed_apps": [{"id": app} for app in APPS], **case.waba})
    return content


def prepared(world: World, cases: tuple[Case, ...]) -> dict[str, Any]:
    """Bring about what is no part of a fleet file, and return the inventory."""
    hosts = {}
    for at, case in enumerate(cases):
        if case.patch:
            world.sim.patch(number_id(at), **case.patch)
        if case.fault:
            match, fault = case.fault
            about = {"waba_id": str(200000000000000 + at)} if match["api"] == "graph" else {}
            about = about or {"phone_number_id": number_id(at)}
            world.sim.admin("POST", "/faults", json=[{"match": {**match, **about}, "fault": fault}])
        hosts[f"h{at:02d}"] = {**case.host, **recorded(world, number_id(at), case.log)}
    return world.group_vars(
        world.inventory(**hosts),
        app_access_token=OF_APP,
        clear_two_step=True,
        retry_for=0.2,
        purpose="customer_support",
    )


def recorded(world: World, number: str, what: str) -> dict[str, Any]:
    """Put the attempt log of earlier attempts on the host, and return the variables that the case needs beside it."""
    now = time.time()
    own = world.state / number
    if what == "late":
        late = world.where / "late"
        late.mkdir()
        (late / "sitecustomize.py").write_text("import time\nreal = time.time\ntime.time = lambda: real() - 3600\n")
        python = late / "python"
        python.write_text(f'#!/bin/sh\nPYTHONPATH="{late}" exec "{sys.executable}" "$@"\n')
        python.chmod(0o700)
        return {"ansible_python_interpreter": str(python)}
    if not what:
        return {}
    world.state.mkdir(mode=0o700, exist_ok=True)
    if what == "a file instead":
        own.write_text("no directory")
        return {}
    document = attempt_log.fresh(number)
    for at in range(8 if what == "used up" else 1):
        began = now - 3600 + at
        document = attempt_log.with_intent(document, began, began + 60, "another run", "elsewhere", 1, number)
        if what == "used up":
            document = attempt_log.with_outcome(document, began + 1, attempt_log.REFUSED)
    if what == "other_run":
        document["lease"]["until"] = times.utc(now + 3600)
    own.mkdir(mode=0o700)
    path = own / "attempt_log.json"
    path.write_text(attempt_log.dump(document))
    path.chmod(0o600)
    return {}
