# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reports of the playbooks recover, retire and rollback: events, every file, tickets and what AWX gets."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event
from ansible_collections.wabiz.migration.tests.integration.playbooks import recover_world
from ansible_collections.wabiz.migration.tests.integration.playbooks.recover_world import log_of, lost, recover
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import World, number_id
from ansible_collections.wabiz.migration.tests.support import ansible_run
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run

FLEET = recover_world.FLEET
FILES = {"report.html", "report.json", "report.csv", "report.xml", "summary.md", "events.jsonl"}
SCHEMA = json.loads((ansible_run.ROOT / "docs" / "schemas" / "report.schema.json").read_text())
ROLLBACK = ansible_run.ROOT / "playbooks" / "rollback.yml"
RETIRE = ansible_run.ROOT / "playbooks" / "retire.yml"
PROGRESS = {"ANSIBLE_STDOUT_CALLBACK": "wabiz.migration.progress"}
RESTORED = {"wa_rollback_cc": "1", "wa_rollback_cert": "Q2VydGlmaWNhdGUtb2YtdGhlLXRlc3Q="}


def folder(world: World) -> Path:
    """Return the folder of the latest run, which has every file of a report."""
    found = max((world.where / "reports").iterdir(), key=lambda path: path.stat().st_mtime)
    assert {path.name for path in found.iterdir()} >= FILES
    return found


def reported(world: World) -> dict[str, Any]:
    """Return the report of the latest run, which fits its schema, and whose files agree with it."""
    where = folder(world)
    made: dict[str, Any] = json.loads((where / "report.json").read_text())
    jsonschema.validate(made, SCHEMA)
    texts = "".join(path.read_text() for path in where.rglob("*") if path.is_file())
    assert "O(" not in texts, "every option has the name that its user knows"
    rows = list(csv.DictReader(io.StringIO((where / "report.csv").read_bytes().decode())))
    assert [row["next_step"] for row in rows] == [entry["next_step"] for entry in made["numbers"]]
    assert [row["done"] for row in rows] == [entry["action"].get("done", "") for entry in made["numbers"]]
    suite = ElementTree.parse(where / "report.xml").getroot()
    needing = sum(1 for entry in made["numbers"] if entry["group"] == "needs_you")
    assert int(suite.attrib["failures"]) + int(suite.attrib["errors"]) == needing
    return made


def entries(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["host"]: entry for entry in made["numbers"]}


def ended(world: World) -> dict[str, str]:
    events = event.Reader().feed((folder(world) / "events.jsonl").read_bytes())
    assert events[-1]["event"] != "run_started"
    return {one["host"]: one["outcome"] for one in events if one["event"] == "number_ended"}


def in_reports(world: World) -> dict[str, Any]:
    return {"wa_migrate_report_dir": str(world.where / "reports"), "wa_migrate_retry_for": 0.2}


def artifact(run: Run) -> dict[str, Any]:
    return dict(run.artifacts["wabiz_migration"])


def test_recover_reports_what_it_proposes_and_what_it_has_done(world: World) -> None:
    lost(world, 0)
    lost(world, 1, code_verification_status="NOT_VERIFIED")
    world.sim.patch(number_id(2), location="cloud", status="BANNED")
    lost(world, 3)
    log_of(world, {"code": 190001, "ago": 900.0}, {"code": 190001}, at=3)
    to = {"wa_migrate_report_to": str(world.where / "copies")}
    run = recover(world, apply=False, limit="h00,h01,h02,h03,h04", **in_reports(world), **to)
    assert run.exit_code == 2 and world.changes == [], run.transcript
    made = reported(world)
    assert made["run"]["phase"] == "recover" and made["title"] == "Recovery"
    found = entries(made)
    assert {host: one["state"] for host, one in found.items()} == {
        "h00": "neither API",
        "h01": "not verified",
        "h02": "not connected",
        "h03": "refused",
        "h04": "on its node",
    }
    assert {host for host, one in found.items() if one["group"] == "needs_you"} == {"h02", "h03"}
    assert found["h00"]["next_step"].startswith("register it without a backup") and found["h00"]["attempts_left"] == 8
    assert found["h00"]["next_command"].endswith(" -l h00 -e wa_recover_apply=true")
    assert found["h01"]["next_step"] == "ask for a code by wa_migrate_code_method"
    assert found["h04"]["next_command"] == "" and found["h04"]["safe"]
    assert [one["code"] for one in found["h03"]["attempts"]] == [190001, 190001]
    assert made["answers"]["go_on"]["answer"] == "after a fix"
    steps = [one["text"] for one in made["answers"]["next_steps"]]
    assert any(text.startswith("Register it without a backup") for text in steps), steps
    # An unknown code and a lasting state of the account are Meta's to explain.
    assert {ticket["hosts"][0] for ticket in made["tickets"]} == {"h02", "h03"}
    texts = [path.read_text() for path in (folder(world) / "tickets").iterdir()]
    assert any("190001" in text and "Tried: " in text for text in texts), texts
    stats = artifact(run)
    assert stats["phase"] == "recover" and stats["attention"] == {"refused": ["h03"], "not connected": ["h02"]}
    assert stats["states"]["not verified"] == 1 and stats["report"]["tickets"] == 2
    assert {path.name for path in (world.where / "copies" / folder(world).name).iterdir()} >= FILES - {"events.jsonl"}
    assert ended(world) == {"h00": "ok", "h01": "ok", "h02": "failed", "h03": "failed", "h04": "ok"}

    run = recover(world, limit="h00,h01", **in_reports(world))
    assert run.exit_code == 0, run.transcript
    made = reported(world)
    found = entries(made)
    assert found["h00"]["action"]["done"].startswith("register it") and found["h00"]["group"] == "moved"
    assert found["h00"]["state"] == "not compared" and found["h00"]["interruption"]["open"] is False
    assert [one["outcome"] for one in found["h00"]["attempts"]] == ["registered"]
    assert found["h01"]["state"] == "waiting for code" and found["h01"]["action"]["done"].startswith("ask for a code")
    assert made["answers"]["counts"]["moved"] == 1 and made["answers"]["go_on"]["answer"] == "again"
    assert ended(world) == {"h00": "moved", "h01": "waiting_for_code"}
    assert artifact(run)["attention"] == {"waiting for code": ["h01"]}


