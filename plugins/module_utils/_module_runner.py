# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module runner: carries out an operation where the module was shipped to."""

from __future__ import annotations

from copy import deepcopy
from typing import List

from ansible.module_utils.basic import AnsibleModule

from . import _host_modules, _option_names, _runner, _spec
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
    reported: List[_host_modules.Reported] = []
    context = _host_modules.context(params, ansible.check_mode, announced, _runner.Session(), reported)
    operation = task_only(module.name) if module.controller_only else module.run
    result = _runner.carry_out(operation, module.typed(params), context, ansible._diff)
    # For the action that has shipped the module: it tells of the whole task.
    result[_runner.SENT] = context.sent.as_data()
    _host_modules.add_events(result, params, reported)
    if announced:
        result["waits"] = announced
    result = _option_names.written(result, naming)
    for warning in result.pop("warnings", []):
        ansible.warn(warning)
    ansible.exit_json(**result)
