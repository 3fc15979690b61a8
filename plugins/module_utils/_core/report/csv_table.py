# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: a report as CSV, a row for each number, that a spreadsheet opens without running any of its cells. Pure."""

from __future__ import annotations

from typing import Any, List, Mapping, Sequence

HEADS = (
    *("number", "host", "phone_number_id", "waba_id", "wave", "state", "group", "safe", "location"),
    *("interrupted_from", "interrupted_until", "interrupted_seconds", "attempts_left", "health", "causes", "code"),
    *("fbtrace_id", "safe_to_rerun", "next_step", "text", "done"),
)
# Spreadsheets take a cell for a formula that begins with one of these, and some skip white space before it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cell(value: Any) -> str:
    """Return a value as a cell: quoted, and with an apostrophe before what would be a formula."""
    text = "" if value is None else {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else str(value)
    text = text.replace("\0", "")  # many readers refuse the whole file for one
    if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA):
        text = "'" + text
    return '"%s"' % text.replace('"', '""')


def render(document: Mapping[str, Any]) -> str:
    """Return the CSV of a document, with CRLF ends as RFC 4180 has them."""
    rows: List[Sequence[Any]] = [HEADS, *(_row(entry) for entry in document["numbers"])]
    return "".join(",".join(map(cell, row)) + "\r\n" for row in rows)


def _row(entry: Mapping[str, Any]) -> List[Any]:
    interruption, failure = entry["interruption"] or {}, entry["failure"]
    return [
        *(entry[name] for name in HEADS[:9]),
        interruption.get("from"),
        interruption.get("until"),
        interruption.get("seconds"),
        entry["attempts_left"],
        entry["health"].get("verdict"),
        " ".join(entry["causes"]),
        failure.get("code"),
        failure.get("fbtrace_id"),
        failure.get("safe_to_rerun"),
        entry["next_step"],
        entry["text"],
        (entry.get("action") or {}).get("done"),
    ]
