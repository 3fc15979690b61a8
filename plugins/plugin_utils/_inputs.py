# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that are taken from a host's variables by their names.

An expression in the options of a task is compiled anew for each host, which costs more CPU than a request. The
variables themselves hold plain values as a rule, and only what is an expression is templated.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ..module_utils import _option_names, _spec
from ..module_utils import _values as _option_values
from ..module_utils._operations.module import Module
from ..module_utils._operations.options import Variables, argument_spec

_VARIABLES = argument_spec(Variables)
_MARKS = ("{{", "{%", "{#")
# Behind the prefix: the variable that lists those which begin with the prefix and are no options.
OWN_VARIABLES = "own_variables"


def options(module: Module, stated: Mapping[str, Any], variables: Mapping[str, Any], templar: Any) -> dict[str, Any]:
    """Return the options of a task: those that are stated, and of ``from_vars`` and ``vars_prefix`` the variables."""
    found = {name: value for name, value in stated.items() if name not in _VARIABLES}
    named = stated.get("from_vars")
    if isinstance(named, Mapping):
        # An option that the module does not have is for the check to refuse, also where its variable is not there.
        found.update({str(option): None for option in named if str(option) not in module.every_option})
        found.update(_named(named, variables, templar))
    elif named:
        found["from_vars"] = named  # for the check to refuse
    there = {name: variable for name, variable in _by_prefix(module, stated).items() if variable in variables}
    own = _own_variables(stated, variables, templar) if there else ()
    taken = {
        name: plain(variables[variable], templar)
        for name, variable in there.items()
        if name not in found and variable not in own
    }
    # for a module that is shipped, whose messages name its options as this task does
    prefix = stated.get("vars_prefix") or stated.get("names_prefix")
    return {**taken, **found, **({"names_prefix": prefix} if prefix else {})}


def errors(stated: Mapping[str, Any], variables: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the names of variables: a prefix that no variable of the host has."""
    prefix = str(stated.get("vars_prefix") or "")
    if prefix and not any(str(name).startswith(prefix) for name in variables):
        return ["vars_prefix: no variable of this host begins with %s" % _option_values.shown(prefix)]
    return []


def as_written(module: Module, stated: Mapping[str, Any], found: Iterable[str]) -> list[str]:
    """Return errors of options under the names that the user wrote: those of the variables that they came from."""
    names = _by_prefix(module, stated)
    if stated.get("names_prefix"):
        prefix = str(stated["names_prefix"])
        names.update({name: _option_names.variable(prefix, name) for name in module.every_option})
    named = stated.get("from_vars")
    if isinstance(named, Mapping):
        names.update({str(option): str(path) for option, path in named.items()})
    renamed = []
    for error in found:
        heads, colon, rest = error.partition(":")
        renamed.append(" ".join(names.get(word, word) for word in heads.split(" ")) + colon + rest)
    # two options may have come from one variable
    return list(dict.fromkeys(renamed))


def naming(stated: Mapping[str, Any]) -> _option_names.Naming:
    """Return what the user of a task calls an option, by the options of the task as they are written."""
    prefix = stated.get("vars_prefix") or stated.get("names_prefix") or ""
    return _option_names.naming(str(prefix), stated.get("from_vars"))


def _by_prefix(module: Module, stated: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables that ``vars_prefix`` names for the options that the task does not state itself."""
    prefix = str(stated.get("vars_prefix") or "")
    if not prefix:
        return {}
    return {name: _option_names.variable(prefix, name) for name in module.every_option if name not in stated}


def _own_variables(stated: Mapping[str, Any], variables: Mapping[str, Any], templar: Any) -> Sequence[str]:
    """Return the variables that only look like options.

    A ``acme_state`` of the inventory's own must not become an option of the register call.
    """
    found = plain(variables.get(str(stated.get("vars_prefix")) + OWN_VARIABLES), templar)
    return _option_values.list_of_text(found) if found else ()


def named(path: str, variables: Mapping[str, Any]) -> Any:
    """Return what the variable ``path`` holds; dots reach into mappings and lists. Raises LookupError."""
    value: Any = variables
    for word in path.split("."):
        if isinstance(value, Sequence) and not isinstance(value, str) and word.isdigit():
            value = value[int(word)]
        elif isinstance(value, Mapping):
            value = value[word]
        else:
            raise LookupError(path)
    return value


def _named(paths: Mapping[str, Any], variables: Mapping[str, Any], templar: Any) -> dict[str, Any]:
    found = {}
    for option, path in paths.items():
        with contextlib.suppress(LookupError):
            value = plain(named(str(path), variables), templar)
            # a survey hands over an empty text for a question without an answer
            if not _spec.is_missing(value):
                found[str(option)] = value
    return found


def plain(value: Any, templar: Any) -> Any:
    """Return a value that may be an expression, or hold some, as what it comes to."""
    return _strict(templar).template(value) if _is_expression(value) else value


def _strict(templar: Any) -> Any:
    """Return ``templar`` as one that refuses what is not defined, whatever ansible.cfg says.

    Before ansible-core 2.19, error_on_undefined_vars=False lets an expression pass for its own value: a backup would be
    encrypted with the text "{{ vault_backup_password }}".
    """
    if not getattr(templar, "_fail_on_undefined_errors", True):
        templar._fail_on_undefined_errors = True
    return templar


def _is_expression(value: Any) -> bool:
    """Tell whether templating could make something else of a value, as of a text with an expression or of a vault's."""
    if isinstance(value, str):
        return any(mark in value for mark in _MARKS)
    if isinstance(value, Mapping):
        return any(_is_expression(entry) for pair in value.items() for entry in pair)
    if isinstance(value, (list, tuple)):
        return any(_is_expression(entry) for entry in value)
    return not (value is None or isinstance(value, (bool, int, float, date)))
