# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: which wave a host moves in. Pure."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import islice
from typing import Any, Dict, List, Sequence

DEFAULT = (1, "10%", "100%")


def sizes(waves: Any, total: int) -> List[int]:
    """Return the number of hosts of each wave for ``total`` hosts; the last stated wave repeats, as Ansible's serial
    does.

    ``waves`` is a list of counts and percentages of all hosts (at least one host each); a text is split at its commas,
    because a survey has no lists. Raises ValueError in words.
    """
    stated = waves.split(",") if isinstance(waves, str) else waves
    entries = list(stated) if isinstance(stated, (list, tuple)) else [stated]
    if not entries:
        raise ValueError("wa_migrate_waves is empty")
    counts = [_count(entry, total) for entry in entries]
    result: List[int] = []
    left = total
    while left > 0:
        size = min(left, counts[min(len(result), len(counts) - 1)])
        result.append(size)
        left -= size
    return result


def _count(entry: Any, total: int) -> int:
    text = str(entry).strip()
    if not isinstance(entry, bool) and re.match(r"^[0-9]+\Z", text) and int(text) > 0:
        return int(text)
    if re.match(r"^[0-9]+(\.[0-9]+)?%\Z", text) and 0 < Fraction(text[:-1]) <= 100:
        # Exact: in floating point 29% of 100 hosts would be 28.
        return max(1, int(Fraction(text[:-1]) * total / 100))
    raise ValueError("wa_migrate_waves: %r is neither a count above 0 nor a percentage up to 100%%" % (entry,))


def plan(hosts: Sequence[str], waves: Any) -> Dict[str, int]:
    """Return the wave, from 1, of each of ``hosts``, which move in the order in which they are given."""
    left = iter(hosts)
    return {host: wave for wave, size in enumerate(sizes(waves, len(hosts)), 1) for host in islice(left, size)}
