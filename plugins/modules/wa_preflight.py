#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: read both sides and say what stands in the way (operation preflight)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_preflight
short_description: Check whether a number is ready to move to the Cloud API
version_added: 0.1.0
description:
  - Reads the number in the Graph API, its WhatsApp Business Account (WABA), the app's subscription, the On-Premises
    node and the durable record, and returns findings and a plan. It changes nothing.
  - A finding of severity V(blocker) keeps the number out of the cutover. It does not fail the task, so that all
    numbers can be looked at in one go.
options:
  restore_profile:
    description: Whether a number that has moved already has still work, because its profile may have to be put back.
    type: bool
    default: false
  phone_number_id:
    required: true
  waba_id:
    required: true
  clear_two_step:
    description:
      - Whether the migration clears two-step verification on the node before it registers the number. O(pin) is
        needed all the same, because it becomes the new PIN of a number that is not registered with the Cloud API yet.
    type: bool
    default: false
  app_id:
    description:
      - ID of the Meta app that the access token has to belong to, and whose subscription is looked at. Where it is not
        set, any app will do, and the Graph API is asked which one it is.
      - Needed, unless O(app_access_token) is given, where the Graph API does not let the access token inspect itself.
        It does so for the token of a user who owns or develops the app only.
    type: str
  app_access_token:
    description:
      - Access token of the app itself (C(APP_ID|APP_SECRET), or one made with them), which Graph shows the app's own
        webhook fields to. Where it is not set, they are not looked at, and a note says so.
      - It also inspects the access token where that may not inspect itself.
      - It goes to the server of O(graph_url) only, in the header.
      - The environment variable E(WABIZ_APP_ACCESS_TOKEN) on the controller is used where the option is not set.
    type: str
  token_must_last:
    description:
      - Seconds that the access token has to be valid for from here, and in any case to the end of the change window
        that is open or opens next (O(window)). One that expires earlier is a blocker, because the migration could end
        in the middle.
    type: int
    default: 86400
  vars_prefix:
    description:
      - With V(wa_migrate_), the inputs of the role C(wabiz.migration.wa_migrate) are checked against the role's
        contract too, and the hosts of the play are compared. A number or a node that two of them claim is a fault of
        both. Hosts are told apart by C(wa_migrate_phone_number_id), C(wa_migrate_onprem_url), C(ansible_host) and
        C(ansible_port).
    type: str
  purpose:
    description:
      - What the number is used for, one of the words of O(purpose_rules). By default these are V(customer_support),
        V(notifications), V(commerce), V(authentication), V(marketing), V(internal), V(general_purpose_assistant) and
        V(other).
      - A prohibited purpose is a blocker. Since 2026-01-15 that is V(general_purpose_assistant), where an AI assistant
        for anything is what the number is for. Numbers of the European Economic Area with Italy and of Brazil are
        exempt, which is a warning. Where the purpose is not set, a warning says so.
    type: str
  purpose_rules:
    description:
      - Your own rules in place of those of this collection, one dictionary for each purpose, with the keys
        C(purpose) and C(meaning), for a prohibited one also C(prohibited_since), C(reason) and C(sources), and
        optionally C(prohibited_until), C(users), C(operators) and C(exemptions).
      - An exemption has the keys C(name), C(country_codes), C(confidence) (low, medium or high), C(lifts), C(message) and
        C(source), optionally C(since) and C(until). With C(lifts) true it turns the blocker into a warning.
      - Dates are written like 2026-01-15.
    type: list
    elements: dict
  plan:
    description:
      - "The plan that was approved: the path of a plan file on the controller, the digest of this number (p...), or the
        mapping C({digest, numbers}) of the digests of many numbers. A number that is not as it has it gets a finding
        of severity V(blocker)."
      - The digest of a fleet (f...) is taken too. M(wabiz.migration.wa_report) compares it.
    type: raw
  batch:
    description:
      - A word for the hosts that are read together. One request for the list of a WABA then answers for all of its
        numbers, and a number is read by itself only where that list does not tell it.
    type: str
  details:
    description:
      - Whether the result holds all that was read. With V(false), C(number) holds what the number is called and
        where it is, C(plan) what is to be done to which number, and C(node) what a later sample of its traffic is
        compared with, unless the task fails, Ansible is verbose (C(-v)), or shows differences (C(--diff)). A run
        keeps the results of all of its hosts, so this is what its memory grows by.
    type: bool
    default: true
