# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases that are neither a fault of the wire nor a kill: the state of the world, of the disk, and two runs at once.

Each is a function that plays one number, or two, and returns what is broken; the guard check plays them again with a
guard taken out.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import resource
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any

from ansible_collections.wabiz.migration.plugins.module_utils import _hostfiles
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import container
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log as attempt_log_rules
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover.backup import document
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts.times import utc

from . import flow, invariants
from .flow import KilledError, Player, player
from .invariants import MIGRATED, PERSON, UNTOUCHED
from .kill import Result
from .world import BACKUP_PASSWORD, GATE_BASE, TestEnvironment

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


# --- where the number is, and whose it is


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


# --- the answer


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


def put_log(playing: Player, text: str) -> None:
    _hostfiles.make_directory(str(playing.number_dir))
    _hostfiles.write_private(str(playing.number_dir / "attempt_log.json"), text)


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


# --- the backup


def _before_register(
    env: TestEnvironment, spoil: Callable[[Player, dict[str, Any]], dict[str, Any] | None]
) -> list[str]:
    """Spoil the backup after it was made, and register without making a new one."""
    playing = player(env)
    playing.stops_before = "wa_register"
    playing.run()
    path = playing.number_dir / "backup.json"
    spoilt = spoil(playing, json.loads(path.read_text()))
    if spoilt is None:
        path.unlink()
    else:
        path.write_text(json.dumps(spoilt))
    return judge(playing, playing.register_only(), expected=(UNTOUCHED,), may_register=False)


def _foreign(playing: Player, doc: dict[str, Any]) -> dict[str, Any]:
    return document("491555000111", "AAAA", "v2", BACKUP_PASSWORD, playing.clock.now(), os.urandom(16))


_SPOILT: dict[str, Callable[[Player, dict[str, Any]], dict[str, Any] | None]] = {
    "the backup is gone before the register call": lambda playing, doc: None,
    "the backup was altered": lambda playing, doc: {**doc, "data": doc["data"][:-4] + "AAA="},
    "the backup is another number's": _foreign,
    "the backup is two days old": lambda playing, doc: {**doc, "created_at": utc(time.time() - 2 * 86400)},
}
for _name, _spoil in _SPOILT.items():
    SCENES[_name] = functools.partial(_before_register, spoil=_spoil)


