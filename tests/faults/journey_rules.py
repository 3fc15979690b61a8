# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold on every journey, read from the simulator's ledger and state, and what a run has said of the number.

Nothing here is taken from the tables of the product: only so can the two disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .journeys import RECIPIENTS, Journey

# How a run may end for a number.
ARRIVED, WAITS, STOPPED = "arrived", "goes on with the next command", "stopped for a reason"
ENDS = (ARRIVED, WAITS, STOPPED)
# What happens at most once on a journey, whatever goes wrong on the way.
_ONCE = (
    *("registered", "code_verified", "deregistered", "deregistration_finished", "pin_set"),
    *("node_registered", "unsubscribed", "subscribed"),
)
# Codes of an answer that say nothing about whether the request was acted on.
UNCLEAR = {1, 2, 131000, 131016, 133004, 500, 1000, 1014, 1023}


@dataclass
class Evidence:
    """What a number has left behind: the requests of its journey, its state, and what each run said of it."""

    journey: Journey
    ledger: Sequence[Mapping[str, Any]]
    state: Mapping[str, Any]
    handed_in: int  # how many different codes the person has handed in
    words: int  # how often the person has stated that no code came
    verdicts: Sequence[Mapping[str, Any]]


def end(evidence: Evidence) -> str:
    """Return how the last run ended for the number, or what is none of the declared ends."""
    verdict = evidence.verdicts[-1]
    if verdict["ok"]:
        return ARRIVED if not evidence.journey.lacks(evidence.state) else WAITS
    failure = verdict["failure"] or {}
    if failure.get("title") and failure.get("next_step"):
        return STOPPED
    return f"failed without a reason or a next step: {failure}"


def violations(evidence: Evidence) -> list[str]:
    """Return every broken promise in words; an empty list is what is wanted."""
    found = []
    effects = Counter(line["effect"] for line in evidence.ledger)
    for effect in _ONCE:
        if effects[effect] > 1:
            found.append(f"{effects[effect]} times {effect}")
    if evidence.state["accepted_registrations"] > 1:
        found.append(f"{evidence.state['accepted_registrations']} accepted registrations")
    found += _codes(evidence) + _notices(evidence) + _order(evidence) + _tokens(evidence)
    if evidence.journey.closed:
        touched = [line["path"] for line in evidence.ledger if line["api"] == "graph" and line["kind"] == "change"]
        found += [f"the Cloud API side of a closed node was touched: {touched}"] if touched else []
    if end(evidence) not in ENDS:
        found.append(end(evidence))
    return found


def refused(line: Mapping[str, Any]) -> bool:
    """Tell whether the answer says clearly that nothing was done."""
    if line["accepted"]:
        return False
    if line["error_code"] is not None:
        return line["error_code"] not in UNCLEAR
    return line["status"] is not None and 400 <= line["status"] < 500


def _sent(evidence: Evidence, ending: str) -> list[Mapping[str, Any]]:
    return [line for line in evidence.ledger if line["method"] == "POST" and line["path"].endswith(ending)]


def _codes(evidence: Evidence) -> list[str]:
    found = []
    asked = [line for line in _sent(evidence, "/request_code") if not refused(line)]
    if len(asked) > 1 + evidence.words:
        found.append(f"{len(asked)} codes were asked for, and it was stated {evidence.words} times that none came")
    sent = _sent(evidence, "/verify_code")
    if len(sent) > evidence.handed_in:
        found.append(f"{len(sent)} times a code was sent, and {evidence.handed_in} were handed in")
    pins = [line for line in evidence.ledger if line.get("pin_sha256") and line["effect"] != "registered"]
    twice = [digest for digest, count in Counter(_tried(pins)).items() if count > 1]
    if twice:
        found.append("the same PIN was tried again after it was refused")
    return found


def _tried(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the PINs that register requests were refused for, by their digests."""
    wrong = (line for line in lines if line["path"].endswith("/register") and line["error_code"] == 133005)
    return [str(line["pin_sha256"]) for line in wrong if line["fault"] is None]


def _notices(evidence: Evidence) -> list[str]:
    sent = _sent(evidence, "/messages")
    accepted = Counter(line["to_sha256"] for line in sent if line["accepted"])
    found = [f"a recipient was sent {count} notices" for count in accepted.values() if count > 1]
    unclear = [line for line in sent if not refused(line)]
    if len(unclear) > len(RECIPIENTS):
        found.append(f"{len(unclear)} notices left for {len(RECIPIENTS)} recipients")
    gone = _first(evidence, "deregistered")
    if gone is not None and any(line["seq"] > gone for line in sent):
        found.append("a notice left after the number was deregistered")
    return found


def _order(evidence: Evidence) -> list[str]:
    """What comes before what cannot be taken back."""
    found = []
    if evidence.journey.role == "wa_rollback":
        asked = [line["seq"] for line in evidence.ledger if line["path"] == "/v1/account" and line["accepted"]]
        left = [line["seq"] for line in evidence.ledger if line["path"].endswith("/deregister")]
        if left and (not asked or min(asked) > min(left)):
            found.append("deregister was sent before the node had said yes")
        home = [line["seq"] for line in evidence.ledger if line["path"].endswith(("/verify", "/restore"))]
        gone = _first(evidence, "deregistered")
        if home and (gone is None or min(home) < gone):
            found.append("the node was registered before the number had left the Cloud API")
    if evidence.journey.role == "wa_retire":
        left = [line["seq"] for line in evidence.ledger if line["effect"] == "unsubscribed"]
        gone = _first(evidence, "deregistered")
        if left and gone is not None and min(left) < gone:
            found.append("the subscription ended before the number was deregistered")
    return found


def _tokens(evidence: Evidence) -> list[str]:
    found = []
    for line in evidence.ledger:
        if line["bearer_ok"] is False and line["path"] != "/v1/users/login":
            found.append(f"a wrong bearer token was seen by {line['api']} {line['path']}")
        if line["token_in_query"]:
            found.append(f"a token was in the query of {line['path']}")
    return found


def _first(evidence: Evidence, effect: str) -> int | None:
    return min((line["seq"] for line in evidence.ledger if line["effect"] == effect), default=None)
