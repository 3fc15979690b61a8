# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of reading fields that a Graph version may not know: what informs is left out, what decides counts."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api import envelope, errors, options
from ansible_collections.wabiz.migration.plugins.module_utils._operations.number_info import DECISIVE as NUMBER
from ansible_collections.wabiz.migration.plugins.module_utils._operations.number_info import known_fields, located, read

DECISIVE = ("id", "status")
WHERE = errors.Where(options.GRAPH, "1", "GET", "/v25.0/1", "phone_number_id")


def refusal(message, code=100, **more):
    return envelope.answer_error(WHERE, 400, {"error": {"message": message, "code": code, **more}})


def unknown(name, kind="WhatsAppBusinessPhoneNumber"):
    return refusal("(#100) Tried accessing nonexisting field (%s) on node type (%s)" % (name, kind))


def of(knows, refuse):
    """Return a fetch of a Graph that knows some fields, and the requests that it got."""
    asked = []

    def fetch(fields):
        asked.append(list(fields))
        strange = [name for name in fields if name not in knows]
        if strange:
            raise refuse(strange[0])
        return dict.fromkeys(fields, "x")

    return fetch, asked


def test_all_are_known():
    fetch, asked = of({"id", "status", "mode"}, unknown)
    assert known_fields(fetch, ("id", "status", "mode"), DECISIVE) == ({"id": "x", "status": "x", "mode": "x"}, [])
    assert len(asked) == 1


def test_unknown_ones_that_inform_are_left_out_one_by_one():
    fetch, asked = of({"id", "status", "mode"}, unknown)
    found, left_out = known_fields(fetch, ("id", "old", "status", "mode", "new"), DECISIVE)
    assert (set(found), left_out) == ({"id", "status", "mode"}, ["old", "new"])
    assert len(asked) == 3


def test_a_new_name_for_a_number_leaves_out_what_informs():
    fetch, asked = of({"id", "status"}, lambda name: unknown(name, "WhatsAppAccountNumber"))
    assert known_fields(fetch, ("id", "mode", "status"), DECISIVE) == ({"id": "x", "status": "x"}, ["mode"])
    assert len(asked) == 2


def test_a_refusal_that_names_no_field_leaves_what_decides():
    fetch, asked = of({"id", "status"}, lambda _name: refusal("Invalid parameter"))
    found, left_out = known_fields(fetch, ("id", "mode", "status", "new"), DECISIVE)
    assert (set(found), left_out, len(asked)) == ({"id", "status"}, ["mode", "new"], 2)


@pytest.mark.parametrize(
    ("refuse", "requests"),
    [
        (unknown, 1),
        (lambda _name: unknown("never_asked_for"), 1),
        # The ID of another object knows no field of a number: fewer of them would end the same way.
        (lambda _name: unknown("mode", "WhatsAppBusinessAccount"), 1),
        (lambda _name: unknown("mode", "Application"), 1),
        (lambda _name: refusal("Invalid parameter"), 2),
        (lambda _name: refusal("Unsupported get request.", error_subcode=33), 1),
        (lambda _name: refusal("Permission denied", 10), 1),
    ],
)
def test_a_refusal_of_what_decides_counts(refuse, requests):
    fetch, asked = of({"other"}, refuse)
    with pytest.raises(errors.GraphError):
        known_fields(fetch, ("id", "status", "mode"), DECISIVE)
    assert len(asked) == requests


class Graph:
    """A Graph that knows some fields, answers a part of them, and keeps what it was asked for."""

    def __init__(self, knows, answers, listed=("id",)):
        self.fetch, self.asked = of(set(knows), unknown)
        self.fetch_list, self.asked_for_the_list = of(set(listed), unknown)
        self.answers = answers

    def phone_number(self, phone_number_id, fields):
        return {name: self.answers.get(name, value) for name, value in self.fetch(fields).items()}

    def phone_numbers(self, waba_id, fields):
        row = {name: self.answers.get(name, value) for name, value in self.fetch_list(fields).items()}
        return [{**row, "id": "3", "host_platform": "CLOUD_API"}, {**row, "id": "1"}]


OLD_NAME = [*NUMBER, "is_on_biz_app"]
NEW_NAME = ["host_platform" if name == "platform_type" else name for name in OLD_NAME]


@pytest.mark.parametrize(
    ("knows", "answers", "requests"),
    [
        # a version that has the first name costs one request
        (OLD_NAME, {"platform_type": "ON_PREMISE"}, 1),
        ([*OLD_NAME, "host_platform"], {"platform_type": "ON_PREMISE", "host_platform": "CLOUD_API"}, 1),
        # one that has the second name only
        (NEW_NAME, {"host_platform": "ON_PREMISE"}, 2),
        # one that takes both, and tells under the second one only
        ([*OLD_NAME, "host_platform"], {"platform_type": None, "host_platform": "ON_PREMISE"}, 2),
    ],
)
def test_the_platform_is_read_under_either_name(knows, answers, requests):
    graph = Graph(knows, answers)
    found, left_out = read(graph, "1", OLD_NAME)
    assert (found["platform_type"], left_out, len(graph.asked)) == ("ON_PREMISE", [], requests)
    assert "host_platform" not in found and found["is_on_biz_app"] == "x"


def test_a_version_that_knows_only_one_name_answers_for_a_list_that_is_asked_for_both():
    for name in ("platform_type", "host_platform"):
        fetch, _asked = of({"id", name}, unknown)
        found, left_out = known_fields(fetch, ("id", "platform_type", "host_platform"), ("id", "platform_type"))
        assert (located(found), left_out) == ({"id": "x", "platform_type": "x"}, [])


def test_no_name_at_all_is_a_refusal_and_no_answer_is_no_platform():
    with pytest.raises(errors.GraphError, match="host_platform"):
        read(Graph([name for name in NUMBER if name != "platform_type"], {}), "1", NUMBER)
    graph = Graph(NUMBER, {"platform_type": None})
    assert read(graph, "1", NUMBER)[0]["platform_type"] is None
    assert graph.asked[-2:] == [["id", "host_platform"], ["id"]]


@pytest.mark.parametrize("knows", [[name for name in NUMBER if name != "platform_type"], NUMBER])
def test_what_the_number_itself_does_not_tell_its_waba_does(knows):
    graph = Graph(knows, {"platform_type": None, "host_platform": "ON_PREMISE"}, listed=("id", "host_platform"))
    found, left_out = read(graph, "1", NUMBER, "2")
    assert (found["platform_type"], left_out) == ("ON_PREMISE", [])
    assert graph.asked_for_the_list == [["id", "host_platform"]]
    # of a WABA that does not hold the number, or does not tell either, nothing is guessed
    assert read(graph, "4", NUMBER, "2")[0].get("platform_type") is None
    silent = Graph(knows, {"platform_type": None}, listed=("id",))
    silent.phone_numbers = lambda waba_id, fields: [silent.fetch_list(fields)]
    assert read(silent, "x", NUMBER, "2")[0].get("platform_type") is None


def test_a_version_without_the_field_of_the_phone_app_still_tells_the_rest():
    graph = Graph(NUMBER, {"platform_type": "ON_PREMISE"})
    found, left_out = read(graph, "1", OLD_NAME)
    assert (found["platform_type"], left_out) == ("ON_PREMISE", ["is_on_biz_app"])
