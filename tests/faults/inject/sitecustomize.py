# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loaded by Python itself where the fault matrix puts this folder on PYTHONPATH: the points inside of a client.

The shipped code has no switch for tests. Here its functions are wrapped from outside: each says in a trace what it is
about to do, stops where the script of the case says so, and what would make a case wait for minutes is shortened.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.abc
import importlib.util
import json
import os
import sys
import time
from typing import Any

_FOLDER = os.environ.get("WABIZ_FAULTS", "")
_GATES = os.environ.get("WABIZ_FAULTS_GATES", "")
_PLUGINS = "ansible_collections.wabiz.migration.plugins."
_UTILS = _PLUGINS + "module_utils."
_FILES = ("attempt_log.json", "backup.json", "exit_log.json", "profile.json", "export.tar.gz")
_COMMITS = ("commit", "intend", "commit_kept", "append")
_LONGEST_HOLD = 400.0
_GATE_BASE = 1000000


class _Here:
    """What this process works on: the host of the inventory, and which of its steps this is."""

    host = os.environ.get("WABIZ_FAULT_HOST", "")
    step = ""
    count = 0
    patched = False


def _script() -> dict[str, Any]:
    with open(os.path.join(_FOLDER, "script.json"), encoding="utf-8") as stream:
        return dict(json.load(stream))


def _path(kind: str) -> str:
    return os.path.join(_FOLDER, "%s-%s" % (kind, _Here.host))


def _note(event: str, **facts: Any) -> None:
    with open(_path("trace"), "a", encoding="utf-8") as lines:
        lines.write(json.dumps({"event": event, "step": _Here.step, "pid": os.getpid(), **facts}) + "\n")


def _begin(step: str) -> None:
    """Name the step that begins; the same module may run more than once for a host."""
    try:
        with open(_path("trace"), encoding="utf-8") as lines:
            earlier = sum(1 for line in map(json.loads, lines) if line["event"] == "begin" and line["kind"] == step)
    except FileNotFoundError:
        earlier = 0
    _Here.step, _Here.count = "%s#%d" % (step, earlier + 1), 0
    _note("begin", kind=step)


def _at(point: str, index: int) -> None:
    """Stop here when the script of this host says so, until the case goes on or this process is killed."""
    wanted = _script()["holds"].get(_Here.host)
    if wanted is None or (wanted["point"], wanted["step"], wanted["index"]) != (point, _Here.step, index):
        return
    with open(_path("stopped") + ".new", "w", encoding="utf-8") as stream:
        stream.write(str(os.getpid()))
    os.rename(_path("stopped") + ".new", _path("stopped"))
    end = time.monotonic() + _LONGEST_HOLD
    while not os.path.exists(_path("go")) and time.monotonic() < end and os.path.isdir(_FOLDER):
        time.sleep(0.02)


def _witness() -> None:
    """Write down what is on disk at the moment before the first byte of a register request."""
    folder = _script()["state"].get(_Here.host, "")
    seen: dict[str, Any] = {"backup_sha256": None, "attempt_log": None}
    backup, log = os.path.join(folder, "backup.json"), os.path.join(folder, "attempt_log.json")
    with contextlib.suppress(OSError, ValueError, KeyError), open(backup, encoding="utf-8") as stream:
        seen["backup_sha256"] = hashlib.sha256(json.load(stream)["data"].encode()).hexdigest()
    with contextlib.suppress(OSError, ValueError), open(log, encoding="utf-8") as stream:
        seen["attempt_log"] = json.load(stream)
    with open(_path("witness"), "a", encoding="utf-8") as lines:
        lines.write(json.dumps(seen) + "\n")


def _wrap_transport(module: Any) -> None:
    send = module.Transport._attempt

    def attempt(self: Any, where: Any, *args: Any, **kwargs: Any) -> Any:
        if not _Here.step:
            _begin("node")  # an execution on the host that runs no module: each is a step of its own
        _Here.count += 1
        index = _Here.count
        _note("request", index=index, api=where.api, method=where.method, path=where.path)
        if where.method == "POST" and where.path.endswith("/register"):
            _witness()
        _at("before send", index)
        result = send(self, where, *args, **kwargs)
        _at("answered", index)
        return result

    module.Transport._attempt = attempt


def _wrap_files(module: Any) -> None:
    handle = module.handle

    def recorded(*args: Any) -> Any:
        answer = handle(*args)
        if args[-1]["op"] in _COMMITS:
            _note("recorded", after=_Here.count)
            _at("recorded", _Here.count)
        return answer

    module.handle = recorded


def _wrap_remote(module: Any) -> None:
    ask = module.ask

    def recorded(worker: Any, requests: Any) -> Any:
        answers = ask(worker, requests)
        if any(request["op"] in _COMMITS for request in requests):
            _note("recorded", after=_Here.count)
            _at("recorded", _Here.count)
        return answers

    module.ask = recorded


def _wrap_store(module: Any) -> None:
    store = module._store

    def stored(*args: Any) -> None:
        store(*args)
        _note("recorded", after=_Here.count)
        _at("recorded", _Here.count)

    module._store = stored


def _wrap_rename() -> None:
    rename = os.rename

    def renamed(source: Any, target: Any, **options: Any) -> None:
        name = os.path.basename(str(target))
        if name not in _FILES or not _Here.host:
            rename(source, target, **options)
            return
        if not _Here.step:
            _begin("files")
        _Here.count += 1
        index = _Here.count
        _note("rename", index=index, name=name)
        _at("before the rename", index)
        rename(source, target, **options)
        _at("after the rename", index)

    # called by this name; keyword arguments are handed on as they are
    os.rename = renamed  # type: ignore[assignment]


