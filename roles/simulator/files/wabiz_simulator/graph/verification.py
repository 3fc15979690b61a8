# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one-time code of a number: request_code sends it, verify_code takes it. Limits and refusals as field reports say.

Meta's page on registration documents both calls. That codes are limited to five in 24 hours, and what a number of the
phone app is answered, are field reports.
"""

from __future__ import annotations

import hmac
import re
from typing import Any

from ..call import Call, Reply
from ..numbers import Number
from ..refusal import GraphError
from ..strict import Key, one_of, read_body, six_digits

CODES_IN_A_DAY = 5
DAY = 86400.0
_LANGUAGES = (
    "af ar az be bg bn ca cs da de el en es et fa fi fr ga gu ha he hi hr hu id it ja ka kk kn ko ky lo lt lv mk ml mr "
    "ms nb nl pa pl ps pt ro ru rw si sk sl sq sr sv sw ta te th tr uk ur uz vi zh zu"
)


def _language(value: Any) -> str | None:
    good = isinstance(value, str) and re.fullmatch(r"[a-z]{2}_[A-Z]{2}", value) and value[:2] in _LANGUAGES.split()
    return None if good else "is not a supported language"


_REQUEST = {"code_method": Key(one_of("SMS", "VOICE")), "language": Key(_language)}
_VERIFY = {"code": Key(six_digits)}


def request_code(call: Call) -> Reply:
    """Send a code by the stated way; a new one takes the place of the one before."""
    number = call.needs_number()
    body = read_body(call, _REQUEST)
    if number.is_on_biz_app:
        raise _refused(
            2388091,
            "Request code failure",
            "Our servers are temporarily unavailable. Please wait 1 hour and try again.",
        )
    if number.code_verification_status == "VERIFIED":
        raise GraphError(136024, "The phone number is already verified")
    number.code_moments = [moment for moment in number.code_moments if call.now - moment < DAY]
    if len(number.code_moments) >= CODES_IN_A_DAY:
        raise _refused(
            2388367,
            "Too many codes",
            "You have requested a code too many times. Try again later.",
        )
    number.code_moments.append(call.now)
    number.send_code(call.now, body["code_method"])
    call.did("code_requested")
    return Reply({"success": True})


def verify_code(call: Call) -> Reply:
    """Take the code that was sent last; it is good for one use and a limited time."""
    number = call.needs_number()
    body = read_body(call, _VERIFY)
    call.fingerprint("code", body["code"])
    if not _right(number, body["code"], call.now):
        number.wrong_codes += 1
        raise GraphError(136025, "The code is wrong or has expired")
    number.sent_code = None
    number.code_verification_status = "VERIFIED"
    call.did("code_verified")
    return Reply({"success": True})


def _right(number: Number, code: str, now: float) -> bool:
    if number.sent_code is None or now - number.sent_at > number.switches.code_seconds:
        return False
    return hmac.compare_digest(number.sent_code, code)


def _refused(subcode: int, title: str, message: str) -> GraphError:
    refusal = GraphError(136024, subcode=subcode)
    refusal.body["error"].update(error_user_title=title, error_user_msg=message, is_transient=False)
    return refusal
