# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the report needs of the worker: the page, the names and the command that its user knows, and the waves."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence

from ansible import context

from ..module_utils import _option_names
from ..module_utils._core.report import numbers
from . import _event_log, _inputs, _report_page
from ._worker import Step, Worker


def hand_over(worker: Worker, step: Step) -> None:
    """Add to the parameters of wa_report what only the worker can see; nothing where no report is wanted."""
    if not step.params.get("report_dir"):
        return
    step.params["report_dir"] = _event_log.folder_of(str(step.params["report_dir"]))
    naming = _inputs.naming(step.written)
    fleet = worker.variables.get(str(step.params["result_vars"].get("fleet")))
    step.params.update(
        page=_report_page.render,
        wording=lambda value: _option_names.written(value, naming),
        command=command(worker),
        recover_command=command(worker, [numbers.RECOVER]),
        assigned=dict(fleet.get("waves") or {}) if isinstance(fleet, Mapping) else {},
    )


def command(worker: Worker, books: Sequence[str] = ()) -> str:
    """Return the command that runs ``books`` on the same inventory, the same playbook where there are none.

    Other options are its user's to add.
    """
    books = books or [str(book) for book in context.CLIARGS.get("args") or ()]
    sources = worker.variables.get("ansible_inventory_sources") or ()
    words = ["ansible-playbook", *map(_short, books or ["PLAYBOOK"])]
    for source in sources:
        words += ["-i", _short(str(source))]
    return shlex.join(words)


def _short(path: str) -> str:
    """Return a path as somebody in the present folder would type it."""
    inside = os.path.isabs(path) and path.startswith(os.getcwd() + os.sep)
    return os.path.relpath(path) if inside else path
