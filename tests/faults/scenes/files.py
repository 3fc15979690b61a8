# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes of the files on the host: backup, attempt log, directory and disk."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

from ansible_collections.wabiz.migration.plugins.module_utils import _hostfiles
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import container
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log as attempt_log_rules
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover.backup import document
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts.times import utc

from ..flow import Player, player
from ..invariants import UNTOUCHED
from ..world import BACKUP_PASSWORD, TestEnvironment
from .play import ROOT, SCENES, judge, put_log, scene, untouched


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
del _name, _spoil


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
del _name, _prepare


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
