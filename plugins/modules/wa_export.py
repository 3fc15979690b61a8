#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: keep what can be had of a number in one private archive (operation export)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_export
short_description: Keep what can be had of a number in one private archive
version_added: 0.1.0
description:
  - Reads a business phone number, its profile and settings, its WABA with templates and subscribed apps, and takes what
    an earlier run has kept on the inventory host, the snapshot and the photo. It writes them to C(export.tar.gz) in the
    folder of the number below O(state_dir), mode 0600, with a manifest.
  - C(manifest.json) has the size and the SHA-256 of each file, and says of each other part why it could not be had. No
    API lists the media of a number.
  - An archive with the same content is not written anew. A part that cannot be read any more stays in the archive, and
    after the number has left the Cloud API the whole archive stays as it is.
options:
  phone_number_id:
    required: true
  waba_id:
    required: true
  state_dir:
    description: The directory on the inventory host with the files of the number.
    type: path
    default: /var/lib/wabiz
  required_parts:
    description:
      - The parts without which the task fails, so that no number is given up with a poor export. The archive is written
        all the same, with what could be read.
      - V(profile) and V(settings) are not required of a number that is not on the Cloud API, which has none.
    type: list
    elements: str
    choices: [number, profile, settings, waba, templates, subscriptions, snapshot, photo]
    default: [number, profile, waba, templates]
attributes:
  check_mode:
    support: full
    details:
      - In check mode the task reads all of it, and writes nothing.
  diff_mode:
    support: full
    details:
      - The diff shows digests only.
  idempotent:
    support: full
extends_documentation_fragment:
  - wabiz.migration.graph
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.number.waba_id
  - wabiz.migration.cutover.state_durable
  - wabiz.migration.attributes
  - wabiz.migration.attributes.on_controller
seealso:
  - module: wabiz.migration.wa_snapshot
  - module: wabiz.migration.wa_deregister
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Keep what can be had of the number before it is deregistered
  wabiz.migration.wa_export:
    phone_number_id: "106540352242922"
    waba_id: "102290129340398"
    access_token: "{{ vault_access_token }}"
"""

RETURN = r"""
---
path:
  description: The archive on the inventory host.
  returned: success
  type: str
  sample: /var/lib/wabiz/106540352242922/export.tar.gz
written:
  description: Whether the task has written it.
  returned: success
  type: bool
  sample: true
files:
  description: The files of the archive, by name, with C(bytes) and C(sha256).
  returned: success
  type: dict
  sample: {templates.json: {bytes: 9120, sha256: 3fdba35f04dc8c462986c992bcf875546257113072a909c162f7e470e581e278}}
missing:
  description: The parts that could not be had, and why.
  returned: success
  type: dict
  sample: {photo: "the Cloud API shows its address only, and the node did not hand its file over"}
reason:
  description: Why an archive was left as it is although it could not be compared. Empty otherwise.
  returned: success
  type: str
  sample: the number has left the Cloud API, so the export of before stays
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
from ..module_utils._operations import export


def main() -> None:
    _module_runner.run(export.MODULE)


if __name__ == "__main__":
    main()
