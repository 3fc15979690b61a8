# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes of the number itself: where it is, whose it is, and its PIN."""

from __future__ import annotations

import functools
from typing import Any

from ..flow import player
from ..invariants import MIGRATED, PERSON, UNTOUCHED
from ..world import TestEnvironment
from .play import SCENES, judge, scene, untouched


@scene("no fault")
def _clean(env: TestEnvironment) -> list[str]:
    playing = player(env)
    return judge(playing, playing.run(), closed=True) + judge(playing, playing.run())


@scene("the node serves another number")
def _wrong_node(env: TestEnvironment) -> list[str]:
    playing = player(env)
    env.sim.patch(playing.number.id, node={"wa_id": "4915550001111"})
    return untouched(playing)


@scene("the number belongs to another WABA")
def _wrong_waba(env: TestEnvironment) -> list[str]:
    playing, other = player(env), env.take()
    playing.settings.update(waba_id=other.waba, access_token="EAAnobody")
    return untouched(playing, subscribed_before=True)


@scene("the number's code verification is missing")
def _unverified(env: TestEnvironment) -> list[str]:
    playing = player(env)
    env.sim.patch(playing.number.id, code_verification_status="NOT_VERIFIED")
    return untouched(playing)


def _location(env: TestEnvironment, **patch: Any) -> list[str]:
    """Preflight keeps such a number out; wa_register refuses it too, in a task of somebody's own."""
    whole, direct = player(env), player(env)
    broken = judge(direct, direct.run(), expected=(MIGRATED, UNTOUCHED), may_register=True) if not patch else []
    for playing in (whole, direct):
        env.sim.patch(playing.number.id, **patch)
    wanted: dict[str, Any] = {"expected": (UNTOUCHED, PERSON), "may_register": False}
    broken += judge(whole, whole.run(), **wanted)
    direct.settings["without_backup"] = True
    return broken + judge(direct, direct.register_only(), without_backup=True, **wanted)


_ELSEWHERE: dict[str, dict[str, Any]] = {
    "the node is disconnected": {"node": {"connected": False}},
    "the node does not listen": {"node": {"listening": False}},
    "the node lost its registration": {"node": {"registered": False, "connected": False}},
    "the number is on neither side": {"location": "none", "node": {"connected": False, "registered": False}},
    "Graph says neither, the node says it serves": {"location": "none"},
    "the number is on the Cloud API and disconnected": {"location": "cloud", "status": "DISCONNECTED"},
    "the number is on the Cloud API and banned": {"location": "cloud", "status": "BANNED"},
}
for _name, _patch in _ELSEWHERE.items():
    SCENES[_name] = functools.partial(_location, **_patch)
del _name, _patch


@scene("the number is on the Cloud API already")
def _done(env: TestEnvironment) -> list[str]:
    playing = player(env)
    env.sim.patch(playing.number.id, location="cloud")
    verdict = playing.run()
    sent = [line["path"] for line in env.ledger(playing.number) if line["path"].endswith("/register")]
    return [*(["a register request was sent"] if sent else []), *([] if verdict["ok"] else [f"failed: {verdict}"])]


# --- the PIN


@scene("a wrong PIN")
def _wrong_pin(env: TestEnvironment) -> list[str]:
    playing = player(env)
    env.sim.patch(playing.number.id, pin="999999")
    broken = judge(playing, playing.run(), expected=(PERSON,), reported_code=133005)
    playing.clock.sleep(3600)
    broken += judge(playing, playing.run(), expected=(PERSON,))
    sent = [line for line in env.ledger(playing.number) if line["path"].endswith("/register")]
    return broken + ([] if len(sent) == 1 else [f"{len(sent)} PINs were tried"])


@scene("two wrong PINs in one run")
def _two_wrong_pins(env: TestEnvironment) -> list[str]:
    flags: dict[str, str] = {}
    one, two = player(env, flags=flags), player(env, flags=flags)
    for playing in (one, two):
        env.sim.patch(playing.number.id, pin="999999")
    broken = judge(one, one.run(), expected=(PERSON,), reported_code=133005)
    return broken + untouched(two, "wrong_pin_elsewhere")


@scene("a PIN that was cleared cannot be wrong")
def _cleared(env: TestEnvironment) -> list[str]:
    playing = player(env, clear_two_step=True, flags={"wrong pin": "15550000000"})
    env.sim.patch(playing.number.id, pin="999999")
    return judge(playing, playing.run())
