#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: add a number to another WABA (operation number_move)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_number_move
short_description: Move a business phone number to another WABA
version_added: 0.1.0
description:
  - Makes sure that a WhatsApp Business Account (WABA) has the number, by Meta's documented move between WABAs
    (C(POST /<WABA_ID>/phone_numbers) with C(migrate_phone_number)). The number gets a new phone number ID there.
  - This is not the migration from the On-Premises API to the Cloud API. The number serves where it is until it is
    verified and registered with its new ID. See M(wabiz.migration.wa_verify) and M(wabiz.migration.wa_register).
  - The list of the target WABA decides. A number that it has gets no request. The request is sent at most once. If its
    answer is late or lost, the list is read. The attempt log on the inventory host keeps the request and its outcome.
  - Meta's conditions are checked before. The display name is approved and no change of it is pending. Two-step
    verification is off. It is no test number and no number of the WhatsApp Business app. The target WABA is approved
    and its business verified. What the Graph API does not tell is left to Meta.
options:
  target_waba_id:
    description: ID of the WABA to which the number moves. It must not be O(waba_id).
    type: str
    required: true
  phone_number_id:
    description: The phone number ID that the number has in its present WABA.
    required: true
  confirm_timeout:
    description: Seconds in which the list of the target WABA is read after the request, until it has the number.
    type: float
    default: 120.0
  confirm_interval:
    description: Seconds between two of these reads.
    type: float
    default: 2.0
attributes:
  check_mode:
    support: full
    details:
      - The new phone number ID is known after the request only.
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - Only templates that are C(APPROVED) and C(GREEN) are copied, with the quality C(UNKNOWN) for 24 hours. The app is
    subscribed for each WABA.
  - Meta moves one number at a time.
extends_documentation_fragment:
  - wabiz.migration.graph
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.number.waba_id
  - wabiz.migration.code.move
  - wabiz.migration.cutover.state_dir
  - wabiz.migration.cutover.state_durable
  - wabiz.migration.attributes
  - wabiz.migration.attributes.on_controller
seealso:
  - module: wabiz.migration.wa_verify
  - module: wabiz.migration.wa_register
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Move the number to another WABA
  wabiz.migration.wa_number_move:
    phone_number_id: "106540352242922"
    waba_id: "102290129340398"
    target_waba_id: "102290129340399"
    access_token: "{{ vault_access_token }}"
  register: moved

- name: Verify it by a code there
  wabiz.migration.wa_verify:
    state: requested
    phone_number_id: "{{ moved.new_phone_number_id }}"
    access_token: "{{ vault_access_token }}"
"""

RETURN = r"""
---
waiting_for_inventory:
  description: Always V(true). The number goes on with its new phone number ID.
  returned: success
  type: bool
  sample: true
new_phone_number_id:
  description: The ID of the number in the target WABA. None in check mode, if it is not there yet.
  returned: success
  type: str
  sample: "180000000000001"
target_waba_id:
  description: The WABA to which the number moves.
  returned: success
  type: str
  sample: "102290129340399"
inventory:
  description: The options that change, as lines of an inventory. Empty while the number has no new ID.
  returned: success
  type: list
  elements: str
  sample: ['phone_number_id: "180000000000001"', 'waba_id: "102290129340399"', "lane: code"]
number:
  description: The phone number as the Graph API shows it.
  returned: success
  type: str
  sample: +1 631-555-1019
phone_number_id:
  description: Its old ID.
  returned: success
  type: str
  sample: "106540352242922"
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
from ..module_utils._operations import number_move


def main() -> None:
    _module_runner.run(number_move.MODULE)


if __name__ == "__main__":
    main()
