#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: prove that a move has lost nothing (operation compare)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_compare
short_description: Compare a business phone number with the snapshot from before its move
version_added: 0.1.0
description:
  - Reads the snapshot that M(wabiz.migration.wa_snapshot) has stored on the inventory host, and the Cloud API side
    as it is now, and names every difference with its meaning and what to do.
  - What Meta's guide says is not affected must be equal (display name, verification status, quality rating,
    messaging limit, templates and their statuses, WABA, Official Business Account), and so must the profile, which
    the backup carries over. Where two or more shards ran, high throughput must come; it takes a while, so its
    absence is a warning.
  - The node is read once to see that it has stopped. Disconnected, unregistered and unreachable all count as that.
  - A loss fails the task, unless O(require_unchanged=false). A number without a snapshot is a note, and no failure.
  - Where this collection has registered the number, its record on the inventory host keeps that the comparison was
    made, whatever it says, so that a later run does not make it again.
options:
  phone_number_id:
    required: true
  state_dir:
    description: The directory on the inventory host in which the snapshot was stored.
    type: path
    default: /var/lib/wabiz
  batch:
    description:
      - A word for the hosts that are compared together, after all of them have moved. The WABA and its templates
        are then read once for all of them, in place of once for each number.
    type: str
  without_backup:
    description: Whether the number was registered without a backup. It explains a loss, and excuses none.
    type: bool
    default: false
  require_unchanged:
    description: Whether the task fails where something was lost.
    type: bool
    default: true
  restore_profile:
    description:
      - Put fields of the profile that were lost (about, description, address, email, websites, vertical) back from
        the snapshot.
      - Only a field that is empty now is set. One that holds another text is somebody's who has set it since.
      - A photo is not put back, because that needs an upload handle. Upload it in WhatsApp Manager.
    type: bool
    default: false
  check_node:
    description: Whether the node is read.
    type: bool
    default: true
  wait:
    description:
      - Seconds within which a number that is pending or in maintenance (131057) is read again, and so is a profile
        that was put back.
      - With V(0) it is read once.
    type: float
    default: 0.0
  wait_interval:
    description: Seconds between two reads.
    type: float
    default: 2.0
  onprem_retry_for:
    description:
      - Seconds within which the read of the node is repeated. A node that was shut down refuses connections, which
        is what this task looks for, so there is nothing to wait for.
    type: float
    default: 0.0
attributes:
  check_mode:
    support: full
    details:
      - In check mode everything is read and compared, the profile is not put back but counted as if it were, and the
        record stays as it is.
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
      - The Graph API is called from the controller, and the snapshot is read on the inventory host over its own
        connection. The node is read from there too, by M(wabiz.migration.wa_onprem_info), which is shipped where the
        connection is not local. O(graph_via=host) ships the whole task.
  become:
    description: Is usable alongside C(become) keywords.
    support: partial
    details:
      - Counts for what is done on the inventory host, the file among it.
extends_documentation_fragment:
  - wabiz.migration.onprem
  - wabiz.migration.graph
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.attributes
seealso:
  - module: wabiz.migration.wa_snapshot
  - module: wabiz.migration.wa_health
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Nothing was lost
  wabiz.migration.wa_compare:
    phone_number_id: "106540352242922"

- name: Put the profile back, and only report what else was lost
  wabiz.migration.wa_compare:
    phone_number_id: "106540352242922"
    restore_profile: true
    require_unchanged: false
  register: comparison

- name: Show what is not as it was
  ansible.builtin.debug:
    var: comparison.differences
"""

RETURN = r"""
---
differences:
  description: Everything that is not as it was, and what could not be compared. Empty where there is nothing to say.
  returned: when the snapshot and the number could be read
  type: list
  elements: dict
  contains:
    id:
      description: Stable ID of the kind of difference.
      type: str
      sample: WM184
    severity:
      description: V(blocker) where something was lost, V(warning) or V(note).
      type: str
      sample: blocker
    number:
      description: The number, as digits.
      type: str
    fact:
      description: The fact that differs, such as V(quality_rating) or V(template order_update en_US).
      type: str
    was:
      description: What the snapshot says.
      type: raw
    now:
      description: What the Cloud API says.
      type: raw
    seen:
      description: Both in words.
      type: str
    meaning:
      description: What that means.
      type: str
    fix:
      description: What to do about it.
      type: str
    source:
      description: Where the rule comes from.
      type: str
compared:
  description: How many facts were compared; each template counts.
  returned: when the snapshot and the number could be read
  type: int
  sample: 31
unchanged:
  description: Whether something was compared, and nothing of it was lost.
  returned: when the snapshot and the number could be read
  type: bool
  sample: true
restored:
  description: The fields of the profile that were put back, or would be in check mode.
  returned: when the snapshot and the number could be read
  type: list
  elements: str
  sample: [about, websites]
stable:
  description: V(false) where the number was still pending or in maintenance after O(wait).
  returned: when the snapshot and the number could be read
  type: bool
  sample: true
snapshot:
  description: The snapshot that was compared with.
  returned: when the snapshot and the number could be read
  type: dict
  contains:
    path:
      description: Where it is, or would be.
      type: str
    taken_at:
      description: When it was taken, in UTC. Null where there is none.
      type: str
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
from ..module_utils._operations import compare


def main() -> None:
    _module_runner.run("wa_compare", compare.perform)


if __name__ == "__main__":
    main()
