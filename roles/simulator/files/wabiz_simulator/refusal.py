# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals: the error envelopes of both APIs, with the HTTP status that belongs to each code."""

from __future__ import annotations

from typing import Any

# code -> (title, HTTP status). Meta's Cloud API error codes page; 133001-133003 come from its older edition.
GRAPH: dict[int, tuple[str, int]] = {
    0: ("AuthException", 401),
    1: ("API Unknown", 400),
    2: ("API Service", 503),
    3: ("API Method", 500),
    4: ("API Too Many Calls", 400),
    10: ("Permission Denied", 403),
    15: ("Must be called with an app access_token", 400),
    17: ("User request limit reached", 400),
    33: ("Parameter value is not valid", 400),
    100: ("Invalid parameter", 400),
    104: ("Access token required", 401),
    190: ("Invalid OAuth 2.0 Access Token", 401),
    200: ("Permissions error", 403),
    368: ("Temporarily blocked for policies violations", 403),
    2200: ("Callback verification failed", 400),
    2500: ("Unknown path components", 400),
    80007: ("Rate limit issues", 400),
    130429: ("Rate limit hit", 400),
    130472: ("User's number is part of an experiment", 400),
    130497: ("Business account is restricted from messaging users in this country", 400),
    131000: ("Something went wrong", 500),
    131005: ("Access denied", 403),
    131008: ("Required parameter is missing", 400),
    131009: ("Parameter value is not valid", 400),
    131016: ("Service unavailable", 500),
    131021: ("Recipient cannot be sender", 400),
    131026: ("Message undeliverable", 400),
    131030: ("Recipient phone number not in allowed list", 400),
    131031: ("Account has been locked", 403),
    131037: ("Display name approval needed", 400),
    131042: ("Business eligibility payment issue", 400),
    131045: ("Incorrect certificate", 500),
    131048: ("Spam rate limit hit", 400),
    131049: ("Meta chose not to deliver", 400),
    131050: ("User has stopped marketing messages", 400),
    131051: ("Unsupported message type", 400),
    131056: ("(Business Account, Consumer Account) pair rate limit hit", 400),
    131057: ("Account in maintenance mode", 500),
    132000: ("Template Param Count Mismatch", 400),
    132001: ("Template does not exist", 404),
    132015: ("Template is Paused", 400),
    132016: ("Template is Disabled", 400),
    133000: ("Incomplete Deregistration", 500),
    133001: ("Decryption Error", 400),
    133002: ("Backup Blob Decryption Error", 400),
    133003: ("Recovery Token Decryption Error", 400),
    133004: ("Server Temporarily Unavailable", 503),
    133005: ("Two step verification PIN Mismatch", 400),
    133006: ("Phone number re-verification needed", 400),
    133007: ("Account Blocked", 400),
    133008: ("Too Many two step verification PIN Guesses", 400),
    133009: ("Two step verification PIN Guessed Too Fast", 400),
    133010: ("Phone number Not Registered", 400),
    133015: ("Please wait a few minutes before attempting to register this phone number", 400),
    133016: ("Account register or deregister rate limit exceeded", 400),
    135000: ("Generic user error", 400),
    136024: ("Request code error", 400),
    136025: ("Verify code error", 400),
    200000: ("Cannot add phone number to WhatsApp Business Account", 400),
}

# Details that carry a time to wait, as the real API words them in error_data.details.
GRAPH_DETAILS: dict[int, str] = {
    133008: "You've guessed the PIN too many times. Try again after 3600 seconds.",
    133009: "You've guessed the PIN too fast. Try again after 30 seconds.",
    133015: "The phone number was recently deleted. Wait 5 minutes before you register it again.",
    133016: "Registration failed because there were too many attempts for this phone number in a short period of "
    "time. Try again after 72 hours.",
}

# code -> (title, HTTP status). Titles from Meta's On-Premises error page.
ONPREM: dict[int, tuple[str, int]] = {
    429: ("Rate limit hit", 429),
    500: ("Generic error", 500),
    1000: ("Generic error", 400),
    1004: ("Resource already exists", 400),
    1005: ("Access denied", 403),
    1006: ("Resource not found", 404),
    1008: ("Required parameter is missing", 400),
    1009: ("Parameter value is not valid", 400),
    1010: ("Parameter is not required", 400),
    1011: ("Service not ready", 503),
    1014: ("Internal error", 400),
    1015: ("Too many requests", 429),
    1016: ("System overloaded", 503),
    1017: ("Not Primary Master", 503),
    1018: ("Not Primary Coreapp", 503),
    1023: ("Database error", 500),
    1024: ("Password Change Required", 400),
    1025: ("Invalid Request", 400),
    1031: ("Sender account has been locked", 403),
}


class RefusalError(Exception):
    """End a request with an error envelope."""

    def __init__(self, code: int, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{code}")
        self.code = code
        self.status = status
        self.body = body


class GraphError(RefusalError):
    """Refuse as Graph does; the trace id is added by the one who answers."""

    def __init__(
        self, code: int, details: str = "", *, message: str = "", subcode: int | None = None, transient: bool = False
    ) -> None:
        title, status = GRAPH.get(code, ("Unknown error", 400))
        details = details or GRAPH_DETAILS.get(code, "")
        error: dict[str, Any] = {
            "message": message or f"(#{code}) {title}",
            "type": "OAuthException" if code < 131000 else "GraphMethodException",
            "code": code,
        }
        if subcode is not None:
            error["error_subcode"] = subcode
        if details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": details}
        if transient or code in (1, 2, 4, 17, 80007, 131016, 133004):
            error["is_transient"] = True
        super().__init__(code, status, {"error": error})


class OnPremError(RefusalError):
    """Refuse as the On-Premises API does: an array of errors; meta is added by the one who answers."""

    def __init__(self, code: int, details: str = "", *, status: int | None = None) -> None:
        title, usual = ONPREM.get(code, ("Unknown error", 400))
        error: dict[str, Any] = {"code": code, "title": title}
        if details:
            error["details"] = details
        super().__init__(code, usual if status is None else status, {"errors": [error]})
