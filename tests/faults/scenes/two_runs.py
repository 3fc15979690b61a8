# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes of two runs of one number: at once, one after the other, and one that is gone."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from typing import Any

from ansible_collections.wabiz.migration.plugins.module_utils import _hostfiles
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log as attempt_log_rules

from .. import flow
from ..flow import Player, player
from ..world import TestEnvironment
from .play import NOBODY, judge, put_log, scene, untouched


def _meanwhile(one: Player, other: Player, at: Callable[[str, str], bool]) -> dict[str, Any]:
    """Let the other run go from end to end while one stands before the request that ``at`` names."""
    others: list[dict[str, Any]] = []

    def before(method: str, path: str) -> None:
        if not others and at(method, path):
            others.append({})
            others[0] = other.run()

    one.before_request = before
    verdict = one.run()
    one.before_request = lambda method, path: None
    return verdict | {"other": others[0] if others else None}


def _second(one: Player, **more: Any) -> Player:
    return Player(one.env, one.number, one.folder, settings=dict(one.settings), witnesses=one.witnesses, **more)


ELSEWHERE = {"controller": "another controller", "namespace": "another machine"}


@scene("another run comes between the intent and the request")
def _between(env: TestEnvironment) -> list[str]:
    one = player(env)
    other = _second(one)
    verdict = _meanwhile(one, other, lambda method, path: method == "POST" and path.endswith("/register"))
    broken = judge(one, verdict, closed=True)
    if verdict["other"]["ok"] or verdict["other"]["failure"]["code"] != "other_run":
        broken.append(f"the other run was not kept out: {verdict['other']}")
    elif "run-" not in verdict["other"]["failure"]["details"]:
        broken.append("the message does not name the other run")
    return broken


@scene("another controller waits for the run that has the number")
def _waits_for_other(env: TestEnvironment) -> list[str]:
    one = player(env)
    other = _second(one, **ELSEWHERE)
    over, verdicts = threading.Event(), list[dict[str, Any]]()
    # Time passes for the other run only while this one goes on.

    def wait(ahead: float) -> None:
        over.wait(10)

    other.clock.on_sleep = wait
    running = threading.Thread(target=lambda: verdicts.append(other.run()))

    def before(method: str, path: str) -> None:
        if method == "POST" and path.endswith("/register"):
            one.before_request = lambda method, path: None
            running.start()
            flow.until(
                lambda: any("is still alive" in text for text in other.announced) or not running.is_alive(), 10, 0.01
            )

    one.before_request = before
    verdict = one.run()
    over.set()
    running.join(30)
    broken = judge(one, verdict, closed=True) + judge(one, verdicts[0] if verdicts else None)
    return broken + (
        [] if any("waiting until that run releases it" in text for text in other.announced) else ["it does not say so"]
    )


@scene("another run comes between the look and the intent")
def _before_intent(env: TestEnvironment) -> list[str]:
    one = player(env)
    other = _second(one, **ELSEWHERE)
    others: list[dict[str, Any]] = []

    def before() -> None:
        if not others:
            others.append({})
            others[0] = other.run()

    one.before_commit = before
    verdict = one.run()
    sent = [line for line in env.ledger(one.number) if line["path"].endswith("/register")]
    broken = [] if len(sent) == 1 else [f"{len(sent)} register requests"]
    attempts = (one.log() or {"attempts": []})["attempts"]
    broken += [] if len(attempts) == 1 else [f"{len(attempts)} attempts in the log"]
    return broken + judge(one, others[0]) + ([] if not verdict["ok"] else ["both runs say that they did it"])


@scene("writing the intent takes so long that another run has the number")
def _slow_commit(env: TestEnvironment) -> list[str]:
    one = player(env)
    other = _second(one, **ELSEWHERE)
    done: list[dict[str, Any]] = []

    def host(request: dict[str, Any]) -> dict[str, Any]:
        answer = _hostfiles.handle(request)
        if request["op"] == "commit" and not done:
            done.append({})
            one.clock.ahead += 400
            other.clock.ahead = one.clock.ahead
            done[0] = other.run()
        return answer

    one.host = host
    one.run()
    return judge(one, done[0])


def _leased(playing: Player, process: int, namespace: str) -> float:
    """Put down the intent and the lease, for 200 s, of a process that is not this one; return the present time."""
    now = playing.clock.now()
    log = attempt_log_rules.with_intent(
        attempt_log_rules.fresh(playing.number.id),
        now,
        now + 200,
        "gone",
        playing.controller,
        process,
        playing.number.digits,
        now + 100,
        namespace=namespace,
        started=1,
    )
    put_log(playing, attempt_log_rules.dump(log))
    return now


@scene("the lease of a controller that vanished")
def _vanished(env: TestEnvironment) -> list[str]:
    playing = player(env)
    now = _leased(playing, os.getpid(), "another container")
    sent: list[float] = []

    def before(method: str, path: str) -> None:
        if method == "POST" and path.endswith("/register"):
            sent.append(playing.clock.now() - now)

    playing.before_request = before
    broken = judge(playing, playing.run(), closed=True)
    if not sent or sent[0] < 199:
        broken.append(f"register was sent after {sent} s, and the lease holds for 200")
    return broken + (
        [] if any("is still alive" in text for text in playing.announced) else ["nobody says that it waits"]
    )


@scene("the run was killed before its worker reached the register call")
def _killed_before(env: TestEnvironment) -> list[str]:
    playing = player(env, parent=NOBODY)
    broken = untouched(playing, "run_killed")
    playing.parent = None
    return broken + judge(playing, playing.run())


@scene("the lease of a process that is gone from this controller")
def _gone(env: TestEnvironment) -> list[str]:
    playing = player(env, controller=socket.gethostname())
    now = _leased(playing, NOBODY, playing.namespace)
    broken = judge(playing, playing.run(), closed=True)
    return broken + ([] if playing.clock.now() - now < 199 else ["it waited for the end of the lease"])


@scene("the process number of a run that is gone belongs to another process now")
def _recurs(env: TestEnvironment) -> list[str]:
    playing = player(env)
    _leased(playing, os.getpid(), playing.namespace)
    return judge(playing, playing.run(), closed=True)