@scene("the disk does not keep what was written")
def _bad_disk(env: TestEnvironment) -> list[str]:
    """The backup loses bytes on its way to disk, without an error."""
    playing, write = player(env), _hostfiles.write_private

    def lossy(path: str, text: str) -> None:
        if path.endswith("backup.json"):
            doc = json.loads(text)
            text = json.dumps({**doc, "data": doc["data"][: len(doc["data"]) // 8 * 4]})
        write(path, text)

    _hostfiles.write_private = lossy
    try:
        return untouched(playing)
    finally:
        _hostfiles.write_private = write


# --- the disk


def _disk(env: TestEnvironment, prepare: Callable[[Player, contextlib.ExitStack], None]) -> list[str]:
    playing = player(env)
    with contextlib.ExitStack() as stack:
        prepare(playing, stack)
        return untouched(playing)


def _symlink(playing: Player, stack: contextlib.ExitStack) -> None:
    real = playing.folder / f"real-{playing.number.at}"
    real.mkdir(mode=0o700)
    playing.state_dir.symlink_to(real)


def _open_to_all(playing: Player, stack: contextlib.ExitStack) -> None:
    playing.state_dir.mkdir()
    playing.state_dir.chmod(0o777)


def _no_directory(playing: Player, stack: contextlib.ExitStack) -> None:
    playing.state_dir.write_text("")


def _foreign_owner(playing: Player, stack: contextlib.ExitStack) -> None:
    playing.state_dir.mkdir(mode=0o700)
    os.chown(playing.state_dir, 54321, 54321)


def _mounted(playing: Player, stack: contextlib.ExitStack, *options: str) -> None:
    playing.state_dir.mkdir(mode=0o700, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", str(playing.state_dir)], check=True)
    stack.callback(subprocess.run, ["umount", "-l", str(playing.state_dir)], check=True)
    playing.state_dir.chmod(0o700)


def _full(playing: Player, stack: contextlib.ExitStack) -> None:
    _mounted(playing, stack, "-o", "size=64k")
    (playing.state_dir / "filler").write_bytes(b"x" * 64 * 1024)


def _read_only(playing: Player, stack: contextlib.ExitStack) -> None:
    if ROOT:
        _mounted(playing, stack, "-o", "size=64k,mode=700")
        subprocess.run(["mount", "-o", "remount,ro", str(playing.state_dir)], check=True)
    else:
        playing.state_dir.mkdir(mode=0o500)


def _limited(playing: Player, stack: contextlib.ExitStack) -> None:
    """A file system that takes no more bytes from this process; for whoever may not mount one."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    stack.callback(resource.setrlimit, resource.RLIMIT_FSIZE, before)
    stack.callback(signal.signal, signal.SIGXFSZ, handler)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))


def _log(text: str) -> Callable[[Player, contextlib.ExitStack], None]:
    return lambda playing, stack: put_log(playing, text.replace("@id", playing.number.id))


def _log_link(playing: Player, stack: contextlib.ExitStack) -> None:
    put_log(playing, attempt_log_rules.dump(attempt_log_rules.fresh(playing.number.id)))
    (playing.number_dir / "attempt_log.json").rename(playing.folder / f"elsewhere-{playing.number.at}")
    (playing.number_dir / "attempt_log.json").symlink_to(playing.folder / f"elsewhere-{playing.number.at}")


_DISKS: dict[str, Callable[[Player, contextlib.ExitStack], None]] = {
    "the state directory is a symbolic link": _symlink,
    "the state directory is writable by everybody": _open_to_all,
    "the state directory is a file": _no_directory,
    "the state directory is read-only": _read_only,
    "a file may not grow (RLIMIT_FSIZE)": _limited,
    "the attempt log is a symbolic link": _log_link,
    "the attempt log is cut": _log('{"format": "wabiz.attempt_log/1", "phone_'),
    "the attempt log is of another format": _log('{"format": "wabiz.attempt_log/9", "phone_number_id": "@id"}'),
    "the attempt log is another number's": _log(attempt_log_rules.dump(attempt_log_rules.fresh("999"))),
    "the attempt log has an attempt without an outcome": _log(
        json.dumps({**attempt_log_rules.fresh("@id"), "attempts": [{"at": "2026-01-01T00:00:00Z"}]})
    ),
    **({"the state directory is full": _full, "the state directory is another user's": _foreign_owner} if ROOT else {}),
}
for _name, _prepare in _DISKS.items():
    SCENES[_name] = functools.partial(_disk, prepare=_prepare)


@scene("the intent cannot be recorded")
def _no_intent(env: TestEnvironment) -> list[str]:
    """The disk fails right before the register call: nothing is sent."""
    playing = player(env)

    def host(request: dict[str, Any]) -> dict[str, Any]:
        return {"error": "No space left on device"} if request["op"] == "commit" else _hostfiles.handle(request)

    playing.host = host
    return untouched(playing, "no_attempt_log")


@scene("the outcome cannot be recorded")
def _no_outcome(env: TestEnvironment) -> list[str]:
    """The disk fails between intent and outcome: the run says so, the next one confirms by reading."""
    playing = player(env)
    commits: list[int] = []

    def host(request: dict[str, Any]) -> dict[str, Any]:
        if request["op"] == "commit":
            commits.append(1)
            if len(commits) > 1:
                return {"error": "No space left on device"}
        return _hostfiles.handle(request)

    playing.host = host
    broken = judge(playing, playing.run())
    playing.host = None
    playing.clock.sleep(3600)
    return broken + judge(playing, playing.run())


@scene("the directory would be lost with a container")
def _lost(env: TestEnvironment) -> list[str]:
    playing = player(env, throwaway=container.CONTAINER)
    broken = untouched(playing)
    playing.settings["state_durable"] = True
    playing.throwaway = container.JOB
    broken += untouched(playing)
    playing.throwaway = container.CONTAINER
    return broken + judge(playing, playing.run())


# --- two runs at once


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


@scene("the lease of a controller that vanished")
def _vanished(env: TestEnvironment) -> list[str]:
    playing = player(env)
    now = playing.clock.now()
    log = attempt_log_rules.with_intent(
        attempt_log_rules.fresh(playing.number.id),
        now,
        now + 200,
        "gone",
        playing.controller,
        os.getpid(),
        playing.number.digits,
        now + 100,
        namespace="another container",
        started=1,
    )
    put_log(playing, attempt_log_rules.dump(log))
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
    now = playing.clock.now()
    log = attempt_log_rules.with_intent(
        attempt_log_rules.fresh(playing.number.id),
        now,
        now + 200,
        "gone",
        playing.controller,
        NOBODY,
        playing.number.digits,
        now + 100,
        namespace=playing.namespace,
        started=1,
    )
    put_log(playing, attempt_log_rules.dump(log))
    broken = judge(playing, playing.run(), closed=True)
    return broken + ([] if playing.clock.now() - now < 199 else ["it waited for the end of the lease"])


@scene("the process number of a run that is gone belongs to another process now")
def _recurs(env: TestEnvironment) -> list[str]:
    playing = player(env)
    now = playing.clock.now()
    log = attempt_log_rules.with_intent(
        attempt_log_rules.fresh(playing.number.id),
        now,
        now + 200,
        "gone",
        playing.controller,
        os.getpid(),
        playing.number.digits,
        now + 100,
        namespace=playing.namespace,
        started=1,
    )
    put_log(playing, attempt_log_rules.dump(log))
    return judge(playing, playing.run(), closed=True)


# --- what a run must leave alone


@scene("check mode writes nothing")
def _check_mode(env: TestEnvironment) -> list[str]:
    playing = player(env, check_mode=True, clear_two_step=True)
    verdict = playing.run()
    changes = [line["path"] for line in env.ledger(playing.number) if line["effect"] not in ("none", "login")]
    broken = [f"a change was made: {changes}"] if changes else []
    if playing.state_dir.exists():
        broken.append(f"files were made: {sorted(map(str, playing.state_dir.rglob('*')))}")
    return broken + ([] if verdict["ok"] else [f"failed: {verdict}"])


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


def tidy(env: TestEnvironment) -> None:
    """Give back what belongs to others, so that the folder of the run can be removed by anybody."""
    if ROOT:
        for path in env.states.iterdir():
            with contextlib.suppress(OSError):
                os.chown(path, 0, 0, follow_symlinks=False)


del _name, _patch, _spoil, _prepare
