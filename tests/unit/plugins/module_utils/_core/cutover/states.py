# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A number that may be registered, and how its observed and desired state differ from that in the tests of the gate."""

from __future__ import annotations

import dataclasses

from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import container
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import (
    attempt_log,
    backup,
    gate,
)
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import location, node, times

NOW = 1763769600.0
ID = "106540352242922"
NUMBER = "15550120001"
PASSWORD = "tacocat-of-the-node"
PIN = "493817"
DATA = "V0FCSy9rZXlz"
GRAPH = {
    "id": ID,
    "display_phone_number": "+1 555-012-0001",
    "platform_type": "ON_PREMISE",
    "status": "CONNECTED",
    "code_verification_status": "VERIFIED",
}
LOST = container.lost(container.JOB, True, "/var/lib/wabiz")
BACKUP = backup.document(NUMBER, DATA, "v2.61.1", PASSWORD, NOW - 60, b"0123456789abcdef")

OBSERVED = gate.ObservedState(
    phone_number_id=ID,
    number=GRAPH,
    node={"wa_id": NUMBER, "serving": node.SERVING},
    node_trouble="",
    location=location.location(GRAPH, node.SERVING),
    belongs_to_waba=True,
    log=attempt_log.fresh(ID),
    backup=BACKUP,
    now=NOW,
)
DESIRED = gate.DesiredState(
    pin=PIN,
    pin_cleared=False,
    backup_password=PASSWORD,
    backup_max_age=3600.0,
    without_backup=False,
    needs_backup=True,
    allow_unverified=False,
    attempts_limit=10,
    attempts_reserve=2,
)


def observed(**changes):
    return dataclasses.replace(OBSERVED, **changes)


def desired(**changes):
    return dataclasses.replace(DESIRED, **changes)


def codes(seen=OBSERVED, desired=DESIRED):
    return [failure.code for failure in gate.failures(seen, desired)]


def graph(**changes):
    return {**GRAPH, **changes}


def used(attempts, outcome=attempt_log.REFUSED):
    row = {"at": times.utc(NOW - 3600), "outcome": outcome}
    return {**attempt_log.fresh(ID), "attempts": [dict(row) for _unused in range(attempts)]}


def wrong_pin(*after, at=NOW - 3600):
    """Return a record with a register request that was refused for a wrong PIN, and what came after it."""
    rows = [(attempt_log.REFUSED, 133005), *after]
    attempts = [
        {"at": times.utc(at + step), "outcome": outcome, "code": code} for step, (outcome, code) in enumerate(rows)
    ]
    return {**attempt_log.fresh(ID), "attempts": attempts}


def at(platform, word):
    return location.location({"platform_type": platform}, word)
