#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: judge the messaging health of a number or a WABA (operation health)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_health
short_description: Check whether a business phone number or a WhatsApp Business Account can send messages
version_added: 0.1.0
description:
  - Reads the C(health_status) of a number or of a WhatsApp Business Account (WABA) and fails if it is worse than
    O(require) (step 4 of Meta's guide). Set exactly one of O(phone_number_id) and O(waba_id), or both with O(batch).
  - The verdict is the worst C(can_send_message) of all entities (number, WABA, business, app). Errors about calls over
    SIP (codes 1380xx) are ignored, because they do not affect messages.
options:
  require:
    description:
      - V(available) requires that every entity can send.
      - V(limited) also accepts entities with limits.
      - V(none) accepts every verdict, so that the task only reports.
    type: str
    choices: [none, limited, available]
    default: available
  batch:
    description:
      - A name for the hosts that are checked together. With it, and with both O(waba_id) and O(phone_number_id), one
        request for the list of the WABA answers for all of them. The task reads a number separately only if that list
        does not show it as healthy.
    type: str
  details:
    description:
      - Whether the result has everything that was read. With V(false), C(entities) is empty, unless the task fails,
        Ansible is verbose (C(-v)) or shows differences (C(--diff)). A run keeps the results of all of its hosts in
        memory, so V(false) saves memory in large fleets.
    type: bool
    default: true
  wait:
    description:
      - Seconds to wait for a number that is in transition (status V(PENDING), or code 131057 during a throughput
        upgrade) or that does not meet O(require) yet.
      - With V(0) it is read once.
    type: float
    default: 0.0
  wait_interval:
    description: Seconds between two reads.
    type: float
    default: 2.0
extends_documentation_fragment:
  - wabiz.migration.graph
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.number.waba_id
  - wabiz.migration.attributes
  - wabiz.migration.attributes.reads
  - wabiz.migration.attributes.on_controller
seealso:
  - module: wabiz.migration.wa_number_info
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Wait up to two minutes until the number can send
  wabiz.migration.wa_health:
    phone_number_id: "106540352242922"
    require: limited
    wait: 120

- name: Read the health of the WhatsApp Business Account
  wabiz.migration.wa_health:
    waba_id: "102290129340398"
    require: none
  register: health

- name: Show the reasons
  ansible.builtin.debug:
    var: health.reasons
"""

RETURN = r"""
---
verdict:
  description: The worst of all entities. V(UNKNOWN) if the API returned none.
  returned: when the API answered
  type: str
  sample: AVAILABLE
  choices: [AVAILABLE, LIMITED, BLOCKED, UNKNOWN]
entities:
  description: The entities as the API returned them.
  returned: when the API answered
  type: list
  elements: dict
  contains:
    entity_type:
      description: V(PHONE_NUMBER), V(WABA), V(BUSINESS), V(APP) or another.
      type: str
    id:
      description: ID of the entity.
      type: str
    can_send_message:
      description: V(AVAILABLE), V(LIMITED) or V(BLOCKED).
      type: str
    errors:
      description: The errors of the API, each with C(error_code), C(error_description) and C(possible_solution). SIP
        errors are left out.
      type: list
      elements: dict
    additional_info:
      description: The remarks of the API.
      type: list
      elements: str
reasons:
  description: Why the verdict is not V(AVAILABLE), one text for each reason.
  returned: when the API answered
  type: list
  elements: str
  sample: ["BUSINESS 506914307656634: 141010 The Business has not passed business verification."]
stable:
  description: V(false) while the status of the number is V(PENDING) or the number is in maintenance (131057).
  returned: when the API answered
  type: bool
  sample: true
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
from ..module_utils._operations import health


def main() -> None:
    _module_runner.run(health.MODULE)


if __name__ == "__main__":
    main()
