# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator, a WABA or Graph lets a wave wait for: a pause, a limit of parallel cutovers, a rate limit."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    World,
    lines,
    number_id,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support import faultserver

ALL = {number_id(at) for at in range(10)}


@contextmanager
def meanwhile(*acts: Callable[[], Any]) -> Iterator[list[Any]]:
    """Do one act after another beside the block; the list has what they returned, and all of them by its end."""
    returned: list[Any] = []

    def act() -> None:
        for one in acts:
            returned.append(one())

    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    yield returned
    thread.join(20)
    assert len(returned) == len(acts), "the run was over before"


def until(condition: Callable[[], Any], longest: float = 60.0) -> Any:
    end = time.monotonic() + longest
    while not (found := condition()):
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)
    return found


def has_printed(world: World, *texts: str) -> bool:
    """Tell whether a run that is under way has printed one of these texts already, not only at its end."""
    outputs = [path.read_text(errors="replace") for path in world.where.glob("ansible/run-*/stderr")]
    return any(text in output for output in outputs for text in texts)


def frozen_by(world: World, file: Path, **more: Any) -> dict[str, Any]:
    return world.group_vars(world.inventory(), freeze=str(file), waves="100%", **more)


# --- pause and abort


def test_a_pause_in_the_middle_of_a_wave_stops_the_rest_of_it_and_the_same_run_goes_on(world: World) -> None:
    file = world.where / "switch"
    inventory = frozen_by(world, file, max_parallel_cutovers=1)
    with meanwhile(
        lambda: until(lambda: len(world.registers) >= 2),
        lambda: file.write_text("Pause: the hotline is busy\n"),
        lambda: until(lambda: has_printed(world, "number waits: ", "numbers wait: ")),
        lambda: (len(world.requests), time.sleep(1.5), len(world.requests)),
        file.unlink,
    ) as seen:
        run = world.run(MIGRATE, inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert world.moved == ALL and sorted(world.registers) == sorted(ALL)
    before, _slept, after = seen[3]
    assert before == after, "nothing at all was sent while the wave waited"
    assert "the hotline is busy" in run.stderr
    waited = [event for event in run.results(action="wabiz.migration.wa_wait") if event["result"]["hosts"]]
    assert len(waited) == 1 and 1.0 < waited[0]["result"]["waited"] < 20
    assert 1 <= len(waited[0]["result"]["hosts"]) <= 8
    assert set(states(tables(run)[-1]).values()) == {"moved"}


@pytest.mark.parametrize(
    "stop", [lambda file: file.write_text("enough"), lambda file: (file.unlink(), file.mkdir())], ids=["word", "unread"]
)
def test_a_pause_that_becomes_a_stop(world: World, stop: Callable[[Path], Any]) -> None:
    """A switch that cannot be read any more means stop as well."""
    file = world.where / "switch"
    inventory = frozen_by(world, file, max_parallel_cutovers=1)
    with meanwhile(
        lambda: until(lambda: world.registers),
        lambda: file.write_text("paused"),
        lambda: until(lambda: has_printed(world, "number waits: ", "numbers wait: ")),
        lambda: stop(file),
    ):
        run = world.run(MIGRATE, "-l", "h00,h01,h02,h03", inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    moved = len(world.registers)
    assert moved < 4 and len(world.moved) == moved
    judged = Counter(states(tables(run)[-1]).values())
    assert judged == {"moved": moved, "failed": 4 - moved}
    for host, line in lines(run).items():
        assert "[frozen]" in line or states(tables(run)[-1])[host] == "moved", line
    if file.is_dir():
        file.rmdir()
    else:
        file.unlink()
    again = world.run(MIGRATE, "-l", "h00,h01,h02,h03", inventory=inventory)
    assert again.exit_code == 0, again.transcript
    assert len(world.moved) == 4 and len(world.registers) == 4, "the same command goes on where it stopped"


@pytest.mark.parametrize(
    "says",
    [(b"", b"paused by Ada", b"pause", b"no"), (b"", b"no", b"paused by Ada", b"pause", b"no")],
    ids=["before the steps", "at the register call"],
)
def test_a_pause_of_an_address(world: World, says: tuple[bytes, ...]) -> None:
    """It is asked by preflight, before a number is prepared, at its register call, and while the wave waits."""
    answers = [faultserver.answer(text, content_type="text/plain") for text in says]
    with faultserver.FaultServer(answers) as server:
        inventory = world.group_vars(world.inventory(), freeze=server.url + "/switch?key=s3cret", waves="100%")
        run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert world.registers == [number_id(0)]
    assert "paused by Ada" in run.stderr and "s3cret" not in run.stdout + run.stderr
    assert len(server.requests) == len(says) + 2, "each answer once, then no: before the steps and at register"


def test_preflight_tells_of_a_pause_and_does_not_block(world: World) -> None:
    file = world.where / "switch"
    file.write_text("pause until six")
    run = world.run(MIGRATE, "--check", "-l", "h00", inventory=frozen_by(world, file, purpose="customer_support"))
    assert run.exit_code == 0, run.transcript
    assert any("WM158 warning: Changes are paused" in row for row in tables(run)[0]), run.transcript
    assert world.changes == []


# --- parallel cutovers


def most_inside(world: World) -> tuple[int, dict[str, int]]:
    """Return how many register calls were under way at once at most, in all and for each WABA."""
    wabas = {number["phone_number_id"]: number["waba_id"] for number in world.content["numbers"]}
    own = {line["seq"]: wabas[line["phone_number_id"]] for line in world.requests if line["path"].endswith("/register")}
    inside: Counter[str] = Counter()
    most: Counter[str] = Counter()
    total = 0
    for event in world.sim.events():
        waba = own.get(event["seq"])
        if waba is not None and event["event"] in ("arrived", "answered"):
            inside[waba] += 1 if event["event"] == "arrived" else -1
            most[waba] = max(most[waba], inside[waba])
            total = max(total, sum(inside.values()))
    return total, dict(most)


@pytest.mark.parametrize(("most", "total"), [(0, 2), (1, 1)])
def test_max_parallel_cutovers_per_waba(world: World, most: int, total: int) -> None:
    world.sim.fault("delay", {"path": "/register$"}, seconds=0.4, when="after")
    run = world.run(
        MIGRATE,
        "-e",
        f"wa_migrate_waves=100% wa_migrate_max_parallel_cutovers_per_waba=1 wa_migrate_max_parallel_cutovers={most}",
    )
    assert run.exit_code == 0, run.transcript
    assert world.moved == ALL
    assert most_inside(world) == (total, dict.fromkeys(sorted({n["waba_id"] for n in world.content["numbers"]}), 1))


def test_a_number_without_a_slot_of_its_waba_comes_again(world: World) -> None:
    """One WABA only, and more workers than slots: those without one give their worker back after two seconds."""
    one = ",".join(f"h{at:02d}" for at in range(0, 10, 2))
    world.sim.fault("delay", {"path": "/register$"}, seconds=3.0, when="after")
    inventory = world.group_vars(world.inventory(), waves="100%", max_parallel_cutovers_per_waba=1)
    other = world.inventory()["all"]["children"]["wa_onprem"]["hosts"]["h01"]["wa_migrate_waba_id"]
    mine = inventory["all"]["children"]["wa_onprem"]["hosts"]["h00"]["wa_migrate_waba_id"]
    assert mine != other
    run = world.run(MIGRATE, "-l", one + ",h01", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert len(world.moved) == 6 and len(world.registers) == 6
    assert most_inside(world)[1][mine] == 1
    came_again = [event for event in run.results(action="wabiz.migration.wa_wait") if event["result"]["hosts"]]
    assert came_again, "two slots in all, and one worker too many for the larger WABA"
    assert "is being registered already" in str(came_again[0]["result"]["why"])


# --- rate limit


def gaps(world: World, which: Callable[[Mapping[str, Any]], bool]) -> list[float]:
    """Return the seconds between one Graph request and the next."""
    lines = [line for line in world.requests if line["api"] == "graph" and which(line)]
    times = sorted(datetime.fromisoformat(line["began"]).timestamp() for line in lines)
    return [later - earlier for earlier, later in pairwise(times)]


def test_a_limit_that_is_nearly_reached_slows_the_run_down(world: World) -> None:
    usage = '{"call_count": 80, "total_cputime": 1, "total_time": 1}'
    world.sim.fault("headers", {"api": "graph"}, headers={"x-app-usage": usage})
    run = world.run(MIGRATE, "-l", "h00,h02", "-e", "wa_migrate_waves=100%", environment={"ANSIBLE_FORKS": "1"})
    assert run.exit_code == 0, run.transcript
    assert run.stderr.count("80 % of the rate limit is used; this run delays each request by 0.4 s") == 1, run.stderr
    between = gaps(world, lambda line: not line["path"].endswith("/register"))
    assert len(between) > 5 and min(between) >= 0.35, between


@pytest.mark.parametrize("code", [80007, 4, 17])
def test_a_limit_that_is_reached_is_waited_out_by_the_wave(world: World, code: int) -> None:
    """The first number meets it before its register call, and the others send nothing until it is over."""
    match = {"api": "graph", "path": f"/{number_id(0)}$", "times": 1}
    world.sim.fault("graph_error", match, code=code, headers={"Retry-After": "4"})
    inputs = "wa_migrate_waves=100% wa_migrate_retry_for=0 wa_migrate_max_parallel_cutovers=1"
    run = world.run(MIGRATE, "-l", "h00,h02,h04", "-e", inputs)
    assert run.exit_code == 0, run.transcript
    assert len(world.moved) == 3 and len(world.registers) == 3
    assert "no requests of this run for 4 s (rate limit)" in run.stderr
    began = {line["seq"]: datetime.fromisoformat(line["began"]).timestamp() for line in world.requests}
    (limited,) = [began[line["seq"]] for line in world.requests if line["error_code"] == code]
    graph = [began[line["seq"]] for line in world.requests if line["api"] == "graph"]
    assert [at - limited for at in graph if 0 < at - limited < 3.5] == []


def test_a_limit_at_the_register_call_itself_is_not_asked_again(world: World) -> None:
    world.sim.fault("graph_error", {"path": f"/{number_id(0)}/register$"}, code=80007, headers={"Retry-After": "3"})
    run = world.run(MIGRATE, "-l", "h00,h02", "-e", "wa_migrate_waves=100% wa_migrate_max_parallel_cutovers=1")
    assert run.exit_code not in (0, 250), run.transcript
    assert world.registers == [number_id(0), number_id(2)]
    assert states(tables(run)[-1]) == {"h00": "failed", "h02": "moved"}
    assert "[80007]" in lines(run)["h00"]
