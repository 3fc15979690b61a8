# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hooks of wa_verify: the code of its number out of the file that has those of many."""

from __future__ import annotations

import os

from . import _codes_file
from ._hooks import Hooks
from ._worker import Step, Worker


class Verify(Hooks):
    """Look the code of the number up in the file on the controller."""

    def errors(self, worker: Worker, step: Step, errors: list[str]) -> list[str]:
        params = step.params
        if params.get("state", "verified") != "verified":
            return errors
        return _with_code(worker, step, errors, bool(params.get("request_code", True)))


def _with_code(worker: Worker, step: Step, errors: list[str], later: bool) -> list[str]:
    """Add the code of the number out of the file; with ``later`` that may be written yet."""
    params = step.params
    path = params.get("codes_file")
    if not path:
        return errors
    path = os.path.expanduser(os.path.expandvars(str(path)))
    if later and not os.path.lexists(path):
        return errors  # somebody writes it once the codes have come
    numbers = [str(params[name]) for name in ("phone_number_id", "phone_number") if params.get(name)]
    try:
        entries = _codes_file.read(path)
        found = _codes_file.code_of(entries, worker.host, numbers)
    except _codes_file.CodesError as reason:
        return [*errors, "codes_file: %s" % reason]
    if found is None:
        return errors
    if params.get("code") and params["code"] != found:
        return [*errors, "code and codes_file: they have two codes for this number. Leave out one of the two"]
    params["code"] = found
    return [error for error in errors if not error.startswith("code: missing")]
