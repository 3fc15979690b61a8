# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the export of a number: its parts as files, the manifest over them, and when an earlier one stays. Pure.

Nothing in it says when it was made, so that the same content is the same archive.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ..facts import callback, json_document

FORMAT = "wabiz.export/1"
MANIFEST = "manifest.json"
NUMBER, PROFILE, SETTINGS, WABA = "number", "profile", "settings", "waba"
TEMPLATES, SUBSCRIPTIONS, SNAPSHOT, PHOTO, MEDIA = "templates", "subscriptions", "snapshot", "photo", "media"
# What can be required. The rest depends on what an earlier run has kept.
PARTS = (NUMBER, PROFILE, SETTINGS, WABA, TEMPLATES, SUBSCRIPTIONS, SNAPSHOT, PHOTO)
# What only a number on the Cloud API has.
OF_CLOUD = (PROFILE, SETTINGS)
NO_MEDIA = (
    "no request lists the media of a number: each is read by its ID, which your application keeps. What was uploaded "
    "to the Cloud API is deleted after 30 days"
)

Files = Dict[str, bytes]


def document(value: Any) -> bytes:
    """Return a part as a file: the same value is the same text."""
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def part_of(name: str) -> str:
    """Return the part that a file holds."""
    return name.partition(".")[0]


def number(body: Mapping[str, Any]) -> Dict[str, Any]:
    """Return what Graph tells of a number, without what may be a secret in the addresses of its webhooks."""
    hooks = body.get("webhook_configuration")
    if not isinstance(hooks, Mapping):
        return dict(body)
    shown = {name: callback.address(url) if isinstance(url, str) else url for name, url in hooks.items()}
    return {**body, "webhook_configuration": shown}


def templates(rows: Sequence[Mapping[str, Any]]) -> List[Dict[str, Any]]:
    """Return the templates in an order of their own."""
    return sorted(map(dict, rows), key=lambda row: [str(row.get(name)) for name in ("name", "language", "id")])


def subscriptions(rows: Sequence[Mapping[str, Any]]) -> List[Dict[str, Any]]:
    """Return the apps of a WABA, without what may be a secret in their callbacks."""
    found = [
        {
            **row,
            **(
                {"override_callback_uri": callback.address(row["override_callback_uri"])}
                if isinstance(row.get("override_callback_uri"), str)
                else {}
            ),
        }
        for row in rows
    ]
    return sorted(found, key=lambda row: json.dumps(row, sort_keys=True))


def joined(files: Files, missing: Mapping[str, str], earlier: Optional[Mapping[str, bytes]]) -> Files:
    """Return the files with those of an earlier export whose part cannot be read any more: no run loses one."""
    kept = {name: data for name, data in (earlier or {}).items() if name != MANIFEST and part_of(name) in missing}
    return {**kept, **files}


def manifest(phone_number_id: str, waba_id: str, files: Mapping[str, bytes], missing: Mapping[str, str]) -> bytes:
    """Return the manifest: each file with its size and SHA-256, and why each other part is not there."""
    there = {part_of(name) for name in files}
    content = {
        "format": FORMAT,
        "phone_number_id": phone_number_id,
        "waba_id": waba_id,
        "files": {name: {"bytes": len(data), "sha256": digest(data)} for name, data in files.items()},
        "missing": {part: why for part, why in {**missing, MEDIA: NO_MEDIA}.items() if part not in there},
    }
    return document(content)


def digest(data: bytes) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(data).hexdigest()


def check(files: Mapping[str, bytes], phone_number_id: str) -> Dict[str, Any]:
    """Return the manifest of an export; raises ValueError where it is not whole, or of another number."""
    if MANIFEST not in files:
        raise ValueError("it has no manifest")
    found = json_document.of_number(files[MANIFEST].decode("utf-8", "replace"), FORMAT, phone_number_id) or {}
    named = found.get("files")
    if not isinstance(named, dict) or not isinstance(found.get("missing"), dict):
        raise ValueError("its manifest names no files")
    wrong = [
        name
        for name in sorted({*named, *files} - {MANIFEST})
        if name not in files
        or not isinstance(named.get(name), dict)
        or named[name].get("sha256") != digest(files[name])
    ]
    if wrong:
        raise ValueError("it is not as its manifest says: %s" % ", ".join(wrong))
    return found


def stays(earlier: Optional[Mapping[str, bytes]], platform_type: Any) -> bool:
    """Tell whether an earlier export stays as it is: the number was on the Cloud API then, and is not any more."""
    if earlier is None or platform_type == "CLOUD_API":
        return False
    try:
        was = json.loads(earlier.get("number.json", b"{}").decode("utf-8", "replace"))
    except ValueError:
        return False
    return isinstance(was, dict) and was.get("platform_type") == "CLOUD_API"


def lacking(required: Sequence[str], missing: Mapping[str, str], files: Mapping[str, bytes], on_cloud: bool) -> str:
    """Return which of the required parts are not there and why, "" where all are.

    What only a number on the Cloud API has is not required of another.
    """
    there = {part_of(name) for name in files}
    wanted = [part for part in required if part not in there and (on_cloud or part not in OF_CLOUD)]
    return "; ".join("%s: %s" % (part, missing.get(part, "it was not read")) for part in wanted)
