# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of ansible-playbook for all cases of some runners, and what it left, kept for every test worker."""

from __future__ import annotations

import contextlib
import fcntl
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustme
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import notice
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import recipients
from ansible_collections.wabiz.migration.tests.integration.runners import case as table
from ansible_collections.wabiz.migration.tests.integration.runners.cases import CASES, RUNNERS
from ansible_collections.wabiz.migration.tests.support import ansible_run
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet, photo

TOKEN = "EAAaccessTokenOfTheCases"
OTHER_TOKEN = "token-without-scopes"
# The modules for which a connection that is not local, with Graph called by the worker, is a runner of its own.
SPLIT = ("wa_register", "wa_preflight", "wa_snapshot", "wa_compare")
# The runners that one run serves.
RUNS = {"worker": ("worker",), "module": ("module",), "shipped": ("shipped", "split"), "split": ("shipped", "split")}


@dataclass(frozen=True)
class Variant:
    """Where one case goes through one runner: a number, a WABA and a node of its own."""

    case: table.Case
    runner: str
    at: int

    @property
    def host(self) -> str:
        return f"{self.runner}-{CASES.index(self.case):03d}"

    @property
    def known(self) -> dict[str, str]:
        display = str(self.case.number.get("display_phone_number") or f"+1 555 30{self.at:05d}")
        return {
            "id": str(300000000000000 + self.at),
            "waba": str(400000000000000 + self.at),
            "another_waba": "499999999999999",
            # A PIN that no clock, process or id has: with a zero in front, found nowhere else.
            "pin": str(self.case.number.get("pin") or f"07{self.at:04d}"),
            "display": display,
            "digits": "".join(filter(str.isdigit, display)),
            "word": self._word(),
        }

    def _word(self) -> str:
        """Return the confirmation of a notice to the recipients of the cases."""
        everybody = recipients.parse(table.RECIPIENTS["recipients"])
        return notice.confirmation(str(300000000000000 + self.at), "service_ends", "en_US", [], everybody)


def variants(runners: Iterable[str]) -> list[Variant]:
    """Return all cases for these runners; two runners never share a number, whichever run they are in."""
    found = []
    for at, (runner, case) in enumerate((runner, case) for runner in RUNNERS for case in CASES):
        wanted = runner in ("worker", "module") or (
            case.shipped
            and (runner == "shipped" or case.steps[-1].module_name in SPLIT or case.steps[0].module_name in SPLIT)
        )
        if runner in runners and wanted:
            found.append(Variant(case, runner, at))
    return found


class Recording:
    """What the run of some runners left behind."""

    def __init__(self, where: Path, runners: tuple[str, ...]) -> None:
        self.where = where
        self.variants = {(variant.runner, variant.case.name): variant for variant in variants(runners)}
        self.run = ansible_run.Run.load(where / "run.json")
        left = json.loads((where / "left.json").read_text())
        self.ledger: list[dict[str, Any]] = left["ledger"]
        self.numbers: dict[str, dict[str, Any]] = left["numbers"]
        self.wabas: dict[str, dict[str, Any]] = left["wabas"]
        # a thousand variants look at thousands of lines each
        self._lines: dict[str, list[int]] = {}
        for at, line in enumerate(self.ledger):
            for name in {line["phone_number_id"], line["waba_id"]} - {None}:
                self._lines.setdefault(name, []).append(at)
        self._results: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for event in self.run.results():
            self._results.setdefault((event["host"], event["task"]), []).append(event)

    def state(self, variant: Variant) -> Path:
        return self.where / "state" / variant.host

    def requests(self, variant: Variant, **want: Any) -> list[dict[str, Any]]:
        """Return the ledger's lines of this variant's number, node and WABA."""
        known = {at for name in ("id", "waba") for at in self._lines.get(variant.known[name], ())}
        mine = [self.ledger[at] for at in sorted(known)]
        return [line for line in mine if all(line[key] == value for key, value in want.items())]

    def result(self, variant: Variant, at: int) -> dict[str, Any]:
        """Return the result of a step; that it failed is a key of it again, which Ansible takes away for callbacks."""
        (event,) = self._results[variant.host, f"step {at}"]
        return {**event["result"], "failed": event["event"] == "failed"}


