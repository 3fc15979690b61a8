# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bridge's rules on signatures, tokens, back-off and settings."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.support.bridge import signature
from hypothesis import given
from hypothesis import strategies as st
from wabiz_bridge.backoff import Policy
from wabiz_bridge.config import ConfigError, checked, load
from wabiz_bridge.signature import basic, issue, issued, same, signed


def test_a_signature_of_any_of_the_secrets_is_good() -> None:
    body = b'{"a":"\xc3\xa4"}'
    for secret in ("old", "new"):
        assert signed(["old", "new"], body, signature(body, secret))
    for header in (None, "", "sha256=", signature(body, "other"), signature(b"x", "old"), "sha1=00", "sha256=\xff"):
        assert not signed(["old", "new"], body, header)
    assert not signed([], body, signature(body, ""))


@given(st.text(), st.binary())
def test_no_header_by_chance_is_good(header: str, body: bytes) -> None:
    assert not signed(["secret"], body, header)


def test_an_empty_text_equals_nothing() -> None:
    assert same("a", "a") and not same("a", "b") and not same("", "") and not same("a", "")


def test_a_token_ends_with_its_time_and_with_its_password() -> None:
    token = issue("password", 100)
    assert issued("password", token, 99.0)
    assert not issued("password", token, 100.0) and not issued("other", token, 99.0) and not issued("", token, 99.0)
    for wrong in ("", ".", "100", "101." + token.split(".")[1], "1" * 5000, "²." + token):
        assert not issued("password", wrong, 99.0)


def test_user_and_password_are_read_of_a_basic_header() -> None:
    assert basic("Basic " + base64.b64encode(b"admin:a:b").decode()) == ("admin", "a:b")
    for wrong in ("", "Bearer x", "Basic ###", "Basic " + base64.b64encode(b"no colon").decode(), "Basic /w=="):
        assert basic(wrong) is None


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 10**6))
def test_a_wait_stays_between_half_of_the_first_and_the_longest(failures: int, chance: float, stated: float) -> None:
    policy = Policy(first=2.0, longest=60.0)
    assert 1.0 <= policy.wait(failures, chance, stated) <= 60.0
    assert policy.wait(failures, chance) <= policy.wait(failures + 1, 1.0)


def test_an_event_is_given_up_after_tries_or_age() -> None:
    policy = Policy(max_tries=3, max_age=100)
    assert not policy.dead(2, 99) and "3 times" in policy.dead(3, 0) and "100 s" in policy.dead(0, 100)


def test_all_faults_are_named_at_once_and_no_secret_is(tmp_path: Path) -> None:
    config, secrets = tmp_path / "config.json", tmp_path / "secrets.json"
    wrong = {"port": "x", "other": 1, "retry": {"first": 0}, "shape": {"played": "no"}, "tls_key": "k", "path": "w"}
    config.write_text(json.dumps(wrong))
    secrets.write_text(json.dumps({"app_secrets": ["hidden"], "consumers": {"default": "ftp://hidden"}}))
    with pytest.raises(ConfigError) as raised:
        load(config, secrets)
    text = str(raised.value)
    for words in ("port", "unknown option other", "first", "played", "tls_key", "path", "verify_token", "consumers"):
        assert words in text
    assert "hidden" not in text


@pytest.mark.parametrize(
    "address",
    ["http://user:hidden@ex\u2100mple.com/", "http://[hidden/", "http://x:hidden/", "ftp://hidden", "hidden", 7],
)
def test_an_address_that_cannot_be_parsed_is_not_shown(address: Any) -> None:
    secrets = {"app_secrets": ["a"], "verify_token": "v", "consumers": {"default": address}}
    with pytest.raises(ConfigError) as raised:
        checked({"database": "/x/y.db"}, secrets)
    assert "consumers" in str(raised.value) and "hidden" not in str(raised.value)


def test_settings_show_no_secret(tmp_path: Path) -> None:
    config, secrets = tmp_path / "config.json", tmp_path / "secrets.json"
    config.write_text(json.dumps({"database": "/x/y.db", "shape": {"error_codes": {"131026": 1013}}}))
    secrets.write_text(json.dumps({"app_secrets": ["hidden"], "verify_token": "hidden", "access_token": "hidden"}))
    settings = load(config, secrets)
    assert "hidden" not in repr(settings) and settings.shape.error_codes == {131026: 1013}
