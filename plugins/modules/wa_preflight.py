#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: read both sides and report blockers (operation preflight)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_preflight
short_description: Check whether a number is ready to move to the Cloud API
version_added: 0.1.0
description:
  - Reads the number in the Graph API, its WhatsApp Business Account (WABA), the subscription of the app, the
    On-Premises node and the attempt log. Returns findings and a plan, and changes nothing.
  - A finding of severity V(blocker) keeps the number out of the cutover. It does not fail the task.
options:
  keep_failure:
    description:
      - Whether a failure leaves the host in the play. The task then succeeds, and RV(failure_kept) is V(true).
        M(wabiz.migration.wa_report) reports the host as failed, and fails it with C(verdict).
    type: bool
    default: false
  accept_loss:
    description: What the number may lose without a backup. It takes lane V(code) only with all that it stands to lose.
    type: list
    elements: str
    choices: [profile, official_business_account]
    default: []
  restore_profile:
    description: Whether lost fields of the profile are restored. A number that has moved may then still need work.
    type: bool
    default: false
  phone_number_id:
    required: true
  waba_id:
    required: true
  clear_two_step:
    description:
      - Whether the migration clears two-step verification on the node before it registers the number. O(pin) is
        required in any case, because it becomes the new PIN of a number that is not registered with the Cloud API yet.
    type: bool
    default: false
  app_id:
    description:
      - ID of the Meta app that the access token must belong to, and whose subscription is checked. If it is not set,
        any app is accepted, and the Graph API is asked for its ID.
      - Required if the access token cannot inspect itself and O(app_access_token) is not set. Only the token of a user
        who owns or develops the app can inspect itself.
    type: str
  app_access_token:
    description:
      - Access token of the app itself (C(APP_ID|APP_SECRET), or one made with them). With it Graph returns the webhook
        fields of the app. Without it they are not checked, and a note says so.
      - It also inspects the access token if that cannot inspect itself. It is sent to O(graph_url) only, in the header.
      - If the option is not set, the environment variable E(WABIZ_APP_ACCESS_TOKEN) on the controller is used.
    type: str
  token_must_last:
    description:
      - Seconds for which the access token must stay valid from now. It must also be valid until the end of the change
        window that is open or opens next (O(window)). A token that expires earlier is a blocker, because the migration
        could stop in the middle.
    type: int
    default: 86400
  plan:
    description:
      - The approved plan. Either the path of a plan file on the controller, the digest of this number (p...), or the
        mapping C({digest, numbers}) with the digests of many numbers. A number that differs from the plan gets a
        finding of severity V(blocker).
      - The digest of a fleet (f...) is also accepted. M(wabiz.migration.wa_report) compares it.
    type: raw
  batch:
    description:
      - A name for the hosts that are read together. One request for the list of a WABA then answers for all of its
        numbers. A number is read separately only if it is missing from that list.
    type: str
  details:
    description:
      - Whether the result has everything that was read. With V(false), C(number) has only C(id),
        C(display_phone_number), C(platform_type) and C(status), C(plan.situation) only the two IDs, and C(node) only
        the traffic sample for a later comparison, unless the task fails, Ansible is verbose (C(-v)) or shows
        differences (C(--diff)). A run keeps the results of all of its hosts in memory, so V(false) saves memory in
        large fleets.
    type: bool
    default: true
attributes:
  check_mode:
    support: full
    details:
      - The task only reads, in check mode too.
      - In check mode no request is sent to O(webhook_url), because the endpoint would process a sample event. A note
        says so.
  diff_mode:
    support: N/A
    details:
      - The task changes nothing.
  idempotent:
    support: full
    details:
      - The task changes nothing.
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - The task runs on the controller. If the connection is not local, one execution on the inventory host reads the
        node from there and O(state_dir).
      - C(WABIZ_*) environment variables are read on the controller.
  become:
    description: Is usable alongside C(become) keywords.
    support: partial
    details:
      - Applies to reads on the inventory host over a connection that is not local.
notes:
  - With O(webhook_url) the endpoint receives sample events, once per run for each address and WABA, with the IDs of the
    first number. These requests go to your own endpoint only, never to Meta. The machine that calls the Graph API sends
    them.
  - O(pin) is required, and so is O(backup_password) unless O(without_backup=true), so that the cutover does not find
    them missing. The task sends neither of them. The PIN cannot be checked before it is used.
  - "The registration at the end of the plan is final: registration with the On-Premises API has been closed since
    2025-10-23."
extends_documentation_fragment:
  - wabiz.migration.profile
  - wabiz.migration.purpose
  - wabiz.migration.code.move
  - wabiz.migration.code.target
  - wabiz.migration.schedule
  - wabiz.migration.schedule.queues
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
  - wabiz.migration.code
  - wabiz.migration.cutover.override
  - wabiz.migration.cutover.waivers
  - wabiz.migration.webhook
  - wabiz.migration.application
  - wabiz.migration.echo
  - wabiz.migration.attributes
