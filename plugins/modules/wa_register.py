#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: register a number with the Cloud API, the one-way door (operation register)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_register
short_description: Register a business phone number with the Cloud API, or deregister it
version_added: 0.1.0
description:
  - Moves a business phone number from the On-Premises API to the Cloud API (C(POST /<PHONE_NUMBER_ID>/register), step
    3 of Meta's guide). B(There is no way back,) because registration with the On-Premises API has been closed since
    2025-10-23.
  - The number is read first. Nothing is sent where it is registered with the Cloud API already, and the task fails
    where its place is not known for certain.
  - The task also fails, before anything is sent, where the number lives in the WhatsApp Business phone app
    (C(is_on_biz_app)) or its display name has no valid certificate (C(name_status) is V(EXPIRED) or V(NONE)). Meta
    refuses to register such a number, and each try would cost one of ten attempts.
  - At most one register call is sent in one run of the task. A lost, late or unclear answer is settled by reading,
    never by asking again.
  - A durable record on the inventory host holds the intent before the first byte is sent and the outcome after it, so
    that a run after a kill, on whatever controller, goes on where the first one ended.
  - A run that sends the call holds the number meanwhile. Where another one holds it and is seen to be alive, the task
    fails and names it. Where that cannot be seen, because it ran in another container or on another machine, the task
    waits until it gives the number back, the number shows on the Cloud API, or its hold ends, and only then decides.
options:
  phone_number_id:
    required: true
  state:
    description:
      - V(registered) registers the number with the Cloud API. This takes it away from the On-Premises API for good.
      - V(deregistered) takes the number off the Cloud API. It can then neither send nor receive until it is
        registered again.
    type: str
    choices: [registered, deregistered]
    default: registered
  backup_file:
    description:
      - The file that M(wabiz.migration.wa_backup) made, as an absolute path on the inventory host.
      - Needed with O(state=registered), unless O(without_backup=true). It is checked again before anything is sent,
        and passed on unmodified.
    type: path
  backup_digest:
    description:
      - What M(wabiz.migration.wa_backup) returned as C(digest) in the same play, for the same O(backup_password). That
        it fits is known then for a file of this digest, and is not tried again, which takes longer than any request.
      - A file of another digest is tried, as without this option.
    type: str
  check_node:
    description:
      - Whether the On-Premises node is read too, so that the place of the number is decided from both sides, and the
        node is known to serve this number. The options of the node's connection are needed then.
      - With V(false) Graph alone decides. Use it only where the node is gone for good.
    type: bool
    default: true
  traffic:
    description:
      - An earlier sample of the node's traffic, as M(wabiz.migration.wa_traffic) returns it. With O(require_quiet=true)
        the task reads once more, right before the door, and registers nothing where the node is busy.
    type: dict
  location:
    description:
      - What M(wabiz.migration.wa_preflight) returned as C(location) for this number. The task reads it anew and goes by
        what it reads.
      - With V(CLOUD) nothing is refused before the first step of M(wabiz.migration.wa_steps), because there is nothing
        to register.
    type: str
    choices: [ON_PREMISES, CLOUD, NEITHER, UNKNOWN]
  findings:
    description:
      - What M(wabiz.migration.wa_preflight) returned as C(findings) for this number. Where a blocker among them is not
        waived by O(waivers) when the number is to be registered, as after the end of its waiver, it is not registered.
    type: list
    elements: dict
    default: []
  pin_cleared:
    description:
      - Whether two-step verification was cleared on the node earlier in this run, so that O(pin) becomes the new PIN
        of the number, which is not registered with the Cloud API yet, and cannot be wrong.
      - After a wrong PIN anywhere in a run, only numbers of which this is true are registered in that run.
    type: bool
    default: false
  continue_after_wrong_pin:
    description:
      - Whether a number is registered although the PIN of another number of this run was wrong. One wrong source of
        PINs takes down every node whose PIN it states.
    type: bool
    default: false
  return_when_waiting:
    description:
      - Whether the task ends well with C(waiting) where it would have to wait, so that its caller waits for many
        numbers at once and no worker is kept from the others. It concerns a pause (O(freeze)), a rate limit of Graph,
        the places of O(max_parallel_cutovers_per_waba), and a number that another run may hold.
      - With V(false) a pause is a failure, and a place or another run is waited for.
    type: bool
    default: false
  max_parallel_cutovers_per_waba:
    description:
      - How many numbers of O(waba_id) are registered at the same time at most in this run. V(0) sets no limit.
    type: int
    default: 0
attributes:
  check_mode:
    support: full
    details:
      - In check mode both sides, the backup and the record are read, and what would be done is returned. No call that
        changes anything is sent, and no record, no lease and no file is written.
      - Where the task would be refused without check mode, it fails in check mode too, with C(would_be_refused). A
        pause and a busy node, which pass by themselves, are warnings.
  diff_mode:
    support: full
  idempotent:
    support: full
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - Calls of the Graph API are made inside the Ansible worker on the controller, unless O(graph_via=host) is set.
      - O(state_dir) and O(backup_file) are paths on the inventory host, and the node is called from there, over the
        host's own connection in the same task. Do not delegate it.
      - C(WABIZ_*) environment variables are read on the controller.
  become:
    description: Is usable alongside C(become) keywords.
    support: partial
    details:
      - Counts for what is read and written on the inventory host over a connection that is not local.
notes:
  - "Before you run it: registration with the On-Premises API has been closed since 2025-10-23. A number that has
    moved stays on the Cloud API."
  - With O(state=registered), O(pin) is needed, and O(backup_file) with O(backup_password) unless
    O(without_backup=true).
  - B(A wrong PIN takes the On-Premises node down) and moves nothing. The task then ends at once, and nothing is
    repeated.
  - Where O(waba_id) is given and that account does not hold the number, nothing is sent.
  - Messages that are sent to the number while it moves, a few seconds as a rule, are dropped by WhatsApp. Choose a
    quiet time.
  - Subscribe the app first with M(wabiz.migration.wa_subscribe), or inbound messages wait for a subscription after
    the move.
  - The backup and the PIN leave the controller in the body of the register call only.
extends_documentation_fragment:
  - wabiz.migration.schedule
  - wabiz.migration.schedule.queues
  - wabiz.migration.schedule.rates
  - wabiz.migration.onprem
  - wabiz.migration.graph
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.number.waba_id
  - wabiz.migration.cutover.pin
  - wabiz.migration.cutover.backup_password
  - wabiz.migration.cutover.without_backup
  - wabiz.migration.cutover.state_dir
  - wabiz.migration.cutover.rules
  - wabiz.migration.cutover.waivers
  - wabiz.migration.attributes
seealso:
  - module: wabiz.migration.wa_backup
  - module: wabiz.migration.wa_preflight
  - module: wabiz.migration.wa_subscribe
  - module: wabiz.migration.wa_health
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Move the number to the Cloud API, with the backup made before
  wabiz.migration.wa_register:
    phone_number_id: "106540352242922"
    waba_id: "102290129340398"
    pin: "{{ vault_pin }}"
    backup_file: /var/lib/wabiz/106540352242922/backup.json
    backup_password: "{{ vault_backup_password }}"
    onprem_ca_path: /etc/wabiz/node-ca.pem
    onprem_password: "{{ vault_onprem_password }}"
    access_token: "{{ vault_access_token }}"

- name: Register a number whose node is gone and that has no backup (its Official Business Account status is lost)
  wabiz.migration.wa_register:
    phone_number_id: "106540352242922"
    check_node: false
    without_backup: true
    # The PIN and the access token come from WABIZ_PIN and WABIZ_ACCESS_TOKEN.

- name: Take a number off the Cloud API
  wabiz.migration.wa_register:
    phone_number_id: "106540352242922"
    state: deregistered
    check_node: false
"""

RETURN = r"""
---
waiting:
  description: Whether nothing was done yet because of something that passes by itself. The task has to be called again.
  returned: with return_when_waiting=true, where it has to wait
  type: bool
why:
  description: What it waits for.
  returned: when waiting
  type: str
wait_until:
  description: Before when it is no use to call again, in UTC seconds since the epoch. 0 where that is not known.
  returned: when waiting
  type: float
location:
  description: Where the number is after the task (in check mode, where it is now), decided from both sides together.
  returned: when the number could be read
  type: str
  sample: CLOUD
  choices: [ON_PREMISES, CLOUD, NEITHER, UNKNOWN]
platform_type:
  description: What the Graph API says, such as V(CLOUD_API), V(ON_PREMISE) or V(NOT_APPLICABLE).
  returned: when the number could be read
  type: str
  sample: CLOUD_API
status:
  description: The status of the number in the Graph API. V(CONNECTED) when all is well, V(PENDING) while it settles.
  returned: when the number could be read
  type: str
  sample: CONNECTED
registration:
  description: What came of the one call.
  returned: success
  type: dict
  contains:
    outcome:
      description:
        - V(registered) or V(deregistered) where it was done in this run. Otherwise it says in words why nothing was
          to do, or, in check mode, what would be done. It names a number that the phone app and the Cloud API serve
          together (coexistence), which is left alone.
        - How an attempt ended that failed stands in RV(failure) and in the record.
      type: str
      sample: registered
    confirmed:
      description: V(true) where an earlier run has registered the number, and none has compared it since with what it
        was before. The key is missing everywhere else.
      type: bool
    attempts_left:
      description: Attempts that the budget still allows in the moving 72 hours, the reserve not counted. Attempts by
        others are unknown. Told where registering was at issue.
      type: int
      sample: 7
    attempted_at:
      description: When the attempt was made, in UTC by the clock of the machine that keeps the record. Told where one
        was made.
      type: str
      sample: "2026-11-21T09:31:12Z"
    confirmed_after:
      description: Seconds from the call until the number was seen to have settled. Told where a call was made.
      type: float
      sample: 3.2
    pin:
      description: What a wrong PIN would do. Told in check mode where registering was at issue.
      type: str
    waived:
      description: The waivers that opened the door, each with C(id), C(who), C(why) and C(until). Told where
        registering was at issue.
      type: list
      elements: dict
    backup:
      description: What the backup still lacks, which an earlier task of the same flow may make. Told in check mode
        where registering was at issue.
      type: str
attempt_log:
  description: Path of the durable record on the inventory host.
  returned: success
  type: str
  sample: /var/lib/wabiz/106540352242922/attempt_log.json
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
from ..module_utils._operations import register


def main() -> None:
    _module_runner.run("wa_register", register.perform)


if __name__ == "__main__":
    main()
