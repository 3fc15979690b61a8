# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of options as typed values: what they hold, that nothing changes them, and that they show no secret."""

from __future__ import annotations

import dataclasses
import pprint

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES

SECRET = "S3cret-value"
NAMES = sorted(MODULES)


@pytest.mark.parametrize("name", NAMES)
def test_no_way_of_showing_options_shows_a_secret(name):
    module = MODULES[name]
    options = module.typed(dict.fromkeys(module.every_option, SECRET))
    for shown in (repr(options), str(options), f"{options}", pprint.pformat(options), repr([options])):
        assert SECRET not in shown


@pytest.mark.parametrize("name", NAMES)
def test_nothing_changes_options(name):
    options = MODULES[name].typed({})
    for field in dataclasses.fields(options):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(options, field.name, "another")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_handed_in_has_its_default(name):
    module = MODULES[name]
    options = module.typed({})
    for option, spec in module.every_option.items():
        assert getattr(options, option) == spec.get("default"), option


@pytest.mark.parametrize("name", NAMES)
def test_two_tasks_share_no_default(name):
    module = MODULES[name]
    first, second = module.typed({}), module.typed({})
    for option, spec in module.every_option.items():
        if isinstance(spec.get("default"), (list, dict)):
            assert getattr(first, option) is not getattr(second, option), option
            assert getattr(first, option) is not spec["default"], option


def test_what_is_no_option_can_be_handed_over_and_not_stated():
    module = MODULES["wa_report"]
    assert module.typed({"results": {"h": {}}, "no_such_option": 1}).results == {"h": {}}
    assert {"results", "groups"} & set(module.every_option) == set()
