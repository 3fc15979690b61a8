# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: the collection's tarball: built from a clean copy, and held against what it must and must not hold."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from pathlib import Path

import tree

DIST = tree.ROOT / "build" / "dist"

# an installed collection works with these alone; everything else in the tarball is a mistake
WANTED = re.compile(
    r"(?:MANIFEST\.json|FILES\.json|LICENSE|README\.md|CHANGELOG\.rst|meta/.+\.(?:yml|txt)|changelogs/(?:config|changelog)\.yaml"
    r"|docs/.+\.(?:md|rst|yml|svg|png)|docs/schemas/.+\.json|playbooks/.+"
    r"|plugins/plugin_utils/report_page/.+\.(?:j2|css|js)"
    r"|plugins/(?:modules|module_utils|action|plugin_utils|doc_fragments|lookup|callback"
    r"|inventory)/.+\.(?:py|yml)|roles/[a-z0-9_]+/.+)"
)
NEVER = re.compile(r"(?:^|/)(?:\.[^/]+|__pycache__|[^/]+\.py[co]|[^/]+\.(?:log|jsonl|retry|pem|key))(?:/|$)")
ALWAYS = (
    "CHANGELOG.rst",
    "LICENSE",
    "README.md",
    "changelogs/changelog.yaml",
    "meta/ee-requirements.txt",
    "meta/execution-environment.yml",
    "meta/runtime.yml",
    "playbooks/migrate.yml",
    "playbooks/preflight.yml",
    "roles/simulator/files/requirements.txt",
    "roles/simulator/tasks/main.yml",
    "roles/webhook_bridge/files/requirements.txt",
    "roles/webhook_bridge/files/wabiz_bridge/app.py",
    "roles/wa_migrate/meta/argument_specs.yml",
    "roles/wa_migrate/tasks/main.yml",
)


def build(source: Path, into: Path = DIST) -> Path:
    """Build the tarball of a copy of the collection and return its path."""
    into.mkdir(parents=True, exist_ok=True)
    for old in into.glob("*.tar.gz"):
        old.unlink()
    command = [
        Path(sys.executable).with_name("ansible-galaxy"),
        "collection",
        "build",
        "--force",
        "--output-path",
        into,
        source,
    ]
    subprocess.run([str(word) for word in command], check=True)
    (found,) = into.glob("*.tar.gz")
    return found


def faults(tarball: Path, source: Path) -> list[str]:
    """Return what is wrong with the content of a tarball, in words, all of it."""
    with tarfile.open(tarball) as archive:
        names = {member.name for member in archive.getmembers() if not member.isdir()}
    reported = [f"does not belong into the tarball: {name}" for name in sorted(names) if not WANTED.fullmatch(name)]
    reported += [f"must never be in the tarball: {name}" for name in sorted(names) if NEVER.search(name)]
    # everything in these directories is needed at run time: nothing of it may get lost on the way
    needed = {name for name in tree.listed(source) if name.split("/")[0] in {"meta", "playbooks", "plugins", "roles"}}
    reported += [f"is missing in the tarball: {name}" for name in sorted((needed | set(ALWAYS)) - names)]
    return reported


def main() -> int:
    source = tree.copy("artifact")
    tarball = build(source)
    reported = faults(tarball, source)
    print("\n".join(reported) if reported else f"{tarball.relative_to(tree.ROOT)} holds what it must and nothing else")
    return 1 if reported else 0


if __name__ == "__main__":
    sys.exit(main())
