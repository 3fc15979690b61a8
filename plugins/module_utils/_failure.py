# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The error type that every layer may raise. Imports nothing of the collection."""

from __future__ import annotations

import os
import traceback
from dataclasses import dataclass
from typing import Any, Dict, List, Sequence, Union


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun, ``1 number`` and ``2 numbers``; ``many`` is for what no s at the end makes."""
    return "%d %s" % (count, one if count == 1 else many or one + "s")


@dataclass(frozen=True)
class Failure:
    """Say what happened, whether it is safe to run again, and what to do next.

    ``code`` is the API's own number where an API answered, else a short stable word of this collection.
    """

    code: Union[int, str]
    title: str
    details: str = ""
    fbtrace_id: str = ""
    safe_to_rerun: bool = True
    next_step: str = ""

    def as_dict(self) -> Dict[str, Any]:
        """Return the structured ``failure`` key of a task result."""
        return {
            "code": self.code,
            "title": self.title,
            "details": self.details,
            "fbtrace_id": self.fbtrace_id,
            "safe_to_rerun": self.safe_to_rerun,
            "next_step": self.next_step,
        }

    def cause(self) -> str:
        """Return what happened, without a next step: for a message that has one of its own."""
        parts = ["%s [%s]" % (self.title, self.code), self.details]
        if self.fbtrace_id:
            parts.append("fbtrace_id %s" % self.fbtrace_id)
        return ". ".join(part.rstrip(". ") for part in parts if part)

    def sentence(self, about: str = "", sent: str = "") -> str:
        """Return the failure as a person reads it.

        It begins with what it is ``about`` (``Number +1 555-012-0001``); ``sent`` says what was sent until then.
        """
        parts = [self.cause(), sent, "It is %ssafe to run again" % ("" if self.safe_to_rerun else "NOT ")]
        parts.append("Next: %s" % self.next_step if self.next_step else "")
        return ("%s: " % about if about else "") + " ".join(part.rstrip(". ") + "." for part in parts if part)


class WabizError(Exception):
    """Root of the collection's error tree; carries a :class:`Failure` and the number that it is about."""

    def __init__(self, failure: Failure, number: str = "") -> None:
        super().__init__(failure, number)
        self.failure = failure
        self.number = number

    def __str__(self) -> str:
        return self.failure.sentence("Number %s" % self.number if self.number else "")


class RefusedError(WabizError):
    """A rule of the domain forbids the step; whoever counts the requests reports what was sent until then."""


def combine(failures: Sequence[Failure]) -> Failure:
    """Return one failure that names all of ``failures``, so that a person mends them in one go."""
    if len(failures) == 1:
        return failures[0]
    details: List[str] = []
    for index, failure in enumerate(failures, 1):
        text = "(%d) %s [%s]" % (index, failure.title, failure.code)
        if failure.details:
            text += ": %s" % failure.details.rstrip(".")
        if failure.next_step:
            text += ". Next: %s" % failure.next_step.rstrip(".")
        details.append(text)
    return Failure(
        code=failures[0].code,
        title="%d blockers" % len(failures),
        details=". ".join(details),
        safe_to_rerun=all(failure.safe_to_rerun for failure in failures),
        next_step="fix all of them, then run the same command again",
    )


def failure_of(error: Exception) -> Failure:
    """Return what was raised as data.

    Of an error that is none of the collection's own it names the place, without the text, which may quote a secret.
    """
    if isinstance(error, WabizError):
        return error.failure
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join("%s:%d" % (os.path.basename(frame.filename), frame.lineno or 0) for frame in reversed(frames))
    return Failure(
        "internal",
        "An internal error of wabiz.migration",
        "%s at %s" % (type(error).__name__, where),
        safe_to_rerun=True,
        next_step="run preflight, which only reads, to see where the number is, and report this line",
    )
