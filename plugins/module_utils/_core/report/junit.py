# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: a report as JUnit XML, a test case for each number, for the test views of CI systems. Pure."""

from __future__ import annotations

import re
from typing import Any, List, Mapping, Optional

from ..fleet import table
from .numbers import goes_on

# What XML 1.0 cannot hold, escaped or not.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
# Nobody knows what became of such a number: an error, and no failure.
_ERRORS = (table.UNKNOWN, table.UNREACHABLE)


def escaped(value: Any) -> str:
    """Return a value as the text of an attribute or an element."""
    return re.sub('[&<>"\n\r\t]', lambda found: _ESCAPES[found.group()], _FORBIDDEN.sub("?", str(value)))


def render(document: Mapping[str, Any]) -> str:
    """Return the XML of a document. A number is skipped if it was not started, would move, or has a step left."""
    numbers = document["numbers"]
    kinds = [_kind(entry) for entry in numbers]
    counts = {
        "tests": len(numbers),
        "failures": kinds.count("failure"),
        "errors": kinds.count("error"),
        "skipped": kinds.count("skipped"),
        "time": "%.3f" % sum(_seconds(entry) for entry in numbers),
    }
    listed = " ".join('%s="%s"' % pair for pair in counts.items())
    title = document["title"] + (" (DRY RUN)" if document["run"]["check_mode"] else "")
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="%s" %s>' % (escaped(title), listed)]
    started = str(document["run"]["started_at"] or document["made_at"])[:19]
    lines.append('<testsuite name="%s" %s timestamp="%s">' % (escaped(title), listed, escaped(started)))
    for entry, kind in zip(numbers, kinds):
        lines += _case(entry, kind)
    return "\n".join([*lines, "</testsuite>", "</testsuites>", ""])


def _kind(entry: Mapping[str, Any]) -> str:
    action = entry.get("action") or {}
    if entry["state"] in table.BAD or action.get("needs_you"):
        return "error" if entry["state"] in _ERRORS else "failure"
    rests = (table.NOT_STARTED, table.WAITING, table.WOULD_MOVE, table.READY)
    return "skipped" if entry["state"] in rests or goes_on(entry) else ""


def _seconds(entry: Mapping[str, Any]) -> float:
    return float((entry["interruption"] or {}).get("seconds") or 0.0)


def _case(entry: Mapping[str, Any], kind: str) -> List[str]:
    waba = "waba_%s" % (entry["waba_id"] or "unknown")
    name = "%s (%s)" % (entry["number"], entry["host"])
    head = '<testcase classname="%s" name="%s" time="%.3f"' % (escaped(waba), escaped(name), _seconds(entry))
    if not kind:
        return [head + "/>"]
    code: Optional[Any] = entry["failure"].get("code")
    reason = " ".join(entry["causes"]) or entry["state"]
    kind_of = "" if kind == "skipped" else ' type="%s"' % escaped(reason if code is None else code)
    body = "%s\nNext: %s" % (entry["text"], entry["next_step"]) if entry["next_step"] else entry["text"]
    message = escaped("%s: %s" % (entry["state"], entry["text"]))
    return [head + ">", '<%s message="%s"%s>%s</%s>' % (kind, message, kind_of, escaped(body), kind), "</testcase>"]
