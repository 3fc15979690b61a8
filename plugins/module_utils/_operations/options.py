# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declaring options, and the groups of them that several modules share.

A module's options are the fields of a frozen dataclass beside its operation. Its argument spec is read from the same
fields. Bounds are in ``_spec``.
"""

from __future__ import annotations

import dataclasses
from copy import deepcopy
from typing import Any, Collection, Dict, Iterator, List, Mapping, Optional, Tuple, Type, TypeVar, cast

from .._core.checks import versions
from .._core.cutover import lane as lane_rules

Option = Dict[str, Any]
ArgumentSpec = Dict[str, Option]
Class = TypeVar("Class")
_OPTION = "option"
_FIELD: Any = dataclasses.field  # called for a class, outside of its body


def declare(cls: Type[Class]) -> Type[Class]:
    """Make a frozen dataclass that shows none of its values: some of them are secrets."""
    return dataclasses.dataclass(frozen=True, repr=False, eq=False)(cls)


def option(kind: str, default: Any = None, **more: Any) -> Any:
    """Declare a field as an option: its type, default and whatever else an argument spec may say of it."""
    spec: Option = {"type": kind, **more}
    if default is not None:
        spec["default"] = default
    return _FIELD(default_factory=lambda: deepcopy(default), metadata={_OPTION: spec})


def handed_over() -> Any:
    """Declare a field that is no option: an action adds it to the options of its task."""
    return _FIELD(default=None)


def argument_spec(cls: type) -> ArgumentSpec:
    """Return the argument spec of a class of options, without the fields that are no options."""
    fields = {field.name: field.metadata.get(_OPTION) for field in dataclasses.fields(cls)}
    return {name: deepcopy(spec) for name, spec in fields.items() if spec is not None}


def typed(cls: Type[Class], params: Mapping[str, Any]) -> Class:
    """Return checked parameters as the class of their operation; what they lack has its default."""
    make: Any = cls
    return cast(
        Class, make(**{field.name: params[field.name] for field in dataclasses.fields(make) if field.name in params})
    )


# Two-letter countries in which Meta keeps message data at rest (registration.md, parameter data_localization_region).
def changed(options: Class, **changes: Any) -> Class:
    """Return the options of a task with some of them replaced."""
    frozen: Any = options
    return cast(Class, dataclasses.replace(frozen, **changes))


REGIONS = ("AE", "AU", "BH", "BR", "CA", "CH", "DE", "GB", "ID", "IN", "JP", "KR", "SG", "ZA")
GATHER = ("health", "application", "support", "shards", "stats", "profile")
# What is read on request only.
GATHER_MORE = ("photo", "stickerpacks", "certificates")


@declare
class Variables:
    """Taken by the action, which looks the other options up where these say."""

    vars_prefix: Optional[str] = option("str")
    from_vars: Optional[Mapping[str, str]] = option("dict")
    names_prefix: Optional[str] = option("str")


@declare
class Recorded(Variables):
    """Where the events of the run are kept, nowhere without it."""

    report_dir: Optional[str] = option("str")


@declare
class OnPremConnection(Recorded):
    """The connection to the node."""

    onprem_url: str = option("str", "https://localhost:9090")
    onprem_username: str = option("str", "admin")
    onprem_password: Optional[str] = option("str", no_log=True)
    onprem_token: Optional[str] = option("str", no_log=True)
    onprem_validate_certs: bool = option("bool", True, aliases=["validate_certs"])
    onprem_ca_path: Optional[str] = option("path", aliases=["ca_path"])
    onprem_timeout: float = option("float", 30.0)
    onprem_retry_for: float = option("float", 60.0)


@declare
class GraphConnection(Recorded):
    """The connection to the Graph API."""

    access_token: str = option("str", no_log=True)
    graph_url: str = option("str", "https://graph.facebook.com")
    graph_version: str = option("str", versions.DEFAULT)
    graph_validate_certs: bool = option("bool", True)
    graph_ca_path: Optional[str] = option("path")
    graph_timeout: float = option("float", 30.0)
    graph_retry_for: float = option("float", 60.0)
    graph_via: str = option("str", "controller", choices=["controller", "host"])


@declare
class State:
    """The files of a number on its host."""

    phone_number_id: str = option("str", required=True)
    state_dir: str = option("path", "/var/lib/wabiz")


@declare
class Override:
    """The callback of a WABA that replaces the app's own."""

    override_callback_uri: Optional[str] = option("str")
    verify_token: str = option("str", no_log=True)


