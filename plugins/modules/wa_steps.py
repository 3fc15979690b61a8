#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: take several steps of a number in one task (the work is done by the action of this name)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_steps
short_description: Take several steps of a number in one task
version_added: 0.1.0
description:
  - Runs other modules of this collection for a host, one after another, in one worker. In a fleet the worker itself is
    what costs most, and steps of one task share their connections and the login to the node.
  - The options of all steps are checked before the first one is taken. The first step that fails ends the task, and its
    failure is the failure of the task.
  - What would refuse or hold back M(wabiz.migration.wa_register) whatever the APIs say of the number is judged before
    the first step, and at the register call again, so that nothing is left half done. That is the change window, a
    freeze or a pause, the failure limit of the run, a wrong PIN of another number of the run, a waiver that has ended,
    a record that would be lost with a container, and a run that was killed. In check mode it is judged at the register
    call only.
  - Where a step before it meets a rate limit of Graph, the task waits as that step would (C(return_when_waiting)).
  - Where another run has had the number and it is on the Cloud API by then, only the steps at Graph and
    M(wabiz.migration.wa_register) are taken, because nothing of its node is to be prepared any more.
  - M(wabiz.migration.wa_register) takes over from steps before it that two-step verification was cleared, and the
    digest of the backup, whose age is not judged again.
  - Each step behaves as the module does in a task of its own, in check mode and in diff mode too.
options:
  steps:
    description:
      - The modules in their order, each a dictionary of one module and its options as in a task. C(when) beside it is
        V(true), V(false) or the name of a variable that holds one of these; dots reach into dictionaries. A step with
        V(false) is left out.
      - M(wabiz.migration.wa_preflight), M(wabiz.migration.wa_report) and M(wabiz.migration.wa_wait) are no steps, and
        each other module can be a step once.
    type: list
    elements: dict
    required: true
attributes:
  check_mode:
    support: full
    details:
      - As the modules that are steps.
  diff_mode:
    support: full
    details:
      - One diff for each step that has one.
  idempotent:
    support: partial
    details:
      - As the modules that are steps.
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - On the controller. Each step runs where its module would run, so what a step does on the node is shipped where
        the connection is not local.
  become:
    description: Is usable alongside C(become) keywords.
    support: partial
    details:
      - Counts for what is done on the inventory host.
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
- name: Make a number ready for its move
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
    msg: "{{ prepared.steps.wa_backup.path | default('none was made') }}"
"""

RETURN = r"""
---
steps:
  description: What each step that was taken returned, by the name of its module.
  returned: when the options are right
  type: dict
  sample: {wa_subscribe: {changed: false, subscribed: true}}
waiting:
  description: Whether nothing was done yet because of something that passes by itself. The task has to be called again.
  returned: where a step has it (return_when_waiting)
  type: bool
why:
  description: What it waits for.
  returned: when waiting
  type: str
wait_until:
  description: Before when it is no use to call again, in UTC seconds since the epoch. 0 where that is not known.
  returned: when waiting
  type: float
faults:
  description: Everything that is wrong with the options of the steps.
  returned: when an option is wrong
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
sent:
  description: The requests before the failure that may have changed something, also those of earlier tasks of this run
    for the same host. Empty where only reads were sent.
  returned: failure, unless an option is wrong
  type: list
  elements: str
  sample: [POST subscribed_apps of WABA 102290129340398, POST backup on the node]
would_be_refused:
  description: Always V(true). The task would be refused without check mode, too.
  returned: failure in check mode, where a rule of this collection refused the task
  type: bool
"""

from ..module_utils import _module_runner


def main() -> None:
    _module_runner.run("wa_steps", _module_runner.controller_only("wa_steps"))


if __name__ == "__main__":
    main()
