# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading all that the next step of a number goes by: both APIs, the logs and files on its host, its WABA."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Tuple

from .. import _encryption
from .._api.codes_graph import GRAPH_WAITS
from .._core.checks import container
from .._core.checks import number as number_rules
from .._core.checks import subscription as subscription_rules
from .._core.checks.reads import HOST_FILES
from .._core.comparison import differences as differences_rules
from .._core.comparison import snapshot as snapshot_rules
from .._core.cutover import attempt_log as attempt_log_rules
from .._core.cutover import backup as backup_rules
from .._core.cutover import code_log, exit_log, gate, gate_findings, lane, move_log, recovery
from .._core.cutover.situation import BROKEN, PENDING, REGISTERED, Facts
from .._core.facts import location as location_rules
from .._core.facts import node as node_rules
from .._core.facts import phone_number, profile, times
from .._failure import Failure, RefusedError, WabizError, combine
from .._meta_api import PIN_GUESSES, VERIFICATION_NEEDED
from . import account, attempt_log, collect, new_pin, onprem_info, recorded_facts
from .context import Context
from .number_info import GATE, members
from .number_info import read as read_number

# Seconds that a refusal for guessed PINs waits at least, where Meta's answer is not kept.
_GUESSED = 3600.0
_FIELDS = (*GATE, "is_pin_enabled", "is_official_business_account")
_NEVER_VERIFIED = ("NOT_VERIFIED", "UNVERIFIED")
_GATHER = ("health", "application", "support")


class Found(NamedTuple):
    """The facts, and what of the reading a report and the register call need beside them."""

    facts: Facts
    number: Mapping[str, Any]
    location: str
    node_read: bool
    pin_changed_at: Optional[str]
    asked: List[str]
    attempts: List[Dict[str, Any]]


class _Host(NamedTuple):
    """What the host tells: the files of the number, its exit log, its snapshot, and its node."""

    files: attempt_log.Files
    exit_log: Mapping[str, Any]
    stored: recorded_facts.Stored
    node: collect.Node


def read(options: Any, context: Context) -> Found:
    """Read everything; what cannot be read is a fact as well."""
    try:
        host = _host(options, context)
    except WabizError as error:
        return _unread(options, error, location_rules.UNKNOWN)
    graph = context.clients.graph(str(options.phone_number_id))
    try:
        number = read_number(graph, str(options.phone_number_id), _FIELDS, options.waba_id)[0]
    except WabizError as error:
        return _unread(options, error, location_rules.UNKNOWN)
    facts = _of_number(options, context, number, host)
    if facts.platform == "CLOUD_API":
        facts = _moved(options, context, facts, host)
    facts = _subscribed(options, context, facts)
    word = node_rules.NOT_ASKED if facts.node_gone and host.node.facts is None else host.node.word
    where = location_rules.location(number, word).name
    gone = word != host.node.word or host.node is collect.NOT_ASKED
    asked = ["Graph", "logs", *([] if host.node is collect.NOT_ASKED else ["node"])]
    attempts = [dict(one) for one in host.files.log["attempts"]]
    return Found(facts, number, where, not gone, _changed_at(options, host), asked, attempts)


def _unread(options: Any, error: WabizError, where: str) -> Found:
    failure = error.failure
    facts = Facts(trouble=failure.cause(), fix=failure.next_step)
    return Found(facts, {"id": str(options.phone_number_id)}, where, False, None, [], [])


# ---------------------------------------------------------------------------------------------------------------------
# The host


