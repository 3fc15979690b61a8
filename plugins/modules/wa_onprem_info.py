#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: read an On-Premises node (operation onprem_info)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_onprem_info
short_description: Read the state of an On-Premises node
version_added: 0.1.0
description:
  - Reads the state that an On-Premises node reports, and returns single and multiconnect deployments in the same form.
options:
  gather:
    description:
      - What to read. V(health) is the gateways, V(application) the settings with the number and the webhooks,
        V(support) the version and its expiry, V(shards) the shards, V(stats) the queues, V(profile) the business
        profile and the about text.
      - Only on request, V(photo) is whether there is a profile photo and its digest, V(stickerpacks) the number of
        stickerpacks, V(certificates) the CAs of the node.
      - All of them need the admin account, except V(health) and V(stats).
    type: list
    elements: str
    choices: [health, application, support, shards, stats, profile, photo, stickerpacks, certificates]
    default: [health, application, support, shards, stats, profile]
extends_documentation_fragment:
  - wabiz.migration.onprem
  - wabiz.migration.attributes
  - wabiz.migration.attributes.reads
  - wabiz.migration.attributes.on_node
seealso:
  - module: wabiz.migration.wa_number_info
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Read the node on its own host
  wabiz.migration.wa_onprem_info:
    onprem_password: "{{ vault_onprem_password }}"
    onprem_ca_path: /etc/wabiz/node-ca.pem

- name: Read whether the node serves its number, and its queues
  wabiz.migration.wa_onprem_info:
    gather: [health, stats]
  register: info
"""

RETURN = r"""
---
node:
  description: The node. It has only the parts that were gathered.
  returned: success
  type: dict
  contains:
    serving:
      description:
        - V(serving) if at least one gateway is connected, V(not serving) if all are disconnected or unregistered,
          V(unclear) otherwise.
      type: str
      sample: serving
    gateway:
      description: The states of all gateways in one phrase.
      type: str
      sample: connected
    registered:
      description: Whether the client reports that a number is registered. V(null) if it does not report it.
      type: bool
    refused:
      description: What the node refused to return, by name and error code.
      type: list
      elements: str
    nodes_connected:
      description: How many gateways are connected. In multiconnect, standby nodes are normally disconnected.
      type: int
      sample: 1
    nodes:
      description: Each gateway with C(name), C(gateway_status) and C(role). If the node returned an error in place of a
        status, C(gateway_status) is C(error:) with the text of the error.
      type: list
      elements: dict
    multiconnect:
      description: Whether this is a multiconnect or high-availability deployment.
      type: bool
    wa_id:
      description: The number that the node serves, as digits.
      type: str
      sample: "16315551019"
    client_version:
      description: Version of the On-Premises client.
      type: str
      sample: v2.61.1
    expires_at:
      description: When this client build expires, in UTC.
      type: str
      sample: "2027-01-31T00:00:00Z"
    shards:
      description: Number of shards. With two or more, the number gets high throughput on the Cloud API.
      type: int
      sample: 1
    queues:
      description: Waiting work by the name of its gauge, such as C(callback_queue_size) and C(db_pending_messages).
      type: dict
    traffic:
      description: A sample of all counters and gauges of the node (C(gauges), C(counters)), for
        M(wabiz.migration.wa_traffic).
      type: dict
    profile:
      description: The business profile (C(business)) and the about text (C(about)), for a comparison after the move.
      type: dict
    webhooks:
      description: The webhook settings of the node.
      type: dict
    photo:
      description: Whether there is a profile photo (C(present)), and the SHA-256 of its bytes (C(sha256)) if the node
        returned them.
      type: dict
    stickerpacks:
      description: How many stickerpacks the node has.
      type: int
      sample: 0
    certificates:
      description: Whether the node has its own CA for TLS (C(external_ca)) and for callbacks (C(webhook_ca)).
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
from ..module_utils._operations import onprem_info


def main() -> None:
    _module_runner.run(onprem_info.MODULE)


if __name__ == "__main__":
    main()
