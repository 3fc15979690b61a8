# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the waves as the workers of a run share them: several processes, files and no clock of their own."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from typing import Any

import pytest
from ansible import constants
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import turn as rules
from ansible_collections.wabiz.migration.plugins.plugin_utils import _waves

ORDER = {"a": 1, "b": 2, "c.example.com": 2, "d": 3}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))


def planned(order: dict[str, int] | None = None, **changes: Any) -> _waves.Plan:
    order = order or ORDER
    sizes = Counter(order.values())
    stated: dict[str, Any] = {
        "name": "",
        "sizes": tuple(sizes[wave] for wave in sorted(sizes)),
        "kept_out": ("x",),
        "total": len(order) + 1,
        "failed": 0,
        "max_failed": None,
        "max_failed_percent": None,
        "soak": 0.0,
        **changes,
    }
    _waves.publish(order, _waves.Plan(**stated))
    plan = _waves.published()
    assert plan is not None
    return plan


def test_a_plan_is_read_as_it_was_published() -> None:
    assert _waves.published() is None
    plan = planned()
    assert (plan.sizes, plan.kept_out, plan.total) == ((1, 2, 1), ("x",), 5)
    assert _waves.hosts(plan) == list(ORDER) and _waves.order(plan) == ORDER
    assert {host: _waves.wave_of(plan, host) for host in (*ORDER, "x", "c", "example.com")} == {
        **ORDER,
        "x": None,
        "c": None,
        "example.com": None,
    }
    _waves.forget()
    assert _waves.published() is None


def test_a_second_preflight_of_a_run_begins_anew() -> None:
    first = planned()
    _waves.record(first, "a", rules.BAD)
    second = planned()
    assert _waves.turn(second, 2, 0.0).word == rules.HOLD, "nothing of the second plan has begun"


def test_a_number_is_in_one_state_at_a_time() -> None:
    plan = planned()
    for state in (rules.STARTED, rules.WAITING, rules.STARTED, rules.WELL, rules.SOAKED):
        _waves.record(plan, "b", state)
        assert _waves.of_wave(plan, 2).states == {state: 1}
    _waves.record(plan, "c.example.com", rules.BAD)
    assert _waves.of_wave(plan, 2).states == {rules.SOAKED: 1, rules.BAD: 1}


def test_the_hosts_that_soak_are_those_that_are_well() -> None:
    plan = planned(soak=5.0)
    assert _waves.soaking(plan) == []
    _waves.record(plan, "a", rules.WELL)
    assert _waves.soaking(plan) == ["a"]
    _waves.record(plan, "a", rules.SOAKED)
    for host in ("b", "c.example.com"):
        _waves.record(plan, host, rules.WELL if host == "b" else rules.BAD)
    assert _waves.soaking(plan) == ["b"]
    assert _waves.soaking(planned()) == [], "a fleet without a soak time has none"


def move(host: str, order: list[str], seconds: float) -> None:
    """Move a number in its wave, as a worker does."""
    plan = _waves.published()
    assert plan is not None
    wave = _waves.wave_of(plan, host) or 0
    if _waves.await_turn(plan, wave, lambda: True, lambda text: None).word != rules.BEGIN:
        return
    _waves.record(plan, host, rules.STARTED)
    order.append("%s begins" % host)
    time.sleep(seconds)
    order.append("%s ends" % host)
    _waves.record(plan, host, rules.BAD if host == "bad" else rules.WELL)


def moved(order: dict[str, int]) -> list[str]:
    """Let every number have a process at once; returns what they did, in its order."""
    planned(order)
    context = multiprocessing.get_context("fork")
    with context.Manager() as manager:
        done = manager.list()
        workers = [context.Process(target=move, args=(host, done, 0.1)) for host in order]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(30)
            assert worker.exitcode == 0
        return list(done)


def test_no_worker_begins_before_every_one_of_the_waves_before_has_ended() -> None:
    done = moved(ORDER)
    begins = {host: done.index("%s begins" % host) for host in ORDER}
    ends = {host: done.index("%s ends" % host) for host in ORDER}
    for host, wave in ORDER.items():
        assert all(ends[other] < begins[host] for other in ORDER if ORDER[other] < wave), done


def test_the_workers_of_later_waves_stop_after_a_failed_number() -> None:
    assert moved({"a": 1, "bad": 1, "b": 2, "c": 3}) and moved({"bad": 1, "b": 2, "c": 3}) == [
        "bad begins",
        "bad ends",
    ]


def test_a_worker_that_nobody_waits_for_holds_no_longer() -> None:
    plan = planned()
    began = time.monotonic()
    assert _waves.await_turn(plan, 2, lambda: False, lambda text: None).word == rules.HOLD
    assert time.monotonic() - began < 1


def test_one_worker_of_a_wave_says_why_it_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_waves, "_PATIENCE", 0.1)
    plan = planned()
    _waves.record(plan, "a", rules.STARTED)
    said: list[str] = []

    def hold() -> None:
        end = time.monotonic() + 0.5
        _waves.await_turn(plan, 2, lambda: time.monotonic() < end, said.append)

    hold()
    hold()
    assert said == ["Wave 2 waits: 1 number of wave 1 is under way"]
