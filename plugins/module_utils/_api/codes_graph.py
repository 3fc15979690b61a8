# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each error code of the Graph API means. Data only."""

from __future__ import annotations

from typing import Dict

from .. import _meta_api as meta
from .codes import (
    AUTH,
    CHECK_VALUE,
    LEAVE_OUT,
    MAYBE,
    MISSING,
    NEW_BACKUP,
    NEW_TOKEN,
    PERMISSION,
    RATE,
    READ_FIRST,
    SOON,
    TOKEN_RIGHTS,
    WAIT_RATE,
    Code,
)

# Titles: Meta's table of error codes (documentation/business-messaging/whatsapp/support/error-codes). 133001-133003,
# 133007 and 136025 are of an older edition of it; the Graph reference of /register names the others.
GRAPH_CODES: Dict[int, Code] = {
    0: Code("AuthException", "The access token could not be authenticated.", next_step=NEW_TOKEN, nature=AUTH),
    1: Code(
        "API Unknown", "Graph failed for a reason that it does not name.", acted=MAYBE, retry=SOON, next_step=READ_FIRST
    ),
    2: Code("API Service", "Graph is temporarily overloaded or down.", acted=MAYBE, retry=SOON, next_step=READ_FIRST),
    3: Code("API Method", "The app may not use this call.", next_step=TOKEN_RIGHTS, nature=PERMISSION),
    4: Code("API Too Many Calls", "The app has used up its calls.", retry=RATE, next_step=WAIT_RATE),
    10: Code("API Permission Denied", "A permission is missing.", next_step=TOKEN_RIGHTS, nature=PERMISSION),
    17: Code("API User Too Many Calls", "The user has used up its calls.", retry=RATE, next_step=WAIT_RATE),
    33: Code("Parameter value is not valid", "The number was deleted.", next_step=CHECK_VALUE, nature=MISSING),
    meta.INVALID_PARAMETER: Code(
        "Invalid parameter", "Graph did not accept a parameter or does not know the object.", next_step=CHECK_VALUE
    ),
    104: Code("Access token required", "The request carried no token.", next_step=NEW_TOKEN, nature=AUTH),
    190: Code("Access token has expired", "The token is expired, revoked or wrong.", next_step=NEW_TOKEN, nature=AUTH),
    200: Code("API Permission", "The token lacks a permission.", next_step=TOKEN_RIGHTS, nature=PERMISSION),
    368: Code(
        "Temporarily blocked for policies violations",
        "Meta has restricted the account.",
        safe_to_rerun=False,
        next_step="check the account quality page of WhatsApp Manager; start no other number until it is resolved",
    ),
    803: Code("Object not found", "Graph does not know the object.", next_step="check the ids", nature=MISSING),
    2200: Code(
        "Callback verification failed",
        "Meta could not verify the callback URL.",
        next_step="let the callback URL answer Meta's verification request from the internet, then run again",
    ),
    80007: Code("Rate limit issues", "The WABA has used up its calls.", retry=RATE, next_step=WAIT_RATE),
    80008: Code("Rate limit issues", "The WABA has used up its management calls.", retry=RATE, next_step=WAIT_RATE),
    80014: Code("Rate limit issues", "The business has used up its calls.", retry=RATE, next_step=WAIT_RATE),
    130429: Code("Rate limit hit", "The number has reached its throughput.", retry=RATE, next_step=WAIT_RATE),
    130472: Code(
        "User's number is part of an experiment", "Meta delivers no marketing messages to it.", next_step=LEAVE_OUT
    ),
    130497: Code("Business account is restricted from messaging users in this country", next_step=LEAVE_OUT),
    131000: Code(
        "Something went wrong", "Graph failed for an unknown reason.", acted=MAYBE, retry=SOON, next_step=READ_FIRST
    ),
    131005: Code(
        "Access denied", "A permission is missing or was taken away.", next_step=TOKEN_RIGHTS, nature=PERMISSION
    ),
    131008: Code("Required parameter is missing", next_step=CHECK_VALUE),
    131009: Code("Parameter value is not valid", next_step=CHECK_VALUE),
    131016: Code(
        "Service unavailable", "A service is temporarily down.", acted=MAYBE, retry=SOON, next_step=READ_FIRST
    ),
    131021: Code("Recipient cannot be sender", "The recipient is the number itself.", next_step=LEAVE_OUT),
    131026: Code(
        "Message undeliverable",
        "The recipient is not on WhatsApp, has not accepted its terms, or uses an old app.",
        next_step=LEAVE_OUT,
    ),
    131030: Code(
        "Recipient phone number not in allowed list",
        "A test number sends to its allowed list only.",
        next_step="use a number that is not a test number, or add the recipient in the App Dashboard",
    ),
    131031: Code(
        "Account has been locked",
        "The WABA is restricted or disabled for a policy violation, or its data could not be verified.",
        safe_to_rerun=False,
        next_step="check the account in WhatsApp Manager; start no other number of this WABA until it is resolved",
    ),
    131037: Code("Display name not approved", next_step="have the display name approved in WhatsApp Manager"),
    131042: Code("Business eligibility payment issue", next_step="complete the payment settings of the WABA"),
    meta.INCORRECT_CERTIFICATE: Code(
        "Incorrect certificate",
        "The number is not registered on the Cloud API.",
        next_step="read the number with wa_number_info; register it if it is still on the On-Premises API",
    ),
    meta.SPAM_LIMIT: Code(
        "Spam rate limit hit",
        "Too many earlier messages of the number were blocked or reported as spam.",
        next_step="stop sending; check the quality of the number in WhatsApp Manager before you go on, days later",
    ),
    131049: Code("Meta chose not to deliver", "It delivers no more of such messages for now.", next_step=LEAVE_OUT),
    131050: Code("User has stopped marketing messages", "The recipient takes none of yours.", next_step=LEAVE_OUT),
    meta.PAIR_LIMIT: Code(
        "Pair rate limit hit",
        "Too many messages were sent to the same recipient in a short time.",
        next_step="wait some minutes before you go on, and look for others that send from this number",
    ),
    meta.MAINTENANCE: Code(
        "Account in maintenance mode",
        "The number is being changed by Meta, for example upgraded in throughput after the migration.",
        retry=SOON,
        next_step="wait some minutes, then run the same command again",
    ),
    132000: Code("Template Param Count Mismatch", next_step="state as many parameters as the template has"),
    132001: Code(
        "Template does not exist", next_step="check name and language of the template, and that it is approved"
    ),
    132015: Code("Template is Paused", "Its quality was low.", next_step="use another template, or edit this one"),
    132016: Code("Template is Disabled", "It was paused too often.", next_step="use another template"),
    meta.INCOMPLETE_DEREGISTRATION: Code(
        "Incomplete Deregistration",
        "An earlier deregistration of the number did not finish.",
        next_step="run the playbook wabiz.migration.recover for this number: it sends deregister once more, then "
        "registers it",
    ),
    133001: Code("Decryption Error", "The backup was rejected.", next_step=NEW_BACKUP),
    133002: Code(
        "Backup Blob Decryption Error",
        "The backup was rejected: wrong password or altered data.",
        next_step=NEW_BACKUP,
    ),
    133003: Code("Recovery Token Decryption Error", "The backup was rejected.", next_step=NEW_BACKUP),
    133004: Code(
        "Server Temporarily Unavailable",
        "The registration service is temporarily down.",
        acted=MAYBE,
        retry=SOON,
        next_step=READ_FIRST,
    ),
    meta.PIN_MISMATCH: Code(
        "Two step verification PIN Mismatch",
        meta.REFUSALS[meta.PIN_MISMATCH],
        safe_to_rerun=False,
        next_step=(
            "do not guess again: check the node with wa_onprem_info, clear two-step verification there or reset the "
            "PIN in WhatsApp Manager, then run again with the new PIN"
        ),
        node_may_be_down=True,
    ),
    meta.VERIFICATION_NEEDED: Code(
        "Phone number re-verification needed",
        meta.REFUSALS[meta.VERIFICATION_NEEDED],
        safe_to_rerun=False,
        next_step="verify the number with request_code and verify_code, or register with an unmodified backup",
    ),
    133007: Code(
        "Account Blocked", "The account was blocked.", safe_to_rerun=False, next_step="ask Meta's support for the cause"
    ),
    133008: Code(
        "Too many two step verification PIN guesses",
        "Too many wrong PINs were sent.",
        safe_to_rerun=False,
        next_step="wait the stated time, check the PIN, then run again",
    ),
    133009: Code(
        "Two step verification PIN guessed too fast",
        "PINs were sent too quickly one after another.",
        safe_to_rerun=False,
        next_step="wait the stated time, check the PIN, then run again",
    ),
    meta.NOT_REGISTERED: Code(
        "Phone number not registered", "The number is not registered on the Cloud API.", next_step="register it first"
    ),
    meta.DELETED_RECENTLY: Code(
        "Please wait a few minutes before attempting to register this phone number",
        "The number was deleted a few minutes ago.",
        safe_to_rerun=False,
        next_step="wait 5 minutes, then run the same command again",
    ),
    meta.ATTEMPTS_USED_UP: Code(
        "Account register deregister rate limit exceeded",
        "The number was registered or deregistered more than 10 times in 72 hours and is locked for 72 hours.",
        safe_to_rerun=False,
        next_step="wait 72 hours before the next attempt with this number",
    ),
    135000: Code("Generic user error", "Graph did not accept a parameter.", next_step=CHECK_VALUE),
    meta.REQUEST_CODE: Code(
        "Request code error",
        "Meta sent no code.",
        next_step="follow the instructions in Meta's message; if it has none, verify the number in WhatsApp Manager",
    ),
    meta.VERIFY_CODE: Code(
        "Verify code error",
        "The code was wrong or is expired.",
        next_step="request a new code, and give its six digits without the hyphen",
    ),
    meta.ADD_NUMBER: Code(
        "Cannot add phone number to WhatsApp Business Account", next_step="add the number in WhatsApp Manager"
    ),
}

# The wait in seconds that Meta documents for the code itself.
GRAPH_WAITS: Dict[int, float] = {meta.DELETED_RECENTLY: 300.0, meta.ATTEMPTS_USED_UP: 72 * 3600.0}
