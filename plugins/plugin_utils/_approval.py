# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The approved plan, judged on the controller before any request; a plan file is read once per run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ..module_utils._core.approval import approved, plan
from . import _shared

# Beside the entries of a plan file, whose names are digits.
_FAULT = "error"


def confirm(params: dict[str, Any]) -> list[str]:
    """Put what the approved plan says of the task's number in the place of its path, and return every error.

    An error reads "option: what is wrong", as those of ``_spec`` do.
    """
    errors: list[str] = []
    number_id = str(params.get("phone_number_id") or "")
    stated = params.get("plan")
    try:
        if approved.is_path(stated):
            entry = _of_file(str(stated), number_id)
            params["plan"] = {"numbers": {} if entry is None else {number_id: entry}}
        approved.approval(params.get("plan"), number_id)
    except ValueError as reason:
        errors.append("plan: %s" % reason)
    return errors


def _of_file(stated: str, number_id: str) -> Mapping[str, Any] | None:
    """Return the entry of one number. The file is parsed by one worker, an error of it is reported to all."""
    path = os.path.abspath(os.path.expanduser(stated))

    def load() -> dict[str, Any]:
        try:
            with open(path, encoding="utf-8") as stream:
                return dict(plan.read(stream.read())["numbers"])
        except OSError as error:
            return {
                _FAULT: "%s is no digest (p... or f... with 24 digits), and it cannot be read as a plan file: %s"
                % (stated, error.strerror)
            }
        except ValueError as reason:
            return {_FAULT: "%s is no plan file: %s" % (stated, reason)}

    error = _shared.entry("plan " + path, _FAULT, load)
    if error is not None:
        raise ValueError(error)
    entry: Mapping[str, Any] | None = _shared.entry("plan " + path, number_id, load)
    return entry
