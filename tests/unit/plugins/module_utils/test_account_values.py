# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the options about the account of a node may be."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _account_values as values


@pytest.mark.parametrize(("value", "code"), [("49", "49"), (49, "49"), ("+1", "1"), ("420", "420")])
def test_a_country_code(value, code):
    assert values.country_code_of(value) == code


@pytest.mark.parametrize("value", ["0049", "x", "", "+", "1234", -1, True])
def test_no_country_code(value):
    with pytest.raises(ValueError):
        values.country_code_of(value)


def test_shards_are_those_that_a_node_can_have():
    assert [values.shards_of(value) for value in (1, "2", 4, 8, 16, 32)] == [1, 2, 4, 8, 16, 32]
    for value in (0, 3, 33, "many", True):
        with pytest.raises(ValueError):
            values.shards_of(value)


def test_a_certificate_is_one_line_of_base64():
    assert values.certificate_of(" Q2VydGlmaWNhdGUtb2Y= ") == "Q2VydGlmaWNhdGUtb2Y="
    for value in ("short", "Q2VydGlmaWNh\nZHUtb2YtdGhl", "-----BEGIN CERTIFICATE-----", 5):
        with pytest.raises(ValueError):
            values.certificate_of(value)
