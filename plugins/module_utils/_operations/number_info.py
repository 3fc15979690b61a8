# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: read a business phone number's Cloud API side. Changes nothing."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from .._api.errors import GraphError, NotFoundError
from .._api.graph import Graph
from .._meta_api import INVALID_PARAMETER
from .context import Context, Outcome
from .module import Module, never
from .options import GraphConnection, declare, option

# What decides where a number is and whether it may be registered; without these nothing can be decided.
DECISIVE = ("id", "display_phone_number", "platform_type", "status", "code_verification_status")
# What the gate of the register call goes by beside them, where a version knows it.
GATE = (*DECISIVE, "is_on_biz_app", "name_status")
EVERYTHING = (
    *GATE,
    "verified_name",
    "quality_rating",
    "messaging_limit_tier",
    "whatsapp_business_manager_messaging_limit",
    "is_official_business_account",
    "is_pin_enabled",
    "throughput",
    "account_mode",
    "webhook_configuration",
    "health_status",
)
_UNKNOWN_FIELD = re.compile(r"nonexisting field \(([a-z0-9_]+)\)")
# One fact under two names. What is asked in the field is the first one; Meta's OpenAPI has the second one only, on the
# list of a WABA.
_PLATFORM, HOST_PLATFORM = "platform_type", "host_platform"


@declare
class Options(GraphConnection):
    """The options of wa_number_info."""

    phone_number_id: str = option("str", required=True)
    waba_id: Optional[str] = option("str")


def read(
    graph: Graph, phone_number_id: str, fields: Sequence[str], waba_id: Optional[str] = None
) -> Tuple[Dict[str, Any], List[str]]:
    """Return the number's fields, and the names of those that this Graph version does not know.

    Where the number's own answer has no platform, the list of ``waba_id`` is asked for it.
    """

    def fetch(wanted: Sequence[str]) -> Mapping[str, Any]:
        return graph.phone_number(phone_number_id, wanted)

    decisive = [name for name in DECISIVE if name != _PLATFORM or not waba_id]
    body, unknown = known_fields(fetch, fields, decisive)
    found = located(body)
    if found.get(_PLATFORM) is not None:
        return found, unknown
    if not waba_id:
        return located({**found, **known_fields(fetch, ("id", HOST_PLATFORM), ("id",))[0]}), unknown
    wanted = ("id", HOST_PLATFORM)
    rows = known_fields(lambda names: {"rows": graph.phone_numbers(waba_id, names)}, wanted, ("id",))[0]["rows"]
    listed = [row for row in rows if str(row.get("id")) == phone_number_id]
    return located({**found, **listed[0]} if listed else found), unknown


def located(body: Mapping[str, Any]) -> Dict[str, Any]:
    """Return an answer with the number's platform under one name, whichever of the two it came under."""
    found = dict(body)
    host = found.pop(HOST_PLATFORM, None)
    if found.get(_PLATFORM) is None and host is not None:
        found[_PLATFORM] = host
    return found


def known_fields(
    fetch: Callable[[Sequence[str]], Mapping[str, Any]], fields: Sequence[str], decisive: Sequence[str]
) -> Tuple[Dict[str, Any], List[str]]:
    """Return what ``fetch`` gives for as many of ``fields`` as Graph knows, and the names of the others.

    Graph refuses a whole request for one unknown field (#100), and which fields exist differs by version: an unknown
    one that only informs is left out and the rest asked again. Where the refusal names none, the ``decisive`` ones are
    asked for alone, and their refusal counts. The ID of another kind of object (NotFoundError) is refused at once. The
    platform of a number decides under either of its names.
    """
    wanted = list(fields)
    unknown: List[str] = []
    decisive = list(decisive)
    while True:
        try:
            return dict(fetch(wanted)), unknown
        except GraphError as error:
            if error.failure.code != INVALID_PARAMETER or isinstance(error, NotFoundError):
                raise
            match = _UNKNOWN_FIELD.search(error.failure.title + " " + error.failure.details)
            if match is not None and match.group(1) == _PLATFORM and _PLATFORM in wanted:
                wanted = [name for name in wanted if name not in (_PLATFORM, HOST_PLATFORM)] + [HOST_PLATFORM]
                decisive += [HOST_PLATFORM] if _PLATFORM in decisive else []
                continue
            if match is None:
                left_out = [name for name in wanted if name not in decisive]
            elif match.group(1) in wanted and match.group(1) not in decisive:
                left_out = [match.group(1)]
            else:
                left_out = []
            if not left_out:
                raise
            wanted = [name for name in wanted if name not in left_out]
            unknown += [name for name in left_out if name != HOST_PLATFORM]


def facts(body: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the number's facts under stable names, whatever of them the answer holds."""
    throughput = body.get("throughput")
    return {
        "id": str(body.get("id") or ""),
        "display_phone_number": str(body.get("display_phone_number") or ""),
        "platform_type": body.get("platform_type"),
        "status": body.get("status"),
        "code_verification_status": body.get("code_verification_status"),
        "is_on_biz_app": body.get("is_on_biz_app"),
        "verified_name": body.get("verified_name"),
        "name_status": body.get("name_status"),
        "quality_rating": body.get("quality_rating"),
        "messaging_limit": body.get("whatsapp_business_manager_messaging_limit") or body.get("messaging_limit_tier"),
        "is_official_business_account": body.get("is_official_business_account"),
        "is_pin_enabled": body.get("is_pin_enabled"),
        "throughput": throughput.get("level") if isinstance(throughput, Mapping) else None,
        "account_mode": body.get("account_mode"),
        "webhook_configuration": body.get("webhook_configuration"),
        "health_status": body.get("health_status"),
    }


def members(context: Context, waba_id: str) -> List[str]:
    """Return the phone number IDs of a WABA, read once per run."""
    found = context.shared.once(
        "waba-%s-numbers" % waba_id,
        lambda: [str(row.get("id")) for row in context.clients.graph("").phone_numbers(waba_id, ["id"])],
    )
    return [str(member) for member in found]


def perform(options: Options, context: Context) -> Outcome:
    """Read the number, and tell whether it belongs to ``waba_id`` when that is given."""
    identity = options.phone_number_id
    body, unknown = read(context.clients.graph(identity), identity, EVERYTHING, options.waba_id)
    result: Dict[str, Any] = {"number": facts(body)}
    if options.waba_id:
        result["belongs_to_waba"] = identity in members(context, options.waba_id)
    return Outcome(
        False,
        result,
        warnings=tuple("Graph %s does not know the field %s" % (options.graph_version, name) for name in unknown),
    )


MODULE = Module(
    name="wa_number_info",
    options=Options,
    run=perform,
    changes=never,
)
