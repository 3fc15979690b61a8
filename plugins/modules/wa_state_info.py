#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: read what the host keeps of a number (operation state_info)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_state_info
short_description: Read the attempt log and the snapshot of a number on its host
version_added: 0.1.0
description:
  - Returns what the collection keeps of a number on the inventory host, as the attempt log of its register requests and
    the snapshot from before its move. It changes nothing and calls no API.
  - Files that cannot be read are no failure. RV(error) says why.
  - The backup is not read.
options:
  phone_number_id: {required: true}
  state_dir:
    description: Directory on the inventory host with one folder for each number. The user of the task must own it.
    type: path
    default: /var/lib/wabiz
  attempts_limit:
    description: How many register requests Meta allows for a number in 72 hours.
    type: int
    default: 10
  attempts_reserve:
    description: How many of them are kept for a recovery by hand.
    type: int
    default: 2
attributes:
  check_mode:
    support: full
    details:
      - The task only reads.
  diff_mode:
    support: none
    details:
      - The task changes nothing.
  idempotent:
    support: full
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - The task runs on the controller, and reads the files on the inventory host over the connection of the host.
  become:
    description: Is usable alongside C(become) keywords.
    support: full
extends_documentation_fragment:
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.attributes
seealso:
  - module: wabiz.migration.wa_report
  - module: wabiz.migration.wa_register
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Read what the host keeps of the number
  wabiz.migration.wa_state_info:
    phone_number_id: "106540352242922"
  register: state

- name: Show its register requests
  ansible.builtin.debug:
    var: state.attempts
"""

RETURN = r"""
---
attempts:
  description: The register requests of the number, the oldest first.
  returned: success
  type: list
  elements: dict
  contains:
    at:
      description: When the request was about to be sent, in UTC by the clock of the inventory host.
      type: str
    outcome:
      description: V(registered), V(refused), V(not sent), V(no effect), V(unconfirmed), or V(intent) if nobody saw the
        answer.
      type: str
    code:
      description: The error code of the API.
      type: raw
    fbtrace_id:
      description: Meta's trace ID.
      type: str
    run:
      description: The run that sent it.
      type: str
    ended:
      description: When its outcome was known, in UTC.
      type: str
attempts_left:
  description: How many register requests the budget still allows. V(null) if the attempt log could not be read.
  returned: success
  type: int
  sample: 7
number:
  description: The number as the Graph API showed it, empty if the host does not know it.
  returned: success
  type: str
snapshot:
  description: The snapshot from before the move with C(waba_id), C(taken_at) and C(facts). Of the templates only the
    count. Empty if there is none.
  returned: success
  type: dict
error:
  description: Why something could not be read, empty if everything could.
  returned: success
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
from ..module_utils._operations import state_info


def main() -> None:
    _module_runner.run(state_info.MODULE)


if __name__ == "__main__":
    main()
