# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes of what a run must leave alone."""

from __future__ import annotations

import json

from ..flow import player
from ..invariants import UNTOUCHED
from ..world import TARGET, TestEnvironment
from .play import judge, scene, untouched


@scene("check mode writes nothing")
def _check_mode(env: TestEnvironment) -> list[str]:
    playing = player(env, check_mode=True, clear_two_step=True)
    verdict = playing.run()
    changes = [line["path"] for line in env.ledger(playing.number) if line["effect"] not in ("none", "login")]
    broken = [f"a change was made: {changes}"] if changes else []
    if playing.state_dir.exists():
        broken.append(f"files were made: {sorted(map(str, playing.state_dir.rglob('*')))}")
    return broken + ([] if verdict["ok"] else [f"failed: {verdict}"])


@scene("a busy node is not prepared")
def _busy(env: TestEnvironment) -> list[str]:
    playing = player(env, settings={"quiet_wait": 1.0})
    env.sim.patch(playing.number.id, node={"queues": {"callback_queue_size": 450}})
    broken = judge(playing, playing.run(), expected=(UNTOUCHED,), may_register=False)
    changes = [line["path"] for line in env.ledger(playing.number) if line["effect"] not in ("none", "login")]
    return broken + ([f"it was prepared although its node is busy: {changes}"] if changes else [])


@scene("a dead node moves by a code")
def _code(env: TestEnvironment) -> list[str]:
    stated = {"about": "Open all day"}
    settings = {"accept_loss": ["profile", "official_business_account"], "lane": "code", "profile": stated}
    playing = player(env, settings=settings)
    env.sim.patch(playing.number.id, code_verification_status="NOT_VERIFIED", node={"listening": False})
    asked = playing.run()
    broken = [] if asked["ok"] else [f"no code was asked for: {asked}"]
    playing.settings["code"] = env.sim.number(playing.number.id)["phone"]["code"]
    broken += judge(playing, playing.run(), without_backup=True, with_snapshot=False)
    effects = [line["effect"] for line in env.ledger(playing.number) if line["effect"] not in ("none", "login")]
    wanted = ["subscribed", "code_requested", "code_verified", "registered", "profile_set"]
    return broken + ([] if effects == wanted else [f"not each once, in this order: {effects}"])


@scene("a number moves to another WABA")
def _another_waba(env: TestEnvironment) -> list[str]:
    settings = {"lane": "waba", "target_waba_id": TARGET, "access_token": "EAAnobody"}
    playing = player(env, settings=settings)
    env.sim.patch(playing.number.id, pin=None)
    # In the second run its inventory still has the old ID.
    broken = [f"it does not wait: {verdict}" for verdict in (playing.run(), playing.run()) if not verdict["ok"]]
    where = env.sim.number(playing.number.id)["location"]
    broken += [] if where == "on_premise" else [f"it is on {where}"]
    effects = [line["effect"] for line in env.ledger(playing.number) if line["effect"] not in ("none", "login")]
    return broken + ([] if effects == ["number_added"] else [f"not asked for once, and nothing else: {effects}"])


@scene("a number waits for its event")
def _echo(env: TestEnvironment) -> list[str]:
    playing = player(env)
    source = env.states / f"events-{playing.number.id}.json"
    playing.settings.update(echo=str(source), echo_wait=30)
    looked: list[str] = []
    playing.before_module = looked.append

    def arrives(_now: float) -> None:
        if "wa_echo" in looked:
            source.write_text(json.dumps({playing.number.id: playing.clock.now()}))

    playing.clock.on_sleep = arrives
    broken = judge(playing, playing.run())
    return broken + ([] if source.exists() else ["nobody has waited for an event of the number"])


@scene("somebody's callback override stays")
def _override(env: TestEnvironment) -> list[str]:
    playing = player(env)
    uri = "https://hooks.example.com/somebody"
    env.sim.admin(
        "POST",
        f"/wabas/{playing.number.waba}",
        json={"subscribed_apps": [{"id": playing.number.app, "override_callback_uri": uri}]},
    )
    broken = judge(playing, playing.run(), subscribed_before=True)
    apps = env.sim.admin("GET", f"/wabas/{playing.number.waba}")["subscribed_apps"]
    return broken + (
        [] if [app["override_callback_uri"] for app in apps] == [uri] else [f"the override is gone: {apps}"]
    )


@scene("a redirect to another server")
def _redirect(env: TestEnvironment) -> list[str]:
    playing = player(env)
    target = env.sim.nodes[playing.number.id] + "/v1/health"
    match = {"method": "GET", "path": f"/{playing.number.id}$", "nth": 1, "times": 1}
    env.sim.fault("redirect", match, location=target)
    return judge(playing, playing.run(), expected=(UNTOUCHED,), may_register=False)


@scene("no subscription, no register")
def _no_subscription(env: TestEnvironment) -> list[str]:
    playing = player(env)
    env.sim.fault("graph_error", {"method": "POST", "path": f"{playing.number.waba}/subscribed_apps$"}, code=200)
    return untouched(playing)
