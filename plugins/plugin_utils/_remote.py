# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private files on an inventory host that is reached over a connection.

The host's Python runs ``_hostfiles`` from stdin.
"""

from __future__ import annotations

import json
import shlex
from functools import cache
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.plugins.action import ActionBase

from ..module_utils import _encryption, _hostfiles

_MARK = "WABIZ-ANSWER:"
# Nothing of the request stands in the command line, where every user of the host could read it.
_BOOT = (
    """
import json, sys, types
p = json.loads(sys.stdin.buffer.readline().decode())
sys.modules["w"] = types.ModuleType("w"); sys.modules["w"].__path__ = []
for name, source in p["modules"]:
    m = types.ModuleType("w." + name); m.__package__ = "w"; sys.modules["w." + name] = m
    exec(compile(source, name, "exec"), m.__dict__)
print("%s" + json.dumps(sys.modules["w._hostfiles"].handle(p["request"])))
"""
    % _MARK
)
_PYTHONS = ("python3", "/usr/bin/python3", "/usr/libexec/platform-python", "python")


@cache
def _sources() -> list[tuple[str, str]]:
    return [
        ("_encryption", Path(_encryption.__file__).read_text("utf-8")),
        ("_hostfiles", Path(_hostfiles.__file__).read_text("utf-8")),
    ]


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
    """Return the shell command that reads the request from stdin."""
    code = shlex.quote("import sys; exec(sys.stdin.buffer.readline().decode().replace(chr(1), chr(10)))")
    if python:
        return "%s -c %s" % (python if " " in python else shlex.quote(python), code)
    tries = " || ".join("command -v %s" % shlex.quote(name) for name in _PYTHONS)
    return 'p=$({ %s; } 2>/dev/null) && exec "$p" -c %s' % (tries, code)


def handle(action: ActionBase, task_vars: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Answer one request of ``_hostfiles`` on the host.

    Raises what the connection raises, returns ``error`` otherwise.
    """
    payload = (
        _BOOT.strip().replace("\n", "\x01") + "\n" + json.dumps({"modules": _sources(), "request": request}) + "\n"
    )
    done = action._low_level_execute_command(command(interpreter(action, task_vars)), in_data=payload.encode())
    for line in str(done.get("stdout", "")).splitlines():
        if line.startswith(_MARK):
            answer: dict[str, Any] = json.loads(line[len(_MARK) :])
            return answer
    trouble = str(done.get("stderr", "")).strip().splitlines()
    return {
        "error": "no Python 3 answered on the host (exit status %s): %s"
        % (done.get("rc"), trouble[-1] if trouble else "no message")
    }
