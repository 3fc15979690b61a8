# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: copies of the collection at a path that ends in ansible_collections/wabiz/migration, as Ansible's tools want.

A copy holds what git would: the tracked files and the new ones, as they lie in the working tree, nothing ignored.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TREES = ROOT / "build" / "trees"


def listed(root: Path = ROOT) -> list[str]:
    """Return the files that git tracks or would add, as far as they exist."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return sorted(name for name in done.stdout.split("\0") if name and (root / name).is_file())


def copy(name: str, *, root: Path = ROOT, under: Path = TREES) -> Path:
    """Make a fresh copy, a git repository of its own, and return its path."""
    top = under / name
    shutil.rmtree(top, ignore_errors=True)
    tree = top / "ansible_collections" / "wabiz" / "migration"
    for file in listed(root):
        target = tree / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / file, target, follow_symlinks=False)
    # ansible-test and ansible-lint ask git which files there are
    subprocess.run(["git", "-C", str(tree), "init", "--quiet"], check=True)
    subprocess.run(["git", "-C", str(tree), "add", "--all"], check=True)
    return tree


def collections_path(tree: Path) -> str:
    """Return the directory above ansible_collections, as ANSIBLE_COLLECTIONS_PATH wants it."""
    return str(tree.parents[2])
