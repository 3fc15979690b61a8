# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of every module as data, and the one check that both doors put in front of an operation."""

from __future__ import annotations

import difflib
import os
from copy import deepcopy
from functools import lru_cache
from typing import Any, Callable, Collection, Dict, List, Mapping, Optional, Sequence, Set, Tuple

from . import _values
from ._core.checks import purpose as purpose_rules
from ._core.checks import versions
from ._core.cutover import recovery

Option = Dict[str, Any]
Options = Dict[str, Option]

# Where a verb speaks to. wa_two_step is ONPREM or GRAPH by its option side: see side().
ONPREM = "onprem"
GRAPH = "graph"
BOTH = "both"
CONTROLLER = "controller"

# Two-letter countries in which Meta keeps message data at rest (registration.md, parameter data_localization_region).
REGIONS = ("AE", "AU", "BH", "BR", "CA", "CH", "DE", "GB", "ID", "IN", "JP", "KR", "SG", "ZA")
GATHER = ("health", "application", "support", "shards", "stats", "profile")
# What is read on request only.
GATHER_MORE = ("photo", "stickerpacks", "certificates")

ONPREM_OPTIONS: Options = {
    "onprem_url": {"type": "str", "default": "https://localhost:9090"},
    "onprem_username": {"type": "str", "default": "admin"},
    "onprem_password": {"type": "str", "no_log": True},
    "onprem_token": {"type": "str", "no_log": True},
    "onprem_validate_certs": {"type": "bool", "default": True, "aliases": ["validate_certs"]},
    "onprem_ca_path": {"type": "path", "aliases": ["ca_path"]},
    "onprem_timeout": {"type": "float", "default": 30.0},
    "onprem_retry_for": {"type": "float", "default": 60.0},
}
GRAPH_OPTIONS: Options = {
    "access_token": {"type": "str", "no_log": True},
    "graph_url": {"type": "str", "default": "https://graph.facebook.com"},
    "graph_version": {"type": "str", "default": versions.DEFAULT},
    "graph_validate_certs": {"type": "bool", "default": True},
    "graph_ca_path": {"type": "path"},
    "graph_timeout": {"type": "float", "default": 30.0},
    "graph_retry_for": {"type": "float", "default": 60.0},
    "graph_via": {"type": "str", "choices": ["controller", "host"], "default": "controller"},
}
# Taken by the action, which looks the other options up where this says.
VARIABLES: Options = {"vars_prefix": {"type": "str"}, "from_vars": {"type": "dict"}}
_PHONE_NUMBER_ID: Options = {"phone_number_id": {"type": "str", "required": True}}
_PIN: Options = {"pin": {"type": "str", "no_log": True}}
_BACKUP_PASSWORD: Options = {"backup_password": {"type": "str", "no_log": True}}
_OVERRIDE: Options = {
    "override_callback_uri": {"type": "str"},
    "verify_token": {"type": "str", "no_log": True},
}
# The endpoint that Cloud API webhooks will go to, tried where webhook_url is given.
_WEBHOOK: Options = {
    "webhook_url": {"type": "str"},
    "webhook_verify_token": {"type": "str", "no_log": True},
    "app_secret": {"type": "str", "no_log": True},
    "webhook_timeout": {"type": "float", "default": 5.0},
    "webhook_ca_path": {"type": "path"},
}
_STATE_DIR: Options = {
    "state_dir": {"type": "path", "default": "/var/lib/wabiz"},
    "state_durable": {"type": "bool"},
}
_WITHOUT_BACKUP: Options = {"without_backup": {"type": "bool", "default": False}}
# The Meta app, and its own token that may inspect the access token.
_APP_ID: Options = {"app_id": {"type": "str"}, "app_access_token": {"type": "str", "no_log": True}}
# What preflight judges the access token by.
_APP: Options = {
    **_APP_ID,
    # no_log false: it is a number of seconds.
    "token_must_last": {"type": "int", "default": 86400, "no_log": False},
}
# What counts as a busy node: by one look at it, and by two.
_QUEUES: Options = {
    "quiet_queue": {"type": "float", "default": 100.0},
    "quiet_queues": {"type": "list", "elements": "str", "default": []},
}
_QUIET: Options = {
    **_QUEUES,
    "quiet_rate": {"type": "float", "default": 60.0},
    "quiet_counters": {"type": "list", "elements": "str", "default": []},
    "require_quiet": {"type": "bool", "default": False},
}
# What holds a cutover back for the time being.
_SCHEDULE: Options = {
    "window": {"type": "list", "elements": "dict", "default": []},
    "freeze": {"type": "str"},
    "freeze_ca_path": {"type": "path"},
}
# Names the hosts that share what one read of a WABA tells of all of its numbers.
_BATCH: Options = {"batch": {"type": "str"}}
# Whether a result holds all that was read.
_DETAILS: Options = {"details": {"type": "bool", "default": True}}
# How many numbers of a run may fail.
_FAILURE_LIMIT: Options = {"max_failed": {"type": "int"}, "max_failed_percent": {"type": "float"}}
_WAIVERS: Options = {"waivers": {"type": "raw", "default": []}}
# What the gate of the one-way door and the register call go by; preflight takes the same, so that it judges the same.
_CUTOVER: Options = {
    "backup_max_age": {"type": "int", "default": 86400},
    "allow_unverified": {"type": "bool", "default": False},
    # no_log false: it says when a PIN was changed, not which one.
    "pin_changed_at": {"type": "str", "no_log": False},
    "data_localization_region": {"type": "str", "choices": list(REGIONS)},
    "register_timeout": {"type": "float", "default": 90.0},
    "confirm_timeout": {"type": "float", "default": 120.0},
    "confirm_interval": {"type": "float", "default": 2.0},
    "attempts_limit": {"type": "int", "default": 10},
    "attempts_reserve": {"type": "int", "default": 2},
}

