# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of an Ansible action as the worker runner looks at where nothing is shipped."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any


def action(**options: Any) -> Any:
    """Return the action of a task with these options, over a local connection."""
    return SimpleNamespace(
        _task=SimpleNamespace(args=options, check_mode=False, diff=False),
        _connection=SimpleNamespace(transport="local", become=None),
        _templar=None,
    )
