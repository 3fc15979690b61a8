# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes a number wait: a busy node, a closed change window, a freeze."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    PREFLIGHT,
    World,
    input_errors,
    lines,
    number_id,
    states,
    tables,
    when,
)
from ansible_collections.wabiz.migration.tests.support import ansible_run, faultserver
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run

THREE = "h00,h01,h04"  # h04 is a multiconnect node
KNOWN = "customer_support"  # a warning less, so that a table has room for the others
LOOK = "wa_traffic"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def ids(run: Run, host: str) -> set[str]:
    """Return the findings of both looks of a preflight, where it took two."""
    found = []
    for task in ("Preflight | Read both APIs", "Preflight | Read the traffic"):
        for event in run.results(host=host):
            if event["task"].startswith(task):
                found += event["result"].get("findings", [])
    return {row["id"] for row in found}


def looks(world: World, number: str) -> int:
    """Return how often the traffic of a number was looked at."""
    return sum(line["path"] == "/metrics" and line["phone_number_id"] == number for line in world.requests)


# --- low traffic


def test_a_quiet_fleet_passes_and_waits_for_nothing(world: World) -> None:
    inventory = world.group_vars(world.inventory(), quiet_wait=600, waves="100%")
    run = world.run(MIGRATE, "-l", THREE, inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert world.moved == {number_id(at) for at in (0, 1, 4)}
    assert {found for host in THREE.split(",") for found in ids(run, host)} & {"WM154", "WM156", "WM157"} == set()
    assert len(run.results(task=LOOK)) == 3
    assert run.results(action="wabiz.migration.wa_wait") == []


def test_without_a_wait_a_busy_node_is_a_warning(world: World) -> None:
    world.sim.patch(number_id(0), node={"queues": {"callback_queue_size": 450}})
    world.sim.patch(number_id(4), node={"queues": {"db_pending_messages": 101, "web_pending_connections": 100}})
    run = world.run(MIGRATE, "-l", THREE, inventory=world.group_vars(world.inventory(), waves="100%", purpose=KNOWN))
    assert run.exit_code == 0, run.transcript
    assert [at for at in (0, 1, 4) if "WM154" in ids(run, f"h{at:02d}")] == [0, 4]
    shown = "\n".join(tables(run)[0])
    assert "WM154 warning: The node is busy. callback_queue_size is 450 (limit 100)" in shown
    assert world.moved == {number_id(at) for at in (0, 1, 4)}
    assert run.results(task=LOOK) == []


def test_the_limits_are_the_users(world: World) -> None:
    world.sim.patch(number_id(0), node={"queues": {"callback_queue_size": 450, "pending_messages": 7}})
    limits = {"quiet_queue": 5, "quiet_queues": ["pending_messages", "no_such_gauge"]}
    run = world.run(PREFLIGHT, "-l", "h00,h01", inventory=world.group_vars(world.inventory(), **limits))
    assert run.exit_code == 0, run.transcript
    assert "pending_messages is 7 (limit 5)" in lines(run)["h00"] and "callback_queue_size" not in lines(run)["h00"]
    assert ids(run, "h01") & {"WM154", "WM155"} == {"WM155"}


def test_a_rate_is_reported_from_the_two_looks(world: World) -> None:
    """The clock of the simulator jumps between them, and with it the counters."""
    world.sim.patch(number_id(0), node={"traffic": {"in_message_from_server": 600}})
    jumped = []

    def jump() -> None:
        jumped.append(world.sim.admin("POST", "/clock", json={"advance": 600}))

    def read_once() -> bool:
        return any(
            line["path"] == "/v1/stats/db" and line["phone_number_id"] == number_id(0) for line in world.requests
        )

    # The last host answers late, so that more than a second passes between the two looks at the first one.
    world.sim.fault("delay", {"path": "/v1/health", "phone_number_id": number_id(9)}, seconds=1.5, when="before")
    with when(read_once, jump):
        run = world.run(PREFLIGHT)
    assert run.exit_code == 0, run.transcript
    assert jumped and "in_message_from_server grows by" in lines(run)["h00"], lines(run)["h00"]
    assert "WM154" in ids(run, "h00") and "WM155" not in ids(run, "h00"), "both samples told everything"


@pytest.mark.parametrize("core", ["", "2.18", "2.21"])
def test_a_number_waits_until_its_node_is_quiet_and_the_others_move(world: World, core: str) -> None:
    python = ansible_run.ROOT / "build" / "venvs" / f"core-{core}" / "bin" / "python" if core else None
    if python is not None and not python.exists():
        pytest.skip(f"ansible-core {core} was NOT tested: {python} is not there (make test makes it where it can)")
    world.sim.patch(number_id(1), node={"queues": {"callback_queue_size": 450}})
    inventory = world.group_vars(world.inventory(), quiet_wait=120, quiet_interval=1, waves="100%")

    def drained() -> None:
        mine = [line for line in world.changes if line["phone_number_id"] == number_id(1)]
        assert mine == [], "nothing of it is changed while it waits"
        world.sim.patch(number_id(1), node={"queues": {"callback_queue_size": 3}})

    with when(lambda: looks(world, number_id(1)) >= 3, drained):
        run = world.run(MIGRATE, "-l", THREE, inventory=inventory, python=python)
    assert run.exit_code == 0, run.transcript
    assert world.moved == {number_id(at) for at in (0, 1, 4)}
    assert "callback_queue_size is 450 (limit 100)" in run.stdout
    assert len(run.results(task=LOOK, host="h00")) == 1, "its node was quiet at once"
    assert len(run.results(task=LOOK, host="h01")) >= 3


def test_a_number_that_stays_busy_is_refused_and_the_others_move(world: World) -> None:
    world.sim.patch(number_id(1), node={"queues": {"callback_queue_size": 450}})
    inventory = world.group_vars(world.inventory(), quiet_wait=2, quiet_interval=1, waves="100%")
    run = world.run(MIGRATE, "-l", THREE, inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert world.moved == {number_id(0), number_id(4)}
    assert states(tables(run)[-1]) == {"h00": "moved", "h01": "failed", "h04": "moved"}
    assert "[busy]" in lines(run)["h01"] and "callback_queue_size is 450" in lines(run)["h01"]
    assert "safe to run again" in lines(run)["h01"] and "NOT safe" not in lines(run)["h01"]
    assert [line for line in world.changes if line["phone_number_id"] == number_id(1)] == []


def test_traffic_is_read_again_before_register(world: World) -> None:
    """A node that gets busy between the last look and the register call is refused, before anything is recorded."""
    inventory = world.group_vars(world.inventory(), quiet_wait=60, waves="100%")

    def backed_up() -> bool:
        return any(line["path"].endswith("/settings/backup") for line in world.requests)

    def busy() -> None:
        world.sim.patch(number_id(0), node={"queues": {"jobmanager_waiting_jobs": 101}})

    world.sim.fault("delay", {"path": "/settings/backup$"}, seconds=2, when="before")
    with when(lambda: looks(world, number_id(0)) == 1, busy):
        run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert backed_up() and world.registers == [], run.transcript
    assert "[busy]" in lines(run)["h00"] and "jobmanager_waiting_jobs is 101" in lines(run)["h00"]
    log = world.state / number_id(0) / "attempt_log.json"
    assert not log.exists() or "attempts" not in log.read_text()


def test_a_node_that_does_not_tell_its_traffic_is_a_note(world: World) -> None:
    for path in ("/v1/stats/", "/metrics"):
        world.sim.fault("onprem_error", {"path": path, "phone_number_id": number_id(0)}, code=1005)
    world.sim.fault("html", {"path": "/metrics", "phone_number_id": number_id(1)}, status=200)
    inventory = world.group_vars(world.inventory(), quiet_wait=60, waves="100%")
    run = world.run(MIGRATE, "-l", "h00,h01", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert "WM155" in ids(run, "h00") and "WM154" not in ids(run, "h00")
    assert world.moved == {number_id(0), number_id(1)}


# --- change windows


def hours(ahead: float, long: float) -> list[dict[str, Any]]:
    """Return a window of the clock in UTC that opens in so many hours and is open for so many."""
    now = datetime.now(UTC)
    opens, closes = now + timedelta(hours=ahead), now + timedelta(hours=ahead + long)
    return [{"days": DAYS[opens.weekday()], "hours": f"{opens:%H:%M}-{closes:%H:%M}", "timezone": "UTC"}]


def test_a_number_moves_in_its_window_only(world: World) -> None:
    inventory = world.inventory(
        h00={"wa_migrate_window": hours(-1, 3)},
        h01={"wa_migrate_window": hours(5, 2)},
        h02={"wa_migrate_window": hours(5, 2) + hours(-2, 4)},
        h03={"wa_migrate_window": []},
    )
    inventory = world.group_vars(inventory, waves="100%", purpose=KNOWN)
    reported = world.run(MIGRATE, "--check", "-l", "h00,h01,h02,h03", inventory=inventory)
    assert reported.exit_code not in (0, 250), reported.transcript
    judged = dict.fromkeys(("h00", "h02", "h03"), "would move")
    assert states(tables(reported)[-1]) == {**judged, "h01": "would be refused"}
    assert (
        "would be refused, on ON_PREMISES. The number is outside its change window" in lines(reported)["h01"]
        and "next window opens" in lines(reported)["h01"]
    )
    assert world.changes == []
    run = world.run(MIGRATE, "-l", "h00,h01,h02,h03", inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert world.moved == {number_id(at) for at in (0, 2, 3)}
    assert [at for at in range(4) if "WM156" in ids(run, f"h{at:02d}")] == [1]
    opens = datetime.now(UTC) + timedelta(hours=5)
    message = tables(run)[0]
    assert any("WM156 warning: The number is outside its change window" in row for row in message), message
    assert "[outside_window]" in lines(run)["h01"]
    assert f"{DAYS[opens.weekday()].capitalize()} {opens:%Y-%m-%d}" in lines(run)["h01"] and "UTC" in lines(run)["h01"]


def test_a_window_that_closes_too_soon(world: World) -> None:
    """The register call may take longer than it is open."""
    inventory = world.inventory(h00={"wa_migrate_window": hours(-1, 1.08), "wa_migrate_register_timeout": 600})
    run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert world.registers == []
    assert "closes too soon" in lines(run)["h00"] and "600 s" in lines(run)["h00"]


def test_every_fault_of_a_window_is_reported_at_once(world: World) -> None:
    wrong = [
        {"days": "mon-caturday", "hours": "22-04", "timezone": "Europe/Nowhere"},
        {"hours": "22:00-04:00", "zone": "UTC"},
    ]
    inventory = world.inventory(
        h00={"wa_migrate_window": wrong, "wa_migrate_freeze": "ftp://x", "wa_migrate_quiet_wait": -1},
        h01={"wa_migrate_quiet_queue": "many", "wa_migrate_quiet_interval": 0, "wa_migrate_pin": ""},
    )
    run = world.run(MIGRATE, "-l", "h00,h01", inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert world.requests == []
    for piece in (
        "caturday",
        "window 1: hours",
        "Europe/Nowhere",
        "window 2: there is no key zone",
        "window 2: timezone",
        "wa_migrate_freeze",
        "wa_migrate_quiet_wait: must be 0 to 604800 seconds",
    ):
        assert piece in "\n".join(input_errors(run)["h00"]), (piece, run.transcript)
    for piece in ("wa_migrate_quiet_queue", "wa_migrate_quiet_interval: must be 1 to 3600", "wa_migrate_pin: missing"):
        assert piece in "\n".join(input_errors(run)["h01"]), (piece, run.transcript)


# --- freeze


def test_a_freeze_file(world: World) -> None:
    file = world.where / "freeze"
    inventory = world.group_vars(world.inventory(), freeze=str(file))
    file.write_text("Black Friday, ask Ada\nmore\n")
    frozen = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert frozen.exit_code not in (0, 250), frozen.transcript
    assert world.changes == []
    assert (
        "WM157 blocker: Changes are frozen" in lines(frozen)["h00"] and "Black Friday, ask Ada" in lines(frozen)["h00"]
    )
    file.unlink()
    file.mkdir()
    unreadable = world.run(PREFLIGHT, "-l", "h00", inventory=inventory)
    assert unreadable.exit_code not in (0, 250) and "cannot be read" in lines(unreadable)["h00"]
    file.rmdir()
    file.touch()
    lifted = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert lifted.exit_code == 0, lifted.transcript
    assert world.moved == {number_id(0)}


def test_a_freeze_that_comes_in_the_middle_of_a_run(world: World) -> None:
    """It is read again before the register call; the first wave is over by then."""
    file = world.where / "freeze"
    inventory = world.group_vars(world.inventory(), freeze=str(file), waves=[1])
    with when(lambda: world.registers, lambda: file.write_text("stop")):
        run = world.run(MIGRATE, "-l", "h00,h01", inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert world.registers == [number_id(0)]
    assert "[frozen]" in lines(run)["h01"] and "stop" in lines(run)["h01"]


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [(200, "off\n", ""), (204, "", ""), (200, "change freeze", "change freeze"), (500, "", "500"), (404, "", "404")],
)
def test_a_freeze_address(world: World, status: int, body: str, says: str) -> None:
    answer = faultserver.answer(body.encode(), status, content_type="text/plain")
    with faultserver.FaultServer([answer]) as server:
        inventory = world.group_vars(world.inventory(), freeze=server.url + "/frozen?key=s3cret")
        run = world.run(PREFLIGHT, "-l", "h00,h01", inventory=inventory)
    assert server.paths() == ["GET /frozen?key=s3cret"], "once per run"
    assert "authorization" not in {name.lower() for name in server.requests[0].headers}
    assert (run.exit_code == 0) == (not says), run.transcript
    for line in lines(run).values():
        assert says in line and ("WM157" in line) == bool(says), line


def test_a_freeze_address_that_cannot_be_reached(world: World) -> None:
    inventory = world.group_vars(world.inventory(), freeze="https://127.0.0.1:1/frozen?key=s3cret")
    run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert world.changes == [] and "cannot be read" in lines(run)["h00"]
    assert "s3cret" not in lines(run)["h00"]


# --- over a connection, and with Graph called from the host


@pytest.mark.parametrize("via", ["controller", "host"])
def test_from_the_inventory_host(world: World, via: str) -> None:
    """The node is called from the host; windows, freeze and the text of the metrics stay the controller's."""
    world.sim.patch(number_id(0), node={"queues": {"web_pending_connections": 101}})
    file = world.where / "freeze"
    stated = {"freeze": str(file), "graph_via": via, "quiet_wait": 60, "waves": "100%"}
    inventory = world.group_vars(world.inventory(h01={"wa_migrate_window": hours(5, 2)}), **stated)
    inventory["all"]["children"]["wa_onprem"]["vars"]["ansible_connection"] = "elsewhere"

    def drain() -> None:
        world.sim.patch(number_id(0), node={"queues": {"web_pending_connections": 0}})

    inventory["all"]["children"]["wa_onprem"]["vars"]["wa_migrate_quiet_interval"] = 1
    plan = world.run(PREFLIGHT, "-l", "h00,h01", inventory=inventory)
    assert "WM154" in ids(plan, "h00") and "WM156" in ids(plan, "h01"), plan.transcript
    world.mark()
    with when(lambda: looks(world, number_id(0)) >= 2, drain):
        run = world.run(MIGRATE, "-l", "h00,h01", inventory=inventory)
    assert world.registers == [number_id(0)], run.transcript
    assert "[outside_window]" in lines(run)["h01"]
    file.write_text("stop")
    world.mark()
    frozen = world.run(MIGRATE, "-l", "h01", inventory=inventory)
    assert "WM157" in lines(frozen)["h01"] and world.changes == [], frozen.transcript
