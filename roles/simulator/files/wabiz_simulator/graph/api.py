# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Graph does in its own way: version, bearer, wording of faults, headers, table of routes."""

from __future__ import annotations

import json
import re
import secrets

from ..call import Call, Reply
from ..refusal import GraphError, RefusalError
from ..routing import route, router
from ..strict import InputError
from . import (
    access,
    media,
    messages,
    migration,
    node,
    profile,
    registration,
    subscriptions,
    tokens,
    uploads,
    verification,
    wabas,
)

# Live versions on 2026-11-26; an older one is served by the oldest that lives.
OLDEST, NEWEST = 21, 26
_VERSION = re.compile(r"v(\d{1,2})\.0")


class GraphApi:
    """Serve every number and WABA of the fleet."""

    name = "graph"
    router = router(
        route("GET", "/{version}/debug_token", tokens.debug_token),
        route("GET", "/{version}/upload:{session}", uploads.offset),
        route("POST", "/{version}/upload:{session}", uploads.send),
        route("POST", "/{version}/{id}/uploads", uploads.start),
        route("POST", "/{version}/{id}/media", media.upload, access.message_number),
        route("GET", "/{version}/{id}", node.read, access.read),
        route("POST", "/{version}/{id}", registration.set_pin, access.write_number),
        route("POST", "/{version}/{id}/register", registration.register, access.register),
        route("POST", "/{version}/{id}/deregister", registration.deregister, access.write_number),
        route("POST", "/{version}/{id}/request_code", verification.request_code, access.write_number),
        route("POST", "/{version}/{id}/verify_code", verification.verify_code, access.write_number),
        route("POST", "/{version}/{id}/messages", messages.send, access.message_number),
        route("GET", "/{version}/{id}/settings", messages.settings, access.read_number),
        route("GET", "/{version}/{id}/whatsapp_business_profile", profile.read, access.read_number),
        route("POST", "/{version}/{id}/whatsapp_business_profile", profile.write, access.write_number),
        route("GET", "/{version}/{id}/phone_numbers", wabas.phone_numbers, access.read_waba),
        route("POST", "/{version}/{id}/phone_numbers", migration.add, access.add_number),
        route("GET", "/{version}/{id}/message_templates", wabas.message_templates, access.read_waba),
        route("GET", "/{version}/{id}/subscribed_apps", subscriptions.read, access.read_waba),
        route("POST", "/{version}/{id}/subscribed_apps", subscriptions.subscribe, access.write_waba),
        route("DELETE", "/{version}/{id}/subscribed_apps", subscriptions.unsubscribe, access.write_waba),
        route("GET", "/{version}/{id}/subscriptions", tokens.app_subscriptions),
    )

    def __init__(self) -> None:
        self.url = ""

    def arrive(self, call: Call) -> None:
        call.params["graph_url"] = self.url
        parts = call.path.split("/")
        wanted = parts[2] if len(parts) > 2 else ""
        call.number = call.world.numbers.get(wanted)
        call.waba = call.world.wabas.get(wanted)
        media.arrive(call, wanted)
        migration.arrive(call)

    def enter(self, call: Call) -> None:
        version = _VERSION.fullmatch(call.path.split("/")[1])
        if version is None or int(version[1]) > NEWEST:
            raise GraphError(2500, message=f"Unknown path components: {call.path}")
        access.bearer(call)

    def cut(self, call: Call) -> None:
        uploads.cut(call)

    def input_fault(self, fault: InputError) -> RefusalError:
        if fault.kind == "media":
            return GraphError(100, "The body must be sent as application/json")
        if fault.kind == "body":
            return GraphError(100, "The body is not a JSON object")
        if fault.kind == "unknown":
            return GraphError(100, message=f'(#100) Unexpected key "{fault.key}" on param "body"')
        if fault.kind == "query":
            return GraphError(100, message=f"(#100) Unexpected or repeated parameter {fault.key}")
        if fault.kind == "missing" and fault.key == "messaging_product":
            return GraphError(100, message="(#100) The parameter messaging_product is required.")
        if fault.kind == "missing":
            return GraphError(131009, f"The parameter {fault.key} is required.")
        return GraphError(131009 if fault.key == "pin" else 100, f"{fault.key} {fault.why}")

    def no_route(self, call: Call) -> RefusalError:
        return GraphError(2500, message=f"Unknown path components: {call.path}")

    def finish(self, call: Call, reply: Reply) -> None:
        """Add trace id, served version and usage, and bring success into the form that the switch wants."""
        trace = "A" + secrets.token_urlsafe(16)
        body = reply.body
        if isinstance(body, dict) and isinstance(body.get("error"), dict):
            body["error"].setdefault("fbtrace_id", trace)
        number = call.number
        if number is None and call.waba is not None and call.waba.number_ids:
            number = call.world.numbers[call.waba.number_ids[0]]
        if isinstance(body, dict) and isinstance(body.get("success"), bool) and number is not None:
            form = number.switches.success_form
            if form != "bool":
                body["success"] = str(body["success"]) if form == "String" else str(body["success"]).lower()
        version = _VERSION.fullmatch(call.path.split("/")[1])
        served = min(max(int(version[1]), OLDEST), NEWEST) if version else NEWEST
        headers = {
            "facebook-api-version": f"v{served}.0",
            "x-fb-request-id": trace,
            "x-fb-trace-id": trace,
            "x-app-usage": json.dumps({"call_count": 0, "total_cputime": 0, "total_time": 0}),
        }
        waba_id = call.waba.id if call.waba else call.number.waba_id if call.number else None
        if waba_id is not None:
            usage = {
                "type": "whatsapp_business_management",
                "call_count": 1,
                "total_cputime": 1,
                "total_time": 1,
                "estimated_time_to_regain_access": 0,
            }
            headers["x-business-use-case-usage"] = json.dumps({waba_id: [usage]})
        known = {name.lower() for name in reply.headers}
        reply.headers.update({name: value for name, value in headers.items() if name not in known})
