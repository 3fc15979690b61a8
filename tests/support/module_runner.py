# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module runner without a connection: main() of the module files, as often as wanted in a program of its own.

Started with ``python -m``; reads {host: [{module_name, args, check}]} from stdin and writes {host: [result]}. What
AnsiballZ adds around that main() takes half a second for each call, so only some cases are shipped for real.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import multiprocessing
import sys
from typing import Any

from ansible.module_utils import basic
from ansible.module_utils.common import warnings
from ansible_collections.wabiz.migration.plugins.module_utils import _runner, _spec
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES

PACKAGE = "ansible_collections.wabiz.migration.plugins.modules"


def call(module_name: str, args: dict[str, Any], check: bool, temp: str) -> dict[str, Any]:
    """Return what the module prints as its result; the options are checked first, as the action does."""
    params, faults = _spec.check(MODULES[module_name], args, here=False)
    faults += _spec.file_errors(MODULES[module_name], args, params, here=False)
    if faults:
        return _runner.refused(faults)
    stated = {name: value for name, value in params.items() if value is not None}
    arguments = {**stated, "_ansible_check_mode": check, "_ansible_diff": True, "_ansible_remote_tmp": temp}
    warnings._global_warnings.clear()
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
    basic._ANSIBLE_PROFILE = "legacy"  # from ansible-core 2.19 on
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        importlib.import_module(f"{PACKAGE}.{module_name}").main()
    result: dict[str, Any] = json.loads(out.getvalue())
    if "warnings" in result:  # from ansible-core 2.19 on a module hands them over as objects
        texts = [reported if isinstance(reported, str) else reported["event"]["msg"] for reported in result["warnings"]]
        result["warnings"] = texts
    return result


def one(job: tuple[str, list[dict[str, Any]], str]) -> tuple[str, list[dict[str, Any]]]:
    host, steps, temp = job
    return host, [call(step["module_name"], step["args"], step["check"], temp) for step in steps]


def main() -> None:
    jobs = [(host, steps, sys.argv[1]) for host, steps in json.load(sys.stdin).items()]
    for _host, steps, _temp in jobs:
        for step in steps:
            importlib.import_module(f"{PACKAGE}.{step['module_name']}")
    with multiprocessing.get_context("fork").Pool(6, maxtasksperchild=1) as pool:
        results = dict(pool.imap_unordered(one, jobs))
    # After the pool: a worker that it forks meanwhile would print what is in the buffer once more.
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
