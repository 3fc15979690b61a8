# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hooks of modules that look at many hosts: wa_inputs, wa_report and wa_wait."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from ..module_utils import _option_names, _runner
from ..module_utils._core.facts import phone_number
from ..module_utils._operations.wait import Codes
from . import _codes_file, _inputs, _report, _run_inputs, _shared, _waves
from ._contract import Contract
from ._hooks import Hooks
from ._worker import Step, Worker

_SHOWN = "table that was shown"
_FREEZE = ("freeze", "freeze_ca_path")


def _known_hosts(_hooks: Hooks, worker: Worker, step: Step, errors: list[str]) -> list[str]:
    """Return an error where ``hosts`` names any that the inventory does not have."""
    known = worker.variables["hostvars"]
    unknown = [str(host) for host in step.params.get("hosts") or [] if host not in known]
    return errors or ["hosts: no host of the inventory is called %s" % " or ".join(unknown)] if unknown else errors


class Inputs(Hooks):
    """Read the variables of every host of the play, as Ansible itself would for its tasks."""

    def errors(self, worker: Worker, step: Step, errors: list[str]) -> list[str]:
        return errors or _contract(step.params).errors()

    def prepare(self, worker: Worker, step: Step) -> None:
        params = step.params
        play = worker.task.get_play()
        contract = _contract(params)
        run = _run_inputs.Run(
            contract=contract,
            groups=worker.variables["groups"],
            moves=params["moves"],
            waved=params["waved"],
            batched=bool(play.serial),
            skipped=_skipped(worker.task.tags, worker.variables),
        )
        _waves.forget()
        load = cache(_loader_of_hosts(worker, play, contract))
        chosen = _selected(worker, params, load)
        checked = _run_inputs.check(chosen.hosts, load, run) if chosen.hosts else {}
        params["found"] = {**checked, "selected": chosen.hosts, "none": chosen.none, "known": chosen.known}

    def finish(self, worker: Worker, step: Step, result: dict[str, Any]) -> None:
        result["_ansible_verbose_always"] = bool(result.get("failed"))
        if step.params["selected_by"] and result.get("hosts") == []:
            worker.show([str(result["msg"])])


class Report(Hooks):
    """Collect what earlier tasks have registered for each host."""

    errors = _known_hosts

    def prepare(self, worker: Worker, step: Step) -> None:
        params, hostvars = step.params, worker.variables["hostvars"]
        params["groups"] = worker.variables["groups"]
        params["results"] = {host: _results(host, hostvars[host], params) for host in params["hosts"]}
        params["whole"] = worker.wordy
        params["batch"] = list(worker.variables.get("ansible_play_batch") or [])
        # What the preflight has found about the approved plan: a number by itself cannot know.
        fleet = worker.variables.get(str(params["result_vars"].get("fleet")))
        known: Mapping[str, Any] = {}
        if isinstance(fleet, Mapping) and (params["phase"] == "move" or params["verdict"]):
            known = fleet
        params["unapproved"], params["stopped_before"] = known.get("unapproved"), str(known.get("stopped") or "")
        _report.hand_over(worker, step)

    def finish(self, worker: Worker, step: Step, result: dict[str, Any]) -> None:
        if "waves" in result and step.params["moves"]:
            _publish(step.params, result)
        # The line of one number is what the task is for.
        result["_ansible_verbose_always"] = "table" not in result and not result.get("failed")
        if "table" in result and step.params["show"]:
            lines = _option_names.written(result["table"], _inputs.naming(step.written))
            # Rounds in which numbers only wait would show the same again and again.
            if _shared.raised(_SHOWN) != "\n".join(lines):
                _shared.raise_flag(_SHOWN, "\n".join(lines))
                worker.show(lines)
        # The screen shows a diff of what changed only; a plan is of what has not changed yet.
        if not worker.wordy:
            result.pop("plan_lines", None)


class Wait(Hooks):
    """Collect which hosts a task has kept waiting, and where their changes may be paused."""

    errors = _known_hosts

    def prepare(self, worker: Worker, step: Step) -> None:
        params, hostvars = step.params, worker.variables["hostvars"]
        taken = {host: hostvars[host].get(params["result_var"]) or {} for host in params["hosts"]}
        if params["codes_file"]:
            _codes_wanted(params, taken)
            return
        params["waiting"] = {host: result for host, result in taken.items() if result.get("waiting")}
        prefix = str(step.written.get("vars_prefix") or "")
        plan = _waves.published()
        params["soaking"] = [] if plan is None else _waves.soaking(plan)
        stated = {tuple(hostvars[host].get(prefix + name) for name in _FREEZE) for host in params["waiting"]}
        params["switches"] = [dict(zip(_FREEZE, values, strict=True)) for values in stated if values[0]]


def _publish(params: Mapping[str, Any], result: Mapping[str, Any]) -> None:
    """Let the workers that move the numbers know their waves."""
    order: Mapping[str, int] = result["waves"]
    sizes = Counter(order.values())
    plan = _waves.Plan(
        name="",
        sizes=tuple(sizes[wave] for wave in sorted(sizes)),
        kept_out=tuple(result["bad"]),
        total=len(result["hosts"]),
        failed=int(result["counted"]),
        max_failed=params["max_failed"],
        max_failed_percent=params["max_failed_percent"],
        soak=float(params["soak"]),
    )
    _waves.publish(order, plan)


