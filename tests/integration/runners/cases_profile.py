# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of wa_profile: the fields, the photo, and what of the snapshot is put back."""

from __future__ import annotations

from ansible_collections.wabiz.migration.tests.integration.runners.case import ONBOARDED, Case, bad, ok

TEXTS = {
    "about": "Open all day",
    "description": "We sell plants.",
    "address": "1 High St",
    "email": "plants@example.com",
    "websites": ["https://plants.example.com"],
    "vertical": "Shopping and Retail",
}
SAME = {**TEXTS, "about": "Open all day ", "email": "Plants@example.com", "vertical": "RETAIL"}
NAMES = sorted(TEXTS)
PHOTO = {"photo": "{photo}"}
NODE = {"profile": {"about": "Open all day", "photo": "https://node.example.com/photo.jpg"}}
RESTORE = {"from_snapshot": True}
BARE = ok("wa_register", True, args={"without_backup": True, "backup_file": None, "backup_password": None})

WA_PROFILE = (
    Case(
        "profile: predicted, set, and as it was from then on",
        (
            ok("wa_profile", True, args=TEXTS, check=True, updated=NAMES, profile__vertical="RETAIL"),
            ok("wa_profile", True, args=TEXTS, updated=NAMES, profile__about="Open all day"),
            ok("wa_profile", False, args=SAME, updated=[]),
            ok("wa_profile", True, args={"about": "Closed"}, updated=["about"], profile__email="plants@example.com"),
            ok("wa_profile", True, args={"clear": ["email", "websites"]}, updated=["email", "websites"]),
            ok("wa_profile", False, args={"clear": ["email", "websites"]}, profile__email="", photo__present=False),
        ),
        ("profile_set", "profile_set", "profile_set"),
        number=ONBOARDED,
        node=None,
        shipped=True,
    ),
    Case(
        "profile: a photo is put once, and another one after it",
        (
            ok("wa_profile", True, args=PHOTO, check=True, updated=["photo"]),
            ok("wa_profile", True, args=PHOTO, updated=["photo"], photo__present=True, photo__sha256=str),
            ok("wa_profile", False, args=PHOTO, updated=[], photo__present=True, photo__sha256=str),
            ok("wa_profile", True, args={"photo": "{other_photo}", "about": "New"}, updated=["about", "photo"]),
            ok("wa_profile", True, args={"photo": "{other_photo}", "update_photo": "always"}, updated=["photo"]),
        ),
        ("profile_set", "profile_set", "profile_set"),
        number=ONBOARDED,
        node=None,
        shipped=True,
    ),
    Case(
        "profile: put back from the snapshot, its photo included",
        (
            ok("wa_snapshot", True, photo_kept=True),
            BARE,
            ok("wa_profile", True, args=RESTORE, check=True, updated=["about", "photo"]),
            ok("wa_profile", True, args=RESTORE, updated=["about", "photo"], photo__present=True),
            ok("wa_profile", False, args=RESTORE, updated=[]),
            ok("wa_profile", True, args={**RESTORE, "about": "Moved"}, updated=["about"]),
        ),
        ("registered", "profile_set", "profile_set"),
        node=NODE,
        shipped=True,
    ),
    Case(
        "profile: no snapshot to put back from",
        (bad("wa_profile", "no_snapshot", "There is no snapshot", args=RESTORE),),
        number=ONBOARDED,
        node=None,
    ),
    Case(
        "profile: every fault of the input at once",
        (
            bad(
                "wa_profile",
                "bad_input",
                "about: the Cloud API takes 139 characters",
                "email: this is not an e-mail address",
                "websites: a website has to begin with",
                "vertical: the Cloud API does not know",
                "photo: ",
                "ends before its picture does",
                args={
                    "about": "x" * 140,
                    "email": "nobody",
                    "websites": ["www.example.com"],
                    "vertical": "Gardening",
                    "photo": "{cut_photo}",
                },
            ),
            bad("wa_profile", "bad_input", "nothing else is stated", args={}),
            bad("wa_profile", "bad_input", "email and clear", args={"email": "a@b", "clear": ["email"]}),
        ),
        number=ONBOARDED,
        node=None,
        silent=True,
    ),
    Case(
        "profile: a number that is not on the Cloud API",
        (bad("wa_profile", 133010, args={"about": "Open"}),),
    ),
    Case(
        "profile: a lost answer is confirmed by reading",
        (ok("wa_profile", True, args={"about": "Open"}, updated=["about"], warnings=list),),
        ("profile_set",),
        number=ONBOARDED,
        node=None,
        faults=(({"method": "POST", "path": "business_profile$", "nth": 1}, {"kind": "reset_after"}),),
    ),
    Case(
        "profile: an accepted change that no read shows",
        (bad("wa_profile", "profile_not_seen", "about", args={"about": "Open", "wait": 0}),),
        ("none",),
        number=ONBOARDED,
        node=None,
        faults=(
            (
                {"method": "POST", "path": "business_profile$", "nth": 1},
                {"kind": "status", "status": 200, "body": {"success": True}},
            ),
        ),
    ),
)
