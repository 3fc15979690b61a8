# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of the matrices has come to, as build/faults.json."""

from __future__ import annotations

import os
import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import ansible.release

from . import guards
from .kill import Result

LEAST = 500


@dataclass
class Report:
    """What is written to build/faults.json."""

    seed: int
    share: float = 1.0
    began: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    seconds: float = 0.0
    results: list[dict[str, Any]] = field(default_factory=list)
    proofs: list[dict[str, Any]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def add(self, kind: str, found: Sequence[Result | guards.Proof]) -> None:
        for one in found:
            if isinstance(one, guards.Proof):
                self.proofs.append(asdict(one))
            else:
                more = {"facts": one.facts} if one.violations else {}
                self.results.append(
                    {"kind": kind, "name": one.name, "end": one.end, "violations": one.violations, **more}
                )

    @property
    def broken(self) -> list[dict[str, Any]]:
        return [result for result in self.results if result["violations"]]

    @property
    def unproven(self) -> list[str]:
        return [proof["guard"] for proof in self.proofs if not proof["proven"]]

    @property
    def good(self) -> bool:
        return not (self.broken or self.unproven or self.missing) and len(self.results) >= LEAST and bool(self.proofs)

    def as_dict(self) -> dict[str, Any]:
        kinds = sorted({result["kind"] for result in self.results})
        return {
            "good": self.good,
            "began": self.began,
            "seconds": self.seconds,
            "seed": self.seed,
            "share": self.share,
            "ansible_core": ansible.release.__version__,
            "python": platform.python_version(),
            "processors": os.cpu_count(),
            "cases": len(self.results),
            "cases_by_kind": dict(Counter(result["kind"] for result in self.results)),
            "end_states": {
                kind: dict(Counter(result["end"] for result in self.results if result["kind"] == kind))
                for kind in kinds
            },
            "violations": self.broken,
            "missing": self.missing,
            "guards": self.proofs,
            "guards_unproven": self.unproven,
            "all_cases": [{key: result[key] for key in ("kind", "name", "end")} for result in self.results],
        }
