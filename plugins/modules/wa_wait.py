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
    _module_runner.run("wa_wait", _module_runner.controller_only("wa_wait"))


if __name__ == "__main__":
    main()
