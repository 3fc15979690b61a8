# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task wants of a host that is reached over a connection: modules that run there, and requests of operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..module_utils import _host_runner, _runner
from ..module_utils._failure import Failure, WabizError
from ..module_utils._operations.context import Name
from ..module_utils._operations.module import Module
from ..module_utils._operations.options import OnPremConnection, argument_spec
from . import _remote
from ._worker import Worker

_CONNECTION = tuple(argument_spec(OnPremConnection))
_NOT_TAKEN_UP = "not taken up, because an earlier request of the same execution failed"


class NodeError(WabizError):
    """Something was read from the host, and the module there failed."""


def answers(worker: Worker, params: Mapping[str, Any], requests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return an answer to each of the requests of an operation whose options are ``params``."""
    try:
        return completed(requests, _remote.ask(worker, with_connection(params, requests)))
    except _remote.HostError as error:
        return completed(requests, (), error)


def completed(
    requests: Sequence[Mapping[str, Any]],
    found: Sequence[Mapping[str, Any]],
    trouble: _remote.HostError | None = None,
) -> list[dict[str, Any]]:
    """Return an answer to each request; ``trouble`` says why there is none at all."""
    if trouble is not None:
        return [_unanswered(request, trouble) for request in requests]
    return [*map(dict, found), *({"error": _NOT_TAKEN_UP} for _request in requests[len(found) :])]


def with_connection(params: Mapping[str, Any], requests: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the requests with the options of the node's connection, where they read the node."""
    return [
        {**request, "params": {name: params[name] for name in _CONNECTION}}
        if request["op"] in _host_runner.NODE_READERS
        else request
        for request in requests
    ]


def _unanswered(request: Mapping[str, Any], error: _remote.HostError) -> dict[str, Any]:
    failure = error.failure
    if request["op"] in _host_runner.NODE_READERS and request["op"] not in _host_runner.CHANGES:
        return {"failure": failure.as_dict()}
    text = failure.details if error.unreachable else "%s. %s" % (failure.title, failure.details)
    return {"error": text, "unreachable": error.unreachable}


def request(worker: Worker, module: Module, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request to run a module on the host with the options as they were checked here."""
    return {
        "op": "module",
        "module": module.name,
        "operation": module.options.__module__.rpartition(".")[2],
        "params": dict(params),
        "check_mode": worker.check_mode,
        "diff": worker.diff,
    }


def may_change(worker: Worker, module: Module, params: Mapping[str, Any]) -> bool:
    """Tell whether a module may send more than reads."""
    return not worker.check_mode and module.changes(params)


def ship(worker: Worker, module: Module, params: Mapping[str, Any], name: Name) -> dict[str, Any]:
    """Run a module on the host, and return its result."""
    try:
        (answer,) = _remote.ask(worker, [request(worker, module, params)])
    except _remote.HostError as error:
        return unshipped(worker, error, name, may_change(worker, module, params))
    return result_of(worker, answer, name)


def unshipped(worker: Worker, error: _remote.HostError, name: Name, may_have_changed: bool) -> dict[str, Any]:
    """Return the result of a module from whose host there is no answer."""
    if error.failure.code != "no_pipelining":
        worker.session.sent.add_unreported(may_have_changed)
    return _runner.failed(error.failure, name, worker.session.sent)


def result_of(worker: Worker, answer: Mapping[str, Any], name: Name) -> dict[str, Any]:
    """Return the result of a module that has run on the host."""
    done = dict(answer["result"])
    return _runner.reported_again(done, name, worker.session.sent) if done.get("failed") else done


def read(worker: Worker, module: Module, params: Mapping[str, Any], name: Name, number: str) -> dict[str, Any]:
    """Run a module that reads on the host, for a step of another module; raises NodeError where it fails.

    It takes those of ``params`` that are its options. ``number`` is the label of the error.
    """
    own = {option: params[option] for option in module.every_option if option in params}
    done = ship(worker, module, own, name)
    if done.get("failed"):
        raise NodeError(Failure(**done["failure"]), number)
    return done
