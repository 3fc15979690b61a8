# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of wa_export and wa_notice, and of what the way out needs of wa_subscribe and wa_deregister."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.wabiz.migration.tests.integration.runners.case import (
    HOOK,
    MINE,
    ONBOARDED,
    SUBSCRIBED,
    Case,
    bad,
    ok,
)

ENDS = {"name": "service_ends", "components": [{"type": "BODY", "text": "Our service ends on 31 January."}]}
DATED = {"name": "ends_on", "components": [{"type": "BODY", "text": "We end on {{1}}, {{2}}."}]}
PICTURE = {"name": "picture", "components": [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Bye."}]}
PAUSED = {"name": "paused", "status": "PAUSED", "components": [{"type": "BODY", "text": "Bye."}]}
TEMPLATES = (ENDS, DATED, PICTURE, PAUSED)
SEND = {"method": "POST", "path": "/messages$"}

NOW = {"confirm": "{word}"}


def second(code: int) -> tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...]:
    """Return the fault that refuses the second message."""
    return (({**SEND, "nth": 2}, {"kind": "graph_error", "code": code}),)


WA_RETIRE = (
    Case(
        "notice: once to each, in two goes",
        (
            ok("wa_notice", True, args={**NOW, "at_most": 1}, sent_now=1, left=2),
            ok("wa_notice", True, args=NOW, sent_now=2, notified=3, left=0),
            ok("wa_notice", False, args=NOW, sent_now=0, notified=3, left=0, preview=""),
            ok("wa_notice", False, args={"template": "another"}, check=True, planned=0),
        ),
        ("message_sent",) * 3,
        number=ONBOARDED,
        node=None,
        templates=TEMPLATES,
        shipped=True,
    ),
    *(
        Case(
            f"notice: {code} stops it, and the rest is sent later",
            (
                bad("wa_notice", code, "Meta takes no more notices", args=NOW, changed=True, sent_now=1, left=2),
                ok("wa_notice", True, args=NOW, sent_now=2, notified=3, unknown=0),
            ),
            ("message_sent", "none", "message_sent", "message_sent"),
            number=ONBOARDED,
            node=None,
            templates=TEMPLATES,
            faults=second(code),
        )
        for code in (131048, 131056, 130429, 132015)
    ),
    Case(
        "notice: a recipient that Meta refuses stops nobody else, and is not tried again",
        (
            ok("wa_notice", True, args=NOW, sent_now=2, refused=1, left=0),
            ok("wa_notice", False, args=NOW, notified=2, refused=1, left=0),
        ),
        ("message_sent", "none", "message_sent"),
        number=ONBOARDED,
        node=None,
        templates=TEMPLATES,
        faults=second(131026),
    ),
    *(
        Case(
            f"notice: {name}",
            (
                bad("wa_notice", "notice_unknown", "...0102", "never", args=NOW, changed=True, unknown=1, left=1),
                ok("wa_notice", True, args=NOW, sent_now=1, notified=2, unknown=1, left=0),
                ok("wa_notice", False, args=NOW, notified=2, unknown=1),
            ),
            ("message_sent", effect, "message_sent"),
            number=ONBOARDED,
            node=None,
            templates=TEMPLATES,
            faults=(({**SEND, "nth": 2}, fault),),
        )
        for name, effect, fault in (
            ("the answer is lost", "message_sent", {"kind": "reset_after"}),
            ("the request is lost", "none", {"kind": "reset_before"}),
            ("the answer names no message", "message_sent", {"kind": "empty"}),
            ("Meta is down", "none", {"kind": "html"}),
        )
    ),
    Case(
        "export: written once, and read back unchanged",
        (
            ok("wa_export", True, check=True, written=False),
            ok("wa_export", True, written=True, missing__media=str, missing__photo=str, files=dict),
            ok("wa_export", False, written=False, missing__snapshot=str),
        ),
        number=ONBOARDED,
        node=None,
        apps=({"id": MINE, "override_callback_uri": HOOK},),
        templates=TEMPLATES,
        shipped=True,
    ),
    Case(
        "export: after the number has left the Cloud API the archive stays",
        (
            ok("wa_export", True, written=True, missing__profile=None),
            ok("wa_deregister", True),
            ok("wa_export", False, reason=str, missing__profile=None),
        ),
        ("deregistered",),
        number=ONBOARDED,
        node=None,
        templates=(ENDS,),
    ),
    Case(
        "export: a required part cannot be read",
        (
            bad("wa_export", "export_incomplete", "profile: ", changed=True, missing__profile=str),
            bad("wa_export", "export_incomplete", "profile: ", changed=False),
        ),
        number=ONBOARDED,
        node=None,
        faults=(({"method": "GET", "path": "/whatsapp_business_profile$"}, {"kind": "graph_error", "code": 10}),),
    ),
    Case(
        "notice: nothing is sent before a dry run",
        (
            bad("wa_notice", "notice_not_confirmed", "is not set"),
            ok("wa_notice", True, check=True, planned=3, left=3, notified=0, confirm=str, preview=str),
            ok("wa_notice", True, check=True, args={"at_most": 2}, planned=2),
            bad("wa_notice", "notice_not_confirmed", "another list", args={"confirm": "nabcdefabcdef"}),
        ),
        number=ONBOARDED,
        node=None,
        templates=TEMPLATES,
        shipped=True,
    ),
    Case(
        "notice: a template that cannot be used",
        (
            *(
                bad("wa_notice", "template_not_usable", piece, args={"template": name, **more}, check=True)
                for name, piece, more in (
                    ("nothing", "no template of this name", {}),
                    ("service_ends", "it is there in en_US", {"template_language": "de"}),
                    ("service_ends", "0 parameters, and 1 stated", {"parameters": ["31 January"]}),
                    ("ends_on", "2 parameters, and 0 stated", {}),
                    ("picture", "header", {}),
                    ("paused", "PAUSED", {}),
                )
            ),
            ok(
                "wa_notice",
                True,
                check=True,
                args={"template": "ends_on", "parameters": ["a", "b"]},
                preview="We end on a, b.",
            ),
        ),
        number=ONBOARDED,
        node=None,
        templates=TEMPLATES,
    ),
    Case(
        "notice: a number of low quality",
        (
            bad("wa_notice", "quality_low", "It is YELLOW", check=True),
            ok("wa_notice", True, check=True, args={"min_quality": "YELLOW"}),
        ),
        number={**ONBOARDED, "quality_rating": "YELLOW"},
        node=None,
        templates=TEMPLATES,
    ),
    Case(
        "notice: a number that is not on the Cloud API",
        (bad("wa_notice", "unknown_location", "only a number of the Cloud API", check=True),),
        templates=TEMPLATES,
    ),
    Case(
        "notice: every fault of the input at once",
        (
            bad(
                "wa_notice",
                "bad_input",
                "recipients_file: ",
                "line 2: not a phone number",
                "line 3: begins with 0",
                "line 4: the same number as in line 1",
                "line 6: the same number as in line 5",
                "line 7: a phone number has 7 to 15 digits",
                "half written",
                "template: ",
                "confirm: ",
                "parameters: ",
                args={
                    "recipients_file": "{bad_recipients}",
                    "template": "Service Ends",
                    "confirm": "yes",
                    "parameters": [""],
                },
            ),
            bad("wa_notice", "bad_input", "can be read by others", args={"recipients_file": "{open_recipients}"}),
            bad("wa_notice", "bad_input", "cannot be read", args={"recipients_file": "{state}/no-such-file"}),
        ),
        number=ONBOARDED,
        node=None,
        silent=True,
    ),
    Case(
        "exit: a number is deregistered by the word of the operator only",
        (
            bad("wa_deregister", "number_not_confirmed", "was confirmed", args={"confirm_number": "4915550101"}),
            bad("wa_deregister", "number_not_confirmed", args={"confirm_number": "4915550101"}, check=True),
            ok("wa_deregister", True, args={"confirm_number": "{digits}"}, platform_type="NOT_APPLICABLE"),
        ),
        ("deregistered",),
        number=ONBOARDED,
        node=None,
    ),
    Case(
        "exit: the last number of a WABA takes the subscription with it",
        (
            ok("wa_subscribe", False, args={"state": "absent", "last_number": "106540352242922"}, reason=str),
            ok("wa_subscribe", True, args={"state": "absent", "last_number": "{id}"}, check=True, needed_by=[]),
            ok("wa_subscribe", True, args={"state": "absent", "last_number": "{id}"}, subscribed=False, reason=""),
            ok("wa_subscribe", False, args={"state": "absent", "last_number": "{id}"}, subscribed=False),
            bad("wa_subscribe", "bad_input", "state and last_number", args={"last_number": "{id}"}),
        ),
        ("unsubscribed",),
        number=ONBOARDED,
        node=None,
        apps=SUBSCRIBED,
    ),
)