@declare
class Webhook:
    """The endpoint that Cloud API webhooks of a number will go to, tried where ``webhook_url`` is given."""

    phone_number_id: str = option("str", required=True)
    waba_id: str = option("str", required=True)
    webhook_url: str = option("str")
    webhook_verify_token: str = option("str", no_log=True)
    app_secret: Optional[str] = option("str", no_log=True)
    webhook_timeout: float = option("float", 5.0)
    webhook_ca_path: Optional[str] = option("path")


@declare
class App:
    """The Meta app, and its own token that may inspect the access token."""

    app_id: Optional[str] = option("str")
    app_access_token: Optional[str] = option("str", no_log=True)


@declare
class Queues:
    """What counts as a busy node by one look at it."""

    quiet_queue: float = option("float", 100.0)
    quiet_queues: List[str] = option("list", [], elements="str")
    quiet_wait: float = option("float", 0.0)


@declare
class Quiet(Queues):
    """What counts as a busy node by two looks."""

    quiet_rate: float = option("float", 60.0)
    quiet_counters: List[str] = option("list", [], elements="str")
    require_quiet: bool = option("bool", False)


@declare
class Freeze:
    """A file or an address that forbids changes for the time being."""

    freeze: Optional[str] = option("str")
    freeze_ca_path: Optional[str] = option("path")


@declare
class Echo:
    """Where the webhook endpoint reports the last event of each number, and how long to wait for one."""

    echo: Optional[str] = option("str")
    echo_ca_path: Optional[str] = option("path")
    echo_wait: float = option("float", 600.0)


@declare
class Batch:
    """The name of the hosts that share what one read of a WABA tells of all of its numbers."""

    batch: Optional[str] = option("str")


@declare
class Details:
    """Whether a result holds all that was read."""

    details: bool = option("bool", True)


@declare
class FailureLimit:
    """How many numbers of a run may fail."""

    max_failed: Optional[int] = option("int")
    max_failed_percent: Optional[float] = option("float")


@declare
class KeepFailure:
    """Whether a host whose task has failed stays in the play."""

    keep_failure: bool = option("bool", False)


@declare
class Codes:
    """How a one-time code is asked for, and for how long one counts as pending."""

    code_method: str = option("str", "SMS", choices=["SMS", "VOICE"])
    language: str = option("str", "en_US")
    code_valid_for: float = option("float", 86400.0)
    # no_log false: it says when a code was lost, not which one.
    code_lost_at: Optional[str] = option("str", no_log=False)
    codes_limit: int = option("int", 3)


@declare
class Waivers:
    """Blockers that somebody has decided to accept for a while."""

    waivers: Any = option("raw", [])


@declare
class Confirmed(State):
    """How an unclear answer is confirmed by reading the number."""

    waba_id: Optional[str] = option("str")
    confirm_timeout: float = option("float", 120.0)
    confirm_interval: float = option("float", 2.0)


@declare
class MoveLost:
    """Whether a move to another WABA was given up, or never arrived."""

    move_lost_at: Optional[str] = option("str")


@declare
class Cutover(Confirmed, Freeze, Waivers, MoveLost):
    """What the gate of the register call goes by. Preflight takes the same options, so that it decides the same."""

    pin: str = option("str", no_log=True)
    lane: str = option("str", lane_rules.AUTO, choices=list(lane_rules.LANES))
    backup_password: Optional[str] = option("str", no_log=True)
    without_backup: bool = option("bool", False)
    state_durable: Optional[bool] = option("bool")
    backup_max_age: int = option("int", 86400)
    backup_digest: Optional[str] = handed_over()
    allow_unverified: bool = option("bool", False)
    # no_log false: it says when a PIN was changed, not which one.
    pin_changed_at: Optional[str] = option("str", no_log=False)
    data_localization_region: Optional[str] = option("str", choices=list(REGIONS))
    register_timeout: float = option("float", 90.0)
    attempts_limit: int = option("int", 10)
    attempts_reserve: int = option("int", 2)
    window: List[Dict[str, Any]] = option("list", [], elements="dict")


