# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a preflight finds out about the lane of a number, and about the codes of the one without a backup."""

from __future__ import annotations

from typing import Dict, List, Mapping, Tuple, TypeVar

from .._core.cutover import backup as backup_rules
from .._core.cutover import code_log, lane
from .._core.facts import location as location_rules
from .._core.facts import times
from .._failure import Failure, WabizError
from . import attempt_log, collect
from .attempt_log import Files
from .context import Context
from .options import Preflight, changed

Chosen = TypeVar("Chosen", bound=Preflight)


def lane_of(
    options: Chosen, context: Context, number: Mapping[str, object], files: Files, told: collect.Node
) -> Tuple[Chosen, collect.Node, List[Failure]]:
    """Return the options of the lane that the number takes, what counts of its node, and what there is to say.

    By a code the number is judged by Graph alone: its node is gone, or the operator has said so.
    """
    if number.get("platform_type") == "CLOUD_API":
        return accepted(options), told, []
    reason = ""
    if options.lane != lane.CODE:
        failure = None if told.error is None else told.error.failure
        here = location_rules.location(number, told.word).name
        reason = lane.no_backup(here, told.facts, failure, files.log, files.now)
    known = (lane.PROFILE, lane.OFFICIAL) if options.without_backup else tuple(options.accept_loss)
    stored = bool(reason) and _usable(options, context, number)
    chosen = lane.choose(str(options.lane), known, number, reason, stored)
    found = lane.findings(chosen, number)
    if chosen.name != lane.CODE:
        return changed(options, lane=lane.BACKUP), told, found
    verifies = number.get("code_verification_status") != "VERIFIED"
    if verifies and not location_rules.on_biz_app(number):
        found += _codes(options, files)
    code = changed(
        options,
        lane=lane.CODE,
        without_backup=True,
        clear_two_step=False,
        verifies=verifies,
        snapshots=told.facts is not None,
    )
    return code, collect.NOT_ASKED, found


def accepted(options: Chosen) -> Chosen:
    """Return the options of a number that has moved: what was accepted to be lost is not missed afterwards."""
    lost = options.without_backup or lane.PROFILE in options.accept_loss
    return changed(options, without_backup=bool(lost))


def takes(
    options: Preflight, location: str, recovers: bool, check_mode: bool, code: bool, waits: bool
) -> Dict[str, bool]:
    """Return which steps a migration takes; in check mode nothing has moved that could be verified.

    ``waits`` tells whether a busy node is waited for. A number that a wrong PIN has put on neither API has its snapshot
    from before that. By a ``code`` the node is asked for nothing but what it still tells of the profile.
    """
    there = location == location_rules.ON_PREMISES and not code
    recovers = recovers and not code
    verifiable = not check_mode or location == location_rules.CLOUD
    return {
        "wa_number_move": False,
        "wa_traffic": there and waits and not check_mode,
        "wa_two_step": (there or recovers) and bool(options.clear_two_step),
        "wa_snapshot": there or (code and bool(options.snapshots)),
        "wa_backup": (there or recovers) and not options.without_backup,
        "wa_verify": code and bool(options.verifies),
        "wa_health": not check_mode,
        "wa_profile": bool(options.profile) and verifiable,
        "wa_compare": verifiable,
        "wa_echo": bool(options.echo) and not check_mode,
    }


def _codes(options: Preflight, files: Files) -> List[Failure]:
    """Return what the attempt log says of codes: one is pending, or none may be asked for."""
    entry = code_log.pending(files.log, files.now, options.code_valid_for, times.instant(options.code_lost_at))
    if entry is not None:
        return [code_log.CODE_PENDING.failure(code_log.reported(entry))]
    failure = code_log.no_request(files.log, files.now, options.codes_limit)
    return [] if failure is None else [failure]


def _usable(options: Preflight, context: Context, number: Mapping[str, object]) -> bool:
    """Tell whether a backup is stored that could be sent."""
    try:
        files = attempt_log.look(options, context, attempt_log.backup_path(options))
    except WabizError:
        return False
    display = str(number.get("display_phone_number") or "")
    password, most = str(options.backup_password or ""), float(options.backup_max_age)
    return not backup_rules.faults(files.backup, display, password, files.now, most)
