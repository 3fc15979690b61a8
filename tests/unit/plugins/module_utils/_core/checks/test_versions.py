# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the versions rule: a version that is served by another, has expired, or will soon."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
import yaml
from ansible_collections.wabiz.migration.plugins.doc_fragments.graph import ModuleDocFragment
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import versions
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import times
from ansible_collections.wabiz.migration.plugins.module_utils._operations import options

DAY = 86400.0
END = times.instant("2027-01-21")
ROLE = Path(__file__).parents[6] / "roles" / "wa_migrate"


@pytest.mark.parametrize(
    ("asked", "served", "now", "message"),
    [
        ("v25.0", "v25.0", END, None),
        ("v25.0", "", END, None),
        ("v26.0", "", END, None),
        # newer than the table
        ("v31.0", "v31.0", END, None),
        ("v19.0", "v21.0", END, "serves v21.0 in place of v19.0"),
        ("v31.0", "v26.0", END, "serves v26.0"),
        ("v21.0", "v21.0", END - 31 * DAY, None),
        ("v21.0", "v21.0", END - 29 * DAY, "v21.0 expires on 2027-01-21"),
        ("v21.0", "v21.0", END, "v21.0 expired on 2027-01-21"),
    ],
)
def test_failures(asked, served, now, message):
    found = versions.failures(asked, served, now)
    assert len(found) == (message is not None)
    assert message is None or message in found[0].details


def test_the_table_is_data_with_dates_and_a_source():
    assert versions.SOURCE and times.instant(versions.READ_ON)
    numbers = [int(re.match(r"^v([0-9]+)\.0\Z", name).group(1)) for name in versions.EXPIRES]
    assert numbers == sorted(numbers)
    days = [times.instant(day) for day in versions.EXPIRES.values() if day is not None]
    assert None not in days and days == sorted(days)


def test_the_default_is_served_for_two_more_years():
    """A fleet is moved over months, and nobody looks at the version again. Where this fails, take a newer default."""
    assert versions.DEFAULT in versions.EXPIRES
    end = times.instant(versions.EXPIRES[versions.DEFAULT])
    today = max(time.time(), times.instant(versions.READ_ON))
    assert end is None or end >= today + 2 * 365 * DAY


def test_the_default_is_the_same_everywhere():
    assert options.GraphConnection().graph_version == versions.DEFAULT
    stated = [
        yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]["graph_version"],
        yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]["options"][
            "wa_migrate_graph_version"
        ],
    ]
    assert [one["default"] for one in stated] == [versions.DEFAULT] * 2
    assert all("V(%s)" % versions.DEFAULT in str(one["description"]) for one in stated)
    assert yaml.safe_load((ROLE / "defaults" / "main.yml").read_text())["wa_migrate_graph_version"] == versions.DEFAULT
