# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: the IDs of the number and of the WhatsApp Business Account."""

from __future__ import annotations


class ModuleDocFragment:
    PHONE_NUMBER_ID = r"""
---
options:
  phone_number_id:
    description:
      - ID of the business phone number in the Graph API. This is not the phone number itself. WhatsApp Manager and
        C(GET /<WABA_ID>/phone_numbers) show it.
    type: str
"""

    WABA_ID = r"""
---
options:
  waba_id:
    description: ID of the WhatsApp Business Account (WABA). WhatsApp Manager shows it in the settings of the account.
    type: str
"""