seealso:
  - module: wabiz.migration.wa_number_info
  - module: wabiz.migration.wa_onprem_info
  - module: wabiz.migration.wa_register
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Check whether the number is ready
  wabiz.migration.wa_preflight:
    phone_number_id: "106540352242922"
    waba_id: "102290129340398"
    pin: "{{ vault_pin }}"
    backup_password: "{{ vault_backup_password }}"
    onprem_password: "{{ vault_onprem_password }}"
    access_token: "{{ vault_access_token }}"
  register: preflight

- name: Stop at the first blocker
  ansible.builtin.assert:
    that: not preflight.blocked
    fail_msg: "{{ preflight.findings | map(attribute='fix') | join('; ') }}"
"""

RETURN = r"""
---
failure_kept:
  description: Whether the task failed and O(keep_failure) left the host in the play.
  returned: with keep_failure, if the task failed
  type: bool
location:
  description: The location of the number, determined from both APIs together.
  returned: success
  type: str
  sample: ON_PREMISES
  choices: [ON_PREMISES, CLOUD, NEITHER, UNKNOWN]
work:
  description: Whether a migration has something to do.
  returned: success
  type: bool
  sample: true
unverified:
  description:
    - Whether a run of this collection registered the number, and no run has compared it with its state before the move
      since. A migration then verifies it, so RV(work) is true.
    - V(null) if the attempt log cannot be read, for example because the host is switched off. That is no error.
  returned: success
  type: bool
  sample: false
blocked:
  description: Whether a finding of severity V(blocker) keeps the number out of the cutover.
  returned: success
  type: bool
  sample: false
takes:
  description: The steps of a migration of this number in this mode, by the names of their modules.
  returned: success
  type: dict
  sample: {wa_two_step: false, wa_snapshot: true, wa_backup: true, wa_health: true, wa_compare: true}
lane:
  description: The lane that the number takes, V(backup), V(code) or V(waba).
  returned: success
  type: str
  sample: backup
waiting_for_inventory:
  description: Whether the inventory needs the values of C(inventory) first, as with M(wabiz.migration.wa_number_move).
  returned: with lane V(waba)
  type: bool
check_node:
  description: Whether the node of the number is asked by later steps.
  returned: success
  type: bool
  sample: true
profile:
  description: O(profile) with the values that are sent, empty if nothing is stated.
  returned: success
  type: dict
  sample: {about: Open Monday to Friday}
restores_profile:
  description: Whether lost fields of the profile are restored, because that is wished or the number moves by a code.
  returned: success
  type: bool
  sample: false
without_backup:
  description: Whether the number moves without a backup.
  returned: success
  type: bool
  sample: false
backup_file:
  description: Path of the backup on the inventory host. V(null) if the number moves without one.
  returned: success
  type: str
findings:
  description: Blockers, warnings and notes about the number.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Stable ID of the finding.
      type: str
    severity:
      description: V(blocker) keeps the number out, V(warning) needs a decision, V(note) is for information.
      type: str
      choices: [blocker, warning, note]
    number:
      description: The number of the finding.
      type: str
    seen:
      description: What the task read.
      type: str
    fix:
      description: What to do about it.
      type: str
    source:
      description: Where the task read it, such as the call or the file.
      type: str
    waived:
      description: The waiver, with C(who), C(why) and C(until). Only if one is in force. The finding then does not
        block.
      type: dict
number:
  description: The number as the Graph API returns it, with the fields of
    RV(wabiz.migration.wa_number_info#module:number). See O(details).
  returned: when the Graph API answered
  type: dict
node:
  description: The state that the On-Premises node reports, with the fields of
    RV(wabiz.migration.wa_onprem_info#module:node) that findings go by (not the profile and the photo). A field that
    the node left out is V(null). See O(details).
  returned: when the node answered
  type: dict
plan:
  description: What a migration would do with this number.
  returned: success
  type: dict
  contains:
    digest:
      description: Digest of C(situation), the letter p and 24 hexadecimal digits.
      type: str
      sample: p0c4f3f0b9a1d2e3c4b5a6978
    situation:
      description: The facts that the plan depends on. Values that fluctuate, such as ages and rates, are excluded.
      type: dict
    target:
      description: The location of the number after the migration.
      type: str
      sample: CLOUD
    requests:
      description: The requests that would change something, in order, with secrets as C(***).
      type: list
      elements: str
    attempts_left:
      description: How many register requests the budget still allows. V(null) if the attempt log was not read.
      type: int
    budget:
      description: The budget in one sentence.
      type: str
    wrong_pin:
      description: What a wrong PIN would do.
      type: str
    downtime:
      description: How long the number would be unreachable, and what happens to messages meanwhile.
      type: str
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
from ..module_utils._operations import preflight


def main() -> None:
    _module_runner.run(preflight.MODULE)


if __name__ == "__main__":
    main()