def _host(options: Any, context: Context) -> _Host:
    """Ask the host for all in one go; raises WabizError where the logs cannot be used."""
    number_id = str(options.phone_number_id)
    asks = not lane.without_node(options.lane)
    look = attempt_log.looking(options, attempt_log.backup_path(options))
    kept = {"op": "look_kept", **attempt_log.location(options), "names": ["exit_log"], "key": _encryption.new_key()}
    requests = [look, kept, recorded_facts.looking(options)]
    requests += [onprem_info.request(number_id, _GATHER)] if asks else []
    answers = context.clients.host(requests)
    files = attempt_log.of_answer(options, look, answers[0], context.clock)
    if "error" in answers[1]:
        raise RefusedError(HOST_FILES.failure(str(answers[1]["error"])), number_id)
    lost = container.lost(context.process.throwaway, options.state_durable, str(options.state_dir))
    unusable = gate.file_failures(files.faults, lost)
    if unusable:
        raise RefusedError(combine(unusable), number_id)
    text = answers[1]["kept"]["exit_log"]
    try:
        log = exit_log.parse(None if text is None else _encryption.decrypt(kept["key"], text), number_id)
    except ValueError as error:
        raise RefusedError(HOST_FILES.failure("the exit log cannot be used: %s" % error), number_id) from None
    stored = recorded_facts.of_answer(options, answers[2])
    return _Host(files, log, stored, collect.node_of(answers[3], number_id) if asks else collect.NOT_ASKED)


# ---------------------------------------------------------------------------------------------------------------------
# The number


def _of_number(options: Any, context: Context, number: Mapping[str, Any], host: _Host) -> Facts:
    files, log, node = host.files, host.files.log, host.node
    now = files.now
    where = location_rules.location(number, node.word)
    failure = None if node.error is None else node.error.failure
    lease = attempt_log_rules.lease_holder(log, now, context.process.run)
    kept_out, fix = _kept_out(options, context, number, host)
    attempt = recovery.latest(log)
    code = attempt["code"] if attempt is not None and attempt.get("outcome") == attempt_log_rules.REFUSED else None
    at = 0.0 if attempt is None else times.instant(attempt.get("at")) or now
    status = str(number.get("code_verification_status") or "")
    on_cloud = number.get("platform_type") == "CLOUD_API"
    entry = code_log.pending(log, now, options.code_valid_for, times.instant(options.code_lost_at))
    refused_code = None if entry is not None else code_log.no_request(log, now, options.codes_limit)
    display = str(number.get("display_phone_number") or "")
    password = str(options.backup_password or "")
    backup = not backup_rules.faults(files.backup, display, password, now, float(options.backup_max_age))
    accepted = set(options.accept_loss)
    others = (exit_log.DEREGISTER, exit_log.FINISH, exit_log.NEW_PIN)
    return Facts(
        now=now,
        other_run="" if lease is None else attempt_log_rules.other_run(lease).details,
        platform=str(number.get("platform_type") or ""),
        standing=_standing(number),
        status=str(number.get("status") or "unknown"),
        pending_for=now - at if attempt is not None else 0.0,
        kept_out=kept_out,
        fix=fix,
        node=node.word,
        node_gone="" if node is collect.NOT_ASKED else lane.no_backup(where.name, node.facts, failure, log, now),
        open=attempt_log_rules.open_attempt(log) is not None,
        open_for=attempt_log_rules.still_open_for(log, now),
        other_open_for=max(exit_log.open_for(exit_log.last(host.exit_log, what), now) for what in others),
        taken_off=_taken_off(host.exit_log, log),
        bring_back=bool(options.bring_back),
        refused=None if code is None else int(code) if str(code).isdigit() else 0,
        refused_at=at,
        wait_for=_GUESSED if code in PIN_GUESSES else GRAPH_WAITS.get(code or 0, 0.0),
        in_a_row=_in_a_row(log),
        again=bool(options.again),
        attempts_left=attempt_log_rules.attempts_left(log, now, options.attempts_limit, options.attempts_reserve),
        next_attempt_at=_next_attempt(log, now),
        verified=status not in _NEVER_VERIFIED if on_cloud else status == "VERIFIED",
        verification=status,
        verified_since=_verified_since(log, at) if code == VERIFICATION_NEEDED else False,
        pin=bool(options.pin),
        pin_on=number.get("is_pin_enabled") is not False,
        wrong_pin=_wrong_pin(options, log, now),
        new_pin=bool(options.new_pin),
        new_pin_set=_new_pin(options, host),
        finished=_finished(host.exit_log, at),
        finish_seen=exit_log.answered(host.exit_log, exit_log.FINISH),
        backup=backup,
        missing=() if backup else tuple(loss for loss in lane.losses(number) if loss not in accepted),
        code=bool(options.code),
        code_asked="" if entry is None else code_log.reported(entry),
        no_code="" if refused_code is None else refused_code.cause(),
        no_code_until=refused_code is not None and refused_code.code == code_log.CODE_LIMIT.code,
    )


