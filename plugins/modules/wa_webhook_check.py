#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: try a webhook endpoint (operation webhook)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_webhook_check
short_description: Try a webhook endpoint with Meta's verification request and signed sample events
version_added: 0.1.0
description:
  - Sends the endpoint what Meta would send it, and fails with all that is wrong at once.
  - The verification request (GET with C(hub.challenge)) has to be answered with status 200 and the challenge as the
    whole body, and a wrong verify token must not be.
  - Signed events of the Cloud API have to be answered with status 200 in time. There is one of each kind, which are
    text, audio with C(voice) true, status, status with an error, template status and account update.
  - A text and a status name the user by a business-scoped user ID alone (C(user_id), C(from_user_id),
    C(recipient_user_id)). Since April 2026 C(wa_id), C(from) and C(recipient_id) may be missing, and an endpoint that
    fails on that loses messages.
  - An event with a wrong signature, and one without, must not be answered with a status of 200 to 299.
  - Nothing is sent to Meta, and neither an access token nor the On-Premises node is needed.
options:
  phone_number_id:
    required: true
  waba_id:
    required: true
  phone_number:
    description: The business phone number with country code. The samples name it. Where it is not set, they name a
      number that is nobody's.
    type: str
  webhook_url:
    required: true
attributes:
  check_mode:
    support: full
    details:
      - In check mode nothing is sent, and a warning says so. A sample event is no read, because the endpoint works on
        it.
  diff_mode:
    support: N/A
    details:
      - The task changes nothing that it could show.
  idempotent:
    support: full
    details:
      - The task is never changed. Each run sends its events anew, with message ids of its own.
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
  - The samples carry O(phone_number_id) and O(waba_id). All message ids begin with C(wamid.TEST), the sender is
    15555550143, a number of fiction, or the user ID ZZ.15555550143, and the texts say that they are tests. A bot should
    not answer them.
  - An endpoint that is open to Meta's addresses only, or asks for Meta's client certificate, cannot be tried from here.
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
- name: The new endpoint takes what Meta will send it
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
  returned: success or failure, where the options were right
  type: str
  sample: https://hooks.example.com/whatsapp
tried:
  description: Whether anything was sent. V(false) in check mode.
  returned: success or failure, where the options were right
  type: bool
  sample: true
checks:
  description: What was tried, in order.
  returned: success or failure, where the options were right
  type: list
  elements: dict
  contains:
    kind:
      description: What was sent, such as V(challenge) or V(status with error).
      type: str
      sample: text
    ok:
      description: Whether it was answered as it has to be.
      type: bool
    status:
      description: The HTTP status, V(null) where none came.
      type: int
      sample: 200
    seconds:
      description: How long it took.
      type: float
      sample: 0.1
# The same in every module, written by `make returns`:
failure:
  description:
    - What went wrong and what to do next. C(code) is the error code of the API, or a fixed name where this collection
      refused the task itself. C(fbtrace_id) is Meta's trace ID, for a ticket with Direct Support.
    - C(safe_to_rerun) says whether you can run the same command again as it is.
  returned: failure
  type: dict
  sample: {code: 133005, title: Two step verification PIN mismatch, details: "", fbtrace_id: AbCdEfGhIjK,
    safe_to_rerun: false, next_step: reset the PIN in WhatsApp Manager}
sent:
  description: The requests before the failure that may have changed something, also those of earlier tasks of this run
    for the same host. Empty where only reads were sent.
  returned: failure, unless an option is wrong
  type: list
  elements: str
  sample: [POST subscribed_apps of WABA 102290129340398, POST backup on the node]
would_be_refused:
  description: Always V(true). The task would be refused without check mode, too.
  returned: failure in check mode, where a rule of this collection refused the task
  type: bool
"""

from ..module_utils import _module_runner
from ..module_utils._operations import webhook_check


def main() -> None:
    _module_runner.run("wa_webhook_check", webhook_check.perform)


if __name__ == "__main__":
    main()
