#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: store the backup of a business phone number (operation backup)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_backup
short_description: Back up a business phone number from its On-Premises node
version_added: 0.1.0
description:
  - Requests the encrypted backup of the number's registration and settings from the On-Premises API (C(POST
    /v1/settings/backup), step 2 of Meta's guide). Stores it durably in a file that only its owner can read.
  - A register call with this backup keeps the Official Business Account status and the profile of the number.
  - The file begins with a header of facts (number, time, client version, digest of the data, a salted check of the
    password). The data follows exactly as the node returned it. The data never appears in a result or a log.
options:
  dest:
    description:
      - Absolute path of the backup file on the machine where the task runs. The directory must exist, or one of its
        parent directories.
      - The file is written atomically, synced to disk and gets mode 0600.
    type: path
    required: true
  backup_password:
    required: true
  max_age:
    description: Maximum age in seconds of an existing backup. A readable backup of the same number and password that is
      not older stays as it is.
    type: int
    default: 86400
  force:
    description: Make a new backup even if O(dest) has a good one.
    type: bool
    default: false
  phone_number:
    description:
      - The number that the node must serve, with country code. Spaces, hyphens, dots, parentheses and a leading V(+)
        are ignored.
      - If the node serves another number, the task fails and stores no backup.
    type: str
attributes:
  check_mode:
    support: full
    details:
      - In check mode the task reads the settings of the node and O(dest). It makes no backup and writes no file.
  diff_mode:
    support: full
    details:
      - Shows the header of facts before and after, never the data.
  idempotent:
    support: partial
    details:
      - While the stored backup is not older than O(max_age), and without O(force=true).
notes:
  - A node makes a backup only while it is registered and running. If it is unregistered, expired or disconnected, the
    task says so.
  - With this file and O(backup_password) anyone can take over the number. Keep the file until the migration is over,
    then delete it.
extends_documentation_fragment:
  - wabiz.migration.onprem
  - wabiz.migration.cutover.backup_password
  - wabiz.migration.attributes
  - wabiz.migration.attributes.on_node
seealso:
  - module: wabiz.migration.wa_register
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Store a backup on the On-Premises host, not older than a day
  wabiz.migration.wa_backup:
    dest: /var/lib/wabiz/106540352242922/backup.json
    phone_number: "+1 631 555 1019"
    backup_password: "{{ vault_backup_password }}"
    onprem_password: "{{ vault_onprem_password }}"
    onprem_ca_path: /etc/wabiz/node-ca.pem
  become: true

# The passwords come from the environment of the controller.
- name: Call the node from the controller
  wabiz.migration.wa_backup:
    dest: /srv/wabiz/106540352242922/backup.json
    onprem_url: https://node7.example.com:9090
    force: true
  vars:
    ansible_connection: local
"""

RETURN = r"""
---
path:
  description: Path of the backup file.
  returned: success
  type: str
  sample: /var/lib/wabiz/106540352242922/backup.json
number:
  description: The number that the node serves and the backup belongs to, as digits.
  returned: success
  type: str
  sample: "16315551019"
digest:
  description: SHA-256 of the backup data as hexadecimal text. Missing in check mode if the task would make a new
    backup.
  returned: success
  type: str
  sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
created_at:
  description: When the backup was made, in UTC. Missing in check mode if the task would make a new backup.
  returned: success
  type: str
  sample: "2026-11-21T09:30:00Z"
age:
  description: Age of the backup in seconds. Missing in check mode if the task would make a new backup.
  returned: success
  type: float
  sample: 12.0
client_version:
  description: Version of the On-Premises client that made the backup.
  returned: success
  type: str
  sample: v2.61.1
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
from ..module_utils._operations import backup


def main() -> None:
    _module_runner.run(backup.MODULE)


if __name__ == "__main__":
    main()
