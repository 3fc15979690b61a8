# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of a module's options, which both runners put in front of its operation.

Ansible's ArgumentSpecValidator can't do this job: it turns a list that was meant as a token into its text, and 83 into
a PIN; it takes a blank for a value; and its messages quote values, which may be secrets.
"""

from __future__ import annotations

import difflib
import os
from copy import deepcopy
from typing import Any, Callable, Collection, Dict, Iterator, List, Mapping, Optional, Sequence, Set, Tuple

from . import _account_values, _addresses, _codes, _environment, _message_values, _paths, _profile_value, _values
from ._core.checks import purpose as purpose_rules
from ._core.cutover import recovery
from ._operations import photo_file, recipients_file
from ._operations.module import BOTH, GRAPH, ONPREM, Module
from ._operations.options import ArgumentSpec, GraphConnection, OnPremConnection, Variables, argument_spec

ENVIRONMENT = _environment.ENVIRONMENT
_FILES: Dict[str, Callable[[Any], Any]] = {
    "photo": photo_file.of_file,
    "profile": photo_file.of_profile,
    "recipients_file": recipients_file.of_file,
    "lint_paths": _paths.check,
}
_VARIABLES, _ONPREM, _GRAPH = map(argument_spec, (Variables, OnPremConnection, GraphConnection))

_RULES: Dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("pin", "new_pin"), _values.pin_of),
    "code": _codes.code_of,
    "language": _codes.language_of,
    "code_valid_for": _values.seconds(1, _values.WEEK),
    "code_lost_at": recovery.moment,
    "move_lost_at": recovery.moment,
    "codes_limit": _values.whole(1, 10),
    "accept_loss": _values.list_of_text,
    "phone_number_id": _values.id_of,
    "waba_id": _values.id_of,
    "target_waba_id": _values.id_of,
    "app_id": _values.id_of,
    "phone_number": _values.phone_number_of,
    "onprem_url": _addresses.url_of,
    "graph_url": _addresses.url_of,
    "override_callback_uri": _addresses.callback_of,
    "webhook_url": _addresses.endpoint_of,
    "graph_version": _values.version_of,
    "onprem_username": _values.username_of,
    "onprem_password": _values.secret_of,
    "backup_password": _values.secret_of,
    "verify_token": _values.secret_of,
    "webhook_verify_token": _values.secret_of,
    "app_secret": _values.token_of,
    "onprem_token": _values.token_of,
    "access_token": _values.token_of,
    "app_access_token": _values.token_of,
    "dest": _values.absolute_path_of,
    "backup_file": _values.absolute_path_of,
    "state_dir": _values.absolute_path_of,
    "onprem_timeout": _values.seconds(0.1, _values.HOUR),
    "graph_timeout": _values.seconds(0.1, _values.HOUR),
    "webhook_timeout": _values.seconds(0.1, _values.HOUR),
    "quiet_wait": _values.seconds(0, _values.WEEK),
    "quiet_interval": _values.seconds(1, _values.HOUR),
    "quiet_queue": _values.figure(0, 1e9),
    "quiet_rate": _values.figure(0, 1e9),
    # a moment: seconds since the epoch
    "wait_until": _values.figure(0, 1e11),
    "codes_until": _values.figure(0, 1e11),
    "quiet_queues": _values.list_of_text,
    "quiet_counters": _values.list_of_text,
    "window": _values.window_of,
    "freeze": _values.freeze_of,
    "report_to": _addresses.destination_of,
    "report_to_header": _values.header_of,
    "report_to_ca_path": _values.ca_file_of,  # always of the controller
    "traffic": _values.mapping,
    "result_vars": _values.mapping,
    "from_vars": _values.mapping,
    "argument_spec": _values.mapping,
    "renamed": _values.mapping,
    "seconds": _values.mapping,
    "selected_by": _values.mapping,
    "soak": _values.seconds(0, _values.WEEK),
    "same_on_all_hosts": _values.list_of_text,
    "first": _values.mapping,
    "onprem_retry_for": _values.seconds(0, _values.DAY),
    "graph_retry_for": _values.seconds(0, _values.DAY),
    # Meta takes up to 15 s for a register call, and a lost answer costs one of ten: never less than a minute.
    "register_timeout": _values.seconds(60, 600),
    "confirm_timeout": _values.seconds(0, _values.DAY),
    "confirm_interval": _values.seconds(0.01, _values.HOUR),
    "wait": _values.seconds(0, _values.DAY),
    "wait_interval": _values.seconds(0.01, _values.HOUR),
    "max_age": _values.whole(0, int(52 * _values.WEEK)),
    "backup_max_age": _values.whole(0, int(52 * _values.WEEK)),
    "pin_changed_at": recovery.moment,
    "token_must_last": _values.whole(0, int(52 * _values.WEEK)),
    "max_failed": _values.whole(0, 1000000),
    "fleet_size": _values.whole(0, 1000000),
    "max_failed_percent": _values.figure(0, 100),
    # Meta locks a number after its tenth register or deregister request in 72 hours.
    "attempts_limit": _values.whole(1, 10),
    "attempts_reserve": _values.whole(0, 9),
    **dict.fromkeys(("paths", "lint_paths", "exclude", "gather", "hosts", "websites", "clear"), _values.list_of_text),
    **_message_values.RULES,
    "media_ids": _account_values.media_ids_of,
    "echo": _addresses.echo_of,
    "echo_ca_path": _values.ca_file_of,
    "echo_wait": _values.seconds(0, _values.DAY),
    "since": recovery.moment,
    "valid_for": _values.seconds(60, 52 * _values.WEEK),
    "link_timeout": _values.seconds(0.1, _values.HOUR),
    "node_code": _codes.code_of,
    "cc": _account_values.country_code_of,
    "cert": _account_values.certificate_of,
    "shards": _account_values.shards_of,
    "node_webhook_url": _addresses.callback_of,
    "interval": _values.seconds(0.01, _values.HOUR),
    "max_parallel_cutovers": _values.whole(0, 100000),
    "max_parallel_cutovers_per_waba": _values.whole(0, 100000),
    "purpose_rules": purpose_rules.normal,
    "waves": _values.anything,
    "steps": _values.list_of_mappings,
    "findings": _values.list_of_mappings,
    "profile": _profile_value.profile_of,
    "plan": _values.plan_of,
    "waivers": _values.waivers_of,
}


# ---------------------------------------------------------------------------------------------------------------------
# The check


def check(
    module: Module,
    raw: Mapping[str, Any],
    environ: Optional[Mapping[str, str]] = None,
    here: bool = True,
) -> Tuple[Dict[str, Any], List[str]]:
    """Return the parameters of an operation and everything that is wrong with them.

    raw: the options as the task has them. Null, "" and white space count as missing: environment and default apply.
    environ: where WABIZ_* are looked up (default: this process). The shipped module hands in {}, because the
    controller has resolved them already.
    here: the connection is local, so that ~ and $VARIABLES in onprem_ca_path mean this machine's. False when calls to
    the node are shipped: the host expands them. graph_ca_path and webhook_ca_path are the controller's unless graph_via
    is host.

    The parameters hold every option of the module by its own name, None where there is no value. Secrets that the task
    does not use are None, so that they are not carried to a host for nothing. The parameters are complete only when the
    list of errors is empty; each error reads "option: what is wrong, and what to do".
    """
    spec = module.every_option
    lookup: Mapping[str, str] = os.environ if environ is None else environ
    given, errors, written = _given(spec, raw)
    params: Dict[str, Any] = {name: deepcopy(option.get("default")) for name, option in spec.items()}
    bad: Set[str] = set()
    environment: Set[str] = set()  # the options whose values come from there

    def take(name: str, value: Any) -> None:
        try:
            params[name] = value_of(module, name, value)
        except ValueError as reason:
            bad.add(name)
            errors.append("%s%s: %s" % (written.get(name, name), _source(name, environment), reason))

    for name in spec:
        if name in given:
            take(name, given[name])
    unused = _unused(module, params)
    outdone = _outdone(given, params)
    for name in sorted(set(ENVIRONMENT) & set(spec) - set(given) - set(unused) - outdone):
        if not is_missing(lookup.get(ENVIRONMENT[name])):
            environment.add(name)
            take(name, lookup[ENVIRONMENT[name]])
    for name in _needed(module, params):
        if params[name] is None and name not in bad:
            missing = "missing (null, an empty string and white space count as missing)."
            errors.append("%s: %s%s" % (name, missing, _hint(name)))
    login = ("onprem_password", "onprem_token")
    if module.side(params) in (ONPREM, BOTH) and not bad & set(login) and not any(params[name] for name in login):
        errors.append("onprem_password: missing, and there is no O(onprem_token) either." + _hint("onprem_password"))
    errors.extend(_contradictions(module, params, given, bad))
    for name in unused:
        if spec[name].get("no_log"):
            params[name] = None
    for name in _at_home(params, here):
        params[name] = _paths.expanded(params[name])
    return params, errors


def file_errors(module: Module, raw: Mapping[str, Any], params: Mapping[str, Any], here: bool = True) -> List[str]:
    """Return what is wrong with the files of this machine that the checked parameters of a task name.

    ``raw`` and ``here`` are what :func:`check` was given. Nothing is written, and no file is read twice in a process.
    """
    errors: List[str] = []
    written = _given(module.every_option, raw)[2]
    unused = _unused(module, params)
    for name in _at_home(params, here):
        # A task that is shipped gets the answer of the controller instead of the address.
        if name in unused or (name == "freeze_ca_path" and "://" not in str(params["freeze"] or "")):
            continue
        try:
            _FILES.get(name, _values.check_ca_file)(params[name])
        except ValueError as reason:
            errors.append(
                "%s%s: %s" % (written.get(name, name), "" if name in written else _source(name, (name,)), reason)
            )
    return errors


def _at_home(params: Mapping[str, Any], here: bool) -> List[str]:
    """Return the options that name a file of this machine; ``here`` as in :func:`check`."""
    at_graph = here or params.get("graph_via") != "host"
    locations = {
        "onprem_ca_path": here,
        "graph_ca_path": at_graph,
        "webhook_ca_path": at_graph,
        "freeze_ca_path": True,
        "lint_paths": True,
        "photo": at_graph,
        "profile": at_graph,
        "recipients_file": at_graph,
    }
    return [name for name, at_home in locations.items() if at_home and params.get(name) is not None]


def is_missing(value: Any) -> bool:
    """Tell whether a value counts as not set: null, "" and white space do."""
    return value is None or (isinstance(value, str) and not value.strip())


def _source(name: str, environment: Collection[str]) -> str:
    return " (from %s)" % ENVIRONMENT[name] if name in environment and name in ENVIRONMENT else ""


def _outdone(given: Mapping[str, Any], params: Mapping[str, Any]) -> Set[str]:
    """Return the options that the environment does not set, because something that is stated says otherwise."""
    outdone: Set[str] = set()
    if "onprem_password" in given:
        outdone.add("onprem_token")
    if "onprem_token" in given:
        outdone.add("onprem_password")
    if "onprem_ca_path" in given:
        outdone.add("onprem_validate_certs")  # who names a CA wants it to count
    if "onprem_validate_certs" in given and params["onprem_validate_certs"] is False:
        outdone.add("onprem_ca_path")
    return outdone


def _given(spec: ArgumentSpec, raw: Mapping[str, Any]) -> Tuple[Dict[str, Any], List[str], Dict[str, str]]:
    """Return what was stated by the options' own names, the errors in the names, and each name as it was written."""
    names = {alias: name for name, option in spec.items() for alias in [name, *option.get("aliases", [])]}
    # Users write both connections once, under module_defaults: group/wabiz.migration.wabiz. Ansible then hands all of
    # them to every module of the group, so what belongs to the other connection is dropped and is no unknown option.
    foreign = {
        alias for name, option in {**_ONPREM, **_GRAPH}.items() for alias in [name, *option.get("aliases", [])]
    } - set(names)
    given: Dict[str, Any] = {}
    errors: List[str] = []
    written: Dict[str, str] = {}
    for key in raw:
        word = str(key)
        if word.startswith("_ansible_") or word in foreign:
            continue
        if word not in names:
            near = difflib.get_close_matches(word, list(names), n=1)
            errors.append("%s: there is no such option%s" % (word, "; is %s meant?" % near[0] if near else ""))
            continue
        value = _values.plain(raw[key])
        if is_missing(value):
            continue
        name = names[word]
        if name in given and given[name] != value:
            errors.append("%s: %s and %s are the same option, but their values differ" % (name, written[name], word))
        if name not in given or word == name:
            given[name], written[name] = value, word
    return given, errors, written


