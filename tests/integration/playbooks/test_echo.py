# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof that events arrive: from a file, an address and the bridge, late, of another number, and not at all."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    World,
    input_errors,
    lines,
    number_id,
    states,
    tables,
    when,
)
from ansible_collections.wabiz.migration.tests.support import bridge as bridges
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run

LONG, SHORT = 60, 1.5


@pytest.fixture
def events(tmp_path: Path) -> Path:
    return tmp_path / "events.json"


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bridges.Bridge]:
    consumer = bridges.Consumer()
    with bridges.running(tmp_path_factory.mktemp("bridge"), consumer.url) as made:
        yield made
    consumer.close()


def migrate(world: World, hosts: str, echo: Any, wait: float, *arguments: str, **inputs: Any) -> Run:
    stated = {"echo": str(echo), "echo_wait": wait, "purpose": "customer_support", "waves": "100%", **inputs}
    return world.run(MIGRATE, "-l", hosts, *arguments, inventory=world.group_vars(world.inventory(), **stated))


def report(events: Path, **numbers: float | str) -> None:
    beside = events.with_suffix(".new")
    beside.write_text(json.dumps({name.removeprefix("n"): at for name, at in numbers.items()}))
    beside.replace(events)


def outcome(run: Run, host: str) -> str:
    return states(tables(run)[-1])[host]


def echo_of(run: Run, host: str) -> dict[str, Any]:
    found: dict[str, Any] = run.result(host, "Move | Prepare, register and verify the number")["steps"]["wa_echo"][
        "echo"
    ]
    return found


def test_a_late_event_is_proof_and_one_of_another_number_is_none(world: World, events: Path) -> None:
    def arrives() -> None:
        time.sleep(2)  # later than the first looks
        report(events, **{f"n{number_id(0)}": time.time()})

    with when(lambda: number_id(0) in world.moved, arrives):
        run = migrate(world, "h00,h01", events, 12)
    assert run.exit_code == 0, run.transcript
    assert world.moved == {number_id(0), number_id(1)}
    assert (outcome(run, "h00"), outcome(run, "h01")) == ("moved", "no event")
    seen = echo_of(run, "h00")
    assert seen["seen"] and "An event came in at %s" % seen["at"] in lines(run)["h00"]
    assert not echo_of(run, "h01")["seen"]
    told = [line for line in run.stdout.splitlines() if "WM243 warning: " in line]
    assert len(told) == 1 and "(h01)" in told[0] and "send a message to the number" in told[0], told
    # a second run changes nothing, waits for nothing, and names the number until an event has come in
    world.mark()
    again = migrate(world, "h00,h01", events, LONG)
    assert again.exit_code == 0 and world.changes == [], again.transcript
    assert (outcome(again, "h00"), outcome(again, "h01")) == ("unchanged", "no event")
    report(events, **{f"n{number_id(at)}": time.time() for at in range(2)})
    third = migrate(world, "h00,h01", events, LONG)
    assert third.exit_code == 0 and outcome(third, "h01") == "unchanged", third.transcript


def test_no_event_fails_no_number_and_no_wave(world: World, events: Path) -> None:
    report(events, **{f"n{number_id(at)}": "2026-01-01T00:00:00Z" for at in range(3)})  # from before the move
    run = migrate(world, "h00,h01,h02", events, SHORT, waves=[1, 2], max_failed=0)
    assert run.exit_code == 0, run.transcript
    assert len(world.moved) == 3
    assert {host: outcome(run, host) for host in ("h00", "h01", "h02")} == dict.fromkeys(
        ("h00", "h01", "h02"), "no event"
    )
    assert "Its last event is of 2026-01-01" in lines(run)["h00"]
    folder = next(world.where.rglob("report.json"))
    (entry,) = [one for one in json.loads(folder.read_text())["numbers"] if one["host"] == "h00"]
    assert (entry["group"], entry["state"], entry["causes"]) == ("needs_you", "no event", ["WM243"])
    assert entry["next_step"].startswith("send a message")


def test_the_bridge_is_asked(world: World, bridge: bridges.Bridge) -> None:
    source = f"http://127.0.0.1:{bridge.private}/v1/numbers/{{phone_number_id}}"

    def arrives() -> None:
        sample = bridges.text("16505551234", "wamid.TEST.1", number=number_id(1))
        for body in (sample, bridges.text("16505551234", "wamid.real", number=number_id(0))):
            assert bridge.post(body) == 200

    with when(lambda: world.moved == {number_id(0), number_id(1)}, arrives):
        run = migrate(world, "h00,h01", source, 12)
    assert run.exit_code == 0, run.transcript
    assert (outcome(run, "h00"), outcome(run, "h01")) == ("moved", "no event")


@pytest.mark.parametrize(
    ("text", "piece"), [("[1]", "it reports no phone_number_id"), ("no JSON\n", "it is neither JSON nor JSON lines")]
)
def test_a_report_that_cannot_be_read_is_named_and_fails_nothing(
    world: World, events: Path, text: str, piece: str
) -> None:
    events.write_text(text)
    run = migrate(world, "h00", events, SHORT)
    assert run.exit_code == 0 and outcome(run, "h00") == "no event", run.transcript
    assert piece in lines(run)["h00"]


def test_an_address_that_does_not_answer_is_named_and_fails_nothing(world: World) -> None:
    run = migrate(world, "h00", "http://127.0.0.1:1/last?key=hidden-key-of-the-test", SHORT)
    assert run.exit_code == 0 and outcome(run, "h00") == "no event", run.transcript
    assert "http://127.0.0.1:1/last was asked" in lines(run)["h00"]
    assert "hidden-key-of-the-test" not in run.output


def test_nothing_is_awaited_without_the_input_and_in_check_mode(world: World, events: Path) -> None:
    run = migrate(world, "h00", events, LONG, "--check")
    assert run.exit_code == 0 and outcome(run, "h00") == "would move", run.transcript
    run = migrate(world, "h00", "", LONG)
    assert run.exit_code == 0 and outcome(run, "h00") == "moved", run.transcript
    assert "wa_echo" not in run.result("h00", "Move | Prepare, register and verify the number")["steps"]


def test_wrong_inputs_are_named_before_anything_is_touched(world: World, tmp_path: Path) -> None:
    run = migrate(world, "h00,h01", tmp_path / "nowhere" / "events.json", 100_000, echo_ca_path="/nowhere.pem")
    assert run.exit_code not in (0, 250), run.transcript
    assert world.requests == []
    told = " ".join(error for errors in input_errors(run).values() for error in errors)
    for piece in ("wa_migrate_echo: its folder", "wa_migrate_echo_wait: ", "wa_migrate_echo_ca_path: "):
        assert piece in told, told
