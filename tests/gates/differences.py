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

What helps until the application is changed is in the column *bridged by*.

## What is read

Payloads, webhook samples and recorded requests in JSON, JSON lines, HAR, YAML (with PyYAML) and logs (`.log`),
settings in these formats, and source code in Python, JavaScript, TypeScript, PHP, Java, C#, Go, Ruby and other
languages. A file that is named itself is read whatever its suffix. Below a folder these are left out: folders of
tools and dependencies such as `.git`, `node_modules`, `vendor`, `dist` and `build`, files with `.min.` in their
names, and formats that are not listed, such as Markdown and notebooks. Source files of more than 2 MiB are left out,
and in source code comments and lines of more than 5,000 characters. What looks like traffic and cannot be read is
L90.

In source code a word such as `voice` is no finding by itself. It counts in a file that speaks the On-Premises API, or
in a project that speaks nothing else. Each folder on the command line is one project, so name the folder of the whole
application: the host is often in another file than the requests. A file that sends `messaging_product` or reads
`whatsapp_business_account` speaks the Cloud API. The endpoints of other providers are left alone, and those below
`/v1/configs` that the Cloud API of 360dialog (`waba-v2`) has kept.

## Output, exit status, exceptions

    wa_lint="python3 -m ansible_collections.wabiz.migration.plugins.module_utils.wa_lint"
    $wa_lint src --format sarif > wa_lint.sarif        # or text, json
    $wa_lint src --fail-on warning                     # or error (the default), note, never
    $wa_lint src --baseline accepted.json --write-baseline
    $wa_lint src --baseline accepted.json              # only what is new
    $wa_lint messages/ --fix                           # order.mended.json beside order.json
    $wa_lint samples/ --as-cloud                       # the events of the node as the Cloud API sends them

The exit status is 1 if there is a finding of the severity of `--fail-on` or of a worse one, 0 if there is none, and 2
if the command cannot be carried out. A finding that `--fix` has mended in the copy does not count. The originals are
never changed. In source code `wabiz: ignore L10` accepts a rule in a comment in the line, or in one of its own above
it; several rules are separated by commas, and without a rule the comment accepts all of them. A baseline knows a
finding by rule, file and text, not by its line. Run it from the same folder.

## Rules

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
