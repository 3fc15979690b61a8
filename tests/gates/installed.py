# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: the collection as a user has it: installed from its tarball, nothing of the repository beside it.

On each ansible-core, ansible-doc shows every module and role, and every playbook passes the syntax check by its FQCN.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import artifact
import environments
import tree


def call(python: Path, where: Path, *wording: str) -> subprocess.CompletedProcess[str]:
    variables = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "PYTHONPATH"))}
    variables |= {"ANSIBLE_COLLECTIONS_PATH": str(where), "ANSIBLE_HOME": str(tree.ROOT / "build/ansible-home")}
    command = [str(python.with_name(wording[0])), *wording[1:]]
    return subprocess.run(command, cwd=where, env=variables, text=True, capture_output=True, check=False)


def documented(python: Path, where: Path, kind: str, wanted: list[str]) -> list[str]:
    """Return what ansible-doc does not show of the wanted names."""
    reported = []
    done = call(python, where, "ansible-doc", "--json", "--type", kind, *wanted)
    shown = json.loads(done.stdout) if done.returncode == 0 else {}
    for name in wanted:
        entry = shown.get(name) or {}
        if kind == "module" and not (entry.get("doc") and entry.get("examples") and entry.get("return")):
            reported.append(
                f"ansible-doc does not show options, examples and return values of {name}: {done.stderr.strip()}"
            )
        if kind == "role" and not entry.get("entry_points"):
            reported.append(f"ansible-doc does not show the inputs of the role {name}: {done.stderr.strip()}")
    return reported


def faults(python: Path, where: Path) -> list[str]:
    """Return what does not work in the installed collection under the ansible-core of this Python."""
    home = where / "ansible_collections/wabiz/migration"
    modules = sorted(f"wabiz.migration.{path.stem}" for path in home.glob("plugins/modules/[a-z]*.py"))
    roles = sorted(f"wabiz.migration.{path.parent.name}" for path in home.glob("roles/*/meta"))
    playbooks = sorted(f"wabiz.migration.{path.stem}" for path in home.glob("playbooks/*.yml"))
    reported = [
        f"the collection has no {what}"
        for what, names in (("modules", modules), ("roles", roles), ("playbooks", playbooks))
        if not names
    ]
    reported += documented(python, where, "module", modules) if modules else []
    reported += documented(python, where, "role", roles) if roles else []
    for name in playbooks:
        done = call(python, where, "ansible-playbook", "--syntax-check", "--inventory", "localhost,", name)
        if done.returncode:
            reported.append(f"{name} fails the syntax check: {done.stdout.strip()} {done.stderr.strip()}")
    print(f"{len(modules)} modules, {len(roles)} roles, {len(playbooks)} playbooks")
    return reported


def main() -> int:
    tarball = artifact.build(tree.copy("installed"), tree.ROOT / "build/installed-dist")
    where = tree.ROOT / "build/installed"
    galaxy = Path(sys.executable).with_name("ansible-galaxy")
    install = [galaxy, "collection", "install", "--offline", "--force", "--collections-path", where, tarball]
    subprocess.run([str(word) for word in install], check=True)
    status = 0
    for name in ("core-2.18", "main", "core-2.21"):
        env = environments.ENVIRONMENTS[name]
        if not env.python.exists():
            print(f"{name}: SKIPPED: this environment is not there")
            continue
        reported = faults(env.python, where)
        print(f"{name}: " + ("\n  ".join(reported) if reported else "all shown, all playbooks parse"))
        status |= bool(reported)
    return status


if __name__ == "__main__":
    sys.exit(main())
