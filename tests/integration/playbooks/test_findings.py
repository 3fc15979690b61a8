# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every finding of the catalogue through the preflight playbook: a number that has it, and one that has not.

All numbers are in one fleet and one run, so this is also the test that a sick fleet gets all of it reported at once.
Each has exactly the findings that its case names.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import catalogue
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import versions
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import times
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    PREFLIGHT,
    World,
    lines,
    number_id,
    tables,
)
from ansible_collections.wabiz.migration.tests.support import ansible_run
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet

# Findings that other files bring about.
ELSEWHERE: dict[str, str] = {
    code: f"tests/integration/playbooks/{file}"
    for file, codes in {
        "test_failure_limit.py": ("paused",),
        "test_wait.py": ("busy", "traffic_unknown", "outside_window", "frozen"),
        "test_webhook.py": (
            *("webhook_unreachable", "webhook_challenge", "webhook_any_token", "webhook_event", "webhook_forged"),
            *("webhook_unsigned", "webhook_not_tried", "webhook_not_sent", "webhook_user_id"),
        ),
        "test_purpose.py": ("purpose_prohibited", "purpose_soon", "purpose_exempt", "purpose_undeclared"),
        "test_plan.py": ("plan_changed",),
        "test_container.py": ("state_not_durable",),
        "test_recovery.py": ("wrong_pin", "after_wrong_pin", "recovery_backup"),
        "test_waivers.py": ("waiver_far", "waiver_ends", "waiver_unused"),
        "test_comparison.py": (
            *("display_name_lost", "verification_lost", "quality_lost", "messaging_limit_lost", "oba_lost"),
            *("waba_lost", "template_lost", "template_unusable", "profile_lost", "number_differs", "profile_changed"),
            *("fact_changed", "throughput_not_high", "still_serving", "webhook_missing", "webhook_old_endpoint"),
            *("fact_improved", "not_comparable", "no_snapshot", "node_unclear"),
        ),
    }.items()
    for code in codes
}
# Findings that no fleet can show: the input is refused before, or this machine cannot play it. The rule has a test.
RULE_ONLY = {
    "no_pin": "tests/unit/plugins/module_utils/_core/cutover/test_pin.py",
    "bad_pin": "tests/unit/plugins/module_utils/_core/cutover/test_pin.py",
    "no_backup_password": "tests/unit/plugins/module_utils/_core/cutover/test_gate.py",
    "override_kept": "tests/unit/plugins/module_utils/_core/checks/test_subscription.py",
}
# The notes on a good number of these fleets: it would move, and that is for good.
ALWAYS = {"one_way"}

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
    Case("", message="No blockers and no warnings"),
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
    Case("not_readable", fault=refuse(1005, api="onprem", path="/profile/photo$"), message="photo: "),
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


@dataclass(frozen=True)
class Report:
    """The run over the sick fleet."""

    run: Run
    world: World

    def found(self, at: int) -> list[Mapping[str, Any]]:
        """Return the findings of a number that this file is about."""
        result = self.run.result(f"h{at:02d}", "Preflight | Read both APIs and list findings")
        assert "findings" in result, result
        elsewhere = {catalogue.CATALOGUE[code].id for code in ELSEWHERE}
        return [found for found in result["findings"] if found["id"] not in elsewhere]


CODE = {entry.id: code for code, entry in catalogue.CATALOGUE.items()}


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    where = tmp_path_factory.mktemp("findings")
    content = the_fleet(CASES)
    with Simulator.start(where / "simulator", content) as sim:
        world = World(sim, content, where)
        inventory = prepared(world, CASES)
        world.mark()
        yield Report(world.run(PREFLIGHT, inventory=inventory), world)
        assert "Traceback" not in sim.log, sim.log


@pytest.mark.parametrize("at", range(len(CASES)), ids=[f"{at}-{case.code or 'good'}" for at, case in enumerate(CASES)])
def test_a_number_has_exactly_what_its_case_is_for(reported: Report, at: int) -> None:
    case = CASES[at]
    found = reported.found(at)
    wanted = ({case.code} | set(case.also) | ALWAYS) - set(case.without) - {""}
    assert {CODE[one["id"]] for one in found} == wanted, found
    for one in found:
        entry = catalogue.CATALOGUE[CODE[one["id"]]]
        assert (one["severity"], one["source"]) == (entry.severity, entry.source)
        assert one["fix"] and one["number"] in (content_digits(reported, at), case_id(reported, at))
    if case.message and case.code:
        wording = " ".join(f"{one['seen']} {one['fix']}" for one in found if CODE[one["id"]] == case.code)
        assert case.message in wording


def test_a_refused_app_access_token_is_in_the_table(reported: Report) -> None:
    """Not only where somebody asks for the notes with --diff."""
    at = next(at for at, case in enumerate(CASES) if case.code == "app_token_refused" and not case.also)
    (row,) = [row for row in tables(reported.run)[0] if f"  h{at:02d} " in row]
    assert "WM179 warning: Graph refuses the app access token" in row, row


