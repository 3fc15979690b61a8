# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the rules for payloads: each difference is found, and what is valid on the Cloud API raises nothing."""

from __future__ import annotations

import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.lint import documents, fix, messages
from ansible_collections.wabiz.migration.plugins.module_utils._core.lint.catalogue import RULES
from ansible_collections.wabiz.migration.plugins.module_utils._core.lint.rule import SEVERITIES
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.lint.payloads import (
    CLOUD,
    META,
    ONPREM,
    rules,
)
from hypothesis import given
from hypothesis import strategies as st


def test_the_corpus_is_large_enough():
    assert len(META) + len(CLOUD) >= 60


@pytest.mark.parametrize("payload", META + CLOUD, ids=lambda payload: json.dumps(payload)[:60])
def test_what_is_valid_on_the_cloud_api_raises_nothing(payload):
    assert list(documents.search(payload)) == []
    assert list(documents.search({"body": json.dumps(payload)})) == []


@pytest.mark.parametrize(("wanted", "payload"), ONPREM, ids=[",".join(wanted) for wanted, _payload in ONPREM])
def test_each_difference_is_found(wanted, payload):
    assert rules(payload) == sorted(wanted)
    assert rules({"log": {"entries": [{"request": {"postData": {"text": json.dumps(payload)}}}]}}) == sorted(wanted)


# Only links, source code and files have these, or nothing that a payload alone shows.
ELSEWHERE = {"L24", "L25", "L47", "L52", "L90"}


def test_every_rule_has_a_payload_or_another_place():
    found = {rule for wanted, _payload in ONPREM for rule in wanted}
    assert set(RULES) - found == ELSEWHERE


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_is_complete(rule):
    assert rule.severity in SEVERITIES
    assert all((rule.title, rule.why, rule.fix, rule.source, rule.onprem, rule.cloud, rule.looks))
    assert rule.why.endswith(".") and rule.fix.endswith(".") and not rule.title.endswith(".")


SENT = [payload for _wanted, payload in ONPREM if messages.is_message(payload)]
# What only the author of a message can fix.
LEFT = {"L05", "L06", "L08", "L13", "L19", "L51"}


@pytest.mark.parametrize("payload", SENT, ids=lambda payload: json.dumps(payload)[:60])
def test_a_mended_message_has_only_what_its_author_must_fix(payload):
    before = json.dumps(payload)
    mended = fix.fixed(payload)
    assert json.dumps(payload) == before
    assert {hit.rule for hit in messages.check(mended)} <= LEFT
    assert fix.fixed(mended) == mended


@pytest.mark.parametrize("payload", [one for one in META + CLOUD if messages.is_message(one)])
def test_a_valid_message_is_mended_to_itself(payload):
    assert fix.fixed(payload) == payload


def test_media_ids_are_mapped():
    old = "f043afd0-f0ae-4b9c-ab3d-696fb4c8cd68"
    message = {"to": "1", "type": "image", "image": {"id": old}}
    assert fix.fixed(message, {old: "17"})["image"] == {"id": "17"}
    assert fix.fixed(message)["image"] == {"id": old}


def test_an_hsm_becomes_a_template_with_its_parameters():
    hsm = {"namespace": "n", "element_name": "e", "language": {"policy": "fallback", "code": "de"}}
    params = [{"default": "A"}, {"default": "B"}]
    mended = fix.fixed({"to": "1", "type": "hsm", "hsm": {**hsm, "localizable_params": params}})
    assert mended["template"] == {
        "name": "e",
        "language": {"code": "de"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "A"}, {"type": "text", "text": "B"}]}],
    }
    assert "hsm" not in mended and mended["type"] == "template"


def test_an_hsm_with_currencies_stays_as_it_is():
    hsm = {"element_name": "e", "language": {"code": "de"}, "localizable_params": [{"currency": {"amount_1000": 1}}]}
    assert fix.fixed({"to": "1", "type": "hsm", "hsm": hsm})["hsm"] == hsm


def test_one_of_several_buttons_gets_no_index():
    button = {"type": "button", "sub_type": "url", "parameters": [{"type": "text", "text": "x"}]}
    template = {"name": "x", "language": {"code": "en"}, "components": [button, button]}
    assert rules(fix.fixed({"to": "1", "type": "template", "template": template})) == ["L04"]


FOREIGN = [
    {"to": "a@example.com", "type": "text", "subject": "x", "text": "a mail"},
    {"to": {"type": "string"}, "type": {"type": "string"}},
    {"messages": [{"role": "user", "content": "x"}], "model": "m"},
    {"errors": [{"message": "a GraphQL error", "path": ["a"]}]},
    {"errors": [{"code": 400, "title": "t", "status": "400", "source": {}}]},
    {"errors": [{"code": 1000, "title": "t"}], "data": None},
    {"contacts": [{"name": "A"}], "meta": {"page": 1}},
    {"media": [{"id": 5}]},
    {"statuses": [{"id": "1", "status": "open"}]},
    {"method": "POST", "url": "https://api.example.com/v1/messages"},
    {"method": "POST", "url": "https://graph.facebook.com/v21.0/106540352242922/messages"},
    {"namespace": "default", "name": "x", "kind": "Deployment"},
]


@pytest.mark.parametrize("document", FOREIGN)
def test_what_is_something_else_raises_nothing(document):
    assert rules(document) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
NAMES = (
    "to type text image template hsm interactive action buttons sections rows reply components parameters messages "
    "statuses errors contacts id from timestamp code status system voice language index messaging_product body method "
    "url media meta"
)
KEYS = st.sampled_from(NAMES.split())
WORDS = st.sampled_from(
    ["text", "image", "template", "interactive", "hsm", "button", "read", "whatsapp", "voice", "1", ""]
)
LIKELY = st.recursive(
    WORDS | JSON,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)


@given(LIKELY)
def test_no_document_makes_a_rule_fail(document):
    for found in documents.search(document):
        assert found.hits
        for hit in found.hits:
            assert hit.rule in RULES
        if found.kind == documents.MESSAGE:
            mended = fix.fixed(found.value)
            assert fix.fixed(mended) == mended or repr(mended) == repr(fix.fixed(mended))


def test_what_is_too_deep_is_reported():
    deep = []
    for _level in range(300):
        deep = [deep]
    with pytest.raises(documents.TooLargeError):
        list(documents.search(deep))
