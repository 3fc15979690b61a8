# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule of a notice: which template serves, which quality is enough, and what a confirmation stands for."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _meta_api
from ansible_collections.wabiz.migration.plugins.module_utils._api.codes_graph import GRAPH_CODES
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import notice as rules
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts.recipients import Recipient

BODY = {"type": "BODY", "text": "Dear {{1}}, we end on {{2}}. {{1}}, thank you."}


def row(*components, **more):
    return {"name": "ends", "language": "en", "status": "APPROVED", "components": list(components), **more}


@pytest.mark.parametrize(
    ("given", "parameters", "piece"),
    [
        (row(BODY), ["a", "b"], None),
        (
            row({"type": "HEADER", "format": "TEXT", "text": "Bye"}, BODY, {"type": "FOOTER", "text": "x"}),
            ["a", "b"],
            None,
        ),
        (row(BODY, {"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://example.com"}]}), ["a", "b"], None),
        (row(BODY), ["a"], "2 parameters, and 1 stated"),
        (row({"type": "BODY", "text": "Bye"}), ["a"], "0 parameters, and 1 stated"),
        (row({"type": "BODY", "text": "Dear {{name}}"}), ["a"], "have names"),
        (row({"type": "HEADER", "format": "TEXT", "text": "{{1}}"}, BODY), ["a", "b"], "header"),
        (row({"type": "HEADER", "format": "VIDEO"}, BODY), ["a", "b"], "header"),
        (row(BODY, {"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://x/{{1}}"}]}), ["a", "b"], "buttons"),
        (row(BODY, {"type": "CAROUSEL"}), ["a", "b"], "CAROUSEL"),
        (row(BODY, status="PAUSED"), ["a", "b"], "PAUSED"),
        (row(BODY, status="REJECTED"), ["a", "b"], "REJECTED"),
        (row(BODY, language="de"), ["a", "b"], "it is there in de"),
        (row(BODY, name="other"), ["a", "b"], "no template of this name"),
        ({**row(), "components": None}, [], "does not tell"),
    ],
)
def test_template(given, parameters, piece):
    failure = rules.template([given], "ends", "en", parameters)
    assert (failure is None) == (piece is None), failure
    assert piece is None or piece in failure.details


def test_preview():
    text = rules.preview([row({"type": "HEADER", "text": "Bye"}, BODY)], "ends", "en", ["you", "{{1}} May"])
    assert text == "Bye\nDear you, we end on {{1}} May. you, thank you."


@pytest.mark.parametrize("rating", ["GREEN", "YELLOW", "RED", "UNKNOWN", "NA", None])
def test_quality(rating):
    order = ("RED", "YELLOW", "GREEN")
    for least in order:
        enough = rating not in order or order.index(rating) >= order.index(least)
        assert (rules.quality(rating, least) is None) == enough, (rating, least)


def test_a_confirmation_stands_for_number_template_parameters_and_recipients():
    one, two = Recipient("4915550100102", 1), Recipient("4915550100103", 2)
    base = ("1", "ends", "en", ["a"], [one, two])
    word = rules.confirmation(*base)
    assert rules.confirmation("1", "ends", "en", ["a"], [two, one._replace(line=9)]) == word, "the order is no matter"
    others = [
        ("2", *base[1:]),
        ("1", "end", *base[2:]),
        ("1", "ends", "de", *base[3:]),
        (*base[:3], ["b"], base[4]),
        (*base[:3], [], base[4]),
        (*base[:4], [one]),
    ]
    assert word not in {rules.confirmation(*other) for other in others}
    assert rules.unconfirmed(word, word) is None
    assert "is not set" in rules.unconfirmed(None, word).details
    assert "another" in rules.unconfirmed("n000000000000", word).details


def test_the_limits_of_the_number_are_no_matter_of_one_recipient():
    assert not any(map(rules.of_recipient, (_meta_api.SPAM_LIMIT, _meta_api.PAIR_LIMIT, 130429, 132015, 190, None)))
    assert all(code in GRAPH_CODES and GRAPH_CODES[code].acted == "no" for code in _meta_api.OF_RECIPIENT)
