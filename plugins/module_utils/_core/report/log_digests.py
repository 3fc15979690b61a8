# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the attempt logs of a report against the digests that earlier reports have of them. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence

from ..cutover.log_chain import Head, unlike
from .document import key_of


def verify(
    documents: Sequence[Mapping[str, Any]],
    fresh: Mapping[str, Mapping[str, Any]],
    results: Mapping[str, Mapping[str, Any]],
) -> None:
    """Note in the ``fresh`` entry of each number every entry of its log that is not as a report has it.

    ``documents`` are the earlier reports, ``results`` those of each host, with its state. A host that was not read is
    left alone.
    """
    heads: Dict[str, List[Head]] = {}
    for one in documents:
        for entry in one["numbers"]:
            known = entry.get("log") or {}
            head = Head(int(known.get("entries") or 0), str(known.get("digest") or ""))
            heads.setdefault(key_of(entry), []).append(head)
    for key, entry in fresh.items():
        state = results[str(entry["host"])].get("state")
        chain = state.get("log") if isinstance(state, Mapping) and not state.get("error") else None
        if isinstance(chain, Mapping):
            entry["log"]["faults"] += unlike(chain.get("digests") or [], heads.get(key, ()))
