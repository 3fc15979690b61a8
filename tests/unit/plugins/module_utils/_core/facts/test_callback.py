# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is shown and kept of a webhook's address."""

from __future__ import annotations

import hashlib
import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import callback


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://h.example.com/in?auth=s3cret", "https://h.example.com/in"),
        ("https://user:s3cret@h.example.com/in", "https://h.example.com/in"),
        ("https://h.example.com/in#s3cret", "https://h.example.com/in"),
        ("https://h.example.com/in?a=b@s3cret", "https://h.example.com/in"),
        ("https://h.example.com/a@b", "https://h.example.com/a@b"),
    ],
)
def test_no_secret_of_a_webhook_is_kept(url, kept):
    found = callback.address(url)
    assert found["url"] == kept
    assert "s3cret" not in json.dumps(found)


def test_another_secret_is_seen_by_its_digest():
    one, other = (callback.address("https://h.example.com/in?auth=" + word) for word in ("one", "two"))
    assert one["url"] == other["url"] and one != other
    assert one["query_sha256"] == hashlib.sha256(b"auth=one").hexdigest()


def test_a_node_without_an_address_is_shown_as_it_is():
    assert callback.shown({"max_concurrent_requests": 6}) == {"max_concurrent_requests": 6}
    found = callback.shown({"url": "https://h.example.com/in?auth=s3cret", "max_concurrent_requests": 6})
    assert found == {**callback.address("https://h.example.com/in?auth=s3cret"), "max_concurrent_requests": 6}
