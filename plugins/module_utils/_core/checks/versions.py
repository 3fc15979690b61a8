# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: until when Meta serves each version of the Graph API, and the check of the stated one. Pure."""

from __future__ import annotations

from typing import List, Mapping, Optional

from ..._failure import Failure
from ..facts.times import instant
from ..findings.finding import WARNING, Finding

SOURCE = "Graph API changelog: versions"
# The day on which that page was read.
READ_ON = "2026-11-26"
# The version of requests where nobody states one.
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

GRAPH_VERSION = Finding(
    "WM137",
    "graph_version",
    WARNING,
    SOURCE,
    title="The Graph API version has expired or expires soon",
    why="Meta answers requests for an expired version with a later one, whose fields and rules may differ from those "
    "that this collection was tested with.",
    fix="Set O(graph_version) to a version that is served for long, such as %s." % DEFAULT,
    passing=True,
)


def failures(asked: str, served: str, now: float) -> List[Failure]:
    """Judge the version that requests ask for; ``served`` is the one that the answer names, or empty.

    Meta serves a request for an expired version with another one, which the header ``facebook-api-version`` names.
    """
    if served and served != asked:
        return [GRAPH_VERSION.failure("Graph serves %s in place of %s" % (served, asked))]
    day = EXPIRES.get(asked)
    end = instant(day)
    if end is None or end > now + _SOON:
        return []
    expires = "expired" if end <= now else "expires"
    return [GRAPH_VERSION.failure("%s %s on %s, by Meta's table of %s" % (asked, expires, day, READ_ON))]
