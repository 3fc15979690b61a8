# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of scenes, and what they share: how a number is played, judged, killed and held."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from typing import Any

from ansible_collections.wabiz.migration.plugins.module_utils import _hostfiles

from .. import flow, invariants
from ..flow import KilledError, Player
from ..invariants import UNTOUCHED
from ..kill import Result
from ..world import GATE_BASE, TestEnvironment

Scene = Callable[[TestEnvironment], list[str]]
SCENES: dict[str, Scene] = {}
# A process number that nobody has: above what Linux gives out.
NOBODY = 2**22 + 1
ROOT = os.geteuid() == 0


def scene(name: str) -> Callable[[Scene], Scene]:
    """Enter a function into the list of scenes."""

    def enter(function: Scene) -> Scene:
        SCENES[name] = function
        return function

    return enter


def play(env: TestEnvironment, name: str) -> Result:
    """Play one scene."""
    env.sim.clear_faults()
    broken = SCENES[name](env)
    return Result(name, "as expected" if not broken else "broken", broken, {})


def judge(playing: Player, verdict: dict[str, Any] | None, **wanted: Any) -> list[str]:
    """Return what the invariants say of a player's number; what was expected comes in as in invariants.Facts."""
    facts = playing.facts(verdict, **wanted)
    return [f"{playing.number.host} ({_reported(verdict)}): {text}" for text in invariants.violations(facts)]


def _reported(verdict: dict[str, Any] | None) -> str:
    return "killed" if verdict is None else "ok" if verdict["ok"] else str(verdict["failure"]["code"])


def untouched(playing: Player, code: Any = None, **wanted: Any) -> list[str]:
    """Run once; nothing may be sent, the number stays where it is."""
    return judge(
        playing, playing.run(), **{"expected": (UNTOUCHED,), "may_register": False, "reported_code": code, **wanted}
    )


def kill_after_sending(playing: Player) -> None:
    """Let the next run die right after its register request has left."""
    playing.killed_at = lambda method, path: method == "POST" and path.endswith("/register")
    with contextlib.suppress(KilledError):
        playing.run()
    playing.killed_at = None


def hold_register(playing: Player) -> int:
    """Let the server keep the next register request to itself until the gate is opened."""
    gate = playing.env.gate()
    match = {"method": "POST", "path": f"^/v[0-9.]+/{playing.number.id}/register$", "nth": 1, "times": 1}
    playing.env.sim.fault("delay", match, seconds=GATE_BASE + gate)
    return gate


def open_at(playing: Player, gate: int, ahead: float) -> None:
    """Open the gate as soon as the player's clock is that far, and let the server act before anything goes on."""
    opened: list[bool] = []

    def slept(now: float) -> None:
        if now < ahead or opened:
            return
        opened.append(True)
        playing.env.open(gate)
        flow.until(
            lambda: any(line["path"].endswith("/register") for line in playing.env.ledger(playing.number)), 10, 0.02
        )

    playing.clock.on_sleep = slept


def put_log(playing: Player, text: str) -> None:
    _hostfiles.make_directory(str(playing.number_dir))
    _hostfiles.write_private(str(playing.number_dir / "attempt_log.json"), text)


def tidy(env: TestEnvironment) -> None:
    """Give back what belongs to others, so that the folder of the run can be removed by anybody."""
    if ROOT:
        for path in env.states.iterdir():
            with contextlib.suppress(OSError):
                os.chown(path, 0, 0, follow_symlinks=False)
