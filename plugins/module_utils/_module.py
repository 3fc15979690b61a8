# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module door: an operation where the module was shipped to."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from typing import Any, Callable, Dict, List, Sequence

from ansible.module_utils.basic import AnsibleModule

from . import _door, _hostfiles, _spec
from ._failure import Failure, RefusedError
from ._ops import onprem_info
from ._ops.context import Context, Params


def run(verb: str, operation: _door.Operation) -> None:
    """Carry out ``operation`` for the module ``verb`` and leave with its result."""
    module = AnsibleModule(argument_spec=_spec.argument_spec(verb), supports_check_mode=True)
    stated = dict(module.params)
    secrets = _spec.secret_names(verb)
    # AnsibleModule hides secrets by their value, which would also hide a PIN's digits inside a phone number. They are
    # hidden by name here, and no operation returns one.
    module.params = _door.masked(stated, secrets)
    module.no_log_values.clear()
    params, faults = _spec.check(verb, stated, environ={})
    faults += _spec.file_faults(verb, stated, params)
    if faults:
        module.exit_json(**{**_door.refused(faults), _door.SENT: _door.Session().sent.as_data()})
    said: List[str] = []
    context = _context(params, module.check_mode, said)
    result = _door.carry_out(operation, params, context, module._diff)
    # For the action that has shipped the module: it tells of the whole task.
    result[_door.SENT] = context.sent.as_data()
    if said:
        result["waits"] = said
    for warning in result.pop("warnings", []):
        module.warn(warning)
    module.exit_json(**result)


def _context(params: Params, check_mode: bool, said: List[str]) -> Context:
    announce: Callable[[str], None] = said.append
    session = _door.Session()
    name = _door.name_of(params)
    onprem = _door.onprem_client(params, announce, session)

    def node(number: str, gather: Sequence[str]) -> Dict[str, Any]:
        return onprem_info.read(onprem(number), gather, time.time)

    return Context(
        check_mode=check_mode,
        graph=_door.graph_client(params, announce, session, name),
        onprem=onprem,
        node=node,
        host=_hostfiles.handle,
        shared=lambda _name, read: read(),
        shared_entry=lambda _name, entry, read: read().get(entry),
        exclusive=lambda _name: contextlib.nullcontext(),
        raise_flag=lambda _name, _text: None,
        raised=lambda _name: None,
        now=time.time,
        monotonic=time.monotonic,
        sleep=time.sleep,
        announce=announce,
        undisturbed=_door.undisturbed,
        holder=_door.holder,
        orphaned=_door.orphaned,
        throwaway="",
        run="%s-%d" % (socket.gethostname(), os.getpid()),
        controller=socket.gethostname(),
        process=os.getpid(),
        parent=os.getppid(),
        namespace=_door.namespace(),
        started=_door.started(),
        sent=session.sent,
        name=name,
    )


def controller_only(verb: str) -> Callable[[Params, Context], Any]:
    """Return the operation of a verb that has no module door: it says where it runs."""

    def refuse(_params: Params, _context: Context) -> Any:
        raise RefusedError(
            Failure("controller_only", "%s runs on the controller only" % verb, next_step="call it as a task of a play")
        )

    return refuse
