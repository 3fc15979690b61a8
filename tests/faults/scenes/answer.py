# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes of the register call: its answer is lost, late or a refusal, and the attempts are counted."""

from __future__ import annotations

from typing import Any

from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log as attempt_log_rules
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts.times import utc

from .. import flow
from ..flow import Player, player
from ..invariants import PERSON, UNTOUCHED
from ..world import TestEnvironment
from .play import NOBODY, hold_register, judge, kill_after_sending, open_at, put_log, scene, untouched


@scene("the answer is lost and reads are stale")
def _stale(env: TestEnvironment) -> list[str]:
    playing = player(env)
    env.sim.patch(playing.number.id, switches={"stale_reads": 5})
    env.sim.fault("reset_after", {"method": "POST", "path": f"{playing.number.id}/register$", "times": 1, "nth": 1})
    return judge(playing, playing.run(), closed=True) + judge(playing, playing.run())


@scene("the number is PENDING for a while")
def _pending(env: TestEnvironment) -> list[str]:
    playing = player(env)
    env.sim.patch(playing.number.id, switches={"after_register": "PENDING", "pending_reads": 4})
    return judge(playing, playing.run(), closed=True)


@scene("killed after sending, the request still under way, again at once")
def _killed(env: TestEnvironment) -> list[str]:
    playing = player(env, process=NOBODY)
    gate = hold_register(playing)
    kill_after_sending(playing)
    # Meta takes 12 s, the second run is there after 2 s.
    open_at(playing, gate, playing.clock.ahead + 12)
    playing.clock.sleep(2)
    return _judge_when_over(playing, gate)


def _judge_when_over(playing: Player, gate: int) -> list[str]:
    """Run again, let the server act at the latest then, and judge when nothing is under way any more."""
    verdict = playing.run()
    playing.env.open(gate)
    flow.until(lambda: not playing.env.sim.admin("GET", "/state")["in_flight"], 10, 0.02)
    return judge(playing, verdict)


@scene("slow reads before the register call, killed after sending, again at once")
def _slow_reads(env: TestEnvironment) -> list[str]:
    playing = player(env, process=NOBODY)

    def slow(method: str, path: str) -> None:
        if path == "/v1/settings/application" and (playing.number_dir / "backup.json").exists():
            playing.clock.ahead += 100

    playing.before_request = slow
    gate = hold_register(playing)
    kill_after_sending(playing)
    playing.before_request = lambda method, path: None
    sent = playing.clock.ahead
    open_at(playing, gate, sent + 12)
    playing.clock.sleep(2)
    return _judge_when_over(playing, gate)


@scene("the account cannot send after the move")
def _unhealthy(env: TestEnvironment) -> list[str]:
    playing = player(env)

    def before(method: str, path: str) -> None:
        if method == "POST" and path.endswith("/register"):
            env.sim.admin("POST", f"/wabas/{playing.number.waba}", json={"account_review_status": "PENDING"})

    playing.before_request = before
    return judge(playing, playing.run(), expected=(PERSON,), reported_code="health")


# --- the budget


def _attempts(playing: Player, count: int, hours: float, outcome: str = attempt_log_rules.REFUSED) -> None:
    """Put an attempt log with earlier attempts on disk."""
    log = attempt_log_rules.fresh(playing.number.id)
    log["number"] = playing.number.digits
    for at in range(count):
        moment = utc(playing.clock.now() - hours * 3600 + at)
        log["attempts"].append({"at": moment, "run": "earlier", "outcome": outcome, "code": 133015, "ended": moment})
    put_log(playing, attempt_log_rules.dump(log))


@scene("the budget is used up")
def _budget(env: TestEnvironment) -> list[str]:
    playing = player(env)
    _attempts(playing, 8, 71)
    return untouched(playing)


@scene("the attempts are older than 72 hours")
def _old_attempts(env: TestEnvironment) -> list[str]:
    playing = player(env)
    _attempts(playing, 10, 73)
    return judge(playing, playing.run())


@scene("a refusal that is tried again and again")
def _again_and_again(env: TestEnvironment) -> list[str]:
    playing = player(env)
    match = {"method": "POST", "path": f"{playing.number.id}/register$"}
    env.sim.fault("graph_error", match, code=133015)
    verdict: dict[str, Any] = {}
    for _unused in range(11):
        verdict = playing.run()
        playing.clock.sleep(600)
    return judge(playing, verdict, expected=(UNTOUCHED,))
