# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The injection of the fault matrix, loaded by Python as in the matrix: only a few of its batches reach all of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from ansible_collections.wabiz.migration.tests.support.ansible_run import ROOT

SHORTENED = {"register_timeout": 2, "wire": 77.0, "at_meta": 5.0}
STATED = {
    "phone_number_id": "100000000000001",
    "waba_id": "200000000000001",
    "pin": "123456",
    "backup_file": "/state/backup.json",
    "backup_password": "tacocat",
    "state_dir": "/state",
    "state_durable": True,
    "register_timeout": 2,
    "access_token": "token",
    "onprem_password": "Passw0rd!",
}
# It is what the injection waits for in the program on a host.
PROGRAM = """
import json, sys
from types import SimpleNamespace
from ansible_collections.wabiz.migration.plugins.module_utils import _host_modules, _host_runner, _spec
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log as rules
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES
from ansible_collections.wabiz.migration.plugins.module_utils._operations import attempt_log

params, faults = _spec.check(MODULES["wa_register"], json.loads(sys.argv[1]), environ={})
params["register_timeout"] = 2.0

def files(request):
    return {"committed": True, "attempt_log": request["attempt_log"]}


here = _host_runner.HostProcess(None, lambda: 1000.0, lambda: 0.0, 0.0, files=files)
context = SimpleNamespace(
    clock=SimpleNamespace(now=lambda: 0.0, monotonic=lambda: 0.0),
    process=SimpleNamespace(run="run", controller="one", number=1, parent=0, namespace="", started=1),
    clients=SimpleNamespace(host=lambda requests: _host_runner.answer(requests, here)),
)
files = attempt_log.Files(rules.fresh(params["phone_number_id"]), None, None, (), 1000.0)
log = attempt_log.begin(MODULES["wa_register"].typed(params), context, files, "the number").log
print(json.dumps({
    "faults": faults,
    "timeouts": [params["onprem_timeout"], params["graph_timeout"]],
    "answer_by": log["attempts"][0]["answer_by"],
}))
"""


def played(folder: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """Check the options of a register call and begin an attempt in a process with the injection."""
    (folder / "script.json").write_text(json.dumps({"settings": settings, "guards": [], "holds": {}, "state": {}}))
    paths = [str(ROOT / "tests/faults/inject"), *filter(None, sys.path)]
    reported = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(STATED)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(paths), "WABIZ_FAULTS": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert reported.returncode == 0, reported.stderr
    return dict(json.loads(reported.stdout))


def test_what_would_take_minutes_is_shortened(tmp_path: Path) -> None:
    as_shipped = played(tmp_path, {})
    assert "60 to 600 seconds" in as_shipped["faults"][0]
    assert as_shipped["answer_by"] == "1970-01-01T00:16:57Z"
    assert played(tmp_path, SHORTENED) == {
        "faults": [],
        "timeouts": [77, 77],
        "answer_by": "1970-01-01T00:16:47Z",
    }
