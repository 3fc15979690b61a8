# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No file uses a private metaphor where Ansible or Meta has a term: in names, messages, comments and documents."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# A word that is not used, and the term for what it meant.
TERMS = {
    "door": "runner, or register call",
    "doors": "runners, or parallel cutovers",
    "seal": "encrypt",
    "sealed": "encrypted",
    "unseal": "decrypt",
    "sight": "observed state",
    "sights": "observed states",
    "wish": "desired state",
    "wishes": "desired states",
    "verb": "module",
    "verbs": "modules",
    "brake": "failure limit",
    "breaker": "failure limit",
    "journal": "attempt log",
    "orphan": "surviving worker",
    "orphaned": "whose run is gone",
    "seat": "slot",
    "seats": "slots",
    "spot": "case",
    "spots": "cases",
    "burnt": "wrong PIN seen",
    "ours": "wabiz.migration",
    "house": "package",
    "mend": "fix",
    "mended": "fixed",
    "settle": "confirm",
    "settled": "confirmed",
    "settles": "confirms",
    "silence": "no answer",
}
# Names that are made of such words: a setting of SQLite, a key of the result of wa_lint.
NAMES = ("journal_mode", "mended")
# Texts of others, and this list.
SKIPPED = ("LICENSE", "requirements/", "tests/unit/test_words.py")


def words(text: str) -> Iterator[str]:
    """Yield every word of a text in small letters, those inside of names among them."""
    for word in re.findall(r"[A-Za-z]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)):
        yield word.lower()


def found(name: str, text: str) -> list[str]:
    return [
        f"{name}:{number}: {word}, write: {TERMS[word]}"
        for number, line in enumerate([name, *text.splitlines()])
        for word in words(re.sub("|".join(NAMES), "", line))
        if word in TERMS
    ]


def files() -> list[Path]:
    """Return the files of the repository, by git where there is one, else all that are text."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = [name for name in listed.stdout.splitlines() if not name.startswith(SKIPPED)]
    return [ROOT / name for name in names if (ROOT / name).is_file() and not name.endswith(".png")]


def test_every_file_uses_the_terms() -> None:
    every = files()
    assert len(every) > 400
    assert [
        line
        for path in every
        for line in found(path.relative_to(ROOT).as_posix(), path.read_text("utf-8", errors="replace"))
    ] == []


@pytest.mark.parametrize(
    "text", ["through the door", "class WorkerDoor:", "old_verbs = 1", "# Mend it", "two-seats", "| ours | 7 |"]
)
def test_a_word_that_is_not_a_term_is_found(text: str) -> None:
    assert len(found("x.py", f"\n{text}\n")) == 1
    assert found("x.py", "an outdoor planet, sealing-wax and housekeeping") == []