def of(base: Path, runner: str) -> Recording:
    """Return the recording in which this runner is, made by the first test worker that asks for it."""
    runners = RUNS[runner]
    where = base / f"recording-{runners[0]}"
    with _alone(base / f"{where.name}.lock"):
        if not (where / "left.json").exists():
            _log(where, runners)
    return Recording(where, runners)


def _log(where: Path, runners: tuple[str, ...]) -> None:
    """Run with a ~/.netrc and a CA bundle in the environment that would spoil every request if they were heeded."""
    where.mkdir()
    other = trustme.CA()
    other.cert_pem.write_to_path(str(where / "other-ca.pem"))
    for name, link in (("photo.png", "one"), ("other-photo.png", "another")):
        (where / name).write_bytes(photo.image(link))
    (where / "cut.png").write_bytes(photo.image("one")[:200])
    here = variants(runners)
    with Simulator.start(where / "simulator", _fleet(here), faults=list(_faults(here))) as sim:
        for variant in here:
            if variant.case.patch:
                sim.patch(variant.known["id"], **variant.case.patch)
        # Where the simulator's own CA is the wrong one for a case, the bundle of the environment is the right one.
        bundle = str(where / "other-ca.pem") if runners == ("worker",) else sim.ca_path
        home = where / "home"
        home.mkdir()
        (home / ".netrc").write_text("default login somebody password else\n")
        (home / ".netrc").chmod(0o600)
        spoilt = {"HOME": str(home), "REQUESTS_CA_BUNDLE": bundle, "CURL_CA_BUNDLE": bundle}
        run = (_by_module if runners == ("module",) else _by_playbook)(where, here, sim, spoilt)
        state = sim.admin("GET", "/state")
        left = {"ledger": sim.ledger(), "numbers": state["numbers"], "wabas": state["wabas"]}
    run.save(where / "run.json")
    (where / "left.json").write_text(json.dumps(left))


def _by_playbook(where: Path, here: Iterable[Variant], sim: Simulator, spoilt: Mapping[str, str]) -> ansible_run.Run:
    book = ansible_run.as_yaml(where / "cases.yml", _book(where, here))
    run = ansible_run.playbook(where / "ansible", book, _inventory(here, sim), "-vvvv", environment=spoilt)
    assert run.exit_code == 0, run.transcript
    return run


def _by_module(where: Path, here: Iterable[Variant], sim: Simulator, spoilt: Mapping[str, str]) -> ansible_run.Run:
    began = time.monotonic()
    content = _inventory(here, sim)["all"]
    jobs: dict[str, list[dict[str, Any]]] = {}
    for variant in here:
        stated = {**content["vars"], **content["hosts"][variant.host]}
        connection = {name: stated[name] for name in CONNECTION}
        steps = list(_steps(where, variant))
        jobs[variant.host] = [
            {"module_name": step.module_name, "args": {**connection, **args}, "check": step.check}
            for step, args in steps
        ]
    done = subprocess.run(
        [sys.executable, "-m", "ansible_collections.wabiz.migration.tests.support.module_runner", str(where)],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        timeout=ansible_run.LONGEST,
        check=False,
        env={**ansible_run.clean_environment(where), **spoilt, "PYTHONPATH": str(ansible_run.COLLECTIONS)},
    )
    assert done.returncode == 0, done.stderr
    events = [
        {"event": "failed" if result.get("failed") else "ok", "host": host, "task": f"step {at}", "result": result}
        for host, results in json.loads(done.stdout).items()
        for at, result in enumerate(results)
    ]
    return ansible_run.Run(0, done.stdout, done.stderr, round(time.monotonic() - began, 2), events)


