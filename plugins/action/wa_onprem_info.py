# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker runner of wa_onprem_info."""

from __future__ import annotations

from ..module_utils._operations import onprem_info
from ..plugin_utils._worker_runner import WorkerRunner


class ActionModule(WorkerRunner):
    """Run the operation of wa_onprem_info; see the module of the same name for its options."""

    MODULE = onprem_info.MODULE
