# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each error code of the two APIs means, and what tells causes of one code apart: data only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, Optional, Tuple

from .options import GRAPH, ONPREM, option

# Did the server act on the request?
NO = "no"  # no byte of the request left, or the server said that it did not act
MAYBE = "maybe"  # the request left and what became of it is not known

# When may the same request go out again?
NEVER = "never"
SOON = "soon"  # a passing fault: short back-off
RATE = "rate"  # a limit was hit: long back-off, the server's own hint wins

# What kind of error is it? Chooses the class of the exception.
AUTH = "auth"
PERMISSION = "permission"
MISSING = "missing"
OTHER = "other"


@dataclass(frozen=True)
class Code:
    """Describe one error code, or one of several causes that share a code.

    ``acted`` is about the request that was answered with this code. ``node_may_be_down`` marks the codes after which
    the On-Premises deployment may have been disconnected although the number was not registered. ``wait_counts`` is
    False where the time that the server's words ask to wait changes nothing.
    """

    title: str
    meaning: str = ""
    acted: str = NO
    retry: str = NEVER
    safe_to_rerun: bool = True
    next_step: str = ""
    nature: str = OTHER
    node_may_be_down: bool = False
    wait_counts: bool = True


@dataclass(frozen=True)
class Case:
    """Tell one cause from the others that share a code; what is left out matches everything.

    ``calls`` are changes, each by the end of its path, such as "register". ``words`` is a pattern that is searched in
    all of the server's words, in lower case. A subcode alone tells nothing: Graph uses one for several things.
    """

    api: str
    reported: Code
    code: Optional[int] = None
    subcode: int = 0
    calls: Tuple[str, ...] = ()
    wording: str = ""

    def matches(self, api: str, code: Optional[int], subcode: int, call: str, wording: str) -> bool:
        return (
            api == self.api
            and self.code in (None, code)
            and self.subcode in (0, subcode)
            and (not self.calls or call in self.calls)
            and (not self.wording or re.search(self.wording, wording) is not None)
        )


_READ_FIRST = "run the same command again: it reads where the number is before it does anything"
_WAIT_RATE = "wait until the limit has recovered, then run the same command again"
_NEW_TOKEN = "give a valid access token as %s or WABIZ_ACCESS_TOKEN, best one of a system user" % option("access_token")
_TOKEN_RIGHTS = (
    "give the app and the system user of the access token the permissions whatsapp_business_management and "
    "whatsapp_business_messaging and full control of the WABA"
)
_NEW_BACKUP = "make a new backup on the node with wa_backup and force: true, and pass it on with its own password"
CHECK_VALUE = "correct the value that the details name"
# The calls of which Meta allows ten for a number in 72 hours, those that it refuses among them.
COUNTED = ("register", "deregister")
ATTEMPT = "Each %s request uses up one of ten in 72 hours"
_ON_BIZ_APP = "read is_on_biz_app of the number (GET /<phone number ID>?fields=is_on_biz_app)"