attributes:
  check_mode:
    support: full
    details:
      - The task reads and changes nothing, in check mode as well.
      - In check mode nothing is sent to O(webhook_url), because a sample event is no read, and a note says so.
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
      - The task runs on the controller. Where the connection is not local, it ships M(wabiz.migration.wa_onprem_info)
        to the inventory host to read the node from there, and reads O(state_dir) over the same connection.
      - C(WABIZ_*) environment variables are read on the controller.
  become:
    description: Is usable alongside C(become) keywords.
    support: partial
    details:
      - Counts for what is read on the inventory host over a connection that is not local.
notes:
  - With O(webhook_url) the endpoint is sent sample events, once per run for each address and WABA. They carry the ids
    of the number that came first. These requests go to your own endpoint and to nothing of Meta's. They are sent from
    where the Graph API is called.
  - O(pin) is needed, and O(backup_password) unless O(without_backup=true), so that nothing is found missing later.
    Neither is sent anywhere. Nobody can tell a wrong PIN from a right one before the register call.
  - "What the plan ends with cannot be taken back: registration with the On-Premises API has been closed since
    2025-10-23."
extends_documentation_fragment:
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
  - wabiz.migration.cutover.rules
  - wabiz.migration.cutover.override
  - wabiz.migration.cutover.waivers
  - wabiz.migration.webhook
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
- name: Look at both sides
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
location:
  description: Where the number is, decided from both sides together.
  returned: success
  type: str
  sample: ON_PREMISES
  choices: [ON_PREMISES, CLOUD, NEITHER, UNKNOWN]
work:
  description: Whether there is something to be done.
  returned: success
  type: bool
  sample: true
unverified:
  description:
    - Whether the number is on the Cloud API, by a run of this collection, and none has compared it since with what it
      was before. A migration verifies it then, so there is RV(work).
    - V(null) where its record cannot be read, as when the host has been switched off. That is no fault.
  returned: success
  type: bool
  sample: false
blocked:
  description: Whether a finding of severity V(blocker) keeps the number out.
  returned: success
  type: bool
  sample: false
takes:
  description: Which steps a migration of this number takes, by the names of their modules, in this mode.
  returned: success
  type: dict
  sample: {wa_two_step: false, wa_snapshot: true, wa_backup: true, wa_health: true, wa_compare: true}
backup_file:
  description: Where its backup lies on the inventory host. V(null) where it is to move without one.
  returned: success
  type: str
findings:
  description: What stands in the way, or deserves a look.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Stable name of the finding.
      type: str
    severity:
      description: V(blocker) keeps the number out, V(warning) wants a decision, V(note) is for information.
      type: str
      choices: [blocker, warning, note]
    number:
      description: The number that it is about.
      type: str
    seen:
      description: What was seen.
      type: str
    fix:
      description: What to do about it.
      type: str
    source:
      description: Where it was seen, such as the call or the file.
      type: str
    waived:
      description: Told where a waiver is in force, with C(who), C(why) and C(until). The blocker does not block then.
      type: dict
number:
  description: What the Graph API says about the number. A field that the API left out is V(null).
  returned: when the Graph API answered
  type: dict
  contains:
    id:
      description: The phone number ID.
      type: str
      sample: "106540352242922"
    display_phone_number:
      description: The number as Meta writes it.
      type: str
      sample: +1 631-555-1019
    verified_name:
      description: The display name that customers see.
      type: str
    name_status:
      description: Review status of the display name, such as V(APPROVED). A name that is V(EXPIRED) or V(NONE) has no
        valid certificate, and the number cannot be registered.
      type: str
    platform_type:
      description:
        - V(CLOUD_API), V(ON_PREMISE) or V(NOT_APPLICABLE) (registered with neither). Taken from C(host_platform) where
          the answer has that field only.
        - V(ON_PREMISE) is also what a number of the WhatsApp Business phone app shows. C(is_on_biz_app) tells it from
          one of a node.
      type: str
      sample: ON_PREMISE
    is_on_biz_app:
      description:
        - Whether the number lives in the WhatsApp Business phone app. With C(platform_type=CLOUD_API) both serve it
          together (coexistence). Otherwise it cannot be registered.
        - V(null) where this version of the Graph API does not tell.
      type: bool
      sample: false
    status:
      description: An open set. V(CONNECTED), V(DISCONNECTED), V(PENDING), V(FLAGGED), V(RESTRICTED), V(BANNED) and
        others are known.
      type: str
      sample: CONNECTED
    code_verification_status:
      description: Only a V(VERIFIED) number can be registered.
      type: str
      sample: VERIFIED
    quality_rating:
      description: V(GREEN), V(YELLOW), V(RED), V(UNKNOWN) or V(NA).
      type: str
      sample: GREEN
    messaging_limit:
      description: The messaging limit tier, such as V(TIER_1K).
      type: str
      sample: TIER_1K
    is_official_business_account:
      description: Whether the number is an Official Business Account.
      type: bool
    is_pin_enabled:
      description: Whether two-step verification is on.
      type: bool
    throughput:
      description: V(STANDARD), V(HIGH) or V(NOT_APPLICABLE).
      type: str
      sample: STANDARD
    account_mode:
      description: V(LIVE) or V(SANDBOX).
      type: str
      sample: LIVE
    webhook_configuration:
      description: The effective webhook addresses of the number, its WABA and the app.
      type: dict
    health_status:
      description: The messaging health as the API tells it. M(wabiz.migration.wa_health) judges it.
      type: dict
