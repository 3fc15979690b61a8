#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: wait until a real event of a number has come in (operation echo)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_echo
short_description: Wait until a real event of a number has come in
version_added: 0.1.0
description:
  - A number that is registered on the Cloud API serves nobody if its webhooks do not arrive. This module asks the
    webhook endpoint, or what it writes, when the last event of the number came in, until there is one.
  - The task does not fail without an event, because the number may only be quiet. RV(echo) says whether one was seen,
    and RV(findings) has C(WM243) if not.
options:
  phone_number_id:
    required: true
  echo:
    required: true
  wait_interval:
    description: Seconds between two looks.
    type: float
    default: 2.0
  since:
    description:
      - Only events from this time on count, such as V(2026-11-26T14:03:00Z). After M(wabiz.migration.wa_register) in
        M(wabiz.migration.wa_steps) it is the time of the register request. The clock of the endpoint must be right.
      - Without it any event counts.
    type: str
extends_documentation_fragment:
  - wabiz.migration.echo
  - wabiz.migration.number.phone_number_id
  - wabiz.migration.attributes
  - wabiz.migration.attributes.reads
  - wabiz.migration.attributes.in_worker
seealso:
  - module: wabiz.migration.wa_webhook_check
  - module: wabiz.migration.wa_register
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: See whether events of the number come in
  wabiz.migration.wa_echo:
    phone_number_id: "106540352242922"
    echo: http://bridge.internal:8081/v1/numbers/{phone_number_id}
    echo_wait: 300
  register: found
  failed_when: not found.echo.seen
"""

RETURN = r"""
---
echo:
  description: What was seen.
  returned: success
  type: dict
  contains:
    seen:
      description: Whether an event counts.
      type: bool
    at:
      description: When the last event of the number came in, V(null) if none is reported.
      type: str
      sample: "2026-11-26T14:03:00Z"
    source:
      description: What was asked, without the query of an address.
      type: str
    waited:
      description: Seconds until the end of the task.
      type: float
findings:
  description: The finding C(WM243), as M(wabiz.migration.wa_preflight) returns findings, or nothing.
  returned: success
  type: list
  elements: dict
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
from ..module_utils._operations import echo


def main() -> None:
    _module_runner.run(echo.MODULE)


if __name__ == "__main__":
    main()
