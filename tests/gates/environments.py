# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: the virtual environments that the gates and the demo run in, made from the pins in requirements/.

Needs nothing but a Python: it is what a fresh clone runs first.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
UV = "uv==0.13.9"  # installs in seconds what takes pip minutes; where it does not run, pip does the same
# what the programs that roles ship run on; the main environment has it too, for their tests
SIMULATOR = ROOT / "roles/simulator/files/requirements.txt"
BRIDGE = ROOT / "roles/webhook_bridge/files/requirements.txt"


@dataclass(frozen=True)
class Environment:
    """A virtual environment: where it lies, and the Pythons it may be made with, best first."""

    name: str
    path: Path
    pythons: tuple[str, ...]
    resolve_for: str
    needed: bool = False

    @property
    def pins(self) -> Path:
        return ROOT / "requirements" / f"{'dev' if self.name == 'main' else self.name}.txt"

    @property
    def python(self) -> Path:
        return self.path / "bin" / "python"


ENVIRONMENTS = {
    env.name: env
    for env in (
        Environment("main", ROOT / ".venv", ("3.11", "3.12", "3.13"), "3.11", needed=True),
        Environment("core-2.18", ROOT / "build/venvs/core-2.18", ("3.11", "3.12", "3.13"), "3.11"),
        Environment("core-2.21", ROOT / "build/venvs/core-2.21", ("3.13", "3.12", "3.14"), "3.12"),
        Environment("py38", ROOT / "build/venvs/py38", ("3.8",), "3.8"),
    )
}


def find_python(version: str) -> str | None:
    """Find an interpreter of this minor version that can make virtual environments; None when there is none.

    pyenv puts a shim on PATH for every version that it has; those of inactive versions fail. So each candidate is run.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    candidates = [
        shutil.which(f"python{version}"),
        *sorted(map(str, pyenv.glob(f"versions/{version}.*/bin/python"))),
        f"/usr/bin/python{version}",
        f"/usr/local/bin/python{version}",
        sys.executable,
    ]
    probe = "import sys, venv, ensurepip, ssl; print('%d.%d' % sys.version_info[:2])"
    for candidate in candidates:
        if not candidate:
            continue
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            done = subprocess.run([candidate, "-c", probe], capture_output=True, text=True, timeout=30, check=False)
            if done.returncode == 0 and done.stdout.strip() == version:
                return candidate
    return None


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    """Let one process at a time make an environment."""
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / f".{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def run(*command: str | Path, **variables: str) -> None:
    subprocess.run([str(word) for word in command], check=True, env={**os.environ, **variables})


def install(python: Path, pins: Path) -> None:
    """Install the pins, with uv where it works, else with pip."""
    uv = uv_command()
    if uv:
        with contextlib.suppress(subprocess.CalledProcessError, OSError):
            # compiled once here, as pip does it, and not again by each of the many processes of the tests
            compiled = {"UV_LINK_MODE": "copy", "UV_COMPILE_BYTECODE": "1"}
            run(*uv, "pip", "install", "--quiet", "--python", python, "--requirement", pins, **compiled)
            return
        print("uv could not install; trying pip", flush=True)
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", pins)


def uv_command() -> list[str | Path] | None:
    """Return how uv is called, None where it cannot be installed; no environment of the gates has it."""
    home = ROOT / "build/venvs/uv"
    uv = home / "bin" / "uv"
    if not uv.exists():
        try:
            run(sys.executable, "-m", "venv", home)
            run(home / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV)
        except (subprocess.CalledProcessError, OSError):
            return None
    return [uv]


def make(env: Environment) -> str | None:
    """Make the environment unless it is there with these pins; return why it cannot be made, or None."""
    pins = env.pins.read_bytes()
    stamp = env.path / "pins.sha256"
    with locked(env.name):
        found = stamp.read_text().split() if stamp.exists() else []
        digest = hashlib.sha256(pins).hexdigest()
        if found[:1] == [digest] and env.python.exists():
            return None
        base = next(filter(None, map(find_python, env.pythons)), None)
        if base is None:
            return f"no Python {' or '.join(env.pythons)} was found"
        began = time.monotonic()
        if not env.python.exists() or found == []:
            run(base, "-m", "venv", "--clear", env.path)
        with locked("uv"):
            install(env.python, env.pins)
        stamp.write_text(f"{digest}\n")
        print(f"{env.name}: made with {base} in {time.monotonic() - began:.0f} s", flush=True)
    return None


def link() -> None:
    """Make the repository importable as ansible_collections.wabiz.migration, whatever the name of its directory."""
    target = ROOT / "build/collections/ansible_collections/wabiz/migration"
    target.parent.mkdir(parents=True, exist_ok=True)
    with locked("link"):
        if not (target.is_symlink() and target.resolve() == ROOT):
            target.unlink(missing_ok=True)
            target.symlink_to(os.path.relpath(ROOT, target.parent))


def lock() -> None:
    """Write the pins anew from requirements/*.in."""
    uv = uv_command()
    if uv is None:
        raise SystemExit("uv could not be installed")
    for env in ENVIRONMENTS.values():
        sources = [env.pins.with_suffix(".in")]
        if env.name == "main":
            sources += [SIMULATOR, BRIDGE]
        options = ["--quiet", "--no-annotate", "--no-header", "--python-version", env.resolve_for]
        command = [*uv, "pip", "compile", *options, *sources]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        env.pins.write_text(f"# Made by `make lock` from {sources[0].name}; not edited by hand.\n{done.stdout}")
        print(f"{env.pins.relative_to(ROOT)}: {len(done.stdout.splitlines())} packages")


def main(names: list[str]) -> int:
    if names == ["lock"]:
        lock()
        return 0
    link()
    for env in ENVIRONMENTS.values() if names == ["all"] else [ENVIRONMENTS[name] for name in names]:
        reason = make(env)
        if reason and env.needed:
            print(f"{env.name}: {reason}", file=sys.stderr)
            return 1
        if reason:
            # what needs this environment says so itself, as a skip in the summary
            print(f"{env.name}: not made: {reason}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