def value_of(module: Module, name: str, value: Any) -> Any:
    """Return the value of one option as its operation takes it; raises ValueError with what is wrong."""
    option = module.every_option[name]
    rule = _RULES.get(name)
    if rule is not None:
        value = rule(value)
    elif option["type"] == "bool":
        value = _values.bool_of(value)
    else:
        value = _values.text_of(value)
    choices: Optional[Sequence[str]] = option.get("choices")
    if choices:
        for entry in value if isinstance(value, list) else [value]:
            if entry not in choices:
                raise ValueError("must be one of %s, got %s" % (", ".join(choices), _values.shown(entry)))
    return value


def _needed(module: Module, params: Mapping[str, Any]) -> List[str]:
    """Return the options that must have a value: required always, or by what the other options say."""
    needed = [name for name, option in module.every_option.items() if option.get("required")]
    if module.side(params) in (GRAPH, BOTH):
        needed.append("access_token")
    return [*needed, *module.needed(params)]


def _unused(module: Module, params: Mapping[str, Any]) -> List[str]:
    """Return the options that this task has no use for, so that the environment is not asked for them."""
    unused = list(module.unused(params))
    side = module.side(params)
    if module.speaks_to == BOTH and side == GRAPH:
        unused += set(_ONPREM) - set(_VARIABLES)
    if module.speaks_to == BOTH and side == ONPREM:
        unused += set(_GRAPH) - set(_VARIABLES)
    return unused


def _contradictions(
    module: Module, params: Mapping[str, Any], given: Mapping[str, Any], bad: Set[str]
) -> Iterator[str]:
    """Yield what does not go together. given tells a stated value from a default, bad which are wrong anyway."""
    found = list(module.contradictions(params, given))
    if "onprem_password" in given and "onprem_token" in given:
        found.insert(0, ("onprem_password onprem_token", "a token replaces a login. Leave out one of the two"))
    for names, text in found:
        if not bad & set(names.split()):
            yield "%s: %s" % (" and ".join(names.split()), text)


def _hint(name: str) -> str:
    """Return what to do about a missing option."""
    hint = " Give it, or set the environment variable %s on the controller." % ENVIRONMENT.get(name)
    if name == "pin":
        hint += " It is needed also where two-step verification is cleared on the node: it becomes the new PIN then."
    return hint if name in ENVIRONMENT else ""
