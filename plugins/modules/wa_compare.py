#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: compare a number with its snapshot from before the move (operation compare)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_compare
short_description: Compare a business phone number with the snapshot from before its move
version_added: 0.1.0
description:
  - Reads the snapshot that M(wabiz.migration.wa_snapshot) stored on the inventory host, and the current state of the
    number on the Cloud API. Returns each difference with its meaning and a fix.
  - What Meta's guide calls unaffected must be equal (display name, verification status, quality rating, messaging
    limit, templates and their statuses, WABA, Official Business Account). The profile must be equal too, because the
    backup carries it over. A number with two or more shards must get high throughput. That takes a while, so missing
    high throughput is a warning.
  - The task reads the node once to confirm that it has stopped. A disconnected, unregistered or unreachable node has
    stopped.
  - A loss fails the task, unless O(require_unchanged=false). A number without a snapshot gives a note and does not fail
    the task.
  - If this collection registered the number, the attempt log on the inventory host keeps that the comparison was made,
    whatever its result. Later runs then skip it.
options:
  phone_number_id:
    required: true
  state_dir:
    description: The directory on the inventory host with the snapshot.
    type: path
    default: /var/lib/wabiz
  batch:
    description:
      - A name for the hosts that are compared together, after all of them have moved. The WABA and its templates are
        then read once for all of them, instead of once for each number.
    type: str
  without_backup:
    description: Whether the number was registered without a backup. This explains a loss, but does not excuse it.
    type: bool
    default: false
  require_unchanged:
    description: Whether the task fails if something was lost.
    type: bool
    default: true
  restore_profile:
    description:
      - Restore lost fields of the profile (about, description, address, email, websites, vertical) from the snapshot.
      - The task sets only a field that is empty now. A field with another text was set by somebody since.
      - A lost photo is uploaded and set again if the node handed over its file when the snapshot was taken. Otherwise
        name a file with M(wabiz.migration.wa_profile).
      - What cannot be read, or not be restored yet, is a loss for O(require_unchanged). The comparison is then not
        recorded, and the next run makes it again.
    type: bool
    default: false
  app_id:
    description:
      - ID of the app that uploads the photo, which is the app of the access token.
      - If it is not set, the task asks the Graph API for it (C(debug_token)) when a photo is to be restored.
    type: str
  app_access_token:
    description:
      - Access token of the app itself. It inspects the access token if that cannot inspect itself.
      - If the option is not set, the environment variable E(WABIZ_APP_ACCESS_TOKEN) on the controller is used.
    type: str
  check_node:
    description: Whether to read the node.
    type: bool
    default: true
  wait:
    description:
      - Seconds in which the task reads a number again that is pending or in maintenance (131057), and a profile that
        was restored.
      - With V(0) it reads once.
    type: float
    default: 0.0
  wait_interval:
    description: Seconds between two reads.
    type: float
    default: 2.0
  onprem_retry_for:
    description:
      - Seconds in which the read of the node is repeated. A node that was shut down refuses connections, and this task
        expects that, so the default is not to wait.
    type: float
    default: 0.0
attributes:
  check_mode:
    support: full
    details:
      - In check mode the task reads and compares everything. It does not restore the profile, but counts it as
        restored, and does not change the attempt log.
  diff_mode:
    support: full
    details:
      - Shows the profile before and after.
  idempotent:
    support: full
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - The task calls the Graph API from the controller. It reads the snapshot and the node on the inventory host over
        the connection of the host, and records the comparison there.
      - With O(waba_id) and without O(restore_profile) all of that takes one execution on the host.
      - O(graph_via=host) runs the whole task there.
  become:
    description: Is usable alongside C(become) keywords.
    support: partial
    details:
      - Applies to what the task does on the inventory host, the file included.
extends_documentation_fragment:
  - wabiz.migration.onprem
  - wabiz.migration.graph
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.number.waba_id
  - wabiz.migration.attributes
seealso:
  - module: wabiz.migration.wa_profile
  - module: wabiz.migration.wa_snapshot
  - module: wabiz.migration.wa_health
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Fail if something was lost
  wabiz.migration.wa_compare:
    phone_number_id: "106540352242922"

- name: Restore the profile, and only report other losses
  wabiz.migration.wa_compare:
    phone_number_id: "106540352242922"
    restore_profile: true
    require_unchanged: false
  register: comparison

- name: Show the differences
  ansible.builtin.debug:
    var: comparison.differences
"""

RETURN = r"""
---
differences:
  description: Each difference, and each fact that could not be compared.
  returned: when the snapshot and the number could be read
  type: list
  elements: dict
  contains:
    id:
      description: Stable ID of the kind of difference.
      type: str
      sample: WM184
    severity:
      description: V(blocker) if something was lost, V(warning) or V(note).
      type: str
      sample: blocker
    number:
      description: The number, as digits.
      type: str
    fact:
      description: The fact that differs, such as V(quality_rating) or V(template order_update en_US).
      type: str
    was:
      description: The value in the snapshot.
      type: raw
    now:
      description: The value on the Cloud API.
      type: raw
    seen:
      description: Both values in one sentence.
      type: str
    meaning:
      description: What the difference means.
      type: str
    fix:
      description: What to do about it.
      type: str
    source:
      description: Where the rule comes from.
      type: str
compared:
  description: How many facts were compared. Each template is one fact.
  returned: when the snapshot and the number could be read
  type: int
  sample: 31
unchanged:
  description: Whether at least one fact was compared and no fact was lost.
  returned: when the snapshot and the number could be read
  type: bool
  sample: true
restored:
  description: The fields of the profile that were restored, or would be in check mode. V(photo) stands for the photo.
  returned: when the snapshot and the number could be read
  type: list
  elements: str
  sample: [about, websites]
stable:
  description: V(false) if the number was still pending or in maintenance after O(wait).
  returned: when the snapshot and the number could be read
  type: bool
  sample: true
snapshot:
  description: The snapshot of the comparison.
  returned: when the snapshot and the number could be read
  type: dict
  contains:
    path:
      description: Path of the snapshot, even if it does not exist.
      type: str
    taken_at:
      description: When it was taken, in UTC. V(null) without a snapshot.
      type: str
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
from ..module_utils._operations import compare


def main() -> None:
    _module_runner.run(compare.MODULE)


if __name__ == "__main__":
    main()