node:
  description: What the On-Premises node says about itself. What the node left out is V(null).
  returned: when the node answered
  type: dict
  contains:
    serving:
      description:
        - V(serving) where at least one gateway is connected, V(not serving) where all are disconnected or
          unregistered, V(unclear) otherwise.
      type: str
      sample: serving
    gateway:
      description: The state of every gateway as one phrase.
      type: str
      sample: connected
    registered:
      description: Whether the client says that a number is registered. V(null) where it does not tell.
      type: bool
    refused:
      description: What the node refused to tell, by name and error code.
      type: list
      elements: str
    nodes_connected:
      description: How many gateways are connected. In multiconnect, standby nodes are normally disconnected.
      type: int
      sample: 1
    nodes:
      description: Each gateway with C(name), C(gateway_status) and C(role). Where the node tells an error in place of a
        status, C(gateway_status) is C(error:) and its words.
      type: list
      elements: dict
    multiconnect:
      description: Whether this is a multiconnect or high-availability deployment.
      type: bool
    wa_id:
      description: The number that the node serves, as digits.
      type: str
      sample: "16315551019"
    client_version:
      description: Version of the On-Premises client.
      type: str
      sample: v2.61.1
    expires_at:
      description: When this client build expires, in UTC.
      type: str
      sample: "2027-01-31T00:00:00Z"
    shards:
      description: Number of shards. Two or more lead to high throughput on the Cloud API.
      type: int
      sample: 1
    queues:
      description: Waiting work by the name of its gauge, such as C(callback_queue_size) and C(db_pending_messages).
      type: dict
    profile:
      description: The business profile (C(business)) and the about text (C(about)), to compare with after the move.
      type: dict
    webhooks:
      description: The node's webhook settings.
      type: dict
    stickerpacks:
      description: How many stickerpacks the node has.
      type: int
      sample: 0
    certificates:
      description: Whether the node has a CA of its own for its TLS (C(external_ca)) and for callbacks (C(webhook_ca)).
      type: dict
plan:
  description: What the migration would do with this number.
  returned: success
  type: dict
  contains:
    digest:
      description: Digest of C(situation), the letter p and 24 hexadecimal digits.
      type: str
      sample: p0c4f3f0b9a1d2e3c4b5a6978
    situation:
      description: The facts that the plan stands on. What fluctuates, such as ages and rates, is none of them.
      type: dict
    target:
      description: Where the number is afterwards.
      type: str
      sample: CLOUD
    requests:
      description: The requests that would be sent and change something, in order, secrets as C(***).
      type: list
      elements: str
    attempts_left:
      description: How many register requests the budget still allows. V(null) where the record was not read.
      type: int
    budget:
      description: The same in words.
      type: str
    wrong_pin:
      description: What a wrong PIN would do.
      type: str
    downtime:
      description: For how long the number would not be reachable, and what happens to messages meanwhile.
      type: str
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
sent:
  description: Requests that left before the failure and may have changed something, those of earlier tasks of this run
    for the same host among them. Empty where nothing, or nothing but reads, was sent.
  returned: failure, unless an option is wrong
  type: list
  elements: str
  sample: [POST subscribed_apps of WABA 102290129340398, POST backup on the node]
would_be_refused:
  description: Whether a rule of this collection would refuse the task without check mode too.
  returned: failure by such a rule in check mode
  type: bool
"""

from ..module_utils import _module_runner
from ..module_utils._operations import preflight


def main() -> None:
    _module_runner.run("wa_preflight", preflight.perform)


if __name__ == "__main__":
    main()