def _standing(number: Mapping[str, Any]) -> str:
    if location_rules.registered(number):
        return REGISTERED
    return PENDING if location_rules.pending(number) else BROKEN


def _kept_out(options: Any, context: Context, number: Mapping[str, Any], host: _Host) -> Tuple[str, str]:
    """Return why a register call cannot succeed, and what a person does about it.

    Of a number on the Cloud API only another WABA counts: its app is subscribed to the stated one.
    """
    found: Optional[Failure] = None
    node = host.node
    moved = move_log.moved_away(host.files.log, host.files.now, times.instant(options.move_lost_at))
    on_cloud = number.get("platform_type") == "CLOUD_API"
    status = str(number.get("name_status") or "").upper()
    display = str(number.get("display_phone_number") or "")
    if on_cloud:
        pass
    elif moved:
        found = moved[0]
    elif location_rules.on_biz_app(number):
        found = gate_findings.BIZ_APP.failure("Graph says is_on_biz_app true")
    elif status in number_rules.NO_CERTIFICATE:
        found = gate_findings.NAME_UNUSABLE.failure("Its name_status is %s" % status)
    elif node.facts is not None and node.facts.get("wa_id") and not phone_number.same(node.facts["wa_id"], display):
        found = gate_findings.WRONG_NODE.failure("The node says wa_id %s" % node.facts["wa_id"])
    if found is None:
        try:
            if str(options.phone_number_id) not in members(context, str(options.waba_id)):
                found = gate_findings.WRONG_WABA.failure()
        except WabizError as error:
            found = gate_findings.WABA_UNREADABLE.failure(error.failure.cause())
    return ("", "") if found is None else ("%s. %s" % (found.title, found.details), found.next_step)


def _in_a_row(log: Mapping[str, Any]) -> int:
    """Return how often the last refusal was the answer, without another one in between."""
    left = [one for one in log["attempts"] if one.get("outcome") != attempt_log_rules.NOT_SENT]
    count = 0
    for attempt in reversed(left):
        if attempt.get("outcome") != attempt_log_rules.REFUSED or attempt.get("code") != left[-1].get("code"):
            break
        count += 1
    return count


def _next_attempt(log: Mapping[str, Any], now: float) -> float:
    """Return when the oldest request that counts is out of the moving 72 hours."""
    counted = attempt_log_rules.attempts_in_window(log, now)
    return min([times.instant(one.get("at")) or now for one in counted], default=now) + attempt_log_rules.WINDOW


def _verified_since(log: Mapping[str, Any], at: float) -> bool:
    taken = [one for one in code_log.entries(log) if one.get("outcome") == code_log.VERIFIED]
    return any((times.instant(one.get("ended")) or 0.0) >= at for one in taken)


def _wrong_pin(options: Any, log: Mapping[str, Any], now: float) -> bool:
    attempt = recovery.refused_pin(log)
    stated = times.instant(options.pin_changed_at)
    return attempt is not None and not recovery.answered(attempt, False, stated, now)


# ---------------------------------------------------------------------------------------------------------------------
# The exit log


def _new_pin(options: Any, host: _Host) -> str:
    """Return what has become of a new PIN; one that was tried before the PIN was changed by hand counts no more."""
    event = exit_log.last(host.exit_log, exit_log.NEW_PIN)
    stated, at = times.instant(options.pin_changed_at), times.instant((event or {}).get("at"))
    if event is not None and stated is not None and at is not None and at < stated:
        return exit_log.SET
    pin = options.new_pin or options.pin
    found = exit_log.new_pin(event, *new_pin.of(options.access_token, str(options.phone_number_id), pin))
    attempt = recovery.refused_pin(host.files.log)
    refused_at = None if attempt is None else times.instant(attempt.get("at"))
    # A PIN that was refused after it was set is wrong all the same.
    return exit_log.UNKNOWN if found == exit_log.SET and at is not None and (refused_at or 0.0) > at else found


