# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each cure against leaks taken out, in a copy of the collection: the scan goes red where that cure was needed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from ansible_collections.wabiz.migration.tests.support import ansible_run, leaks

from . import planted

OWN: dict[str, dict[str, str]] = {"ssh": {}, "here": {}}


@dataclass(frozen=True)
class Guard:
    """A cure: what to replace in which file to take it out, which secret shows then, and where."""

    file: str
    cures: tuple[tuple[str, str], ...]
    secret: str
    shows: Callable[[planted.Report, leaks.Hit], bool]


def _in_output(_reported: planted.Report, hit: leaks.Hit) -> bool:
    return hit.where == "standard output"


GUARDS = {
    "what is asked of a host travels on stdin, and nothing of it stands in the command line": Guard(
        "plugins/plugin_utils/_remote.py",
        (
            (
                "command(interpreter(action, worker.variables))",
                'command(interpreter(action, worker.variables)) + " # " + shlex.quote(json.dumps(requests))',
            ),
        ),
        "password of ssh",
        _in_output,
    ),
    "the backup is encrypted where it travels from the host": Guard(
        "plugins/module_utils/_hostfiles.py",
        (('answer["backup"] = None if text is None else encrypt(request["key"], text)', 'answer["backup"] = text'),),
        "backup data of ssh",
        _in_output,
    ),
    "what was asked of a module is shown without secrets": Guard(
        "plugins/module_utils/_runner.py",
        (("HIDDEN if name in secrets and value is not None else value", "value"),),
        "password of here",
        _in_output,
    ),
}
# what would refuse: both ends of the encryption
ALSO = (
    ("plugins/module_utils/_operations/attempt_log.py", '_encryption.decrypt(request["key"], encrypted)', "encrypted"),
    (
        "plugins/module_utils/_operations/host_log.py",
        '_encryption.decrypt(looked["key"], files["backup"])',
        'files["backup"]',
    ),
)


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[planted.Report]:
    where = tmp_path_factory.mktemp("guards")
    copy = where / "collections" / "ansible_collections" / "wabiz" / "migration"
    for name in ("meta", "playbooks", "plugins", "roles/wa_migrate"):
        shutil.copytree(ansible_run.ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ansible_run.ROOT / "galaxy.yml", copy)
    for guard in GUARDS.values():
        for old, new in guard.cures:
            _replace(copy / guard.file, old, new)
    for file, old, new in ALSO:
        _replace(copy / file, old, new)
    with planted.site(where, OWN, ["here"]) as (sim, hosts):
        yield planted.run(
            where,
            sim,
            hosts,
            OWN,
            book=copy / "playbooks" / "migrate.yml",
            environment={"ANSIBLE_COLLECTIONS_PATH": str(where / "collections")},
        )


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1, f"{path.name} has no longer the one {old!r} that this test takes out"
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize("cure", GUARDS)
def test_scan_goes_red_without(cure: str, reported: planted.Report) -> None:
    guard = GUARDS[cure]
    hits = reported.hits()
    assert [hit for hit in hits if hit.secret == guard.secret and guard.shows(reported, hit)], planted.listed(hits)


def test_number_moves_all_the_same(reported: planted.Report) -> None:
    assert reported.run.exit_code == 0, reported.run.transcript[-4000:]
    assert sum(line["effect"] == "registered" and line["accepted"] for line in reported.ledger) == len(OWN)
