# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An inventory for the simulated fleet: one host per number, in the words of the role wa_migrate."""

from __future__ import annotations

from typing import Any

import yaml

from .config import Fleet


def write(fleet: Fleet, ready: dict[str, Any]) -> str:
    """Return the inventory as YAML; the group wa_onprem holds every number that has a node."""
    hosts = {}
    for number in fleet.numbers:
        if number.node is None:
            continue
        host: dict[str, Any] = {
            "wa_migrate_phone_number_id": number.phone_number_id,
            "wa_migrate_waba_id": number.waba_id,
            "wa_migrate_onprem_url": ready["nodes"][number.phone_number_id],
            "wa_migrate_onprem_username": number.node.username,
            "wa_migrate_onprem_password": number.node.password,
        }
        if number.pin is not None:
            host["wa_migrate_pin"] = number.pin
        hosts[f"number-{number.phone_number_id}"] = host
    shared = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "wa_migrate_graph_url": ready["graph_url"],
        "wa_migrate_graph_ca_path": ready["ca_path"],
        "wa_migrate_onprem_ca_path": ready["ca_path"],
        "wa_migrate_access_token": fleet.tokens[0].token,
    }
    return yaml.safe_dump({"wa_onprem": {"hosts": hosts, "vars": shared}}, sort_keys=False)
