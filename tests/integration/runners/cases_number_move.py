# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of wa_number_move: one request, its conditions and refusals, lost answers, and what follows."""

from __future__ import annotations

from typing import Any

from ansible_collections.wabiz.migration.tests.integration.runners.case import Case, Step, bad, ok

OFF = {"pin": None}  # two-step verification is off
ADD = {"method": "POST", "path": "/phone_numbers$"}
WITHOUT = {"without_backup": True, "backup_file": None, "backup_password": None, "check_node": False, "lane": "code"}
LATER = "2036-01-01T00:00:00Z"
LOST = {"confirm_timeout": 0.3, "graph_timeout": 0.3}


def moved(changed: bool, **want: Any) -> Step:
    return ok("wa_number_move", changed, waiting_for_inventory=True, new_phone_number_id=str, **want)


def refused(code: int, subcode: int = 0) -> tuple[tuple[dict[str, Any], dict[str, Any]], ...]:
    error = {"message": "x", "code": code, "error_subcode": subcode, "error_user_msg": "From Meta", "fbtrace_id": "Trc"}
    return (({**ADD, "nth": 1, "times": 1}, {"kind": "status", "status": 400, "body": {"error": error}}),)


def refusal(name: str, code: int, subcode: int, title: str, next_step: str, safe: bool, last: Step) -> Case:
    return Case(
        f"move: {name}",
        (
            bad("wa_number_move", code, title, next_step, failure__safe_to_rerun=safe, failure__fbtrace_id="Trc"),
            last,
        ),
        ("none", "number_added"),
        number=OFF,
        faults=refused(code, subcode),
    )


def held_back(name: str, code: str, message: str, number: dict[str, Any]) -> Case:
    return Case(f"move: {name}", (bad("wa_number_move", code, message),), number={**OFF, **number})


WA_NUMBER_MOVE = (
    Case(
        "move: predicted, asked for once, and never again",
        (
            ok("wa_number_move", True, check=True, waiting_for_inventory=True, new_phone_number_id=None, inventory=[]),
            moved(True, inventory=list, number=str),
            moved(False, inventory=list),
            ok("wa_number_move", False, check=True, new_phone_number_id=str),
        ),
        ("number_added",),
        number=OFF,
        shipped=True,
    ),
    Case(
        "move: the old ID is used for nothing any more",
        (
            moved(True),
            bad("wa_verify", "moved_away", "phone_number_id", args={"state": "requested"}),
            bad("wa_register", "moved_away", args={**WITHOUT, "allow_unverified": True}),
            # a statement about a time that is not there yet counts for nothing
            bad("wa_verify", "moved_away", args={"state": "requested", "move_lost_at": LATER}),
        ),
        ("number_added",),
        number={**OFF, "code_verification_status": "NOT_VERIFIED"},
    ),
    Case(
        "move: nothing is registered in lane waba",
        (bad("wa_register", "lane_waba", "wa_number_move", args={"lane": "waba"}),),
        number=OFF,
        silent=True,
    ),
    held_back("two-step verification is on", "move_two_step", "WhatsApp Manager", {"pin": "071234"}),
    held_back("the name is not approved", "move_name", "PENDING_REVIEW", {"name_status": "PENDING_REVIEW"}),
    held_back("a test number", "move_test_number", "SANDBOX", {"account_mode": "SANDBOX"}),
    held_back("a number of the phone app", "biz_app", "is_on_biz_app", {"is_on_biz_app": True}),
    Case(
        "move: all conditions at once",
        (bad("wa_number_move", "move_name", "2 blockers", "move_two_step", "fix all of them", check=True),),
        number={"name_status": "DECLINED"},
    ),
    Case(
        "move: the target cannot be read",
        (bad("wa_number_move", 100, args={"target_waba_id": "488888888888888"}),),
        number=OFF,
    ),
    Case(
        "move: the answer is lost",
        (moved(True, warnings=list), moved(False)),
        ("number_added",),
        number=OFF,
        faults=((ADD, {"kind": "reset_after"}),),
        shipped=True,
    ),
    Case(
        "move: the request is lost on its way, and not sent again before somebody says so",
        (
            bad("wa_number_move", "move_unconfirmed", "move_lost_at", args=LOST),
            bad("wa_number_move", "move_unconfirmed", check=True),
            bad("wa_number_move", "move_unconfirmed", args={"move_lost_at": LATER}, check=True),
        ),
        ("none",),
        number=OFF,
        faults=(({**ADD, "nth": 1, "times": 1}, {"kind": "reset_before"}),),
    ),
    Case(
        "move: nobody is there to ask",
        (bad("wa_number_move", "move_unconfirmed", args=LOST),),
        ("none",),
        number=OFF,
        faults=((ADD, {"kind": "hang"}),),
    ),
    refusal("not eligible", 100, 2388103, "not eligible", "display name is approved", True, moved(True)),
    refusal("bound to an account", 100, 2655122, "another WhatsApp account", "disconnect", False, moved(True)),
    refusal("maintenance", 131057, 2494100, "maintenance", "", True, moved(True)),
    refusal("no partner", 200000, 3095008, "Cannot add phone number", "WhatsApp Manager", True, moved(True)),
    refusal("refused without a subcode", 100, 0, "does not add the number", "conditions of a move", True, moved(True)),
    refusal("named as there, and not there", 100, 2388012, "in that WABA already", "same command", True, moved(True)),
    Case(
        "move: wrong options",
        (
            bad("wa_number_move", "bad_input", "target_waba_id", "same WABA", args={"target_waba_id": "{waba}"}),
            bad("wa_number_move", "bad_input", "target_waba_id", args={"target_waba_id": "next"}),
            bad("wa_number_move", "bad_input", "target_waba_id: missing", args={"target_waba_id": ""}),
            bad("wa_number_move", "bad_input", "move_lost_at", args={"move_lost_at": "yesterday"}),
            bad("wa_preflight", "bad_input", "target_waba_id", "lane=waba", args={"target_waba_id": "{another_waba}"}),
            bad("wa_preflight", "bad_input", "target_waba_id: missing", args={"lane": "waba"}),
            bad(
                "wa_preflight",
                "bad_input",
                "same WABA",
                args={"lane": "waba", "target_waba_id": "{waba}"},
            ),
        ),
        number=OFF,
        silent=True,
    ),
)
