# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret is shown or left by the oldest and the newest ansible-core either: each prints other things."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.wabiz.migration.tests.support import ansible_run

from . import planted

OWN = {
    "ssh": {},
    "ssh_wrong_password": {"wa_migrate_onprem_password": planted.BAD_PASSWORD},
    "here_wrong_pin": {"wa_migrate_pin": "581249"},
    "here_bad_token": {"wa_migrate_access_token": planted.BAD_TOKEN},
}


@pytest.mark.parametrize("core", ["core-2.18", "core-2.21"])
def test_no_secret_is_anywhere(tmp_path: Path, core: str) -> None:
    python = ansible_run.ROOT / "build" / "venvs" / core / "bin" / "python"
    if not python.exists():
        pytest.skip(f"NOT SEARCHED for leaks: {core} (build/venvs/{core} is not there; make test makes it)")
    with planted.site(tmp_path, OWN, ["here_wrong_pin", "here_bad_token"]) as (sim, hosts):
        reported = planted.run(tmp_path, sim, hosts, OWN, python=python)
    done = [line["phone_number_id"] for line in reported.ledger if line["effect"] == "registered" and line["accepted"]]
    assert done == ["100000000000000"], reported.run.transcript[-5000:]
    assert "133005" in reported.run.stdout
    hits = reported.hits()
    assert not hits, planted.listed(hits)
