# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every finding of the catalogue through the preflight playbook: a number that has it, and one that has not.

All numbers are in one fleet and one run, so this is also the test that a sick fleet gets all of it reported at once.
Each has exactly the findings that its case names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import catalogue
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import versions
from ansible_collections.wabiz.migration.tests.integration.playbooks.finding_cases import (
    CASES,
    OF_APP,
    Case,
    prepared,
    the_fleet,
)
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
        "test_code_lane.py": ("no_backup_possible", "code_lane", "code_pending", "code_limit", "code_refused"),
        "test_another_waba.py": (
            *("another_waba", "in_target_waba", "moved_away", "move_unconfirmed", "move_untold"),
            *("move_name", "move_two_step", "move_test_number", "move_target"),
        ),
        "test_wait.py": ("busy", "traffic_unknown", "outside_window", "frozen"),
        "test_webhook.py": (
            *("webhook_unreachable", "webhook_challenge", "webhook_any_token", "webhook_event", "webhook_forged"),
            *("webhook_unsigned", "webhook_not_tried", "webhook_not_sent", "webhook_user_id"),
        ),
        "test_purpose.py": ("purpose_prohibited", "purpose_soon", "purpose_exempt", "purpose_undeclared"),
        "test_echo.py": ("no_event",),
        "test_lint.py": ("app_not_ready", "app_differs", "app_not_linted"),
        "test_plan.py": ("plan_changed",),
        "test_container.py": ("state_not_durable",),
        "test_recovery.py": ("wrong_pin", "after_wrong_pin", "recovery_backup"),
        "test_rollback.py": ("onprem_closed", "node_said_nothing", "still_on_cloud", "register_open"),
        "test_retire.py": (
            *(
                "export_incomplete",
                "template_not_usable",
                "notice_not_confirmed",
                "quality_low",
                "number_not_confirmed",
            ),
        ),
        "test_recover.py": ("new_pin_tried",),
        "test_waivers.py": ("waiver_far", "waiver_ends", "waiver_unused"),
        "test_differences.py": (
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
    wording = "WM179 warning: Graph refuses the app access token"
    assert [row for row in tables(reported.run)[0] if wording in row]


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
    for path in ("health", "stickerpacks", "certificates/webhooks/ca"):
        assert on_node.count(f"/v1/{path}") == 1, (path, on_node)
