# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the playbook tests: one simulator of ten numbers for each test module, reset for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import World, fleet_of
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator

FLEET = fleet_of(10)


@pytest.fixture(scope="module")
def simulated(request: pytest.FixtureRequest) -> Any:
    """Return the fleet file of the simulator: FLEET of the file of tests, where it has one."""
    return getattr(request.module, "FLEET", FLEET)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, simulated: Any) -> Iterator[Simulator]:
    with Simulator.start(tmp_path_factory.mktemp("simulator"), simulated) as sim:
        yield sim
        assert "Traceback" not in sim.log, sim.log


@pytest.fixture
def world(running: Simulator, simulated: Any, tmp_path: Path) -> World:
    running.admin("POST", "/reset")
    return World(running, simulated, tmp_path)
