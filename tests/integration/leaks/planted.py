# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet whose every secret is unlike any other text, and a run of ansible-playbook that tells all it can."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ansible_collections.wabiz.migration.tests.support import ansible_run, leaks, sshd
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet

HOOK = "https://hooks.example.com/leaks"
TOKEN = "EAAleakScan0plantedToken7Zx"
BAD_TOKEN = "EAAleakScan1badToken9Qy"
APP_TOKEN = "700000000000001|leakScan2appToken4Wd"
VERIFY_TOKEN = 'verify "me" & %7E/leak+scan'
REPORT_HEADER = "leakScan7report/Header=5"
HOOK_TOKEN = "hook & leak/scan+token=5"
APP_SECRET = "leakScan6app%Secret/7q"
BACKUP_PASSWORD = "backup \\ pass'word=for+leaks"
BAD_PASSWORD = 'not-the/passw"ord?of leak#scan'
MARK = b"LEAK_SCAN_USER=1"  # what inherits the user's own environment

# what is shown, kept and left behind as much as Ansible can
TALKATIVE = {
    "ANSIBLE_DEBUG": "1",
    "ANSIBLE_STDOUT_CALLBACK": "wabiz.migration.progress",
    "ANSIBLE_KEEP_REMOTE_FILES": "1",
    "ANSIBLE_CACHE_PLUGIN": "jsonfile",
    "ANSIBLE_DISPLAY_ARGS_TO_STDOUT": "1",
    "ANSIBLE_SHOW_TASK_PATH_ON_FAILURE": "1",
}


@dataclass
class Report:
    """What a run showed and left; data holds each host's backup data, planted by the node."""

    run: ansible_run.Run
    watch: leaks.Watch
    roots: list[Path]
    secrets: list[leaks.Secret]
    ledger: list[dict[str, Any]]
    backups: list[Path] = field(default_factory=list)

    def hits(self) -> list[leaks.Hit]:
        """Search everything; only a backup file may hold its own data, and only the user's environment the user's."""
        scan = leaks.Scan(self.secrets)
        found = scan.text("standard output", self.run.stdout) + scan.text("standard error", self.run.stderr)
        found += scan.trees(self.roots, self.allowed)
        found += self.watch.hits(scan, lambda environment: ENVIRONMENT if MARK in environment else (), self.allowed)
        return found

    def allowed(self, path: Path) -> Iterable[str]:
        """Return what may stand in a file: its own data in a backup, which has another name while it is written."""
        return self.data_names() if {path, path.with_name("backup.json")} & set(self.backups) else ()

    def data_names(self) -> list[str]:
        return [secret.name for secret in self.secrets if secret.name.startswith("backup data")]

    def lines(self, text: str) -> str:
        return "\n".join(line for line in self.run.stdout.splitlines() if text in line)


ENVIRONMENT = ("token", "verify token", "app token", "webhook token", "app secret", "report header")
SOON = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()


def pin(at: int) -> str:
    return f"{938271 + 7 * at:06d}"


def password(at: int) -> str:
    return f"node{at}/pa\"ss&wo'rd \\of+scan=%41"


@contextmanager
def site(where: Path, names: Iterable[str], local: Iterable[str] = ()) -> Iterator[tuple[Simulator, sshd.Sshd]]:
    """Start the simulator with a number for each name, and a daemon for each that is not local."""
    names = list(names)
    content = fleet.generate(len(names))
    content["app"]["token"] = TOKEN
    content["extra_tokens"] = [{"token": APP_TOKEN, "app_id": fleet.APP_ID, "of_app": True}]
    for at, number in enumerate(content["numbers"]):
        number["pin"] = pin(at)
        number["node"]["password"] = password(at)
    remote = {name: {"WA_TEST": "1"} for name in names if name not in set(local)}
    with sshd.Sshd.start(where / "sshd", remote) as hosts, Simulator.start(where / "simulator", content) as sim:
        yield sim, hosts


@contextmanager
def _brought_home(brief: Path, home: Path) -> Iterator[None]:
    try:
        yield
    finally:
        shutil.move(brief, home)


