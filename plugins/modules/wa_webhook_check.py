#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: test a webhook endpoint (operation webhook_check)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_webhook_check
short_description: Test a webhook endpoint with Meta's verification request and signed sample events
version_added: 0.1.0
description:
  - Sends the endpoint the same requests as Meta, and fails with all errors at once.
  - The endpoint must answer the verification request (GET with C(hub.challenge)) with status 200 and the challenge as
    the whole body. It must refuse a wrong verify token.
  - The endpoint must answer signed events of the Cloud API with status 200 in time. There is one event of each kind,
    which are text, audio with C(voice) true, status, status with an error, template status and account update.
  - A text and a status identify the user only by a business-scoped user ID (C(user_id), C(from_user_id),
    C(recipient_user_id)). Since April 2026 C(wa_id), C(from) and C(recipient_id) may be missing. An endpoint that fails
    on that loses messages.
  - The endpoint must not answer an event with an invalid signature, or without a signature, with a status of 200 to
    299.
  - The task sends no request to Meta, and needs neither an access token nor the On-Premises node.
options:
  phone_number_id:
    required: true
  waba_id:
    required: true
  phone_number:
    description: The business phone number with country code, for the sample events. If it is not set, they have a
      number that nobody uses.
    type: str
  webhook_url:
    required: true
attributes:
  check_mode:
    support: full
    details:
      - In check mode no request is sent, because the endpoint would process a sample event. A warning says so.
  diff_mode:
    support: N/A
    details:
      - The task has no change to show.
  idempotent:
    support: full
    details:
      - The task never reports a change. Each run sends its events again, with new message IDs.
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - The task runs inside the Ansible worker on the controller, whatever the connection of the host. It needs the
        requests library 2.20.0 or later there.
      - C(WABIZ_*) environment variables are read on the controller.
  become:
    description: Is usable alongside C(become) keywords.
    support: none
    details:
      - The task runs as the user that runs Ansible.
notes:
  - The sample events have O(phone_number_id) and O(waba_id). All message IDs begin with C(wamid.TEST). The sender is
    the fictional number 15555550143 or the user ID ZZ.15555550143. The texts say that they are tests. A bot should not
    answer them.
  - An endpoint that accepts only Meta's addresses, or requires Meta's client certificate, cannot be tested from here.
extends_documentation_fragment:
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.number.waba_id
  - wabiz.migration.webhook
  - wabiz.migration.attributes
seealso:
  - module: wabiz.migration.wa_preflight
  - module: wabiz.migration.wa_subscribe
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Test the new endpoint
  wabiz.migration.wa_webhook_check:
    webhook_url: https://hooks.example.com/whatsapp
    webhook_verify_token: "{{ vault_webhook_verify_token }}"
    app_secret: "{{ vault_app_secret }}"
    phone_number_id: "106540352242922"
    waba_id: "102290129340398"
"""

RETURN = r"""
---
webhook_url:
  description: The address without its query.
  returned: success or failure, when all options are valid
  type: str
  sample: https://hooks.example.com/whatsapp
tried:
  description: Whether a request was sent. V(false) in check mode.
  returned: success or failure, when all options are valid
  type: bool
  sample: true
checks:
  description: The checks in their order.
  returned: success or failure, when all options are valid
  type: list
  elements: dict
  contains:
    kind:
      description: What was sent, such as V(challenge) or V(status with error).
      type: str
      sample: text
    ok:
      description: Whether the endpoint answered correctly.
      type: bool
    status:
      description: The HTTP status. V(null) without an answer.
      type: int
      sample: 200
    seconds:
      description: Seconds until the answer.
      type: float
      sample: 0.1
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
from ..module_utils._operations import webhook_check


def main() -> None:
    _module_runner.run(webhook_check.MODULE)


if __name__ == "__main__":
    main()
