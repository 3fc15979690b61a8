# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: ansible-test sanity in a copy of the collection, with nothing ignored.

ansible-test makes its own virtual environments below the home directory: it is given one in build/, so that the user's
stays as it is and a second run finds them again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import environments
import tree

HOME = tree.ROOT / "build" / "ansible-test-home"

# ansible-test downloads pip's bootstrap script from a host that is often out of reach; Python's own pip does as well
BOOTSTRAP = """\
import ensurepip
import glob
import os
import sys

sys.path.insert(0, sorted(glob.glob(os.path.join(os.path.dirname(ensurepip.__file__), "_bundled", "pip-*.whl")))[-1])
from pip._internal.cli.main import main

sys.exit(main(["install", "-q"] + [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]))
"""
PIPS = ("24_2", "25_2")  # what ansible-core 2.18 and 2.19, and 2.20 and later ask for


def home() -> Path:
    """Make the home directory that ansible-test sees, with the user's settings and cache of pip in it."""
    cache = HOME / ".ansible/test/cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in PIPS:
        (cache / f"get_pip_{version}.py").write_text(BOOTSTRAP)
    for name in (".cache/pip", ".config/pip"):
        real, seen = Path.home() / name, HOME / name
        if real.is_dir() and not seen.exists():
            seen.parent.mkdir(parents=True, exist_ok=True)
            seen.symlink_to(real)
    return HOME


def ignored(source: Path) -> list[str]:
    """Return the entries of ignore files; an entry would be a fault that nobody fixes."""
    files = source.glob("tests/sanity/ignore*.txt")
    return [f"{file.name}: {line}" for file in files for line in file.read_text().splitlines() if line.strip()]


def check(name: str, target: str, source: Path, *tests: str) -> int:
    """Run ansible-test sanity of one environment's ansible-core, for the Python of another one, in a copy."""
    entries = ignored(source)
    if entries:
        print("the ignore list must be empty:", *entries, sep="\n  ")
        return 1
    controller, python = (environments.ENVIRONMENTS[word].python for word in (name, target))
    probe = [str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2], sys.base_prefix)"]
    version, prefix = subprocess.run(probe, check=True, capture_output=True, text=True).stdout.strip().split(" ", 1)
    variables = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "PYTHONPATH"))}
    # found by ansible-test through PATH: both Pythons by their versions, and shellcheck
    path = os.pathsep.join([str(controller.parent), f"{prefix}/bin", os.environ["PATH"]])
    variables |= {"HOME": str(home()), "PATH": path}
    command = [controller.with_name("ansible-test"), "sanity", "--venv", "--python", version, "--color", "no", *tests]
    return subprocess.run([str(word) for word in command], cwd=source, env=variables, check=False).returncode


def main(name: str, target: str = "", *tests: str) -> int:
    """Check with the ansible-core of the environment ``name``, for the Python of ``target`` (without it, the same)."""
    target = target or name
    return check(name, target, tree.copy(f"sanity-{name}-{target}"), *tests)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
