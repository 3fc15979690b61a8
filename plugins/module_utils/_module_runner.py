# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module runner: carries out an operation where the module was shipped to."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from copy import deepcopy
from typing import Any, Callable, Dict, List, Sequence, Tuple

from ansible.module_utils.basic import AnsibleModule

from . import _hostfiles, _option_names, _runner, _spec
from ._operations import onprem_info
from ._operations.context import Clients, Context, Params, Shared
from ._operations.module import Module, task_only


def run(module: Module) -> None:
    """Carry out the operation of a module and leave with its result."""
    ansible = AnsibleModule(argument_spec=deepcopy(module.every_option), supports_check_mode=True)
    stated = dict(ansible.params)
    secrets = module.secrets
    # AnsibleModule hides secrets by their value, which would also hide a PIN's digits inside a phone number. They are
    # hidden by name here, and no operation returns one.
    ansible.params = _runner.masked(stated, secrets)
    ansible.no_log_values.clear()
    params, errors = _spec.check(module, stated, environ={})
    errors += _spec.file_errors(module, stated, params)
    if errors:
        ansible.exit_json(**{**_runner.refused(errors), _runner.SENT: _runner.Session().sent.as_data()})
    announced: List[str] = []
    naming = _option_names.naming(params["names_prefix"] or "")
    reported: List[Tuple[str, Dict[str, Any], float]] = []
    context = _context(params, ansible.check_mode, announced, reported)
    operation = task_only(module.name) if module.controller_only else module.run
    result = _runner.carry_out(operation, module.typed(params), context, ansible._diff)
    # For the action that has shipped the module: it tells of the whole task.
    result[_runner.SENT] = context.sent.as_data()
    if reported and params["report_dir"]:
        end = time.monotonic()
        result[_runner.EVENTS] = [[name, fields, round(end - at, 3)] for name, fields, at in reported]
    if announced:
        result["waits"] = announced
    result = _option_names.written(result, naming)
    for warning in result.pop("warnings", []):
        ansible.warn(warning)
    ansible.exit_json(**result)


def _context(
    params: Params, check_mode: bool, announced: List[str], reported: List[Tuple[str, Dict[str, Any], float]]
) -> Context:
    announce: Callable[[str], None] = announced.append
    session = _runner.Session()
    name = _runner.name_of(params)
    onprem = _runner.onprem_client(params, announce, session)

    def node(number: str, gather: Sequence[str]) -> Dict[str, Any]:
        return onprem_info.read(onprem(number), gather, time.time)

    def event(name: str, **fields: Any) -> None:
        reported.append((name, fields, time.monotonic()))

    return Context(
        check_mode=check_mode,
        clients=Clients(_runner.graph_client(params, announce, session, name), onprem, node, _hostfiles.handle),
        clock=_runner.CLOCK,
        shared=Shared(
            once=lambda _name, read: read(),
            entry=lambda _name, entry, read: read().get(entry),
            exclusive=lambda _name: contextlib.nullcontext(),
            raise_flag=lambda _name, _text: None,
            raised=lambda _name: None,
        ),
        process=_runner.this_process("%s-%d" % (socket.gethostname(), os.getpid()), os.getppid()),
        announce=announce,
        undisturbed=_runner.undisturbed,
        sent=session.sent,
        name=name,
        event=event,
    )