_MODULES: Dict[str, Tuple[str, Options]] = {
    "wa_backup": (
        ONPREM,
        {
            "dest": {"type": "path", "required": True},
            "backup_password": {"type": "str", "required": True, "no_log": True},
            "max_age": {"type": "int", "default": 86400},
            "force": {"type": "bool", "default": False},
            "phone_number": {"type": "str"},
        },
    ),
    "wa_register": (
        BOTH,
        {
            **_PHONE_NUMBER_ID,
            "waba_id": {"type": "str"},
            "state": {"type": "str", "choices": ["registered", "deregistered"], "default": "registered"},
            **_PIN,
            "backup_file": {"type": "path"},
            "backup_digest": {"type": "str"},
            **_BACKUP_PASSWORD,
            **_WITHOUT_BACKUP,
            "check_node": {"type": "bool", "default": True},
            **_STATE_DIR,
            **_CUTOVER,
            **_WAIVERS,
            **_SCHEDULE,
            **_QUIET,
            "traffic": {"type": "dict"},
            "location": {"type": "str", "choices": ["ON_PREMISES", "CLOUD", "NEITHER", "UNKNOWN"]},
            "findings": {"type": "list", "elements": "dict", "default": []},
            "return_when_waiting": {"type": "bool", "default": False},
            "max_parallel_cutovers_per_waba": {"type": "int", "default": 0},
            # no_log false: it says that a PIN was cleared, not which one.
            "pin_cleared": {"type": "bool", "default": False, "no_log": False},
            "continue_after_wrong_pin": {"type": "bool", "default": False, "no_log": False},
        },
    ),
    "wa_subscribe": (
        GRAPH,
        {
            "waba_id": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            **_APP_ID,
            **_OVERRIDE,
            "remove_override": {"type": "bool", "default": False},
            **_BATCH,
        },
    ),
    "wa_health": (
        GRAPH,
        {
            "phone_number_id": {"type": "str"},
            "waba_id": {"type": "str"},
            "require": {"type": "str", "choices": ["none", "limited", "available"], "default": "available"},
            **_BATCH,
            **_DETAILS,
            "wait": {"type": "float", "default": 0.0},
            "wait_interval": {"type": "float", "default": 2.0},
        },
    ),
    "wa_two_step": (
        BOTH,
        {
            "side": {"type": "str", "choices": ["onprem", "cloud"], "default": "onprem"},
            "state": {"type": "str", "choices": ["present", "absent"], "required": True},
            **_PIN,
            "phone_number_id": {"type": "str"},
            # no_log false: it says when a PIN is set, not which one.
            "update_pin": {
                "type": "str",
                "choices": ["always", "on_create"],
                "default": "on_create",
                "no_log": False,
            },
        },
    ),
    "wa_number_info": (GRAPH, {**_PHONE_NUMBER_ID, "waba_id": {"type": "str"}}),
    "wa_onprem_info": (
        ONPREM,
        {"gather": {"type": "list", "elements": "str", "choices": [*GATHER, *GATHER_MORE], "default": list(GATHER)}},
    ),
    "wa_traffic": (
        ONPREM,
        {
            "phone_number": {"type": "str"},
            "first": {"type": "dict"},
            **_QUIET,
            "wait_until": {"type": "float", "default": 0.0},
        },
    ),
    "wa_preflight": (
        BOTH,
        {
            **_PHONE_NUMBER_ID,
            "waba_id": {"type": "str", "required": True},
            **_PIN,
            "clear_two_step": {"type": "bool", "default": False},
            **_BACKUP_PASSWORD,
            **_WITHOUT_BACKUP,
            **_STATE_DIR,
            **_CUTOVER,
            **_OVERRIDE,
            "restore_profile": {"type": "bool", "default": False},
            **_APP,
            "plan": {"type": "raw"},
            **_WAIVERS,
            **_SCHEDULE,
            **_QUEUES,
            **_WEBHOOK,
            "purpose": {"type": "str"},
            "purpose_rules": {"type": "list", "elements": "dict"},
            **_BATCH,
            **_DETAILS,
        },
    ),
    "wa_webhook_check": (
        CONTROLLER,
        {
            **_PHONE_NUMBER_ID,
            "waba_id": {"type": "str", "required": True},
            "phone_number": {"type": "str"},
            **_WEBHOOK,
            "webhook_url": {"type": "str", "required": True},
        },
    ),
    "wa_snapshot": (
        BOTH,
        {
            **_PHONE_NUMBER_ID,
            "waba_id": {"type": "str", "required": True},
            "state_dir": {"type": "path", "default": "/var/lib/wabiz"},
            **_BATCH,
            **_DETAILS,
        },
    ),
    "wa_compare": (
        BOTH,
        {
            **_PHONE_NUMBER_ID,
            "state_dir": {"type": "path", "default": "/var/lib/wabiz"},
            **_BATCH,
            **_WITHOUT_BACKUP,
            "require_unchanged": {"type": "bool", "default": True},
            "restore_profile": {"type": "bool", "default": False},
            "check_node": {"type": "bool", "default": True},
            "wait": {"type": "float", "default": 0.0},
            "wait_interval": {"type": "float", "default": 2.0},
            # A node that was shut down refuses connections, and that is what is looked for: nothing to wait for.
            "onprem_retry_for": {"type": "float", "default": 0.0},
        },
    ),
    # Its action checks each step by the options of the step's own module.
    "wa_steps": (BOTH, {"steps": {"type": "list", "elements": "dict", "required": True}}),
    "wa_inputs": (
        CONTROLLER,
        {
            "hosts": {"type": "list", "elements": "str", "required": True},
            "moves": {"type": "bool", "default": False},
            "waved": {"type": "bool", "default": True},
        },
    ),
    "wa_wait": (
        CONTROLLER,
        {
            "hosts": {"type": "list", "elements": "str", "required": True},
            "interval": {"type": "float", "default": 2.0},
        },
    ),
    "wa_report": (
        CONTROLLER,
        {
            "title": {"type": "str", "default": "WhatsApp numbers"},
            "hosts": {"type": "list", "elements": "str", "required": True},
            "phase": {"type": "str", "choices": ["preflight", "move"], "required": True},
            "verdict": {"type": "bool", "default": False},
            "waves": {"type": "raw", "default": [1, "10%", "100%"]},
            "waved": {"type": "bool", "default": True},
            "on_blocker": {"type": "str", "choices": ["stop", "continue"], "default": "stop"},
            "max_parallel_cutovers": {"type": "int", "default": 0},
            "max_parallel_cutovers_per_waba": {"type": "int", "default": 0},
            "plan": {"type": "raw"},
            "plan_dest": {"type": "str"},
            **_FAILURE_LIMIT,
            **_WAIVERS,
        },
    ),
}
MODULES = tuple(sorted(_MODULES))

