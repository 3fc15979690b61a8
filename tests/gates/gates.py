# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: what they are: the command of each, what it needs, and how long it may take."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import artifact
import environments
import supplies
import tree

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = tree.ROOT
LOGS = ROOT / "build" / "logs"
PYTEST_SUMMARY = ROOT / "build" / "pytest-summary.txt"
BIN = Path(sys.executable).parent
HERE = Path(__file__).parent
COLLECTION = "ansible_collections.wabiz.migration"


def nothing_missing() -> str | None:
    return None


def no_notes(_log: Path) -> list[str]:
    return []


@dataclass(frozen=True)
class Gate:
    """One gate: commands that are run one after the other until one fails."""

    name: str
    commands: Callable[[], list[list[str | Path]]]
    cwd: Callable[[], Path] = field(default=lambda: ROOT)
    variables: Callable[[Path], dict[str, str]] = field(default=lambda _cwd: {})
    missing: Callable[[], str | None] = nothing_missing
    notes: Callable[[Path], list[str]] = no_notes
    telling: str = ""  # what marks the telling lines of a failed gate's log; without it, its end is shown
    slots: int = 1
    timeout: int = 600


def environment(extra: dict[str, str]) -> dict[str, str]:
    """Return the environment of a gate: the user's, without what changes how Ansible, pytest or the modules work."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("ANSIBLE_", "MOLECULE_", "PYTEST_", "WABIZ_"))
        and key not in {"PYTHONPATH", "VIRTUAL_ENV", "FORCE_COLOR"}
    }
    kept["PATH"] = f"{BIN}{os.pathsep}{kept.get('PATH', os.defpath)}"
    kept["ANSIBLE_HOME"] = str(ROOT / "build/ansible-home")
    kept |= {"ANSIBLE_NOCOLOR": "1", "NO_COLOR": "1"}
    return {**kept, **extra}


def execute(gate: Gate, log: Path) -> str | None:
    """Run the commands of a gate into its log; return why it failed, or None."""
    cwd = gate.cwd()
    with log.open("w") as out:
        for command in gate.commands():
            wording = [str(word) for word in command]
            print("$", *wording, file=out, flush=True)
            process = subprocess.Popen(
                wording, cwd=cwd, env=environment(gate.variables(cwd)), start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip
            try:
                status = process.wait(gate.timeout)
            except BaseException as error:
                # what the gate has started in its session ends with it, also when the run is interrupted
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                if isinstance(error, subprocess.TimeoutExpired):
                    return f"not done after {gate.timeout} s"
                raise
            if status:
                return f"exit status {status}"
    return None


def importable(_cwd: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(ROOT / "build/collections")}


def in_tree(cwd: Path) -> dict[str, str]:
    return {"ANSIBLE_COLLECTIONS_PATH": tree.collections_path(cwd)}


def python(*wording: str | Path) -> list[str | Path]:
    return [sys.executable, *wording]


# --- one function for each gate that is more than a command ---------------------------------------------------------


def mypy() -> list[list[str | Path]]:
    packages = [f"{COLLECTION}.plugins"]
    packages += [f"{COLLECTION}.tests.{name}" for name in ("support", "faults") if (ROOT / "tests" / name).is_dir()]
    packages += sorted(path.name for path in ROOT.glob("roles/*/files/wabiz_*") if path.is_dir())
    flags = [word for package in packages for word in ("--package", package)]
    # the gates import each other by their bare names, so they are a run of their own
    return [["mypy", *flags], ["mypy", *sorted(HERE.glob("*.py"))]]


def pytest_all() -> list[list[str | Path]]:
    supplies.prepare()
    xml = LOGS / "pytest.xml"
    return [python("-m", "pytest", "-n", "3", "--dist", "loadfile", "--durations=10", "--junit-xml", xml)]


def pytest_notes(log: Path) -> list[str]:
    """Return the reasons of skipped tests, and keep pytest's closing line for the end of the run."""
    lines = log.read_text(errors="replace").splitlines()
    closing = [line for line in lines if re.fullmatch(r"=+ .* in [\d.]+s.*=+", line)]
    if closing and log.stem == "pytest":
        PYTEST_SUMMARY.write_text(closing[-1] + "\n")
    skipped = [line for line in lines if line.startswith("SKIPPED [")]
    return [*closing[-1:], *skipped]


