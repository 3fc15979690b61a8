#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: check the inputs of a whole run before its first request (the work is done by the action)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_inputs
short_description: Check the inputs of a migration for all of its hosts
version_added: 0.1.0
description:
  - Reads the variables of every host of the play as a task of that host would, and checks all inputs of the role
    C(wabiz.migration.wa_migrate) in them, also those of the steps after the registration. Nothing is requested from
    either API, and nothing is written.
  - It checks types and bounds, files of the controller that are named, IDs, contradictions, expressions that cannot be
    evaluated, numbers or nodes that two hosts claim, waves, and what the command line leaves out by tags.
  - A variable that begins with C(wa_migrate_), or nearly so, and is no input of the role is an error. A variable of
    your own with such a name is allowed where C(wa_migrate_own_variables) names it.
  - The task fails with one report for the run, C(faults). First it names what is wrong for the whole run, then each
    host with all of its own faults. Where C(wa_migrate_on_blocker) is C(continue), a host with faults of its own keeps
    only itself out, and the task does not fail.
  - Run it once for a play, with C(run_once).
options:
  hosts:
    description: The inventory hosts of the play.
    type: list
    elements: str
    required: true
  moves:
    description: Whether the play moves numbers. Tags that leave out its tasks are then an error.
    type: bool
    default: false
  waved:
    description: Whether the numbers are moved in waves. Where they are not, stated waves are an error.
    type: bool
    default: true
attributes:
  check_mode:
    support: full
    details:
      - The task reads and changes nothing, in check mode as well.
  diff_mode:
    support: none
    details:
      - It changes nothing.
  idempotent:
    support: full
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - The task runs inside the Ansible worker on the controller, whatever the connection of the host.
      - C(WABIZ_*) environment variables of the controller are checked as the inputs that they stand for.
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
- name: Check the inputs of every host before anything is requested
  wabiz.migration.wa_inputs:
    hosts: "{{ ansible_play_hosts }}"
  run_once: true
  register: checked

- name: Print which hosts have faults of their own (with wa_migrate_on_blocker=continue)
  ansible.builtin.debug:
    msg: "{{ checked.bad }}"
  run_once: true
"""

RETURN = r"""
---
faults:
  description: The report. Faults of the whole run come first, then those of each host, every one of them.
  returned: failure
  type: list
  elements: str
bad:
  description: The hosts that have faults of their own, with these. They keep only themselves out.
  returned: success
  type: dict
  sample:
    berlin:
      - "wa_migrate_pin: a PIN is exactly six digits 0-9, without spaces."
inputs:
  description: The inputs that are for the whole run, without C(wa_migrate_), and with their defaults.
  returned: success
  type: dict
  sample:
    on_blocker: stop
    waves: [1, "10%", "100%"]
# The same in every module, written by `make returns`:
failure:
  description:
    - What went wrong and what to do next. C(code) is the error code of the API, or a fixed name where this collection
      refused the task itself. C(fbtrace_id) is Meta's trace ID, for a ticket with Direct Support.
    - C(safe_to_rerun) says whether you can run the same command again as it is.
  returned: failure
  type: dict
  sample: {code: 133005, title: Two step verification PIN mismatch, details: "", fbtrace_id: AbCdEfGhIjK,
    safe_to_rerun: false, next_step: reset the PIN in WhatsApp Manager}
"""

from ..module_utils import _module_runner


def main() -> None:
    _module_runner.run("wa_inputs", _module_runner.controller_only("wa_inputs"))


if __name__ == "__main__":
    main()
