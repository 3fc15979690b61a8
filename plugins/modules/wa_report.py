#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: report the outcome of many numbers, as a table and as files (operation report)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_report
short_description: Report the outcome of many numbers, as a table and as files
version_added: 0.1.0
description:
  - Turns the results that earlier tasks registered for each host into one row for each number and one table for the
    fleet.
  - With O(report_dir) it also writes a report, which is one HTML page that loads nothing, JSON, CSV, JUnit XML, a
    Markdown summary, and a ready ticket for each cause that only Meta can resolve.
  - It sends no request but to O(report_to), and writes no file but O(plan_dest) and the report.
  - With the table it returns the state of the fleet as M(ansible.builtin.set_stats) does (see RV(ansible_stats)).
options:
  title:
    description: The heading of the table.
    type: str
    default: WhatsApp numbers
  hosts:
    description: The inventory hosts of the table, in this order.
    type: list
    elements: str
    required: true
  phase:
    description:
      - Whether the table is for the preflight of the fleet or for its moves.
      - V(report) makes one report of all runs that O(report_dir) holds, each number once, and of what the hosts say now
        (V(state) in O(result_vars), see M(wabiz.migration.wa_state_info)).
      - V(recover) is for the playbook C(recover), with V(recover) (see M(wabiz.migration.wa_recover)), V(after) and
        V(failure) in O(result_vars). O(moves) says whether the run has taken the steps.
      - V(retire) and V(rollback) are for the playbooks of these names, with V(read), V(export), V(notice),
        V(notice_confirm), V(asked), V(deregister), V(unsubscribe), V(restore) and V(node), as far as there is such a
        task, and with V(predicted) and V(last_of_waba) for what was predicted before the first request.
    type: str
    choices: [preflight, move, report, recover, retire, rollback]
    required: true
  result_vars:
    description:
      - The variables in which each host has what earlier tasks registered, by what they are. The keys are V(inputs),
        V(preflight), V(traffic), V(fleet), V(move), V(soak), V(failure) and V(state), and V(phone_number_id) and
        V(waba_id) for the IDs of the number. Results of M(wabiz.migration.wa_steps) are taken apart into their steps.
    type: dict
    default: {}
  moves:
    description: Whether the run moves numbers after this preflight.
    type: bool
    default: false
  show:
    description:
      - Whether the task prints the table. It prints it to the error output if the output is JSON, and leaves it to the
        callback P(wabiz.migration.progress#callback) if that is the display.
    type: bool
    default: false
  verdict:
    description:
      - Whether the task fails if a number of O(hosts) is failed, blocked, unreachable or unknown. Its message is short,
        because the table has the cause in full.
    type: bool
    default: false
  waves:
    description:
      - Counts and percentages of the numbers to move, and names of inventory groups. The last one repeats. Used after a
        preflight.
    type: raw
    default: [1, 10%, 100%]
  waved:
    description: Whether the numbers move in waves or all at once. Used after a preflight.
    type: bool
    default: true
  on_blocker:
    description: Whether a number with a blocker stops the other numbers too. Used after a preflight.
    type: str
    choices: [stop, continue]
    default: stop
  max_failed:
    description:
      - How many of the listed numbers may be failed, unreachable or unknown. With more, no further number moves.
        Without this option and O(max_failed_percent), one is enough to stop.
      - A number that the preflight blocks counts only if this option or O(max_failed_percent) is set and its location
        is unknown.
    type: int
  max_failed_percent:
    description: The same limit as a percentage of the listed numbers. If both are set, each limit stops by itself.
    type: float
  plan:
    description:
      - The approved plan. If it is the digest of a fleet (f...) and the listed hosts have another digest, no number may
        move. Used after a preflight.
    type: raw
  max_parallel_cutovers:
    description: How many numbers are registered at the same time at most. V(0) sets no limit. Used after a preflight.
    type: int
    default: 0
  max_parallel_cutovers_per_waba:
    description: The same limit for the numbers of one WABA. Used after a preflight.
    type: int
    default: 0
  soak:
    description: Seconds that a wave works before the next one begins. Used after a preflight.
    type: float
    default: 0.0
  plan_dest:
    description:
      - File on the controller for the plan of the listed hosts, with mode 0600. The task writes no file in check mode
        or if O(plan) is set. Used after a preflight.
    type: str
  plan_artifact:
    description:
      - Name under which the plan of a preflight is handed on to later plays and, in AWX, to later jobs. Not handed on
        where O(plan) is stated or with O(moves=true).
    type: str
  report_dir:
    description:
      - Folder on the controller for reports. Each run has a folder of its own below it, with mode 0700, which also
        holds the events of the run. Every task that shows a table writes the report anew.
      - C(~) and environment variables are expanded. C($ANSIBLE_HOME) is the home directory of Ansible, whether or not
        the variable is set.
      - Without this option there is no report. Required with O(phase=report).
      - A report that cannot be written is a warning. With O(phase=report) it is a failure.
    type: str
  report_to:
    description:
      - Where the report is copied to, for a controller that is deleted after the job. Either a folder, or an https
        address that takes C(PUT).
      - An address that ends with a slash gets every file, below a folder with the name of the run. Any other address
        gets the HTML page alone.
      - A report that cannot be copied is a warning.
    type: str
  report_to_header:
    description:
      - A header for the requests to O(report_to), its name and its value with a colon between them.
      - If the option is not set, the environment variable E(WABIZ_REPORT_TO_HEADER) on the controller is used.
    type: str
  report_to_ca_path:
    description: File on the controller with the CA that verifies the certificate of O(report_to), instead of the
      well-known ones.
    type: path
attributes:
  check_mode:
    support: full
    details:
      - In check mode the task writes no plan. It writes the report, and marks it as a dry run.
  diff_mode:
    support: full
    details:
      - With O(verdict=true) after a preflight, the task shows the plan of the number, as with C(-v).
  idempotent:
    support: full
extends_documentation_fragment:
  - wabiz.migration.cutover.waivers
  - wabiz.migration.attributes
  - wabiz.migration.attributes.in_worker
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Report the fleet
  wabiz.migration.wa_report:
    title: Migration
    phase: move
    hosts: "{{ ansible_play_hosts_all }}"
    result_vars: {preflight: preflight, move: moved}
    show: true
  run_once: true
  register: fleet
"""

RETURN = r"""
---
report:
  description:
    - Where the report is. C(dir) is its folder, C(page) the HTML page, C(files) the names of all files, C(sent_to) the
      folder or the server that has a copy.
    - C(summary) has the four answers as figures. RV(ansible_stats) has it too.
  returned: with report_dir and a table, if the report could be written
  type: dict
runs:
  description: The runs that the report is about.
  returned: with phase=report
  type: list
  elements: str
msg:
  description: What happened to the listed numbers, at least one sentence for each.
  returned: with verdict=true
  type: str
table:
  description:
    - The fleet as lines of text. Numbers that need somebody and numbers that wait have a row, and each cause follows in
      full, with the numbers that have it. The others are counted; with C(-v) they have a row too.
  returned: without verdict
  type: list
  elements: str
states:
  description: How many numbers are in each state, such as V(moved), V(unchanged), V(blocked) and V(failed).
  returned: without verdict
  type: dict
hosts:
  description: The hosts in the table.
  returned: without verdict
  type: list
  elements: str
lines:
  description: At least one sentence for each host, as O(verdict=true) reports it.
  returned: without verdict
  type: dict
waiting:
  description: The hosts whose cutover has to wait, for a reason that passes by itself.
  returned: without verdict
  type: list
  elements: str
waiting_for_code:
  description: The hosts whose one-time code somebody has to hand in.
  returned: without verdict
  type: list
  elements: str
waiting_for_inventory:
  description: The hosts whose number has a new phone number ID, which the inventory does not have yet.
  returned: without verdict
  type: list
  elements: str
bad:
  description: The hosts that are failed, blocked, unreachable or unknown.
  returned: without verdict
  type: list
  elements: str
stopped:
  description: Why no further number moves. Empty if they may move.
  returned: without verdict
  type: str
counted:
  description: After a preflight, how many numbers count for the failure limit.
  returned: without verdict
  type: int
stop:
  description: After the moves, why no further wave starts. Empty if it may start.
  returned: without verdict
  type: str
waves:
  description: After a preflight, the wave (from 1) of each host that moves. Empty if a blocker stops all.
  returned: without verdict
  type: dict
max_parallel_cutovers:
  description: After a preflight, how many numbers may be registered at the same time. 0 is no limit.
  returned: without verdict
  type: int
plan:
  description: After a preflight, C(digest) of the fleet and C(numbers), which maps each phone number ID to its digest.
  returned: without verdict
  type: dict
ansible_stats:
  description:
    - Ansible treats it like the data of M(ansible.builtin.set_stats). AWX stores it as artifacts of the job and passes
      it to the next jobs of a workflow.
    - C(data.wabiz_migration) has C(phase) (V(preflight), V(migrate), V(recover), V(retire) or V(rollback)),
      C(numbers), C(states) (the count of each state), C(attention) (the hosts that need somebody, by their states),
      C(attention_left_out)
      (how many of these hosts are left out to limit the size to some kilobytes) and C(stopped) (why no further number
      moves, empty if they may move). With O(report_dir) it also has C(report), the figures of the report.
    - C(data) has RV(plan) under the name O(plan_artifact), after a preflight that moves no number and has no O(plan).
  returned: without verdict
  type: dict
unapproved:
  description: After a preflight, why the approved digest of the fleet allows no number to move. V(null) if the numbers
    may move.
  returned: without verdict
  type: dict
plan_lines:
  description: The plan of the number as lines of text.
  returned: in diff mode or with -v, with verdict=true after a preflight
  type: list
  elements: str
sent:
  description: The C(sent) of the task that failed.
  returned: with verdict=true, if a failed task of the number returned it
  type: list
  elements: str
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
from ..module_utils._operations import report


def main() -> None:
    _module_runner.run(report.MODULE)


if __name__ == "__main__":
    main()
