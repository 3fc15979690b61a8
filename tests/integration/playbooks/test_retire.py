# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook retire: export, notices, deregistration and subscription, with their findings and stops.

Its findings are export_incomplete, template_not_usable, notice_not_confirmed, quality_low and number_not_confirmed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import stat
import tarfile
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks import kills
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import World, fleet_of, number_id, when
from ansible_collections.wabiz.migration.tests.support import ansible_run
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run
from wabiz_simulator import fleet

RETIRE = ansible_run.ROOT / "playbooks" / "retire.yml"
ONE = number_id(0)
FLEET = fleet_of(3)
for _waba in FLEET["wabas"]:
    _waba["subscribed_apps"] = [{"id": fleet.APP_ID}]
    _waba["templates"] = [{"name": "service_ends", "components": [{"type": "BODY", "text": "We end on 31 January."}]}]
SPEED = {"wa_migrate_retry_for": 0.2, "wa_migrate_confirm_timeout": 3, "wa_retire_notice_per_minute": 4800}


@pytest.fixture
def moved(world: World) -> World:
    """Put all numbers on the Cloud API."""
    for at in range(world.count):
        world.sim.patch(number_id(at), location="cloud")
    return world


def retire(world: World, *arguments: str, host: str = "h00", **variables: Any) -> Run:
    return world.run(RETIRE, "-l", host, *arguments, variables={**SPEED, **variables})


def digits(world: World, at: int = 0) -> str:
    return re.sub("[^0-9]", "", world.sim.number(number_id(at))["display_phone_number"])


def effects(world: World) -> list[str]:
    return [line["effect"] for line in world.changes]


def failure(run: Run) -> dict[str, Any]:
    (event,) = [event for event in run.events if event["event"] == "failed"]
    return dict(event["result"]["failure"])


def listed(world: World, count: int = 5, name: str = "recipients.txt") -> dict[str, Any]:
    path = world.where / name
    path.write_text("".join(f"+49 1555 {100 + at:07d}\n" for at in range(count)))
    path.chmod(0o600)
    return {"wa_retire_notice_template": "service_ends", "wa_retire_notice_recipients": str(path)}


def confirmation(run: Run) -> str:
    (event,) = run.results(action="wabiz.migration.wa_notice")
    return str(event["result"]["confirm"])


def messages(world: World) -> dict[str, int]:
    """Return how many messages each recipient was sent, by the ledger."""
    found: dict[str, int] = {}
    for line in world.requests:
        if line["effect"] == "message_sent":
            found[line["to_sha256"]] = found.get(line["to_sha256"], 0) + 1
    return found


def archive(world: World) -> dict[str, bytes]:
    path = world.state / ONE / "export.tar.gz"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with tarfile.open(path) as packed:
        found = {}
        for entry in packed:
            assert (entry.mtime, entry.uid, entry.mode) == (0, 0, 0o600)
            content = packed.extractfile(entry)
            assert content is not None
            found[entry.name.rpartition("/")[2]] = content.read()
    return found


def test_a_run_without_a_word_only_exports(moved: World) -> None:
    run = retire(moved, "--check")
    assert run.exit_code == 0 and not moved.state.exists(), run.transcript
    run = retire(moved, "-vvv")
    assert run.exit_code == 0, run.transcript
    assert f"wa_retire_confirm={digits(moved)}" in run.stdout
    assert moved.changes == []
    files = archive(moved)
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["phone_number_id"] == ONE
    assert {name: one["sha256"] for name, one in manifest["files"].items()} == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items()
    }
    assert set(files) == {
        f"{part}.json" for part in ("number", "profile", "settings", "waba", "templates", "subscriptions")
    }
    assert set(manifest["missing"]) == {"media", "photo", "snapshot"} and all(manifest["missing"].values())
    path = moved.state / ONE / "export.tar.gz"
    before = path.stat()
    again = retire(moved)
    assert again.recap["h00"]["changed"] == 0, again.transcript
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_what_an_earlier_run_has_kept_is_exported_too(world: World) -> None:
    task = {"name": "snapshot", "wabiz.migration.wa_snapshot": {"vars_prefix": "wa_migrate_"}}
    book = ansible_run.as_yaml(world.where / "s.yml", [{"hosts": "h00", "gather_facts": False, "tasks": [task]}])
    assert world.run(book).exit_code == 0
    world.sim.patch(ONE, location="cloud")
    assert retire(world).exit_code == 0
    assert json.loads(archive(world)["snapshot.json"])["phone_number_id"] == ONE


