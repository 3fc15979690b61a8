# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker runner of wa_snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ..module_utils._operations import snapshot
from ..plugin_utils._worker_runner import WorkerRunner


class ActionModule(WorkerRunner):
    """Run the operation of wa_snapshot; see the module of the same name for its options."""

    MODULE = snapshot.MODULE
    DETAILS: ClassVar[Mapping[str, tuple[str, ...]]] = {"facts": ()}
