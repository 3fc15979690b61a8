#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: read a business phone number from the Graph API (operation number_info)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_number_info
short_description: Read a business phone number from the Graph API
version_added: 0.1.0
description:
  - Reads a business phone number from the Graph API, with every field requested by name.
  - With O(waba_id), RV(belongs_to_waba) says whether the number belongs to that account.
options:
  phone_number_id:
    required: true
extends_documentation_fragment:
  - wabiz.migration.graph
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.number.waba_id
  - wabiz.migration.attributes
  - wabiz.migration.attributes.reads
  - wabiz.migration.attributes.on_controller
seealso:
  - module: wabiz.migration.wa_health
  - module: wabiz.migration.wa_onprem_info
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Read the number
  wabiz.migration.wa_number_info:
    phone_number_id: "106540352242922"
    waba_id: "102290129340398"
  register: info

- name: Show where it is registered
  ansible.builtin.debug:
    msg: "{{ info.number.display_phone_number }} is on {{ info.number.platform_type }} ({{ info.number.status }})"
"""

RETURN = r"""
---
number:
  description: The number. A field that the API left out is V(null).
  returned: success
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
      description: Review status of the display name, such as V(APPROVED). A number whose name is V(EXPIRED) or V(NONE)
        has no valid certificate and cannot be registered.
      type: str
    platform_type:
      description:
        - V(CLOUD_API), V(ON_PREMISE) or V(NOT_APPLICABLE) (registered with neither). The value of C(host_platform) if
          the answer has only that field.
        - A number of the WhatsApp Business phone app is V(ON_PREMISE) too. Use C(is_on_biz_app) to distinguish it from
          the number of a node.
      type: str
      sample: ON_PREMISE
    is_on_biz_app:
      description:
        - Whether the number is in the WhatsApp Business phone app. With C(platform_type=CLOUD_API), the app and the
          Cloud API serve it together (coexistence). Otherwise it cannot be registered.
        - V(null) if this version of the Graph API does not return it.
      type: bool
      sample: false
    status:
      description: Such as V(CONNECTED), V(DISCONNECTED), V(PENDING), V(FLAGGED), V(RESTRICTED) or V(BANNED). Meta may
        add other values.
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
      description: The messaging health as the API returns it. M(wabiz.migration.wa_health) evaluates it.
      type: dict
belongs_to_waba:
  description: Whether the number belongs to the account O(waba_id).
  returned: when waba_id is given
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
from ..module_utils._operations import number_info


def main() -> None:
    _module_runner.run(number_info.MODULE)


if __name__ == "__main__":
    main()
