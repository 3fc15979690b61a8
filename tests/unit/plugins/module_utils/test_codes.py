# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How codes and languages are written, and what is none."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _codes


@pytest.mark.parametrize("written", ["123-456", "123 456", "123456", " 123456 ", 123456])
def test_a_code_as_it_is_sent(written):
    assert _codes.code_of(written) == "123456"


def test_a_code_that_begins_with_zero():
    assert _codes.code_of("012345") == "012345"


@pytest.mark.parametrize(
    "written",
    [
        "12345",
        "1234567",
        "12-3456",
        "123--456",
        "123–456",
        "１２３４５６",
        "12345a",
        "",
        5349,
        True,
        None,
        1.5,
        ["123456"],
    ],
)
def test_what_is_no_code_and_is_not_repeated(written):
    with pytest.raises(ValueError, match="six digits") as raised:
        _codes.code_of(written)
    assert not isinstance(written, str) or '"%s"' % written not in str(raised.value)


@pytest.mark.parametrize("written", ["en_US", "pt_BR", "de_DE", "zh_CN"])
def test_a_language(written):
    assert _codes.language_of(written) == written


@pytest.mark.parametrize("written", ["en", "EN_us", "en-US", "xx_XX", "english", 5, None])
def test_what_is_no_language(written):
    with pytest.raises(ValueError, match="language"):
        _codes.language_of(written)
