# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of the role wa_migrate: its inputs, the option that each of them becomes, and what each may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from ..module_utils import _spec, _values
from ..module_utils._modules import MODULES
from ..module_utils._operations.module import Module

_CONTRACT = Path(__file__).parents[2] / "roles" / "wa_migrate" / "meta" / "argument_specs.yml"
PREFIX = "wa_migrate_"
# The module whose options preflight checks; nearly every input is one of them.
PREFLIGHT = MODULES["wa_preflight"]

# Read once, in the process that starts the workers.
_OPTIONS = yaml.safe_load(_CONTRACT.read_text("utf-8"))["argument_specs"]["main"]["options"]
INPUTS: Mapping[str, Mapping[str, Any]] = {
    name: {key: option[key] for key in ("type", "choices", "elements", "no_log") if key in option}
    for name, option in _OPTIONS.items()
}
DEFAULTS: Mapping[str, Any] = {name: option["default"] for name, option in _OPTIONS.items() if "default" in option}

# Inputs that are for the whole run, so that all hosts must have the same.
OF_THE_RUN = tuple(
    PREFIX + name
    for name in (
        "waves",
        "on_blocker",
        "soak",
        "max_parallel_cutovers",
        "max_parallel_cutovers_per_waba",
        "max_failed",
        "max_failed_percent",
        "plan_dest",
        "own_variables",
    )
)
# Options that have the role's input under another name: (module, option).
_RENAMED = {
    "retry_for": (PREFLIGHT, "onprem_retry_for"),
    "require_health": (MODULES["wa_health"], "require"),
    "health_wait": (MODULES["wa_health"], "wait"),
}
# Both connections repeat for as long as one input says.
SHARED = {"onprem_retry_for": "retry_for", "graph_retry_for": "retry_for"}
# What is no option of any module: the role goes by it itself.
_OWN: Mapping[str, Callable[[Any], Any]] = {
    "soak": _values.seconds(0, _values.WEEK),
    "quiet_wait": _values.seconds(0, _values.WEEK),
    "quiet_interval": _values.seconds(1, _values.HOUR),
    "on_difference": _values.text_of,
    "hosts": _values.pattern_of,
    "own_variables": _values.list_of_text,
}


def resolved(inputs: Mapping[str, Any], name: str) -> Any:
    """Return an input with its default where it counts as not set, as it was written."""
    value = inputs.get(name)
    return DEFAULTS.get(name) if _spec.is_missing(value) else value


def value_of(name: str, value: Any) -> Any:
    """Return the value of an input that preflight does not take; raises ValueError with what is wrong."""
    short = name.removeprefix(PREFIX)
    if short in _OWN:
        found = _OWN[short](value)
    else:
        module, option = _RENAMED.get(short) or (_module_of(short), short)
        found = _spec.value_of(module, option, value)
    choices = INPUTS[name].get("choices")
    if choices and found not in choices:
        raise ValueError("must be one of %s, got %s" % (", ".join(map(str, choices)), _values.shown(found)))
    return found


def _module_of(option: str) -> Module:
    return next(module for module in (PREFLIGHT, *MODULES.values()) if option in module.every_option)


def check(inputs: Mapping[str, Any], local: bool) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Return the parameters of a host's preflight, all other inputs as the role goes by them, and every fault.

    ``inputs`` are the values of one host; what is not set is left to environment and default. ``local`` tells whether
    the paths of the node's connection are paths of this machine. Faults name options of preflight by the options, and
    other inputs by the inputs.
    """
    stated = {name: value for name, value in inputs.items() if not _spec.is_missing(value)}
    taken = PREFLIGHT.every_option
    options = {name: PREFIX + SHARED.get(name, name) for name in taken}
    raw = {option: stated[name] for option, name in options.items() if name in stated}
    params, faults = _spec.check(PREFLIGHT, raw, here=local)
    faults += _spec.file_faults(PREFLIGHT, raw, params, local)
    others: dict[str, Any] = {}
    for name in sorted(set(INPUTS) - set(options.values())):
        if name not in stated:
            others[name] = DEFAULTS.get(name)
            continue
        try:
            others[name] = value_of(name, stated[name])
        except ValueError as reason:
            faults.append("%s: %s" % (name, reason))
    return params, others, faults
