# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task has sent: noted where a request leaves, for the messages that speak of it."""

from __future__ import annotations

from typing import Callable, Dict, List, Mapping, Optional, Sequence, Union


class Sent:
    """Keep whether reads have left, and in words each request that left and may change something.

    ``earlier`` yields what tasks before this one have sent, where somebody keeps it.
    """

    def __init__(self, earlier: Callable[[], Sequence[str]] = tuple) -> None:
        self.reads = False
        self.changes: List[str] = []
        # A module was shipped and nobody heard how it ended: True where it may have changed something, None never.
        self.unheard: Optional[bool] = None
        self.earlier = earlier

    def left(self, wording: str) -> None:
        """Note a request of which at least a byte has left; one without ``wording`` is a read."""
        if wording:
            self.changes.append(wording)
        else:
            self.reads = True

    def lost(self, may_change: bool) -> None:
        """Note that a shipped module did not say what it has sent."""
        self.unheard = bool(self.unheard or may_change)

    def as_data(self) -> Dict[str, Union[bool, List[str]]]:
        """Return what a shipped module hands back."""
        return {"reads": self.reads, "changes": list(self.changes)}

    def join(self, data: Mapping[str, Union[bool, List[str]]]) -> None:
        """Take over what a shipped module has handed back."""
        self.reads = self.reads or bool(data["reads"])
        changes = data["changes"]
        self.changes += changes if isinstance(changes, list) else []

    def all_changes(self) -> List[str]:
        """Return each change once, in the order in which they left."""
        return list(dict.fromkeys([*self.earlier(), *self.changes]))