@declare
class Preflight(Cutover, App, Codes, Echo):
    """What the preflight and its parts go by beyond the gate."""

    accept_loss: List[str] = option("list", [], elements="str", choices=[lane_rules.PROFILE, lane_rules.OFFICIAL])
    verifies: bool = handed_over()
    # by a code: a node that still answers tells what the number will lose
    snapshots: bool = handed_over()
    profile: Optional[Mapping[str, Any]] = option("dict")
    target_waba_id: Optional[str] = option("str")
    # of a move to another WABA: what is sent, None where nothing is
    move_body: Optional[Mapping[str, Any]] = handed_over()

    waba_id: str = option("str", required=True)
    clear_two_step: bool = option("bool", False)
    # no_log false: it is a number of seconds.
    token_must_last: int = option("int", 86400, no_log=False)
    plan: Any = option("raw")
    lint_paths: List[str] = option("list", [], elements="str")
    # what the linter has found in them for the whole run, or how to get it
    linted: Any = handed_over()


@declare
class Register(Cutover, Quiet):
    """What the register call and its parts go by beyond the gate."""

    traffic: Optional[Mapping[str, Any]] = option("dict")
    findings: List[Mapping[str, Any]] = option("list", [], elements="dict")
    return_when_waiting: bool = option("bool", False)
    recover: bool = option("bool", False)
    # no_log false: it says that a PIN was cleared, not which one.
    pin_cleared: bool = option("bool", False, no_log=False)
    continue_after_wrong_pin: bool = option("bool", False, no_log=False)


# ---------------------------------------------------------------------------------------------------------------------
# What their combinations need


def webhook_needs(params: Mapping[str, Any]) -> Collection[str]:
    """Return what the trial of a webhook endpoint needs beside its address."""
    return () if params["webhook_url"] is None else ("webhook_verify_token",)


def limits_of_attempts(params: Mapping[str, Any]) -> Iterator[Tuple[str, str]]:
    """Yield the contradiction of a reserve that leaves no attempt."""
    if params["attempts_reserve"] >= params["attempts_limit"]:
        yield "attempts_reserve attempts_limit", "the reserve takes up the whole limit, so that no attempt is left"


def limits_that_disagree(params: Mapping[str, Any], stated: Mapping[str, Any]) -> Iterator[Tuple[str, str]]:
    """Yield contradictions of the options in Cutover."""
    yield from limits_of_attempts(params)
    yield from confirming_too_short(params, stated, "the registration")


def confirming_too_short(params: Mapping[str, Any], stated: Mapping[str, Any], what: str) -> Iterator[Tuple[str, str]]:
    """Yield the contradiction of an interval that is longer than the time for confirming ``what``."""
    if "confirm_interval" in stated and 0 < params["confirm_timeout"] < params["confirm_interval"]:
        yield "confirm_interval confirm_timeout", "the interval is longer than the time for confirming %s" % what


def token_without_override(stated: Mapping[str, Any]) -> Iterator[Tuple[str, str]]:
    """Yield the contradiction of a verify token whose address is missing."""
    if "verify_token" in stated and "override_callback_uri" not in stated:
        yield "verify_token override_callback_uri", "a verify token without the address that it is for does nothing"


def wait_too_short(params: Mapping[str, Any], stated: Mapping[str, Any]) -> Iterator[Tuple[str, str]]:
    """Yield the contradiction of an interval that is longer than the wait."""
    if "wait_interval" in stated and 0 < params["wait"] < params["wait_interval"]:
        yield "wait_interval wait", "the interval is longer than the wait itself"
