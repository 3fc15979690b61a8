# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: each can fail. A small sound collection passes every cheap gate, and one broken file makes its gate red."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import NamedTuple

import artifact
import gates
import importer
import pytest
import run
import sanity
import tree

pytestmark = pytest.mark.gate

SETTINGS = (
    ".ansible-lint", ".gitignore", ".yamllint", "LICENSE", "galaxy.yml", "pyproject.toml", "changelogs/config.yaml",
)  # fmt: skip
HEADER = """\
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
MODULE = f"""\
#!/usr/bin/python
{HEADER}
from __future__ import annotations

DOCUMENTATION = r\"\"\"
module: wa_sample
short_description: Do nothing
version_added: 0.1.0
description:
  - Does nothing.
options: {{}}
author:
  - wabiz.migration contributors (@wabiz)
\"\"\"

EXAMPLES = r\"\"\"
- name: Do nothing
  wabiz.migration.wa_sample:
\"\"\"

RETURN = r\"\"\"
done:
  description: Nothing.
  returned: always
  type: bool
\"\"\"

from ansible.module_utils.basic import AnsibleModule


def main() -> None:
    AnsibleModule(argument_spec={{}}, supports_check_mode=True).exit_json(done=True)


if __name__ == "__main__":
    main()
"""
SOUND = {
    "README.md": "# A collection\n",
    "CHANGELOG.rst": "Release Notes\n=============\n",
    "changelogs/changelog.yaml": "ancestor: null\nreleases: {}\n",
    "changelogs/fragments/one.yml": "---\nbugfixes:\n  - wa_sample - does nothing right.\n",
    "meta/runtime.yml": '---\nrequires_ansible: ">=2.18.0"\n',
    "playbooks/sample.yml": (
        "---\n- name: Do nothing\n  hosts: all\n  gather_facts: false\n  tasks:\n"
        "    - name: Sample | Do nothing\n      wabiz.migration.wa_sample:\n"
    ),
    "plugins/modules/wa_sample.py": MODULE,
    "plugins/module_utils/_core/__init__.py": f'{HEADER}"""Rules."""\n',
    "plugins/module_utils/_core/rule.py": (
        f'{HEADER}"""Rule: a sample."""\n\nfrom __future__ import annotations\n\n\n'
        "def double(number: int) -> int:\n    return 2 * number\n"
    ),
    "tests/unit/test_rule.py": "def test_nothing() -> None:\n    assert 1 + 1 == 2\n",
}


class Sample(NamedTuple):
    """A sound collection in a directory of its own."""

    tree: Path

    def write(self, name: str, text: str) -> None:
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        subprocess.run(["git", "-C", str(self.tree), "add", "--all", "--force"], check=True)

    def status(self, *command: str, **variables: str) -> int:
        extra = {"ANSIBLE_COLLECTIONS_PATH": tree.collections_path(self.tree), **variables}
        wording = list(map(str, command))
        done = subprocess.run(
            wording, cwd=self.tree, env=gates.environment(extra), capture_output=True, text=True, check=False
        )
        print(done.stdout, done.stderr)
        return done.returncode


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    top = tmp_path / "ansible_collections" / "wabiz" / "migration"
    top.mkdir(parents=True)
    subprocess.run(["git", "-C", str(top), "init", "--quiet"], check=True)
    made = Sample(top)
    for name in SETTINGS:
        made.write(name, (tree.ROOT / name).read_text())
    for name, text in SOUND.items():
        made.write(name, text)
    return made


MYPY_VARIABLES = {"MYPYPATH": "../../..", "MYPY_CACHE_DIR": "build/mypy"}
RULES = "plugins/module_utils/_core/rule.py"
RULE = SOUND[RULES]
CASES = {
    "ruff check": (("ruff", "check", "."), RULES, RULE + "\n\nimport os\n"),
    "ruff: an assert in a plugin": (
        ("ruff", "check", "."),
        RULES,
        RULE.replace("    return", "    assert number\n    return"),
    ),
    "ruff format": (("ruff", "format", "--check", "."), RULES, RULE.replace("2 * number", "2*number")),
    "mypy: untyped rule": (
        ("mypy", "--package", "ansible_collections.wabiz.migration.plugins"),
        RULES,
        RULE.replace("number: int", "number"),
    ),
    "yamllint": (
        ("yamllint", "--strict", "."),
        "playbooks/sample.yml",
        "---\n- name: x\n  hosts: all\n  become: yes\n",
    ),
    "changelog": (
        ("antsibull-changelog", "lint"),
        "changelogs/fragments/one.yml",
        "---\nbugfix:\n  - no such section\n",
    ),
    "docs": (
        ("antsibull-docs", "lint-collection-docs", "--plugin-docs", "--skip-rstcheck", "."),
        "plugins/modules/wa_sample.py",
        MODULE.replace("Does nothing.", "See O(nowhere)."),
    ),
    "ansible-lint": (
        ("ansible-lint", "--offline"),
        "playbooks/sample.yml",
        SOUND["playbooks/sample.yml"].replace("wabiz.migration.wa_sample:", "command: date"),
    ),
    "pytest: a red test": (
        ("pytest", "-q", "tests/unit"),
        "tests/unit/test_rule.py",
        "def test_no() -> None:\n    assert False\n",
    ),
    "pytest: an unknown marker": (
        ("pytest", "-q", "tests/unit"),
        "tests/unit/test_rule.py",
        "import pytest\n\n\n@pytest.mark.typo\ndef test_one() -> None: ...\n",
    ),
}


@pytest.mark.parametrize("case", CASES, ids=[name.replace(" ", "-").replace(":", "") for name in CASES])
def test_a_broken_file_makes_its_gate_red(sample: Sample, case: str) -> None:
    command, name, text = CASES[case]
    assert sample.status(*command, **MYPY_VARIABLES) == 0, "the sound collection must pass"
    sample.write(name, text)
    assert sample.status(*command, **MYPY_VARIABLES) != 0


def test_the_tarball_gate_tells_what_is_missing_and_what_is_too_much(sample: Sample, tmp_path: Path) -> None:
    sample.write("notes.txt", "mine")
    sample.write("plugins/modules/.hidden.py", "")
    tarball = artifact.build(sample.tree, tmp_path / "dist")
    reported = artifact.faults(tarball, sample.tree)
    assert "does not belong into the tarball: notes.txt" in reported
    assert "must never be in the tarball: plugins/modules/.hidden.py" in reported
    assert "is missing in the tarball: playbooks/migrate.yml" in reported
    assert not [line for line in reported if "rule.py" in line]
    with tarfile.open(tarball) as archive:
        assert not [name for name in archive.getnames() if name.startswith(("tests", "build", "Makefile"))]


def test_an_ignored_sanity_fault_is_a_fault(sample: Sample) -> None:
    assert sanity.ignored(sample.tree) == []
    sample.write("tests/sanity/ignore-2.19.txt", "plugins/modules/wa_sample.py validate-modules:x\n")
    assert len(sanity.ignored(sample.tree)) == 1


@pytest.mark.slow
def test_sanity_sees_a_module_without_its_licence(sample: Sample) -> None:
    sample.write("plugins/modules/wa_sample.py", MODULE.replace("GNU General Public License v3.0+", "Some licence"))
    assert sanity.check("main", "main", sample.tree, "--test", "validate-modules") != 0
    sample.write("plugins/modules/wa_sample.py", MODULE)
    assert sanity.check("main", "main", sample.tree, "--test", "validate-modules") == 0


def test_a_warning_of_the_importer_counts() -> None:
    log = "Importing with galaxy-importer\nWARNING: plugins/modules/a.py:1:1: F401\nImporter processing completed\n"
    assert importer.complaints(log) == ["WARNING: plugins/modules/a.py:1:1: F401"]
    assert importer.complaints("Importing with galaxy-importer\n") == []


def gate(name: str, code: str, **options: object) -> gates.Gate:
    return gates.Gate(name, lambda: [[sys.executable, "-c", code]], **options)  # type: ignore[arg-type]


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(gates, "LOGS", tmp_path)
    monkeypatch.setattr(tree, "ROOT", tmp_path)
    monkeypatch.setattr(gates, "PYTEST_SUMMARY", tmp_path / "summary.txt")
    (tmp_path / "build").mkdir()
    return tmp_path


def test_the_runner_counts_a_failure_a_hang_a_breakdown_and_a_skip(
    logs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> str:
        raise FileNotFoundError("no tool")

    made = (
        gate("good", "pass"),
        gate("bad", "print('the reason'); raise SystemExit(3)"),
        gate("hanging", "import time; time.sleep(60)", timeout=1),
        gate("broken", "pass", missing=broken),
        gate("absent", "pass", missing=lambda: "no such Python here", slots=2),
    )
    monkeypatch.setattr(gates, "GATES", made)
    monkeypatch.setattr(sys, "argv", ["run.py"])
    assert run.main() == 1
    written = json.loads((logs / "build/gates.json").read_text())
    assert written["counts"] == {"PASS": 1, "FAIL": 3, "SKIPPED": 1}
    shown = capsys.readouterr().out
    assert "the reason" in shown
    assert "FAIL: hanging: not done after 1 s" in shown
    assert "SKIPPED: absent: no such Python here" in shown


def test_a_skip_alone_is_green_but_reported(
    logs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gates, "GATES", (gate("absent", "pass", missing=lambda: "no such Python here"),))
    monkeypatch.setattr(sys, "argv", ["run.py"])
    assert run.main() == 0
    assert "0 gates passed, 0 failed, 1 skipped" in capsys.readouterr().out


def test_skipped_tests_and_the_closing_line_are_reported(logs: Path) -> None:
    log = logs / "pytest.log"
    log.write_text("SKIPPED [2] tests/a.py:3: no sshd\n======= 5 passed, 2 skipped in 1.20s =======\n")
    assert gates.pytest_notes(log) == [
        "======= 5 passed, 2 skipped in 1.20s =======",
        "SKIPPED [2] tests/a.py:3: no sshd",
    ]
    assert gates.PYTEST_SUMMARY.read_text() == "======= 5 passed, 2 skipped in 1.20s =======\n"


def test_nothing_of_the_users_settings_reaches_a_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WABIZ_ACCESS_TOKEN", "a token")
    monkeypatch.setenv("ANSIBLE_STDOUT_CALLBACK", "minimal")
    names = gates.environment({})
    assert "WABIZ_ACCESS_TOKEN" not in names
    assert "ANSIBLE_STDOUT_CALLBACK" not in names


def test_a_copy_holds_new_files_and_no_ignored_ones(sample: Sample, tmp_path: Path) -> None:
    (sample.tree / "new.py").write_text("")
    (sample.tree / "build").mkdir()
    (sample.tree / "build/made").write_text("")
    shutil.rmtree(sample.tree / "playbooks")
    copied = tree.copy("copied", root=sample.tree, under=tmp_path / "trees")
    assert copied.parts[-3:] == ("ansible_collections", "wabiz", "migration")
    assert (copied / "new.py").is_file()
    assert not (copied / "build").exists()
    assert not (copied / "playbooks").exists()
