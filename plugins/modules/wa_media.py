#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: upload the media of the node that messages name (operation media)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_media
short_description: Upload the media of a node to the Cloud API, and map the media IDs
version_added: 0.1.0
description:
  - Media IDs of the On-Premises API mean nothing to the Cloud API. This module finds the IDs that messages and
    templates name, reads each file from the node, uploads it to the number, and writes which new ID each old one has.
  - The media map is what M(wabiz.migration.wa_lint) takes as O(wabiz.migration.wa_lint#module:media_map).
    C(docs/media.md) describes the file.
  - B(A media ID of the Cloud API can be used for 30 days.) The map says until when each of them can be. An expired one
    is uploaded again by the next run, so run the module again in time, or send media by a link.
  - The same content is uploaded once, whatever the number of its IDs. What the map has is not read from the node again.
  - All files are looked at before the first upload. If the node does not have one any more, or its type or size is not
    one that the Cloud API takes, the task fails with all of them, and uploads nothing.
  - An upload is noted in the map before it is sent, and its new ID as soon as it is known. A run that was killed goes
    on after what was noted. If the answer to an upload is lost, the upload is sent again, and a warning says so. An
    upload is no message. A copy that nobody uses is deleted by Meta after 30 days.
options:
  phone_number_id:
    required: true
  dest:
    description:
      - The file of the media map, for this number only. An absolute path on the controller, or on the inventory host
        with O(graph_via=host). Its folder must exist. The file is private (mode 0600).
      - Beside it is an empty file with the ending C(.lock). One run at a time may upload for a map.
    type: path
    required: true
  paths:
    description:
      - Files and folders with the messages and templates that the application sends, as M(wabiz.migration.wa_lint)
        takes them, on the same machine as O(dest). Media IDs in source code are not taken, only those in payloads.
    type: list
    elements: str
  exclude:
    description: Patterns of file names to leave out. They apply to names below a folder.
    type: list
    elements: str
    default: []
  media_ids:
    description: Media IDs of the node to upload in any case, such as those of your own list. The On-Premises API has no
      request that lists its media.
    type: list
    elements: str
  valid_for:
    description: Seconds for which an ID of the Cloud API counts as usable after its upload. Meta says 30 days.
    type: float
    default: 2592000.0
  check_limits:
    description: Whether to check the types and sizes by Meta's table, as it was in November 2026. With V(false) only
      the Cloud API decides.
    type: bool
    default: true
attributes:
  check_mode:
    support: full
    details:
      - In check mode the task reads the files from the node and checks them. It uploads and writes nothing.
  diff_mode:
    support: full
  idempotent:
    support: full
    details:
      - An ID of the Cloud API that has expired is replaced by a new one.
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - The task calls the Graph API from the controller, where O(paths) and O(dest) are. It reads the node from the
        inventory host over the connection of the host. O(graph_via=host) runs the whole task there.
  become:
    description: Is usable alongside C(become) keywords.
    support: partial
    details:
      - Applies to what the task does on the inventory host.
extends_documentation_fragment:
  - wabiz.migration.onprem
  - wabiz.migration.graph
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.attributes
seealso:
  - module: wabiz.migration.wa_lint
  - module: wabiz.migration.wa_profile
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Upload the media that the messages of the application name
  wabiz.migration.wa_media:
    phone_number_id: "106540352242922"
    paths: [/srv/app/messages]
    dest: /srv/app/media-106540352242922.json
    onprem_password: "{{ vault_onprem_password }}"
    access_token: "{{ vault_access_token }}"

- name: Write copies of the messages with the new media IDs
  wabiz.migration.wa_lint:
    paths: [/srv/app/messages]
    fix: true
    media_map: /srv/app/media-106540352242922.json
    fail_on: never
  delegate_to: localhost
"""

RETURN = r"""
---
uploaded:
  description: The media IDs of the node that have a new ID by this task, or would have in check mode. Several of them
    may share one upload.
  returned: success, or failure after the first upload
  type: list
  elements: str
media:
  description: The entry of each ID that is named, as the map has it. Empty in check mode.
  returned: success, or failure after the first upload
  type: dict
  sample: {f043afd0-f0ae-4b9c-ab3d-696fb4c8cd68: {id: "1037543291543636", sha256: 9f86d081, mime_type: image/png,
    bytes: 3120, uploaded_at: "2026-11-26T14:03:00Z", expires_at: "2026-12-26T14:03:00Z"}}
dest:
  description: The file of the media map.
  returned: success, or failure after the first upload
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
from ..module_utils._operations import media


def main() -> None:
    _module_runner.run(media.MODULE)


if __name__ == "__main__":
    main()
