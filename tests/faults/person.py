# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a person goes on with a number: gives the same command again, with what the last run or the phone has said.

A person knows what a run reports, and what arrives at the phone. What a run does not ask for, nobody states.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .journeys import NEW_PIN, Journey
from .world import Number, TestEnvironment

# How long a person waits before the next command: longer if the last one got nowhere. The last ones pass every time
# that Meta documents.
WAITS = (60.0, 60.0, 3600.0, 90000.0, 270000.0)
Verdict = Mapping[str, Any]


def seen(verdict: Verdict) -> str:
    """Return everything that a run has said of a number."""
    failure = verdict["failure"] or {}
    return " ".join(str(failure.get(name, "")) for name in ("title", "details", "next_step")) + str(verdict["text"])


@dataclass
class Person:
    """Somebody who brings one number on. ``stated`` goes with the next command."""

    env: TestEnvironment
    number: Number
    journey: Journey
    now: Callable[[], float]
    stated: dict[str, Any] = field(default_factory=dict)
    handed_in: set[str] = field(default_factory=set)
    node_codes: set[str] = field(default_factory=set)
    words: int = 0  # how often it was stated that a code did not come
    idle: int = 0  # commands in a row that got nowhere
    _last: Any = None

    def goes_on(self, verdict: Verdict) -> float:
        """Read what a run has said, and decide on the next command; returns for how many seconds to wait before it."""
        state = self.env.sim.number(self.number.id)
        here = (state["location"], state["code_verification_status"], state["phone"]["codes"], seen(verdict)[:80])
        self.idle = self.idle + 1 if here == self._last else 0
        self._last = here
        {
            "wa_migrate": self._code,
            "wa_recover": self._recover,
            "wa_rollback": self._rollback,
            "wa_retire": self._retire,
        }[self.journey.role](verdict, state)
        return WAITS[min(self.idle, len(WAITS) - 1)]

    def _code(self, verdict: Verdict, state: Mapping[str, Any]) -> None:
        """Hand in what the phone shows, and say that no code has come where that is so."""
        text, code = seen(verdict), state["phone"]["code"]
        if state["code_verification_status"] == "VERIFIED":
            self.stated.pop("wa_migrate_code", None)
        elif "code_lost_at" in text and (code is None or code in self.handed_in):
            self._lost()
        elif code is not None and code not in self.handed_in:
            self.stated["wa_migrate_code"] = code
            self.handed_in.add(code)
        elif code is None and self.idle:
            self._lost()
        if "WhatsApp Manager" in text and "136024" in text:
            self.env.sim.patch(self.number.id, code_verification_status="VERIFIED")
        if self.journey.role == "wa_migrate" and "turn two-step verification off" in text:
            self._without_pin()

    def _lost(self) -> None:
        self.stated["wa_migrate_code_lost_at"] = _utc(self.now())
        self.stated.pop("wa_migrate_code", None)
        self.words += 1

    def _without_pin(self) -> None:
        """Turn two-step verification off in WhatsApp Manager."""
        self.env.sim.patch(self.number.id, pin=None)
        self.stated["wa_migrate_pin_changed_at"] = _utc(self.now() + 1)

    def _recover(self, verdict: Verdict, state: Mapping[str, Any]) -> None:
        text = seen(verdict)
        self._code(verdict, state)
        if re.search(r"(wa_recover_again|O\(again\))", text):
            self.stated["wa_recover_again"] = True
        if re.search(r"(wa_recover_new_pin|O\(new_pin\))", text):
            self.stated.setdefault("wa_recover_new_pin", NEW_PIN)
        if "turn two-step verification off" in text.lower() and "e-mail" in text:
            self._without_pin()

    def _rollback(self, verdict: Verdict, state: Mapping[str, Any]) -> None:
        code = state["node_code"]
        if "without the code" in seen(verdict):
            self.stated.pop("wa_rollback_code", None)
        elif code is not None and "wa_rollback_backup_file" not in self.journey.inputs:
            self.stated["wa_rollback_code"] = code
            self.node_codes.add(code)

    def _retire(self, verdict: Verdict, _state: Mapping[str, Any]) -> None:
        word = re.search(r"wa_retire_notice_confirm[=: is]+([0-9a-z]+)", seen(verdict))
        if word:
            self.stated["wa_retire_notice_confirm"] = word[1]
        self.stated["wa_retire_confirm"] = self.number.digits


def _utc(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
