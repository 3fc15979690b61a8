# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What docs/awx.md says: its project is run as it stands there, and its names are those of the collection."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.wabiz.migration.plugins.module_utils import _spec
from ansible_collections.wabiz.migration.plugins.module_utils._core.conditions import window
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import artifact
from ansible_collections.wabiz.migration.plugins.module_utils._operations import report_files
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import World, number_id, pin, states, tables
from ansible_collections.wabiz.migration.tests.support import ansible_run
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.report import samples
from wabiz_simulator import fleet

PAGE = (ansible_run.ROOT / "docs" / "awx.md").read_text(encoding="utf-8")
NAMES = {"berlin": "h00", "madrid": "h01"}


def blocks(kind: str, first: str = "") -> list[str]:
    """Return the code of the page, by its kind and how it begins."""
    found = re.findall(r"^```%s\n(.*?)^```" % kind, PAGE, re.MULTILINE | re.DOTALL)
    return [code for code in found if code.startswith(first)]


def project(world: World) -> Path:
    """Write the page's project with its secrets in a vault; hosts and secrets are those of the simulator."""
    folder = world.where / "project"
    folder.mkdir()
    (preflight,) = blocks("yaml", "# preflight.yml")
    (plain, with_secrets) = blocks("yaml", "# migrate.yml")
    assert yaml.safe_load(plain)[0].items() <= yaml.safe_load(with_secrets)[0].items()
    (book,) = yaml.safe_load(with_secrets.replace("/runner/project", str(folder)))
    (look,) = yaml.safe_load(preflight)
    ansible_run.as_yaml(folder / "migrate.yml", [book])
    ansible_run.as_yaml(folder / "preflight.yml", [{**look, "vars": book["vars"]}])
    (stated,) = blocks("yaml", "# secrets.yml")
    secrets = {NAMES[host]: secret for host, secret in yaml.safe_load(stated).items()}
    for at, secret in enumerate(secrets.values()):
        assert set(secret) == {"pin", "onprem_password"}
        secret.update(pin=pin(at), onprem_password=fleet.PASSWORD)
    vault = VaultLib([("default", VaultSecret(b"open sesame"))])
    (folder / "secrets.yml").write_bytes(vault.encrypt(yaml.safe_dump(secrets), VaultSecret(b"open sesame")))
    (folder / "password").write_text("open sesame")
    return folder


def test_the_project_of_the_page_moves_numbers_with_an_approval_in_between(world: World) -> None:
    inventory = world.inventory(h00={"wa_migrate_pin": "-"}, h01={"wa_migrate_pin": "-"})
    del inventory["all"]["children"]["wa_onprem"]["vars"]["wa_migrate_onprem_password"]
    folder = project(world)
    wording = ("-l", "h00,h01", "--vault-password-file", str(folder / "password"))
    look = world.run(folder / "preflight.yml", *wording, inventory=inventory)
    assert look.exit_code == 0, look.transcript
    run = world.run(folder / "migrate.yml", *wording, inventory=inventory, variables=look.artifacts)
    assert run.exit_code == 0, run.transcript
    assert set(states(tables(run)[-1]).values()) == {"moved"} and world.moved == {number_id(0), number_id(1)}
    assert pin(0) not in run.output and fleet.PASSWORD not in run.output


def test_the_credential_of_the_page_sets_what_is_read() -> None:
    (inputs,) = blocks("yaml", "# input configuration")
    (injector,) = blocks("yaml", "# injector configuration")
    fields = {field["id"] for field in yaml.safe_load(inputs)["fields"]}
    injected: dict[str, Any] = yaml.safe_load(injector)
    assert set(injected["env"]) <= set(_spec.ENVIRONMENT.values())
    used = set(re.findall(r"\{\{ (?:tower\.filename\.)?(\w+) \}\}", json.dumps(injected)))
    assert used == fields


def test_the_examples_of_the_page_are_what_the_collection_takes_and_returns() -> None:
    (text,) = blocks("text", "[{")
    assert window.read(text)[1] == []
    (shown,) = blocks("yaml", "wabiz_migration:")
    example = yaml.safe_load(shown)["wabiz_migration"]
    report = example.pop("report")
    assert set(example) == set(artifact.of([], "migrate", ""))
    made = report_files.compact({}, samples.document_of(8))
    assert set(report) == set(made) and set(report["counts"]) == set(made["counts"])
