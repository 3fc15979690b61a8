#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: keep what a number is like before it moves (operation snapshot)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_snapshot
short_description: Keep what a business phone number is like before it moves to the Cloud API
version_added: 0.1.0
description:
  - Reads the number, its WhatsApp Business Account (WABA) and its node, and stores what they say as
    C(snapshot.json) in the number's folder below O(state_dir), on the inventory host. M(wabiz.migration.wa_compare)
    compares the number with it after the move.
  - A snapshot is taken only while the number is on the On-Premises API. One that was taken before the move is never
    overwritten after it.
  - What could not be read is recorded as not known. The comparison then leaves it out and says so.
  - The file holds no secret. Of a webhook address it holds scheme, host and path, and of its query, which often is
    one, only a SHA-256 digest.
options:
  phone_number_id:
    required: true
  waba_id:
    required: true
  state_dir:
    description: Directory on the inventory host for the durable records, one folder for each number. It is made
      with mode 0700, and its user must own it.
    type: path
    default: /var/lib/wabiz
  batch:
    description:
      - A word for the hosts whose snapshots are taken together. The WABA and its templates are then read once for
        all of them, in place of once for each number.
    type: str
  details:
    description:
      - Whether the result holds all that was read. With V(false), C(facts) is empty, unless the task fails, Ansible
        is verbose (C(-v)), or shows differences (C(--diff)). A run keeps the results of all of its hosts, so this is
        what its memory grows by.
    type: bool
    default: true
attributes:
  check_mode:
    support: full
    details:
      - In check mode both sides are read, and nothing is written.
  diff_mode:
    support: full
    details:
      - Shows the facts before and after, of the templates only how many there are.
  idempotent:
    support: full
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - The Graph API is called from the controller, and the file is written on the inventory host over its own
        connection. The node is read from there too, by M(wabiz.migration.wa_onprem_info), which is shipped where the
        connection is not local. O(graph_via=host) ships the whole task.
  become:
    description: Is usable alongside C(become) keywords.
    support: partial
    details:
      - Counts for what is done on the inventory host, the file among it.
notes:
  - Take it right before the backup, so that it is as fresh as that.
extends_documentation_fragment:
  - wabiz.migration.onprem
  - wabiz.migration.graph
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.number.waba_id
  - wabiz.migration.attributes
seealso:
  - module: wabiz.migration.wa_compare
  - module: wabiz.migration.wa_backup
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Keep what the number is like
  wabiz.migration.wa_snapshot:
    phone_number_id: "106540352242922"
    waba_id: "102290129340398"
    access_token: "{{ vault_access_token }}"
    onprem_password: "{{ vault_onprem_password }}"
    onprem_ca_path: /etc/wabiz/node-ca.pem
"""

RETURN = r"""
---
path:
  description: Where the snapshot is.
  returned: success
  type: str
  sample: /var/lib/wabiz/106540352242922/snapshot.json
taken:
  description: Whether a snapshot was stored, or would be in check mode. V(false) also where an equal one is there.
  returned: success
  type: bool
  sample: true
taken_at:
  description: When the snapshot that holds was taken, in UTC by the inventory host's clock. Null where there is none.
  returned: success
  type: str
  sample: "2026-11-21T09:29:00Z"
facts:
  description: What it knows, by name; of the templates only how many there are.
  returned: success
  type: dict
  sample: {verified_name: Lucky Shrub, quality_rating: GREEN, templates: 12, shards: 2}
unknown:
  description: Facts that could not be read, each with the reason.
  returned: success
  type: dict
  sample: {profile_photo: "photo: Service not ready [1011]"}
reason:
  description: Why none was taken, or why the one that was there could not be kept. Empty otherwise.
  returned: success
  type: str
  sample: Graph says platform_type CLOUD_API, so a snapshot would not show what was before the move
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
from ..module_utils._operations import snapshot


def main() -> None:
    _module_runner.run("wa_snapshot", snapshot.perform)


if __name__ == "__main__":
    main()
