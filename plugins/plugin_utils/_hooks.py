# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hooks of a module: what its task does beside running the operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ._worker import Step, Worker


class Admission(NamedTuple):
    """Whether a step may begin: ``result`` is what it ends with where it may not.

    ``moved`` says that the number has turned out to be on the Cloud API by now.
    """

    result: dict[str, Any] | None = None
    moved: bool = False


class Hooks:
    """A task that does nothing beside; hooks of a module override what is different for it, and keep no state.

    ``details`` are what of the result is left out without the option C(details): the names, and the keys that stay.
    """

    def __init__(self, details: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.details = details or {}

    def errors(self, worker: Worker, step: Step, errors: list[str]) -> list[str]:
        """Return the errors of the options with those that only the controller can see, such as those between hosts."""
        return errors

    def must_wait(self, worker: Worker, step: Step, before: Sequence[Step]) -> Admission:
        """Ask for whatever would refuse the step or hold it back, before it or any of those ``before`` it is taken."""
        return Admission()

    def follow(self, params: dict[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> None:
        """Take over into the parameters what the steps before have found out: their results by module name."""

    def prepare(self, worker: Worker, step: Step) -> None:
        """Add to the parameters of an operation that runs here what only the worker can see."""

    def before_shipping(self, worker: Worker, step: Step, moved: bool) -> dict[str, Any] | None:
        """Add to the parameters of a module that is shipped what it can't see from there.

        Returns the result of a step that must not be shipped, None where it may be.
        """
        return None

    def finish(self, worker: Worker, step: Step, result: dict[str, Any]) -> None:
        """Let other workers know what it says, and add how it is shown."""


def brief(value: Any, kept: tuple[str, ...]) -> Any:
    """Return a mapping with these keys only, a list without its entries, and anything else as it is.

    Dots reach into mappings of the mapping. A run keeps the results of all of its hosts.
    """
    if isinstance(value, Mapping):
        inner: dict[str, tuple[str, ...]] = {}
        for path in kept:
            name, _dot, rest = path.partition(".")
            inner[name] = (*inner.get(name, ()), *([rest] if rest else ()))
        return {
            name: brief(value[name], below) if below else value[name] for name, below in inner.items() if name in value
        }
    return [] if isinstance(value, list) else value
