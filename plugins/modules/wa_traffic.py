#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: how busy an On-Premises node is (operation traffic)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_traffic
short_description: Tell whether an On-Premises node is busy
version_added: 0.1.0
description:
  - Reads what the node counts about itself (C(/v1/stats/app), C(/v1/stats/app/internal), C(/v1/stats/db) and
    C(/metrics)) once, and compares it with limits. With the sample of an earlier task it tells how many messages go
    through in a minute.
  - A node that does not tell its traffic, or that cannot be read, is no failure. What is not known is not busy.
  - The text form of Prometheus is read on the controller, which needs the Python package prometheus-client for it.
options:
  phone_number:
    description: The number of the node, for messages and findings. Digits with country code.
    type: str
  first:
    description:
      - An earlier sample, as RV(sample) of this module or C(node.traffic) of M(wabiz.migration.wa_onprem_info). Rates
        need one that was taken a second before or earlier.
    type: dict
  wait_until:
    description:
      - With O(require_quiet=true), a busy node is no failure before this time, but RV(waiting) is V(true). UTC in
        seconds since the epoch, as C(now().timestamp()) gives it.
    type: float
    default: 0.0
extends_documentation_fragment:
  - wabiz.migration.schedule.queues
  - wabiz.migration.schedule.rates
  - wabiz.migration.onprem
  - wabiz.migration.attributes
  - wabiz.migration.attributes.reads
  - wabiz.migration.attributes.on_node
seealso:
  - module: wabiz.migration.wa_onprem_info
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: What waits in the node's queues?
  wabiz.migration.wa_traffic:
    onprem_password: "{{ vault_onprem_password }}"
    onprem_ca_path: /etc/wabiz/node-ca.pem
  register: before

- name: Go on only where few messages go through
  wabiz.migration.wa_traffic:
    onprem_password: "{{ vault_onprem_password }}"
    onprem_ca_path: /etc/wabiz/node-ca.pem
    first: "{{ before.sample }}"
    quiet_rate: 10
    require_quiet: true
"""

RETURN = r"""
---
verdict:
  description: V(busy), V(quiet), or V(unknown) where the node tells nothing.
  returned: always
  type: str
  sample: quiet
busy:
  description: What is above its limit, one sentence for each metric.
  returned: always
  type: list
  elements: str
why:
  description: The same with the number in front, as one sentence. Empty where the node is not busy.
  returned: always
  type: str
waiting:
  description: Whether the node is busy and there is time left until O(wait_until).
  returned: always
  type: bool
unknown:
  description: What is not known, and why.
  returned: always
  type: list
  elements: str
queues:
  description: Waiting work by the name of its gauge, as far as the node tells it.
  returned: always
  type: dict
rates:
  description: Messages in a minute by the name of the counter, as far as they are known.
  returned: always
  type: dict
findings:
  description: The same as findings, as M(wabiz.migration.wa_preflight) returns them.
  returned: always
  type: list
  elements: dict
sample:
  description: What was read, to be handed to a later task as O(first).
  returned: always
  type: dict
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
from ..module_utils._operations import traffic


def main() -> None:
    _module_runner.run("wa_traffic", traffic.perform)


if __name__ == "__main__":
    main()
