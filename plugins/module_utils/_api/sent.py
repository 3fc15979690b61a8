# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task has sent: counted where the request leaves, for the messages about it."""

from __future__ import annotations

from typing import Callable, Dict, List, Mapping, Optional, Sequence, Union


class Sent:
    """Count what was sent: whether there were reads, and a phrase for each request that may have changed something.

    ``earlier`` returns the phrases of earlier tasks of the host.
    """

    def __init__(self, earlier: Callable[[], Sequence[str]] = tuple) -> None:
        self.reads = False
        self.changes: List[str] = []
        # Whether a shipped module that reported nothing may have changed something; None if all have reported.
        self.unreported: Optional[bool] = None
        self.earlier = earlier

    def add(self, wording: str) -> None:
        """Count a request of which at least one byte was sent; one without ``wording`` is a read."""
        if wording:
            self.changes.append(wording)
        else:
            self.reads = True

    def add_unreported(self, may_change: bool) -> None:
        """Count a shipped module that did not report what it has sent."""
        self.unreported = bool(self.unreported or may_change)

    def as_data(self) -> Dict[str, Union[bool, List[str]]]:
        """Return the data that a shipped module returns."""
        return {"reads": self.reads, "changes": list(self.changes)}

    def merge(self, data: Mapping[str, Union[bool, List[str]]]) -> None:
        """Add the data that a shipped module has returned."""
        self.reads = self.reads or bool(data["reads"])
        changes = data["changes"]
        self.changes += changes if isinstance(changes, list) else []

    def all_changes(self) -> List[str]:
        """Return each change once, in the order in which they were sent."""
        return list(dict.fromkeys([*self.earlier(), *self.changes]))
