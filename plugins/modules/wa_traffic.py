#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: check whether an On-Premises node is busy (operation traffic)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_traffic
short_description: Check whether an On-Premises node is busy
version_added: 0.1.0
description:
  - Reads the metrics of the node (C(/v1/stats/app), C(/v1/stats/app/internal), C(/v1/stats/db) and C(/metrics)) once,
    and compares them with limits. With the sample of an earlier task it computes the messages per minute.
  - A node without traffic metrics, or one that cannot be read, does not fail the task. Missing metrics do not count as
    busy.
  - The controller parses the text format of Prometheus. It needs the Python package prometheus-client for that.
options:
  phone_number:
    description: The number of the node for messages and findings, as digits with country code.
    type: str
  first:
    description:
      - An earlier sample, as RV(sample) of this module or C(node.traffic) of M(wabiz.migration.wa_onprem_info). Rates
        need a sample that is at least one second old.
    type: dict
  wait_until:
    description:
      - With O(require_quiet=true), a busy node does not fail the task before this time, and RV(waiting) is V(true). UTC
        in seconds since the epoch, as C(now().timestamp()) returns it.
    type: float
    default: 0.0
  quiet_interval:
    description: Seconds between two looks at a number that waits, see RV(wait_until).
    type: float
    default: 10.0
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
- name: Read the queues of the node
  wabiz.migration.wa_traffic:
    onprem_password: "{{ vault_onprem_password }}"
    onprem_ca_path: /etc/wabiz/node-ca.pem
  register: before

- name: Continue only with few messages per minute
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
  description: V(busy), V(quiet), or V(unknown) if the node returned no metric.
  returned: always
  type: str
  sample: quiet
busy:
  description: The metrics above their limit, one sentence for each.
  returned: always
  type: list
  elements: str
wait_until:
  description: When to look again, in UTC seconds since the epoch.
  returned: when waiting, with O(quiet_wait)
  type: float
why:
  description: The number and what is above its limit, in one sentence. Empty if the node is not busy.
  returned: always
  type: str
waiting:
  description: Whether the node is busy and O(wait_until) is not reached.
  returned: always
  type: bool
unknown:
  description: The metrics that are unknown, with the reason.
  returned: always
  type: list
  elements: str
queues:
  description: Waiting work by the name of its gauge, as far as the node returned it.
  returned: always
  type: dict
rates:
  description: Messages per minute by the name of the counter, as far as they are known.
  returned: always
  type: dict
findings:
  description: The result as findings in the form of M(wabiz.migration.wa_preflight).
  returned: always
  type: list
  elements: dict
sample:
  description: The metrics that were read, for O(first) of a later task.
  returned: always
  type: dict
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
from ..module_utils._operations import traffic


def main() -> None:
    _module_runner.run(traffic.MODULE)


if __name__ == "__main__":
    main()
