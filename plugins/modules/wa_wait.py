#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: wait for the paused numbers of a wave (the action plugin does the work)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_wait
short_description: Wait until paused numbers of a wave can go on
version_added: 0.1.0
description:
  - Finds the hosts whose cutover has to wait, and waits for all of them in one worker. With C(run_once) no number
    blocks a worker that another number needs.
  - The task waits while a change freeze of a waiting host (its variable C(freeze) with O(vars_prefix)) says pause, and
    until a rate limit of the Graph API is over. If another run may be moving a number, it waits for half a minute
    before the number is checked again. It reports the reason at the start and every minute.
  - A change freeze that stops changes ends the wait. The retried cutover then reports it for each number.
  - If no host waits, or hosts wait only for the slot of another number, the task ends at once.
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
  codes_file:
    description:
      - Wait for codes in this file on the controller instead (see M(wabiz.migration.wa_verify)), until at least one of
        the numbers that wait for a code has one.
    type: path
  codes_until:
    description: Until when to wait for codes, as seconds since the epoch.
    type: float
    default: 0.0
  interval:
    description: Seconds between two reads of the change freezes.
    type: float
    default: 2.0
attributes:
  check_mode:
    support: full
    details:
      - In check mode no number has to wait.
  diff_mode:
    support: none
    details:
      - The task changes nothing.
  idempotent:
    support: full
extends_documentation_fragment:
  - wabiz.migration.attributes
  - wabiz.migration.attributes.in_worker
seealso:
  - module: wabiz.migration.wa_register
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Wait for paused numbers
  wabiz.migration.wa_wait:
    hosts: "{{ ansible_play_hosts }}"
    result_var: cutover
  run_once: true
  register: paused

- name: Print the hosts to retry
  ansible.builtin.debug:
    msg: "{{ paused.hosts }} after {{ paused.waited }} s: {{ paused.why }}"
  run_once: true
"""

RETURN = r"""
---
hosts:
  description: The hosts that had to wait and whose cutover must be retried.
  returned: success
  type: list
  elements: str
soaked:
  description: The hosts of a wave whose health must be checked again before the next wave starts.
  returned: success
  type: list
  elements: str
left:
  description: The hosts whose code is not in the file.
  returned: with codes_file
  type: list
  elements: str
until:
  description: O(codes_until).
  returned: with codes_file
  type: float
why:
  description: The reasons to wait.
  returned: success
  type: list
  elements: str
waited:
  description: How long this task waited, in seconds.
  returned: success
  type: float
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
from ..module_utils._operations import wait


def main() -> None:
    _module_runner.run(wait.MODULE)


if __name__ == "__main__":
    main()