# Titles: Meta's table of error codes (documentation/business-messaging/whatsapp/support/error-codes). 133001-133003,
# 133007 and 136025 are of an older edition of it; the Graph reference of /register names the others.
GRAPH_CODES: Dict[int, Code] = {
    0: Code("AuthException", "The access token could not be authenticated.", next_step=_NEW_TOKEN, nature=AUTH),
    1: Code("API Unknown", "Graph failed without saying why.", acted=MAYBE, retry=SOON, next_step=_READ_FIRST),
    2: Code(
        "API Service", "Graph is overloaded or down for the moment.", acted=MAYBE, retry=SOON, next_step=_READ_FIRST
    ),
    3: Code("API Method", "The app may not use this call.", next_step=_TOKEN_RIGHTS, nature=PERMISSION),
    4: Code("API Too Many Calls", "The app has used up its calls.", retry=RATE, next_step=_WAIT_RATE),
    10: Code("API Permission Denied", "A permission is missing.", next_step=_TOKEN_RIGHTS, nature=PERMISSION),
    17: Code("API User Too Many Calls", "The user has used up its calls.", retry=RATE, next_step=_WAIT_RATE),
    33: Code("Parameter value is not valid", "The number was deleted.", next_step=CHECK_VALUE, nature=MISSING),
    100: Code(
        "Invalid parameter", "Graph did not accept a parameter or does not know the object.", next_step=CHECK_VALUE
    ),
    104: Code("Access token required", "The request carried no token.", next_step=_NEW_TOKEN, nature=AUTH),
    190: Code("Access token has expired", "The token is expired, revoked or wrong.", next_step=_NEW_TOKEN, nature=AUTH),
    200: Code("API Permission", "The token lacks a permission.", next_step=_TOKEN_RIGHTS, nature=PERMISSION),
    368: Code(
        "Temporarily blocked for policies violations",
        "Meta has restricted the account.",
        safe_to_rerun=False,
        next_step="see the account quality page of the WhatsApp Manager; start no further number until it is resolved",
    ),
    803: Code("Object not found", "Graph does not know the object.", next_step="check the ids", nature=MISSING),
    2200: Code(
        "Callback verification failed",
        "Meta could not verify the callback URL.",
        next_step="make the callback URL answer Meta's verification request from outside, then run again",
    ),
    80007: Code("Rate limit issues", "The WABA has used up its calls.", retry=RATE, next_step=_WAIT_RATE),
    80008: Code("Rate limit issues", "The WABA has used up its management calls.", retry=RATE, next_step=_WAIT_RATE),
    80014: Code("Rate limit issues", "The business has used up its calls.", retry=RATE, next_step=_WAIT_RATE),
    130429: Code("Rate limit hit", "The number has reached its throughput.", retry=RATE, next_step=_WAIT_RATE),
    131000: Code(
        "Something went wrong", "Graph failed for an unknown reason.", acted=MAYBE, retry=SOON, next_step=_READ_FIRST
    ),
    131005: Code(
        "Access denied", "A permission is missing or was taken away.", next_step=_TOKEN_RIGHTS, nature=PERMISSION
    ),
    131008: Code("Required parameter is missing", next_step=CHECK_VALUE),
    131009: Code("Parameter value is not valid", next_step=CHECK_VALUE),
    131016: Code(
        "Service unavailable", "A service is down for the moment.", acted=MAYBE, retry=SOON, next_step=_READ_FIRST
    ),
    131031: Code(
        "Account has been locked",
        "The WABA is restricted or disabled for a policy violation, or its data could not be verified.",
        safe_to_rerun=False,
        next_step="see the account in the WhatsApp Manager; start no further number of this WABA until it is resolved",
    ),
    131037: Code("Display name not approved", next_step="have the display name approved in the WhatsApp Manager"),
    131042: Code("Business eligibility payment issue", next_step="complete the payment settings of the WABA"),
    131045: Code(
        "Incorrect certificate",
        "The number is not registered on the Cloud API.",
        next_step="read the number with wa_number_info; register it if it is still on the On-Premises API",
    ),
    131057: Code(
        "Account in maintenance mode",
        "The number is being changed by Meta, for example upgraded in throughput after the migration.",
        retry=SOON,
        next_step="wait some minutes, then run the same command again",
    ),
    133000: Code(
        "Incomplete Deregistration",
        "An earlier deregistration of the number did not finish.",
        next_step="deregister the number again, then register it",
    ),
    133001: Code("Decryption Error", "The backup was rejected.", next_step=_NEW_BACKUP),
    133002: Code(
        "Backup Blob Decryption Error",
        "The backup was rejected: wrong password or altered data.",
        next_step=_NEW_BACKUP,
    ),
    133003: Code("Recovery Token Decryption Error", "The backup was rejected.", next_step=_NEW_BACKUP),
    133004: Code(
        "Server Temporarily Unavailable",
        "The registration service is down for the moment.",
        acted=MAYBE,
        retry=SOON,
        next_step=_READ_FIRST,
    ),
    133005: Code(
        "Two step verification PIN Mismatch",
        "The PIN is wrong. The On-Premises deployment may now be down and disconnected from WhatsApp.",
        safe_to_rerun=False,
        next_step=(
            "do not guess again: check the node with wa_onprem_info, clear two-step verification there or reset the "
            "PIN in the WhatsApp Manager, then run again with the new PIN"
        ),
        node_may_be_down=True,
    ),
    133006: Code(
        "Phone number re-verification needed",
        "The number is not verified, or the backup was rejected, or wrong PINs have locked it.",
        safe_to_rerun=False,
        next_step="verify the number with request_code and verify_code, or pass on an unmodified backup",
    ),
    133007: Code(
        "Account Blocked", "The account was blocked.", safe_to_rerun=False, next_step="ask Meta's support for the cause"
    ),
    133008: Code(
        "Too many two step verification PIN guesses",
        "Too many wrong PINs were sent.",
        safe_to_rerun=False,
        next_step="wait the stated time, make sure of the PIN, then run again",
    ),
    133009: Code(
        "Two step verification PIN guessed too fast",
        "PINs were sent too quickly one after another.",
        safe_to_rerun=False,
        next_step="wait the stated time, make sure of the PIN, then run again",
    ),
    133010: Code(
        "Phone number not registered", "The number is not registered on the Cloud API.", next_step="register it first"
    ),
    133015: Code(
        "Please wait a few minutes before attempting to register this phone number",
        "The number was deleted a short while ago.",
        safe_to_rerun=False,
        next_step="wait 5 minutes, then run the same command again",
    ),
    133016: Code(
        "Account register deregister rate limit exceeded",
        "The number was registered or deregistered more than 10 times in 72 hours and is locked for 72 hours.",
        safe_to_rerun=False,
        next_step="wait 72 hours before the next attempt with this number",
    ),
    135000: Code("Generic user error", "Graph did not accept a parameter.", next_step=CHECK_VALUE),
    136024: Code(
        "Request code error",
        "Meta sent no code.",
        next_step="do what Meta's words ask for; where they ask for nothing, verify the number in the WhatsApp Manager",
    ),
    136025: Code(
        "Verify code error",
        "The code was wrong or is expired.",
        next_step="request a new code, and give its six digits without the hyphen",
    ),
    200000: Code(
        "Cannot add phone number to WhatsApp Business Account", next_step="add the number in the WhatsApp Manager"
    ),
}

