# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a finding is: its ID, its severity, and the one text of its page and of its messages. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict

from ..._failure import Failure

BLOCKER = "blocker"
WARNING = "warning"
NOTE = "note"
SEVERITIES = (BLOCKER, WARNING, NOTE)

# Sources that several findings share.
GUIDE = "Migrating from On-Premises API to Cloud API"
REGISTRATION = "Business phone numbers: registration"
DEBUG_TOKEN = "Graph API reference: debug_token"
PHONE_NUMBER = "Graph API reference: phone number"
WABA = "Graph API reference: WhatsApp Business Account"
WABA_NUMBERS = "Graph API reference: WABA phone_numbers"
NODE_HEALTH = "On-Premises API reference: health"
COLLECTION = "this collection"


@dataclass(frozen=True)
class Finding:
    """One kind of finding.

    ``code`` is the code of its failures. ``id`` never changes its meaning. ``source`` is the page that the rule comes
    from. A waiver lets a number pass a blocker that is ``waivable``, and no other. A ``passing`` finding appears and
    disappears by itself (another run, a clock), so an approved plan does not depend on it.
    """

    id: str
    code: str
    severity: str
    source: str
    title: str
    why: str
    fix: str
    waivable: bool = False
    passing: bool = False

    @property
    def next_step(self) -> str:
        """Return ``fix`` as messages end with it."""
        return (self.fix[:1].lower() + self.fix[1:]).rstrip(".")

    def failure(self, details: str = "", fix: str = "", safe_to_rerun: bool = True) -> Failure:
        """Return the failure that raises this finding.

        ``details`` are the values that were read; without any the failure gives the reason. ``fix`` replaces the next
        step where that depends on what was read.
        """
        return Failure(
            self.code, self.title, details or self.why, safe_to_rerun=safe_to_rerun, next_step=fix or self.next_step
        )

    def result(self, failure: Failure, number: str) -> Dict[str, Any]:
        """Return one of its failures as the finding of a number, as task results carry it."""
        seen = failure.title if not failure.details else "%s. %s" % (failure.title.rstrip("."), failure.details)
        return {
            "id": self.id,
            "severity": self.severity,
            "number": number,
            "seen": seen,
            "fix": failure.next_step,
            "source": self.source,
        }
