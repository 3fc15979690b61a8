# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the simulator's own tests: one simulator per module, reset for each test, and a client of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.wabiz.migration.tests.support.simclient import Client, make_fleet
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator.start(tmp_path_factory.mktemp("simulator"), make_fleet()) as sim:
        yield sim
        assert "Traceback" not in sim.log, sim.log


@pytest.fixture
def sim(running: Simulator) -> Simulator:
    running.admin("POST", "/reset")
    return running


@pytest.fixture
def client(sim: Simulator) -> Iterator[Client]:
    made = Client(sim)
    yield made
    made.session.close()