# A wait in seconds that Meta's documentation states for the code itself.
GRAPH_WAITS: Dict[int, float] = {133015: 300.0, 133016: 72 * 3600.0}

_ADMIN = "log in with the admin account of the node: %s" % option("onprem_username", "onprem_password")
_AGAIN = "run the same command again"

# Titles: Meta's On-Premises table of errors; the meanings of 1005, 1010, 1017 and 1018 follow providers' notes on it.
ONPREM_CODES: Dict[int, Code] = {
    429: Code("Rate limit hit", "The node was asked too often.", retry=RATE, next_step=_WAIT_RATE),
    500: Code("Generic error", "The node failed.", acted=MAYBE, retry=SOON, next_step=_AGAIN),
    1000: Code("Generic error", "The node failed.", acted=MAYBE, retry=SOON, next_step=_AGAIN),
    1004: Code("Resource already exists", next_step=CHECK_VALUE),
    1005: Code(
        "Access denied",
        "The account is not the admin account, the credentials are wrong, or the client is expired.",
        next_step=_ADMIN,
        nature=PERMISSION,
    ),
    1006: Code("Resource not found", "The node does not know this resource.", next_step=CHECK_VALUE, nature=MISSING),
    1008: Code("Required parameter is missing", next_step=CHECK_VALUE),
    1009: Code("Parameter value is not valid", next_step=CHECK_VALUE),
    1010: Code("Parameter is not required", "The request holds a parameter too many.", next_step=CHECK_VALUE),
    1011: Code(
        "Service not ready",
        "The node is starting, not registered or not connected to WhatsApp.",
        retry=SOON,
        next_step="see the health of the node with wa_onprem_info, bring its Coreapp up, then run again",
    ),
    1013: Code("User is not valid", next_step=CHECK_VALUE),
    1014: Code(
        "Internal error",
        "The node failed, or does not know the endpoint.",
        acted=MAYBE,
        next_step="see the log of the node",
    ),
    1015: Code("Too many requests", "The node was asked too often.", retry=RATE, next_step=_WAIT_RATE),
    1016: Code("System overloaded", "The node is overloaded.", retry=RATE, next_step=_WAIT_RATE),
    1017: Code("Not Primary Master", "A node that is not the primary master answered.", retry=SOON, next_step=_AGAIN),
    1018: Code("Not Primary Coreapp", "The shards are failing over.", retry=SOON, next_step=_AGAIN),
    1022: Code("Webhooks URL is not configured", next_step="set the webhook URL on the node"),
    1023: Code(
        "Database error",
        "The node cannot use its database.",
        acted=MAYBE,
        retry=SOON,
        next_step="see the database of the node",
    ),
    1024: Code(
        "Password Change Required",
        "Nobody has logged in to this node yet: the first login must set a new password.",
        next_step=(
            "log in to the node once with POST /v1/users/login and a body with new_password, then give the new "
            "password as %s" % option("onprem_password")
        ),
        nature=AUTH,
    ),
    1025: Code("Request is not valid", next_step=CHECK_VALUE),
    1031: Code(
        "Sender account has been locked",
        "WhatsApp has locked the number.",
        safe_to_rerun=False,
        next_step="see the account in the WhatsApp Manager; start no further number of this WABA until it is resolved",
    ),
}

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
    "It is past its expiry, and that is what it answers to every account.",
    next_step="upgrade the client of the node if a newer one is left; its settings may still be readable",
    nature=PERMISSION,
)
_ELSEWHERE = Code(
    "The number is bound to another WhatsApp account",
    "The WhatsApp app, the WhatsApp Business app or another business account uses it.",
    safe_to_rerun=False,
    next_step="disconnect the number in that app or account, then run the same command again. Deleting the account in "
    "the app can take a WABA that belongs to it along",
)

