# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What recover, retire and rollback say of a number beside its state: what was done, and the one next step. Pure."""

from __future__ import annotations

from typing import NamedTuple, Optional


class Action(NamedTuple):
    """What a run has done with a number, and what comes next.

    ``does`` is the next step as a phrase, and ``arguments`` is what its command needs beside the one of this run.
    """

    does: str
    step: str = ""
    done: str = ""
    safe: str = ""  # why the next step is safe
    until: str = ""  # when to come again, for a step that waits
    arguments: str = ""
    needs_you: bool = False
    left: bool = False  # a run takes the next step
    moved: bool = False  # this run has changed where the number is registered, or would have
    off: bool = False  # it is on neither API, and should be
    cause: str = ""  # tells apart what numbers in the same state have for a cause
    code: Optional[int] = None  # of the refusal that somebody has to explain
