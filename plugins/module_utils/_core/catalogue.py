# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the catalogue of findings, each with its ID, severity and source. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Tuple

from .._failure import Failure

BLOCKER = "blocker"
WARNING = "warning"
NOTE = "note"
SEVERITIES = (BLOCKER, WARNING, NOTE)

_GUIDE = "Migrating from On-Premises API to Cloud API"
_REGISTRATION = "Business phone numbers: registration"


@dataclass(frozen=True)
class Entry:
    """One kind of finding: ``id`` is stable, ``source`` is the page that the rule comes from.

    ``title``, ``why`` and ``fix`` are what the finding's own page says; a waiver opens the door only past a blocker
    that is ``waivable``.
    """

    id: str
    severity: str
    source: str
    title: str = ""
    why: str = ""
    fix: str = ""
    waivable: bool = False


# The key is the code of the failure, or of the note, that becomes the finding.
CATALOGUE: Mapping[str, Entry] = {
    "graph_unreadable": Entry("WM101", BLOCKER, "Graph API reference: phone number"),
    "node_unreadable": Entry("WM102", BLOCKER, "On-Premises API reference: health"),
    "unknown_place": Entry("WM103", BLOCKER, _GUIDE),
    "neither": Entry("WM104", BLOCKER, _REGISTRATION),
    "cloud_not_connected": Entry("WM105", BLOCKER, _REGISTRATION),
    "wrong_node": Entry("WM106", BLOCKER, "On-Premises API reference: settings/application"),
    "wrong_waba": Entry("WM107", BLOCKER, "Graph API reference: WABA phone_numbers"),
    "not_verified": Entry("WM108", BLOCKER, _REGISTRATION),
    "no_pin": Entry("WM109", BLOCKER, _GUIDE + ", step 1"),
    "bad_pin": Entry("WM110", BLOCKER, _GUIDE + ", step 1"),
    "no_backup_password": Entry("WM111", BLOCKER, _GUIDE + ", step 2"),
    "state_directory": Entry("WM112", BLOCKER, "this collection"),
    "state_not_durable": Entry("WM113", BLOCKER, "this collection"),
    "budget": Entry("WM114", BLOCKER, _REGISTRATION),
    "host_files": Entry("WM115", BLOCKER, "this collection"),
    "subscription_unreadable": Entry("WM116", BLOCKER, "Graph API reference: subscribed_apps"),
    "override_kept": Entry("WM117", BLOCKER, "Graph API reference: subscribed_apps"),
    "waba_unreadable": Entry("WM118", BLOCKER, "Graph API reference: WABA phone_numbers"),
    "held": Entry("WM130", WARNING, "this collection"),
    "open_attempt": Entry("WM131", WARNING, "this collection"),
    "clock_skew": Entry("WM132", WARNING, "this collection"),
    "client_expired": Entry("WM133", WARNING, "On-Premises API reference: support"),
    "without_backup": Entry("WM134", WARNING, _GUIDE + ", Official Business Accounts"),
    "pin_may_be_wrong": Entry("WM150", NOTE, _GUIDE + ", step 1"),
    "not_subscribed": Entry("WM151", NOTE, _GUIDE + ", webhooks"),
    "high_throughput": Entry("WM152", NOTE, _GUIDE + ", throughput"),
    "not_readable": Entry("WM153", NOTE, "On-Premises API reference"),
}


def finding(failure: Failure, number: str) -> Dict[str, Any]:
    """Return a failure or a note as a finding.

    A code outside of the catalogue is an error of this collection (KeyError).
    """
    entry = CATALOGUE[str(failure.code)]
    seen = failure.title if not failure.details else "%s. %s" % (failure.title.rstrip("."), failure.details)
    return {
        "id": entry.id,
        "severity": entry.severity,
        "number": number,
        "seen": seen,
        "fix": failure.next_step,
        "source": entry.source,
    }


def blockers(findings: Tuple[Mapping[str, Any], ...]) -> Tuple[Mapping[str, Any], ...]:
    """Return the findings that keep the number from moving."""
    return tuple(found for found in findings if found["severity"] == BLOCKER)


def text(found: Mapping[str, Any]) -> str:
    """Return a finding as one sentence."""
    fix = " Fix: %s." % str(found["fix"]).rstrip(".") if found["fix"] else ""
    return "%s %s: %s.%s" % (found["id"], found["severity"], str(found["seen"]).rstrip("."), fix)
