# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the fleet as lines of text that fit a screen: who needs somebody, each cause once, and counts. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence, Tuple

from ..._failure import counted
from .table import ATTENTION, BLOCKED, WAITING, Cause, Row, counts, sent_of

# How many numbers of a cause are named.
_NAMES = 5


def lines(
    title: str, rows: Sequence[Row], whole: bool = False, known: Sequence[str] = (), width: int = 100
) -> List[str]:
    """Return the fleet as lines of text.

    Numbers that need somebody have a row each, those of which least is known first, and so have those that wait. Each
    cause follows once, with its numbers. The others are counted; with ``whole`` they have rows too. The causes of
    numbers in the states ``known`` have been told before.
    """
    order = {state: at for at, state in enumerate((*ATTENTION, WAITING))}
    shown = sorted(
        (row for row in rows if whole or row.state in order), key=lambda row: order.get(row.state, len(order))
    )
    states = ", ".join("%d %s" % (count, state) for state, count in counts(rows).items())
    return [
        *_aligned(shown, width),
        *_causes([row for row in rows if row.state not in known]),
        "%s: %s (%s)" % (title, counted(len(rows), "number"), states or "none"),
    ]


def _aligned(rows: Sequence[Row], width: int) -> List[str]:
    if not rows:
        return []
    heads = ("NUMBER", "HOST", "STATE", "LOCATION")
    cells = [heads, *((row.number, row.host, row.state, row.location) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells)]
    texts = ["WHAT", *(_cut(row, width) for row in rows)]
    return ["  ".join([*map(str.ljust, line, widths), text]) for line, text in zip(cells, texts)]


def _causes(rows: Sequence[Row]) -> List[str]:
    """Return each cause in full, with the numbers that have it, the cause of most numbers first."""
    found: Dict[Tuple[str, str], List[Tuple[Row, Cause]]] = {}
    for row in rows:
        for cause in row.causes if row.told else ():
            found.setdefault((cause.key, cause.fix), []).append((row, cause))
    told = []
    for hit in sorted(found.values(), key=lambda hit: -len(hit)):
        names = [row.name for row, _cause in hit]
        others = len({cause.text for _row, cause in hit}) - 1
        more = " (%s in the report)" % counted(others, "further detail") if others else ""
        told.append("%s: %s%s" % (shortened(names, _NAMES), hit[0][1].text, more))
    return told


def _cut(row: Row, width: int) -> str:
    """Return the text of a row, cut to ``width``; for a failure its causes, and the sentence on what was sent."""
    if not row.causes:
        return row.wording if len(row.wording) <= width else row.wording[: width - 3] + "..."
    wording = "; ".join("%s %s" % (cause.key, cause.title) for cause in row.causes)
    wording = wording if len(wording) <= width else wording[: width - 3] + "..."
    reported = sent_of(row)
    return wording if not reported or row.state == BLOCKED else "%s. %s" % (wording.rstrip("."), reported)


def shortened(entries: Sequence[Any], most: int = 10) -> str:
    """Return entries as one short phrase."""
    text = ", ".join(str(entry) for entry in entries[:most])
    return text if len(entries) <= most else "%s and %d more" % (text, len(entries) - most)