def _changed_at(options: Any, host: _Host) -> Optional[str]:
    """Return since when the PIN is another one: as somebody has stated, or since a new one was set."""
    event = exit_log.last(host.exit_log, exit_log.NEW_PIN)
    found = [] if options.pin_changed_at is None else [times.instant(options.pin_changed_at)]
    if event is not None and event["outcome"] == exit_log.DONE:
        found.append(times.instant(event.get("ended") or event.get("at")))
    known = [at for at in found if at is not None]
    return times.utc(max(known)) if known else None


def _taken_off(log: Mapping[str, Any], attempts: Mapping[str, Any]) -> str:
    """Return when the number was taken off on purpose, "" where it was registered, or tried to be, after that."""
    event = exit_log.last(log, exit_log.DEREGISTER)
    if event is None or not exit_log.leaving(log):
        return ""
    later = [one for one in attempts["attempts"] if str(one.get("at")) >= str(event["at"])]
    return "" if later else str(event["at"])


def _finished(log: Mapping[str, Any], refused_at: float) -> str:
    event = exit_log.last(log, exit_log.FINISH)
    if event is None or (times.instant(event.get("at")) or 0.0) < refused_at:
        return ""
    return exit_log.UNKNOWN if exit_log.is_open(event) else str(event["outcome"])


# ---------------------------------------------------------------------------------------------------------------------
# The WABA and the profile


def _subscribed(options: Any, context: Context, facts: Facts) -> Facts:
    try:
        app_id = account.app_of_token(options, context)
        rows = [dict(row) for row in context.clients.graph("").subscribed_apps(str(options.waba_id))]
    except WabizError as error:
        fix = facts.fix or error.failure.next_step
        return facts._replace(subscribed=None, subscription=error.failure.cause(), fix=fix)
    return facts._replace(subscribed=subscription_rules.of_app(rows, app_id).subscribed)


def _moved(options: Any, context: Context, facts: Facts, host: _Host) -> Facts:
    """Add what a number that has moved may lack."""
    number_id = str(options.phone_number_id)
    seen = recorded_facts.cloud_profile(context.clients.graph(number_id), number_id).facts
    before: Dict[str, Any] = {} if host.stored.snapshot is None else dict(host.stored.snapshot["facts"])
    moved = any(one.get("outcome") == attempt_log_rules.REGISTERED for one in host.files.log["attempts"])
    verdict = differences_rules.compare(before, seen, photo_kept=host.stored.photo)
    lost = differences_rules.lost(verdict)
    fields, refused = differences_rules.to_restore(verdict, before)
    photo = snapshot_rules.PHOTO in lost
    back = (*sorted(fields), *(("photo",) if photo and host.stored.photo else ()))
    for_good = (*sorted(refused), *(("photo",) if photo and not host.stored.photo else ()))
    put = _stated_and_empty(options, seen)
    back = (*back, *(name for name in put if name not in back))
    for_good = tuple(name for name in for_good if name not in put)
    names = [snapshot_rules.profile_fact(name) for name in profile.FIELDS]
    if not put and not before and moved and all(name in seen for name in names):
        empty = not any(profile.plain(name, seen[fact]) for name, fact in zip(profile.FIELDS, names))
        for_good = ("any field",) if empty and not seen.get(snapshot_rules.PHOTO) else ()
    return facts._replace(
        not_compared=attempt_log_rules.unverified(host.files.log),
        lost=back,
        lost_for_good=() if lane.PROFILE in options.accept_loss else for_good,
    )


def _stated_and_empty(options: Any, seen: Mapping[str, Any]) -> List[str]:
    """Return which parts of the stated profile the Cloud API shows as empty; ``seen`` are the facts of a snapshot."""
    found = []
    for name in sorted(options.profile or {}):
        fact = snapshot_rules.profile_fact(name)
        if fact in seen and not (seen[fact] if name == profile.PHOTO else profile.plain(name, seen[fact])):
            found.append(name)
    return found
