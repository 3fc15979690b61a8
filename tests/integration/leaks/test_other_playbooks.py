# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret is shown or left by recover, retire and rollback, in their reports and tickets too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.support import ansible_run, leaks
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator

from . import planted

NEW_PIN = "581249"
CODE = "740518"
ID = [str(100000000000000 + at) for at in range(2)]
ACCEPT = {"wa_migrate_accept_loss": ["profile", "official_business_account"], "wa_migrate_retry_for": 0.2}
GONE = {"registered": False, "connected": False}
ROLLBACK = {"wa_rollback_cc": "1", "wa_rollback_cert": "Q2VydGlmaWNhdGU="}


def _recover(sim: Simulator) -> dict[str, dict[str, Any]]:
    """One number is registered, and the code of the other one is refused."""
    sim.patch(ID[0], location="none", node={"connected": False}, pin=NEW_PIN)
    sim.patch(ID[1], location="none", node={"connected": False}, code_verification_status="NOT_VERIFIED")
    applies = {**ACCEPT, "wa_recover_apply": True, "wa_recover_wait": 1}
    for waba in {sim.number(one)["waba_id"] for one in ID}:
        sim.admin("POST", f"/wabas/{waba}", {"subscribed_apps": [{"id": "700000000000001"}]})
    return {
        "ssh": {**applies, "wa_migrate_pin": NEW_PIN},
        "here": {**applies, "wa_migrate_code": CODE, "wa_migrate_lane": "code"},
    }


def _retire(sim: Simulator) -> dict[str, dict[str, Any]]:
    """One number is taken out of service, and the token of the other one is refused."""
    made = {}
    for name, one in zip(("ssh", "here"), ID, strict=True):
        sim.patch(one, location="cloud")
        made[name] = {"wa_retire_confirm": re.sub("[^0-9]", "", sim.number(one)["display_phone_number"])}
    made["here"]["wa_migrate_access_token"] = planted.BAD_TOKEN
    return made


def _rollback(sim: Simulator) -> dict[str, dict[str, Any]]:
    """The node of one number has a code sent, and the other one refuses."""
    sim.patch(ID[0], location="cloud", node=GONE, switches={"legacy_registration": True})
    sim.patch(ID[1], location="cloud", node=GONE)
    return {"ssh": ROLLBACK, "here": ROLLBACK}


STORIES = {"recover": _recover, "retire": _retire, "rollback": _rollback}
EFFECTS = {"recover": {"registered"}, "retire": {"deregistered"}, "rollback": {"node_code_sent"}}


@pytest.fixture(scope="module", params=STORIES)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    where = tmp_path_factory.mktemp(request.param)
    with planted.site(where, ("ssh", "here"), ["here"]) as (sim, hosts):
        own = STORIES[request.param](sim)
        book = ansible_run.ROOT / "playbooks" / f"{request.param}.yml"
        yield request.param, planted.run(where, sim, hosts, own, book=book)


def test_the_run_did_something_and_reported_a_failure(told: tuple[str, planted.Report]) -> None:
    """A run that fell over at once would leak nothing either."""
    name, report = told
    effects = {line["effect"] for line in report.ledger}
    assert effects >= EFFECTS[name], report.run.transcript[-6000:]
    (folder,) = (report.roots[0] / "reports").iterdir()
    made = json.loads((folder / "report.json").read_text())
    assert made["run"]["phase"] == name and [entry["host"] for entry in made["numbers"]] == ["ssh", "here"]
    assert [entry["group"] == "needs_you" for entry in made["numbers"]] == [False, True], made["states"]
    assert {"events.jsonl", "report.html", "report.csv", "report.xml", "summary.md"} <= {
        path.name for path in folder.iterdir()
    }
    assert "The report could not be sent to 127.0.0.1:9" in report.run.stdout + report.run.stderr


def test_no_secret_is_anywhere(told: tuple[str, planted.Report]) -> None:
    name, report = told
    if name == "recover":
        report.secrets.append(leaks.Secret("code", CODE, delimited=True))
    hits = report.hits()
    assert not hits, planted.listed(hits)
