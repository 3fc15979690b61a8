# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a report: one HTML file that loads nothing, made by Jinja2 from the document of a run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from ..module_utils._core.fleet import table
from ..module_utils._core.report import markdown, numbers, page

_FOLDER = Path(__file__).parent / "report_page"
_NEEDING = 200
_SHORT = 160
_WORDS = {"yes": "Yes", "no": "No", "again": "Run it again", "after a fix": "After a fix"}
_TILES = (
    ("safe", "safe", "Both APIs agree where the number is, and no register call is without a confirmed outcome"),
    ("moved", "moved", "Moved by this run, or would be"),
    ("untouched", "untouched", "Nothing was to be done, or it was not started"),
    ("needs_you", "need you", "Failed, blocked, unreachable or unknown"),
)
# The key that the script sorts by, the head of the column, and its class.
_COLUMNS = (
    ("state", "State", ""),
    ("number", "Number", ""),
    ("seconds", "Interrupted", "num"),
    ("location", "Location", "wide-only"),
    ("wave", "Wave", "num wide-only"),
    ("text", "What", ""),
)


def render(document: Mapping[str, Any]) -> str:
    """Return the page of a document as one HTML text. What comes from the document is escaped everywhere."""
    answers = document["answers"]
    return _environment().get_template("page.html.j2").render(
        **{name: document[name] for name in ("title", "run", "timeline", "causes", "findings", "tickets")},
        states=dict(sorted(document["states"].items(), key=lambda state: state[0] not in table.BAD)),
        **{name: answers[name] for name in ("counts", "interrupted", "next_steps", "go_on")},
        begin=_time(document["run"]["started_at"] or document["timeline"]["from"] or document["made_at"]),
        end=_time(document["run"]["ended_at"] or document["timeline"]["until"] or document["made_at"]),
        made=_time(document["made_at"]),
        words=_WORDS,
        tiles=_TILES,
        columns=_COLUMNS,
        needing=[one for one in document["numbers"] if one["group"] == numbers.NEEDS_YOU][:_NEEDING],
        style=_part("page.css"),
        script=_part("page.js"),
        data=page.embedded(page.data(document)),
    )  # fmt: skip


@cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.filters.update(number=_number, duration=_duration, slug=_slug, short=_short)
    return made


@cache
def _part(name: str) -> str:
    """Return a file of the page without the indentation, comments and empty lines that only its editors need."""
    lines = (line.strip() for line in (_FOLDER / name).read_text("utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/*")))


def _number(count: int) -> str:
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _duration(seconds: float | None) -> str:
    return markdown.duration(seconds).replace(" ", "\N{NO-BREAK SPACE}")


def _slug(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z]+", "-", text)


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…"


def _time(at: str) -> str:
    """Return a moment as a person reads it, to the second."""
    return at[:19].replace("T", " ")
