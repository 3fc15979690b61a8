# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the worker's parts share."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _spec


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of the options."""
    for name in _spec.ENVIRONMENT.values():
        monkeypatch.delenv(name, raising=False)
