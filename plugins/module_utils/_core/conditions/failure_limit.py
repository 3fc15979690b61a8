# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: when so many numbers have failed that no further one may move. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

from ..._failure import Failure, counted

# The flag by which the workers of a run share that the limit is reached.
FLAG = "too many failed"


class Limits(NamedTuple):
    """How many numbers of a run may fail, as a number and as a percentage of all; None where not stated."""

    number: Optional[int] = None
    percent: Optional[float] = None

    @property
    def stated(self) -> bool:
        """Whether a limit is stated; without one, a wave with a failed number is the last."""
        return self.number is not None or self.percent is not None


def limits(count: Any, percent: Any) -> Limits:
    """Return the limits that a task was given."""
    return Limits(None if count is None else int(count), None if percent is None else float(percent))


def why(bad: int, total: int, most: Limits) -> str:
    """Return why no further number may move, "" where it may.

    ``bad`` are the numbers that failed, were unreachable or are unknown, of ``total`` in the run. Each stated limit
    stops by itself; without one, the first failed number does.
    """
    reported = "%d of %s did not succeed" % (bad, counted(total, "number"))
    if bad and not most.stated:
        return reported
    if most.number is not None and bad > most.number:
        return "%s, and O(max_failed) allows %d" % (reported, most.number)
    if most.percent is not None and bad * 100 > most.percent * total:
        return "%s, and O(max_failed_percent) allows %g %%" % (reported, most.percent)
    return ""


def failure(reason: str) -> Failure:
    """Report that the rest of the run moves no number."""
    return Failure(
        "too_many_failed",
        "Too many numbers of this run have failed, so no further number is registered",
        reason,
        next_step="look at the failed numbers, fix the cause, then run the same command again: it goes on where this "
        "run stopped",
    )
