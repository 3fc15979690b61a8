# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker door of wa_preflight: also sees what only the controller can, the other hosts and the role's contract."""

from __future__ import annotations

from typing import Any

from ..module_utils._ops import preflight
from ..plugin_utils import _role, _shared
from ..plugin_utils._worker import WorkerDoor


class ActionModule(WorkerDoor):
    """Run the operation of wa_preflight; see the module of the same name for its options."""

    VERB = "wa_preflight"
    OPERATION = staticmethod(preflight.perform)

    def more_faults(self, params: dict[str, Any]) -> list[str]:
        faults = _role.input_faults(params["role_inputs"])
        if params["fleet"]:
            hostvars = self._vars["hostvars"]
            found = _shared.once(
                "fleet " + " ".join(params["fleet"]),
                lambda: _role.fleet_faults(params["fleet"], hostvars, self._connection.transport),
            )
            faults += found.get(self._vars["inventory_hostname"], [])
        return faults
