#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: check the inputs of a whole run before its first request (the action plugin does the work)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_inputs
short_description: Check the inputs of a migration for all of its hosts
version_added: 0.1.0
description:
  - Reads the variables of every host of the play as a task of that host would, and checks all inputs of a role that
    moves numbers, also those of the steps after the registration. The task sends no request to either API and writes no
    file.
  - It checks types and limits, files on the controller, IDs, contradictions, expressions that cannot be evaluated,
    waves, and tasks that tags leave out. It also finds numbers or nodes that two hosts use.
  - A variable whose name begins with O(prefix), or nearly so, is an error if it is no input of the role. To use
    such a name for a variable of your own, add it to the input C(own_variables) of the role.
  - The task fails with one report for the run, C(errors). The report lists the errors of the whole run first, then the
    errors of each host. If the input C(on_blocker) is C(continue), a host with errors of its own is excluded, and the
    task does not fail.
  - Run it once for a play, with C(run_once).
options:
  hosts:
    description: The inventory hosts of the play.
    type: list
    elements: str
    required: true
  selected_by:
    description:
      - The input, without O(prefix), that names the hosts to check as a pattern, and the pattern for hosts without it.
        The other O(hosts) are left alone. If no host is left, the task succeeds with a message, or fails if the
        inventory has none of the names.
    type: dict
    default: {}
  moves:
    description: Whether the play moves numbers. If tags leave out its tasks, that is then an error.
    type: bool
    default: false
  waved:
    description: Whether the numbers move in waves. If they do not, waves in the inputs are an error.
    type: bool
    default: true
  prefix:
    description:
      - What the names of all inputs begin with, such as V(acme_) for V(acme_pin). An input whose name without it is an
        option of M(wabiz.migration.wa_preflight), or of another module of this collection, is checked as that option.
    type: str
    required: true
  argument_spec:
    description: The inputs, as C(options) of the role's C(meta/argument_specs.yml).
    type: dict
    required: true
  same_on_all_hosts:
    description: The inputs that must be the same on all hosts, without O(prefix).
    type: list
    elements: str
    default: []
  renamed:
    description:
      - Maps an input, without O(prefix), to the option that it becomes, such as V(wa_health.wait). Only for
        inputs whose option has another name.
    type: dict
    default: {}
  seconds:
    description:
      - Maps an input, without O(prefix), to its least and its most, in seconds. Only for times that are no option
        of a module.
    type: dict
    default: {}
attributes:
  check_mode:
    support: full
    details:
      - The task only reads, in check mode too.
  diff_mode:
    support: none
    details:
      - The task changes nothing.
  idempotent:
    support: full
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - The task runs inside the Ansible worker on the controller, whatever the connection of the host.
      - C(WABIZ_*) environment variables of the controller are checked like the inputs that they set.
  become:
    description: Is usable alongside C(become) keywords.
    support: none
    details:
      - The task runs as the user that runs Ansible.
extends_documentation_fragment:
  - wabiz.migration.attributes
seealso:
  - module: wabiz.migration.wa_preflight
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Check the inputs of every host before the first request
  wabiz.migration.wa_inputs:
    hosts: "{{ ansible_play_hosts }}"
    prefix: acme_
    selected_by: {hosts: wa_onprem}
    argument_spec: "{{ (lookup('file', 'acme/meta/argument_specs.yml') | from_yaml).argument_specs.main.options }}"
  run_once: true
  register: checked

- name: Print the hosts with errors of their own
  ansible.builtin.debug:
    msg: "{{ checked.bad }}"
  run_once: true
"""

RETURN = r"""
---
errors:
  description: All errors. Those of the whole run come first, then those of each host.
  returned: failure
  type: list
  elements: str
hosts:
  description: The hosts that were checked.
  returned: success
  type: list
  elements: str
msg:
  description: Why no host was checked.
  returned: if O(selected_by) selects none
  type: str
bad:
  description: The hosts that have errors of their own, with these errors. Only these hosts are excluded.
  returned: success
  type: dict
  sample:
    berlin:
      - "acme_pin: a PIN is exactly six digits 0-9, without spaces."
inputs:
  description: The inputs of the whole run with their defaults, without O(prefix).
  returned: success
  type: dict
  sample:
    on_blocker: stop
    waves: [1, "10%", "100%"]
# The same in every module, written by `make returns`:
failure:
  description:
    - What went wrong and what to do next. C(code) is the error code of the API, or a fixed name if no API returned one.
      C(fbtrace_id) is Meta's trace ID, for a ticket with Direct Support.
    - C(safe_to_rerun) says whether you can run the same command again as it is.
  returned: failure
  type: dict
  sample: {code: 133005, title: Two step verification PIN mismatch, details: "", fbtrace_id: AbCdEfGhIjK,
    safe_to_rerun: false, next_step: reset the PIN in WhatsApp Manager}
"""

from ..module_utils import _module_runner
from ..module_utils._operations import inputs


def main() -> None:
    _module_runner.run(inputs.MODULE)


if __name__ == "__main__":
    main()
