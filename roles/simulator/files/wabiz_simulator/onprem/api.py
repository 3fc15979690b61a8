# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the On-Premises API does in its own way: envelope, wording of faults, table of routes."""

from __future__ import annotations

from ..call import Call, Reply
from ..refusal import OnPremError, RefusalError
from ..routing import route, router
from ..strict import InputError
from . import access, account, media, profile, reads, settings, users


class OnPremApi:
    """Serve every node; which one is told by the address that was called."""

    name = "onprem"
    router = router(
        route("POST", "/v1/users/login", users.login),
        route("POST", "/v1/users/logout", users.logout, access.user),
        route("GET", "/v1/health", reads.health, access.monitor),
        route("GET", "/v1/support", reads.support, access.user),
        route("GET", "/v1/stats/app", reads.stats_app, access.monitor),
        route("GET", "/v1/stats/app/internal", reads.stats_internal, access.monitor),
        route("GET", "/v1/stats/db", reads.stats_db, access.monitor),
        route("GET", "/v1/stats/db/internal", reads.stats_db_internal, access.monitor),
        route("GET", "/metrics", reads.metrics, access.monitor),
        route("GET", "/v1/settings/application", settings.application, access.admin),
        route("POST", "/v1/settings/backup", settings.make_backup, access.admin),
        route("POST", "/v1/settings/account/two-step", settings.set_two_step, access.admin),
        route("DELETE", "/v1/settings/account/two-step", settings.clear_two_step, access.admin),
        route("GET", "/v1/settings/business/profile", profile.business, access.user),
        route("POST", "/v1/settings/business/profile", profile.set_business, access.admin),
        route("GET", "/v1/settings/profile/about", profile.about, access.user),
        route("PATCH", "/v1/settings/profile/about", profile.set_about, access.admin),
        route("GET", "/v1/settings/profile/photo", profile.photo, access.user),
        route("POST", "/v1/account", account.register, access.admin),
        route("POST", "/v1/account/verify", account.verify, access.admin),
        route("GET", "/v1/account/shards", account.shards, access.admin),
        route("POST", "/v1/account/shards", account.set_shards, access.admin),
        route("PATCH", "/v1/settings/application", settings.set_application, access.admin),
        route("POST", "/v1/settings/restore", settings.restore, access.admin),
        route("GET", "/v1/certificates/external/ca", reads.ca_certificate, access.admin),
        route("GET", "/v1/certificates/webhooks/ca", reads.webhook_ca_certificate, access.admin),
        route("GET", "/v1/media/{media_id}", media.read, access.user),
        route("GET", "/v1/stickerpacks", reads.stickerpacks, access.user),
    )

    def __init__(self, ca_pem: str) -> None:
        self.ca_pem = ca_pem

    def arrive(self, call: Call) -> None:
        call.params["ca_pem"] = self.ca_pem
        if call.method == "POST" and call.path == "/v1/users/login":
            call.kind = "login"

    def enter(self, call: Call) -> None:
        """Nothing precedes the routes here."""

    def cut(self, call: Call) -> None:
        """A request that was cut leaves nothing behind here."""

    def input_fault(self, fault: InputError) -> RefusalError:
        if fault.kind in ("body", "media"):
            return OnPremError(1025, "The body is not a JSON object sent as application/json")
        if fault.kind in ("unknown", "query"):
            return OnPremError(1010, f"{fault.key} is not required")
        if fault.kind == "missing":
            return OnPremError(1008, f"{fault.key} is required")
        return OnPremError(1009, f"{fault.key} {fault.why}")

    def no_route(self, call: Call) -> RefusalError:
        return OnPremError(1006, "File not found")

    def finish(self, call: Call, reply: Reply) -> None:
        """Add meta to every JSON object; an empty answer takes the form that the switch wants."""
        if reply.text is not None or reply.content is not None:
            return
        version = call.node.client_version if call.node else "v0"
        if isinstance(reply.body, dict) and reply.body:
            reply.body.setdefault("meta", {"api_status": "stable", "version": version})
        elif reply.body == {}:
            form = call.number.switches.empty_body_form if call.number else "meta"
            if form == "null":
                reply.body = None
            elif form == "meta":
                reply.body = {"meta": {"api_status": "stable", "version": version}}