def content_digits(reported: Report, at: int) -> str:
    return "".join(char for char in reported.world.content["numbers"][at]["display_phone_number"] if char.isdigit())


def case_id(reported: Report, at: int) -> str:
    return str(CASES[at].host.get("wa_migrate_phone_number_id", number_id(at)))


@pytest.mark.parametrize("code", sorted(set(catalogue.CATALOGUE) - set(ELSEWHERE) - set(RULE_ONLY)))
def test_every_finding_has_a_number_with_it_and_one_without(reported: Report, code: str) -> None:
    assert any(code in (case.code, *case.also, *ALWAYS - set(case.without)) for case in CASES), "it needs a case"
    has = [any(CODE[one["id"]] == code for one in reported.found(at)) for at in range(len(CASES))]
    assert any(has) and not all(has)


@pytest.mark.parametrize("code", sorted({**ELSEWHERE, **RULE_ONLY}))
def test_what_is_shown_elsewhere_is_shown_there(code: str) -> None:
    text = (ansible_run.ROOT / {**ELSEWHERE, **RULE_ONLY}[code]).read_text()
    assert f'"{code}"' in text or catalogue.CATALOGUE[code].id in text
    assert code not in {case.code for case in CASES}


def test_a_sick_fleet_reports_all_at_once_by_reading(reported: Report) -> None:
    assert reported.run.exit_code not in (0, 250), reported.run.transcript
    assert {line["kind"] for line in reported.world.requests} == {"read", "login"}
    assert not [line for line in reported.world.requests if line["token_in_query"]]
    verdicts = lines(reported.run)
    assert len(verdicts) == len(CASES)
    for at in range(len(CASES)):
        for one in reported.found(at):
            if one["severity"] == catalogue.BLOCKER:
                assert one["id"] in verdicts[f"h{at:02d}"], one


def test_no_secret_is_reported(reported: Report) -> None:
    for secret in (OF_APP, fleet.TOKEN, fleet.PASSWORD, "of-deaf-app", "Wrong-Passw0rd", "of-last-year"):
        assert secret not in reported.run.output, secret
    seen = "".join(one["seen"] for at in range(len(CASES)) for one in reported.found(at))
    assert "https://hooks.example.com/in" in seen and "hidden-secret" not in seen


def test_what_numbers_share_is_read_once(reported: Report) -> None:
    """Numbers with the same token share its facts, and those with the same app token what the app listens to."""
    good = [
        at
        for at, case in enumerate(CASES)
        if not {"wa_migrate_access_token", "wa_migrate_graph_version"} & set(case.host)
    ]
    assert len(good) > 20
    asked = [line["path"] for line in reported.world.requests if line["api"] == "graph"]
    assert asked.count(f"/{versions.DEFAULT}/debug_token") <= len(CASES) - len(good) + 1
    tokens = {case.host.get("wa_migrate_access_token") for case in CASES}
    assert asked.count(f"/{versions.DEFAULT}/{fleet.APP_ID}/subscriptions") <= len(tokens)


def test_a_healthy_fleet_is_read_only_and_ends_well(tmp_path: Path) -> None:
    cases = (*(Case("") for _at in range(3)), Case("", number={"location": "cloud"}))
    content = the_fleet(cases)
    for number in content["numbers"]:
        number["waba_id"] = content["wabas"][0]["id"]
    with Simulator.start(tmp_path / "simulator", content) as sim:
        world = World(sim, content, tmp_path)
        inventory = prepared(world, cases)
        run = world.run(PREFLIGHT, inventory=inventory)
        assert run.exit_code == 0, run.transcript
        ledger = world.requests
    assert {line["kind"] for line in ledger} == {"read", "login"}
    assert not world.state.exists()
    read = Report(run, world)
    assert [{CODE[one["id"]] for one in read.found(at)} for at in range(4)] == [ALWAYS, ALWAYS, ALWAYS, set()]
    # one WABA, one app, one token: each is read once for all numbers
    shared = [line["path"].split("/", 2)[2] for line in ledger if line["api"] == "graph"]
    waba = content["wabas"][0]["id"]
    for path in (
        "debug_token",
        waba,
        f"{waba}/subscribed_apps",
        f"{waba}/phone_numbers",
        f"{fleet.APP_ID}/subscriptions",
    ):
        assert shared.count(path) == 1, (path, shared)
    on_node = [line["path"] for line in ledger if line["api"] == "onprem" and line["phone_number_id"] == number_id(0)]
    for path in ("health", "stickerpacks", "certificates/external/ca", "certificates/webhooks/ca"):
        assert on_node.count(f"/v1/{path}") == 1, (path, on_node)
