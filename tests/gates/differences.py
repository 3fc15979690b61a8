# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: writes docs/differences.md, the table of all differences between the two APIs, from the rules of wa_lint."""

from __future__ import annotations

import sys
from pathlib import Path

from ansible_collections.wabiz.migration.plugins.module_utils._core.lint.catalogue import ERROR_NUMBERS, RULES
from ansible_collections.wabiz.migration.plugins.module_utils._core.lint.rule import FILES, Rule

TARGET = Path(__file__).resolve().parents[2] / "docs" / "differences.md"
HEAD = """\
# Differences between the two APIs

What an application that speaks the On-Premises API has to change for the Cloud API. `wa_lint` finds these differences:

    python3 -m ansible_collections.wabiz.migration.plugins.module_utils.wa_lint src samples/

`make differences` writes this page from the rules. An ID never changes its meaning.

- **error**: the Cloud API refuses it, or the application does not understand what comes.
- **warning**: it works differently.
- **note**: it may work differently.

To accept a finding, write `wabiz: ignore L10` in a comment in the line or above it, or use a baseline file. What helps
until the application is changed is in the column *bridged by*.

| rule | severity | difference | On-Premises API | Cloud API | found in | bridged by |
| --- | --- | --- | --- | --- | --- | --- |
"""
ADVICE = """\
## Why, and what to do
"""
NUMBERS = """\
## Error numbers

Meta publishes no table of both. These pairs have titles that say the same.

| On-Premises API | Cloud API |
| --- | --- |
"""


def page() -> str:
    """Return the text of docs/differences.md."""
    rows = [_row(rule) for rule in RULES.values() if FILES not in rule.looks]
    numbers = [f"| {old} | {new} |" for old, new in ERROR_NUMBERS.items()]
    return (
        "\n".join([HEAD + "\n".join(rows), "", ADVICE, *map(_advice, RULES.values()), "", NUMBERS + "\n".join(numbers)])
        + "\n"
    )


def _row(rule: Rule) -> str:
    cells = [
        f"[{rule.id}](#{rule.id.lower()})",
        rule.severity,
        rule.title,
        _shape(rule.onprem),
        _shape(rule.cloud),
        ", ".join(rule.looks),
        rule.bridged,
    ]
    return f"| {' | '.join(cells)} |"


def _shape(text: str) -> str:
    return f"`{text}`".replace("|", "\\|") if set(text) & set('{"/?') else text


def _advice(rule: Rule) -> str:
    return f'- <a id="{rule.id.lower()}"></a>**{rule.id} {rule.title}.** {rule.why} {rule.fix} Source: {rule.source}.'


def main() -> int:
    TARGET.write_text(page(), encoding="utf-8")
    print(f"docs/{TARGET.name}, {len(RULES)} rules")
    return 0


if __name__ == "__main__":
    sys.exit(main())
