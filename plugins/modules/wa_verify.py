#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: verify a number by a one-time code (operation verify)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_verify
short_description: Verify a business phone number by a one-time code
version_added: 0.1.0
description:
  - Asks Meta for a one-time code (C(request_code)), or hands one in (C(verify_code)). A number must be verified before
    it can be registered without a backup.
  - The number is read first. One that is verified already gets no request. A number of the WhatsApp Business app
    (C(is_on_biz_app)) is refused.
  - A code is asked for at most once while one is pending, and no code is handed in twice. The attempt log on the
    inventory host keeps when and by which way a code was asked for, never the code. Of a code that was sent it keeps a
    digest with the access token as its key, because a plain digest of six digits can be searched.
  - An answer that is late or lost is confirmed by reading the number. The request is never repeated.
options:
  state:
    description:
      - V(requested) asks for a code.
      - V(verified) hands in O(code).
    type: str
    choices: [requested, verified]
    required: true
  code:
    description:
      - The code, in quotes. Meta writes it as C(123-456). It is accepted with one hyphen or blank in the middle, and
        without. A code that is not six digits is refused before any request.
      - Required with O(state=verified), unless O(codes_file) has it or O(request_code=true).
    type: str
  codes_file:
    description:
      - A file on the controller with codes, in YAML or CSV. Each entry has the name of the host, the phone number or
        the phone number ID, and the code. C(docs/second-lane.md) has examples.
      - Only its owner may be able to read it (mode 0600).
    type: path
  phone_number:
    description: The phone number itself, by which O(codes_file) may name it.
    type: str
  request_code:
    description: With O(state=verified), ask for a code where none is handed in.
    type: bool
    default: false
  phone_number_id:
    required: true
  confirm_timeout:
    description: Seconds in which the number is read after a code was handed in, until it shows as verified.
    type: float
    default: 120.0
  confirm_interval:
    description: Seconds between two of these reads.
    type: float
    default: 2.0
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows the verification status, never a code.
  idempotent:
    support: full
    details:
      - A pending code is not asked for again, and a verified number is left alone.
notes:
  - A code that was asked for in WhatsApp Manager can be handed in as well.
  - Meta's refusals of C(request_code) share the code 136024. 2388367 is the limit of codes; no request is sent for 24
    hours. 2388091 and 2388093 do not pass; no request is sent any more.
extends_documentation_fragment:
  - wabiz.migration.code.move
  - wabiz.migration.graph
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.number.waba_id
  - wabiz.migration.code
  - wabiz.migration.cutover.state_dir
  - wabiz.migration.cutover.state_durable
  - wabiz.migration.attributes
  - wabiz.migration.attributes.on_controller
seealso:
  - module: wabiz.migration.wa_register
  - module: wabiz.migration.wa_preflight
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Ask for a code by a call
  wabiz.migration.wa_verify:
    state: requested
    phone_number_id: "106540352242922"
    code_method: VOICE
    language: de_DE
    access_token: "{{ vault_access_token }}"

- name: Hand the code in
  wabiz.migration.wa_verify:
    state: verified
    phone_number_id: "106540352242922"
    code: "{{ code_of_this_number }}"
    access_token: "{{ vault_access_token }}"
"""

RETURN = r"""
---
verified:
  description: Whether the number is verified after the task.
  returned: success
  type: bool
  sample: false
code_verification_status:
  description: What the Graph API says of the verification.
  returned: success
  type: str
  sample: NOT_VERIFIED
number:
  description: The phone number as the Graph API shows it.
  returned: success
  type: str
  sample: +1 631-555-1019
phone_number_id:
  description: Its ID.
  returned: success
  type: str
  sample: "106540352242922"
waiting_for_code:
  description: Whether a code is pending that has not been handed in.
  returned: success
  type: bool
  sample: true
code_request:
  description: The pending request of a code. C(confirmed) is false where its answer was not seen.
  returned: if a code is pending
  type: dict
  sample: {requested_at: "2026-11-26T14:03:00Z", code_method: SMS, language: en_US, confirmed: true}
attempt_log:
  description: Path of the attempt log on the inventory host.
  returned: success
  type: str
  sample: /var/lib/wabiz/106540352242922/attempt_log.json
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
from ..module_utils._operations import verify


def main() -> None:
    _module_runner.run(verify.MODULE)


if __name__ == "__main__":
    main()
