# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: how long each version of the Graph API is served, and what a preflight says of the stated one. Pure."""

from __future__ import annotations

from typing import List, Mapping, Optional

from ..._failure import Failure
from ..facts.times import instant

SOURCE = "Graph API changelog: versions"
# What that page said on this day.
READ_ON = "2026-11-26"
# What is asked for where nobody states a version.
DEFAULT = "v26.0"
# Version -> the day on which it expires; None where the page names none.
EXPIRES: Mapping[str, Optional[str]] = {
    "v17.0": "2025-09-12",
    "v18.0": "2026-01-26",
    "v19.0": "2026-05-21",
    "v20.0": "2026-09-24",
    "v21.0": "2027-01-21",
    "v22.0": "2027-05-20",
    "v23.0": "2027-10-08",
    "v24.0": "2028-02-18",
    "v25.0": "2028-07-29",
    "v26.0": None,
}
_SOON = 30 * 86400.0
_FIX = "set wa_migrate_graph_version to one that is served for long, such as %s" % DEFAULT


def failures(asked: str, served: str, now: float) -> List[Failure]:
    """Return what is to be known of the version ``asked`` for; ``served`` is the one that the answer names, or empty.

    A request for an expired version is served by another one, which the header ``facebook-api-version`` names.
    """
    if served and served != asked:
        return [
            Failure(
                "graph_version",
                "Graph serves %s in place of %s" % (served, asked),
                "A version that has expired is served by a later one, whose fields and rules may differ",
                next_step=_FIX,
            )
        ]
    day = EXPIRES.get(asked)
    end = instant(day)
    if end is None or end > now + _SOON:
        return []
    return [
        Failure(
            "graph_version",
            "Graph %s %s on %s" % (asked, "expired" if end <= now else "expires", day),
            "By Meta's table of versions as it was on %s" % READ_ON,
            next_step=_FIX,
        )
    ]
