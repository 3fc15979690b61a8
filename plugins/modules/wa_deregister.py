#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: take a number off the Cloud API (operation deregister)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_deregister
short_description: Take a business phone number off the Cloud API
version_added: 0.1.0
description:
  - Sends C(POST /<PHONE_NUMBER_ID>/deregister) at most once, and confirms the answer by reading. B(The number then
    sends and receives nothing), until it is registered again.
  - The exit log on the inventory host (C(exit_log.json) in the folder of the number below O(state_dir)) has the intent
    before the request leaves, and what came of it. A run that was killed or lost the answer is continued by reading.
  - A number that is not on the Cloud API is left as it is. One whose register request has no known outcome is refused.
options:
  phone_number_id:
    required: true
  state_dir:
    description: The directory on the inventory host with the logs of the number.
    type: path
    default: /var/lib/wabiz
  after_node_yes:
    description: Whether to refuse unless M(wabiz.migration.wa_restore) with C(state=asked) has recorded, in the last
      ten minutes, that the node may register the number. A rollback sets this, so that a number does not end up on
      neither API.
    type: bool
    default: false
  confirm_number:
    description: The digits of the number, as the operator's word that this one is to be taken down. The task refuses
      any other number. Without it the IDs alone decide.
    type: str
  incomplete:
    description: Whether to send the request also for a number that is on neither API, once. Meta asks for that when it
      has refused a register request with 133000 (an earlier deregistration did not finish). No read shows the result,
      so only a clear answer counts.
    type: bool
    default: false
  register_timeout:
    description: Timeout in seconds of the request.
    type: float
    default: 90.0
  confirm_timeout:
    description: Seconds in which the task reads the number until it has left the Cloud API.
    type: float
    default: 120.0
  confirm_interval:
    description: Seconds between two reads.
    type: float
    default: 2.0
  attempts_limit:
    description: How many deregister requests Meta takes for a number in 72 hours.
    type: int
    default: 10
  attempts_reserve:
    description: How many of them are kept back. Requests that were sent by others are not known here.
    type: int
    default: 2
attributes:
  check_mode:
    support: full
    details:
      - In check mode the task reads the number and the logs, and sends and writes nothing.
  diff_mode:
    support: full
  idempotent:
    support: full
extends_documentation_fragment:
  - wabiz.migration.graph
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.number.waba_id
  - wabiz.migration.attributes
  - wabiz.migration.attributes.on_controller
seealso:
  - module: wabiz.migration.wa_restore
  - module: wabiz.migration.wa_register
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Take the number off the Cloud API after its node has said yes
  wabiz.migration.wa_deregister:
    phone_number_id: "106540352242922"
    after_node_yes: true
    access_token: "{{ vault_access_token }}"
"""

RETURN = r"""
---
platform_type:
  description: What the Graph API says of the number after the task.
  returned: success
  type: str
  sample: NOT_APPLICABLE
status:
  description: The status of the number after the task.
  returned: success
  type: str
  sample: DISCONNECTED
registration:
  description: What the task did, or would do in check mode.
  returned: success
  type: dict
  contains:
    outcome:
      description: V(deregistered), V(not on the Cloud API), V(finished) with O(incomplete) or, in check mode,
        V(would be deregistered) or V(would be finished).
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
from ..module_utils._operations import deregister


def main() -> None:
    _module_runner.run(deregister.MODULE)


if __name__ == "__main__":
    main()
