# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A journey without ansible-playbook: the runs of its role through the same operations and runner code, and its person.

As in flow.py, the roles' own task files say which step runs when, and sleeping costs no time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import recovery_table

from . import flow, journey_rules, role_steps
from .flow import Player
from .journeys import Journey
from .person import Person
from .role_tasks import RoleRun
from .world import Number, TestEnvironment

# A journey without a fault takes up to six commands; more than this are no way to the end.
MOST_RUNS = 16


@dataclass
class Traveller:
    """One number on its journey."""

    env: TestEnvironment
    journey: Journey
    playing: Player
    person: Person
    began: int  # the first line of the ledger that is of the journey
    verdicts: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def begin(cls, env: TestEnvironment, journey: Journey) -> Traveller:
        """Put a fresh number where the journey begins."""
        env.sim.clear_faults()
        playing = flow.player(env)
        journey.begin(env, playing.number, env.states)
        person = Person(env, playing.number, journey, playing.clock.now)
        return cls(env, journey, playing, person, len(env.lines()))

    def run(self) -> dict[str, Any]:
        """Give the command once."""
        self.playing.flags = {}  # they are of one run
        stated = {**self.journey.stated(self.playing.number, self.env.states), **self.person.stated}
        if self.journey.role == "wa_migrate":
            prefix = len(role_steps.PREFIX)
            own = {name[prefix:]: value for name, value in stated.items()}
            self.playing.settings = {"register_timeout": flow.WIRE, **own}
            verdict = {"text": "", **self.playing.run()}
        else:
            verdict = self._role(stated)
        self.verdicts.append(verdict)
        return verdict

    def _role(self, stated: Mapping[str, Any]) -> dict[str, Any]:
        playing, said = self.playing, len(self.playing.announced)
        run = playing.new_run({}, {})

        def take(step: role_steps.Step, variables: Mapping[str, Any], check_mode: bool | None) -> dict[str, Any]:
            run.variables, run.earlier, run.recent = dict(variables), {}, {}
            before, playing.check_mode = playing.check_mode, playing.check_mode if check_mode is None else check_mode
            try:
                return playing.take(step, run)
            finally:
                playing.check_mode = before

        own = {"inventory_hostname": playing.number.host, "ansible_check_mode": playing.check_mode}
        role = RoleRun(self.journey.role, {**playing.stated(), **stated, **own}, take, playing.announced.append)
        role.play()
        if self.journey.role == "wa_recover":
            names = {"recover": "__wa_recover", "after": "__wa_recover_after", "failure": "__wa_recover_failure"}
            kept = {name: role.results.get(variable) for name, variable in names.items()}
            return {**recovery(playing.number, kept), "module_name": run.last}
        text = " ".join(playing.announced[said:])
        if role.failure is not None:
            return flow.verdict_of(role.failure, run.last)
        return {"ok": True, "failure": None, "module_name": run.last, "text": text}

    # --- what it has come to

    def arrived(self) -> bool:
        return arrived(self.verdicts[-1], self.lacks())

    def lacks(self) -> list[str]:
        return self.journey.lacks(self.env.sim.number(self.playing.number.id))

    def goes_on(self) -> None:
        """Let the person read the last verdict, and wait as long as the person does."""
        self.playing.clock.sleep(self.person.goes_on(self.verdicts[-1]))

    def until_arrived(self, after_each: Callable[[], None] = lambda: None) -> None:
        """Give commands until the number is where it has to arrive, or nobody would go on."""
        while len(self.verdicts) < MOST_RUNS:
            if self.verdicts:
                if self.arrived() or (self.journey.closed and self.person.idle > 1):
                    return
                self.goes_on()
            self.run()
            after_each()

    def ledger(self) -> list[dict[str, Any]]:
        return self.env.lines()[self.began :]

    def evidence(self) -> journey_rules.Evidence:
        return journey_rules.Evidence(
            journey=self.journey,
            ledger=self.ledger(),
            state=self.env.sim.number(self.playing.number.id),
            handed_in=len(self.person.handed_in),
            words=self.person.words,
            verdicts=self.verdicts,
        )


def recovery(number: Number, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the table of a recovery says of a number, by the rule of the table.

    ``kept`` has the results of the tasks: recover, after, and failure of one that failed.
    """
    row = recovery_table.row_of(number.host, {**kept, "phone_number_id": number.id})
    failure = (kept["failure"] or {}).get("failure")
    if row.bad and not failure:
        failure = {"code": row.step, "title": row.cause, "details": "", "next_step": row.does}
    return {"ok": not row.bad, "failure": failure, "text": row.text(), "step": row.step}


def arrived(verdict: Mapping[str, Any], lacking: Sequence[str]) -> bool:
    """Tell whether a run has said that nothing is left to do, and the simulator shows it."""
    return bool(verdict["ok"]) and verdict.get("step", "nothing") == "nothing" and not lacking
