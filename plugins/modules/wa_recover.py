#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: say what the one next step of a number is that may be stuck (operation recover)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_recover
short_description: Say what the one next step of a stuck business phone number is
version_added: 0.1.0
description:
  - Reads both APIs, the attempt log, the exit log, the codes, the snapshot and the backup of a number, the subscription
    of its WABA, and its profile on the Cloud API. Says in plain words where the number stands, and proposes exactly one
    next step, with the reason why that is safe.
  - It only reads. The playbook C(recover) of this collection takes the step with C(wa_recover_apply=true), through the
    other modules. C(docs/recover.md) has the table of states and steps.
  - What cannot be read is no failure. Then nothing is proposed that sends anything.
options:
  phone_number_id:
    required: true
  waba_id:
    required: true
  new_pin:
    description:
      - A new PIN, six digits in quotes, if nobody knows the present one. The step is then to set it once by
        M(wabiz.migration.wa_two_step) (O(wabiz.migration.wa_two_step#module:once)).
    type: str
  app_id:
    description:
      - ID of the app that has to be subscribed. If it is not set, the task asks the Graph API for the app of the access
        token (C(debug_token)).
    type: str
  app_access_token:
    description:
      - Access token of the app itself. It inspects the access token if that cannot inspect itself.
      - If the option is not set, the environment variable E(WABIZ_APP_ACCESS_TOKEN) on the controller is used.
    type: str
  pin_changed_at:
    description:
      - When the PIN of this number was changed after a register call was refused for a wrong PIN (133005), in WhatsApp
        Manager or by a correction of O(pin). A time like V(2026-11-26T14:03:00Z), in quotes. A time without a zone is
        UTC.
    type: str
  lane:
    description:
      - With V(code) the node is not asked, and Graph alone says where the number is. Set it where no node is left.
        V(waba) means the same here.
      - Otherwise the node is asked. One that is surely gone (connection refused, expired, database lost) counts as
        that. In doubt the number is unknown, and is not registered.
    type: str
    choices: [auto, backup, code, waba]
    default: auto
  accept_loss:
    description:
      - What a number may lose that is registered without a backup. Without this word of yours no number is.
    type: list
    elements: str
    choices: [profile, official_business_account]
    default: []
  backup_max_age:
    description: Maximum age in seconds of a stored backup that is used.
    type: int
    default: 86400
  code:
    description: The one-time code of the number, in quotes.
    type: str
  codes_file:
    description: A file on the controller with the codes of many numbers, as for M(wabiz.migration.wa_verify).
    type: path
  phone_number:
    description: The phone number itself, by which O(codes_file) may name it.
    type: str
  bring_back:
    description: Whether a number that was taken off the Cloud API on purpose (M(wabiz.migration.wa_deregister)) is to
      return to it.
    type: bool
    default: false
  again:
    description: State that the cause of the last refusals is gone, so that one more register request makes sense.
    type: bool
    default: false
  wait:
    description: Seconds for which the number is read again where only that can tell, such as after a lost answer.
    type: float
    default: 0.0
  wait_interval:
    description: Seconds between two reads.
    type: float
    default: 2.0
  attempts_limit:
    description: Register calls that Meta allows for one number in 72 hours.
    type: int
    default: 10
  attempts_reserve:
    description: Attempts of O(attempts_limit) that are reserved for recovery by hand.
    type: int
    default: 2
attributes:
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
extends_documentation_fragment:
  - wabiz.migration.profile
  - wabiz.migration.code.move
  - wabiz.migration.onprem
  - wabiz.migration.graph
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.number.waba_id
  - wabiz.migration.code
  - wabiz.migration.cutover.pin
  - wabiz.migration.cutover.backup_password
  - wabiz.migration.cutover.state_dir
  - wabiz.migration.cutover.state_durable
  - wabiz.migration.attributes
  - wabiz.migration.attributes.reads
seealso:
  - module: wabiz.migration.wa_register
  - module: wabiz.migration.wa_verify
  - module: wabiz.migration.wa_two_step
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Ask for the next step of a number whose node is gone
  wabiz.migration.wa_recover:
    phone_number_id: "106540352242922"
    waba_id: "102290129340398"
    lane: code
    accept_loss: [profile]
    access_token: "{{ vault_access_token }}"
"""

RETURN = r"""
---
state:
  description: The state of the number in a few words.
  returned: success
  type: str
  sample: not verified
why:
  description: Why it is in this state.
  returned: success
  type: str
step:
  description:
    - The next step. V(nothing), or V(read), V(wait) and V(person) for what sends nothing, or V(confirm), V(subscribe),
      V(compare), V(ask_code), V(hand_in), V(finish), V(new_pin) and V(register).
  returned: success
  type: str
  sample: ask_code
does:
  description: The step as a phrase.
  returned: success
  type: str
  sample: ask for a code by SMS
safe:
  description: Why the step is safe.
  returned: success
  type: str
person:
  description: Whether somebody has to do or to decide something first.
  returned: success
  type: bool
  sample: false
wait_until:
  description: When to come again, if that is known.
  returned: success
  type: str
number:
  description: The phone number as the Graph API shows it.
  returned: success
  type: str
phone_number_id:
  description: Its ID.
  returned: success
  type: str
location:
  description: V(ON_PREMISES), V(CLOUD), V(NEITHER) or V(UNKNOWN), by both APIs together.
  returned: success
  type: str
platform_type:
  description: What the Graph API says of it.
  returned: success
  type: str
status:
  description: The status by the Graph API.
  returned: success
  type: str
refused:
  description: The code with which the last register request was refused.
  returned: success
  type: int
attempts_left:
  description: Register requests that are left in 72 hours by the attempt log.
  returned: success
  type: int
  sample: 7
asked:
  description: What was read.
  returned: success
  type: list
  elements: str
  sample: [Graph, logs, node]
attempts:
  description: The register requests of the attempt log, the oldest first, as M(wabiz.migration.wa_state_info) returns
    them.
  returned: success
  type: list
  elements: dict
profile:
  description: The part of O(profile) that is empty now.
  returned: success
  type: dict
  sample: {about: Open Monday to Friday}
register:
  description: What M(wabiz.migration.wa_register) needs for the step V(register).
  returned: if that is the step
  type: dict
  sample: {lane: code, check_node: false, pin_changed_at: null, backup_file: null}
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
from ..module_utils._operations import recover


def main() -> None:
    _module_runner.run(recover.MODULE)


if __name__ == "__main__":
    main()
