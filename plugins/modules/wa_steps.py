#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: run several steps of a number in one task (the action plugin does the work)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_steps
short_description: Run several steps of a number in one task
version_added: 0.1.0
description:
  - Runs other modules of this collection for a host, one after another, in one worker. In a large fleet the workers
    cost most, and the steps of one task share their connections and the login to the node.
  - The task checks the options of all steps before it runs the first one. The first step that fails ends the task, and
    its failure is the failure of the task.
  - Some conditions refuse M(wabiz.migration.wa_register) or make it wait, whatever the location of the number. The task
    checks them before the first step and again at the register call, so that no number stays half prepared. The
    conditions are the change window, a change freeze or a pause, the failure limit of the run, a wrong PIN of another
    number of the run, a waiver that has ended, an attempt log that would be lost with a container, and a run that was
    killed. In check mode the task checks them only at the register call.
  - If a step before the register call meets a rate limit of the Graph API, the task waits as
    M(wabiz.migration.wa_register) does (C(return_when_waiting)).
  - If another run moved the number to the Cloud API meanwhile, the task runs only the steps at the Graph API and
    M(wabiz.migration.wa_register), because the node needs no preparation any more.
  - M(wabiz.migration.wa_register) uses the results of the steps before it. It knows whether two-step verification was
    cleared, and it uses the digest of the backup without another check of its age.
  - Each step behaves like a task of its module, in check mode and in diff mode too.
options:
  steps:
    description:
      - The modules in their order. Each is a dictionary with one module and its options as in a task. C(when) beside it
        is V(true), V(false) or the name of a variable with such a value. Dots reach into dictionaries. A step with
        V(false) is skipped.
      - M(wabiz.migration.wa_preflight), M(wabiz.migration.wa_report) and M(wabiz.migration.wa_wait) cannot be steps.
        Each other module can be a step once.
    type: list
    elements: dict
    required: true
  max_failed:
    description:
      - How many numbers of the run may fail in such tasks before no further number is registered. Not counted without
        this and O(max_failed_percent).
    type: int
  max_failed_percent:
    description: The same as a percentage of O(fleet_size). Where both are set, each stops by itself.
    type: float
  keep_failure:
    description:
      - Whether a failure leaves the host in the play. The task then succeeds, and RV(failure_kept) is V(true).
        M(wabiz.migration.wa_report) reports the host as failed, and fails it with C(verdict).
    type: bool
    default: false
  waved:
    description:
      - Whether the host moves in the wave that the last preflight of this run planned for it
        (M(wabiz.migration.wa_report), with O(wabiz.migration.wa_report#module:moves)). The task begins as soon as the
        waves before have ended, and is skipped if too many of their numbers failed. A host without a wave is left
        alone.
      - The hosts of the play must be in the order of the waves, as the lookup P(wabiz.migration.wa_waves#lookup)
        returns them.
    type: bool
    default: false
  soaked:
    description: Whether the steps look again, after the soak time, at a host of a wave that has moved.
    type: bool
    default: false
  fleet_size:
    description: How many numbers the run moves.
    type: int
    default: 0
attributes:
  check_mode:
    support: full
    details:
      - Like the modules of the steps.
  diff_mode:
    support: full
    details:
      - One diff for each step that has one.
  idempotent:
    support: partial
    details:
      - Like the modules of the steps.
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - The task runs on the controller. Each step runs where its module would run, so a step that calls the node is
        shipped if the connection is not local.
  become:
    description: Is usable alongside C(become) keywords.
    support: partial
    details:
      - Applies to what the task does on the inventory host.
extends_documentation_fragment:
  - wabiz.migration.onprem
  - wabiz.migration.graph
  - wabiz.migration.attributes
seealso:
  - module: wabiz.migration.wa_subscribe
  - module: wabiz.migration.wa_backup
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Prepare a number for its move
  wabiz.migration.wa_steps:
    access_token: "{{ vault_access_token }}"
    onprem_password: "{{ vault_onprem_password }}"
    steps:
      - wabiz.migration.wa_subscribe:
          waba_id: "102290129340398"
      - wabiz.migration.wa_backup:
          dest: /var/lib/wabiz/106540352242922/backup.json
          backup_password: "{{ vault_backup_password }}"
        when: "{{ inventory_hostname != 'rehearsal' }}"
  register: prepared

- name: Show where the backup is
  ansible.builtin.debug:
    msg: "{{ prepared.steps.wa_backup.path | default('no backup was made') }}"
"""

RETURN = r"""
---
steps:
  description: The result of each step that ran, by the name of its module.
  returned: when all options are valid
  type: dict
  sample: {wa_subscribe: {changed: false, subscribed: true}}
failure_kept:
  description: Whether a step failed and O(keep_failure) left the host in the play.
  returned: with keep_failure, if a step failed
  type: bool
waiting:
  description: Whether the task did nothing yet because it has to wait. Call it again.
  returned: when a step returned it (return_when_waiting)
  type: bool
why:
  description: The reason to wait.
  returned: when waiting
  type: str
wait_until:
  description: The earliest useful time of the next call, in UTC seconds since the epoch. 0 if it is unknown.
  returned: when waiting
  type: float
errors:
  description: All validation errors in the options of the steps.
  returned: when an option is wrong
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
sent:
  description: The requests before the failure that may have changed something, also those of earlier tasks of this run
    for the same host. Empty if only reads were sent.
  returned: failure, unless an option is wrong
  type: list
  elements: str
  sample: [POST subscribed_apps of WABA 102290129340398, POST backup on the node]
would_be_refused:
  description: Always V(true). The task would be refused without check mode, too.
  returned: failure in check mode, if a rule of this collection refused the task
  type: bool
"""

from ..module_utils import _module_runner
from ..module_utils._operations import steps


def main() -> None:
    _module_runner.run(steps.MODULE)


if __name__ == "__main__":
    main()
