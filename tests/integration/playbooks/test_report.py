# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a run: always written, marked in check mode, sent where it stays, and made again from the hosts."""

from __future__ import annotations

import csv
import http.server
import io
import json
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import MIGRATE, PREFLIGHT, World, number_id
from ansible_collections.wabiz.migration.tests.support import ansible_run
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.report import samples

REPORT = ansible_run.ROOT / "playbooks" / "report.yml"
FILES = {"report.html", "report.json", "report.csv", "report.xml", "summary.md"}
THREE = ("-l", "h00,h01,h02")


def folders(root: Path) -> list[Path]:
    """Return the folders of the runs below a folder of reports, the earliest first."""
    return sorted((path for path in root.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)


def document(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "report.json").read_text()))


def by_host(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["host"]: entry for entry in made["numbers"]}


def run(world: World, book: Path, *arguments: str, **variables: Any) -> Any:
    stated = {"wa_migrate_report_dir": str(world.where / "reports"), "wa_migrate_waves": [1, 2], **variables}
    return world.run(book, *arguments, variables=stated)


def test_a_run_leaves_a_report_of_every_number(world: World) -> None:
    done = run(world, MIGRATE, *THREE)
    assert done.exit_code == 0, done.transcript
    (folder,) = folders(world.where / "reports")
    assert {path.name for path in folder.iterdir() if path.is_file()} >= FILES
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in FILES} == {0o600}
    made = document(folder)
    assert made["run"]["phase"] == "migrate" and made["run"]["check_mode"] is False
    assert made["answers"]["counts"] == {"numbers": 3, "safe": 3, "moved": 3, "untouched": 0, "needs_you": 0}
    assert made["answers"]["go_on"]["answer"] == "yes"
    entries = by_host(made)
    assert {host: entry["wave"] for host, entry in entries.items()} == {"h00": 1, "h01": 2, "h02": 2}
    for at, entry in enumerate(entries.values()):
        assert entry["phone_number_id"] == number_id(at) and entry["state"] == "moved"
        assert entry["interruption"]["seconds"] is not None and entry["interruption"]["open"] is False
        assert any(one["what"].startswith("POST") and "/register" in one["what"] for one in entry["requests"])
        assert {"fact": "platform_type", "was": "ON_PREMISE", "now": "CLOUD_API"}.items() <= entry["changes"][0].items()
        assert entry["health"]["verdict"] == "AVAILABLE" and entry["attempts_left"] == 7
    line = f"Report: {folder}/report.html"
    assert done.stdout.count(line) >= 1
    stats = done.artifacts["wabiz_migration"]["report"]
    assert stats["page"] == f"{folder}/report.html" and stats["go_on"] == "yes" and stats["counts"]["moved"] == 3


def test_a_failure_and_a_blocker_are_in_the_report_with_what_to_do(world: World) -> None:
    world.sim.patch(number_id(1), code_verification_status="EXPIRED")
    inventory = world.inventory(h00={"wa_migrate_pin": "581249"})
    done = world.run(
        MIGRATE,
        *THREE,
        inventory=inventory,
        variables={
            "wa_migrate_report_dir": str(world.where / "reports"),
            "wa_migrate_on_blocker": "continue",
            "wa_migrate_waves": [1],
        },
    )
    assert done.exit_code != 0
    (folder,) = folders(world.where / "reports")
    made = document(folder)
    entries = by_host(made)
    assert {host: entry["state"] for host, entry in entries.items()} == {
        "h00": "failed",
        "h01": "blocked",
        "h02": "not started",
    }
    causes = {cause["key"]: cause for cause in made["causes"]}
    assert set(causes) == {"133005", "WM108"}
    assert causes["133005"]["safe_to_rerun"] is False and causes["133005"]["meaning"]
    assert causes["WM108"]["safe_to_rerun"] is True and causes["WM108"]["hosts"] == ["h01"]
    assert made["answers"]["go_on"]["answer"] == "no"
    # A wrong PIN may have disconnected the node: its interruption has no known end.
    assert entries["h00"]["interruption"]["open"] is True and entries["h02"]["interruption"] is None
    assert entries["h00"]["safe"] is False and entries["h01"]["safe"] is True
    assert entries["h01"]["next_command"].endswith(" -l h01") and "migrate.yml" in entries["h01"]["next_command"]
    rows = list(csv.DictReader(io.StringIO((folder / "report.csv").read_bytes().decode())))
    assert [row["state"] for row in rows] == [entry["state"] for entry in made["numbers"]]
    # What the page, the ticket and the table call an option is what the user of the role writes.
    texts = "".join(path.read_text() for path in folder.rglob("*") if path.is_file())
    assert "O(" not in texts and "wa_migrate_allow_unverified" in texts


def test_check_mode_writes_a_report_that_says_so(world: World) -> None:
    done = run(world, MIGRATE, *THREE, "--check")
    assert done.exit_code == 0, done.transcript
    (folder,) = folders(world.where / "reports")
    made = document(folder)
    assert made["run"]["check_mode"] is True and world.registers == []
    assert {entry["state"] for entry in made["numbers"]} == {"would move"}
    assert "DRY RUN" in (folder / "report.html").read_text() and "DRY RUN" in (folder / "summary.md").read_text()


def test_a_folder_that_cannot_be_written_is_a_warning(world: World) -> None:
    (world.where / "file").write_text("")
    done = run(world, MIGRATE, *THREE, wa_migrate_report_dir=str(world.where / "file" / "below"))
    assert done.exit_code == 0, done.transcript
    assert world.moved == {number_id(at) for at in range(3)}
    assert "The report could not be written" in done.stdout + done.stderr


