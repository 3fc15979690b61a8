# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of the role wa_migrate, read from its own files as the role hands it to the check of its inputs."""

from __future__ import annotations

from typing import Any

import yaml
from ansible_collections.wabiz.migration.plugins.plugin_utils._contract import Contract

from .ansible_run import ROOT

ROLE = ROOT / "roles" / "wa_migrate"
PREFIX = "wa_migrate_"
INPUTS: dict[str, dict[str, Any]] = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text("utf-8"))[
    "argument_specs"
]["main"]["options"]
DEFAULTS = {name: option["default"] for name, option in INPUTS.items() if "default" in option}
# A module by itself keeps no events: its option has no default.
OWN_DEFAULTS = {"wa_migrate_report_dir"}
VARIABLES: dict[str, Any] = yaml.safe_load((ROLE / "vars" / "main.yml").read_text("utf-8"))
CONTRACT = Contract(
    PREFIX,
    INPUTS,
    VARIABLES["__wa_migrate_same_on_all_hosts"],
    VARIABLES["__wa_migrate_renamed"],
    VARIABLES["__wa_migrate_seconds"],
)
# What a host needs, and nothing else.
GOOD = {
    "wa_migrate_phone_number_id": "106540352242922",
    "wa_migrate_waba_id": "102290129340398",
    "wa_migrate_pin": "001234",
    "wa_migrate_access_token": "EAAB",
    "wa_migrate_onprem_password": "any text",
    "wa_migrate_backup_password": "any text",
}
