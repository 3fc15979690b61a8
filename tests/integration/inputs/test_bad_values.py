# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad values for every input of the role and every option of the modules: refused by name, before any request.

Each host of a run has some; the ledger of the simulator tells whether any of them led to a request.
"""

from __future__ import annotations

import itertools
import os
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES
from ansible_collections.wabiz.migration.plugins.module_utils._operations.options import GraphConnection, argument_spec
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    PREFLIGHT,
    World,
    fleet_of,
    input_errors,
)
from ansible_collections.wabiz.migration.tests.support import ansible_run, badvalues, optionkinds, role
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet

SEED = int(os.environ.get("BAD_VALUES_SEED", "20261126"))
# Each input gets about so many values: 60 inputs, 3 for a host.
HOSTS = 450
AT_ONCE = 3
ROUNDS = 9
# Where these are bad the play has no hosts to speak of: their tests are those of the playbooks.
INPUTS = sorted(set(role.INPUTS) - {"wa_migrate_hosts"})
# What goes together is bad together: of two inputs of one group only one is made bad on a host.
PAIRED = [
    {"attempts_limit", "attempts_reserve"},
    {"onprem_password", "onprem_token"},
    {"override_callback_uri", "verify_token"},
    {"webhook_url", "webhook_verify_token", "app_secret", "webhook_ca_path", "webhook_timeout"},
    {"purpose", "purpose_rules"},
    {"freeze", "freeze_ca_path"},
    {"confirm_timeout", "confirm_interval"},
    {"wait", "wait_interval"},
    {"target_waba_id", "onprem_ca_path"},  # lane waba does not ask the node
]
# What an input needs beside it, so that it is looked at at all.
BESIDE = {
    "verify_token": {"override_callback_uri": "https://hooks.example.com/x"},
    "webhook_verify_token": {"webhook_url": "https://hooks.example.com/x"},
    "app_secret": {"webhook_url": "https://hooks.example.com/x", "webhook_verify_token": "any text"},
    "webhook_ca_path": {"webhook_url": "https://hooks.example.com/x", "webhook_verify_token": "any text"},
    "webhook_timeout": {"webhook_url": "https://hooks.example.com/x", "webhook_verify_token": "any text"},
    "freeze_ca_path": {"freeze": "https://changes.example.com/x"},
    "onprem_token": {"onprem_password": None},
    "target_waba_id": {"lane": "waba"},
}


@pytest.fixture(scope="module")
def sim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator.start(tmp_path_factory.mktemp("simulator"), fleet_of(1)) as running:
        yield running


@pytest.fixture
def world(sim: Simulator, tmp_path: Path) -> World:
    return World(sim, fleet_of(1), tmp_path)


def test_every_input_and_option_is_of_a_known_kind() -> None:
    inputs = {name.removeprefix("wa_migrate_") for name in role.INPUTS}
    options = {name for module_name in MODULES for name in MODULES[module_name].every_option}
    assert (inputs | options) - set(optionkinds.KINDS) - optionkinds.FREE == set()


def _together(names: list[str]) -> bool:
    return any(len(group & set(names)) > 1 for group in PAIRED)


def _picks(names: list[str], count: int, make: badvalues.Maker) -> Iterator[list[str]]:
    """Yield groups of some names; each name comes equally often, and no two of a group belong together."""
    todo: list[str] = []
    for _at in range(count):
        picked: list[str] = []
        while len(picked) < min(AT_ONCE, len(names)):
            if not todo:
                todo = list(names)
                make.random.shuffle(todo)
            fitting = [name for name in todo if name not in picked and not _together([*picked, name])]
            if not fitting:
                break
            picked.append(fitting[0])
            todo.remove(fitting[0])
        yield picked


def _beside(names: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in names:
        found.update(BESIDE.get(name, {}))
    return {name: value for name, value in found.items() if name not in names}


def _fleet(world: World, make: badvalues.Maker, count: int) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return an inventory of hosts with good inputs but for some, and those some."""
    shorts = [name.removeprefix("wa_migrate_") for name in INPUTS]
    hosts, bad = {}, {}
    for at, names in enumerate(_picks(shorts, count, make)):
        host = f"h{at:04d}"
        bad[host] = {name: make.bad(name) for name in names}
        hosts[host] = {
            "wa_migrate_phone_number_id": str(500000000000000 + at),
            "wa_migrate_waba_id": "200000000000000",
            "wa_migrate_pin": "071234",
            "wa_migrate_onprem_url": f"https://127.9.{at // 250}.{at % 250 + 1}:9090",
            **{f"wa_migrate_{name}": value for name, value in {**_beside(names), **bad[host]}.items()},
        }
    inventory = world.inventory()
    inventory["all"]["children"]["wa_onprem"]["hosts"] = hosts
    return inventory, bad


def _named(fault: str) -> set[str]:
    return {word.removeprefix("wa_migrate_") for word in fault.partition(":")[0].split(" ")}


