# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the summary of a report as Markdown, for a change ticket. Pure."""

from __future__ import annotations

import re
from typing import Any, List, Mapping, Sequence

from ..._failure import counted
from ..fleet.overview import shortened
from .document import DRY_RUN
from .numbers import NEEDS_YOU, goes_on

_MOST = 25
# Characters that Markdown, or the HTML inside of it, would take for markup.
_MARKUP = re.compile(r"([\\`*\[\]|~]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z]))")
_ANSWERS = {"yes": "Yes", "no": "No", "again": "Run it again", "after a fix": "After a fix"}


def plain(value: Any) -> str:
    """Return a value as one line that Markdown shows as it is."""
    text = _MARKUP.sub(r"\\\1", " ".join(str(value).split()))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def duration(seconds: Any) -> str:
    """Return seconds as a person reads them: ``2.5 s``, ``3 min 20 s``, ``1 h 5 min``."""
    if seconds is None:
        return "unknown"
    whole = round(float(seconds))
    if whole < 60:
        return "%.1f s" % float(seconds)
    if whole < 3600:
        return "%d min %d s" % divmod(whole, 60)
    return "%d h %d min" % (whole // 3600, whole % 3600 // 60)


def render(document: Mapping[str, Any]) -> str:
    """Return the Markdown of a document; it has at most some dozens of lines, however large the fleet."""
    answers, run = document["answers"], document["run"]
    counts, interrupted, go_on = answers["counts"], answers["interrupted"], answers["go_on"]
    lines = ["# %s%s" % ("%s: " % DRY_RUN if run["check_mode"] else "", plain(document["title"])), ""]
    lines += ["%s to %s (UTC), run %s" % (*_times(document), plain(", ".join(run["ids"]) or run["id"])), ""]
    lines += ["| question | answer |", "| --- | --- |"]
    figures = [counts[name] for name in ("safe", "moved", "untouched", "needs_you", "numbers")]
    many = "%d safe, %d moved, %d untouched, **%d need you** (of %d)" % tuple(figures)
    lines.append("| How many are safe, moved, untouched, and need me? | %s |" % many)
    lines.append("| Who missed messages, and for how long? | %s |" % plain(missed(interrupted)))
    steps = "; ".join(one["text"].rstrip(".") for one in answers["next_steps"][:3]) or "nothing"
    lines.append("| What must I do now? | %s |" % plain(steps))
    lines.append("| May I go on? | **%s.** %s |" % (_ANSWERS[go_on["answer"]], plain(go_on["why"])))
    lines += [
        "",
        "States: %s" % plain(", ".join("%d %s" % (count, word) for word, count in document["states"].items())),
    ]
    if document["causes"]:
        lines += ["", "## Causes", ""]
    for cause in document["causes"]:
        safe = "safe to run again" if cause["safe_to_rerun"] else "**NOT safe to run again**"
        head = plain(cause["title"].rstrip("."))
        lines.append("- %s (%s), %s: %s" % (head, plain(cause["key"]), safe, plain(shortened(cause["hosts"]))))
        lines.append("  Next: %s." % plain(cause["next_step"].rstrip(".")))
    needing = [entry for entry in document["numbers"] if entry["group"] == NEEDS_YOU]
    if needing:
        lines += ["", "## Numbers that need you", "", "| number | host | state | what |", "| --- | --- | --- | --- |"]
        lines += _rows(needing, ("number", "host", "state", "text"))
    going = [entry for entry in document["numbers"] if entry["group"] != NEEDS_YOU and goes_on(entry)]
    if going:
        lines += ["", "## Next steps", "", "| number | host | state | next step |", "| --- | --- | --- | --- |"]
        lines += _rows(going, ("number", "host", "state", "next_step"))
    if document["tickets"]:
        names = [ticket["file"] for ticket in document["tickets"]]
        lines += ["", "Tickets for Direct Support, ready to send: %s" % plain(shortened(names))]
    return "\n".join(lines) + "\n"


def _rows(entries: Sequence[Mapping[str, Any]], names: Sequence[str]) -> List[str]:
    """Return the first entries as rows of a table, and how many more there are."""
    rows = ["| %s |" % " | ".join(plain(entry[name]) for name in names) for entry in entries[:_MOST]]
    more = len(entries) - _MOST
    return [*rows, "", "%s more in the report." % counted(more, "number")] if more > 0 else rows


def missed(interrupted: Mapping[str, Any]) -> str:
    """Return the answer to the question who missed messages, as one sentence."""
    if not interrupted["numbers"]:
        return "Nobody: no register call left"
    parts: List[str] = []
    ended = interrupted["numbers"] - len(interrupted["open"])
    if ended:
        longest = "the longest %s (%s)" % (duration(interrupted["longest_seconds"]), interrupted["longest_host"])
        median = "median %s" % duration(interrupted["median_seconds"])
        parts.append(
            "%s, %s, %s" % (counted(ended, "number was interrupted", "numbers were interrupted"), longest, median)
        )
    if interrupted["open"]:
        parts.append("still without a confirmed end: %s" % shortened(interrupted["open"]))
    return "; ".join(parts)


def _times(document: Mapping[str, Any]) -> List[str]:
    run, times = document["run"], document["timeline"]
    begin = run["started_at"] or times["from"] or document["made_at"]
    return [str(begin), str(run["ended_at"] or times["until"] or document["made_at"])]
