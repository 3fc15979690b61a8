# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker door of wa_register."""

from __future__ import annotations

from typing import Any

from ..module_utils._ops import register
from ..plugin_utils import _hold
from ..plugin_utils._worker import WorkerDoor


class ActionModule(WorkerDoor):
    """Run the operation of wa_register; see the module of the same name for its options."""

    VERB = "wa_register"
    OPERATION = staticmethod(register.perform)

    def faults(self, params: dict[str, Any], faults: list[str]) -> list[str]:
        return faults + _hold.settle(params, self.stated, not faults and self._ships(params))
