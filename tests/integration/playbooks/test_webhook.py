# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Preflight tries the new webhook endpoint once per WABA, and says of every number what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    PREFLIGHT,
    World,
    input_errors,
    lines,
    number_id,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support import certificates, faultserver, hookserver
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run
from ansible_collections.wabiz.migration.tests.support.hookserver import HookServer

Hook = tuple[HookServer, dict[str, Any]]


@pytest.fixture
def hook(tmp_path: Path) -> Iterator[Hook]:
    """An endpoint, and the inputs that it is tried with."""
    certificate = certificates.certificate(tmp_path)
    with HookServer(certificate.context) as server:
        yield (
            server,
            {
                "webhook_url": server.url,
                "webhook_verify_token": hookserver.TOKEN,
                "app_secret": hookserver.SECRET,
                "webhook_ca_path": certificate.path,
                "webhook_timeout": 50,
                "purpose": "customer_support",
            },
        )


def ids(run: Run, host: str) -> set[str]:
    """Return the ids of the findings about the endpoint on this host."""
    result = run.result(host, "Preflight | Read both APIs and list findings")
    return {found["id"] for found in result["findings"] if "WM160" <= found["id"] <= "WM173" or found["id"] == "WM206"}


def test_a_good_endpoint_is_tried_once_per_waba_and_nothing_of_meta_is_changed(world: World, hook: Hook) -> None:
    server, inputs = hook
    run = world.run(PREFLIGHT, "-vvvv", inventory=world.group_vars(world.inventory(), **inputs))
    assert run.exit_code == 0, run.transcript
    assert world.changes == []
    events = [json.loads(one.body)["entry"][0] for one in server.seen if one.method == "POST"]
    accounts = {number["waba_id"] for number in world.content["numbers"]}
    assert len(accounts) == 2
    assert sorted(entry["id"] for entry in events) == sorted([*accounts] * 10)
    own = {number["phone_number_id"]: number for number in world.content["numbers"]}
    for entry in events:
        value = entry["changes"][0]["value"]
        if "metadata" in value:
            number = own[value["metadata"]["phone_number_id"]]
            assert number["waba_id"] == entry["id"]
            shown = "".join(filter(str.isdigit, number["display_phone_number"]))
            assert value["metadata"]["display_phone_number"] == shown
    assert sorted(one.signed for one in server.seen) == ["missing"] * 2 + ["right"] * 18 + ["wrong"] * 4
    assert all(ids(run, f"h{at:02d}") == set() for at in range(10))
    for secret in (hookserver.TOKEN, hookserver.SECRET):
        assert secret not in run.output


def test_every_number_learns_what_is_wrong_with_its_endpoint(world: World, hook: Hook) -> None:
    server, inputs = hook
    server.fault, server.kind = "500", "voice"
    run = world.run(PREFLIGHT, inventory=world.group_vars(world.inventory(), **inputs))
    assert run.exit_code not in (0, 250), run.transcript
    assert set(states(tables(run)[-1]).values()) == {"blocked"}
    for line in lines(run).values():
        assert "WM163 blocker" in line and "Kind audio with voice: true: HTTP 500" in line, line
    assert len(lines(run)) == 10


def test_hosts_with_endpoints_of_their_own(world: World, hook: Hook) -> None:
    """Another address or another secret is another trial; a number that Graph does not show gets no sample events."""
    _server, inputs = hook
    gone = "https://127.0.0.1:%d/hook" % faultserver.free_port()
    hosts: dict[str, dict[str, Any]] = {
        "h01": {"wa_migrate_webhook_url": gone},
        "h02": {"wa_migrate_app_secret": "another-secret"},
        "h03": {"wa_migrate_app_secret": ""},
        "h04": {"wa_migrate_access_token": "not-the-token"},
    }
    del inputs["purpose"]
    run = world.run(
        PREFLIGHT, "-l", "h00,h01,h02,h03,h04", inventory=world.group_vars(world.inventory(**hosts), **inputs)
    )
    assert run.exit_code not in (0, 250), run.transcript
    found = {f"h{at:02d}": sorted(ids(run, f"h{at:02d}")) for at in range(5)}
    assert found == {
        "h00": ["WM173"],
        "h01": ["WM160", "WM173"],
        "h02": ["WM163", "WM173", "WM206"],
        "h03": ["WM166", "WM173"],
        "h04": ["WM166", "WM173"],
    }


# The fault of an endpoint, the kind that it is about, and the message for the number.
FAULTS: tuple[tuple[str, str, set[str]], ...] = (
    ("", "", set()),
    ("other challenge", "", {"WM161"}),
    ("any token", "", {"WM162"}),
    ("cut", "status", {"WM163"}),
    ("500", "text of a user ID", {"WM206"}),
    ("500", "status of a user ID", {"WM206"}),
    ("forged", "", {"WM164"}),
    ("unsigned", "", {"WM165"}),
)


def test_every_fault_of_an_endpoint_is_reported_for_its_number_only(world: World, tmp_path: Path, hook: Hook) -> None:
    _server, inputs = hook
    certificate = certificates.certificate(tmp_path)
    inputs["webhook_ca_path"] = certificate.path
    names = [f"h{at:02d}" for at in range(len(FAULTS))]
    with ExitStack() as stack:
        servers = [stack.enter_context(HookServer(certificate.context, *row[:2])) for row in FAULTS]
        hosts = {name: {"wa_migrate_webhook_url": one.url} for name, one in zip(names, servers, strict=True)}
        inventory = world.group_vars(world.inventory(**hosts), **inputs)
        run = world.run(PREFLIGHT, "-l", ",".join(names), inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert [ids(run, name) for name in names] == [row[2] for row in FAULTS]
    shown = states(tables(run)[-1])
    assert shown == {name: "blocked" if row[2] else "ready" for name, row in zip(names, FAULTS, strict=True)}
    for name, (_fault, _kind, wanted) in zip(names, FAULTS, strict=True):
        for found in wanted:
            assert f"{found} blocker" in lines(run)[name], lines(run)[name]
    assert world.changes == []


def test_check_mode_sends_nothing_and_says_so(world: World, hook: Hook) -> None:
    server, inputs = hook
    run = world.run(PREFLIGHT, "--check", "-l", "h00", inventory=world.group_vars(world.inventory(), **inputs))
    assert run.exit_code == 0, run.transcript
    assert server.seen == []
    assert ids(run, "h00") == {"WM167"}


def test_a_number_that_has_moved_does_not_wait(world: World, hook: Hook) -> None:
    server, inputs = hook
    world.sim.patch(number_id(0), location="cloud")
    inputs["purpose"] = "general_purpose_assistant"
    run = world.run(PREFLIGHT, "-l", "h00", inventory=world.group_vars(world.inventory(), **inputs))
    assert run.exit_code == 0, run.transcript
    assert server.seen == [] and ids(run, "h00") == set()


def test_all_faults_of_the_inputs_at_once_and_no_request(world: World) -> None:
    stated: dict[str, Any] = {
        "webhook_url": "http://hooks.example.com/x",
        "webhook_timeout": 0,
        "app_secret": "two words",
        "purpose": "chatting",
    }
    run = world.run(PREFLIGHT, "-l", "h00", inventory=world.group_vars(world.inventory(), **stated))
    assert run.exit_code not in (0, 250), run.transcript
    assert world.requests == []
    for name in ("webhook_url", "webhook_timeout", "app_secret", "purpose"):
        assert any(fault.startswith(f"wa_migrate_{name}:") for fault in input_errors(run)["h00"]), run.transcript
