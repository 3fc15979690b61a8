# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: the table of a recovery, and the verdict on one of its numbers."""

from __future__ import annotations

from typing import Any, Mapping

from .._core.fleet import recovery_table as rules
from .._failure import Failure
from .context import Context, Outcome


def perform(options: Any, context: Context, results: Mapping[str, Mapping[str, Any]]) -> Outcome:
    """Return the table of the listed hosts; with ``verdict`` fail where a number needs somebody."""
    rows = [rules.row_of(host, results[host]) for host in options.hosts]
    if options.verdict:
        bad = [row for row in rows if row.bad]
        found = {"msg": " ".join(row.text() for row in rows)}
        if not bad:
            return Outcome(False, found)
        failure = Failure(bad[0].step, "Needs somebody: %s" % bad[0].cause, next_step=bad[0].does)
        return Outcome(False, found, failure=failure, label="Number %s" % bad[0].name)
    return Outcome(
        False,
        {
            "states": rules.counts(rows),
            "lines": {row.host: row.text() for row in rows},
            "bad": [row.host for row in rows if row.bad],
            "table": rules.lines(str(options.title), rows, bool(options.moves) and not context.check_mode),
        },
    )
