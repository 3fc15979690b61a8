# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleets made to order: generate(1000, wabas=10) for benchmarks, rehearsals and tests."""

from __future__ import annotations

from typing import Any

PASSWORD = "Simulated-Passw0rd"
TOKEN = "EAASimulatedSystemUserToken"
APP_ID = "700000000000001"


def address(at: int) -> str:
    """Return the loopback address of node number at; 127.0.0.x stays free for everything else."""
    if not 0 <= at < 250 * 254:
        raise ValueError(f"there is no loopback address for node {at}")
    return f"127.0.{at // 250 + 1}.{at % 250 + 1}"


def generate(count: int, wabas: int = 1, **switches: Any) -> dict[str, Any]:
    """Return the content of a fleet file with count on-premises numbers spread over the WABAs.

    Number i has the id 100000000000000+i and the PIN 100000+i; every seventh is an official business account,
    every fifth runs multiconnect with two shards.
    """
    if count < 1 or wabas < 1:
        raise ValueError("a fleet has at least one number and one WABA")
    return {
        "app": {"id": APP_ID, "name": "Simulated migration app", "token": TOKEN},
        "wabas": [{"id": str(200000000000000 + at), "name": f"Simulated business {at}"} for at in range(wabas)],
        "numbers": [_number(at, str(200000000000000 + at % wabas)) for at in range(count)],
        "switches": dict(switches),
    }


def _number(at: int, waba_id: str) -> dict[str, Any]:
    multiconnect = at % 5 == 4
    return {
        "phone_number_id": str(100000000000000 + at),
        "waba_id": waba_id,
        "display_phone_number": f"+1 555-{at // 10000:03d}-{at % 10000:04d}",
        "verified_name": f"Simulated business {at}",
        "location": "on_premise",
        "pin": f"{100000 + at:06d}",
        "oba": at % 7 == 6,
        "node": {
            "address": address(at),
            "password": PASSWORD,
            "multiconnect": multiconnect,
            "shards": 2 if multiconnect else 1,
            "profile": {"about": f"Open all day, desk {at}"},
            "webhooks": {"url": f"https://hooks.example.com/{at}"},
        },
    }
