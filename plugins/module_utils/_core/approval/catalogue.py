# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the catalogue of all findings, by code and by ID. Pure."""

from __future__ import annotations

from typing import Any, Dict, Mapping

from ..._failure import Failure
from ..checks import (
    app,
    container,
    deployment,
    echo,
    number,
    purpose,
    reads,
    subscription,
    traffic,
    versions,
    waba,
    webhook,
)
from ..comparison import difference_findings
from ..conditions import change_freeze, window
from ..cutover import (
    attempt_log,
    code_log,
    exit_findings,
    gate_findings,
    lane,
    move_log,
    number_move,
    pin,
    preflight,
    recovery,
    retire_findings,
)
from ..findings.finding import BLOCKER, NOTE, SEVERITIES, WARNING, Finding
from ..findings.results import blockers, failure, text
from ..lint import app_findings
from . import approval_findings

__all__ = ("BLOCKER", "BY_ID", "CATALOGUE", "NOTE", "SEVERITIES", "WARNING", "blockers", "failure", "finding", "text")

# The files that declare findings.
DECLARING = (
    *(app, container, deployment, echo, number, purpose, reads, subscription, traffic, versions, waba, webhook),
    *(
        attempt_log,
        code_log,
        exit_findings,
        gate_findings,
        lane,
        move_log,
        number_move,
        pin,
        preflight,
        recovery,
        retire_findings,
        difference_findings,
    ),
    *(app_findings, change_freeze, window, approval_findings),
)
CATALOGUE: Mapping[str, Finding] = {
    found.code: found for module in DECLARING for found in vars(module).values() if isinstance(found, Finding)
}
BY_ID: Mapping[str, Finding] = {found.id: found for found in CATALOGUE.values()}


def finding(failure: Failure, number: str) -> Dict[str, Any]:
    """Return a failure or a note as the finding of a number.

    A code outside of the catalogue is an error of this collection (KeyError).
    """
    return CATALOGUE[str(failure.code)].result(failure, number)
