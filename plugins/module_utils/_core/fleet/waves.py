# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the wave in which a host moves. Pure."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from ..._failure import counted
from ..facts.text_list import unpacked

DEFAULT = (1, "10%", "100%")
_MOST_NAMES = 10


Groups = Mapping[str, Sequence[str]]


def plan(hosts: Sequence[str], waves: Any, groups: Groups) -> Dict[str, int]:
    """Return the wave, from 1, of each of ``hosts``, which move in the order in which they are given.

    ``waves`` is a list of counts, percentages of all hosts (at least one host each) and names of ``groups`` (their
    hosts that are in no earlier wave); a text is JSON, or split at its commas, because a survey has no lists. The last
    entry repeats, as Ansible's serial does. A group without further hosts makes no wave. Raises ValueError
    for anything else.
    """
    entries = _entries(waves)
    left, wave, at = list(hosts), 0, 0
    found: Dict[str, int] = {}
    while left:
        entry = entries[min(at, len(entries) - 1)]
        size = _count(entry, len(hosts))
        named = () if size else set(_members(entry, groups))
        members = left[:size] if size else [host for host in left if host in named]
        if not members and at >= len(entries) - 1:
            raise ValueError(
                "O(waves): %s in none of its waves: %s. Add a last entry for the rest, such as 100%%"
                % (
                    counted(len(left), "host is", "hosts are"),
                    ", ".join(left)
                    if len(left) <= _MOST_NAMES
                    else "%s and %d more" % (", ".join(left[:_MOST_NAMES]), len(left) - _MOST_NAMES),
                )
            )
        at += 1
        if members:
            wave += 1
            found.update(dict.fromkeys(members, wave))
            taken = set(members)
            left = [host for host in left if host not in taken]
    return found


def spread(order: Mapping[str, int], accounts: Mapping[str, str]) -> Dict[str, int]:
    """Return ``order`` with the hosts of each wave in turns by their accounts: no account keeps a wave waiting."""
    turns: Dict[Tuple[int, str], int] = {}
    turned = []
    for host, wave in order.items():
        key = (wave, accounts[host])
        turns[key] = turns.get(key, 0) + 1
        turned.append((wave, turns[key], host))
    # Sorting is stable: hosts of the same turn stay in the order of the inventory.
    return {host: wave for wave, _turn, host in sorted(turned, key=lambda row: row[:2])}


def check(waves: Any, groups: Groups) -> None:
    """Raise ValueError where an entry cannot be a wave."""
    for entry in _entries(waves):
        if not _count(entry, 100):
            _members(entry, groups)


def _entries(waves: Any) -> List[Any]:
    waves = unpacked(waves)
    if isinstance(waves, str) and waves.strip().startswith("["):
        raise ValueError('O(waves): it begins like JSON, but is not JSON; write [1, "10%"], or 1,10%')
    stated = waves.split(",") if isinstance(waves, str) else waves
    entries = list(stated) if isinstance(stated, (list, tuple)) else [stated]
    if not entries:
        raise ValueError("O(waves): it is empty")
    return entries


def _count(entry: Any, total: int) -> int:
    """Return the number of hosts that a count or a percentage means, 0 where the entry is neither."""
    text = str(entry).strip()
    if isinstance(entry, bool):
        return 0
    if re.match(r"^[0-9]+\Z", text):
        return int(text)
    if re.match(r"^[0-9]+(\.[0-9]+)?%\Z", text) and 0 < Fraction(text[:-1]) <= 100:
        # Exact: in floating point 29% of 100 hosts would be 28.
        return max(1, int(Fraction(text[:-1]) * total / 100))
    return 0


def _members(entry: Any, groups: Groups) -> Sequence[str]:
    name = entry.strip() if isinstance(entry, str) else None
    if name is None or name not in groups:
        raise ValueError(
            "O(waves): %r is neither a count above 0, nor a percentage up to 100%%, nor a group of hosts" % (entry,)
        )
    return groups[name]
