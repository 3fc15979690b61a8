# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of wa_snapshot and wa_compare: what is kept before a move, and what is proved after it."""

from __future__ import annotations

from ansible_collections.wabiz.migration.tests.integration.runners.case import (
    BACKUP,
    ONBOARDED,
    REGISTER,
    Case,
    bad,
    ok,
)

PROFILE = {
    "about": "Open all day",
    "description": "We sell plants.",
    "address": "1 High St",
    "email": "plants@example.com",
    "websites": ["https://plants.example.com/"],
    "vertical": "Shopping and Retail",
    "photo": "https://node.example.com/photo.jpg",
}
NODE = {"profile": PROFILE, "webhooks": {"url": "https://old.example.com/in?auth=hush-hush"}}
FIELDS = ["about", "address", "description", "email", "vertical", "websites", "photo"]
SNAPSHOT = ok("wa_snapshot", True, taken=True, reason="", unknown={}, facts__profile_photo=True)
KEPT = ok("wa_snapshot", False, taken=False, taken_at=str, reason="")
BARE = ok("wa_register", True, args={"without_backup": True, "backup_file": None, "backup_password": None})
WELL = ok("wa_compare", False, ids=[], compared=19, unchanged=True, restored=[], stable=True)
WITHOUT = {"without_backup": True}
RESTORE = {**WITHOUT, "restore_profile": True, "require_unchanged": False}
LEFT = ["WM184"]  # the badge

