# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module that a task ships to where its connection leads; its options travel on stdin only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleConnectionFailure

from ..module_utils import _runner
from ..module_utils._failure import Failure, WabizError
from ..module_utils._operations.context import Name
from ..module_utils._operations.module import Module
from ._worker import Worker


class NodeError(WabizError):
    """Something was read from the host, and the module there failed."""


class MaskedArguments(dict):
    """Arguments of a shipped module: what prints the mapping (ANSIBLE_DEBUG does) prints no value."""

    def __repr__(self) -> str:
        return "{%d arguments, values not shown}" % len(self)

    __str__ = __repr__


def ship(worker: Worker, module: Module, params: Mapping[str, Any], name: Name) -> dict[str, Any]:
    """Run a module on the host with the options as they were resolved here, and return its result."""
    connection, sent = worker.connection, worker.session.sent
    if not worker.action._is_pipelining_enabled("new"):
        failure = Failure(
            "no_pipelining",
            "This connection cannot hand the module its options on stdin",
            "Connection %s%s would write them to a file on the host"
            % (connection.transport, " with become method su" if connection.become else ""),
            next_step="use the ssh connection (and sudo where become is needed)",
        )
        return _runner.failed(failure, name, sent)
    arguments = MaskedArguments({option: value for option, value in params.items() if value is not None})
    may_change = not worker.check_mode and module.changes(params)
    try:
        done: dict[str, Any] = worker.action._execute_module(
            "wabiz.migration.%s" % module.name, arguments, task_vars=worker.variables
        )
    except AnsibleConnectionFailure as error:
        sent.add_unreported(may_change)
        # As a failure: a rescue sees it, and so does every threshold of Ansible.
        failure = Failure(
            "unreachable",
            "The host cannot be reached over %s" % connection.transport,
            str(error),
            next_step="check ansible_host, the key and the network (%s), then run again" % _ping(worker),
        )
        return _runner.failed(failure, name, sent)
    done.pop("invocation", None)
    reported = done.pop(_runner.SENT, None)
    if isinstance(reported, dict):
        sent.merge(reported)
    else:
        sent.add_unreported(may_change)
    if done.get("failed") and "failure" not in done:
        failure = Failure(
            "module_failed",
            "The module did not run on the host",
            _last_text(done),
            next_step="check Python 3 on the host and ansible_python_interpreter (%s)" % _ping(worker),
        )
        done.update(_runner.failed(failure, name, sent))
        for noise in ("module_stdout", "module_stderr", "exception"):
            done.pop(noise, None)
    return _runner.reported_again(done, name, sent) if done.get("failed") else done


def read(worker: Worker, module: Module, params: Mapping[str, Any], name: Name, number: str) -> dict[str, Any]:
    """Run a module that reads on the host, for a step of another module; raises NodeError where it fails.

    It takes those of ``params`` that are its options. ``number`` is the label of the error.
    """
    own = {option: params[option] for option in module.every_option if option in params}
    done = ship(worker, module, own, name)
    if done.get("failed"):
        raise NodeError(Failure(**done["failure"]), number)
    return done


def _ping(worker: Worker) -> str:
    return "ansible %s -m ansible.builtin.ping" % (worker.host or "HOST")


def _last_text(done: Mapping[str, Any]) -> str:
    """Return what a module that did not run left behind: Ansible's message, and the last line of its error output."""
    lines = str(done.get("module_stderr") or done.get("module_stdout") or "").strip().splitlines()
    wording = [str(done.get("msg") or "").strip(), lines[-1] if lines else ""]
    return ". ".join(word.rstrip(".") for word in wording if word) or "no message"
