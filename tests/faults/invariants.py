# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold after every case, read from the simulator's ledger and state and from what lay on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MIGRATED = "migrated"
UNTOUCHED = "untouched"
PERSON = "needs a person"
END_STATES = (MIGRATED, UNTOUCHED, PERSON)
WINDOW = 72 * 3600.0


@dataclass
class Facts:
    """What one number has left behind when its case is over."""

    ledger: Sequence[Mapping[str, Any]]
    state: Mapping[str, Any]
    witnesses: Sequence[Mapping[str, Any]]  # the disk at the first byte of each register request
    verdict: Mapping[str, Any] | None  # what the last run reported: ok, failure
    expected: Sequence[str] = (MIGRATED,)
    may_register: bool = True
    subscribed_before: bool = False
    without_backup: bool = False
    with_snapshot: bool = True  # its node could be read
    budget: int = 8
    log: Mapping[str, Any] | None = None
    closed: bool = False  # no attempt may be left open in the attempt log
    reported_code: Any = None  # the failure's code, where the case is about one
    more: list[str] = field(default_factory=list)


def end_state(facts: Facts) -> str:
    """Return how the number ended: migrated, untouched, needs a person with a reason, or what is none of these."""
    verdict = facts.verdict or {}
    moved = facts.state["location"] == "cloud"
    if moved and verdict.get("ok"):
        return MIGRATED
    if verdict.get("ok"):
        return "reported as done, and is not"
    failure = verdict.get("failure") or {}
    if not (failure.get("title") and failure.get("next_step")):
        return "failed without a reason or a next step"
    node = facts.state["node"] or {}
    if not moved and facts.state["location"] == "on_premise" and node.get("gateway_status") == "connected":
        open_attempt = _open(facts.log)
        return PERSON if open_attempt else UNTOUCHED
    return PERSON


def violations(facts: Facts) -> list[str]:
    """Return every broken promise in words; an empty list is what is wanted."""
    found = list(facts.more)
    sent = [line for line in facts.ledger if line["method"] == "POST" and line["path"].endswith("/register")]
    accepted = [line for line in sent if line["accepted"]]
    if len(accepted) > 1 or facts.state["accepted_registrations"] > 1:
        found.append(f"{len(accepted)} accepted registrations")
    if sent and not facts.may_register:
        found.append("a register request was sent although it was not allowed")
    if accepted and any(line["seq"] > accepted[0]["seq"] and _began(line) > _ended(accepted[0]) for line in sent):
        found.append("a register request was sent although the number was on the Cloud API already")
    if _most_in_window(sent) > facts.budget:
        found.append(f"{_most_in_window(sent)} register requests in 72 hours, {facts.budget} are allowed")
    found += _backups(facts, sent)
    found += _logs(facts, sent)
    if facts.with_snapshot and any(_without_snapshot(witness) for witness in facts.witnesses):
        found.append("the snapshot was not on disk before the first byte of register")
    found += _subscription(facts, sent)
    for line in facts.ledger:
        if line["bearer_ok"] is False and line["path"] != "/v1/users/login":
            found.append(f"a wrong bearer token was seen by {line['api']} {line['path']}")
        if line["token_in_query"]:
            found.append(f"a token was in the query of {line['path']}")
    state = end_state(facts)
    if state not in END_STATES:
        found.append(state)
    elif state not in facts.expected:
        found.append(f"ended as {state}, expected {' or '.join(facts.expected)}")
    code = ((facts.verdict or {}).get("failure") or {}).get("code")
    if facts.reported_code is not None and code != facts.reported_code:
        found.append(f"failed with {code}, expected {facts.reported_code}")
    if state == MIGRATED and _uncompared(facts.log):
        found.append("the number has moved, and nobody has compared it with what it was before")
    if facts.closed and _open(facts.log):
        found.append("an attempt was left open although its outcome could be known")
    return found


def _backups(facts: Facts, sent: Sequence[Mapping[str, Any]]) -> list[str]:
    if facts.without_backup:
        return []
    found = []
    made = {line["backup_sha256"] for line in facts.ledger if line["effect"] == "backup"}
    for witness in facts.witnesses:
        if witness["backup_sha256"] not in made:
            found.append("the backup was not on disk, as the node had made it, before the first byte of register")
    for line in sent:
        if line["fault"] in ("incomplete",):
            continue
        if "backup" in line["body_keys"] and line.get("backup_sha256") not in made and line.get("backup_sha256"):
            found.append("a backup was passed on that the node had not made")
        if line["body_keys"] and "backup" not in line["body_keys"]:
            found.append("a register request had no backup in it")
    return found


def _without_snapshot(witness: Mapping[str, Any]) -> bool:
    """Tell whether a snapshot is missing: none is taken after an attempt whose outcome was unknown for a while."""
    earlier = ((witness["attempt_log"] or {}).get("attempts") or [])[:-1]
    return not witness.get("snapshot", True) and all(one["outcome"] in ("refused", "not sent") for one in earlier)


def _logs(facts: Facts, sent: Sequence[Mapping[str, Any]]) -> list[str]:
    found = []
    for witness in facts.witnesses:
        attempts = (witness["attempt_log"] or {}).get("attempts") or []
        if not attempts or attempts[-1]["outcome"] != "intent" or attempts[-1]["ended"] is not None:
            found.append("the intent was not on disk before the first byte of register")
        elif not (witness["attempt_log"] or {}).get("lease"):
            found.append("the lease was not on disk before the first byte of register")
    if len(sent) > len(facts.witnesses):
        found.append(f"{len(sent)} register requests, {len(facts.witnesses)} of them with the disk in view")
    return found


def _subscription(facts: Facts, sent: Sequence[Mapping[str, Any]]) -> list[str]:
    if not sent or facts.subscribed_before:
        return []
    first = min(line["seq"] for line in sent)
    if any(line["effect"] == "subscribed" and line["seq"] < first for line in facts.ledger):
        return []
    return ["the app was not subscribed to the WABA before the register request"]


def _open(log: Mapping[str, Any] | None) -> bool:
    attempts = (log or {}).get("attempts") or []
    return any(attempt.get("outcome") in ("intent", "unconfirmed") for attempt in attempts)


def _uncompared(log: Mapping[str, Any] | None) -> bool:
    """Tell whether an attempt that has moved the number was not followed by a comparison."""
    attempts = (log or {}).get("attempts") or []
    return any(attempt.get("outcome") == "registered" and not attempt.get("verified_at") for attempt in attempts)


def _most_in_window(sent: Sequence[Mapping[str, Any]]) -> int:
    moments = sorted(_began(line) for line in sent)
    return max((sum(1 for other in moments if 0 <= other - moment < WINDOW) for moment in moments), default=0)


def _began(line: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(line["began"]).timestamp()


def _ended(line: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(line["ended"]).timestamp()
