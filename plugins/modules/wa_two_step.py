#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: clear or set two-step verification (operation two_step)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_two_step
short_description: Clear or set two-step verification of a business phone number
version_added: 0.1.0
description:
  - Clears or sets two-step verification on the On-Premises node (step 1 of Meta's guide), or sets the PIN of a number
    on the Cloud API.
  - If nobody knows the PIN, clear it on the node. The PIN of the first registration with the Cloud API then becomes the
    new one and cannot be wrong. A later registration keeps this PIN.
options:
  side:
    description:
      - V(onprem) calls the node at O(onprem_url).
      - V(cloud) calls the Graph API and requires O(access_token) and O(phone_number_id).
    type: str
    choices: [onprem, cloud]
    default: onprem
  state:
    description:
      - V(absent) clears two-step verification. It is refused with O(side=cloud), because Meta offers that in WhatsApp
        Manager only. It is also refused with a PIN.
      - V(present) sets O(pin), which is then required.
    type: str
    choices: [present, absent]
    required: true
  update_pin:
    description:
      - Applies with O(side=cloud) only. The API returns only whether a PIN is set, not the PIN.
      - V(on_create) sets O(pin) if the number has none, and keeps another PIN.
      - V(always) sets O(pin) in every run.
    type: str
    choices: [always, on_create]
    default: on_create
  once:
    description:
      - Applies with O(side=cloud) only, in place of O(update_pin). Sets O(pin) in place of a PIN that nobody knows, by
        one request that is never repeated. The exit log in O(state_dir) has it before it leaves, with a digest of the
        PIN whose key is the access token.
      - Meta documents that no old PIN is needed. Whether that works before the number is registered is told by no
        public source, so the task reports what Meta answers.
    type: bool
    default: false
  state_dir:
    description: The directory on the inventory host with the logs of the number. Used with O(once).
    type: path
    default: /var/lib/wabiz
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows whether a PIN is set, never the PIN.
  idempotent:
    support: partial
    details:
      - With O(side=cloud) and O(update_pin=on_create). A node does not report whether two-step verification is on. With
        O(side=onprem) the task therefore sends the call in every run and reports a change.
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - The task is shipped to the inventory host with O(side=onprem) and a connection that is not local, and with
        O(side=cloud) and O(graph_via=host). Otherwise it runs inside the Ansible worker.
      - It needs Python 3.8 or later and the requests library 2.20.0 or later where it runs.
      - C(WABIZ_*) environment variables are read on the controller. Options that the chosen side does not need are not
        passed on.
  become:
    description: Is usable alongside C(become) keywords.
    support: partial
    details:
      - Applies if the task is shipped to the host.
notes:
  - A number whose two-step verification was cleared has no PIN until it is registered. Register it soon.
extends_documentation_fragment:
  - wabiz.migration.onprem
  - wabiz.migration.graph
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.cutover.pin
  - wabiz.migration.attributes
seealso:
  - module: wabiz.migration.wa_register
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Clear two-step verification on the node
  wabiz.migration.wa_two_step:
    state: absent
    onprem_password: "{{ vault_onprem_password }}"

- name: Set a PIN for the number on the Cloud API
  wabiz.migration.wa_two_step:
    side: cloud
    state: present
    phone_number_id: "106540352242922"
    pin: "{{ vault_pin }}"
    access_token: "{{ vault_access_token }}"
"""

RETURN = r"""
---
side:
  description: The side that the task called.
  returned: success
  type: str
  sample: onprem
two_step:
  description: Whether two-step verification is on (V(present)) or off (V(absent)) after the task.
  returned: success
  type: str
  sample: absent
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
from ..module_utils._operations import two_step


def main() -> None:
    _module_runner.run(two_step.MODULE)


if __name__ == "__main__":
    main()
