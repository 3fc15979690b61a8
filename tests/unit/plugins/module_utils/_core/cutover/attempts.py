# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attempts of a number and logs of them, for the tests of the attempt log."""

from __future__ import annotations

from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts.times import utc

ID = "106540352242922"
NOW = 1763769600.0
HOUR = 3600.0


def attempt(hours_ago, outcome=attempt_log.REFUSED):
    return {"at": utc(NOW - hours_ago * HOUR), "run": "r", "outcome": outcome, "code": None, "ended": None}


def of(*attempts, **more):
    return {**attempt_log.fresh(ID), "attempts": list(attempts), **more}


def begun(base=None, now=NOW, run="one", until=None):
    return attempt_log.with_intent(
        base or attempt_log.fresh(ID), now, until or now + 120, run, "controller", 4711, "15550120001"
    )