# The first that matches counts, so what tells more stands first. The subcodes are not in Meta's own table: they are
# what public reports quote, with the texts that came with them.
CASES: Tuple[Case, ...] = (
    Case(
        ONPREM,
        Code(
            "On-Premises registration is closed",
            "Meta closed On-Premises registration on 2025-10-23: the number cannot be registered on a node any more.",
            next_step="recover the number on the Cloud API: check the PIN, verify the number and register it there",
            nature=PERMISSION,
        ),
        1005,
        wording="biz_link_on_prem_reg_blocked",
    ),
    Case(ONPREM, EXPIRED_CLIENT, 1005, wording="app expired"),
    Case(
        ONPREM,
        Code(
            "The node's Coreapp does not run",
            "The Webapp answers, and does not reach the Coreapp.",
            acted=MAYBE,
            next_step="start the Coreapp on its host (docker ps -a names its container, docker start starts it), then "
            "run the same command again",
        ),
        1014,
        wording="wacore is running",
    ),
    Case(
        GRAPH,
        Code(
            "Graph does not accept the display name of the number",
            "Meta has not approved it, or could not process it.",
            safe_to_rerun=False,
            next_step="edit the display name in the WhatsApp Manager, wait until it is approved there, then run the "
            "same command again",
        ),
        100,
        2388001,
        _REGISTER,
        "display name",
    ),
    Case(GRAPH, _ELSEWHERE, 100, 2388001, _REGISTER, "existing|disconnect"),
    Case(
        GRAPH,
        Code(
            "Graph cannot create the certificate of the number",
            "Its display name is not approved, or another WhatsApp account uses the number.",
            safe_to_rerun=False,
            next_step="check the display name of the number in the WhatsApp Manager, and that no app and no other "
            "account uses the number; then run the same command again",
        ),
        100,
        2388001,
        _REGISTER,
    ),
    Case(
        GRAPH,
        Code(
            "The number is in use in the WhatsApp Business app",
            "Graph registers no number that lives in the app, whatever its platform type says.",
            safe_to_rerun=False,
            next_step=_ON_BIZ_APP + "; where it is true, connect the number to the platform in the app, or end its use "
            "there",
        ),
        100,
        calls=_REGISTER,
        wording="not available for smb",
    ),
    Case(
        GRAPH,
        Code(
            "Missing Permission",
            "Graph answers so to a number of the WhatsApp Business app too, whatever the token may do.",
            safe_to_rerun=False,
            next_step=_ON_BIZ_APP + " before you blame the token; where it is false, " + _TOKEN_RIGHTS,
        ),
        100,
        calls=_REGISTER,
        wording=r"\bmissing permission\b",
    ),
    Case(
        GRAPH,
        Code("Missing Permission", "The token lacks a permission.", next_step=_TOKEN_RIGHTS, nature=PERMISSION),
        100,
        wording=r"\bmissing permission\b",
    ),
    Case(
        GRAPH,
        Code("The number is registered already, as Meta says", next_step=_READ_FIRST),
        subcode=2388023,
        calls=_REGISTER,
    ),
    Case(GRAPH, _ELSEWHERE, subcode=2655122, calls=_REGISTER + _ADD),
    Case(
        GRAPH,
        Code(
            "Too many codes were requested for the number",
            "The API and the WhatsApp Manager share one limit.",
            safe_to_rerun=False,
            next_step="wait 24 to 48 hours, then request one code",
        ),
        136024,
        2388367,
    ),
    Case(
        GRAPH,
        Code(
            "Meta sends no code to this number",
            "Its words speak of a fault that passes. Reports say that it does not pass: the number is not eligible "
            "for a code, for example because the WhatsApp Business app uses it.",
            safe_to_rerun=False,
            next_step=_ON_BIZ_APP + "; do not wait and try again, but ask Meta's support",
            wait_counts=False,
        ),
        136024,
        2388091,
    ),
    Case(
        GRAPH,
        Code(
            "The number is not eligible for a code",
            safe_to_rerun=False,
            next_step="look at the number in the WhatsApp Manager; it may be verified already, or in use elsewhere",
        ),
        subcode=2388093,
        calls=("request_code",),
    ),
    Case(
        GRAPH,
        Code("The number is verified already", next_step="register the number: it needs no code"),
        136024,
        wording="already verified",
    ),
    Case(
        GRAPH,
        Code(
            "Cannot add phone number to WhatsApp Business Account",
            "Only the app of a Solution Partner adds numbers by the API.",
            next_step="add the number in the WhatsApp Manager",
        ),
        200000,
        3095008,
    ),
    Case(
        GRAPH,
        Code("The number is in that WABA already", next_step="read it with wa_number_info"),
        subcode=2388012,
        calls=_ADD,
    ),
    Case(
        GRAPH,
        Code(
            "The number is not eligible for a move to another WABA",
            next_step="check in the WhatsApp Manager that its display name is approved, that two-step verification is "
            "off, and that both WABAs are approved and have a payment method",
        ),
        subcode=2388103,
        calls=_ADD,
    ),
    Case(GRAPH, GRAPH_CODES[131057], subcode=2494100, calls=_REGISTER + _ADD),
    Case(GRAPH, NOT_FOUND, 100, 33),
    Case(GRAPH, NOT_FOUND, 100, wording="unsupported (get|post|delete) request"),
    Case(
        GRAPH,
        Code(
            "Invalid parameter",
            "This Graph version does not know a field that was asked for.",
            next_step="set %s to a version that is still served" % option("graph_version"),
        ),
        100,
        wording="nonexisting field",
    ),
)


def lookup(api: str, code: Optional[int], subcode: int = 0, call: str = "", wording: str = "") -> Optional[Code]:
    """Return what an error means, by its cause where that can be told, else by its code; None where nothing is known.

    ``words`` are all that the server says, in lower case.
    """
    for case in CASES:
        if case.matches(api, code, subcode, call, wording):
            return case.reported
    if code is None:
        return None
    if api == GRAPH and 200 <= code <= 299:  # a documented range, one meaning
        return GRAPH_CODES[200]
    return (GRAPH_CODES if api == GRAPH else ONPREM_CODES).get(code)
