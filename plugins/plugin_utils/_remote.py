# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to an inventory host that is reached over a connection: one execution there answers a list of them.

The host's Python reads the host runner and all that it may import from stdin, and then the requests. Nothing is
written to the host for that, and nothing of a request stands in the command line, where every user of the host could
read it.
"""

from __future__ import annotations

import base64
import json
import re
import shlex
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase

from ..module_utils import _host_runner
from ..module_utils._failure import Failure
from ._worker import Worker

# The first line of stdin. The second has the sources by name, with whether each is a package; the third the requests.
_BOOT = """
import base64, json, sys, zlib
from importlib.abc import Loader, MetaPathFinder
from importlib.util import spec_from_loader
if sys.version_info < (3, 8): sys.exit("Python %%d.%%d is too old, 3.8 is wanted" %% sys.version_info[:2])
class Sources(MetaPathFinder, Loader):
    def find_spec(self, name, path=None, target=None):
        return spec_from_loader(name, self, is_package=sources[name][0]) if name in sources else None
    def create_module(self, spec): return None
    def exec_module(self, module): exec(compile(sources[module.__name__][1], module.__name__, "exec"), module.__dict__)
sources = json.loads(zlib.decompress(base64.b64decode(sys.stdin.buffer.readline())).decode())
sys.meta_path.insert(0, Sources())
from %s import main
main(json.loads(sys.stdin.buffer.readline().decode()))
"""
# What the requests of a list need: the files of the host, the node too, or whole modules.
FILES, NODE, MODULES = "files", "node", "modules"
# Every import of the collection's own files has this form. A parser would take 50 ms of each run for the same.
_IMPORT = re.compile(r"^ *from (\.+)([\w.]*) import (\([^)]*\)|.*)", re.MULTILINE)
_PYTHONS = ("python3", "/usr/bin/python3", "/usr/libexec/platform-python", "python")


class HostError(Exception):
    """The host has not answered: ``failure`` says why, and ``unreachable`` whether the connection failed."""

    def __init__(self, failure: Failure, unreachable: bool = False) -> None:
        super().__init__(failure.title)
        self.failure = failure
        self.unreachable = unreachable


def _reads_node(op: str) -> bool:
    return op in _host_runner.NODE_READERS


def kind_of(requests: Iterable[Mapping[str, Any]]) -> str:
    """Return what the requests of a list need."""
    asked = {str(request["op"]) for request in requests}
    if "module" in asked:
        return MODULES
    return NODE if any(map(_reads_node, asked)) else FILES


@cache
def program(kind: str) -> bytes:
    """Return the first two lines of stdin: how to import, and what requests of this kind may import.

    It is the same for all hosts of a run.
    """
    package = _host_runner.__package__
    sources: dict[str, tuple[bool, str]] = {}
    for name, source in _sources(kind).items():
        parts = [*package.split("."), *Path(name).with_suffix("").parts]
        sources.update({".".join(parts[:at]): (True, "") for at in range(1, len(parts))})
        sources[".".join(parts)] = (False, source)
    boot = (_BOOT % _host_runner.__name__).strip().replace("\n", "\x01")
    packed = base64.b64encode(zlib.compress(json.dumps(sources).encode()))
    return boot.encode() + b"\n" + packed + b"\n"


def _sources(kind: str) -> dict[str, str]:
    """Return the files that requests of this kind may import, by their paths below module_utils."""
    folder = Path(_host_runner.__file__).parent
    if kind == MODULES:
        return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.py")}
    answers = (file for op, (file, _name) in _host_runner.ANSWERS.items() if kind == NODE or not _reads_node(op))
    return _with_imports(folder, ["_host_runner", *answers, *(["_host_modules"] if kind == NODE else [])])


def _with_imports(folder: Path, starts: Iterable[str]) -> dict[str, str]:
    """Return files of a folder with all that they import from it."""
    left = list(starts)
    found: dict[str, str] = {}
    while left:
        name = left.pop()
        path = "%s.py" % name.replace(".", "/")
        if path in found or not (folder / path).is_file():
            continue
        found[path] = (folder / path).read_text("utf-8")
        for dots, module, names in _IMPORT.findall(found[path]):
            package = name.split(".")[: -len(dots)] + [part for part in module.split(".") if part]
            # A name is a file of a package, or something in one file.
            left += [".".join(package), *(".".join([*package, word]) for word in re.findall(r"\w+", names))]
    return found


def interpreter(action: ActionBase, task_vars: dict[str, Any]) -> str | None:
    """Return the host's Python as the inventory, the configuration or discovery names it, None where nothing does."""
    # The inventory's own words: often {{ ansible_playbook_python }}.
    stated = constants.config.get_config_value("INTERPRETER_PYTHON", variables=task_vars)
    named = str(action._templar.template(stated) or "").strip()
    if named and not named.startswith("auto"):
        return named
    found = (task_vars.get("ansible_facts") or {}).get("discovered_interpreter_python")
    return str(found) if found else None