class _Selected(NamedTuple):
    """The hosts of the play that an input selects, why it selects none, and whether the inventory has its names."""

    hosts: list[str]
    none: str = ""
    known: bool = True


def _selected(worker: Worker, params: Mapping[str, Any], load: Callable[[str], _run_inputs.Host]) -> _Selected:
    """Return the hosts that the input ``selected_by`` names, all of them where no input does."""
    names = list(params["hosts"])
    if not params["selected_by"]:
        return _Selected(names)
    ((short, otherwise),) = params["selected_by"].items()
    inventory = worker.variables["hostvars"]._inventory
    patterns: dict[str, str] = {}
    for name in names:
        stated = load(name).input(short) or otherwise
        patterns[name] = ",".join(map(str, stated)) if isinstance(stated, (list, tuple)) else str(stated)
    members = {
        pattern: {host.name for host in inventory.get_hosts(pattern, ignore_limits=True, ignore_restrictions=True)}
        for pattern in set(patterns.values())
    }
    found = [name for name in names if name in members[patterns[name]]]
    if found:
        return _Selected(found)
    variable = _contract(params).name(short)
    texts = "; ".join(sorted(set(patterns.values())))
    why = "None of these hosts is one of %s (%s): nothing to do" % (variable, texts)
    known = any(members.values()) or any(pattern in worker.variables["groups"] for pattern in members)
    unknown = "" if known else ". The inventory has no such host or group: correct %s" % variable
    return _Selected([], why + unknown, known)


def _codes_wanted(params: dict[str, Any], taken: Mapping[str, Mapping[str, Any]]) -> None:
    """Add the numbers that wait for a code, and how their codes are looked for."""
    steps = {host: (result.get("steps") or {}).get("wa_verify") or {} for host, result in taken.items()}
    wanted = {host: step for host, step in steps.items() if taken[host].get("waiting_for_code")}
    path = os.path.expanduser(os.path.expandvars(str(params["codes_file"])))

    def codes() -> Codes:
        try:
            entries = _codes_file.read(path)
            names = {host: (str(step.get("phone_number_id")), str(step["number"])) for host, step in wanted.items()}
            return Codes([host for host in wanted if _codes_file.code_of(entries, host, names[host])], "")
        except _codes_file.CodesError as reason:
            return Codes((), str(reason))

    params["waiting"] = {host: phone_number.name(str(step["number"]), host) for host, step in wanted.items()}
    params["switches"], params["codes"] = [], codes


def _contract(params: Mapping[str, Any]) -> Contract:
    return Contract(
        params["prefix"],
        params["argument_spec"],
        params["same_on_all_hosts"],
        params["renamed"],
        params["seconds"],
    )


def _loader_of_hosts(worker: Worker, play: Any, contract: Contract) -> Callable[[str], _run_inputs.Host]:
    hostvars = worker.variables["hostvars"]
    transport = str(play.connection or worker.connection.transport)

    def load(name: str) -> _run_inputs.Host:
        # What hostvars shows lacks the variables of the play, which are the user's inputs too.
        found: Mapping[str, Any] = hostvars._variable_manager.get_vars(
            play=play, host=hostvars._inventory.get_host(name), task=worker.task, include_hostvars=False
        )
        templar = worker.templar.copy_with_new_env(available_variables=found)
        return _run_inputs.host(contract, name, found, templar, transport)

    return load


def _skipped(tags: Any, variables: Mapping[str, Any]) -> str:
    """Return the option of the command line that leaves out the tasks that move a number, "" where none does.

    They have the tags of this task without "always".
    """
    own = {str(tag) for tag in tags or ()} - {"always"}
    chosen = {str(tag) for tag in variables.get("ansible_run_tags") or ("all",)}
    left_out = {str(tag) for tag in variables.get("ansible_skip_tags") or ()}
    if not ("all" in chosen or own & chosen or ("tagged" if own else "untagged") in chosen):
        return "--tags %s" % ",".join(sorted(chosen))
    if left_out & {"all"} or own & left_out or ("tagged" if own else "untagged") in left_out:
        return "--skip-tags %s" % ",".join(sorted(left_out))
    return ""


def _results(host: str, variables: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the tasks have registered for a host, and each step of them under its module's short name."""
    found = {str(key): variables.get(str(name)) for key, name in params["result_vars"].items()}
    found = {key: _runner.as_failed(value) if isinstance(value, Mapping) else value for key, value in found.items()}
    if not params["verdict"]:
        # The judgement of the whole fleet is as large as that, so only a task on few of it looks at it.
        found.pop("fleet", None)
    for result in [value for value in found.values() if isinstance(value, Mapping)]:
        steps = result.get("steps")
        if isinstance(steps, Mapping):
            found.update({str(name).removeprefix("wa_"): step for name, step in steps.items()})
    inputs = found.get("inputs")
    found["inputs"] = (inputs.get("bad") or {}).get(host) if isinstance(inputs, Mapping) else None
    return found
