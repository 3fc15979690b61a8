#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: put the outcome of many numbers into one table (operation report)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_report
short_description: Put the outcome of many numbers into one table
version_added: 0.1.0
description:
  - Turns what the tasks of the role C(wabiz.migration.wa_migrate) registered for each host into one line for each
    number and one table for the fleet. It sends no request, and writes nothing but O(plan_dest).
  - With the table it hands on what became of the fleet, as M(ansible.builtin.set_stats) does (see RV(ansible_stats)).
options:
  title:
    description: The heading of the table.
    type: str
    default: WhatsApp numbers
  hosts:
    description: The inventory hosts that are listed, in this order.
    type: list
    elements: str
    required: true
  phase:
    description: Whether the table closes the preflight of the fleet or a wave of moves.
    type: str
    choices: [preflight, move]
    required: true
  verdict:
    description: Whether the task fails where a listed number is failed, blocked, unreachable or unknown.
    type: bool
    default: false
  waves:
    description:
      - Counts and percentages of the numbers to be moved, and names of inventory groups; the last one repeats. Used
        after a preflight.
    type: raw
    default: [1, 10%, 100%]
  waved:
    description: Whether the numbers are moved in waves, or all at once. Used after a preflight.
    type: bool
    default: true
  on_blocker:
    description: Whether a number that is kept out stops the others too. Used after a preflight.
    type: str
    choices: [stop, continue]
    default: stop
  max_failed:
    description:
      - How many of the listed numbers may have failed, be unreachable or unknown before no further one moves. Without
        this and O(max_failed_percent), one is enough.
      - A number that the preflight keeps out counts only where this or O(max_failed_percent) is set and nobody knows
        where the number is.
    type: int
  max_failed_percent:
    description: The same as a percentage of the listed numbers. Where both are set, each stops by itself.
    type: float
  plan:
    description:
      - The plan that was approved. Where it is the digest of a fleet (f...) and another one than that of the listed
        hosts, no number may move. Used after a preflight.
    type: raw
  max_parallel_cutovers:
    description: How many numbers go through the door at the same time at most, V(0) is any. Used after a preflight.
    type: int
    default: 0
  max_parallel_cutovers_per_waba:
    description: The same for the numbers of one WABA. Used after a preflight.
    type: int
    default: 0
  plan_dest:
    description:
      - File on the controller that the plan of the listed hosts is written to, with mode 0600, in place of a table.
        Nothing is written in check mode, or where O(plan) is stated. Used after a preflight.
    type: str
attributes:
  check_mode:
    support: full
    details:
      - In check mode no file is written.
  diff_mode:
    support: full
    details:
      - With O(verdict=true) after a preflight, the plan of the number is shown, as it is with C(-v).
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
  - wabiz.migration.cutover.waivers
  - wabiz.migration.attributes
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Show the fleet
  wabiz.migration.wa_report:
    title: Wave 1
    phase: move
    hosts: "{{ ansible_play_hosts_all }}"
  run_once: true
  register: fleet

- name: Print it
  ansible.builtin.debug:
    msg: "{{ fleet.table }}"
  run_once: true
"""

RETURN = r"""
---
msg:
  description: What happened to the listed numbers, one sentence or more for each, or where the plan is.
  returned: with verdict=true, or with plan_dest
  type: str
table:
  description: The table, one line of text for each entry.
  returned: without verdict
  type: list
  elements: str
states:
  description: How many numbers are in each state, such as V(moved), V(unchanged), V(blocked) and V(failed).
  returned: without verdict
  type: dict
hosts:
  description: The hosts that were listed.
  returned: without verdict
  type: list
  elements: str
lines:
  description: One sentence or more for each host, as its verdict would say them.
  returned: without verdict
  type: dict
bad:
  description: The hosts that are failed, blocked, unreachable or unknown.
  returned: without verdict
  type: list
  elements: str
stop:
  description: After a wave, why no further one starts. Empty where it may.
  returned: without verdict
  type: str
waves:
  description: After a preflight, the wave (from 1) of each host that moves. Empty where a blocker stops all.
  returned: without verdict
  type: dict
max_parallel_cutovers:
  description: After a preflight, how many numbers may be on their way through the door at the same time. 0 is no limit.
  returned: without verdict
  type: int
plan:
  description: After a preflight, C(digest) of the fleet and C(numbers), which maps each phone number ID to its digest.
  returned: without verdict
  type: dict
ansible_stats:
  description:
    - What Ansible takes as it takes the data of M(ansible.builtin.set_stats), so that AWX keeps it as artifacts of the
      job and hands it to the next ones of a workflow.
    - C(data.wabiz_migration) holds C(phase) (V(preflight) or V(migrate)), C(numbers), C(states) (how many numbers are
      in each), C(attention) (the hosts that are unknown, failed, unreachable or blocked, by that word),
      C(attention_left_out) (how many of them are not named there, because it stays below some kilobytes) and
      C(stopped) (why no further number moves, empty where they do).
    - C(data.wa_migrate_plan) is RV(plan), after a preflight that moves nothing and has no O(plan).
  returned: without verdict and plan_dest
  type: dict
unapproved:
  description: After a preflight, why no number may move by the digest of a fleet that was approved. V(null) where they
    may.
  returned: without verdict
  type: dict
plan_lines:
  description: The plan of the number as lines of text.
  returned: in diff mode or with -v, with verdict=true after a preflight
  type: list
  elements: str
sent:
  description: What the task that failed has returned as C(sent).
  returned: with verdict=true, where a task of the number failed and has returned it
  type: list
  elements: str
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
    _module_runner.run("wa_report", _module_runner.controller_only("wa_report"))


if __name__ == "__main__":
    main()
