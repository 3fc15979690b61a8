# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet as the report sees it: results of its tasks and events of its run, with a number for each thing to say."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, Mapping

from ansible_collections.wabiz.migration.plugins.module_utils._api.codes_graph import GRAPH_CODES
from ansible_collections.wabiz.migration.plugins.module_utils._core.comparison.difference_findings import OBA_LOST
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover.gate_findings import NOT_VERIFIED
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event as kinds
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import table
from ansible_collections.wabiz.migration.plugins.module_utils._core.report import causes, document, history, numbers
from ansible_collections.wabiz.migration.plugins.module_utils._failure import Failure

BEGIN = datetime(2026, 11, 21, 22, 0, tzinfo=timezone.utc)
RUN = "ansible-local-4711abcd"
SITES = ("berlin", "madrid", "lisbon", "oslo", "vienna", "dublin", "prague", "athens", "turin", "lyon")
WABAS = ("102290129340398", "102290129340399", "102290129340400")
DONE, BLOCKED, WAITED, UNKNOWN, WRONG_PIN, LOST, ALREADY, STOPPED = range(8)
MARKUP = '<img src=x onerror="document.title=1">&amp;'
MEANINGS = {
    code: causes.Meaning(entry.title, entry.meaning, entry.safe_to_rerun, entry.next_step)
    for code, entry in GRAPH_CODES.items()
}


