# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes of the code lane, of recover, rollback and retire: what a person does wrong, and answers that are not true."""

from __future__ import annotations

from typing import Any

from .. import journey_rules, role_steps
from ..journey_play import Traveller
from ..journeys import BY_NAME, NEW_PIN, RECIPIENTS
from ..world import TestEnvironment
from .play import scene

# Register and deregister requests of a number in 72 hours: ten, less the two that are kept back.
_MOST = 8
_TRUE = {"status": 200, "body": {"success": True}}


def _begin(env: TestEnvironment, journey: str) -> Traveller:
    return Traveller.begin(env, BY_NAME[journey])


def _broken(travelling: Traveller, **most: int) -> list[str]:
    """Return what the rules of every journey say, and what has left more often than ``most`` allows, by path."""
    found = journey_rules.violations(travelling.evidence())
    for name, allowed in most.items():
        sent = [one for one in travelling.ledger() if one["method"] == "POST" and one["path"].endswith("/" + name)]
        found += [f"{len(sent)} requests of {name}, {allowed} are allowed"] if len(sent) > allowed else []
    return found


def _lie(travelling: Traveller, path: str) -> None:
    """Let the next request of a path be answered with success, without acting on it."""
    number = travelling.playing.number
    match = {"method": "POST", "path": f"{number.id}{path}$", "nth": 1, "times": 1}
    travelling.env.sim.fault("status", match, **_TRUE)


@scene("the command is given again before the code is there")
def _impatient(env: TestEnvironment) -> list[str]:
    travelling = _begin(env, "code lane")
    for _again in range(3):
        travelling.run()
        travelling.playing.clock.sleep(60.0)
    return _broken(travelling, request_code=1)


@scene("the same wrong code again and again")
def _same_code(env: TestEnvironment) -> list[str]:
    travelling = _begin(env, "code lane")
    travelling.run()
    travelling.person.stated["wa_migrate_code"] = "000000"
    travelling.person.handed_in.add("000000")
    for _again in range(3):
        travelling.run()
    return _broken(travelling)


@scene("one wrong code after another")
def _guesses(env: TestEnvironment) -> list[str]:
    travelling = _begin(env, "code lane")
    travelling.run()
    for guess in ("000000", "000001", "000002", "000003", "000004"):
        travelling.person.stated["wa_migrate_code"] = guess
        travelling.person.handed_in.add(guess)
        travelling.run()
    return _broken(travelling, verify_code=3)


@scene("an answer says that the code was taken, and it was not")
def _no_verification(env: TestEnvironment) -> list[str]:
    travelling = _begin(env, "code lane")
    travelling.run()
    travelling.goes_on()
    _lie(travelling, "/verify_code")
    verdict = travelling.run()
    return _broken(travelling) + _right_code(verdict, "code_unconfirmed")


def _right_code(verdict: dict[str, Any], code: str) -> list[str]:
    found = (verdict["failure"] or {}).get("code")
    return [] if found == code else [f"failed with {found}, expected {code}"]


@scene("a deregistration without asking the node")
def _without_asking(env: TestEnvironment) -> list[str]:
    travelling = _begin(env, "rollback by a code")
    _take(travelling, "wa_deregister", {"after_node_yes": True})
    return _broken(travelling, deregister=0)


@scene("a deregistration that is refused again and again")
def _refused(env: TestEnvironment) -> list[str]:
    travelling = _begin(env, "retire")
    env.sim.fault("graph_error", {"method": "POST", "path": f"{travelling.playing.number.id}/deregister$"}, code=131000)
    for _again in range(_MOST + 4):
        _take(travelling, "wa_deregister", {})
        travelling.playing.clock.sleep(3600.0)
    env.sim.clear_faults()
    return _broken(travelling, deregister=_MOST)


@scene("an answer says that the number was deregistered, and it was not")
def _not_deregistered(env: TestEnvironment) -> list[str]:
    travelling = _begin(env, "rollback by a code")
    travelling.run()
    travelling.goes_on()
    _lie(travelling, "/deregister")
    verdict = travelling.run()
    return _broken(travelling) + _right_code(verdict, "unconfirmed")


@scene("the answer about a new PIN is lost")
def _new_pin(env: TestEnvironment) -> list[str]:
    travelling = _begin(env, "recover, unknown PIN")
    number = travelling.playing.number
    env.sim.fault("reset_after", {"method": "POST", "path": f"/{number.id}$", "nth": 1, "times": 1})
    for _again in range(3):
        _take(travelling, "wa_two_step", {"side": "cloud", "state": "present", "once": True, "pin": NEW_PIN})
    return _broken(travelling, **{number.id: 1})


@scene("an answer says that the profile was set, and it was not")
def _no_profile(env: TestEnvironment) -> list[str]:
    travelling = _begin(env, "retire")
    _lie(travelling, "/whatsapp_business_profile")
    result = _take(travelling, "wa_profile", {"about": "Closed", "wait": 4})
    shown = (env.sim.number(travelling.playing.number.id)["cloud_profile"] or {}).get("about")
    if result.get("failed") or shown == "Closed":
        return _broken(travelling)
    return [f"the profile was reported as set, and is {shown}"]


@scene("a notice whose answer is lost, again and again")
def _lost_notices(env: TestEnvironment) -> list[str]:
    travelling = _begin(env, "retire")
    travelling.run()
    travelling.goes_on()
    for _recipient in RECIPIENTS:
        env.sim.fault("reset_after", {"method": "POST", "path": "/messages$", "nth": 1, "times": 1})
        travelling.run()
        env.sim.clear_faults()
    travelling.until_arrived()
    return _broken(travelling, messages=len(RECIPIENTS))


@scene("a notice with the confirmation of another one")
def _other_word(env: TestEnvironment) -> list[str]:
    travelling = _begin(env, "retire")
    travelling.person.stated["wa_retire_notice_confirm"] = "n000000000000"
    travelling.run()
    return _broken(travelling, messages=0)


@scene("no event of a moved number comes in time")
def _no_event(env: TestEnvironment) -> list[str]:
    """The number has moved all the same: it is registered once, and no later run moves it again."""
    travelling = _begin(env, "code lane")
    events = env.states / f"no-events-{travelling.playing.number.id}.json"
    events.write_text("{}")
    travelling.person.stated.update(wa_migrate_echo=str(events), wa_migrate_echo_wait=30)
    travelling.until_arrived()
    told = [] if travelling.verdicts[-1]["module_name"] == "wa_echo" else ["nobody has waited for an event"]
    travelling.run()
    return _broken(travelling, register=1) + told


@scene("the digits of another number")
def _other_number(env: TestEnvironment) -> list[str]:
    travelling = _begin(env, "retire")
    travelling.run()
    travelling.goes_on()
    travelling.person.stated["wa_retire_confirm"] = "4915550000000"
    travelling.run()
    return _broken(travelling, messages=0, deregister=0)


def _take(travelling: Traveller, module_name: str, options: dict[str, Any]) -> dict[str, Any]:
    """Run a module by itself, as a task of somebody's own does."""
    run = travelling.playing.new_run(travelling.playing.inputs(), {})
    travelling.verdicts.append({"ok": True, "failure": None, "text": ""})
    return travelling.playing.take(role_steps.Step(module_name, options), run)