def _shorten(utils: dict[str, Any]) -> None:
    settings = _script()["settings"]
    if "register_timeout" in settings and "_spec" in utils:
        spec = utils["_spec"]
        spec._RULES["register_timeout"] = spec._values.seconds(settings["register_timeout"], 600)
    if "wire" in settings and "_operations.options" in utils:
        # The first of a batch stands at its point until the last has come there.
        options = utils["_operations.options"]
        for group, name in ((options.OnPremConnection, "onprem_timeout"), (options.GraphConnection, "graph_timeout")):
            group.__dataclass_fields__[name].metadata["option"]["default"] = settings["wire"]
            for module in [module for key, module in sys.modules.items() if "._operations." in key]:
                if hasattr(module, "MODULE") and name in module.MODULE.every_option:
                    module.MODULE.every_option[name]["default"] = settings["wire"]
    if "at_meta" in settings and "_operations.attempt_log" in utils:
        utils["_operations.attempt_log"].AT_META = settings["at_meta"]


def _later(seconds: float) -> None:
    """Let this run take place some time later, on the controller and on its hosts."""
    now = time.time
    if seconds:
        time.time = lambda: now() + seconds


def _take_out(utils: dict[str, Any]) -> None:
    """Take out the guards that the script names: the check that the matrix would see it."""
    if "signals deferred" in _script()["guards"]:
        utils["_runner"].undisturbed = contextlib.nullcontext


_OPERATIONS = ("options", "register", "backup", "attempt_log")
_NAMES = ("_spec", "_runner", "_hostfiles", "_api.transport", *("_operations." + name for name in _OPERATIONS))


def _imported(name: str) -> Any:
    """Return a module, None where it was not shipped along."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        return None


def _patch_utils() -> None:
    if _Here.patched:
        return
    _Here.patched = True
    utils = {name: module for name in _NAMES if (module := _imported(_UTILS + name)) is not None}
    for name, wrap in (
        ("_api.transport", _wrap_transport),
        ("_hostfiles", _wrap_files),
        ("_operations.backup", _wrap_store),
    ):
        if name in utils:
            wrap(utils[name])
    _shorten(utils)
    _take_out(utils)


def _patch_controller(module: Any) -> None:
    """Patch right before a run forks its first worker, when collections can be imported."""
    run = module.TaskQueueManager.run

    def patched_run(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not _Here.patched:
            _patch_utils()
            worker = importlib.import_module(_PLUGINS + "plugin_utils._worker_runner")
            _wrap_remote(importlib.import_module(_PLUGINS + "plugin_utils._remote"))
            _wrap_worker(worker)
        return run(self, *args, **kwargs)

    module.TaskQueueManager.run = patched_run


def _wrap_worker(module: Any) -> None:
    take, take_together = module.take, module.take_together

    def named_take_together(worker: Any, steps: Any, *args: Any) -> Any:
        _Here.host = worker.host
        _begin("worker " + " ".join(step.module.name for step in steps))
        results = list(take_together(worker, steps, *args))
        _note("end", index=_Here.count)
        _at("end", _Here.count)
        return results

    def named_take(worker: Any, step: Any, *args: Any) -> Any:
        _Here.host = worker.host
        _begin("worker " + step.module.name)
        result = take(worker, step, *args)
        _note("end", index=_Here.count)
        _at("end", _Here.count)
        return result

    module.take, module.take_together = named_take, named_take_together


def _patch_host(module: Any) -> None:
    """Patch the program on the host, which brings its own copies of what it imports."""
    _patch_utils()
    run = module.Remote.run_module

    def named_run(self: Any, request: Any) -> Any:
        _begin("module " + request["module"])
        return run(self, request)

    module.Remote.run_module = named_run


def _patch_exchange(module: Any) -> None:
    """Let a delay of the simulator end when the case opens its gate, instead of after a time."""
    import asyncio
    import types

    async def sleep(seconds: float) -> None:
        if seconds < _GATE_BASE:
            await asyncio.sleep(seconds)
            return
        gate = os.path.join(_GATES, "gate-%d" % (int(seconds) - _GATE_BASE))
        end = time.monotonic() + _LONGEST_HOLD
        while not os.path.exists(gate) and time.monotonic() < end:
            await asyncio.sleep(0.02)

    module.asyncio = types.SimpleNamespace(**{**vars(asyncio), "sleep": sleep})


class _Hook(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Call a function with a module once it has been imported."""

    def __init__(self, hooks: dict[str, Any]) -> None:
        self._hooks = hooks
        self._loaders: dict[str, Any] = {}

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name not in self._hooks or name in self._loaders:
            return None
        self._loaders[name] = None
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return None
        self._loaders[name] = spec.loader
        spec.loader = self
        return spec

    def create_module(self, spec: Any) -> Any:
        return self._loaders[spec.name].create_module(spec)

    def exec_module(self, module: Any) -> None:
        self._loaders[module.__name__].exec_module(module)
        self._hooks[module.__name__](module)


class _First(list):
    """Finders of modules, of which the first one stays the first: the program on the host puts its own before them."""

    def insert(self, index: Any, finder: Any) -> None:
        super().insert(max(1, index), finder)


if _GATES:
    sys.meta_path.insert(0, _Hook({"wabiz_simulator.exchange": _patch_exchange}))
elif _FOLDER:
    _later(_script()["settings"].get("later", 0.0))
    _wrap_rename()
    sys.meta_path.insert(
        0,
        _Hook(
            {
                "ansible.executor.task_queue_manager": _patch_controller,
                _UTILS + "_host_modules": _patch_host,
            }
        ),
    )
    sys.meta_path = _First(sys.meta_path)
