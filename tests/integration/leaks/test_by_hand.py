# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret is shown by a task that is written by hand: wrong types and names, async, delegation, printed results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.support import ansible_run, leaks

from . import planted

# Secrets that are wrong in themselves, or stand where none belongs: the message must not repeat them.
PLANTED = {
    "misnamed": 'mis/named "option" of scan',
    "a number": 7365518209,
    "a PIN of five": "40917",
    "a PIN with a letter": "40917x",
    "a token with a space": "EAAtoken cut9in two8",
    "in an address": "address0pass7word",
    "a list": ["secret6in", "a5list"],
    "a token of the node": "NodeTokenOfTheScan4Kd.x-y",
    "a mapping": {"value": "secret3in4mapping"},
}
# In variables, as in a vault: ANSIBLE_DISPLAY_ARGS_TO_STDOUT prints a task as it is written.
VARIABLES = {"planted_" + name.replace(" ", "_"): value for name, value in PLANTED.items()}
OWN: dict[str, dict[str, Any]] = {"ssh": VARIABLES, "here": VARIABLES}
DEST = "{{ wa_migrate_state_dir }}/backup.json"
TASKS: dict[str, dict[str, Any]] = {
    "misnamed": {"wa_backup": {"dest": DEST, "onprem_pasword": "{{ planted_misnamed }}"}},
    "number": {"wa_backup": {"dest": DEST, "backup_password": "{{ planted_a_number }}"}},
    "short PIN": {"wa_two_step": {"state": "present", "pin": "{{ planted_a_PIN_of_five }}"}},
    "odd PIN": {"wa_two_step": {"state": "present", "pin": "{{ planted_a_PIN_with_a_letter }}"}},
    "cut token": {"wa_number_info": {"phone_number_id": "1", "access_token": "{{ planted_a_token_with_a_space }}"}},
    "address": {"wa_onprem_info": {"onprem_url": "https://admin:{{ planted_in_an_address }}@127.0.0.1:1"}},
    "list": {"wa_onprem_info": {"onprem_password": "{{ planted_a_list }}"}},
    "mapping": {"wa_onprem_info": {"onprem_password": "{{ planted_a_mapping }}"}},
    "token of the node": {
        "wa_onprem_info": {"onprem_token": "{{ planted_a_token_of_the_node }}", "gather": ["health"]}
    },
    "PIN": {"wa_two_step": {"state": "present", "pin": "{{ wa_migrate_pin }}"}},
    "backup": {"wa_backup": {"dest": DEST}},
    "async": {"wa_backup": {"dest": DEST}, "async": 20, "poll": 1},
    "delegated": {"wa_backup": {"dest": DEST, "force": True}, "delegate_to": "ssh"},
    "via host": {"wa_number_info": {"phone_number_id": "{{ wa_migrate_phone_number_id }}", "graph_via": "host"}},
}


def _book() -> list[dict[str, Any]]:
    tasks: list[dict[str, Any]] = []
    for name, options in TASKS.items():
        task = {f"wabiz.migration.{key}" if key.startswith("wa_") else key: value for key, value in options.items()}
        tasks.append({"name": name, **task, "register": "done", "ignore_errors": True, "diff": True})
        tasks.append({"name": f"show {name}", "ansible.builtin.debug": {"var": "done"}})
    shared = {
        "onprem_url": "{{ wa_migrate_onprem_url }}",
        "onprem_password": "{{ wa_migrate_onprem_password }}",
        "onprem_ca_path": "{{ wa_migrate_onprem_ca_path }}",
        "graph_url": "{{ wa_migrate_graph_url }}",
        "graph_ca_path": "{{ wa_migrate_graph_ca_path }}",
        "backup_password": "{{ wa_migrate_backup_password }}",
    }
    connection = {name: value for name, value in shared.items() if name != "backup_password"}
    defaults = {
        "group/wabiz.migration.wabiz": connection,
        "wabiz.migration.wa_backup": {**connection, "backup_password": shared["backup_password"]},
    }
    return [{"name": "By hand", "hosts": "all", "gather_facts": False, "module_defaults": defaults, "tasks": tasks}]


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[planted.Report]:
    where: Path = tmp_path_factory.mktemp("by-hand")
    book = ansible_run.as_yaml(where / "book.yml", _book())
    with planted.site(where, OWN, ["here"]) as (sim, hosts):
        done = planted.run(where, sim, hosts, OWN, book=book)
        more: list[leaks.Secret] = []
        for name, value in PLANTED.items():
            parts = value if isinstance(value, list) else value.values() if isinstance(value, dict) else [value]
            more += [leaks.Secret(name, str(part), delimited=len(str(part)) < 8) for part in parts]
        backups = [path for root in done.roots for path in root.rglob("backup.json")]
        yield replace(done, secrets=done.secrets + more, backups=backups)


def test_tasks_ended_as_they_should(reported: planted.Report) -> None:
    ended = {
        (event["host"], event["task"]): event["event"]
        for event in reported.run.results()
        if not event["task"].startswith("show ")
    }
    well = {"PIN", "backup", "delegated", "via host"}
    assert {task for (_host, task), event in ended.items() if event == "ok"} == well, reported.run.transcript[-5000:]
    assert len(ended) == len(TASKS) * len(OWN)


def test_no_secret_is_anywhere(reported: planted.Report) -> None:
    hits = reported.hits()
    assert not hits, planted.listed(hits)
