# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: the pins are whole: each stated package is pinned as stated, has a reason, and no two files disagree."""

from __future__ import annotations

import re
from pathlib import Path

import environments
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.gate
ENVIRONMENTS = sorted(environments.ENVIRONMENTS)


def stated(text: str) -> list[tuple[Requirement, str]]:
    """Return the requirements of a file, each with its comment."""
    rows = [re.match(r"([^#\s][^#]*?)\s*(?:#\s*(.*))?$", line) for line in text.splitlines()]
    return [(Requirement(row[1]), row[2] or "") for row in rows if row]


def pinned(name: str) -> dict[str, str]:
    rows = stated(environments.ENVIRONMENTS[name].pins.read_text())
    return {canonicalize_name(row.name): str(row.specifier).removeprefix("==") for row, _reason in rows}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_stated_package_is_pinned_as_stated_and_has_a_reason(name: str) -> None:
    pins = pinned(name)
    source = environments.ENVIRONMENTS[name].pins.with_suffix(".in")
    for requirement, reason in stated(source.read_text()):
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), requirement
        assert reason, f"{requirement} has no reason"


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_pin_is_exact(name: str) -> None:
    assert all(re.fullmatch(r"[0-9][0-9A-Za-z.]*", version) for version in pinned(name).values())


@pytest.mark.parametrize("path", [environments.SIMULATOR, environments.BRIDGE], ids=lambda path: path.parts[-3])
def test_the_main_environment_carries_what_a_role_installs(path: Path) -> None:
    pins = pinned("main")
    for requirement, reason in stated(path.read_text()):
        assert reason, f"{requirement} has no reason"
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), (
            f"{requirement}: run make lock"
        )


def test_the_oldest_requests_is_the_same_everywhere() -> None:
    oldest = pinned("py38")["requests"]
    image = stated((environments.ROOT / "meta/ee-requirements.txt").read_text())
    assert f"requests>={oldest}" in [str(row) for row, _reason in image]


def test_the_oldest_ansible_core_is_the_one_that_is_tested() -> None:
    runtime = yaml.safe_load((environments.ROOT / "meta/runtime.yml").read_text())
    assert runtime["requires_ansible"] == ">=2.18.0"
    assert pinned("core-2.18")["ansible-core"].startswith("2.18.")
