# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: what a number is used for (rules: _core/checks/purpose.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
options:
  purpose:
    description:
      - What the number is used for, one purpose of O(purpose_rules). By default V(customer_support), V(notifications),
        V(commerce), V(authentication), V(marketing), V(internal), V(general_purpose_assistant) and V(other).
      - A prohibited purpose is a blocker. Since 2026-01-15 V(general_purpose_assistant) is prohibited, an AI assistant
        for general questions as the main function of the number. Numbers of the European Economic Area with Italy and
        of Brazil are exempt, and get a warning. If the purpose is not set, a warning says so.
    type: str
  purpose_rules:
    description:
      - Your own rules in place of the rules of this collection. One dictionary for each purpose has the keys C(purpose)
        and C(meaning). A prohibited purpose also has C(prohibited_since), C(reason) and C(sources), and optionally
        C(prohibited_until), C(users), C(operators) and C(exemptions).
      - An exemption has the keys C(name), C(country_codes), C(confidence) (low, medium or high), C(lifts), C(message)
        and C(source), optionally C(since) and C(until). With C(lifts) true it turns the blocker into a warning.
      - Dates have the form 2026-01-15.
    type: list
    elements: dict
"""