# what is shipped to managed hosts, as far as it can be tested without a controller
SHIPPED = (
    "_api",
    "_core",
    "test_failure.py",
    "_hostfiles",
    "test_encryption.py",
    "test_spec.py",
    "test_values.py",
)
# these read the documentation as a controller does, which ansible-core 2.13 cannot; they run in the main environment
CONTROLLER_ONLY = (
    "test_spec.py::test_documentation_says_what_the_argument_spec_says",
    "test_spec.py::test_examples_pass_the_check",
)


def py38() -> list[list[str | Path]]:
    home = "tests/unit/plugins/module_utils"
    found = [f"{home}/{name}" for name in SHIPPED if (ROOT / home / name).exists()]
    without = [f"--deselect={home}/{name}" for name in CONTROLLER_ONLY]
    interpreter = environments.ENVIRONMENTS["py38"].python
    # everything that is shipped must at least compile, also what has no test of its own
    shipped = ("plugins/module_utils", "plugins/modules")
    return [
        [interpreter, "-W", "error", "-m", "compileall", "-q", "-f", *shipped],
        [interpreter, "-m", "pytest", "-o", "cache_dir=build/pytest-py38", *without, *found],
    ]


def py38_variables(cwd: Path) -> dict[str, str]:
    return {**importable(cwd), "PYTHONPYCACHEPREFIX": str(ROOT / "build/pycache")}


def environment_missing(name: str) -> Callable[[], str | None]:
    env = environments.ENVIRONMENTS[name]
    why = f"{env.path.relative_to(ROOT)} is not there: no Python {' or '.join(env.pythons)} on this machine"
    return lambda: None if env.python.exists() else why


def importer() -> list[list[str | Path]]:
    return [python(HERE / "importer.py", artifact.build(tree.copy("importer"), ROOT / "build/importer"))]


def scenarios() -> list[str]:
    return sorted(path.parent.name for path in ROOT.glob("extensions/molecule/*/molecule.yml"))


def molecule() -> list[list[str | Path]]:
    if not scenarios():
        raise FileNotFoundError("there is no scenario in extensions/molecule")
    # a run that was interrupted may have left a simulator behind
    return [["molecule", "destroy", "--all"], ["molecule", "test", "--all", "--workers", "2"]]


SANITY_TELLS = r"^(?:ERROR|FATAL|Traceback|the ignore list|  ignore-)"

GATES = (
    Gate("ruff", lambda: [["ruff", "check", "--output-format", "concise", "."], ["ruff", "format", "--check", "."]]),
    Gate("yamllint", lambda: [["yamllint", "--strict", "."]]),
    Gate("mypy", mypy, variables=importable),
    Gate("changelog", lambda: [["antsibull-changelog", "lint"]], cwd=lambda: tree.copy("changelog"), variables=in_tree),
    Gate("sanity-2.19", lambda: [python(HERE / "sanity.py", "main")], telling=SANITY_TELLS, timeout=900),
    Gate(
        "sanity-2.21",
        lambda: [python(HERE / "sanity.py", "core-2.21")],
        missing=environment_missing("core-2.21"),
        telling=SANITY_TELLS,
        timeout=900,
    ),
    Gate(
        "sanity-py38",  # what is shipped, under the oldest Python of a managed host
        lambda: [python(HERE / "sanity.py", "main", "py38", "--test", "import", "--test", "compile")],
        missing=environment_missing("py38"),
        telling=SANITY_TELLS,
    ),
    Gate(
        "ansible-lint",
        lambda: [["ansible-lint", "--offline"]],
        cwd=lambda: tree.copy("ansible-lint"),
        variables=in_tree,
    ),
    Gate(
        "docs",
        lambda: [["antsibull-docs", "lint-collection-docs", "--plugin-docs", "--skip-rstcheck", "."]],
        cwd=lambda: tree.copy("docs"),
        variables=in_tree,
    ),
    Gate("artifact", lambda: [python(HERE / "artifact.py")]),
    Gate("installed", lambda: [python(HERE / "installed.py")]),
    Gate("importer", importer),
    Gate("py38", py38, variables=py38_variables, missing=environment_missing("py38"), notes=pytest_notes),
    Gate("gates", lambda: [python("-m", "pytest", "-n", "2", "tests/gates")], notes=pytest_notes, slots=2),
    Gate("molecule", molecule, variables=importable, slots=2),
    Gate("pytest", pytest_all, variables=importable, notes=pytest_notes, slots=2, timeout=2400),
)
