#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: bring a number back to its On-Premises node (operation restore)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_restore
short_description: Bring a business phone number back to its On-Premises node
version_added: 0.1.0
description:
  - B(On-Premises registration has been closed since 2025-10-23.) WhatsApp refuses it to every node with 1005
    (C(biz_link_on_prem_reg_blocked)). Use this module to have that confirmed before anything else is touched, or
    against a simulator that plays the time before.
  - With O(state=asked) the task asks the node to register the number (C(POST /v1/account)). A node that may do so has a
    code sent to the number, and the number stays where it is until the code is handed in.
  - With O(state=restored) the task registers the number on the node with that code, or restores a backup on it. Then it
    sets shards and webhook where they differ, and waits until the node is connected.
  - Each request is sent once. The exit log on the inventory host (C(exit_log.json) in the folder of the number below
    O(state_dir)) has the intent before it leaves, and what came of it. No code is kept.
options:
  state:
    description:
      - V(asked) asks whether the node may register the number. A yes counts for ten minutes and is not asked for twice.
        With O(node_code), whose question is older than that, the task fails, because another question makes another
        code.
      - V(restored) makes the node serve the number.
    type: str
    choices: [asked, restored]
    required: true
  phone_number_id:
    required: true
  phone_number:
    description: The phone number with its country code.
    type: str
    required: true
  cc:
    description: The country calling code of the number, such as V(49).
    type: str
    required: true
  cert:
    description: The certificate of the display name, in base64. WhatsApp Manager shows it (Phone numbers, Certificate).
    type: str
    required: true
  method:
    description: How the code is sent to the number.
    type: str
    choices: [sms, voice]
    default: sms
  pin:
    description:
      - The PIN of two-step verification, where that is on.
      - If the option is not set, the environment variable E(WABIZ_PIN) on the controller is used.
    type: str
  node_code:
    description: The code that has arrived. At most three are handed in for one question.
    type: str
  backup_file:
    description: Path of a backup on the host of the node, made by M(wabiz.migration.wa_backup). It is restored if
      there is no O(node_code). With O(state=asked) it is checked before the node is asked.
    type: path
  backup_password:
    description:
      - The password of the backup.
      - If the option is not set, the environment variable E(WABIZ_BACKUP_PASSWORD) on the controller is used.
    type: str
  backup_max_age:
    description: The age in seconds up to which the backup is used.
    type: int
    default: 86400
  shards:
    description: The number of shards that the node should have (1, 2, 4, 8, 16 or 32). It is left alone if not set.
    type: int
  node_webhook_url:
    description: The address that the node should send its events to. It is left alone if not set.
    type: str
  not_on_cloud:
    description: Your word that the number is on neither API. Otherwise the exit log must have a confirmed
      deregistration (M(wabiz.migration.wa_deregister)).
    type: bool
    default: false
  state_dir:
    description: The directory on the inventory host with the logs of the number.
    type: path
    default: /var/lib/wabiz
  confirm_timeout:
    description: Seconds in which the task reads the health of the node until it is connected.
    type: float
    default: 120.0
  confirm_interval:
    description: Seconds between two reads.
    type: float
    default: 2.0
attributes:
  check_mode:
    support: full
    details:
      - In check mode the task reads the node and the logs, and sends and writes nothing. So it does not ask the node.
  diff_mode:
    support: full
  idempotent:
    support: full
extends_documentation_fragment:
  - wabiz.migration.onprem
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.attributes
  - wabiz.migration.attributes.on_node
seealso:
  - module: wabiz.migration.wa_deregister
  - module: wabiz.migration.wa_backup
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Ask whether the node may register the number
  wabiz.migration.wa_restore:
    state: asked
    phone_number_id: "106540352242922"
    phone_number: +1 631 555 1019
    cc: "1"
    cert: Q2VydGlmaWNhdGUgb2YgdGhlIGRpc3BsYXkgbmFtZQ==
    onprem_password: "{{ vault_onprem_password }}"
"""

RETURN = r"""
---
state:
  description: The state that the task was for.
  returned: success
  type: str
  sample: asked
open:
  description: Whether the node may register the number.
  returned: success and O(state=asked)
  type: bool
  sample: true
answer:
  description: What the node answered.
  returned: success and O(state=asked)
  type: str
  sample: code sent
asked_at:
  description: When the node was asked, if an earlier task did that. Empty otherwise.
  returned: success and O(state=asked)
  type: str
  sample: "2025-09-01T10:00:00Z"
done:
  description: What the task did, or would do in check mode (V(registered), V(shards), V(webhook)).
  returned: success and O(state=restored)
  type: list
  elements: str
  sample: [registered, shards]
health:
  description: The health of the node.
  returned: success
  type: str
  sample: connected
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
from ..module_utils._operations import restore


def main() -> None:
    _module_runner.run(restore.MODULE)


if __name__ == "__main__":
    main()
