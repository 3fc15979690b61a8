# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what the linter's findings mean for a number that would move: one finding for each severity. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Set

from ..._failure import Failure, counted
from ..findings.finding import BLOCKER, GUIDE, WARNING, Finding
from .output import text
from .rule import ERROR
from .rule import WARNING as LINT_WARNING

_SHOW = "Run wa_lint on O(lint_paths) to see every place, and correct what it says (docs/differences.md). "

NOT_READY = Finding(
    "WM240",
    "app_not_ready",
    BLOCKER,
    GUIDE,
    title="The application is not ready for the Cloud API",
    why="The linter has found what the Cloud API refuses, or what the application does not understand of it. When the "
    "number has moved, its messages fail. Waive it where the webhook bridge or another application "
    "answers for it.",
    fix=_SHOW + "A comment wabiz: ignore L10 in the line accepts a place.",
    waivable=True,
)
DIFFERS = Finding(
    "WM241",
    "app_differs",
    WARNING,
    GUIDE,
    title="The application meets something that works differently on the Cloud API",
    why="The linter has found what the Cloud API accepts, but treats in another way.",
    fix=_SHOW.strip(),
)
NOT_LINTED = Finding(
    "WM242",
    "app_not_linted",
    WARNING,
    GUIDE,
    title="The linter read no file of the application",
    why="A folder without payloads, webhook samples and source code says nothing about the application.",
    fix="Name the folder of the application in O(lint_paths). docs/differences.md says which files are read.",
)
# So many rules are named in a finding.
_MOST = 5


class Tally:
    """Counts the findings of a linter, and keeps the first of each severity."""

    def __init__(self) -> None:
        self._rules: Dict[str, Dict[str, int]] = {}
        self._files: Dict[str, Set[str]] = {}
        self._first: Dict[str, Mapping[str, Any]] = {}

    def add(self, found: Mapping[str, Any]) -> None:
        """Count one finding."""
        severity, rule = str(found["severity"]), str(found["rule"])
        rules = self._rules.setdefault(severity, {})
        rules[rule] = rules.get(rule, 0) + 1
        self._files.setdefault(severity, set()).add(str(found["file"]))
        self._first.setdefault(severity, found)

    def failures(self, files: int, left_out: int) -> List[Failure]:
        """Return what the findings in ``files`` files mean for each number: the same for all of them.

        ``left_out`` are findings of rules of which a file has very many, that were not handed in.
        """
        if not files:
            return [NOT_LINTED.failure()]
        more = " %s are not counted here." % counted(left_out, "further finding") if left_out else ""
        pairs = ((ERROR, NOT_READY), (LINT_WARNING, DIFFERS))
        return [finding.failure(self._details(name) + more) for name, finding in pairs if name in self._rules]

    def _details(self, severity: str) -> str:
        rules = self._rules[severity]
        order = sorted(rules.items(), key=lambda one: (-one[1], one[0]))
        named = ", ".join("%s (%d)" % one for one in order[:_MOST])
        others = " and %s" % counted(len(order) - _MOST, "other rule") if len(order) > _MOST else ""
        return "wa_lint reports %s in %s: %s%s. The first: %s" % (
            counted(sum(rules.values()), severity),
            counted(len(self._files[severity]), "file"),
            named,
            others,
            text(self._first[severity]),
        )
