# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an error means, by its code, its call and its text: the causes that share a code, and the lookup."""

from __future__ import annotations

from typing import Optional, Tuple

from .. import _meta_api as meta
from .codes import MAYBE, MISSING, ON_BIZ_APP, PERMISSION, READ_FIRST, TOKEN_RIGHTS, Case, Code
from .codes_graph import GRAPH_CODES
from .codes_onprem import ONPREM_CODES
from .options import GRAPH, ONPREM, option

_REGISTER = ("register",)
_ADD = ("phone_numbers",)
NOT_FOUND = Code(
    "Invalid parameter",
    "Graph does not know the object, or the token may not see it.",
    next_step="check the id and that the access token has access to its WABA",
    nature=MISSING,
)
EXPIRED_CLIENT = Code(
    "The client of the node has expired",
    "After its expiry a client answers so to every account.",
    next_step="upgrade the client of the node if there is a newer one; its settings may still be readable",
    nature=PERMISSION,
)
_ELSEWHERE = Code(
    "The number is bound to another WhatsApp account",
    "The WhatsApp app, the WhatsApp Business app or another business account uses it.",
    safe_to_rerun=False,
    next_step="disconnect the number in that app or account, then run the same command again. Deleting the account in "
    "the app can delete a WABA that belongs to it",
)

