# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the rules for one value: what people write, what it becomes, and what is refused."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _addresses, _values


@pytest.mark.parametrize(
    ("value", "pin"),
    [("001234", "001234"), ("999999", "999999"), (100000, "100000"), (123456, "123456"), (999999, "999999")],
)
def test_pin_is_taken(value, pin):
    assert _values.pin_of(value) == pin


@pytest.mark.parametrize(
    "value",
    [
        668,
        1234,
        99999,
        1000000,
        -123456,
        True,
        False,
        123456.0,
        1e5,
        "12345",
        "1234567",
        "12345a",
        " 12345",
        "123456\n",
        "١٢٣٤٥٦",
        "",
        None,
        ["123456"],
        b"123456",
    ],
)
def test_pin_is_refused_and_not_repeated(value):
    with pytest.raises(ValueError, match="six digits") as caught:
        _values.pin_of(value)
    if value and len(str(value)) > 2:
        assert str(value) not in str(caught.value).replace("001234", "")


@pytest.mark.parametrize(
    ("value", "text"), [("106540352242922", "106540352242922"), (106540352242922, "106540352242922")]
)
def test_id_is_taken(value, text):
    assert _values.id_of(value) == text


@pytest.mark.parametrize(
    "value",
    [
        True,
        1.5,
        "+1 631",
        "12a",
        "١٢",
        -5,
        "",
        None,
        {},
        "12\n",
        0,
        83,
        "0",
        "1234",
        "0106540352242922",
        "1" * 21,
        10**200,
    ],
)
def test_id_is_refused(value):
    with pytest.raises(ValueError, match=r"id (is|has|does)"):
        _values.id_of(value)


@pytest.mark.parametrize("value", ["+1 631-555-1019", "1 (631) 555.1019", 16315551019, "16315551019"])
def test_phone_number_is_its_digits(value):
    assert _values.phone_number_of(value) == "16315551019"


@pytest.mark.parametrize("value", ["", "12345", "1" * 16, "1+6315551019", "six", True, 1.5])
def test_phone_number_is_refused(value):
    with pytest.raises(ValueError):
        _values.phone_number_of(value)


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("https://localhost:9090/", "https://localhost:9090"),
        ("https://gate.example.com/node7", "https://gate.example.com/node7"),
        ("http://127.0.0.44:8080", "http://127.0.0.44:8080"),
        ("https://[::1]:9090", "https://[::1]:9090"),
    ],
)
def test_url_is_taken(value, url):
    assert _addresses.url_of(value) == url


@pytest.mark.parametrize(
    "value",
    [
        "localhost:9090",
        "ftp://host",
        "https://",
        "https://user:hidden@host",
        "https://host?x=1",
        "https://host/?",
        "https://host#x",
        "https://host:port",
        "https://host:99999",
        "https://ho st",
        "https://host\n",
        "http://node.example.com",
        "http://127.0.0.1.example.com",
        "https://host:9090/v1",
        "https://graph.facebook.com/v25.0/",
        "https://[::1",
        5,
        None,
    ],
)
def test_url_is_refused(value):
    with pytest.raises(ValueError) as caught:
        _addresses.url_of(value)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("value", [25.0, "25.0", "v25", "V25.0", "v25.0/", "latest", 25])
def test_version_is_refused(value):
    with pytest.raises(ValueError, match=r"v25\.0"):
        _values.version_of(value)


@pytest.mark.parametrize("value", ["EAAB\n", "EA AB", "EAÄB", "EA\x00B", 12345])
def test_token_that_would_break_its_header_is_refused(value):
    with pytest.raises(ValueError):
        _values.token_of(value)


@pytest.mark.parametrize("rule", [_values.secret_of, _values.token_of])
@pytest.mark.parametrize("value", ["secret\n", "sec\nret", "\tsecret", "secret\r\n", "sec\x00ret", "secret\x7f"])
def test_a_secret_with_a_line_break_is_refused_and_not_repeated(rule, value):
    with pytest.raises(ValueError, match=r"line break or another control character") as caught:
        rule(value)
    assert "ret" not in str(caught.value).replace("encrypt_string", "")


@pytest.mark.parametrize("value", ["taco cat", " spaces count ", "ünïcode ☃", "{{ braces }}", "x" * 5000])
def test_a_password_is_any_text(value):
    assert _values.secret_of(value) == value


@pytest.mark.parametrize("value", [-1, 11, "11", 2.0, True, "ten", None, [], float("nan")])
def test_an_integer_out_of_bounds_is_refused(value):
    with pytest.raises(ValueError, match=r"expected an integer|must be 0 to 10, got"):
        _values.whole(0, 10)(value)


@pytest.mark.parametrize(
    "value", [-0.1, 61, "61", float("nan"), float("inf"), "-inf", ".nan", "1e30", True, "soon", None]
)
def test_a_time_out_of_bounds_is_refused(value):
    with pytest.raises(ValueError, match=r"expected a number of seconds|must be 0 to 60 seconds, got"):
        _values.seconds(0, 60)(value)


@pytest.mark.parametrize("value", [0, 60, "0", "60", 0.5, "1e1"])
def test_bounds_are_allowed_themselves(value):
    assert _values.seconds(0, 60)(value) == float(value)


@pytest.mark.parametrize("value", [5, True, {"a": 1}, ["a", ""], "a,,b", [None], [["a"]], ["a", 1.5]])
def test_a_list_with_what_is_no_text_is_refused(value):
    with pytest.raises(ValueError, match=r"expected|empty"):
        _values.list_of_text(value)
