# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what of the findings is accepted: by a comment in the line, or by a baseline. Pure."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Dict, FrozenSet, Iterable, List, Mapping

_COMMENT = re.compile(r"wabiz:\s*ignore(?:\s+(?P<rules>L[0-9]{2}(?:[\s,]+L[0-9]{2})*))?", re.IGNORECASE)
VERSION = 1


def ignored(line: str) -> FrozenSet[str]:
    """Return the rules that a comment of a line takes out, "*" for all of them."""
    found = _COMMENT.search(line) if "ignore" in line else None
    if not found:
        return frozenset()
    return frozenset(re.findall(r"L[0-9]{2}", (found.group("rules") or "").upper()) or ("*",))


def is_ignored(rule: str, rules: FrozenSet[str]) -> bool:
    """Tell whether a rule is among those that a comment takes out."""
    return rule in rules or "*" in rules


def fingerprint(finding: Mapping[str, Any]) -> str:
    """Return what a finding is known by when lines have moved: rule, file, pointer and what was read."""
    parts = "\0".join(str(finding[name]) for name in ("rule", "file", "pointer", "seen"))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def baseline(findings: Iterable[Mapping[str, Any]]) -> Dict[str, Any]:
    """Return the document of a baseline that accepts these findings."""
    counts: Dict[str, int] = {}
    for finding in findings:
        key = fingerprint(finding)
        counts[key] = counts.get(key, 0) + 1
    return {"version": VERSION, "accepted": dict(sorted(counts.items()))}


def parse(document: Any) -> Dict[str, int]:
    """Return the accepted findings of a baseline; raises ValueError for anything else."""
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise ValueError("expected a baseline of version %d" % VERSION)
    accepted = document.get("accepted")
    if not isinstance(accepted, dict) or not all(map(_is_count, accepted.values())):
        raise ValueError("accepted must map fingerprints to counts")
    return dict(accepted)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


class Baseline:
    """What is still accepted: each entry of a baseline counts as often as it was recorded."""

    def __init__(self, accepted: Mapping[str, int]) -> None:
        self._left = dict(accepted)

    def accepts(self, finding: Mapping[str, Any]) -> bool:
        """Tell whether a finding is accepted, and use that up."""
        key = fingerprint(finding)
        left = self._left.get(key, 0)
        if left:
            self._left[key] = left - 1
        return bool(left)

    @property
    def unused(self) -> List[str]:
        """Return the entries that nothing has used."""
        return sorted(key for key, left in self._left.items() if left)
