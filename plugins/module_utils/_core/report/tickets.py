# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: tickets for Meta's Direct Support, ready to be sent: one for each cause and WhatsApp Business Account. Pure."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Sequence

from ..._failure import counted
from .timeline import UNCONFIRMED

# The words of Meta's guide, section Migration Support.
TOPIC = "WABiz: Cloud API"
REQUEST_TYPE = "On-Premises API -> Cloud API Migration Issues"
MOST = 100
_ASK = "Please tell us the cause, and correct it, or name what we have to do."
_ASK_OUTCOME = (
    "Please tell us whether each register request below took effect, and on which API each number is registered now."
)
_FIRST = "Send this ticket only if a second run of the same command still reports the outcome as unknown."


def of(causes: Sequence[Mapping[str, Any]], numbers: Sequence[Mapping[str, Any]]) -> List[Dict[str, Any]]:
    """Return a ticket for each cause that only Meta can resolve, apart by the account of its numbers."""
    by_host = {entry["host"]: entry for entry in numbers}
    found: List[Dict[str, Any]] = []
    for cause in causes:
        if not cause["meta"]:
            continue
        accounts: Dict[str, List[Mapping[str, Any]]] = {}
        for host in cause["hosts"]:
            accounts.setdefault(str(by_host[host]["waba_id"]), []).append(by_host[host])
        found += [_ticket(cause, account, entries) for account, entries in sorted(accounts.items())]
    return found


def _ticket(cause: Mapping[str, Any], account: str, entries: Sequence[Mapping[str, Any]]) -> Dict[str, Any]:
    name = "-".join(part for part in (_word(cause["key"]), _word(account)) if part)
    code = "" if cause["code"] is None or str(cause["code"]) in cause["title"] else " [%s]" % cause["code"]
    subject = "%s%s after a migration from On-Premises API to Cloud API" % (cause["title"].rstrip("."), code)
    lines = [
        "Topic: %s" % TOPIC,
        "Request type: %s" % REQUEST_TYPE,
        "Subject: %s" % subject,
        "WhatsApp Business Account ID: %s" % (account or "unknown"),
        "",
        "What happened (%s, all times in UTC)" % counted(len(entries), "number"),
        "%s. %s" % (cause["title"].rstrip("."), cause["meaning"]),
        "",
    ]
    for entry in entries[:MOST]:
        lines += [*_number(entry, cause), ""]
    if len(entries) > MOST:
        lines += ["... and %d more, in the attached table." % (len(entries) - MOST), ""]
    lines += ["What we ask for", _ASK_OUTCOME if cause["key"] == UNCONFIRMED else _ASK]
    return {
        "id": "ticket-" + name,
        "file": name + ".txt",
        "cause": cause["key"],
        "waba_id": account,
        "subject": subject,
        "topic": TOPIC,
        "request_type": REQUEST_TYPE,
        "note": _FIRST if cause["key"] == UNCONFIRMED else "",
        "hosts": [entry["host"] for entry in entries],
        "text": "\n".join(lines) + "\n",
    }


def _number(entry: Mapping[str, Any], cause: Mapping[str, Any]) -> List[str]:
    failure, found = entry["failure"], []
    found.append("Number %s, phone number ID %s" % (entry["number"], entry["phone_number_id"] or "unknown"))
    if failure.get("code") is not None:
        error = "  Error: %s" % failure["code"]
        error += " %s" % failure["title"] if failure.get("title") else ""
        found.append(error)
    if failure.get("fbtrace_id"):
        found.append("  fbtrace_id: %s" % failure["fbtrace_id"])
    if failure.get("details"):
        found.append("  Details: %s" % failure["details"])
    for one in entry["changes"]:
        if one.get("finding") == cause["key"]:
            found.append(
                "  %s before the migration: %s, now: %s" % (one["fact"], _shown(one["was"]), _shown(one["now"]))
            )
    found += ["  Tried: %s" % line for line in _tried(entry)] or ["  Tried: reads only"]
    interruption = entry["interruption"]
    if interruption and interruption["open"] and interruption["from"]:
        found.append("  Without service since %s" % interruption["from"])
    return found


def _tried(entry: Mapping[str, Any]) -> List[str]:
    """Return what was sent that may have changed something, with times where they are known."""
    found = []
    for one in entry["attempts"]:
        code = "" if one.get("code") is None else ", code %s" % one["code"]
        trace = ", fbtrace_id %s" % one["fbtrace_id"] if one.get("fbtrace_id") else ""
        found.append("%s POST register: %s%s%s" % (one.get("at"), one.get("outcome"), code, trace))
    timed = [one for one in entry["requests"] if one["at"] and not (found and "/register" in one["what"])]
    found += ["%s %s" % (one["at"], one["what"]) for one in timed]
    return found or list(entry["sent"])


def _shown(value: Any) -> str:
    return "unknown" if value is None else str(value)


def _word(text: Any) -> str:
    """Return a text as a part of a file name."""
    return re.sub(r"[^0-9A-Za-z]+", "-", str(text)).strip("-")
