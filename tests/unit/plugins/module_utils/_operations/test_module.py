# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module declares beside its operation."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES

# What these change is no number: files of the user, and what the user's own endpoint receives.
OF_THE_USER = ("wa_lint", "wa_webhook_check")
CHANGING = [name for name, module in MODULES.items() if module.step and module.changes({}) and name not in OF_THE_USER]


@pytest.mark.parametrize(
    ("module_name", "params", "phase"),
    [
        ("wa_inputs", {}, "preflight"),
        ("wa_preflight", {}, "preflight"),
        ("wa_traffic", {"require_quiet": False}, "preflight"),
        ("wa_traffic", {"require_quiet": True}, "prepare"),
        ("wa_backup", {}, "prepare"),
        ("wa_register", {}, "cutover"),
        ("wa_wait", {}, "cutover"),
        ("wa_compare", {}, "verify"),
        ("wa_report", {}, "report"),
    ],
)
def test_a_module_belongs_to_a_phase(module_name, params, phase):
    assert MODULES[module_name].phase(params) == phase


@pytest.mark.parametrize("module_name", MODULES)
def test_every_phase_is_known(module_name):
    assert MODULES[module_name].phase({}) in event.PHASES


@pytest.mark.parametrize("module_name", CHANGING)
def test_what_changes_a_number_is_no_preflight(module_name):
    assert MODULES[module_name].phase({}) != event.PREFLIGHT
