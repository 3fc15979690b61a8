#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: make the business profile of a number what is stated (operation profile)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_profile
short_description: Set the business profile of a phone number on the Cloud API, the photo included
version_added: 0.1.0
description:
  - Reads the business profile of a number and sends, in one request, the fields that differ from the stated ones.
    A field that is not stated stays as it is.
  - The limits of all fields and of the photo are checked before the first request. All errors are reported at once.
  - A photo travels by Meta's Resumable Upload API. After a cut the upload goes on from the last byte that has arrived.
  - The Graph API does not hand back the file of a photo. So the task keeps the SHA-256 of the photo that it put last,
    in C(profile.json) in the folder of the number below O(state_dir), and puts a photo only if there is none, or if its
    digest is another one.
options:
  phone_number_id:
    required: true
  about:
    description: The text of the section About, 1 to 139 characters.
    type: str
  description:
    description: The description of the business, at most 512 characters.
    type: str
  address:
    description: The address of the business, at most 256 characters.
    type: str
  email:
    description: The e-mail address of the business, at most 128 characters.
    type: str
  websites:
    description: At most two addresses that begin with V(http://) or V(https://), of at most 256 characters each.
    type: list
    elements: str
  vertical:
    description: The industry, as the constant of the Cloud API (V(RETAIL)) or the name of the On-Premises API
      (V(Shopping and Retail)).
    type: str
  photo:
    description:
      - A JPEG or PNG file of at most 5 MB. Meta recommends 640 x 640 pixels. The type is read from the file itself.
      - A path on the controller. With O(graph_via=host), a path on the inventory host.
    type: path
  clear:
    description: Fields to empty. An option without a value leaves its field as it is, so that an empty variable does
      not delete a text. Meta does not take an empty C(about).
    type: list
    elements: str
    choices: [description, address, email, websites]
    default: []
  from_snapshot:
    description:
      - Take each field that is not stated from the snapshot of M(wabiz.migration.wa_snapshot), if it is not empty
        there. This overwrites a text that was set since. O(wabiz.migration.wa_compare#module:restore_profile) restores
        lost fields only.
      - The photo is the one that the node handed over when the snapshot was taken. It replaces a photo only if that was
        put by this module.
    type: bool
    default: false
  update_photo:
    description:
      - V(on_change) puts the photo if the number has none, or if another one was put last.
      - V(always) puts it in any case, for example after somebody has replaced it by hand.
    type: str
    choices: [on_change, always]
    default: on_change
  state_dir:
    description: The directory on the inventory host with the snapshot, and with the digest of the last photo.
    type: path
    default: /var/lib/wabiz
  app_id:
    description:
      - ID of the app that uploads the photo, which is the app of the access token.
      - If it is not set, the task asks the Graph API for it (C(debug_token)).
    type: str
  app_access_token:
    description:
      - Access token of the app itself. It inspects the access token if that cannot inspect itself. It is not used if
        O(app_id) is set.
      - If the option is not set, the environment variable E(WABIZ_APP_ACCESS_TOKEN) on the controller is used.
    type: str
  wait:
    description: Seconds in which the task reads the profile again until it is as it was sent.
    type: float
    default: 30.0
  wait_interval:
    description: Seconds between two reads.
    type: float
    default: 1.0
attributes:
  check_mode:
    support: full
    details:
      - In check mode the task reads the profile and the files, and uploads and sends nothing.
  diff_mode:
    support: full
    details:
      - Shows the fields before and after. Of a photo it shows the digest of what was put last.
  idempotent:
    support: full
    details:
      - Of a photo, only what this module has put can be compared. If somebody has replaced it, the task warns if its
        address has changed. It does not put the photo again on its own, because Meta does not document that the address
        stays the same.
      - With O(update_photo=always) each run puts the photo.
notes:
  - The number must be on the Cloud API.
extends_documentation_fragment:
  - wabiz.migration.graph
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.attributes
  - wabiz.migration.attributes.on_controller
seealso:
  - module: wabiz.migration.wa_compare
  - module: wabiz.migration.wa_snapshot
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Set the profile and the photo
  wabiz.migration.wa_profile:
    phone_number_id: "106540352242922"
    about: Open Monday to Friday
    websites: [https://www.example.com]
    vertical: RETAIL
    photo: files/logo.png
    access_token: "{{ vault_access_token }}"

- name: Put the profile back as it was before the move
  wabiz.migration.wa_profile:
    phone_number_id: "106540352242922"
    from_snapshot: true
    access_token: "{{ vault_access_token }}"

- name: Remove the e-mail address
  wabiz.migration.wa_profile:
    phone_number_id: "106540352242922"
    clear: [email]
    access_token: "{{ vault_access_token }}"
"""

RETURN = r"""
---
updated:
  description: What the task set, or would set in check mode. V(photo) stands for the photo.
  returned: success
  type: list
  elements: str
  sample: [about, photo]
profile:
  description: The fields of the profile after the task.
  returned: success
  type: dict
  sample: {about: Open Monday to Friday, vertical: RETAIL, websites: ["https://www.example.com"]}
photo:
  description: The photo after the task.
  returned: success
  type: dict
  contains:
    present:
      description: Whether the number has a photo.
      type: bool
    sha256:
      description: SHA-256 of the file that was put last. Empty if this module has put none.
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
from ..module_utils._operations import profile


def main() -> None:
    _module_runner.run(profile.MODULE)


if __name__ == "__main__":
    main()