# Read by check() on the controller. They are no fallback of the argument specs: a module that is shipped would look
# into the environment of the host instead, which is another machine's and may hold something else.
ENVIRONMENT: Dict[str, str] = {
    "onprem_url": "WABIZ_ONPREM_URL",
    "onprem_username": "WABIZ_ONPREM_USERNAME",
    "onprem_password": "WABIZ_ONPREM_PASSWORD",
    "onprem_token": "WABIZ_ONPREM_TOKEN",
    "onprem_validate_certs": "WABIZ_ONPREM_VALIDATE_CERTS",
    "onprem_ca_path": "WABIZ_ONPREM_CA_PATH",
    "access_token": "WABIZ_ACCESS_TOKEN",
    "graph_url": "WABIZ_GRAPH_URL",
    "graph_version": "WABIZ_GRAPH_VERSION",
    "graph_ca_path": "WABIZ_GRAPH_CA_PATH",
    "pin": "WABIZ_PIN",
    "backup_password": "WABIZ_BACKUP_PASSWORD",
    "verify_token": "WABIZ_VERIFY_TOKEN",
    "app_access_token": "WABIZ_APP_ACCESS_TOKEN",
    "webhook_verify_token": "WABIZ_WEBHOOK_VERIFY_TOKEN",
    "app_secret": "WABIZ_APP_SECRET",
}


