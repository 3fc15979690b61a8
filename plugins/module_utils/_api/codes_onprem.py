# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each error code of the On-Premises API means. Data only."""

from __future__ import annotations

from typing import Dict

from .. import _meta_api as meta
from .codes import ADMIN, AGAIN, AUTH, CHECK_VALUE, MAYBE, MISSING, PERMISSION, RATE, SOON, WAIT_RATE, Code
from .options import option

# Titles: Meta's On-Premises table of errors; the meanings of 1005, 1010, 1017 and 1018 are from providers' notes on it.
ONPREM_CODES: Dict[int, Code] = {
    429: Code("Rate limit hit", "The node received too many requests.", retry=RATE, next_step=WAIT_RATE),
    500: Code("Generic error", "The node failed.", acted=MAYBE, retry=SOON, next_step=AGAIN),
    1000: Code("Generic error", "The node failed.", acted=MAYBE, retry=SOON, next_step=AGAIN),
    1004: Code("Resource already exists", next_step=CHECK_VALUE),
    meta.ACCESS_DENIED: Code(
        "Access denied",
        "The account is not the admin account, the credentials are wrong, or the client is expired.",
        next_step=ADMIN,
        nature=PERMISSION,
    ),
    1006: Code("Resource not found", "The node does not know this resource.", next_step=CHECK_VALUE, nature=MISSING),
    1008: Code("Required parameter is missing", next_step=CHECK_VALUE),
    1009: Code("Parameter value is not valid", next_step=CHECK_VALUE),
    1010: Code("Parameter is not required", "The request has a parameter too many.", next_step=CHECK_VALUE),
    1011: Code(
        "Service not ready",
        "The node is starting, not registered or not connected to WhatsApp.",
        retry=SOON,
        next_step="check the health of the node with wa_onprem_info, start its Coreapp, then run again",
    ),
    1013: Code("User is not valid", next_step=CHECK_VALUE),
    meta.INTERNAL_ERROR: Code(
        "Internal error",
        "The node failed, or does not know the endpoint.",
        acted=MAYBE,
        next_step="check the log of the node",
    ),
    1015: Code("Too many requests", "The node received too many requests.", retry=RATE, next_step=WAIT_RATE),
    1016: Code("System overloaded", "The node is overloaded.", retry=RATE, next_step=WAIT_RATE),
    1017: Code("Not Primary Master", "A node that is not the primary master answered.", retry=SOON, next_step=AGAIN),
    1018: Code("Not Primary Coreapp", "The shards are failing over.", retry=SOON, next_step=AGAIN),
    1022: Code("Webhooks URL is not configured", next_step="set the webhook URL on the node"),
    1023: Code(
        "Database error",
        "The node cannot use its database.",
        acted=MAYBE,
        retry=SOON,
        next_step="check the database of the node",
    ),
    meta.FIRST_LOGIN: Code(
        "Password Change Required",
        "Nobody has logged in to this node yet: the first login must set a new password.",
        next_step=(
            "log in to the node once with POST /v1/users/login and a body with new_password, then set the new "
            "password in %s" % option("onprem_password")
        ),
        nature=AUTH,
    ),
    1025: Code("Request is not valid", next_step=CHECK_VALUE),
    1031: Code(
        "Sender account has been locked",
        "WhatsApp has locked the number.",
        safe_to_rerun=False,
        next_step="check the account in WhatsApp Manager; start no other number of this WABA until it is resolved",
    ),
}
