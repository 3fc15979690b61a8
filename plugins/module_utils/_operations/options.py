# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that several modules share, as data for argument specs; bounds are in ``_spec``."""

from __future__ import annotations

from typing import Any, Collection, Dict, Iterator, Mapping, Tuple

from .._core.checks import versions

Option = Dict[str, Any]
Options = Dict[str, Option]

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
VARIABLES: Options = {"vars_prefix": {"type": "str"}, "from_vars": {"type": "dict"}, "names_prefix": {"type": "str"}}
PHONE_NUMBER_ID: Options = {"phone_number_id": {"type": "str", "required": True}}
PIN: Options = {"pin": {"type": "str", "no_log": True}}
BACKUP_PASSWORD: Options = {"backup_password": {"type": "str", "no_log": True}}
OVERRIDE: Options = {
    "override_callback_uri": {"type": "str"},
    "verify_token": {"type": "str", "no_log": True},
}
# The endpoint that Cloud API webhooks will go to, tried where webhook_url is given.
WEBHOOK: Options = {
    "webhook_url": {"type": "str"},
    "webhook_verify_token": {"type": "str", "no_log": True},
    "app_secret": {"type": "str", "no_log": True},
    "webhook_timeout": {"type": "float", "default": 5.0},
    "webhook_ca_path": {"type": "path"},
}
STATE_DIR: Options = {
    "state_dir": {"type": "path", "default": "/var/lib/wabiz"},
    "state_durable": {"type": "bool"},
}
WITHOUT_BACKUP: Options = {"without_backup": {"type": "bool", "default": False}}
# The Meta app, and its own token that may inspect the access token.
APP_ID: Options = {"app_id": {"type": "str"}, "app_access_token": {"type": "str", "no_log": True}}
# What preflight judges the access token by.
APP: Options = {
    **APP_ID,
    # no_log false: it is a number of seconds.
    "token_must_last": {"type": "int", "default": 86400, "no_log": False},
}
# What counts as a busy node: by one look at it, and by two.
QUEUES: Options = {
    "quiet_queue": {"type": "float", "default": 100.0},
    "quiet_queues": {"type": "list", "elements": "str", "default": []},
}
QUIET: Options = {
    **QUEUES,
    "quiet_rate": {"type": "float", "default": 60.0},
    "quiet_counters": {"type": "list", "elements": "str", "default": []},
    "require_quiet": {"type": "bool", "default": False},
}
# What holds a cutover back for the time being.
SCHEDULE: Options = {
    "window": {"type": "list", "elements": "dict", "default": []},
    "freeze": {"type": "str"},
    "freeze_ca_path": {"type": "path"},
}
# Names the hosts that share what one read of a WABA tells of all of its numbers.
BATCH: Options = {"batch": {"type": "str"}}
# Whether a result holds all that was read.
DETAILS: Options = {"details": {"type": "bool", "default": True}}
# How many numbers of a run may fail.
FAILURE_LIMIT: Options = {"max_failed": {"type": "int"}, "max_failed_percent": {"type": "float"}}
WAIVERS: Options = {"waivers": {"type": "raw", "default": []}}
# What the gate of the register call goes by. Preflight takes the same options, so that it decides the same.
CUTOVER: Options = {
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

# ---------------------------------------------------------------------------------------------------------------------
# What their combinations need


def webhook_needs(params: Mapping[str, Any]) -> Collection[str]:
    """Return what the trial of a webhook endpoint needs beside its address."""
    return () if params["webhook_url"] is None else ("webhook_verify_token",)


def limits_that_disagree(params: Mapping[str, Any], stated: Mapping[str, Any]) -> Iterator[Tuple[str, str]]:
    """Yield contradictions of the options in CUTOVER."""
    if params["attempts_reserve"] >= params["attempts_limit"]:
        yield "attempts_reserve attempts_limit", "the reserve takes up the whole limit, so that no attempt is left"
    if "confirm_interval" in stated and 0 < params["confirm_timeout"] < params["confirm_interval"]:
        yield "confirm_interval confirm_timeout", "the interval is longer than the time for confirming the registration"


def token_without_override(stated: Mapping[str, Any]) -> Iterator[Tuple[str, str]]:
    """Yield the contradiction of a verify token whose address is missing."""
    if "verify_token" in stated and "override_callback_uri" not in stated:
        yield "verify_token override_callback_uri", "a verify token without the address that it is for does nothing"


def wait_too_short(params: Mapping[str, Any], stated: Mapping[str, Any]) -> Iterator[Tuple[str, str]]:
    """Yield the contradiction of an interval that is longer than the wait."""
    if "wait_interval" in stated and 0 < params["wait"] < params["wait_interval"]:
        yield "wait_interval wait", "the interval is longer than the wait itself"
