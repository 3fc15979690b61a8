# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of all modules, for who needs more than one. A shipped module imports its own operation only."""

from __future__ import annotations

from typing import Dict

from ._operations import (
    backup,
    compare,
    deregister,
    echo,
    export,
    health,
    inputs,
    lint,
    media,
    notice,
    number_info,
    number_move,
    onprem_info,
    preflight,
    profile,
    recover,
    register,
    report,
    restore,
    snapshot,
    state_info,
    steps,
    subscribe,
    traffic,
    two_step,
    verify,
    wait,
    webhook_check,
)
from ._operations.module import Module

MODULES: Dict[str, Module] = {
    operation.MODULE.name: operation.MODULE
    for operation in (
        backup,
        compare,
        deregister,
        echo,
        export,
        health,
        inputs,
        lint,
        media,
        notice,
        number_info,
        number_move,
        onprem_info,
        preflight,
        profile,
        recover,
        register,
        report,
        restore,
        snapshot,
        state_info,
        steps,
        subscribe,
        traffic,
        two_step,
        verify,
        wait,
        webhook_check,
    )
}
