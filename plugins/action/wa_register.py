# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker door of wa_register."""

from __future__ import annotations

from typing import Any

from ..module_utils._ops import register
from ..plugin_utils import _brake, _hold, _role
from ..plugin_utils._worker import WorkerDoor


class ActionModule(WorkerDoor):
    """Run the operation of wa_register; see the module of the same name for its options."""

    VERB = "wa_register"
    OPERATION = staticmethod(register.perform)

    def finish(self, result: dict[str, Any]) -> None:
        if result.get("failed") and self._task.args.get("vars_prefix") == _role.PREFIX:
            _brake.failed(self._vars, self._templar)

    def faults(self, params: dict[str, Any], faults: list[str]) -> list[str]:
        return faults + _hold.settle(params, self.stated, not faults and self._ships(params))
