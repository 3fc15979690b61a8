# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state directory and the attempt log of one number."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._hostfiles.state import (
    ID,
)


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def log(state):
    return state / ID / "attempt_log.json"
