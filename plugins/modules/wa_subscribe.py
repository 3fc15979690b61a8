#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: subscribe an app to the webhooks of a WABA (operation subscribe)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_subscribe
short_description: Subscribe an app to the webhooks of a WhatsApp Business Account
version_added: 0.1.0
description:
  - Subscribes the app of the access token to the webhooks of a WhatsApp Business Account (WABA), with
    C(/<WABA_ID>/subscribed_apps). Without a subscription nobody receives the inbound messages, and no error says so.
  - The task reads the subscriptions first. If they are as wanted it sends no request, because a repeated subscription
    silently removes an override.
  - Run it before the cutover, so that no inbound message waits for a subscription.
options:
  waba_id:
    required: true
  state:
    description:
      - V(present) subscribes the app of the access token.
      - V(absent) ends its subscription. If that would remove an override, the task fails unless
        O(remove_override=true).
    type: str
    choices: [present, absent]
    default: present
  app_id:
    description:
      - ID of the app to subscribe. Meta subscribes the app of the access token, so the task fails if the token belongs
        to another app.
      - If it is not set, the task asks the Graph API for the app of the access token (C(debug_token)). The Graph API
        answers only the app itself, or a user who owns or develops the app. For the token of another user, set this
        option or O(app_access_token).
    type: str
  app_access_token:
    description:
      - Access token of the app itself (C(APP_ID|APP_SECRET), or one made with them). It inspects the access token if
        that cannot inspect itself. It is not used if O(app_id) is set.
      - It is sent to the server of O(graph_url) only, in the header.
      - If the option is not set, the environment variable E(WABIZ_APP_ACCESS_TOKEN) on the controller is used.
    type: str
  remove_override:
    description: Remove an existing override. The webhooks then go to the app's own callback.
    type: bool
    default: false
  last_number:
    description:
      - ID of a number of the WABA that is going away. With O(state=absent), the subscription is ended only if no other
        number of the WABA needs it.
      - Another number needs it unless it is on neither API. One on the On-Premises API counts, because it may be about
        to move.
    type: str
  batch:
    description:
      - A name for the hosts whose WABAs are subscribed together. The result of the first host applies to the others
        with the same options, without a request.
    type: str
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - The subscription belongs to the WABA, so one task is enough for all of its numbers. The other apps of the WABA do
    not change.
  - The app itself must also be subscribed to the C(messages) field. Set that in the App Dashboard, not here.
extends_documentation_fragment:
  - wabiz.migration.graph
  - wabiz.migration.number.waba_id
  - wabiz.migration.cutover.override
  - wabiz.migration.attributes
  - wabiz.migration.attributes.on_controller
seealso:
  - module: wabiz.migration.wa_health
  - module: wabiz.migration.wa_register
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Subscribe the app to the webhooks of the WABA
  wabiz.migration.wa_subscribe:
    waba_id: "102290129340398"
    access_token: "{{ vault_access_token }}"

- name: Send the webhooks of this WABA to another address
  wabiz.migration.wa_subscribe:
    waba_id: "102290129340398"
    override_callback_uri: https://hooks.example.com/whatsapp/102290129340398
    verify_token: "{{ vault_verify_token }}"

- name: End the subscription, unless another number of the WABA needs it
  wabiz.migration.wa_subscribe:
    waba_id: "102290129340398"
    state: absent
    last_number: "106540352242922"

- name: Send the webhooks to the app's own callback again
  wabiz.migration.wa_subscribe:
    waba_id: "102290129340398"
    remove_override: true
"""

RETURN = r"""
---
subscribed:
  description: Whether the app is subscribed after the task.
  returned: success
  type: bool
  sample: true
app_id:
  description: The app of the subscription.
  returned: success
  type: str
  sample: "634974688087057"
override_callback_uri:
  description: The override after the task. Empty if there is none.
  returned: success
  type: str
  sample: https://hooks.example.com/whatsapp/102290129340398
other_apps:
  description: IDs of the other apps that are subscribed to the WABA.
  returned: success
  type: list
  elements: str
  sample: ["1009783232"]
needed_by:
  description: The numbers for which the subscription was kept, with O(last_number).
  returned: success
  type: list
  elements: str
  sample: ["+1 631-555-1019"]
reason:
  description: Why the subscription was kept. Empty if it was not.
  returned: success
  type: str
  sample: "The app stays subscribed: 1 other number of the WABA needs its events (+1 631-555-1019)"
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
from ..module_utils._operations import subscribe


def main() -> None:
    _module_runner.run(subscribe.MODULE)


if __name__ == "__main__":
    main()
