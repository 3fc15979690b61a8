# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report publishes: JSON by its schema, JUnit in a reader of others, a page that escapes what it is given."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import junitparser
import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.report import document, junit
from ansible_collections.wabiz.migration.plugins.plugin_utils import _report_page
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.report import samples

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "report.schema.json").read_text("utf-8"))
ONE = samples.document_of(8)
RUN = document.Run("later", "All", "report", False, 1.8e9)


def errors(made: dict[str, Any]) -> list[str]:
    return [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(made)]


@pytest.mark.parametrize(
    "made",
    [
        ONE,
        samples.document_of(60, check_mode=True),
        document.together([ONE, ONE], "All", RUN, samples.MEANINGS),
        document.build(RUN, samples.entries_of(8, with_events=False), (), samples.MEANINGS),
        document.build(RUN, [], (), {}),
    ],
    ids=["run", "dry run", "runs together", "without events", "without numbers"],
)
def test_a_document_is_valid(made: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert errors(json.loads(document.dump(made))) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "wabiz.report/2"),
        (("made_at",), "21.11.2026"),
        (("run", "phase"), "cutover"),
        (("answers", "go_on", "answer"), "maybe"),
        (("numbers", 0, "group"), "lost"),
        (("numbers", 0, "interruption"), {}),
        (("tickets", 0, "topic"), "Help"),
        (("causes", 0, "hosts"), []),
    ],
)
def test_another_document_is_not_valid(path: tuple[Any, ...], value: Any) -> None:
    made = copy.deepcopy(ONE)
    inner: Any = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert errors(made) != []


def test_junit_opens_in_another_reader(tmp_path: Path) -> None:
    path = tmp_path / "report.xml"
    path.write_text(junit.render(ONE), "utf-8")
    read = junitparser.JUnitXml.fromfile(str(path))
    (suite,) = list(read)
    assert (read.tests, read.failures, read.errors, read.skipped) == (8, 3, 1, 1)
    kinds = [[type(result) for result in case.result] for case in suite]
    assert kinds.count([junitparser.Failure]) == 3 and kinds.count([junitparser.Error]) == 1
    assert next(case for case in suite if "vienna-0004" in case.name).result[0].type == "133005"


MARKUP = '<b onclick="x()">&amp;</script></style>'


def test_a_page_escapes_what_it_is_given() -> None:
    made = copy.deepcopy(ONE)
    made["title"] = made["run"]["ids"][0] = MARKUP
    for part in (*made["causes"], *made["tickets"], *made["findings"], *made["answers"]["next_steps"]):
        part.update(
            {name: MARKUP for name in ("title", "text", "subject", "meaning", "why", "fix", "note") if name in part}
        )
    for entry in made["numbers"]:
        entry.update(number=MARKUP, text=MARKUP, waba_id=MARKUP)
    page = _report_page.render(made)
    assert "<b onclick" not in page and page.count("</script>") == 2 and page.count("</style>") == 1
    assert "&lt;b onclick" in page


def test_a_page_says_what_it_is_about() -> None:
    page = _report_page.render(samples.document_of(8, check_mode=True, title="Wave 3"))
    assert "DRY RUN" in page and "<title>DRY RUN: Wave 3</title>" in page
    assert "DRY RUN" not in _report_page.render(ONE)
    assert "http://www.w3.org/2000/svg" in page and page.count("http") == page.count("graph.facebook") + page.count(
        "localhost:9090"
    ) + page.count("www.w3.org") + page.count("http-equiv")


def test_a_page_without_numbers_opens() -> None:
    page = _report_page.render(document.build(RUN, [], (), {}))
    assert "No number needs you." in page and "Nobody" in page
