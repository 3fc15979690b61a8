# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the poll: how long it sleeps, when it ends, and what it announces."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._operations.poll import Poll


class World:
    """A clock that only sleeping moves, and what was announced."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []
        self.announced: list[str] = []
        self.announce = self.announced.append
        self.events: list[tuple[str, str]] = []
        self.clock = self

    def event(self, name: str, text: str) -> None:
        self.events.append((name, text))

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def world() -> Any:
    return World()


def test_it_sleeps_an_interval_at_a_time_and_ends_at_the_deadline(world):
    poll = Poll(world, 2.0, 5.0)
    assert poll.left == 5.0
    assert [poll.wait("waiting") for _index in range(4)] == [True, True, True, False]
    assert (world.slept, poll.left) == ([2.0, 2.0, 1.0], 0.0)


def test_without_a_timeout_it_ends_with_the_first_read(world):
    assert not Poll(world, 2.0, 0.0).wait("waiting")
    assert (world.slept, world.announced) == ([], [])


def test_a_slow_read_counts(world):
    poll = Poll(world, 2.0, 5.0)
    world.time += 6.0
    assert not poll.wait("waiting") and poll.left == -1.0


def test_a_rest_that_is_very_short_does_not_spin(world):
    poll = Poll(world, 2.0, 5.0)
    world.time += 4.999
    assert poll.wait("waiting") and world.slept == [0.05]
    assert not poll.wait("waiting")


@pytest.mark.parametrize(("at_most", "slept"), [(1.5, 1.5), (0.0, 0.05), (-3.0, 0.05), (9.0, 2.0)])
def test_a_known_change_shortens_the_sleep_and_ends_nothing(world, at_most, slept):
    assert Poll(world, 2.0).wait("waiting", at_most=at_most) and world.slept == [slept]


def test_only_the_first_wait_is_announced(world):
    poll = Poll(world, 2.0, 100.0)
    for index in range(5):
        poll.wait("wait %d" % index)
    assert world.announced == ["wait 0"]


def test_a_reminder_has_the_present_text(world):
    poll = Poll(world, 2.0, remind=4.0)
    for index in range(5):
        poll.wait("wait %d" % index)
    assert world.announced == ["wait 0", "wait 2", "wait 4"]
    assert world.events == [("waiting", text) for text in world.announced]
