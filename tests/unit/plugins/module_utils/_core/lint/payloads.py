# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the linter share: payloads of both APIs, and the rules that a document breaks."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ansible_collections.wabiz.migration.plugins.module_utils._core.lint import documents

FOLDER = Path(__file__).resolve().parents[5] / "support" / "payloads"


def _lines(name):
    text = re.sub(r"\{([0-9]+) letters\}", lambda found: "x" * int(found.group(1)), (FOLDER / name).read_text("utf-8"))
    return [json.loads(line) for line in text.splitlines()]


META = _lines("meta_examples.jsonl")
CLOUD = _lines("cloud.jsonl")
ONPREM = [(tuple(entry["rules"]), entry["payload"]) for entry in _lines("onprem.jsonl")]


def rules(document):
    return sorted({hit.rule for found in documents.search(document) for hit in found.hits})
