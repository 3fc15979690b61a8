# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the numbers of a WABA with one request that answers for all hosts of a batch. Changes nothing."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from .._failure import WabizError
from .context import Clients, Context
from .number_info import DECISIVE, EVERYTHING, HOST_PLATFORM, known_fields, located, read

PREFLIGHT = "preflight"
BEFORE = "before"
AFTER = "after"


class Row(NamedTuple):
    """What Graph says of one number, the fields that this version does not know, and the version that answered."""

    number: Mapping[str, Any]
    unknown: List[str]
    served: str


def row(
    context: Context, batch: Optional[str], phone_number_id: Optional[str], waba_id: Optional[str], when: str
) -> Optional[Row]:
    """Return the number as the list of its WABA has it; None where no ``batch`` shares it, or the list does not tell.

    ``when`` keeps what was read before a change apart from what is read after it. What a step of this task has just
    read after the change is not read again. What the list lacks, or keeps from being read, is for a read of the number
    itself to tell.
    """
    recent = context.recent.get(str(phone_number_id)) if when == AFTER else None
    if recent is not None:
        return Row(*recent)
    if not batch or not waba_id:
        return None
    found = context.shared.entry(
        "waba-%s-list %s %s" % (waba_id, when, batch),
        str(phone_number_id),
        lambda: _list(context.clients, waba_id),
    )
    if found is None:
        return None
    number, unknown, served = found
    if any(number.get(name) is None for name in ("display_phone_number", "platform_type", "status")):
        return None
    context.name.learn(number)
    return Row(number, list(unknown), str(served))


def own(clients: Clients, phone_number_id: str, waba_id: Optional[str] = None) -> Row:
    """Return the number as a read of its own tells it; raises what that raises."""
    graph = clients.graph(phone_number_id)
    number, unknown = read(graph, phone_number_id, EVERYTHING, waba_id)
    return Row(number, unknown, graph.served)


def _list(clients: Clients, waba_id: str) -> Dict[str, Any]:
    graph = clients.graph("")
    try:
        found, unknown = known_fields(
            lambda fields: {"rows": graph.phone_numbers(waba_id, fields)}, (*EVERYTHING, HOST_PLATFORM), DECISIVE
        )
    except WabizError:
        # Reported once: each host reads its own number then, and reports about that number.
        return {}
    return {str(one.get("id")): (located(one), unknown, graph.served) for one in found["rows"]}
