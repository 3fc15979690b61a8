# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the findings of a number as task results carry them: which of them block, and their text. Pure."""

from __future__ import annotations

from typing import Any, Mapping, Sequence, Tuple

from ..._failure import Failure
from .finding import BLOCKER


def blockers(findings: Tuple[Mapping[str, Any], ...]) -> Tuple[Mapping[str, Any], ...]:
    """Return the findings that keep the number from moving: a waived one does not."""
    return tuple(found for found in findings if found["severity"] == BLOCKER and not found.get("waived"))


def text(found: Mapping[str, Any]) -> str:
    """Return a finding as a person reads it, with its waiver and the next step."""
    return seen(found) + (" Next: %s." % str(found["fix"]).rstrip(".") if found["fix"] else "")


def failure(code: str, title: str, findings: Sequence[Mapping[str, Any]], after: str = "") -> Failure:
    """Return a failure that names these findings, each with its next step; the sentence ``after`` follows the last."""
    details, fix = seen(findings[0]), str(findings[0]["fix"])
    if len(findings) > 1:
        details = " ".join("(%d) %s" % (at, text(found)) for at, found in enumerate(findings, 1))
        fix = "fix all of them, then run the same command again"
    return Failure(code, title, details, next_step=". ".join(part.rstrip(".") for part in (fix, after) if part))


def seen(found: Mapping[str, Any]) -> str:
    """Return a finding without the next step."""
    severity = str(found["severity"])
    if found.get("waived"):
        by = found["waived"]
        severity += " waived until %s by %s (%s)" % (by["until"], by["who"], by["why"])
    return "%s %s: %s." % (found["id"], severity, str(found["seen"]).rstrip("."))