def test_the_playbook_joins_runs_and_what_the_hosts_say(world: World) -> None:
    """Two slices, a number that no run has a report of any more, and a second report over the first one."""
    assert run(world, MIGRATE, "-l", "h00").exit_code == 0
    assert run(world, MIGRATE, "-l", "h00,h01").exit_code == 0
    gone = {"wa_migrate_report_dir": str(world.where / "gone")}
    assert run(world, MIGRATE, "-l", "h02", **gone).exit_code == 0
    world.mark()
    for _again in range(2):
        done = run(world, REPORT, *THREE)
        assert done.exit_code == 0, done.transcript
        assert world.requests == [] and done.recap["h00"]["changed"] == 0
        made = document(folders(world.where / "reports")[-1])
        assert made["run"]["phase"] == "report" and len(made["run"]["ids"]) == 2
        assert [entry["host"] for entry in made["numbers"]].count("h00") == 1
        assert {host: entry["state"] for host, entry in by_host(made).items()} == dict.fromkeys(
            ("h00", "h01", "h02"), "moved"
        )
        assert all(len(entry["attempts"]) == 1 for entry in made["numbers"])
        assert made["answers"]["counts"]["moved"] == 3
    assert "May I go on? yes" in done.stdout


def test_a_killed_run_gets_its_report_from_its_events(world: World) -> None:
    root = world.where / "reports" / "ansible-local-1killed"
    root.mkdir(parents=True, mode=0o700)
    numbers = [samples.Number(index, 8) for index in (1, 2)]
    told = [one for number in numbers for one in number.events()]
    told = [{**one, "run": root.name} for one in told if one["event"] not in ("number_ended", "confirmed")]
    (root / "events.jsonl").write_bytes(b"".join(map(event.line, told)) + b'{"schema": "wabiz.ev')
    assert run(world, PREFLIGHT, "-l", "h00").exit_code == 0
    made = document(root)
    assert {entry["state"] for entry in made["numbers"]} == {"unknown"}
    assert made["run"]["ended_at"] is None and made["run"]["damaged_events"] == 1
    assert made["answers"]["go_on"]["answer"] == "again"


# --- where it is sent


class Store(http.server.BaseHTTPRequestHandler):
    """Keep what is PUT, for who has the right header."""

    kept: dict[str, tuple[str, bytes]] = {}
    status = 201

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        allowed = self.headers["Authorization"] == "Bearer report-secret"
        if allowed:
            self.kept[self.path] = (self.headers["Content-Type"], body)
        self.send_response(self.status if allowed else 403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        pass


@contextmanager
def store() -> Iterator[tuple[str, dict[str, tuple[str, bytes]]]]:
    handler = type("Kept", (Store,), {"kept": {}})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", handler.kept
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("slash", ["/", ""])
def test_a_copy_is_put_to_an_address(world: World, slash: str) -> None:
    header = {"wa_migrate_report_to_header": "Authorization: Bearer report-secret"}
    with store() as (address, kept):
        done = run(world, PREFLIGHT, "-l", "h00", wa_migrate_report_to=f"{address}/wabiz{slash}", **header)
    assert done.exit_code == 0, done.transcript
    (folder,) = folders(world.where / "reports")
    if slash:
        assert {f"/wabiz/{folder.name}/{name}" for name in FILES} == set(kept)
        kind, body = kept[f"/wabiz/{folder.name}/report.json"]
        assert kind == "application/json" and body == (folder / "report.json").read_bytes()
    else:
        assert {path: body for path, (_kind, body) in kept.items()} == {"/wabiz": (folder / "report.html").read_bytes()}
    assert "report-secret" not in done.output


def test_a_copy_that_is_refused_is_a_warning_without_the_address(world: World) -> None:
    with store() as (address, kept):
        done = run(world, PREFLIGHT, "-l", "h00", wa_migrate_report_to=f"{address}/signed?signature=abc123secret")
    assert done.exit_code == 0 and kept == {}
    assert "HTTP status 403" in done.stdout + done.stderr
    assert "abc123secret" not in done.output


def test_a_copy_goes_to_a_folder(world: World) -> None:
    target = world.where / "share"
    assert run(world, PREFLIGHT, "-l", "h00", wa_migrate_report_to=str(target)).exit_code == 0
    (copy,), (folder,) = folders(target), folders(world.where / "reports")
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir() if path.name != "events.jsonl"
    }


def test_an_altered_attempt_log_is_named_by_the_report_of_all_runs(world: World) -> None:
    """By its own chain, and where somebody has made that anew, by the digests of the report of the run."""
    moved = run(world, MIGRATE, "-l", "h00")
    assert moved.exit_code == 0, moved.transcript
    path = world.state / number_id(0) / "attempt_log.json"
    sound = path.read_text()
    told = run(world, REPORT, "-l", "h00")
    assert told.exit_code == 0 and "Attempt log of" not in told.stdout, told.transcript

    log = json.loads(sound)
    log["attempts"][0]["outcome"] = "not sent"
    path.write_text(json.dumps(log))
    altered = run(world, REPORT, "-l", "h00")
    assert "Attempt log of +1 555-000-0000 (h00): attempts.1 is not what the entries say" in altered.stdout

    path.write_text(json.dumps({**json.loads(sound), "attempts": [], "entries": []}))
    emptied = run(world, REPORT, "-l", "h00")
    assert "(h00): entry 1 is missing: a report knows 2" in emptied.stdout, emptied.transcript
