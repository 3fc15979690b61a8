# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: the changelog knows every module and role; `make changelog` takes them in anew."""

from __future__ import annotations

import pytest
import tree
import yaml

pytestmark = pytest.mark.gate
CHANGELOG = yaml.safe_load((tree.ROOT / "changelogs/changelog.yaml").read_text())


def test_every_module_and_role_was_announced_by_a_release() -> None:
    releases = CHANGELOG["releases"].values()
    modules = {entry["name"] for release in releases for entry in release.get("modules", [])}
    roles = {entry["name"] for release in releases for entry in release.get("objects", {}).get("role", [])}
    assert modules == {path.stem for path in tree.ROOT.glob("plugins/modules/[a-z]*.py")}
    assert roles == {path.parents[1].name for path in tree.ROOT.glob("roles/*/meta/argument_specs.yml")}


def test_the_newest_release_is_the_version_of_the_collection() -> None:
    galaxy = yaml.safe_load((tree.ROOT / "galaxy.yml").read_text())
    assert list(CHANGELOG["releases"])[-1] == galaxy["version"]
