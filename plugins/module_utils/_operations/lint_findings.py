# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The findings of the linter for a preflight: it reads the application once, and writes and requests nothing."""

from __future__ import annotations

import hashlib
from typing import Any, Dict, List, Sequence

from .._core.lint import app_findings
from .._failure import Failure
from .context import Context
from .lint_run import Linter, Request
from .options import Preflight


def findings(options: Preflight, context: Context) -> List[Failure]:
    """Return what the application lacks, by the linter's findings in ``lint_paths``.

    The action of a task hands over what the linter has found for the whole run, or how to get it.
    """
    if not options.lint_paths:
        return []
    linted = options.linted
    if callable(linted):
        linted = linted()
    elif linted is None:
        linted = context.shared.once(name(options.lint_paths), lambda: rows(options.lint_paths))
    return [Failure(**row) for row in linted]


def name(paths: Sequence[str]) -> str:
    """Return what the linter's answer for these paths is known by within a run."""
    return "lint %s" % hashlib.sha256("\0".join(paths).encode("utf-8", "surrogatepass")).hexdigest()


def rows(paths: Sequence[str]) -> List[Dict[str, Any]]:
    """Run the linter and return its failures as data; a path that cannot be read any more is one of them."""
    linter, tally = Linter(Request(paths=paths)), app_findings.Tally()
    try:
        for found in linter.findings():
            tally.add(found)
    except OSError as error:
        gone = "%s: %s" % (error.filename or ", ".join(paths), error.strerror or error)
        return [app_findings.NOT_READY.failure(gone, "correct O(lint_paths)").as_dict()]
    return [failure.as_dict() for failure in tally.failures(linter.files, linter.left_out)]
