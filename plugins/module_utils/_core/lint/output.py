# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: how findings are shown: a line of text, and the document of SARIF 2.1.0. Pure."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping

from .accepted import fingerprint
from .catalogue import RULES
from .rule import ERROR, NOTE, SEVERITIES, WARNING

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {ERROR: "error", WARNING: "warning", NOTE: "note"}
_PAGE = "https://github.com/wabiz/wabiz.migration/blob/main/docs/differences.md"
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/")
NEVER = "never"
FAIL_ON = (*SEVERITIES, NEVER)


def finding(rule: str, file: str, line: int, pointer: str = "", seen: str = "", mended: bool = False) -> Dict[str, Any]:
    """Return one finding as results carry it."""
    found = RULES[rule]
    return {
        "rule": rule,
        "severity": found.severity,
        "title": found.title,
        "file": file,
        "line": line,
        "pointer": pointer,
        "seen": seen,
        "why": found.why,
        "fix": found.fix,
        "mended": mended,
    }


def text(one: Mapping[str, Any]) -> str:
    """Return a finding as one line."""
    place = "%s:%d" % (one["file"], one["line"])
    parts = [place, " %s %s: %s" % (one["severity"], one["rule"], one["title"])]
    if one["seen"]:
        parts.append(" (%s)" % one["seen"])
    if one["pointer"]:
        parts.append(" at %s" % one["pointer"])
    parts.append(". Fixed in the copy." if one["mended"] else ". %s" % one["fix"])
    return "".join(parts)


def counts(findings: Iterable[Mapping[str, Any]]) -> Dict[str, int]:
    """Return how many findings there are of each severity."""
    found = dict.fromkeys(SEVERITIES, 0)
    for one in findings:
        found[one["severity"]] += 1
    return found


def fails(severity: str, fail_on: str) -> bool:
    """Tell whether a finding of a severity is one to fail on."""
    return fail_on != NEVER and SEVERITIES.index(severity) <= SEVERITIES.index(fail_on)


def sarif(findings: Iterable[Mapping[str, Any]], version: str) -> Dict[str, Any]:
    """Return findings as a log of SARIF 2.1.0."""
    order = {rule: at for at, rule in enumerate(RULES)}
    rules: List[Dict[str, Any]] = [
        {
            "id": rule.id,
            "shortDescription": {"text": rule.title},
            "fullDescription": {"text": rule.why},
            "help": {"text": rule.fix},
            "helpUri": "%s#%s" % (_PAGE, rule.id.lower()),
            "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        }
        for rule in RULES.values()
    ]
    results = [
        {
            "ruleId": one["rule"],
            "ruleIndex": order[one["rule"]],
            "level": _LEVELS[one["severity"]],
            "message": {"text": ". ".join(part for part in (one["title"], one["seen"], one["fix"]) if part)},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": _uri(one["file"])},
                        "region": {"startLine": max(1, one["line"])},
                    }
                }
            ],
            "partialFingerprints": {"wabiz/v1": fingerprint(one)},
        }
        for one in findings
    ]
    driver = {"name": "wa_lint", "version": version, "informationUri": _PAGE, "rules": rules}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _uri(path: str) -> str:
    data = path.replace("\\", "/").encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if chr(byte) in _PLAIN else "%%%02X" % byte for byte in data)