WA_PROOF = (
    Case(
        "comparison: taken once, moved, nothing was lost",
        (
            ok("wa_snapshot", True, check=True, taken=True),
            ok("wa_compare", False, ids=["WM193", "WM198"], compared=0, unchanged=False),
            SNAPSHOT,
            KEPT,
            ok("wa_snapshot", False, check=True),
            BACKUP,
            REGISTER,
            ok("wa_snapshot", False, taken=False, reason=str, facts__profile_about="Open all day"),
            WELL,
            ok("wa_compare", False, args={"restore_profile": True}, ids=[], restored=[], check=True),
            ok("wa_compare", False, args={"restore_profile": True, "check_node": False}, ids=[], restored=[]),
        ),
        ("backup", "registered"),
        number={"oba": True},
        node=NODE,
        shipped=True,
    ),
    Case(
        "comparison: lost without a backup, put back, and left alone from then on",
        (
            SNAPSHOT,
            BARE,
            bad(
                "wa_compare",
                "lost",
                "8 things were lost",
                "Official Business Account",
                "registered without a backup",
                "restore_profile: true",
                args=WITHOUT,
                lost=["WM184"] + ["WM188"] * 7,
                unchanged=False,
                failure__safe_to_rerun=True,
            ),
            ok("wa_compare", True, args=RESTORE, check=True, restored=FIELDS, lost=LEFT),
            ok("wa_compare", True, args=RESTORE, restored=FIELDS, lost=LEFT, warnings=list),
            ok("wa_compare", False, args=RESTORE, restored=[], lost=LEFT),
        ),
        ("registered", "profile_set"),
        number={"oba": True},
        node=NODE,
        shipped=True,
    ),
    Case(
        "comparison: what the Cloud API would refuse is not sent",
        (
            SNAPSHOT,
            BARE,
            ok(
                "wa_compare",
                True,
                args=RESTORE,
                restored=["about", "address", "description", "email", "vertical", "photo"],
                lost=["WM188"],  # websites
            ),
        ),
        ("registered", "profile_set"),
        node={"profile": {**PROFILE, "websites": ["plants.example.com"]}},
    ),
    Case(
        "comparison: a photo that the node hands over in base64 is put back too",
        (SNAPSHOT, BARE, ok("wa_compare", True, args=RESTORE, restored=["photo"], lost=[])),
        ("registered", "profile_set"),
        node={"profile": {"photo": "https://node.example.com/photo.jpg"}},
        switches={"photo_form": "base64"},
    ),
    Case(
        "comparison: without the file of the photo the rest is put back",
        (
            ok("wa_snapshot", True, facts__profile_photo=True),
            BARE,
            ok("wa_compare", True, args=RESTORE, restored=["about"], lost=["WM188"]),
        ),
        ("registered", "profile_set"),
        node={"profile": {"about": "Open all day", "photo": "https://node.example.com/photo.jpg"}},
        faults=(
            (
                {"method": "GET", "path": "/settings/profile/photo$", "nth": 1},
                {"kind": "wrong_content_type", "content_type": "application/json"},
            ),
        ),
    ),
    Case(
        "comparison: a number that moved before leaves no snapshot",
        (
            ok("wa_snapshot", False, taken=False, taken_at=None, reason=str, facts={}),
            ok("wa_compare", False, args={"check_node": False}, ids=["WM198"], compared=0),
        ),
        number=ONBOARDED,
        node=None,
    ),
    Case(
        "comparison: high throughput has not to be waited for where it is there",
        (SNAPSHOT, BACKUP, REGISTER, WELL),
        ("backup", "registered"),
        node={**NODE, "multiconnect": True, "shards": 2},
    ),
    Case(
        "comparison: the node still says that it serves",
        (SNAPSHOT, BACKUP, REGISTER, ok("wa_compare", False, ids=["WM193"], unchanged=True, warnings=list)),
        ("backup", "registered"),
        node=NODE,
        switches={"old_node": "connected"},
    ),
    Case(
        "comparison: the node has gone",
        (SNAPSHOT, BACKUP, REGISTER, WELL),
        ("backup", "registered"),
        node=NODE,
        switches={"old_node": "refused"},
        shipped=True,
    ),
    Case(
        "comparison: the node does not know its registration any more",
        (SNAPSHOT, BACKUP, REGISTER, WELL),
        ("backup", "registered"),
        node=NODE,
        switches={"old_node": "unregistered"},
    ),
    Case(
        "comparison: a node that cannot be logged in to says nothing",
        (
            SNAPSHOT,
            BACKUP,
            REGISTER,
            ok("wa_compare", False, args={"onprem_password": "Wrong-Passw0rd"}, ids=["WM199"], unchanged=True),
        ),
        ("backup", "registered"),
        node=NODE,
    ),
    Case(
        "comparison: a pending number is waited for",
        (
            SNAPSHOT,
            BACKUP,
            ok("wa_register", True),
            ok("wa_compare", False, args={"wait": 5, "wait_interval": 0.05}, ids=[]),
        ),
        ("backup", "registered"),
        node=NODE,
        switches={"after_register": "PENDING", "pending_reads": 2},
    ),
    Case(
        "comparison: what could not be read before is no loss afterwards",
        (
            ok("wa_snapshot", True, unknown=dict, facts__profile_about=None),
            BACKUP,
            REGISTER,
            ok("wa_compare", False, ids=["WM197"], unchanged=True),
        ),
        ("backup", "registered"),
        node=NODE,
        faults=(
            ({"method": "GET", "path": "/settings/profile/about$"}, {"kind": "onprem_error", "code": 1000}),
            ({"method": "GET", "path": "/settings/profile/photo$"}, {"kind": "onprem_error", "code": 1000}),
        ),
    ),
    Case(
        "comparison: not on the Cloud API yet",
        (SNAPSHOT, bad("wa_compare", "not_on_cloud", "nothing to compare", args={"check_node": False})),
        node=NODE,
    ),
    Case(
        "comparison: every fault of the input at once",
        (
            bad("wa_snapshot", "bad_input", "waba_id", "state_dir", args={"waba_id": None, "state_dir": "here"}),
            bad("wa_compare", "bad_input", "wait", "phone_number_id", args={"wait": -1, "phone_number_id": "x"}),
        ),
        silent=True,
    ),
)