# The first match counts, so specific cases come first. The subcodes are not in Meta's own table: public reports quote
# them, with the texts that came with them.
CASES: Tuple[Case, ...] = (
    Case(
        ONPREM,
        Code(
            "On-Premises registration is closed",
            "Meta closed On-Premises registration on 2025-10-23: the number cannot be registered on a node any more.",
            next_step="recover the number on the Cloud API: check the PIN, verify the number and register it there",
            nature=PERMISSION,
        ),
        meta.ACCESS_DENIED,
        wording="biz_link_on_prem_reg_blocked",
    ),
    Case(ONPREM, EXPIRED_CLIENT, meta.ACCESS_DENIED, wording="app expired"),
    Case(
        ONPREM,
        Code(
            "The node's Coreapp does not run",
            "The Webapp answers, but it does not reach the Coreapp.",
            acted=MAYBE,
            next_step="start the Coreapp on its host (docker ps -a names its container, docker start starts it), then "
            "run the same command again",
        ),
        meta.INTERNAL_ERROR,
        wording="wacore is running",
    ),
    Case(
        GRAPH,
        Code(
            "Graph does not accept the display name of the number",
            "Meta has not approved it, or could not process it.",
            safe_to_rerun=False,
            next_step="edit the display name in WhatsApp Manager, wait until it is approved there, then run the "
            "same command again",
        ),
        meta.INVALID_PARAMETER,
        2388001,
        _REGISTER,
        "display name",
    ),
    Case(GRAPH, _ELSEWHERE, meta.INVALID_PARAMETER, 2388001, _REGISTER, "existing|disconnect"),
    Case(
        GRAPH,
        Code(
            "Graph cannot create the certificate of the number",
            "Its display name is not approved, or another WhatsApp account uses the number.",
            safe_to_rerun=False,
            next_step="check the display name of the number in WhatsApp Manager, and that no app and no other "
            "account uses the number; then run the same command again",
        ),
        meta.INVALID_PARAMETER,
        2388001,
        _REGISTER,
    ),
    Case(
        GRAPH,
        Code(
            "The number is in use in the WhatsApp Business app",
            "Graph does not register a number of the app, whatever its platform type.",
            safe_to_rerun=False,
            next_step=ON_BIZ_APP
            + "; if it is true, connect the number to the Cloud API in the app, or stop using it in the app",
        ),
        meta.INVALID_PARAMETER,
        calls=_REGISTER,
        wording="not available for smb",
    ),
    Case(
        GRAPH,
        Code(
            "Missing Permission",
            "Graph also answers so to a number of the WhatsApp Business app, whatever the permissions of the token.",
            safe_to_rerun=False,
            next_step=ON_BIZ_APP + " before you change the token; if it is false, " + TOKEN_RIGHTS,
        ),
        meta.INVALID_PARAMETER,
        calls=_REGISTER,
        wording=r"\bmissing permission\b",
    ),
    Case(
        GRAPH,
        Code("Missing Permission", "The token lacks a permission.", next_step=TOKEN_RIGHTS, nature=PERMISSION),
        meta.INVALID_PARAMETER,
        wording=r"\bmissing permission\b",
    ),
    Case(
        GRAPH,
        Code("Meta reports that the number is registered already", next_step=READ_FIRST),
        subcode=2388023,
        calls=_REGISTER,
    ),
    Case(GRAPH, _ELSEWHERE, subcode=2655122, calls=_REGISTER + _ADD),
    Case(
        GRAPH,
        Code(
            "Too many codes were requested for the number",
            "The API and WhatsApp Manager share one limit.",
            safe_to_rerun=False,
            next_step="wait 24 to 48 hours, then request one code",
        ),
        meta.REQUEST_CODE,
        meta.CODES_USED_UP,
    ),
    Case(
        GRAPH,
        Code(
            "Meta sends no code to this number",
            "Its message names a temporary fault, but by public reports it does not pass: the number is not eligible "
            "for a code, for example because the WhatsApp Business app uses it.",
            safe_to_rerun=False,
            next_step=ON_BIZ_APP + "; do not wait and try again: ask Meta's support",
            wait_counts=False,
        ),
        meta.REQUEST_CODE,
        2388091,
    ),
    Case(
        GRAPH,
        Code(
            "The number is not eligible for a code",
            safe_to_rerun=False,
            next_step="check the number in WhatsApp Manager; it may be verified already, or another account uses it",
        ),
        subcode=2388093,
        calls=("request_code",),
    ),
    Case(
        GRAPH,
        Code("The number is verified already", next_step="register the number: it needs no code"),
        meta.REQUEST_CODE,
        wording="already verified",
    ),
    Case(
        GRAPH,
        Code(
            "Cannot add phone number to WhatsApp Business Account",
            "Only the app of a Solution Partner can add numbers by the API.",
            next_step="add the number in WhatsApp Manager, then run the same command again: it reads the phone number "
            "ID from the list of that WABA",
        ),
        meta.ADD_NUMBER,
        3095008,
    ),
    Case(
        GRAPH,
        Code(
            "The number is in that WABA already",
            next_step="run the same command again: it reads the phone number ID there from the list of that WABA",
        ),
        subcode=meta.ALREADY_IN_WABA,
        calls=_ADD,
    ),
    Case(
        GRAPH,
        Code(
            "The number is not eligible for a move to another WABA",
            next_step="check in WhatsApp Manager that its display name is approved, that two-step verification is "
            "off, and that both WABAs are approved and have a payment method",
        ),
        subcode=2388103,
        calls=_ADD,
    ),
    Case(GRAPH, GRAPH_CODES[meta.MAINTENANCE], subcode=2494100, calls=_REGISTER + _ADD),
    Case(GRAPH, NOT_FOUND, meta.INVALID_PARAMETER, 33),
    Case(GRAPH, NOT_FOUND, meta.INVALID_PARAMETER, wording="unsupported (get|post|delete) request"),
    Case(
        GRAPH,
        Code(
            "Invalid parameter",
            "This Graph version does not know a field of the request.",
            next_step="set %s to a version that Graph still serves" % option("graph_version"),
        ),
        meta.INVALID_PARAMETER,
        wording="nonexisting field",
    ),
    Case(
        GRAPH,
        Code(
            "Graph does not add the number to that WABA",
            "Its message may name the parameter that it does not accept.",
            next_step="check in WhatsApp Manager that the number meets the conditions of a move (display name "
            "approved, two-step verification off, both WABAs approved), then run the same command again",
        ),
        meta.INVALID_PARAMETER,
        calls=_ADD,
    ),
)


def lookup(api: str, code: Optional[int], subcode: int = 0, call: str = "", wording: str = "") -> Optional[Code]:
    """Return what an error means, by its cause if that is clear, else by its code; None for an unknown code.

    ``wording`` is the whole text of the server, in lower case.
    """
    for case in CASES:
        if case.matches(api, code, subcode, call, wording):
            return case.reported
    if code is None:
        return None
    if api == GRAPH and 200 <= code <= 299:  # a documented range, one meaning
        return GRAPH_CODES[200]
    return (GRAPH_CODES if api == GRAPH else ONPREM_CODES).get(code)
