# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of wa_verify: one request for a code, one hand-in, their refusals, and answers that are late or lost."""

from __future__ import annotations

from typing import Any

from ansible_collections.wabiz.migration.tests.integration.runners.case import Case, Step, bad, ok

ASK = {"state": "requested"}
UNVERIFIED = {"code_verification_status": "NOT_VERIFIED", "codes": ["012345"]}
REQUEST_PATH = {"method": "POST", "path": "/request_code$"}
VERIFY_PATH = {"method": "POST", "path": "/verify_code$"}


def hand(code: Any, **more: Any) -> dict[str, Any]:
    return {"state": "verified", "code": code, **more}


def asked(changed: bool = True, **want: Any) -> Step:
    return ok("wa_verify", changed, args=ASK, verified=False, waiting_for_code=True, **want)


def refused(subcode: int, message: str) -> tuple[tuple[dict[str, str], dict[str, Any]], ...]:
    error = {"message": "x", "code": 136024, "error_subcode": subcode, "error_user_msg": message, "is_transient": True}
    return ((REQUEST_PATH, {"kind": "status", "status": 400, "body": {"error": error}}),)


WA_VERIFY = (
    Case(
        "verify: predicted, asked for once, handed in, and never again",
        (
            ok("wa_verify", True, args=ASK, check=True, code_request__requested_at=None),
            asked(code_request__code_method="SMS", code_request__language="en_US", code_request__confirmed=True),
            asked(changed=False, code_request__code_method="SMS"),
            ok("wa_verify", True, args=hand("012-345"), check=True, verified=True),
            ok("wa_verify", True, args=hand("012 345"), verified=True, waiting_for_code=False),
            ok("wa_verify", False, args=hand("012345"), verified=True),
            ok("wa_verify", False, args=ASK, verified=True, code_request=None),
        ),
        ("code_requested", "code_verified"),
        number=UNVERIFIED,
        shipped=True,
    ),
    Case(
        "verify: a number that is verified gets no request",
        (ok("wa_verify", False, args=ASK, verified=True), ok("wa_verify", False, args=hand("111111"), verified=True)),
    ),
    Case(
        "verify: a number of the phone app",
        (
            bad("wa_verify", "biz_app", "is_on_biz_app", args=ASK),
            bad("wa_verify", "biz_app", args=hand("111111")),
        ),
        number={**UNVERIFIED, "is_on_biz_app": True},
    ),
    Case(
        "verify: a wrong code is sent once",
        (
            asked(),
            bad("wa_verify", 136025, "wrong or", args=hand("111111"), failure__fbtrace_id=str),
            bad("wa_verify", "code_used", "not sent a second time", "136025", args=hand("111-111")),
            ok("wa_verify", True, args=hand("012345"), verified=True),
        ),
        ("code_requested", "none", "code_verified"),
        number=UNVERIFIED,
        shipped=True,
    ),
    Case(
        "verify: three wrong codes are enough",
        (
            asked(),
            bad("wa_verify", 136025, args=hand("111111")),
            bad("wa_verify", 136025, args=hand("222222")),
            bad("wa_verify", 136025, args=hand("333333")),
            bad("wa_verify", "wrong_codes", "3 wrong codes", args=hand("012345")),
            asked(changed=False),
        ),
        ("code_requested", "none", "none", "none"),
        number=UNVERIFIED,
    ),
    Case(
        "verify: the answer to the request is lost",
        (
            asked(code_request__confirmed=False, warnings=list),
            asked(changed=False, code_request__confirmed=False),
            ok("wa_verify", True, args=hand("012345"), verified=True),
        ),
        ("code_requested", "code_verified"),
        number=UNVERIFIED,
        faults=((REQUEST_PATH, {"kind": "reset_after"}),),
        shipped=True,
    ),
    Case(
        "verify: the request is lost on its way",
        (asked(code_request__confirmed=False, warnings=list), asked(changed=False)),
        ("none",),
        number=UNVERIFIED,
        faults=((REQUEST_PATH, {"kind": "reset_before"}),),
    ),
    Case(
        "verify: the answer to the code is lost",
        (asked(), ok("wa_verify", True, args=hand("012345"), verified=True, warnings=list)),
        ("code_requested", "code_verified"),
        number=UNVERIFIED,
        faults=((VERIFY_PATH, {"kind": "reset_after"}),),
        shipped=True,
    ),
    Case(
        "verify: the code is lost on its way, and not sent again",
        (
            asked(),
            bad("wa_verify", "code_unconfirmed", "sent once", args=hand("012345", graph_timeout=0.1)),
        ),
        ("code_requested", "none"),
        number=UNVERIFIED,
        faults=((VERIFY_PATH, {"kind": "reset_before"}),),
    ),
    Case(
        "verify: Meta's limit of codes is kept afterwards",
        (
            bad("wa_verify", 136024, "Too many codes", "24 to 48 hours", args=ASK, failure__safe_to_rerun=False),
            bad("wa_verify", "code_limit", "2388367", "from 2", args=ASK),
        ),
        ("none",),
        number=UNVERIFIED,
        faults=refused(2388367, "Try again later"),
        shipped=True,
    ),
    Case(
        "verify: a refusal that does not pass is the last one",
        (
            bad("wa_verify", 136024, "sends no code", args=ASK, failure__safe_to_rerun=False),
            bad("wa_verify", "code_refused", "2388091", args=ASK),
            ok("wa_verify", True, args=hand("012345"), check=True),
        ),
        ("none",),
        number=UNVERIFIED,
        faults=refused(2388091, "Our servers are temporarily unavailable. Please wait 1 hour and try again."),
    ),
    Case(
        "verify: another refusal may be tried again",
        (bad("wa_verify", 136024, "Meta sent no code", args=ASK), asked()),
        ("none", "code_requested"),
        number=UNVERIFIED,
        faults=(({**REQUEST_PATH, "nth": 1}, {"kind": "graph_error", "code": 136024}),),
    ),
    Case(
        "verify: a call, in another language",
        (
            ok(
                "wa_verify",
                True,
                args={**ASK, "code_method": "VOICE", "language": "pt_BR"},
                code_request__code_method="VOICE",
                code_request__language="pt_BR",
            ),
        ),
        ("code_requested",),
        number=UNVERIFIED,
    ),
    Case(
        "verify: what is no code and no language",
        (
            bad("wa_verify", "bad_input", "code: a code is exactly six digits", args=hand("12345")),
            bad("wa_verify", "bad_input", "code: a code is exactly six digits", args=hand("12345a")),
            bad("wa_verify", "bad_input", "language", "xx", args={**ASK, "language": "xx_XX"}),
            bad("wa_verify", "bad_input", "language", args={**ASK, "language": "german"}),
            bad("wa_verify", "bad_input", "code_method", args={**ASK, "code_method": "FAX"}),
            bad("wa_verify", "bad_input", "code: missing", args={"state": "verified"}),
            bad("wa_verify", "bad_input", "state and code", args={**ASK, "code": "123456"}),
        ),
        number=UNVERIFIED,
        silent=True,
    ),
    Case(
        "verify: ask where no code is handed in",
        (
            ok("wa_verify", True, args={"state": "verified", "request_code": True}, waiting_for_code=True),
            ok("wa_verify", False, args={"state": "verified", "request_code": True}, waiting_for_code=True),
            ok("wa_verify", True, args=hand("012345", request_code=True), verified=True),
        ),
        ("code_requested", "code_verified"),
        number=UNVERIFIED,
    ),
    Case(
        "verify: a code that somebody has asked for in WhatsApp Manager",
        (bad("wa_verify", 136025, args=hand("012345")),),
        ("none",),
        number=UNVERIFIED,
    ),
)
