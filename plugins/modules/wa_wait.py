#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: wait for the numbers of a wave that were kept from the door (the work is done by the action)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_wait
short_description: Wait with a whole wave for what keeps its numbers from the door
version_added: 0.1.0
description:
  - Finds out which hosts the cutover of the role C(wabiz.migration.wa_migrate) has kept waiting, and waits for all of
    them in one worker until what holds them is over. With C(run_once) no number keeps a worker from another one.
  - It waits as long as a switch (C(wa_migrate_freeze)) of a waiting host says pause, and as long as Graph has asked to
    be left alone because of a rate limit. Where another run may hold a number it waits for half a minute, and the
    number is looked at again. It says why at the beginning and each minute. A switch that says stop ends the wait, and
    the door says so for each number.
  - Where no host waits, or only for the place of another number, it ends at once.
options:
  hosts:
    description: The inventory hosts of the wave.
    type: list
    elements: str
    required: true
  result_var:
    description: The variable in which each host has the result of the task that may have kept it waiting.
    type: str
    required: true
  interval:
    description: Seconds between two looks at the switches.
    type: float
    default: 2.0
attributes:
  check_mode:
    support: full
    details:
      - In check mode no number is kept waiting.
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
  become:
    description: Is usable alongside C(become) keywords.
    support: none
    details:
      - The task runs as the user that runs Ansible.
extends_documentation_fragment:
  - wabiz.migration.attributes
seealso:
  - module: wabiz.migration.wa_register
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Wait with the whole wave
  wabiz.migration.wa_wait:
    hosts: "{{ ansible_play_hosts }}"
    result_var: cutover
  run_once: true
  register: held

- name: Print who comes again
  ansible.builtin.debug:
    msg: "{{ held.hosts }} after {{ held.waited }} s: {{ held.why }}"
  run_once: true
"""

RETURN = r"""
---
hosts:
  description: The hosts that were kept waiting and have to come to the door again.
  returned: success
  type: list
  elements: str
why:
  description: What they were kept waiting for.
  returned: success
  type: list
  elements: str
waited:
  description: How long this task has waited, in seconds.
  returned: success
  type: float
failure:
  description: What went wrong, for a person and for a program.
  returned: failure
  type: dict
  contains:
    code:
      description: The API's own error code where an API answered, else a short stable word of this collection.
      type: raw
      sample: 133005
    title:
      description: What happened.
      type: str
      sample: Two step verification PIN mismatch
    details:
      description: What the API, or the check, said beyond that.
      type: str
    fbtrace_id:
      description: Meta's trace of the request, for a ticket with Direct Support. Empty where Meta gave none.
      type: str
    safe_to_rerun:
      description: Whether the same command may be run again as it is.
      type: bool
    next_step:
      description: What to do next.
      type: str
"""

from ..module_utils import _module_runner
from ..module_utils._operations import wait


def main() -> None:
    _module_runner.run(wait.MODULE)


if __name__ == "__main__":
    main()