def run(
    where: Path,
    sim: Simulator,
    hosts: sshd.Sshd,
    own: Mapping[str, Mapping[str, Any]],
    *arguments: str,
    book: str | Path = ansible_run.ROOT / "playbooks" / "migrate.yml",
    environment: Mapping[str, str] | None = None,
    python: Path | None = None,
) -> Report:
    """Run with everything switched on that tells; own: the variables of each host beside those of a good one."""
    states = {name: (hosts.home(name) if name in hosts.hosts else where / "here") / "state" for name in own}
    inventory = {
        "wa_onprem": {
            "hosts": {
                name: {
                    "wa_migrate_phone_number_id": str(100000000000000 + at),
                    "wa_migrate_waba_id": "200000000000000",
                    "wa_migrate_onprem_url": sim.nodes[str(100000000000000 + at)],
                    "wa_migrate_onprem_password": password(at),
                    "wa_migrate_pin": pin(at),
                    "wa_migrate_state_dir": str(states[name]),
                    **(hosts.variables(name) if name in hosts.hosts else {"ansible_connection": "local"}),
                    **variables,
                }
                for at, (name, variables) in enumerate(own.items())
            },
            "vars": {
                "ansible_python_interpreter": sys.executable,
                "wa_migrate_onprem_ca_path": sim.ca_path,
                "wa_migrate_graph_url": sim.graph_url,
                "wa_migrate_graph_ca_path": sim.ca_path,
                "wa_migrate_backup_password": BACKUP_PASSWORD,
                "wa_migrate_override_callback_uri": HOOK,
                "wa_migrate_state_durable": True,
                "wa_migrate_waves": ["100%"],
                "wa_migrate_on_blocker": "continue",
                "wa_migrate_continue_after_wrong_pin": True,
                # Nobody listens there: the address, with the token in its query, is what an error would tell.
                "wa_migrate_webhook_url": "http://127.0.0.1:9/hook",
                "wa_migrate_report_dir": str(where / "reported" / "reports"),
                "wa_migrate_report_to": "http://127.0.0.1:9/reports/",
                "wa_migrate_waivers": [{"id": "WM160", "who": "a test", "why": "nobody listens", "until": SOON}],
            },
        }
    }
    # The inventory is the user's own, and lies where nothing is searched.
    mine = ansible_run.as_yaml(where / "inventory.yml", inventory)
    reported = where / "reported"
    reported.mkdir()
    # Ansible makes sockets below it, and a socket's path may have little more than 100 characters.
    brief = Path(tempfile.mkdtemp(prefix="wl-"))
    # What Ansible and the hosts remove again; what stays is searched once, at the end.
    fleeting = [brief, *(reported / "run-0" / folder for folder in ("local", "remote")), hosts.where / "hosts"]
    with _brought_home(brief, reported / "tmp"), leaks.Watch(fleeting) as watch:
        done = ansible_run.playbook(
            reported,
            book,
            mine,
            "-vvvv",
            *arguments,
            environment={
                **TALKATIVE,
                "ANSIBLE_LOG_PATH": str(reported / "ansible.log"),
                "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(reported / "facts"),
                "TMPDIR": str(brief),
                "WABIZ_ACCESS_TOKEN": TOKEN,
                "WABIZ_VERIFY_TOKEN": VERIFY_TOKEN,
                "WABIZ_APP_ACCESS_TOKEN": APP_TOKEN,
                "WABIZ_WEBHOOK_VERIFY_TOKEN": HOOK_TOKEN,
                "WABIZ_APP_SECRET": APP_SECRET,
                "WABIZ_REPORT_TO_HEADER": "Authorization: " + REPORT_HEADER,
                MARK.decode().partition("=")[0]: "1",
                **(environment or {}),
            },
            python=python,
        )
    secrets = [
        leaks.Secret("token", TOKEN),
        leaks.Secret("bad token", BAD_TOKEN),
        leaks.Secret("app token", APP_TOKEN.partition("|")[2]),
        leaks.Secret("verify token", VERIFY_TOKEN),
        leaks.Secret("webhook token", HOOK_TOKEN),
        leaks.Secret("app secret", APP_SECRET),
        leaks.Secret("report header", REPORT_HEADER),
        leaks.Secret("backup password", BACKUP_PASSWORD),
        leaks.Secret("bad password", BAD_PASSWORD),
    ]
    backups = []
    for at, name in enumerate(own):
        secrets.append(leaks.Secret(f"PIN of {name}", str(own[name].get("wa_migrate_pin", pin(at))), delimited=True))
        secrets.append(leaks.Secret(f"password of {name}", password(at)))
        path = states[name] / str(100000000000000 + at) / "backup.json"
        if path.exists():
            backups.append(path)
            secrets.append(leaks.Secret(f"backup data of {name}", json.loads(path.read_text())["data"]))
    # What the simulator was given is its own; what it writes about requests is searched.
    left = where / "requests"
    left.mkdir()
    for path in (sim.ledger_path, sim.events_path):
        (left / path.name).write_bytes(path.read_bytes())
    roots = [reported, left, where / "here", *(hosts.home(name) for name in hosts.hosts)]
    return Report(done, watch, [root for root in roots if root.exists()], secrets, sim.ledger(), backups)


def by_place(hits: Iterable[leaks.Hit], wanted: Callable[[leaks.Hit], bool]) -> set[str]:
    return {hit.secret for hit in hits if wanted(hit)}


def listed(hits: Iterable[leaks.Hit]) -> str:
    return "\n".join(f"{hit.secret} ({hit.form}) in {hit.where}: {hit.excerpt!r}" for hit in list(hits)[:40])
