# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the catalogue of all differences, by their IDs. Pure."""

from __future__ import annotations

from typing import Dict

from . import rules_endpoints, rules_receiving, rules_sending
from .rule import Rule

RULES: Dict[str, Rule] = {
    rule.id: rule
    for rule in sorted(rules_sending.RULES + rules_receiving.RULES + rules_endpoints.RULES, key=lambda rule: rule.id)
}

# The number of the On-Premises API and its counterpart on the Cloud API. Meta publishes no such table: the pairs are
# the codes whose titles say the same.
ERROR_NUMBERS: Dict[int, int] = {
    402: 131042,
    430: 131045,
    432: 131045,
    433: 131045,
    470: 131047,
    471: 131048,
    472: 130472,
    1005: 131005,
    1008: 131008,
    1009: 131009,
    1013: 131026,
    1015: 130429,
    1016: 131016,
    1021: 131021,
    1026: 131026,
    1031: 131031,
    2000: 132000,
    2001: 132001,
    2005: 132005,
    2007: 132007,
    2012: 132012,
}