def _fleet(here: Iterable[Variant]) -> dict[str, Any]:
    content: dict[str, Any] = {
        "app": {"id": table.MINE, "name": "App of the cases", "token": TOKEN},
        "extra_tokens": [
            {"token": OTHER_TOKEN, "app_id": "700000000000003", "scopes": []},
            {"token": "of-a-guest", "app_id": "700000000000001", "of_developer": False},
            {"token": "700000000000001|of-the-app", "app_id": "700000000000001", "of_app": True},
        ],
        "wabas": [{"id": "499999999999999", "name": "Nobody's"}],
        "numbers": [],
    }
    for variant in here:
        known, case = variant.known, variant.case
        content["wabas"].append(
            {
                "id": known["waba"],
                "name": case.name,
                "subscribed_apps": [dict(app) for app in case.apps],
                "templates": [dict(template) for template in case.templates],
            }
        )
        number: dict[str, Any] = {
            "phone_number_id": known["id"],
            "waba_id": known["waba"],
            "display_phone_number": known["display"],
            "verified_name": case.name,
            "pin": known["pin"],
            "switches": dict(case.switches),
            **case.number,
        }
        if case.node is not None:
            number["node"] = {"address": fleet.address(variant.at), "password": table.NODE_PASSWORD, **case.node}
        content["numbers"].append(number)
    return content


def _faults(here: Iterable[Variant]) -> Iterator[dict[str, Any]]:
    for variant in here:
        for match, fault in variant.case.faults:
            yield {"match": {**match, "phone_number_id": variant.known["id"]}, "fault": dict(fault)}


CONNECTION = (
    "onprem_url",
    "onprem_password",
    "onprem_ca_path",
    "access_token",
    "graph_url",
    "graph_ca_path",
    "graph_via",
)


def _steps(where: Path, variant: Variant) -> Iterator[tuple[table.Step, dict[str, Any]]]:
    state = where / "state" / variant.host
    state.mkdir(parents=True, mode=0o700)
    lists = {"recipients": 0o600, "open_recipients": 0o644, "bad_recipients": 0o600}
    files = {name: f"{name.replace('_', '-')}.txt" for name in lists}
    for name, mode in lists.items():
        (where / files[name]).write_text(table.RECIPIENTS[name], encoding="utf-8")
        (where / files[name]).chmod(mode)
    files |= {
        "other_ca": "other-ca.pem",
        "photo": "photo.png",
        "other_photo": "other-photo.png",
        "cut_photo": "cut.png",
        "events": f"events-{variant.known['id']}.json",
    }
    (where / files["events"]).write_text(json.dumps({variant.known["id"]: "2026-11-26T14:03:00Z"}))
    known = {**variant.known, "state": str(state), **{name: str(where / file) for name, file in files.items()}}
    for step in variant.case.steps:
        yield step, step.arguments(known)


def _book(where: Path, here: Iterable[Variant]) -> list[dict[str, Any]]:
    """Each host has a file of tasks of its own; both connections are stated once, for the whole action group."""
    for variant in here:
        tasks = [
            {
                "name": f"step {at}",
                f"wabiz.migration.{step.module_name}": args,
                "check_mode": step.check,
                "diff": True,
                "ignore_errors": True,
            }
            for at, (step, args) in enumerate(_steps(where, variant))
        ]
        ansible_run.as_yaml(where / f"tasks-{variant.host}.yml", tasks)
    return [
        {
            "name": "All cases",
            "hosts": "all",
            "gather_facts": False,
            "strategy": "free",
            "module_defaults": {"group/wabiz.migration.wabiz": {name: "{{ %s }}" % name for name in CONNECTION}},
            "tasks": [
                {
                    "name": "The case of this host",
                    "ansible.builtin.include_tasks": str(where / "tasks-{{ inventory_hostname }}.yml"),
                }
            ],
        }
    ]


def _inventory(here: Iterable[Variant], sim: Simulator) -> dict[str, Any]:
    hosts: dict[str, Mapping[str, str]] = {
        variant.host: {
            "onprem_url": sim.nodes.get(variant.known["id"], "https://127.0.0.1:1"),
            "ansible_connection": "local" if variant.runner == "worker" else "elsewhere",
            "graph_via": "host" if variant.runner == "shipped" else "controller",
        }
        for variant in here
    }
    shared = {
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "access_token": TOKEN,
        "onprem_password": table.NODE_PASSWORD,
        "onprem_ca_path": sim.ca_path,
        "graph_url": sim.graph_url,
        "graph_ca_path": sim.ca_path,
    }
    return {"all": {"hosts": hosts, "vars": shared}}


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
