# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: the ids that say which number and which WhatsApp Business Account a task is about."""

from __future__ import annotations


class ModuleDocFragment:
    PHONE_NUMBER_ID = r"""
---
options:
  phone_number_id:
    description:
      - ID of the business phone number in the Graph API. This is not the phone number itself. WhatsApp Manager shows
        it, and so does C(GET /<WABA_ID>/phone_numbers).
    type: str
"""

    WABA_ID = r"""
---
options:
  waba_id:
    description: ID of the WhatsApp Business Account (WABA). WhatsApp Manager shows it in the account's settings.
    type: str
"""