def at(seconds: float) -> str:
    return (BEGIN + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def kind_of(index: int, count: int) -> int:
    """Return what becomes of a number: nearly all move, and each other thing happens to at least one of eight."""
    if index < 8:
        return (BLOCKED, DONE, WAITED, UNKNOWN, WRONG_PIN, LOST, ALREADY, STOPPED)[index]
    if index % 40 == 9:
        return BLOCKED
    if index % 25 == 12:
        return WAITED
    return STOPPED if index > count * 0.97 else DONE


class Number:
    """One number: its inventory host, IDs, and what becomes of it at which second of the run."""

    def __init__(self, index: int, count: int) -> None:
        self.kind = kind_of(index, count)
        self.host = f"{SITES[index % 10]}-{index:04d}"
        self.id = str(106540352240000 + index)
        self.waba_id = WABAS[index % 3]
        self.display = f"+1 555-01{index // 10000}-{index % 10000:04d}"
        self.wave = 1 if index < 8 else 2 if index < count / 10 else 3
        self.began = 60.0 + index * 0.9

    def results(self) -> dict[str, Any]:
        """Return what its tasks registered, as the action hands it to the operation."""
        register = f'POST https://graph.facebook.com/v26.0/{self.id}/register {{"pin": "***", "backup": "***"}}'
        plan = {
            "digest": f"p{int(self.id):024x}",
            "situation": {"phone_number_id": self.id, "waba_id": self.waba_id},
            "target": "CLOUD",
            "requests": [
                f"POST https://graph.facebook.com/v26.0/{self.waba_id}/subscribed_apps",
                'POST https://localhost:9090/v1/settings/backup {"password": "***"}',
                register,
            ],
            "attempts_left": 8,
            "budget": "8 of 10 register requests are left",
            "wrong_pin": "A wrong PIN disconnects the node",
            "downtime": "some seconds",
        }
        note = {"id": "WM150", "severity": "note", "seen": "The PIN cannot be checked before it is used", "fix": ""}
        preflight: dict[str, Any] = {
            "changed": False,
            "location": "ON_PREMISES",
            "work": True,
            "blocked": False,
            "findings": [note],
            "number": {"display_phone_number": self.display, "platform_type": "ON_PREMISE", "status": "CONNECTED"},
            "plan": plan,
        }
        found: dict[str, Any] = {"phone_number_id": self.id, "preflight": preflight}
        if self.kind == BLOCKED:
            failure = NOT_VERIFIED.failure("Graph says code_verification_status EXPIRED")
            preflight["findings"] = [NOT_VERIFIED.result(failure, self.display), note]
            preflight.update(blocked=True, plan={**plan, "requests": []})
        elif self.kind in (DONE, WAITED, LOST):
            found["register"] = {
                "changed": True,
                "location": "CLOUD",
                "platform_type": "CLOUD_API",
                "status": "CONNECTED",
                "registration": {
                    "outcome": "registered",
                    "attempted_at": at(self.sent)[:19] + "Z",
                    "confirmed_after": self.took,
                    "attempts_left": 7,
                },
            }
            found["health"] = {
                "verdict": "AVAILABLE",
                "reasons": [],
                "entities": [{"entity_type": "PHONE_NUMBER", "id": self.id, "can_send_message": "AVAILABLE"}],
            }
            found["compare"] = {"changed": False, "compared": 31, "differences": [], "restored": []}
            if self.kind == LOST:
                seen = "The Official Business Account status was lost. It was true, it is false"
                lost = OBA_LOST.result(OBA_LOST.failure("It was true, it is false"), self.display)
                lost.update(fact="is_official_business_account", was=True, now=False, meaning=OBA_LOST.why)
                found["compare"]["differences"] = [lost]
                found["compare"].update(self._failed(Failure("lost", "A fact was lost", seen, next_step=OBA_LOST.fix)))
        elif self.kind == UNKNOWN:
            text = "The request was sent once; 120 s of reading did not show the number on the Cloud API"
            step = "run the same command again: it reads first, and only then decides"
            lost = Failure("unconfirmed", "The outcome of the registration is unknown", text, "AbCdEfGhIjK", True, step)
            found["register"] = self._failed(lost)
        elif self.kind == WRONG_PIN:
            entry = GRAPH_CODES[133005]
            wrong = Failure(133005, entry.title, entry.meaning, "AzByCxDwEvF", False, entry.next_step)
            found["register"] = self._failed(wrong)
        elif self.kind == ALREADY:
            preflight.update(location="CLOUD", work=False, plan={**plan, "requests": []})
        return found

    def _failed(self, failure: Failure) -> dict[str, Any]:
        sent = [f"POST register of {self.display}"]
        return {
            "failed": True,
            "msg": failure.sentence(f"Number {self.display} ({self.host})"),
            "failure": failure.as_dict(),
            "sent": sent,
        }

    @property
    def waits(self) -> float:
        return 45.0 if self.kind == WAITED else 0.0

    @property
    def sent(self) -> float:
        return self.began + 1.5 + self.waits

    @property
    def took(self) -> float:
        return round(2.1 + int(self.id) % 17 / 10, 3)

    def events(self) -> list[dict[str, Any]]:
        """Return its events in the order of their times, as the contract of the event file has them."""
        found: list[dict[str, Any]] = []

        def add(moment: float, event: str, step: str = "", **more: Any) -> None:
            found.append(event_of(moment, event, step, number=self, **more))

        if self.kind in (BLOCKED, ALREADY, STOPPED):
            if self.kind != STOPPED:
                outcome = "blocked" if self.kind == BLOCKED else "unchanged"
                add(self.began / 10, "step_started", "wa_preflight", phase="preflight")
                add(self.began / 10 + 0.4, "step_ended", "wa_preflight", phase="preflight", seconds=0.4, outcome="ok")
                add(self.began / 10 + 0.5, "number_ended", phase="report", outcome=outcome)
            return found
        if self.waits:
            add(
                self.began,
                "waiting",
                "wa_register",
                outcome="waiting",
                text="The change freeze says: pause for a deploy",
            )
            add(self.began + self.waits, "wait_ended", "wa_register", seconds=self.waits)
        begin = self.began + self.waits
        for offset, step in ((0.0, "wa_subscribe"), (0.4, "wa_snapshot"), (0.9, "wa_backup")):
            add(begin + offset, "step_started", step, phase="prepare")
            add(begin + offset + 0.4, "step_ended", step, phase="prepare", seconds=0.4, outcome="ok")
        add(self.sent, "register_sent", "wa_register")
        if self.kind == UNKNOWN:
            add(self.sent + 120, "outcome", "wa_register", outcome="unknown", text="Nobody knows")
        elif self.kind == WRONG_PIN:
            trace = {"fbtrace_id": "AzByCxDwEvF"}
            answered = {"outcome": "failed", "code": 133005, "data": trace}
            add(self.sent + 1.2, "register_answered", "wa_register", seconds=1.2, **answered)
        else:
            add(self.sent + 1.4, "register_answered", "wa_register", seconds=1.4, outcome="ok")
            add(self.sent + self.took, "confirmed", "wa_register", seconds=self.took, outcome="moved")
            add(self.sent + self.took + 0.2, "step_started", "wa_health", phase="verify")
            add(self.sent + self.took + 1, "step_ended", "wa_health", phase="verify", seconds=0.8, outcome="ok")
        ends = {UNKNOWN: "unknown", WRONG_PIN: "failed", LOST: "failed"}
        add(self.sent + 130, "number_ended", phase="report", outcome=ends.get(self.kind, "moved"))
        return found


def event_of(
    moment: float, event: str, step: str = "", number: Number | None = None, run: str = RUN, **more: Any
) -> dict[str, Any]:
    """Return one event as its writer makes it; ``number`` is None for one of the whole run."""
    return {
        "schema": kinds.SCHEMA,
        "at": at(moment),
        "run": run,
        "host": number.host if number else "",
        "phone_number_id": number.id if number else "",
        "number": number.display if number else "",
        "waba_id": number.waba_id if number else "",
        "wave": number.wave if number else None,
        "phase": "cutover",
        "step": step,
        "event": event,
        "seconds": None,
        "outcome": "",
        "code": None,
        "text": "",
        "check_mode": False,
        **more,
    }


def lines(count: int) -> str:
    """Return the text of the event file of a run with ``count`` numbers."""
    every = [event for index in range(count) for event in Number(index, count).events()]
    every = [event_of(0, "run_started"), *sorted(every, key=lambda one: one["at"]), event_of(count + 200, "run_ended")]
    return "".join(kinds.line(event).decode() for event in every)


def entries_of(count: int, with_events: bool = True) -> list[dict[str, Any]]:
    """Return the entries of a fleet."""
    found = []
    for number in (Number(index, count) for index in range(count)):
        if number.kind == STOPPED:
            results: Mapping[str, Any] = {"phone_number_id": number.id}
        else:
            results = number.results()
        row = table.row_of(number.host, results, True)
        told = history.read(map(kinds.line, number.events())).events
        sources = numbers.Sources(number.host, results, told if with_events else ())
        found.append(numbers.of_results(sources, row, number.wave))
    return found


def document_of(count: int, title: str = "Migration", **facts: Any) -> dict[str, Any]:
    """Return the document of a fleet."""
    run = document.Run(
        RUN,
        title,
        "migrate",
        **{
            "check_mode": False,
            "made_at": (BEGIN + timedelta(seconds=count + 300)).timestamp(),
            "stopped": "",
            "command": "ansible-playbook wabiz.migration.migrate -i inventory",
            **facts,
        },
    )
    return document.build(run, entries_of(count), history.read([lines(count).encode()]).events, MEANINGS)
