#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: send a last notice by an approved template, once to each recipient (operation notice)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_notice
short_description: Send a last notice by an approved template, once to each recipient
version_added: 0.1.0
description:
  - Sends a template message to each number of a list, slowly, and B(never twice to one number), whatever template a
    later run names. The notice log on the inventory host (C(notice_log.jsonl) in the folder of the number below
    O(state_dir)) has a line for the recipient on disk before its request leaves.
  - A run that was stopped is continued by the same command. A recipient whose answer was lost is reported as unknown,
    and is never sent the notice again by itself. One that Meta refuses for its own sake (not on WhatsApp, takes no
    marketing messages) is not tried again either.
  - The task stops before the next message as soon as Meta answers that the number sends too much (131048, 131056), at
    any other refusal that is not about one recipient, at a lost answer, if Meta holds messages back, and if the quality
    rating falls below O(min_quality), which is read before the first message and after every 20.
  - It sends nothing without O(confirm), which a run in check mode returns.
  - Accepted is not delivered. What becomes of a message is told by the webhooks of the number only.
options:
  phone_number_id:
    required: true
  waba_id:
    required: true
  state_dir:
    description: The directory on the inventory host with the logs of the number. It has to be kept, because the notice
      log is all that says who has the notice.
    type: path
    default: /var/lib/wabiz
  template:
    description: The name of an approved template of the WABA. Only its body may have parameters.
    type: str
    required: true
  template_language:
    description: The language of the template, as WhatsApp Manager shows it.
    type: str
    default: en_US
  parameters:
    description: The texts for the parameters of its body, the same for all recipients.
    type: list
    elements: str
    default: []
  recipients_file:
    description:
      - A file on the controller with one phone number a line, with country code. Blank lines, and lines that begin with
        C(#), do not count. The last line needs an end.
      - It is checked as a whole before the first request. Nobody but its owner may read it (mode 0600).
    type: path
    required: true
  confirm:
    description: What a run in check mode has returned as RV(confirm). It stands for number, template, parameters and
      recipients. Needed unless in check mode.
    type: str
  per_minute:
    description: How many messages are sent in a minute.
    type: float
    default: 60.0
  at_most:
    description: How many messages this task sends at most, such as 10 for a first look at the webhooks. V(0) means all.
    type: int
    default: 0
  min_quality:
    description: The quality rating below which nothing is sent. A number that has no rating yet may send.
    type: str
    choices: [RED, YELLOW, GREEN]
    default: GREEN
attributes:
  check_mode:
    support: full
    details:
      - In check mode the task reads number, template, list and log, and sends and writes nothing.
  diff_mode:
    support: full
    details:
      - The diff shows how many recipients there are, and no number.
  idempotent:
    support: full
extends_documentation_fragment:
  - wabiz.migration.graph
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.number.waba_id
  - wabiz.migration.cutover.state_durable
  - wabiz.migration.attributes
  - wabiz.migration.attributes.on_controller
seealso:
  - module: wabiz.migration.wa_export
  - module: wabiz.migration.wa_deregister
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Look at the notice, and get its confirmation
  wabiz.migration.wa_notice:
    phone_number_id: "106540352242922"
    waba_id: "102290129340398"
    template: service_ends
    template_language: en
    parameters: ["31 January"]
    recipients_file: /srv/notice/recipients.txt
    access_token: "{{ vault_access_token }}"
  check_mode: true
  register: looked

- name: Send it, 30 a minute
  wabiz.migration.wa_notice:
    phone_number_id: "106540352242922"
    waba_id: "102290129340398"
    template: service_ends
    template_language: en
    parameters: ["31 January"]
    recipients_file: /srv/notice/recipients.txt
    confirm: n3fdba35f04dc
    per_minute: 30
    access_token: "{{ vault_access_token }}"
"""

RETURN = r"""
---
recipients:
  description: How many numbers the list has.
  returned: success
  type: int
  sample: 1200
planned:
  description: How many of them this task sends the notice to, or would in check mode.
  returned: success
  type: int
  sample: 1200
sent_now:
  description: How many messages Meta has accepted in this task.
  returned: success
  type: int
  sample: 1198
notified:
  description: How many recipients have been sent the notice, in this task or before.
  returned: success
  type: int
  sample: 1198
left:
  description: How many recipients are still to be sent the notice.
  returned: success
  type: int
  sample: 0
refused:
  description: How many recipients Meta has refused, in this task or before.
  returned: success
  type: int
  sample: 2
unknown:
  description: How many recipients may or may not have the notice. They are never sent it again.
  returned: success
  type: int
  sample: 0
refused_now:
  description: Who was refused in this task, by line and last digits, with the code and title of Meta.
  returned: success
  type: list
  elements: dict
  sample: [{code: 131026, recipient: line 7 (...0199), title: Message undeliverable}]
unknown_recipients:
  description: Whose outcome is unknown, by line and last digits.
  returned: success
  type: list
  elements: str
  sample: [line 12 (...0112)]
confirm:
  description: What O(confirm) has to be for this notice.
  returned: success
  type: str
  sample: n3fdba35f04dc
preview:
  description: The text that a recipient reads. Empty if nobody is left.
  returned: success
  type: str
  sample: Our service ends on 31 January.
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
from ..module_utils._operations import notice


def main() -> None:
    _module_runner.run(notice.MODULE)


if __name__ == "__main__":
    main()
