# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret is shown or left anywhere, over SSH and locally, where all goes well and where it does not."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Iterator

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event

from . import planted

WRONG_PIN = "581249"
OWN = {
    "ssh": {"wa_migrate_clear_two_step": True},
    "ssh_via_host": {"wa_migrate_graph_via": "host"},
    "ssh_wrong_pin": {"wa_migrate_pin": WRONG_PIN},
    "ssh_wrong_password": {"wa_migrate_onprem_password": planted.BAD_PASSWORD},
    "here": {},
    "here_wrong_pin": {"wa_migrate_pin": WRONG_PIN},
    "here_bad_token": {"wa_migrate_access_token": planted.BAD_TOKEN},
}
MOVED = ("ssh", "ssh_via_host", "here")


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[planted.Report]:
    where = tmp_path_factory.mktemp("leaks")
    with planted.site(where, OWN, [name for name in OWN if name.startswith("here")]) as (sim, hosts):
        yield planted.run(where, sim, hosts, OWN)


def test_run_went_through_every_phase(reported: planted.Report) -> None:
    """A run that fell over at once would leak nothing either."""
    accepted = {
        line["phone_number_id"] for line in reported.ledger if line["effect"] == "registered" and line["accepted"]
    }
    names = list(OWN)
    assert accepted == {str(100000000000000 + names.index(name)) for name in MOVED}, reported.run.transcript[-6000:]
    codes = {
        event["host"]: event["result"].get("failure", {}).get("code") for event in reported.run.results(event="failed")
    }
    assert set(codes) == set(OWN) - set(MOVED)
    assert 133005 in codes.values() or "133005" in reported.run.stdout
    assert {path.name for path in reported.backups} == {"backup.json"} and len(reported.backups) == 5
    assert "WM160" in reported.run.stdout  # the webhook endpoint was tried


def test_run_was_as_talkative_as_it_gets(reported: planted.Report) -> None:
    debug = "_low_level_execute_command() done"  # ANSIBLE_DEBUG
    assert debug in reported.run.stdout or debug in reported.run.stderr
    assert "SSH: EXEC ssh" in reported.run.stdout  # -vvvv
    log = reported.roots[0] / "ansible.log"
    assert log.stat().st_size > 100_000
    seen = b"\n".join(reported.watch.command_lines).replace(b"\0", b" ")
    for word in (b"ansible playbook", b"sshd: ", b"ssh -"):
        assert word in seen, word
    # The host's own Pythons were seen at work, with the environment that the daemon gave them.
    assert any(b"WA_TEST=1" in environment for environment in reported.watch.environments)
    assert reported.watch.files


def test_run_left_its_events_and_what_is_made_of_them(reported: planted.Report) -> None:
    """These are among what is searched, with the numbers that failed and the one whose secrets went to its host."""
    (folder,) = reported.roots[0].glob("reports/*")
    assert {path.name for path in folder.iterdir()} >= {"events.jsonl", "status.json", "metrics.prom", "report.html"}
    events = event.Reader().feed((folder / "events.jsonl").read_bytes())
    assert {one["host"] for one in events} - {""} == set(OWN)
    ended = {one["host"]: one["outcome"] for one in events if one["event"] == "number_ended"}
    assert {host for host, outcome in ended.items() if outcome == "moved"} == set(MOVED)
    sent = {one["host"] for one in events if one["event"] == "register_sent"}
    assert {*MOVED, "ssh_wrong_pin"} <= sent, "with those that a module on the host has reported"
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir() if path.is_file())


def test_no_secret_is_anywhere(reported: planted.Report) -> None:
    hits = reported.hits()
    assert not hits, planted.listed(hits)


def test_reports_and_tickets_were_searched(reported: planted.Report) -> None:
    """The scan goes through the folder of reports; here it has something to say of every number."""
    (folder,) = (reported.roots[0] / "reports").iterdir()
    made = json.loads((folder / "report.json").read_text())
    assert {entry["host"] for entry in made["numbers"]} == set(OWN)
    assert {"report.html", "report.csv", "report.xml", "summary.md"} <= {path.name for path in folder.iterdir()}
    assert "The report could not be sent to 127.0.0.1:9" in reported.run.stdout + reported.run.stderr


def test_backups_hold_the_data_and_are_private(reported: planted.Report) -> None:
    assert {stat.S_IMODE(path.stat().st_mode) for path in reported.backups} == {0o600}
    assert len(reported.data_names()) == len(reported.backups)


def test_nothing_is_kept_on_the_hosts(reported: planted.Report) -> None:
    """Modules travel on stdin, so that there is nothing to keep, whatever ANSIBLE_KEEP_REMOTE_FILES says."""
    left = [
        path for root in reported.roots[2:] for path in root.rglob("*") if path.is_file() and "state" not in path.parts
    ]
    assert left == [], sys.modules[__name__].__doc__