# ---------------------------------------------------------------------------------------------------------------------
# What a verb takes


def side(module_name: str, params: Optional[Mapping[str, Any]] = None) -> str:
    """Return where the verb speaks to: "onprem", "graph", "both" or "controller".

    wa_two_step speaks to the side that its option side names, wa_register and wa_compare to Graph alone when check_node
    is false; without params they count as BOTH.
    """
    declared = _MODULES[module_name][0]
    if params is not None and module_name == "wa_two_step":
        return GRAPH if params.get("side") == "cloud" else ONPREM
    if params is not None and module_name in ("wa_register", "wa_compare") and params.get("check_node") is False:
        return GRAPH
    return declared


def argument_spec(module_name: str) -> Options:
    """Return the argument spec of a module, as AnsibleModule takes it, for the caller to keep."""
    return deepcopy(options_of(module_name))


@lru_cache(maxsize=None)
def options_of(module_name: str) -> Options:
    """Return the options of a verb, for reading only: a task of a fleet looks at them several times."""
    declared, own = _MODULES[module_name]
    spec: Options = {}
    if declared in (ONPREM, BOTH):
        spec.update(ONPREM_OPTIONS)
    if declared in (GRAPH, BOTH):
        spec.update(GRAPH_OPTIONS)
    spec.update(own)
    spec.update(VARIABLES)
    return spec


def secret_names(module_name: str) -> List[str]:
    """Return the names of the options whose values may be shown nowhere."""
    return sorted(name for name, option in options_of(module_name).items() if option.get("no_log"))


