# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: take a number off the Cloud API. Sent once, confirmed by reading."""

from __future__ import annotations

from typing import Any, Dict, Mapping

from .._api.codes import ATTEMPT, NO
from .._core.cutover.gate_findings import UNKNOWN_LOCATION
from .._core.facts import phone_number
from .._failure import Failure, RefusedError
from . import confirm
from .context import Context, Outcome
from .number_info import DECISIVE, read
from .options import Register

_OFF = ("ON_PREMISE", "NOT_APPLICABLE")


def perform(options: Register, context: Context) -> Outcome:
    """Deregister a number that is on the Cloud API; one that surely is not there is left as it is."""
    number_id = str(options.phone_number_id)
    graph = context.clients.graph(number_id)
    number, _unknown = read(graph, number_id, DECISIVE, options.waba_id)
    label = phone_number.digits(str(number.get("display_phone_number"))) or number_id
    if number.get("platform_type") in _OFF:
        return Outcome(False, _result(number, "not on the Cloud API"), _state(number), _state(number))
    if number.get("platform_type") != "CLOUD_API":
        raise RefusedError(
            UNKNOWN_LOCATION.failure(
                "Graph says platform_type %s" % number.get("platform_type"),
                "read the number again with wa_number_info",
            ),
            label,
        )
    if context.check_mode:
        return Outcome(
            True, _result(number, "would be deregistered"), _state(number), {"platform_type": "NOT_APPLICABLE"}
        )
    with context.undisturbed():
        error = confirm.send_once(lambda: graph.deregister(number_id, options.register_timeout))
        if error is not None and error.acted == NO:
            raise error
        seen = confirm.until(lambda read_: read_.get("platform_type") in _OFF, options, context, graph)
    if seen is None or seen.get("platform_type") not in _OFF:
        raise confirm.UnconfirmedError(
            Failure(
                "unconfirmed",
                "The outcome of the deregistration is unknown",
                "The request was sent once; %s. %s"
                % (
                    "the answer was success" if error is None else "the answer was: %s" % error.failure.title,
                    ATTEMPT % "deregister",
                ),
                next_step="run the same command again: it reads first",
            ),
            label,
        )
    return Outcome(True, _result(seen, "deregistered"), _state(number), _state(seen))


def _state(number: Mapping[str, Any]) -> Dict[str, Any]:
    return {"platform_type": number.get("platform_type"), "status": number.get("status")}


def _result(number: Mapping[str, Any], outcome: str) -> Dict[str, Any]:
    return {**_state(number), "registration": {"outcome": outcome}}
