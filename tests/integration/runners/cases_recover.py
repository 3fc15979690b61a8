# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of wa_recover: the next step of a number, and of the options that let other modules take it."""

from __future__ import annotations

from typing import Any

from ansible_collections.wabiz.migration.tests.integration.runners.case import ONBOARDED, SUBSCRIBED, Case, bad, ok

NEITHER: dict[str, Any] = {"location": "none"}
DOWN = {"connected": False}
SEND_PIN = {"side": "cloud", "state": "present", "once": True, "pin": "087654", "phone_number_id": "{id}"}
SEND_PIN["state_dir"] = "{state}"

WA_RECOVER = (
    Case(
        "recover: a number on its node is left alone",
        (ok("wa_recover", False, step="nothing", state="on its node", location="ON_PREMISES", asked=list),),
        shipped=True,
    ),
    Case(
        "recover: a number on neither API is registered next",
        (
            ok("wa_recover", False, step="register", location="NEITHER", person=False, register__lane="code"),
            ok("wa_recover", False, args={"accept_loss": []}, step="person", person=True, register=None),
            ok("wa_recover", False, args={"lane": "code"}, step="register", register__check_node=False),
        ),
        number=NEITHER,
        node=DOWN,
        apps=SUBSCRIBED,
        shipped=True,
    ),
    Case(
        "recover: an unverified number, its code given or not",
        (
            ok("wa_recover", False, step="ask_code", state="not verified"),
            ok("wa_recover", False, args={"code": "012-345"}, step="hand_in"),
            ok("wa_recover", False, args={"wait": 0.2, "wait_interval": 0.1}, step="ask_code"),
        ),
        number={**NEITHER, "code_verification_status": "NOT_VERIFIED"},
        node=DOWN,
        apps=SUBSCRIBED,
    ),
    Case(
        "recover: on the Cloud API, and nothing is wrong",
        (ok("wa_recover", False, step="nothing", state="works"),),
        number=ONBOARDED,
        node=None,
        apps=SUBSCRIBED,
    ),
    Case(
        "recover: a new PIN is set once, and a deregistration is finished once",
        (
            ok("wa_two_step", True, args=SEND_PIN, check=True),
            ok("wa_two_step", True, args=SEND_PIN, two_step="present"),
            ok("wa_two_step", False, args=SEND_PIN),
            bad("wa_two_step", "new_pin_tried", "tried once already", args={**SEND_PIN, "pin": "011111"}),
            ok("wa_deregister", True, args={"incomplete": True}, check=True, registration__outcome="would be finished"),
            ok("wa_deregister", True, args={"incomplete": True}, registration__outcome="finished"),
            bad("wa_deregister", 133010, args={"incomplete": True}),
        ),
        ("pin_set", "deregistration_finished", "none"),
        number=NEITHER,
        node=DOWN,
        switches={"pin_while_unregistered": True, "incomplete_deregistration": True},
        shipped=True,
    ),
    Case(
        "recover: wrong options",
        (
            bad("wa_recover", "bad_input", "new_pin", args={"new_pin": "12345"}),
            bad("wa_recover", "bad_input", "pin_changed_at", args={"pin_changed_at": "yesterday"}),
            bad("wa_recover", "bad_input", "attempts_reserve", args={"attempts_limit": 2, "attempts_reserve": 2}),
            bad("wa_two_step", "bad_input", "once", args={**SEND_PIN, "side": "onprem", "phone_number_id": None}),
        ),
        silent=True,
    ),
)
