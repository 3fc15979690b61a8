# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the renderers: a spreadsheet runs nothing, XML and Markdown hold any text, data of a page ends no script."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.report import (
    csv_table,
    document,
    junit,
    markdown,
    page,
)
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.report import samples
from hypothesis import given
from hypothesis import strategies as st

ONE = samples.document_of(8)
FORMULAS = ["=1+1", "+1 555", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1"]


def with_text(text):
    entries = [{**ONE["numbers"][0], "host": text, "text": text, "number": text}]
    return document.build(document.Run("r", text, "migrate", False, 1.8e9), entries, (), samples.MEANINGS)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_text(text):
    (row,) = list(csv.reader(io.StringIO(csv_table.cell(text), newline="")))
    assert row == ["'" + text]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_cell_comes_back_and_begins_harmlessly(text):
    (row,) = list(csv.reader(io.StringIO(csv_table.cell(text) + "\r\n", newline="")))
    text = text.replace("\0", "")
    assert row[0] in (text, "'" + text)
    assert not row[0].lstrip().startswith(("=", "+", "-", "@"))


def test_the_table_has_a_row_for_each_number():
    rows = list(csv.DictReader(io.StringIO(csv_table.render(ONE), newline="")))
    assert [row["host"] for row in rows] == [entry["host"] for entry in ONE["numbers"]]
    assert rows[1]["number"] == "'+1 555-010-0001" and rows[1]["safe"] == "yes" and rows[4]["code"] == "133005"
    assert float(rows[1]["interrupted_seconds"]) > 0 and rows[4]["safe_to_rerun"] == "no"


def test_junit_counts_what_its_cases_are():
    root = ElementTree.fromstring(junit.render(ONE))
    (suite,) = root
    kinds = [[child.tag for child in case] for case in suite]
    for element in (root, suite):
        assert (int(element.get("tests")), int(element.get("failures"))) == (8, kinds.count(["failure"]))
        assert (int(element.get("errors")), int(element.get("skipped"))) == (1, 1)
    assert kinds.count(["error"]) == 1 and kinds.count(["skipped"]) == 1 and kinds.count(["failure"]) == 3
    wrong = suite[4][0]
    assert wrong.get("type") == "133005" and "NOT safe" in wrong.text


@given(st.text())
def test_any_text_is_well_formed_xml(text):
    root = ElementTree.fromstring(junit.render(with_text(text)).encode("utf-8"))
    assert len(root[0]) == 1


def test_markdown_has_the_four_answers_and_the_causes():
    text = markdown.render(ONE)
    for question in ("How many are safe", "Who missed messages", "What must I do now", "May I go on"):
        assert question in text
    assert "NOT safe to run again" in text and "5 safe, 2 moved, 2 untouched, **4 need you** (of 8)" in text
    assert text.count("\n") < 60 and markdown.render(samples.document_of(400)).count("\n") < 80


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_markdown_shows_markup_as_text_in_one_line(text):
    shown = markdown.plain(text)
    assert "<" not in shown and ">" not in shown and len(shown.splitlines()) <= 1
    assert "|" not in shown.replace("\\|", "") and "[" not in shown.replace("\\[", "")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(None, "unknown"), (2.5, "2.5 s"), (200, "3 min 20 s"), (3900, "1 h 5 min"), (59.97, "1 min 0 s")],
)
def test_a_duration(seconds, shown):
    assert markdown.duration(seconds) == shown


def test_who_missed_what():
    assert "no register call left" in markdown.missed(samples.document_of(1)["answers"]["interrupted"])
    assert "still without a confirmed end: oslo-0003, vienna-0004" in markdown.missed(ONE["answers"]["interrupted"])


@given(st.text())
def test_data_in_a_page_ends_no_script(text):
    shown = page.embedded({"a": text})
    assert not set("<>&\u2028\u2029") & set(shown) and json.loads(shown) == {"a": text}


def test_texts_are_carried_once_and_come_back_with_their_ids():
    found = page.data(ONE)
    for row, entry in zip(found["numbers"], ONE["numbers"]):
        own = {name: found["pool"][at] for name, at in zip(page.PARTS, row[-1])}
        text = own["requests"].replace("\ue000", entry["phone_number_id"]).replace("\ue001", entry["waba_id"])
        assert json.loads(text) == entry["requests"]
        assert found["pool"][row[4]] == entry["state"]
    assert len(found["pool"]) == len(set(found["pool"]))


def test_a_fleet_is_carried_small():
    few, many = (len(page.embedded(page.data(samples.document_of(count)))) for count in (100, 600))
    assert (many - few) / 500 < 1200
