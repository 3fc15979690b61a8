# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: numbers that wait for a person: what is told of them, and whether further waves start meanwhile. Pure."""

from __future__ import annotations

from typing import Any, Mapping

CODE_WANTED = "Check mode. A code would be asked for by %s (%s)"
HAND_IN = "hand the code in (O(code) for this host, or O(codes_file)) and run the same command again"
CODE_ASKED = "A code was asked for by %s (%s) at %s%s. H" + HAND_IN[1:]
CODE_UNSEEN = "; its answer was not seen, so it may not arrive"
IN_OTHER_WABA = (
    "It is in WABA %s with a new phone number ID. Change its host in the inventory: %s, and take O(target_waba_id) "
    "away. Then run the same command again: it goes on there by a code"
)
OTHER_WABA_WANTED = "Check mode. It would be added to WABA %s, which gives it a new phone number ID"
STOPPED_FOR_INVENTORY = (
    "the first numbers have new phone number IDs: change the inventory, and run the same command again"
)
STOPPED_FOR_CODES = "the first numbers wait for their codes: hand them in, and run the same command again"


def for_code(verify: Mapping[str, Any], check_mode: bool) -> str:
    """Return how the code of a number was asked for, and how to hand it in."""
    asked = verify.get("code_request") or {}
    way = (asked.get("code_method"), asked.get("language"))
    if check_mode and asked.get("requested_at") is None:
        return CODE_WANTED % way
    unseen = "" if asked.get("confirmed") else CODE_UNSEEN
    return CODE_ASKED % (*way, asked.get("requested_at"), unseen)


def for_inventory(moved: Mapping[str, Any]) -> str:
    """Return which lines of the inventory to change, for a number with a new phone number ID."""
    if not moved.get("new_phone_number_id"):
        return OTHER_WABA_WANTED % moved.get("target_waba_id")
    return IN_OTHER_WABA % (moved.get("target_waba_id"), ", ".join(moved.get("inventory") or ()))


def stopped_for(codes: bool, inventory: bool) -> str:
    """Return why no further wave starts, where nothing but numbers that wait for a person has come of the first."""
    return STOPPED_FOR_CODES if codes else STOPPED_FOR_INVENTORY if inventory else ""