@pytest.mark.parametrize(
    ("book", "core", "count"),
    [
        (MIGRATE, "", HOSTS),
        (PREFLIGHT, "", HOSTS // 3),
        (MIGRATE, "2.18", HOSTS // 3),
        (MIGRATE, "2.21", HOSTS // 3),
    ],
)
def test_no_bad_input_of_the_role_gets_a_request_out(world: World, book: Path, core: str, count: int) -> None:
    python = ansible_run.ROOT / "build" / "venvs" / f"core-{core}" / "bin" / "python" if core else None
    if python is not None and not python.exists():
        pytest.skip(f"ansible-core {core} was NOT tested: {python} is not there (make test makes it where it can)")
    make = badvalues.Maker(SEED ^ zlib.crc32(f"{book.name} {core}".encode()), world.where)
    inventory, bad = _fleet(world, make, count)
    run = world.run(book, "-vvvv", inventory=inventory, longest=400, python=python)
    assert run.exit_code not in (0, 250), run.transcript
    assert world.requests == []
    assert not world.state.exists()
    reported = input_errors(run)
    silent = {
        (host, name, repr(value))
        for host, values in bad.items()
        for name, value in values.items()
        if not any(name in _named(fault) for fault in reported.get(host, []))
    }
    assert silent == set(), {host: reported.get(host) for host, _name, _value in silent}
    assert badvalues.MARK not in run.output
    assert sum(map(len, bad.values())) >= AT_ONCE * count - count // 3
    assert "could not be checked" not in run.output and "Traceback" not in run.output


# --- the modules by themselves

BASE: Mapping[str, Any] = {
    "phone_number_id": "500000000000000",
    "waba_id": "200000000000000",
    "target_waba_id": "200000000000001",
    "pin": "071234",
    "backup_file": "/srv/wabiz/backup.json",
    "backup_password": "any text",
    "dest": "/srv/wabiz/backup.json",
    "onprem_password": fleet.PASSWORD,
    "access_token": fleet.TOKEN,
    "hosts": ["node1"],
    "result_var": "cutover",
    "phase": "move",
    "argument_spec": {"acme_pin": {"type": "raw"}},
    "prefix": "acme_",
    "webhook_url": "https://hooks.example.com/x",
    "webhook_verify_token": "any text",
    "paths": ["src"],
    "echo": "https://hooks.example.com/last",
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    "wa_backup": ("dest", "backup_password"),
    "wa_register": ("phone_number_id", "pin", "backup_file", "backup_password"),
    "wa_subscribe": ("waba_id",),
    "wa_health": ("phone_number_id",),
    "wa_profile": ("phone_number_id",),
    "wa_recover": ("phone_number_id", "waba_id"),
    "wa_echo": ("phone_number_id", "echo"),
    "wa_deregister": ("phone_number_id",),
    "wa_restore": ("phone_number_id",),
    "wa_export": ("phone_number_id", "waba_id"),
    "wa_notice": ("phone_number_id", "waba_id"),
    "wa_verify": ("phone_number_id",),
    "wa_two_step": (),
    "wa_number_info": ("phone_number_id",),
    "wa_number_move": ("phone_number_id", "target_waba_id"),
    "wa_onprem_info": (),
    "wa_traffic": (),
    "wa_preflight": ("phone_number_id", "waba_id", "pin", "backup_password"),
    "wa_snapshot": ("phone_number_id", "waba_id"),
    "wa_state_info": ("phone_number_id",),
    "wa_compare": ("phone_number_id",),
    "wa_webhook_check": ("phone_number_id", "waba_id", "webhook_url", "webhook_verify_token"),
    "wa_lint": ("paths",),
    "wa_media": ("phone_number_id", "dest"),
    "wa_wait": ("hosts", "result_var"),
    "wa_inputs": ("hosts", "argument_spec", "prefix"),
    "wa_report": ("hosts", "phase"),
}
MORE: Mapping[str, Mapping[str, Any]] = {
    "wa_two_step": {"state": "present", "pin": "071234"},
    "wa_profile": {"about": "Open all day"},
    "wa_notice": {"template": "service_ends"},
    "wa_media": {"paths": ["src"]},
    "wa_restore": {
        "state": "restored",
        "phone_number": "16315551019",
        "cc": "1",
        "cert": "Q2VydGlmaWNhdGUtb2YtdGhl",
        "node_code": "123456",
    },
}
# Options that make others unused, and what the role alone looks at.
LEFT = {"vars_prefix", "from_vars", "names_prefix"}


def _good(module_name: str, world: World) -> dict[str, Any]:
    spec = MODULES[module_name].every_option
    found = {name: BASE[name] for name in NEEDED[module_name]} | dict(MORE.get(module_name, {}))
    if "recipients_file" in spec:
        found["recipients_file"] = str(world.where / "recipients.txt")
        Path(found["recipients_file"]).write_text("+1 631 555 1019\n")
        Path(found["recipients_file"]).chmod(0o600)
    if "onprem_url" in spec:
        found |= {"onprem_password": BASE["onprem_password"], "onprem_url": "https://127.9.9.9:9090"}
    if "graph_url" in spec:
        found |= {
            "access_token": BASE["access_token"],
            "graph_url": world.sim.graph_url,
            "graph_ca_path": world.sim.ca_path,
        }
    return found


def _options(module_name: str) -> list[str]:
    taken = set(MODULES[module_name].every_option) - LEFT - optionkinds.FREE
    if module_name == "wa_two_step":
        taken -= {"phone_number_id", *argument_spec(GraphConnection)}  # of the other side, and so of no use
    if module_name == "wa_report":
        taken -= {"waves", "plan", "plan_dest", "waivers"}  # checked where they are judged, with the results of a run
    return sorted(taken)


def _cases(world: World, make: badvalues.Maker, module_name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    names = _options(module_name)
    for picked in _picks(names, max(1, len(names) * ROUNDS // AT_ONCE), make):
        bad = {name: make.bad(name) for name in picked}
        known = MODULES[module_name].every_option
        beside = {name: value for name, value in _beside(picked).items() if name in known}
        yield {**_good(module_name, world), **beside, **bad}, bad


def _variables(stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables that the options of a case are taken from; one is for the retries of both connections."""
    return {"case_" + _shared(name): value for name, value in stated.items()}


def _shared(name: str) -> str:
    return "retry_for" if name.endswith("_retry_for") else name


def _book(world: World, options: Mapping[str, Any], module: str) -> Path:
    task = {"name": "case", f"wabiz.migration.{module}": options, "ignore_errors": True}
    return ansible_run.as_yaml(world.where / "case.yml", [{"hosts": "all", "gather_facts": False, "tasks": [task]}])


def _inventory(hosts: Mapping[str, Any]) -> dict[str, Any]:
    local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    return {"all": {"hosts": dict(hosts), "vars": local}}


@pytest.mark.parametrize("module_name", [module_name for module_name in MODULES if module_name != "wa_steps"])
def test_no_bad_option_of_a_module_gets_a_request_out(world: World, module_name: str) -> None:
    make = badvalues.Maker(SEED ^ zlib.crc32(module_name.encode()), world.where)
    cases = list(_cases(world, make, module_name))
    hosts = {f"h{at:04d}": _variables(stated) for at, (stated, _bad) in enumerate(cases)}
    run = world.run(
        _book(world, {"vars_prefix": "case_"}, module_name), "-vvvv", inventory=_inventory(hosts), longest=400
    )
    assert world.requests == []
    silent = []
    for host, (_stated, bad) in zip(hosts, cases, strict=True):
        reported = _refused(run, host)
        silent += [
            (host, name, repr(value), reported)
            for name, value in bad.items()
            if "case_" + _shared(name) not in reported
        ]
    assert silent == []
    assert badvalues.MARK not in run.output


def _refused(run: Run, host: str) -> set[str]:
    """Return the names before the faults of a host's task, none where it was not refused for its options."""
    (event,) = run.results(host=host, task="case")
    result = event["result"]
    if event["event"] != "failed" or result.get("failure", {}).get("code") != "bad_input":
        return set()
    return set(itertools.chain.from_iterable(fault.partition(": ")[0].split() for fault in result["errors"]))


STEPS = ("wa_subscribe", "wa_backup", "wa_register", "wa_health")


def test_no_bad_option_of_any_step_gets_a_request_out(world: World) -> None:
    """What is wrong with the last step is reported before the first one is taken, and all of it at once."""
    make = badvalues.Maker(SEED + 2, world.where)
    cases = {module_name: list(itertools.islice(_cases(world, make, module_name), 20)) for module_name in STEPS}
    hosts = {
        f"h{at:04d}": {
            "steps_of_the_case": [
                {f"wabiz.migration.{module_name}": cases[module_name][at][0]} for module_name in STEPS
            ]
        }
        for at in range(20)
    }
    run = world.run(
        _book(world, {"steps": "{{ steps_of_the_case }}"}, "wa_steps"),
        "-vvvv",
        inventory=_inventory(hosts),
        longest=400,
    )
    assert world.requests == []
    for at, host in enumerate(hosts):
        (event,) = run.results(host=host, task="case", action="wabiz.migration.wa_steps")
        reported = event["result"]["errors"]
        for module_name in STEPS:
            heads = [
                fault for fault in reported if fault.startswith(f"steps[{STEPS.index(module_name)}] {module_name}: ")
            ]
            for name in cases[module_name][at][1]:
                assert any(name in fault.split(": ")[1].split() for fault in heads), (host, module_name, name, reported)
    assert badvalues.MARK not in run.output
