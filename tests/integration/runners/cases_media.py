# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of wa_media: uploaded once, the same content once, a lost answer, and what cannot be uploaded."""

from __future__ import annotations

from ansible_collections.wabiz.migration.tests.integration.runners.case import Case, bad, ok

ONE, TWIN, OTHER = (
    "11111111-f0ae-4b9c-ab3d-696fb4c8cd68",
    "22222222-f0ae-4b9c-ab3d-696fb4c8cd68",
    "33333333-f0ae-4b9c-ab3d-696fb4c8cd68",
)
IMAGE = {"type": "image/png", "content": "one"}
MEDIA = {ONE: IMAGE, TWIN: IMAGE, OTHER: {"type": "text/plain", "content": "a price list"}}
BROKEN = {ONE: {"type": "image/gif", "content": "GIF89a"}, TWIN: {"type": "image/png", "content": "x", "size": 0}}
UPLOAD = {"method": "POST", "path": "/media$", "api": "graph"}
BOTH = {"media_ids": [ONE, TWIN]}
ALL = {"media_ids": [ONE, TWIN, OTHER]}

WA_MEDIA = (
    Case(
        "media: predicted, uploaded once for one content, and not again",
        (
            ok("wa_media", True, args=BOTH, check=True, uploaded=[ONE, TWIN], media={}),
            ok("wa_media", True, args=BOTH, uploaded=[ONE, TWIN], media=dict),
            ok("wa_media", False, args=BOTH, uploaded=[]),
            ok("wa_media", True, args=ALL, uploaded=[OTHER]),
            ok("wa_media", False, args=ALL, check=True, uploaded=[]),
        ),
        ("media_uploaded", "media_uploaded"),
        node={"media": MEDIA},
        shipped=True,
    ),
    Case(
        "media: a lost answer is told, and the upload sent again",
        (ok("wa_media", True, args={"media_ids": [ONE]}, uploaded=[ONE], warnings=list),),
        ("media_uploaded", "media_uploaded"),
        node={"media": MEDIA},
        faults=(({**UPLOAD, "nth": 1}, {"kind": "reset_after"}),),
    ),
    Case(
        "media: too large for the server, so nothing is noted, and the next run goes on",
        (
            bad(
                "wa_media",
                "too_large",
                ONE,
                "HTTP 413",
                "0 media IDs were mapped",
                args={"media_ids": [ONE]},
                uploaded=[],
            ),
            ok("wa_media", True, args={"media_ids": [ONE]}, uploaded=[ONE], warnings=None),
        ),
        ("none", "media_uploaded"),
        node={"media": MEDIA},
        faults=(({**UPLOAD, "nth": 1}, {"kind": "html", "status": 413}),),
    ),
    Case(
        "media: everything that cannot be uploaded at once, and nothing is",
        (
            bad(
                "wa_media",
                "bad_media",
                "3 media files cannot be uploaded",
                f"{ONE} is of type image/gif",
                f"{TWIN} is empty",
                f"{OTHER} is not on the node any more",
                args=ALL,
            ),
        ),
        node={"media": BROKEN},
        shipped=True,
    ),
    Case(
        "media: a node that serves another number",
        (bad("wa_media", "wrong_node", "15550009997", args=BOTH),),
        node={"media": MEDIA, "wa_id": "15550009997"},
    ),
    Case(
        "media: options that are wrong",
        (
            bad("wa_media", "bad_input", "paths and media_ids: both are missing", "dest:", args={"dest": "x"}),
            bad("wa_media", "bad_input", "media_ids: a media ID of the node", args={"media_ids": ["../users"]}),
            bad("wa_media", "no_such_path", "/nowhere/at-all", args={"paths": ["/nowhere/at-all"]}),
        ),
        silent=True,
    ),
)
