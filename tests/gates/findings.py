# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: writes docs/findings, one page for each finding and an index, from the catalogue of the rules."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from ansible_collections.wabiz.migration.plugins.module_utils import _option_names
from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import catalogue
from ansible_collections.wabiz.migration.plugins.module_utils._core.findings.finding import Finding

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "findings"
INDEX = "README.md"
_MEANING = {
    catalogue.BLOCKER: "keeps the number out of the cutover",
    catalogue.WARNING: "needs a decision; the number may move",
    catalogue.NOTE: "is for information",
}
# Who reads the pages has the role's inputs.
_ROLE = _option_names.naming("wa_migrate_")
_NAMES = re.compile(r"\b(wa_[a-z][a-z_]*|WABIZ_[A-Z_]+)\b")


def pages() -> dict[str, str]:
    """Return the text of each file below docs/findings by its name."""
    entries = sorted(catalogue.CATALOGUE.items(), key=lambda item: item[1].id)
    made = {f"{entry.id}.md": _page(code, entry) for code, entry in entries}
    rows = [f"| [{entry.id}]({entry.id}.md) | {entry.severity} | {entry.title} |" for _code, entry in entries]
    head = [
        "# Findings",
        "",
        "The findings of preflight and of the comparison after the cutover. An ID never changes its meaning. Each page",
        "says why the finding matters and what to do.",
        "",
        "Preflight has WM101 to WM179: WM160 to WM167 are about the webhook endpoint, WM170 to WM173 about the purpose",
        "of a number. The comparison has WM180 to WM199. WM201 and later may be about anything.",
        "",
        "`make findings` writes these pages from the findings that the rules declare, each once, and that",
        "`plugins/module_utils/_core/approval/catalogue.py` collects.",
        "",
        *(f"- **{word}**: {_MEANING[word]}." for word in catalogue.SEVERITIES),
        "",
        "| ID | severity | what |",
        "| --- | --- | --- |",
    ]
    made[INDEX] = "\n".join([*head, *rows]) + "\n"
    return made


def _page(code: str, entry: Finding) -> str:
    facts = [f"**{entry.severity}**: it {_MEANING[entry.severity]}."]
    if entry.severity == catalogue.BLOCKER:
        facts.append("It can be waived." if entry.waivable else "It cannot be waived.")
    if entry.passing:
        facts.append("It comes and goes by itself, so an approved plan does not depend on it.")
    parts = [
        f"# {entry.id}: {_marked(entry.title)}",
        " ".join(facts),
        "## Why",
        _marked(entry.why),
        "## What to do",
        _marked(entry.fix),
        f"Code `{code}`. Source: {_marked(entry.source)}. [All findings]({INDEX})",
    ]
    return "\n\n".join(parts) + "\n"


def _marked(text: str) -> str:
    return _NAMES.sub(r"`\1`", _option_names.written(text, _ROLE))


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"{(FOLDER / INDEX).relative_to(ROOT)} and {len(wanted) - 1} pages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