def test_a_part_that_cannot_be_read_any_more_stays_and_a_required_one_stops(moved: World) -> None:
    moved.sim.fault("graph_error", {"path": "/whatsapp_business_profile$", "method": "GET"}, code=10)
    run = retire(moved, wa_retire_confirm=digits(moved))
    assert run.exit_code == 2, run.transcript
    found = failure(run)
    assert found["code"] == "export_incomplete" and "profile" in found["details"]
    assert moved.changes == [] and "profile.json" not in archive(moved)
    moved.sim.clear_faults()
    assert retire(moved).exit_code == 0
    whole = archive(moved)
    moved.sim.fault("graph_error", {"path": "/whatsapp_business_profile$", "method": "GET"}, code=10)
    run = retire(moved)
    assert run.exit_code == 0 and run.recap["h00"]["changed"] == 0, run.transcript
    assert archive(moved) == whole


def test_a_damaged_export_is_not_written_over(moved: World) -> None:
    assert retire(moved).exit_code == 0
    path = moved.state / ONE / "export.tar.gz"
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    run = retire(moved, wa_retire_confirm=digits(moved))
    assert failure(run)["code"] == "host_files" and "move it away" in failure(run)["next_step"], run.transcript
    assert path.read_bytes() == data[: len(data) // 2] and moved.changes == []


def test_the_whole_way(moved: World) -> None:
    dry = retire(moved, **listed(moved))
    assert dry.exit_code == 0 and "Sent so far: 0. Next: send the notice" in dry.stdout, dry.transcript
    assert moved.changes == []
    inputs = {**listed(moved), "wa_retire_notice_confirm": confirmation(dry), "wa_retire_confirm": digits(moved)}
    predicted = retire(moved, "--check", **inputs)
    assert predicted.exit_code == 0 and moved.changes == [], predicted.transcript
    run = retire(moved, "-vvvv", **inputs)
    assert run.exit_code == 0, run.transcript
    assert effects(moved) == ["message_sent"] * 5 + ["deregistered"]
    assert sorted(messages(moved).values()) == [1] * 5
    assert "The app stays subscribed" in run.stdout and "1 other number" in run.stdout
    log = moved.state / ONE / "notice_log.jsonl"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    for at in range(5):
        number = f"491555{100 + at:07d}"
        assert number not in log.read_text() and number not in run.output, "no recipient is shown or kept in full"
    assert json.loads((moved.state / ONE / "exit_log.json").read_text())["events"][-1]["outcome"] == "done"
    whole = archive(moved)
    again = retire(moved, **inputs)
    assert again.exit_code == 0 and again.recap["h00"]["changed"] == 0, again.transcript
    assert len(effects(moved)) == 6 and archive(moved) == whole
    assert b"CLOUD_API" in whole["number.json"], "the export is the one of before"


def test_the_last_number_of_a_waba_ends_its_subscription(moved: World) -> None:
    waba_id = moved.content["numbers"][0]["waba_id"]
    others = [at for at, one in enumerate(moved.content["numbers"]) if one["waba_id"] == waba_id and at]
    for at in others:
        moved.sim.patch(number_id(at), location="none")
    run = retire(moved, wa_retire_confirm=digits(moved))
    assert run.exit_code == 0 and "no other number of it needs that" in run.stdout, run.transcript
    assert effects(moved) == ["deregistered", "unsubscribed"]


def test_another_number_is_not_taken_down(moved: World) -> None:
    run = retire(moved, wa_retire_confirm="4915550000000", **listed(moved))
    assert failure(run)["code"] == "number_not_confirmed", run.transcript
    assert moved.changes == [] and not (moved.state / ONE / "export.tar.gz").exists()


def test_nothing_is_sent_without_the_confirmation_of_this_very_notice(moved: World) -> None:
    word = confirmation(retire(moved, **listed(moved)))
    run = retire(moved, **listed(moved, 6), wa_retire_notice_confirm=word)
    found = failure(run)
    assert found["code"] == "notice_not_confirmed" and "wa_retire_notice_confirm is" in found["details"], run.transcript
    run = retire(moved, **{**listed(moved), "wa_retire_notice_template": "nothing"}, wa_retire_notice_confirm=word)
    assert failure(run)["code"] == "template_not_usable", run.transcript
    assert moved.changes == []


def test_every_fault_of_a_list_is_told_before_any_request(moved: World) -> None:
    inputs = listed(moved)
    path = Path(inputs["wa_retire_notice_recipients"])
    path.write_text("+49 1555 0000100\nnobody\n4915550000100\n12\n+49 15")
    run = retire(moved, **inputs)
    (event,) = [event for event in run.events if event["event"] == "failed"]
    (text,) = event["result"]["errors"]
    assert text.startswith("wa_retire_notice_recipients: ")
    for piece in ("line 2: not", "line 3: the same number as in line 1", "line 4: a phone", "half written"):
        assert piece in text, text
    assert moved.changes == []


def test_a_drop_of_the_quality_stops_the_notices(moved: World) -> None:
    inputs = listed(moved, 45)
    word = confirmation(retire(moved, **inputs))
    inputs.update(wa_retire_notice_confirm=word, wa_retire_confirm=digits(moved), wa_retire_notice_per_minute=1200)
    with when(lambda: len(messages(moved)) >= 3, lambda: moved.sim.patch(ONE, quality_rating="YELLOW")):
        run = retire(moved, **inputs)
    assert failure(run)["code"] == "quality_low", run.transcript
    assert len(messages(moved)) == 20 and "deregistered" not in effects(moved)
    run = retire(moved, **inputs)
    assert failure(run)["code"] == "quality_low" and len(messages(moved)) == 20, run.transcript
    run = retire(moved, **{**inputs, "wa_retire_notice_min_quality": "YELLOW", "wa_retire_notice_per_minute": 4800})
    assert run.exit_code == 0, run.transcript
    assert sorted(messages(moved).values()) == [1] * 45 and effects(moved)[-1] == "deregistered"


@pytest.mark.parametrize("code", [131048, 131056])
def test_a_limit_of_meta_stops_the_notices(moved: World, code: int) -> None:
    inputs = listed(moved)
    inputs.update(wa_retire_notice_confirm=confirmation(retire(moved, **inputs)), wa_retire_confirm=digits(moved))
    moved.sim.fault("graph_error", {"path": "/messages$", "method": "POST", "nth": 3}, code=code)
    run = retire(moved, **inputs)
    assert failure(run)["code"] == code, run.transcript
    assert effects(moved) == ["message_sent", "message_sent", "none"]
    run = retire(moved, **inputs)
    assert run.exit_code == 0 and sorted(messages(moved).values()) == [1] * 5, run.transcript


def test_a_few_first(moved: World) -> None:
    inputs = listed(moved)
    inputs.update(wa_retire_notice_confirm=confirmation(retire(moved, **inputs)), wa_retire_confirm=digits(moved))
    run = retire(moved, **inputs, wa_retire_notice_at_most=2)
    assert run.exit_code == 0 and "3 of 5 recipients are still to be sent the notice" in run.stdout, run.transcript
    assert effects(moved) == ["message_sent"] * 2, "the number stays until all have the notice"
    assert retire(moved, **inputs).exit_code == 0
    assert sorted(messages(moved).values()) == [1] * 5 and effects(moved)[-1] == "deregistered"


@pytest.mark.parametrize("acted", [False, True], ids=["before", "after"])
def test_a_killed_run_is_continued(moved: World, acted: bool) -> None:
    inputs = listed(moved)
    inputs.update(wa_retire_notice_confirm=confirmation(retire(moved, **inputs)))
    variables = {**SPEED, **inputs}
    kills.killed_at(moved, "POST", "/messages$", acted, RETIRE, "-l", "h00", variables=variables)
    run = retire(moved, **inputs)
    assert run.exit_code == 0 and "unknown outcome" in run.output, run.transcript
    counts = sorted(messages(moved).values())
    assert counts == [1] * (5 if acted else 4), "the one of the kill is never sent again"


def test_a_worker_whose_run_was_killed_sends_no_further_notice(moved: World) -> None:
    """A kill of ansible-playbook leaves its worker running, which nobody expects to go on with thousands of notices."""
    inputs = listed(moved, 60)
    inputs.update(wa_retire_notice_confirm=confirmation(retire(moved, **inputs)), wa_retire_notice_per_minute=300)

    def kill_the_run_only() -> None:
        found = kills.processes(moved)
        parents = {pid: int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]) for pid in found}
        (first,) = [pid for pid in found if parents[pid] not in found]
        os.kill(first, signal.SIGKILL)

    with when(lambda: len(messages(moved)) >= 3, kill_the_run_only):
        run = retire(moved, **inputs)
    assert run.exit_code == -signal.SIGKILL, run.transcript
    until = time.monotonic() + 10
    while kills.processes(moved) and time.monotonic() < until:
        time.sleep(0.1)
    assert kills.processes(moved) == [], "the worker has ended by itself"
    assert 3 <= len(messages(moved)) < 10
    run = retire(moved, **{**inputs, "wa_retire_notice_per_minute": 4800})
    assert run.exit_code == 0 and sorted(messages(moved).values()) == [1] * 60, run.transcript
