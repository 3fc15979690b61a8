# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of a role, as it hands it over: its inputs, the option that each of them becomes, and its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..module_utils import _option_names, _spec, _values
from ..module_utils._modules import MODULES
from ..module_utils._operations.module import Module

# The module whose options the check of a run covers; nearly every input is one of them.
PREFLIGHT = MODULES["wa_preflight"]
_TYPES = {"list": _values.list_of_text, "str": _values.text_of}


@dataclass(frozen=True)
class Contract:
    """The inputs of a role.

    prefix: what their names begin with. The methods take and return names without it where they say "short".
    inputs: the options of the role's argument spec, by their full names.
    same_on_all_hosts: the inputs that are for the whole run, by their short names.
    renamed: ``module.option`` by the short name, for an input that becomes an option of another name.
    seconds: the least and the most by the short name, for a time that is no option of any module.
    """

    prefix: str
    inputs: Mapping[str, Mapping[str, Any]]
    same_on_all_hosts: Sequence[str] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def errors(self) -> list[str]:
        """Return what is wrong with the contract itself, by the options of the task that states it."""
        found = [
            "argument_spec: %s is no mapping of a type and what else there is to say of an input" % name
            for name, option in self.inputs.items()
            if not isinstance(option, Mapping)
        ]
        found += [
            "argument_spec: %s does not begin with %s" % (name, self.prefix)
            for name in self.inputs
            if not name.startswith(self.prefix)
        ]
        named = {"same_on_all_hosts": self.same_on_all_hosts, "renamed": self.renamed, "seconds": self.seconds}
        for option, shorts in named.items():
            found += [
                "%s: argument_spec has no input %s" % (option, self.name(short))
                for short in shorts
                if self.name(short) not in self.inputs
            ]
        for short, target in self.renamed.items():
            module_name, _dot, option = str(target).partition(".")
            if module_name not in MODULES or option not in MODULES[module_name].every_option:
                found.append("renamed: %s: no module of this collection has the option %s" % (short, target))
        for short, bounds in self.seconds.items():
            try:
                least, most = map(float, bounds)
                fits = least <= most
            except (TypeError, ValueError):
                fits = False
            if not fits:
                found.append("seconds: %s: expected the least and the most, in seconds" % short)
        return found

    def name(self, short: str) -> str:
        """Return the full name of an input."""
        return self.prefix + short

    def default(self, name: str) -> Any:
        """Return the default of an input, None where it has none; one that the role does not have has its option's."""
        if name in self.inputs:
            return self.inputs[name].get("default")
        short = name.removeprefix(self.prefix)
        module = _module_of(short)
        return None if module is None else module.every_option[short].get("default")

    def resolved(self, inputs: Mapping[str, Any], name: str) -> Any:
        """Return an input with its default where it counts as not set, as it was written."""
        value = inputs.get(name)
        return self.default(name) if _spec.is_missing(value) else value

    def value_of(self, name: str, value: Any) -> Any:
        """Return the value of an input that preflight does not take; raises ValueError with what is wrong."""
        short, stated = name.removeprefix(self.prefix), self.inputs[name]
        if short in self.seconds:
            found: Any = _values.seconds(*self.seconds[short])(value)
        elif short in self.renamed:
            module_name, _dot, option = self.renamed[short].partition(".")
            found = _spec.value_of(MODULES[module_name], option, value)
        else:
            module = _module_of(short)
            rule = _TYPES.get(str(stated.get("type")), _values.anything)
            found = rule(value) if module is None else _spec.value_of(module, short, value)
        choices = stated.get("choices")
        if choices and found not in choices:
            raise ValueError("must be one of %s, got %s" % (", ".join(map(str, choices)), _values.shown(found)))
        return found

    def check(self, inputs: Mapping[str, Any], local: bool) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
        """Return the parameters of a host's preflight, all other inputs as the role goes by them, and every error.

        ``inputs`` are the values of one host; what is not set is left to environment and default. ``local`` tells
        whether the paths of the node's connection are paths of this machine. Errors name options of preflight by the
        options, and other inputs by the inputs.
        """
        stated = {name: value for name, value in inputs.items() if not _spec.is_missing(value)}
        options = {name: _option_names.variable(self.prefix, name) for name in PREFLIGHT.every_option}
        raw = {option: stated[name] for option, name in options.items() if name in stated}
        params, errors = _spec.check(PREFLIGHT, raw, here=local)
        errors += _spec.file_errors(PREFLIGHT, raw, params, local)
        others: dict[str, Any] = {}
        for name in sorted(set(self.inputs) - set(options.values())):
            if name not in stated:
                others[name] = self.default(name)
                continue
            try:
                others[name] = self.value_of(name, stated[name])
            except ValueError as reason:
                errors.append("%s: %s" % (name, reason))
        return params, others, errors


def _module_of(option: str) -> Module | None:
    return next((module for module in (PREFLIGHT, *MODULES.values()) if option in module.every_option), None)
