# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the playbook tests: one simulator of ten numbers for each test module, reset for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import World, fleet_of
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator

FLEET = fleet_of(10)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator.start(tmp_path_factory.mktemp("simulator"), FLEET) as sim:
        yield sim
        assert "Traceback" not in sim.log, sim.log


@pytest.fixture
def world(running: Simulator, tmp_path: Path) -> World:
    running.admin("POST", "/reset")
    return World(running, FLEET, tmp_path)
