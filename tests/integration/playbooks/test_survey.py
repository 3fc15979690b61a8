# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that were typed into a survey: they arrive as text, which AWX writes as unsafe scalars."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    PREFLIGHT,
    World,
    input_errors,
    lines,
    number_id,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support import ansible_run


def answers(world: World, **stated: Any) -> Path:
    """Write extra variables as AWX does; what is not text becomes its JSON text."""
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in stated.items()}
    path = world.where / "extravars"
    path.write_text("".join("wa_migrate_%s: !unsafe '%s'\n" % pair for pair in texts.items()))
    return path


def days(ahead: int) -> str:
    return (datetime.now(UTC) + timedelta(days=ahead)).date().isoformat()


@pytest.mark.parametrize("core", ["", "2.18", "2.21"])
def test_every_list_may_be_its_json_text(world: World, core: str) -> None:
    python = ansible_run.ROOT / "build" / "venvs" / f"core-{core}" / "bin" / "python" if core else None
    if python is not None and not python.exists():
        pytest.skip(f"ansible-core {core} was NOT tested: {python} is not there (make test makes it)")
    world.sim.patch(number_id(0), node={"queues": {"pending_messages": 7}})
    world.sim.patch(number_id(1), code_verification_status="EXPIRED")
    stated = answers(
        world,
        window=[{"hours": "00:00-24:00", "timezone": "Europe/Paris"}],
        waivers=[{"id": "WM108", "who": "ada", "why": "known", "until": days(3)}],
        waves=[1, "100%"],
        quiet_queues=["pending_messages"],
        quiet_counters=["in_message_from_server"],
        quiet_queue="5",
        purpose="desk",
        purpose_rules=[{"purpose": "desk", "meaning": "Orders at the desk"}],
    )
    run = world.run(PREFLIGHT, "-l", "h00,h01,h02", "-e", f"@{stated}", python=python)
    assert run.exit_code == 0, run.transcript
    assert set(states(tables(run)[-1]).values()) == {"ready"}
    assert "pending_messages is 7 (limit 5)" in lines(run)["h00"] and "WM173" not in lines(run)["h00"]
    assert "waived" in lines(run)["h01"]
    assert "Ready to move: 3, in waves: 2 (1, 2)" in run.stdout
    moved = world.run(MIGRATE, "-l", "h00,h02", "-e", f"@{stated}", python=python)
    assert moved.exit_code == 0, moved.transcript
    assert len(tables(moved)) == 2, "one of the preflight, and one of the moves"


def test_the_faults_of_a_list_that_is_text_are_reported_at_once(world: World) -> None:
    stated = answers(
        world,
        window=[{"hours": "22-04", "timezone": "Europe/Nowhere"}],
        waivers=[{"id": "WM999", "who": "ada"}],
        waves="[1, 10%]",
        purpose_rules="[{",
    )
    run = world.run(MIGRATE, "-l", "h00", "-e", f"@{stated}")
    assert run.exit_code not in (0, 250), run.transcript
    assert world.requests == []
    reported = (
        "window 1: hours",
        "Europe/Nowhere",
        "there is no finding with this id",
        "begins like JSON",
        "a list of rules",
    )
    for piece in reported:
        assert piece in "\n".join(input_errors(run)["h00"]), (piece, run.transcript)