def command(python: str | None) -> str:
    """Return the shell command that reads the program from stdin."""
    code = shlex.quote("import sys; exec(sys.stdin.buffer.readline().decode().replace(chr(1), chr(10)))")
    if python:
        return "%s -c %s" % (python if " " in python else shlex.quote(python), code)
    tries = " || ".join("command -v %s" % shlex.quote(name) for name in _PYTHONS)
    # One command, so that the environment of the task can stand before it.
    return "sh -c %s" % shlex.quote('p=$({ %s; } 2>/dev/null) && exec "$p" -c %s' % (tries, code))


def ask(worker: Worker, requests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the answers of the host runner, and count what it has sent; raises HostError where there are none."""
    action, connection = worker.action, worker.connection
    # Whatever the configuration says of pipelining: a file on the host would hold the options.
    if not connection.has_pipelining or (connection.become and connection.become.name == "su"):
        raise HostError(
            Failure(
                "no_pipelining",
                "This connection cannot hand the host a request on stdin",
                "Connection %s%s would write it to a file on the host"
                % (connection.transport, " with become method su" if connection.become else ""),
                next_step="use the ssh connection (and sudo where become is needed)",
            )
        )
    asked = json.dumps({"requests": list(requests)}).encode()
    stdin = program(kind_of(requests)) + asked + b"\n"
    environment = action._compute_environment_string()
    try:
        done = action._low_level_execute_command(
            " ".join(part for part in (environment, command(interpreter(action, worker.variables))) if part),
            in_data=stdin,
        )
    except AnsibleConnectionFailure as error:
        # As a failure: a rescue sees it, and so does every threshold of Ansible.
        failure = Failure(
            "unreachable",
            "The host cannot be reached over %s" % connection.transport,
            str(error),
            next_step="check ansible_host, the key and the network (%s), then run again" % _ping(worker),
        )
        raise HostError(failure, unreachable=True) from None
    for line in str(done.get("stdout", "")).splitlines():
        if line.startswith(_host_runner.MARK):
            told = json.loads(line[len(_host_runner.MARK) :])
            if told["sent"] is not None:
                worker.session.sent.merge(told["sent"])
            return list(told["answers"])
    trouble = str(done.get("stderr", "")).strip().splitlines()
    raise HostError(
        Failure(
            "no_answer",
            "No Python 3 has answered on the host",
            "Exit status %s: %s" % (done.get("rc"), trouble[-1] if trouble else "no message"),
            next_step="check Python 3 on the host and ansible_python_interpreter (%s)" % _ping(worker),
        )
    )


def _ping(worker: Worker) -> str:
    return "ansible %s -m ansible.builtin.ping" % (worker.host or "HOST")


# Made once, before the workers are forked. Whole modules are sent only where Graph is called from the host.
program(FILES)
program(NODE)
