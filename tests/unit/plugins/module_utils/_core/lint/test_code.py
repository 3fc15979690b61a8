# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the rules for source code: what speaks the On-Premises API is found, and anything else is left alone."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.lint import accepted, code, code_paths
from ansible_collections.wabiz.migration.plugins.module_utils._core.lint.evidence import Evidence
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.lint import sources
from hypothesis import given
from hypothesis import strategies as st


def found(*texts):
    """Return the rules of the last of some files of one project."""
    files = [(text, code.split(text)) for text in texts]
    project = Evidence()
    for text, lines in files:
        project = project.joined(code.evidence(text, lines))
    text, lines = files[-1]
    return [line.rule for line in code.check(lines, code.evidence(text, lines), project)]


@pytest.mark.parametrize("language", sources.ONPREM)
def test_a_client_of_the_on_premises_api_is_found(language):
    assert sorted(set(found(sources.ONPREM[language]))) == sources.RULES[language]


@pytest.mark.parametrize("language", sources.CLOUD)
def test_a_client_of_the_cloud_api_raises_nothing(language):
    assert found(sources.CLOUD[language]) == []
    assert found(*sources.CLOUD.values(), *sources.FOREIGN.values(), sources.CLOUD[language]) == []


@pytest.mark.parametrize("language", sources.FOREIGN)
def test_a_project_without_whatsapp_raises_nothing(language):
    assert found(*sources.FOREIGN.values(), sources.FOREIGN[language]) == []


@pytest.mark.parametrize("language", sources.ONPREM)
def test_a_client_is_found_beside_one_of_the_cloud_api(language):
    beside = set(found(sources.CLOUD["js"], sources.CLOUD["py"], sources.ONPREM[language]))
    assert beside and beside <= set(sources.RULES[language])


@pytest.mark.parametrize("language", sources.CLOUD)
def test_a_client_of_the_cloud_api_raises_nothing_beside_one_that_is_left(language):
    # What is in every file, such as a path, may be meant for the other one.
    assert found(sources.ONPREM["php"], sources.CLOUD[language]) == [] or language in ("ts",)


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ('url = base + "/v1/messages"', ["L02"]),
        ('requests.put(f"{base}/v1/messages/{id}")', ["L14"]),
        ('requests.delete(f"{base}/v1/media/{id}")', ["L33"]),
        ('requests.get(f"{base}/v1/media/{id}")', ["L32"]),
        ('requests.post(f"{base}/v1/media")', ["L30"]),
        ("https://node:9090/v1/contacts", ["L15"]),
        ("https://api.example.com/api/v1/messages", []),
        ("https://api.anthropic.com/v1/messages", []),
        ("xv1/messages", []),
        ("v1/messages-archive", []),
        ("/v1/messagesque", []),
    ],
)
def test_paths_of_a_line(line, rules):
    assert [path.rule for path in code_paths.paths(line)] == rules


def test_a_handler_of_webhooks_is_found_where_nothing_speaks_the_cloud_api():
    handler = "# whatsapp\nfor s in data['statuses']: x(s)\nif data['messages'][0]['type'] == 'voice': y()\n"
    assert found(handler) == ["L18", "L17"]
    assert found(sources.CLOUD["py"], handler) == []


def test_a_code_by_voice_is_no_message():
    assert "L18" not in found(
        sources.ONPREM["py"], 'whatsapp = 1\nif method == "sms":\n    x()\nif method == "voice":\n'
    )


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ('$this->client()->post("messages", $body);', "L02"),
        ("await client.PostAsync('contacts', body)", "L15"),
        ('$http->request("POST", "media", $file);', "L30"),
        ('url = settings["url"] + "contacts"', "L15"),
        ('f"{base}/messages"', "L02"),
    ],
)
def test_a_path_without_its_version(line, rule):
    assert rule in found(sources.ONPREM["py"], "# whatsapp\n" + line)
    assert found(sources.CLOUD["py"], "# whatsapp\n" + line) == []


def test_comments_are_no_code():
    assert code.split("# a\n// b\n * c\nd\n<!-- e") == ["", "", "", "d", ""]


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ("x = 1  # wabiz: ignore L10", {"L10"}),
        ("// wabiz:ignore L10, L11", {"L10", "L11"}),
        ("/* wabiz: ignore l09 */", {"L09"}),
        ("# wabiz: ignore", {"*"}),
        ("# wabiz ignores nothing", set()),
        ("ignore L10", set()),
    ],
)
def test_ignore_comments(line, rules):
    assert accepted.ignored(line) == rules


def test_a_baseline_accepts_as_often_as_it_was_recorded():
    finding = {"rule": "L01", "file": "a", "pointer": "", "seen": "", "line": 3}
    baseline = accepted.Baseline(accepted.parse(accepted.baseline([finding, finding])))
    moved = {**finding, "line": 9}
    assert [baseline.accepts(moved) for _time in range(3)] == [True, True, False]
    assert baseline.unused == []
    assert accepted.Baseline({"x": 1}).unused == ["x"]


@pytest.mark.parametrize("document", [None, [], {}, {"version": 2}, {"version": 1, "accepted": {"a": "1"}}])
def test_what_is_no_baseline(document):
    with pytest.raises(ValueError, match=r"expected|must"):
        accepted.parse(document)


TEXT = """whatsapp v1/messages blocking 'wait' errors[0] voice hsm namespace { } : 470 case code == ' " ( ) https:// .
localizable_params recipient_type messages [0] statuses body request.data .get(" in isset( $x-> policy language
template element_name @namespace {get /v1/contacts/{id} /identity /v1/configs/templates waba.360dialog.io
waba-v2.360dialog.io partners/ messaging_product graph.facebook.com } /media/{id} %s router.get( users/login"""
WORDS = st.sampled_from([*TEXT.split(), "\n", " "])


@given(st.lists(WORDS | st.text(max_size=6), max_size=40).map("".join))
def test_no_text_makes_a_rule_fail(text):
    lines = code.split(text)
    own = code.evidence(text, lines)
    for line in code.check(lines, own, own):
        assert 1 <= line.number <= len(lines)