_RULES: Dict[str, Callable[[Any], Any]] = {
    "pin": _values.pin_of,
    "phone_number_id": _values.id_of,
    "waba_id": _values.id_of,
    "app_id": _values.id_of,
    "phone_number": _values.phone_number_of,
    "onprem_url": _values.url_of,
    "graph_url": _values.url_of,
    "override_callback_uri": _values.callback_of,
    "webhook_url": _values.endpoint_of,
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
    "quiet_queue": _values.figure(0, 1e9),
    "quiet_rate": _values.figure(0, 1e9),
    # a moment: seconds since the epoch
    "wait_until": _values.figure(0, 1e11),
    "quiet_queues": _values.list_of_text,
    "quiet_counters": _values.list_of_text,
    "window": _values.window_of,
    "freeze": _values.freeze_of,
    "traffic": _values.mapping,
    "from_vars": _values.mapping,
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
    "max_failed_percent": _values.figure(0, 100),
    # Meta locks a number after its tenth register or deregister request in 72 hours.
    "attempts_limit": _values.whole(1, 10),
    "attempts_reserve": _values.whole(0, 9),
    "gather": _values.list_of_text,
    "hosts": _values.list_of_text,
    "interval": _values.seconds(0.01, _values.HOUR),
    "max_parallel_cutovers": _values.whole(0, 100000),
    "max_parallel_cutovers_per_waba": _values.whole(0, 100000),
    "purpose_rules": purpose_rules.normal,
    "waves": _values.anything,
    "steps": _values.list_of_mappings,
    "findings": _values.list_of_mappings,
    "plan": _values.plan_of,
    "waivers": _values.waivers_of,
}


# ---------------------------------------------------------------------------------------------------------------------
# The check


