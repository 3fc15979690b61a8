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
  - Clear it on the node where nobody knows the PIN. The PIN that is stated when the number is registered with the
    Cloud API for the first time then becomes the new one and cannot be wrong. Registering it again keeps the PIN.
options:
  side:
    description:
      - V(onprem) speaks to the node. The options O(onprem_url) and those beside it say which one.
      - V(cloud) speaks to the Graph API and needs O(access_token) and O(phone_number_id).
    type: str
    choices: [onprem, cloud]
    default: onprem
  state:
    description:
      - V(absent) clears two-step verification. With O(side=cloud) it is refused, because Meta offers that in WhatsApp
        Manager only.
      - V(present) sets O(pin), which is needed then. With V(absent) a PIN is refused.
    type: str
    choices: [present, absent]
    required: true
  update_pin:
    description:
      - Counts with O(side=cloud) only. A PIN cannot be read, only whether there is one.
      - V(on_create) sets O(pin) where the number has none, and leaves another PIN as it is.
      - V(always) sets O(pin) in every run.
    type: str
    choices: [always, on_create]
    default: on_create
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
      - Holds with O(side=cloud) and O(update_pin=on_create). A node does not tell whether two-step verification is
        on, so with O(side=onprem) the call is sent in every run and the task is reported as changed.
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - With O(side=onprem) and a connection that is not local, the task is shipped to the inventory host, and so it
        is with O(side=cloud) and O(graph_via=host). Otherwise it runs inside the Ansible worker. It needs Python 3.8
        or later and the requests library 2.20.0 or later where it runs.
      - C(WABIZ_*) environment variables are read on the controller. What the chosen side does not need is not handed
        on.
  become:
    description: Is usable alongside C(become) keywords.
    support: partial
    details:
      - Counts where the task is shipped to the host.
notes:
  - Until it is registered, a number whose two-step verification was cleared has no PIN. Register it soon.
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
- name: Nobody knows the PIN, so clear two-step verification on the node
  wabiz.migration.wa_two_step:
    state: absent
    onprem_password: "{{ vault_onprem_password }}"

- name: The number on the Cloud API has a PIN
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
  description: The side that was spoken to.
  returned: success
  type: str
  sample: onprem
two_step:
  description: Whether two-step verification is on (V(present)) or off (V(absent)) after the task.
  returned: success
  type: str
  sample: absent
failure:
  description: What went wrong, for a person and for a program.
  returned: failure
  type: dict
  contains:
    code:
      description: The API's own error code where an API answered, else a short stable word of this collection.
      type: raw
      sample: 133005
    title:
      description: What happened.
      type: str
      sample: Two step verification PIN mismatch
    details:
      description: What the API, or the check, said beyond that.
      type: str
    fbtrace_id:
      description: Meta's trace of the request, for a ticket with Direct Support. Empty where Meta gave none.
      type: str
    safe_to_rerun:
      description: Whether the same command may be run again as it is.
      type: bool
    next_step:
      description: What to do next.
      type: str
sent:
  description: Requests that left before the failure and may have changed something, those of earlier tasks of this run
    for the same host among them. Empty where nothing, or nothing but reads, was sent.
  returned: failure, unless an option is wrong
  type: list
  elements: str
  sample: [POST subscribed_apps of WABA 102290129340398, POST backup on the node]
would_be_refused:
  description: Whether a rule of this collection would refuse the task without check mode too.
  returned: failure by such a rule in check mode
  type: bool
"""

from ..module_utils import _module_runner
from ..module_utils._operations import two_step


def main() -> None:
    _module_runner.run(two_step.MODULE)


if __name__ == "__main__":
    main()
