#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: register a number with the Cloud API, the point of no return (operation register)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_register
short_description: Register a business phone number with the Cloud API, or deregister it
version_added: 0.1.0
description:
  - Moves a business phone number from the On-Premises API to the Cloud API (C(POST /<PHONE_NUMBER_ID>/register), step 3
    of Meta's guide). B(You cannot undo this,) because registration with the On-Premises API has been closed since
    2025-10-23.
  - The task reads the number first. It sends no request if the number is registered with the Cloud API already, and
    fails if the location of the number is unknown.
  - The task also fails before it sends a request if the number is in the WhatsApp Business phone app (C(is_on_biz_app))
    or its display name has no valid certificate (C(name_status) is V(EXPIRED) or V(NONE)). Meta refuses to register
    such a number, and each try uses one of ten attempts.
  - One run of the task sends at most one register call. If the answer is lost, late or unclear, the task confirms the
    outcome by reading and never repeats the call.
  - An attempt log on the inventory host stores the intent before the call and the outcome after it. A run after a kill,
    on any controller, continues where the first one ended.
  - A run that sends the call takes a lease on the number. If another run has the lease and is alive, the task fails and
    names that run. If the task cannot see whether it is alive, because it ran in another container or on another
    machine, the task waits. It decides when that run returns the lease, the lease expires, or the number is on the
    Cloud API.
options:
  phone_number_id:
    required: true
  state:
    description:
      - V(registered) registers the number with the Cloud API. This removes it from the On-Premises API for good.
      - V(deregistered) removes the number from the Cloud API. It can then neither send nor receive until it is
        registered again. M(wabiz.migration.wa_deregister) does the same with fewer options.
    type: str
    choices: [registered, deregistered]
    default: registered
  backup_file:
    description:
      - Absolute path on the inventory host of the file that M(wabiz.migration.wa_backup) made.
      - Required with O(state=registered), unless O(without_backup=true). The task checks the file again before the
        register call, and sends it unmodified.
    type: path
  backup_digest:
    description:
      - The C(digest) that M(wabiz.migration.wa_backup) returned in the same play for the same O(backup_password). A
        file of this digest fits the password, so the task skips the decryption test, which takes longer than any
        request.
      - A file with another digest is tested, as without this option.
    type: str
  check_node:
    description:
      - Whether to read the On-Premises node too. Both APIs together then determine the location of the number, and the
        task confirms that the node serves this number. The options of the connection to the node are then required.
      - With V(false) the Graph API alone determines the location. Use it only if the node is gone for good.
    type: bool
    default: true
  traffic:
    description:
      - An earlier traffic sample of the node, as M(wabiz.migration.wa_traffic) returns it. With O(require_quiet=true)
        the task reads the traffic once more right before the register call, and does not register the number if the
        node is busy.
    type: dict
  location:
    description:
      - The C(location) that M(wabiz.migration.wa_preflight) returned for this number. The task reads the location again
        and uses the new value.
      - With V(CLOUD), M(wabiz.migration.wa_steps) does not refuse the task before its first step, because the number is
        registered already.
    type: str
    choices: [ON_PREMISES, CLOUD, NEITHER, UNKNOWN]
  findings:
    description:
      - The C(findings) that M(wabiz.migration.wa_preflight) returned for this number. The number is not registered if
        one of them is a blocker without a valid waiver in O(waivers), for example because its waiver has ended.
    type: list
    elements: dict
    default: []
  pin_cleared:
    description:
      - Whether two-step verification was cleared on the node earlier in this run. O(pin) then becomes the new PIN of
        the number, if that is not registered with the Cloud API yet, and cannot be wrong.
      - After a wrong PIN in a run, only numbers with V(true) are registered in that run.
    type: bool
    default: false
  continue_after_wrong_pin:
    description:
      - Whether to register a number although the PIN of another number of this run was wrong. If the source of the PINs
        is wrong, every further wrong PIN takes down the node of its number.
    type: bool
    default: false
  return_when_waiting:
    description:
      - Whether the task succeeds with C(waiting) when it would have to wait. The caller can then wait for many numbers
        at once, and no number blocks a worker. Reasons to wait are a pause (O(freeze)), a rate limit of the Graph API,
        the limit O(max_parallel_cutovers_per_waba), and another run that may be moving the number.
      - With V(false) the task fails on a pause, and waits for a free slot or another run.
    type: bool
    default: false
  recover:
    description:
      - Whether to register a number that is on neither API with its backup, although no wrong PIN is the reason.
        M(wabiz.migration.wa_recover) says when that is the next step. All other conditions hold.
    type: bool
    default: false
  max_parallel_cutovers_per_waba:
    description:
      - How many numbers of O(waba_id) this run registers at the same time at most. V(0) sets no limit.
    type: int
    default: 0
attributes:
  check_mode:
    support: full
    details:
      - In check mode the task reads both sides, the backup and the attempt log, and returns what it would do. It sends
        no call that changes something, and writes no attempt log, lease or file.
      - If the task would be refused without check mode, it fails in check mode too, with C(would_be_refused). A pause
        and a busy node are temporary, so they are warnings.
  diff_mode:
    support: full
  idempotent:
    support: full
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - The Ansible worker on the controller calls the Graph API, unless O(graph_via=host) is set.
      - O(state_dir) and O(backup_file) are paths on the inventory host. The node is called from there too, over the
        connection of the host in the same task. Do not delegate the task.
      - C(WABIZ_*) environment variables are read on the controller.
  become:
    description: Is usable alongside C(become) keywords.
    support: partial
    details:
      - Applies to reads and writes on the inventory host over a connection that is not local.
notes:
  - "Before you run it: registration with the On-Premises API has been closed since 2025-10-23. A number that has moved
    stays on the Cloud API."
  - With O(state=registered), O(pin) is required. O(backup_file) and O(backup_password) are required too, unless
    O(without_backup=true).
  - B(A wrong PIN takes the On-Premises node down) and does not move the number. The task then ends at once and repeats
    no request.
  - If O(waba_id) is set and the number does not belong to that account, no register call is sent.
  - WhatsApp drops messages to the number while it moves, usually for a few seconds. Choose a quiet time.
  - Subscribe the app first with M(wabiz.migration.wa_subscribe). Otherwise inbound messages wait for a subscription
    after the move.
  - The backup and the PIN leave the controller only in the body of the register call.
extends_documentation_fragment:
  - wabiz.migration.code.move
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
  - wabiz.migration.cutover.state_durable
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

- name: Register a number without node and backup
  wabiz.migration.wa_register:
    phone_number_id: "106540352242922"
    check_node: false
    without_backup: true
    # The number loses its Official Business Account status.
    # The PIN and the access token come from WABIZ_PIN and WABIZ_ACCESS_TOKEN.

- name: Remove a number from the Cloud API
  wabiz.migration.wa_register:
    phone_number_id: "106540352242922"
    state: deregistered
    check_node: false
"""

RETURN = r"""
---
waiting:
  description: Whether the task did nothing yet because it has to wait. Call it again.
  returned: with return_when_waiting=true, if it has to wait
  type: bool
why:
  description: The reason to wait.
  returned: when waiting
  type: str
wait_until:
  description: The earliest useful time of the next call, in UTC seconds since the epoch. 0 if it is unknown.
  returned: when waiting
  type: float
location:
  description: The location of the number after the task (in check mode the current one), determined from both APIs
    together.
  returned: when the number could be read
  type: str
  sample: CLOUD
  choices: [ON_PREMISES, CLOUD, NEITHER, UNKNOWN]
platform_type:
  description: The value of the Graph API, such as V(CLOUD_API), V(ON_PREMISE) or V(NOT_APPLICABLE).
  returned: when the number could be read
  type: str
  sample: CLOUD_API
status:
  description: The status of the number in the Graph API. V(CONNECTED) is the normal one, V(PENDING) is a transition.
  returned: when the number could be read
  type: str
  sample: CONNECTED
registration:
  description: The outcome of the register or deregister call.
  returned: success
  type: dict
  contains:
    outcome:
      description:
        - V(registered) or V(deregistered) if this run did it. Otherwise a sentence says why there was nothing to do or,
          in check mode, what the task would do. It also names a number that the phone app and the Cloud API serve
          together (coexistence). Such a number is not changed.
        - The outcome of a failed attempt is in RV(failure) and in the attempt log.
      type: str
      sample: registered
    confirmed:
      description: V(true) if an earlier run registered the number, and no run has compared it with its state before the
        move since. Otherwise the key is missing.
      type: bool
    attempts_left:
      description: Attempts that are left in the moving 72 hours, without the reserve. Attempts with other tools are
        unknown. Only if the number was to be registered.
      type: int
      sample: 7
    attempted_at:
      description: When the attempt was made, in UTC by the clock of the machine with the attempt log. Only after an
        attempt.
      type: str
      sample: "2026-11-21T09:31:12Z"
    confirmed_after:
      description: Seconds from the call until the outcome was confirmed. Only after a call.
      type: float
      sample: 3.2
    pin:
      description: What a wrong PIN would do. Only in check mode, if the number was to be registered.
      type: str
    waived:
      description: The waivers that allowed the registration, each with C(id), C(who), C(why) and C(until). Only if the
        number was to be registered.
      type: list
      elements: dict
    backup:
      description: What the backup still lacks, which an earlier task of the same run may make. Only in check mode, if
        the number was to be registered.
      type: str
attempt_log:
  description: Path of the attempt log on the inventory host.
  returned: success
  type: str
  sample: /var/lib/wabiz/106540352242922/attempt_log.json
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
from ..module_utils._operations import register


def main() -> None:
    _module_runner.run(register.MODULE)


if __name__ == "__main__":
    main()