def test_check_mode_of_recover_is_a_dry_run(world: World) -> None:
    lost(world)
    run = recover(world, "--check", **in_reports(world))
    assert run.exit_code == 0 and world.changes == [], run.transcript
    made = reported(world)
    assert made["run"]["check_mode"] and "DRY RUN" in (folder(world) / "summary.md").read_text()
    assert entries(made)["h00"]["action"]["done"] == ""


def test_retire_reports_each_way_to_stop_and_the_end(world: World) -> None:
    for at in range(3):
        world.sim.patch(number_id(at), location="cloud")
    run = world.run(RETIRE, "-l", "h00,h01", variables=in_reports(world))
    assert run.exit_code == 0 and world.changes == [], run.transcript
    made = reported(world)
    assert made["run"]["phase"] == "retire"
    found = entries(made)
    assert {one["state"] for one in found.values()} == {"exported"}
    digits = re.sub("[^0-9]", "", found["h00"]["number"])
    assert found["h00"]["next_command"].endswith(f" -l h00 -e wa_retire_confirm={digits}")
    assert made["answers"]["go_on"]["answer"] == "again" and artifact(run)["states"] == {"exported": 2}

    run = world.run(RETIRE, "-l", "h00", "--check", variables={**in_reports(world), "wa_retire_confirm": digits})
    assert run.exit_code == 0 and world.changes == [], run.transcript
    assert entries(reported(world))["h00"]["state"] == "would be retired"

    confirmed = {**in_reports(world), "wa_retire_confirm": digits}
    run = world.run(RETIRE, "-l", "h00", variables=confirmed, environment=PROGRESS)
    assert run.exit_code == 0, run.transcript
    assert re.search(r"^Out of service: 1 retired in ", run.stdout, re.MULTILINE), run.stdout
    made = reported(world)
    one = entries(made)["h00"]
    assert (one["state"], one["group"], one["location"], one["safe"]) == ("retired", "moved", "NEITHER", True)
    assert one["action"]["done"] == "deregistered" and one["next_command"] == ""
    assert made["answers"]["go_on"] == {"answer": "yes", "why": "Nothing is left to do"}
    assert ended(world) == {"h00": "moved"}

    # One number after the other: the first failure ends the run, and the report has the numbers that it kept out.
    other = {"wa_retire_confirm": "4915550000000"}
    run = world.run(RETIRE, "-l", "h01,h02", variables={**in_reports(world), **other})
    assert run.exit_code == 2 and len(world.changes) == 1, run.transcript
    made = reported(world)
    found = entries(made)
    assert (found["h01"]["state"], found["h02"]["state"]) == ("failed", "not started")
    assert found["h01"]["causes"] == ["WM264"] and artifact(run)["attention"] == {"failed": ["h01"]}
    assert ended(world) == {"h01": "failed"}


def test_rollback_reports_a_closed_node_and_the_whole_way(world: World) -> None:
    gone = {"registered": False, "connected": False}
    world.sim.patch(number_id(0), location="cloud", node=gone)
    world.sim.patch(number_id(1), location="cloud", node=gone, switches={"legacy_registration": True})
    stated = {**RESTORED, **in_reports(world), "wa_migrate_confirm_timeout": 3}
    run = world.run(ROLLBACK, "-l", "h00", variables=stated)
    assert run.exit_code == 2, run.transcript
    made = reported(world)
    one = entries(made)["h00"]
    assert made["run"]["phase"] == "rollback" and (one["state"], one["location"]) == ("failed", "CLOUD")
    assert one["causes"] == ["WM230"] and one["safe"] and "biz_link_on_prem_reg_blocked" in json.dumps(made)

    run = world.run(ROLLBACK, "-l", "h01", variables=stated)
    assert run.exit_code == 0, run.transcript
    one = entries(reported(world))["h01"]
    assert one["state"] == "waiting for code" and one["next_command"].endswith(" -l h01 -e wa_rollback_code=CODE")
    assert artifact(run)["attention"] == {"waiting for code": ["h01"]}

    code = str(world.sim.number(number_id(1))["node_code"])
    run = world.run(ROLLBACK, "-l", "h01", variables={**stated, "wa_rollback_code": code})
    assert run.exit_code == 0, run.transcript
    made = reported(world)
    one = entries(made)["h01"]
    assert (one["state"], one["location"], one["group"]) == ("back on its node", "ON_PREMISES", "moved")
    assert "registered" in one["action"]["done"] and artifact(run)["states"] == {"back on its node": 1}
    assert code not in (folder(world) / "report.json").read_text()


def test_without_a_folder_there_is_a_table_and_no_report(world: World) -> None:
    lost(world)
    run = recover(world, apply=False, wa_migrate_report_dir="")
    assert run.exit_code == 0 and "Report: " not in run.output, run.transcript
    assert "report" not in artifact(run) and artifact(run)["states"] == {"neither API": 1}
