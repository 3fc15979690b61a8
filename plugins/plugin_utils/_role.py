# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be said of the role's inputs before any request.

Its contract, and hosts that claim the same number or node.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..module_utils._core import waves

_CONTRACT = Path(__file__).parents[2] / "roles" / "wa_migrate" / "meta" / "argument_specs.yml"
PREFIX = "wa_migrate_"
_CHECKED = ("type", "choices", "elements")
# What the contract cannot say of a number.
_LEAST = {
    "wa_migrate_max_failed": 0,
    "wa_migrate_max_failed_percent": 0,
    "wa_migrate_quiet_wait": 0,
    "wa_migrate_soak": 0,
    "wa_migrate_doors": 0,
    "wa_migrate_doors_per_waba": 0,
    "wa_migrate_quiet_interval": 1,
    "wa_migrate_quiet_queue": 0,
    "wa_migrate_quiet_rate": 0,
}
_SAME_FOR_ALL = (
    "wa_migrate_waves",
    "wa_migrate_on_blocker",
    "wa_migrate_soak",
    "wa_migrate_doors",
    "wa_migrate_doors_per_waba",
    "wa_migrate_max_failed",
    "wa_migrate_max_failed_percent",
)


# Read once, in the process that starts the workers.
_OPTIONS = yaml.safe_load(_CONTRACT.read_text("utf-8"))["argument_specs"]["main"]["options"]
INPUTS = {name: {key: option[key] for key in _CHECKED if key in option} for name, option in _OPTIONS.items()}
# Null or an empty value of the inventory must not pass for the default of one of these.
DEFAULTED = tuple(name for name, option in _OPTIONS.items() if "default" in option)
# Not set is fine for these, but no option of preflight is there to check them.
_OPTIONAL = ("wa_migrate_max_failed", "wa_migrate_max_failed_percent", "wa_migrate_plan_dest")
CHECKED = (*DEFAULTED, *_OPTIONAL)
_KINDS = {"int": "a whole number", "float": "a number", "str": "a text", "path": "a path", "list": "a list"}


def input_faults(inputs: Mapping[str, Any], checked: Collection[str], groups: Mapping[str, Sequence[str]]) -> list[str]:
    """Return every fault of ``inputs`` against the role's contract; null, "" and white space count as missing.

    ``checked`` are the options that the task takes itself: of these only the missing ones are told here. ``groups`` are
    those of the inventory, which a wave may name.
    """
    faults = ["%s: there is no such input" % name for name in inputs if name not in INPUTS]
    for name in sorted(set(inputs) & set(INPUTS)):
        value = str(inputs[name]) if isinstance(inputs[name], str) else inputs[name]
        if value is None or (isinstance(value, str) and not value.strip()):
            if name in _OPTIONAL:
                continue
            faults.append("%s: missing (null, an empty string and white space count as missing)" % name)
        elif name == "wa_migrate_waves":
            try:
                waves.check(value, groups)
            except ValueError as reason:
                faults.append(str(reason))
        elif name.removeprefix(PREFIX) not in checked:
            kind = str(INPUTS[name].get("type"))
            if "choices" not in INPUTS[name] and not _fits(kind, value):
                faults.append("%s: %s is wanted, but this is %s%s" % (name, _KINDS[kind], value, _hint(value)))
                continue
            outcome = ArgumentSpecValidator({name: INPUTS[name]}).validate({name: value})
            faults += ["%s: %s" % (name, text) for text in outcome.error_messages]
            if name in _LEAST and not outcome.error_messages and not float(value) >= _LEAST[name]:
                faults.append("%s: %g is the least that makes sense" % (name, _LEAST[name]))
    return faults


def _fits(kind: Any, value: Any) -> bool:
    """Tell whether a value can be of a type; Ansible would take true as the number 1, and any value as a text."""
    if kind not in _KINDS:
        return True
    return not isinstance(value, bool) and (kind not in ("str", "path") or isinstance(value, (str, int)))


def _hint(value: Any) -> str:
    return " (a survey makes that of the answer yes or no)" if isinstance(value, bool) else ""


def in_role_terms(fault: str, options: Collection[str]) -> str:
    """Return a fault of an option as a fault of the role's input of that name."""
    names, colon, rest = fault.partition(":")
    words = [PREFIX + word if word in options and PREFIX + word in INPUTS else word for word in names.split(" ")]
    return " ".join(words) + colon + rest


def fleet_faults(hosts: Sequence[str], hostvars: Mapping[str, Any], connection: str) -> dict[str, list[str]]:
    """Return the faults between hosts: a number or a node that two of them claim, and inputs that must not differ.

    ``connection`` is the play's own, for hosts whose variables name none.
    """
    found = _clashes(hosts, hostvars, connection)
    for name in _SAME_FOR_ALL:
        stated = {host: str(hostvars[host].get(name, "not set")) for host in hosts}
        if len(set(stated.values())) > 1:
            text = "%s differs between hosts (%s): it is for the whole run, so set it once (group_vars/all or -e)" % (
                name,
                "; ".join(sorted(set(stated.values()))),
            )
            for host in hosts:
                found.setdefault(host, []).append(text)
    return found


def _clashes(hosts: Sequence[str], hostvars: Mapping[str, Any], connection: str) -> dict[str, list[str]]:
    numbers: dict[str, list[str]] = {}
    nodes: dict[str, list[str]] = {}
    for host in hosts:
        facts = hostvars[host]
        number = str(facts.get("wa_migrate_phone_number_id") or "").strip()
        if number:
            numbers.setdefault(number, []).append(host)
        nodes.setdefault(_node(host, facts, connection), []).append(host)
    found: dict[str, list[str]] = {}
    for kind, claims in (("wa_migrate_phone_number_id %s", numbers), ("the On-Premises node %s", nodes)):
        for claimed, claimants in claims.items():
            for host in claimants if len(claimants) > 1 else ():
                others = ", ".join(other for other in claimants if other != host)
                found.setdefault(host, []).append("%s is also claimed by host %s" % (kind % claimed, others))
    return found


def _node(host: str, facts: Mapping[str, Any], connection: str) -> str:
    url = str(facts.get("wa_migrate_onprem_url") or "https://localhost:9090").rstrip("/").lower()
    if str(facts.get("ansible_connection") or connection).endswith("local"):
        return url
    return "%s:%s %s" % (facts.get("ansible_host") or host, facts.get("ansible_port") or 22, url)
