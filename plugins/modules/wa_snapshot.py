#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: store the state of a number before it moves (operation snapshot)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_snapshot
short_description: Store the state of a business phone number before it moves to the Cloud API
version_added: 0.1.0
description:
  - Reads the number, its WhatsApp Business Account (WABA) and its node, and stores the facts as C(snapshot.json) in the
    folder of the number below O(state_dir) on the inventory host. M(wabiz.migration.wa_compare) compares the number
    with it after the move.
  - The task takes a snapshot only while the number is on the On-Premises API. After the move it never overwrites the
    snapshot from before.
  - A fact that cannot be read is stored as unknown. The comparison then leaves it out and says so.
  - If the node hands over the file of the profile photo, the task keeps it beside the snapshot as C(photo.json), with
    mode 0600, because no call of the Cloud API returns it. The photo can then be restored.
  - The file has no secret. Of a webhook address it has scheme, host and path. The query often is a secret, so the file
    has only its SHA-256 digest.
options:
  phone_number_id:
    required: true
  waba_id:
    required: true
  state_dir:
    description: Directory on the inventory host for the attempt log and the snapshots, with one folder for each number.
      The task creates it with mode 0700. The user of the task must own it.
    type: path
    default: /var/lib/wabiz
  batch:
    description:
      - A name for the hosts whose snapshots are taken together. The WABA and its templates are then read once for all
        of them, instead of once for each number.
    type: str
  details:
    description:
      - Whether the result has everything that was read. With V(false), C(facts) is empty, unless the task fails,
        Ansible is verbose (C(-v)) or shows differences (C(--diff)). A run keeps the results of all of its hosts in
        memory, so V(false) saves memory in large fleets.
    type: bool
    default: true
attributes:
  check_mode:
    support: full
    details:
      - In check mode the task reads both sides and writes no file.
  diff_mode:
    support: full
    details:
      - Shows the facts before and after. Of the templates it shows only the count.
  idempotent:
    support: full
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - The task calls the Graph API from the controller, and writes the file on the inventory host over the connection
        of the host. It reads the node from there too, in the same execution. O(graph_via=host) runs the whole task
        there.
  become:
    description: Is usable alongside C(become) keywords.
    support: partial
    details:
      - Applies to what the task does on the inventory host, the file included.
notes:
  - Take the snapshot right before the backup, so that both have the same age.
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
- name: Store the state of the number
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
  description: Path of the snapshot.
  returned: success
  type: str
  sample: /var/lib/wabiz/106540352242922/snapshot.json
taken:
  description: Whether the task stored a snapshot, or would in check mode. V(false) also if the stored one is equal.
  returned: success
  type: bool
  sample: true
taken_at:
  description: When the current snapshot was taken, in UTC by the clock of the inventory host. V(null) without a
    snapshot.
  returned: success
  type: str
  sample: "2026-11-21T09:29:00Z"
facts:
  description: The facts of the snapshot by name. Of the templates only the count.
  returned: success
  type: dict
  sample: {verified_name: Lucky Shrub, quality_rating: GREEN, templates: 12, shards: 2}
unknown:
  description: Facts that could not be read, each with the reason.
  returned: success
  type: dict
  sample: {profile_photo: "photo: Service not ready [1011]"}
reason:
  description: Why the task took no snapshot, or could not keep the stored one. Empty otherwise.
  returned: success
  type: str
  sample: Graph says platform_type CLOUD_API, so a snapshot would not show what was before the move
photo_kept:
  description: Whether the task has stored the file of the profile photo, or would in check mode. V(false) also if the
    stored one is equal.
  returned: success
  type: bool
  sample: true
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
from ..module_utils._operations import snapshot


def main() -> None:
    _module_runner.run(snapshot.MODULE)


if __name__ == "__main__":
    main()
