# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the runner tests: the recordings that all test workers share."""

from __future__ import annotations

import os

import pytest
from ansible_collections.wabiz.migration.tests.integration.runners import recording


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> object:
    """Return a function that gives the recording in which a runner is."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made: dict[str, recording.Recording] = {}

    def get(runner: str) -> recording.Recording:
        run = recording.RUNS[runner][0]
        if run not in made:
            made[run] = recording.of(base, runner)
        return made[run]

    return get