def check(
    module_name: str,
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

    The parameters hold every option of the verb by its own name, None where there is no value. Secrets that the task
    does not use are None, so that they are not carried to a host for nothing. The parameters are complete only when the
    list of faults is empty; each fault reads "option: what is wrong, and what to do".
    """
    spec = options_of(module_name)
    lookup: Mapping[str, str] = os.environ if environ is None else environ
    given, faults, written = _given(spec, raw)
    params: Dict[str, Any] = {name: deepcopy(option.get("default")) for name, option in spec.items()}
    bad: Set[str] = set()
    environment: Set[str] = set()  # the options whose values come from there

    def take(name: str, value: Any) -> None:
        try:
            params[name] = value_of(module_name, name, value)
        except ValueError as reason:
            bad.add(name)
            faults.append("%s%s: %s" % (written.get(name, name), _source(name, environment), reason))

    for name in spec:
        if name in given:
            take(name, given[name])
    unused = _unused(module_name, params)
    outdone = _outdone(given, params)
    for name in sorted(set(ENVIRONMENT) & set(spec) - set(given) - set(unused) - outdone):
        if not is_missing(lookup.get(ENVIRONMENT[name])):
            environment.add(name)
            take(name, lookup[ENVIRONMENT[name]])
    for name in _needed(module_name, spec, params):
        if params[name] is None and name not in bad:
            missing = "missing (null, an empty string and white space count as missing)."
            faults.append("%s: %s%s" % (name, missing, _hint(name)))
    login = ("onprem_password", "onprem_token")
    if side(module_name, params) in (ONPREM, BOTH) and not bad & set(login) and not any(params[name] for name in login):
        faults.append("onprem_password: missing, and there is no onprem_token either." + _hint("onprem_password"))
    faults.extend(_contradictions(module_name, params, given, bad))
    for name in unused:
        if spec[name].get("no_log"):
            params[name] = None
    for name in _at_home(params, here):
        params[name] = os.path.expanduser(os.path.expandvars(params[name]))
    return params, faults


def file_faults(module_name: str, raw: Mapping[str, Any], params: Mapping[str, Any], here: bool = True) -> List[str]:
    """Return what is wrong with the files of this machine that the checked parameters of a task name.

    ``raw`` and ``here`` are what :func:`check` was given. Nothing is written, and no file is read twice in a process.
    """
    faults: List[str] = []
    written = _given(options_of(module_name), raw)[2]
    unused = _unused(module_name, params)
    for name in _at_home(params, here):
        # A task that is shipped gets what the controller was told in the place of the address.
        if name in unused or (name == "freeze_ca_path" and "://" not in str(params["freeze"] or "")):
            continue
        try:
            _values.check_ca_file(params[name])
        except ValueError as reason:
            faults.append(
                "%s%s: %s" % (written.get(name, name), "" if name in written else _source(name, (name,)), reason)
            )
    return faults


def _at_home(params: Mapping[str, Any], here: bool) -> List[str]:
    """Return the options that name a file of this machine; ``here`` as in :func:`check`."""
    at_graph = here or params.get("graph_via") != "host"
    locations = {
        "onprem_ca_path": here,
        "graph_ca_path": at_graph,
        "webhook_ca_path": at_graph,
        "freeze_ca_path": True,
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


def _given(spec: Options, raw: Mapping[str, Any]) -> Tuple[Dict[str, Any], List[str], Dict[str, str]]:
    """Return what was stated by the options' own names, the faults in the names, and each name as it was written."""
    names = {alias: name for name, option in spec.items() for alias in [name, *option.get("aliases", [])]}
    # Users write both connections once, under module_defaults: group/wabiz.migration.wabiz. Ansible then hands all of
    # them to every module of the group, so what belongs to the other connection is dropped and is no unknown option.
    foreign = {
        alias
        for options in (ONPREM_OPTIONS, GRAPH_OPTIONS, VARIABLES)
        for name, option in options.items()
        for alias in [name, *option.get("aliases", [])]
    } - set(names)
    given: Dict[str, Any] = {}
    faults: List[str] = []
    written: Dict[str, str] = {}
    for key in raw:
        word = str(key)
        if word.startswith("_ansible_") or word in foreign:
            continue
        if word not in names:
            near = difflib.get_close_matches(word, list(names), n=1)
            faults.append("%s: there is no such option%s" % (word, "; is %s meant?" % near[0] if near else ""))
            continue
        value = _values.plain(raw[key])
        if is_missing(value):
            continue
        name = names[word]
        if name in given and given[name] != value:
            faults.append("%s: %s and %s are the same option, but their values differ" % (name, written[name], word))
        if name not in given or word == name:
            given[name], written[name] = value, word
    return given, faults, written


def value_of(module_name: str, name: str, value: Any) -> Any:
    """Return the value of one option as its operation takes it; raises ValueError with what is wrong."""
    option = options_of(module_name)[name]
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


def _needed(module_name: str, spec: Options, params: Mapping[str, Any]) -> List[str]:
    """Return the options that must have a value: required always, or by what the other options say."""
    needed = [name for name, option in spec.items() if option.get("required")]
    if side(module_name, params) in (GRAPH, BOTH):
        needed.append("access_token")
    if module_name == "wa_register" and params["state"] == "registered":
        needed.append("pin")
        if not params["without_backup"]:
            needed += ["backup_file", "backup_password"]
    if module_name == "wa_preflight":
        needed.append("pin")
        if not params["without_backup"]:
            needed.append("backup_password")
    if module_name == "wa_two_step":
        if params["state"] == "present":
            needed.append("pin")
        if params["side"] == "cloud":
            needed.append("phone_number_id")
    if module_name in ("wa_subscribe", "wa_preflight") and params["override_callback_uri"] is not None:
        needed.append("verify_token")
    if "webhook_url" in spec and params["webhook_url"] is not None:
        needed.append("webhook_verify_token")
    return needed


def _unused(module_name: str, params: Mapping[str, Any]) -> List[str]:
    """Return the options that this task has no use for, so that the environment is not asked for them."""
    unused: List[str] = []
    where = side(module_name, params)
    if _MODULES[module_name][0] == BOTH and where == GRAPH:
        unused += ONPREM_OPTIONS
    if _MODULES[module_name][0] == BOTH and where == ONPREM:
        unused += GRAPH_OPTIONS
    if module_name == "wa_register" and params["state"] == "deregistered":
        unused += ["pin", "backup_password"]
    if module_name in ("wa_register", "wa_preflight") and params["without_backup"]:
        unused.append("backup_password")
    if module_name == "wa_two_step" and params["state"] == "absent":
        unused.append("pin")
    if module_name in ("wa_subscribe", "wa_preflight") and params["override_callback_uri"] is None:
        unused.append("verify_token")
    if module_name == "wa_subscribe" and params["app_id"] is not None:
        unused.append("app_access_token")
    if module_name == "wa_preflight" and params["webhook_url"] is None:
        unused += ["webhook_verify_token", "app_secret"]
    return unused


def _contradictions(module_name: str, params: Mapping[str, Any], given: Mapping[str, Any], bad: Set[str]) -> List[str]:
    """Return what does not go together. given tells a stated value from a default, bad which are wrong anyway."""
    faults: List[str] = []

    def say(wrong: Any, names: str, text: str) -> None:
        if wrong and not bad & set(names.split()):
            faults.append("%s: %s" % (" and ".join(names.split()), text))

    say(
        "onprem_password" in given and "onprem_token" in given,
        "onprem_password onprem_token",
        "a token is used in place of a login, so only one of the two can count. Leave out one of them",
    )
    if module_name == "wa_register":
        leaving = params["state"] == "deregistered"
        say(
            params["without_backup"] and "backup_file" in given,
            "without_backup backup_file",
            "a backup is either sent or left out. Leave out one of the two options",
        )
        say(
            leaving and "data_localization_region" in given,
            "state data_localization_region",
            "a region belongs to state=registered",
        )
        say(
            params["require_quiet"] and not params["check_node"],
            "require_quiet check_node",
            "how busy the node is, only the node tells",
        )
    if module_name in ("wa_register", "wa_preflight"):
        say(
            params["attempts_reserve"] >= params["attempts_limit"],
            "attempts_reserve attempts_limit",
            "the reserve takes up the whole limit, so that no attempt is left",
        )
        say(
            "confirm_interval" in given and 0 < params["confirm_timeout"] < params["confirm_interval"],
            "confirm_interval confirm_timeout",
            "the interval is longer than the time in which the number has to settle",
        )
    if module_name == "wa_subscribe":
        leaving = params["state"] == "absent"
        stated = params["override_callback_uri"] is not None
        say(leaving and stated, "state override_callback_uri", "an override needs a subscription (state=present)")
        say(
            stated and params["remove_override"],
            "remove_override override_callback_uri",
            "the override is either set or removed",
        )
    if module_name in ("wa_subscribe", "wa_preflight"):
        say(
            "verify_token" in given and "override_callback_uri" not in given,
            "verify_token override_callback_uri",
            "a verify token without the address that it is for does nothing",
        )
    if module_name == "wa_preflight":
        for name in ("webhook_verify_token", "app_secret"):
            say(
                name in given and "webhook_url" not in given,
                "%s webhook_url" % name,
                "what the webhook endpoint is tried with does nothing without its address",
            )
        wording = purpose_rules.choices(params["purpose_rules"] or purpose_rules.DEFAULT)
        if params["purpose"] and params["purpose"] not in wording and not bad & {"purpose", "purpose_rules"}:
            faults.append("purpose: must be one of %s, got %s" % (", ".join(wording), _values.shown(params["purpose"])))
    if module_name == "wa_health":
        both = "phone_number_id" in given and "waba_id" in given and "batch" not in given
        none = "phone_number_id" not in given and "waba_id" not in given
        say(both or none, "phone_number_id waba_id", "give exactly one of the two, or both with a batch")
    if module_name in ("wa_health", "wa_compare"):
        say(
            "wait_interval" in given and 0 < params["wait"] < params["wait_interval"],
            "wait_interval wait",
            "the interval is longer than the wait itself",
        )
    if module_name == "wa_two_step":
        absent = params["state"] == "absent"
        say(
            absent and params["side"] == "cloud",
            "state side",
            "a number on the Cloud API has its two-step verification turned off in WhatsApp Manager only",
        )
        say(absent and "pin" in given, "state pin", "state=absent clears two-step verification and takes no PIN")
    return faults


def _hint(name: str) -> str:
    """Return what to do about a missing option."""
    hint = " Give it, or set the environment variable %s on the controller." % ENVIRONMENT.get(name)
    if name == "pin":
        hint += " It is needed also where two-step verification is cleared on the node: it becomes the new PIN then."
    return hint if name in ENVIRONMENT else ""
