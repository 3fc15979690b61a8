# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The On-Premises API of one node: one typed method per endpoint, with an automatic login."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Callable, Dict, Mapping, Optional, Tuple, cast

from .._meta_api import FIRST_LOGIN
from . import causes, retry
from .answer import Answer
from .codes_cases import EXPIRED_CLIENT
from .connection import ConnectionPool
from .envelope import answer_error, success_of
from .errors import (
    AnswerError,
    ApiError,
    AuthError,
    ForbiddenError,
    NotFoundError,
    ProtocolError,
    Where,
)
from .options import ONPREM, option
from .shapes import Application, Support
from .transport import Transport

STATS = ("app", "app/internal", "db", "db/internal")
# Titles of errors with a fix of their own; they identify an error that a host returns as data.
LOGIN_REFUSED = "The node refuses the login"
TOKEN_REFUSED = "The given token of the node is expired, revoked or wrong"


class Credential:
    """Hold the account or the token of a node in memory, and ``serves``: the number that it said last to serve."""

    def __init__(self, username: str, password: str, token: str) -> None:
        self._username = username
        self._password = password
        self.token = token
        self.given = bool(token)
        self.serves = ""

    def bearer(self) -> Dict[str, str]:
        """Return the header of all calls but the login."""
        return {"Authorization": "Bearer %s" % self.token}

    def basic(self) -> Dict[str, str]:
        """Return the header of the login."""
        pair = ("%s:%s" % (self._username, self._password)).encode("utf-8")
        return {"Authorization": "Basic %s" % base64.b64encode(pair).decode("ascii")}


class OnPrem:
    """Read and change one node (client v2.x).

    All methods raise :class:`errors.ApiError`. Bodies may be ``null``, ``{}`` or hold ``meta`` only; a method then
    returns an empty value if that is a valid state, else it raises an error.
    """

    def __init__(self, transport: Transport, credential: Credential) -> None:
        self._transport = transport
        self._credential = credential
        self.read_photo = b""

    @classmethod
    def open(
        cls,
        *,
        url: str,
        username: str,
        password: str,
        token: Optional[str],
        validate_certs: bool,
        ca_path: Optional[str],
        timeout: float,
        retry_budget: float,
        number: str,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        random: Callable[[], float],
        announce: Callable[[str], None],
        pool: Optional[ConnectionPool] = None,
        credential: Optional[Credential] = None,
    ) -> OnPrem:
        """Return a client; the default of ``pool`` is one of its own.

        Times are in seconds, ``number`` is the label in all errors. Logs in at the first call, unless ``token`` is
        given, which is never replaced, or a ``credential`` that has logged in already.
        """
        credential = credential or Credential(username, password or "", token or "")
        transport = Transport(
            url,
            ONPREM,
            number,
            credential.bearer,
            (ca_path or True) if validate_certs else False,
            min(10.0, timeout),
            timeout,
            retry.RetryPolicy(budget=retry_budget),
            clock,
            sleep,
            random,
            announce,
            pool=pool,
        )
        return cls(transport, credential)

    def close(self) -> None:
        """Close all connections and forget the token."""
        self._transport.close()
        if not self._credential.given:
            self._credential.token = ""

    def health(self) -> Any:
        """Read ``health``: one ``gateway_status``, or one entry per ``host:container`` (high availability).

        If a Coreapp does not run, a list of errors replaces its entry, or all entries.
        """
        answer, where = self._call("GET", "/v1/health")
        health = (answer.body or {}).get("health")
        if health is None:
            raise causes.incomplete(where, "health")
        return health

    def application(self) -> Application:
        """Read the application settings; ``wa_id`` is the number that the node serves."""
        application = cast(Application, self._part("/v1/settings/application", "settings", "application"))
        self._credential.serves = str(application.get("wa_id") or "")
        return application

    def serves(self) -> str:
        """Return the number that the node serves, by the last read of the session, else by a new one."""
        return self._credential.serves or str(self.application().get("wa_id") or "")

    def support(self) -> Support:
        """Read the support facts: expiry of the client, connection, multiconnect."""
        return cast(Support, self._part("/v1/support", "support"))

    def shards(self) -> Optional[int]:
        """Read the number of shards; None if the node does not report it."""
        try:
            account = self._part("/v1/account/shards", "account")
        except NotFoundError:  # a single instance
            return None
        shards = account.get("shards")
        return shards if isinstance(shards, int) and not isinstance(shards, bool) else None

    def stats(self, name: str) -> Dict[str, Any]:
        """Read the statistics ``name``, one of :data:`STATS`; those of the database are empty on a secondary node."""
        if name not in STATS:
            raise ValueError("no such statistics: %s" % name)
        return self._part("/v1/stats/%s" % name, "stats", optional=True)

    def metrics_text(self) -> str:
        """Read the metrics of the Webapp in the text form of Prometheus; Meta names two paths for them."""
        try:
            return self._call("GET", "/metrics", text=True)[0].text
        except NotFoundError:
            return self._call("GET", "/v1/metrics", text=True)[0].text

    def backup(self, password: str) -> Tuple[str, str]:
        """Make a backup of the registration (Meta's guide, step 2); return its data and the version of the client.

        Only a node that is registered and running makes one. Nothing changes on the node, so the call is repeated
        like a read; it is work for the node, so it is in the list of what was sent.
        """
        wording = "POST backup on the node"
        answer, where = self._call("POST", "/v1/settings/backup", body={"password": password}, wording=wording)
        settings = (answer.body or {}).get("settings")
        data = settings.get("data") if isinstance(settings, dict) else None
        if not isinstance(data, str) or not data:
            raise causes.incomplete(where, "settings.data")
        meta = (answer.body or {}).get("meta")
        version = meta.get("version") if isinstance(meta, dict) else ""
        return data, version if isinstance(version, str) else ""

    def clear_two_step(self) -> None:
        """Turn two-step verification off (Meta's guide, step 1); the node cannot report whether it was on."""
        self._change("DELETE", "/v1/settings/account/two-step", wording="DELETE two-step verification on the node")

    def set_two_step(self, pin: str) -> None:
        """Set the PIN of two-step verification."""
        wording = "POST two-step verification on the node"
        self._change("POST", "/v1/settings/account/two-step", {"pin": pin}, wording=wording)

    def business_profile(self) -> Dict[str, Any]:
        """Read the business profile; empty when none is set."""
        return self._part("/v1/settings/business/profile", "settings", "business", "profile", optional=True)

    def about(self) -> Dict[str, Any]:
        """Read the about text of the profile as ``{"text": ...}``; empty when none is set."""
        return self._part("/v1/settings/profile/about", "settings", "profile", "about", optional=True)

    def photo(self) -> Dict[str, Any]:
        """Read the profile photo as ``{"link": ...}``; empty when none is set."""
        params = {"format": "link"}  # without it the answer is the image
        return self._part("/v1/settings/profile/photo", "settings", "profile", "photo", optional=True, params=params)

    def photo_facts(self) -> Dict[str, Any]:
        """Return whether there is a profile photo, and the SHA-256 of its bytes if the node returns them.

        ``read_photo`` then holds these bytes.
        """
        self.read_photo = b""
        try:
            answer, _where = self._call("GET", "/v1/settings/profile/photo", text=True)
        except NotFoundError:
            return {"present": False, "sha256": ""}
        if not answer.headers.get("content-type", "").lower().startswith("image/"):
            return {"present": bool(self.photo().get("link")), "sha256": ""}
        self.read_photo = answer.raw
        return {"present": bool(answer.raw), "sha256": hashlib.sha256(answer.raw).hexdigest()}

    def media(self, media_id: str, most: int) -> Tuple[bytes, str]:
        """Read the bytes of a media file of at most ``most`` bytes, and its content type; raises NotFoundError."""
        answer, _where = self._call("GET", "/v1/media/%s" % media_id, text=True, max_body=most)
        return answer.raw, answer.headers.get("content-type", "")

    def stickerpacks(self) -> int:
        """Count the stickerpacks of the node; 0 when it has none."""
        try:
            answer, _where = self._call("GET", "/v1/stickerpacks")
        except NotFoundError:
            return 0
        packs = (answer.body or {}).get("stickerpacks")
        return len(packs) if isinstance(packs, list) else 0

    def has_certificate(self, name: str) -> bool:
        """Tell whether the node has a CA ``name``: "external/ca" of its own TLS, "webhooks/ca" for its callbacks."""
        try:
            return "BEGIN CERTIFICATE" in self._call("GET", "/v1/certificates/%s" % name, text=True)[0].text
        except NotFoundError:
            return False

    def call(
        self, method: str, path: str, body: Mapping[str, Any], wording: str, kind: str = retry.NEVER
    ) -> Tuple[Answer, Where]:
        """Send a change that has no method of its own here; ``wording`` names it in the list of what was sent."""
        return self._call(method, path, kind=kind, body=body, wording=wording)

    def _part(
        self, path: str, *keys: str, optional: bool = False, params: Optional[Mapping[str, str]] = None
    ) -> Dict[str, Any]:
        """Read the object below ``keys``; an absent one that is ``optional`` is empty."""
        try:
            answer, where = self._call("GET", path, params=params)
        except NotFoundError:
            if optional:
                return {}
            raise
        part: Any = answer.body
        for key in keys:
            part = part.get(key) if isinstance(part, dict) else None
        if isinstance(part, dict):
            return part
        if not optional:
            raise causes.incomplete(where, ".".join(keys))
        return {}

    def _change(self, method: str, path: str, body: Optional[Mapping[str, Any]] = None, *, wording: str) -> None:
        answer, where = self._call(method, path, kind=retry.REFUSED_ONLY, body=body, wording=wording)
        if success_of(answer.body) is False:
            raise causes.not_done(where, answer.body)

    def _call(self, method: str, path: str, *, kind: str = retry.READ, **options: Any) -> Tuple[Answer, Where]:
        """Send a call with a token; log in again if the node no longer accepts the token of an earlier login."""
        if self._credential.token:
            try:
                return self._send(method, path, kind, **options)
            except AuthError as error:
                if error.http_status != 401 or self._credential.given:
                    raise
        self._login()
        return self._send(method, path, kind, **options)

    def _send(self, method: str, path: str, kind: str, **options: Any) -> Tuple[Answer, Where]:
        try:
            return self._transport.call(method, path, kind=kind, **options), self._where(method, path)
        except AuthError as error:
            if self._credential.given:
                _explain(
                    error,
                    TOKEN_REFUSED,
                    "set a new token (it is valid for 7 days), or a password for automatic logins: %s"
                    % option("onprem_token", "onprem_password"),
                )
            else:
                _explain(
                    error,
                    "The node refuses the token that it has just issued",
                    "check the clock and the log of the node",
                )
            raise

    def _login(self) -> None:
        """Exchange the account for a token (POST /v1/users/login, Basic, no body; the token is valid for 7 days)."""
        path = "/v1/users/login"
        self._credential.token = ""
        try:
            answer = self._transport.call("POST", path, kind=retry.READ, headers=self._credential.basic())
        except (AnswerError, ProtocolError) as error:
            refused = _refused_login(error, self._where("POST", path))
            if refused is None:
                raise
            _explain(refused, LOGIN_REFUSED, "check %s" % option("onprem_username", "onprem_password"))
            raise refused from None
        users = (answer.body or {}).get("users")
        user = users[0] if isinstance(users, list) and users else None
        token = user.get("token") if isinstance(user, dict) else None
        if not isinstance(token, str) or not token:
            raise causes.incomplete(self._where("POST", path), "users[0].token")
        self._credential.token = token

    def _where(self, method: str, path: str) -> Where:
        return Where(ONPREM, self._transport.number, method, path)


def _refused_login(error: ApiError, where: Where) -> Optional[AnswerError]:
    """Return the error of a refused login, None for an error of another kind.

    Some nodes refuse a login without a body or with a page: then only the HTTP status shows the refusal.
    """
    if isinstance(error, (AuthError, ForbiddenError)):
        return error
    no_message = isinstance(error, ProtocolError) or error.failure.code == error.http_status
    if error.http_status not in (400, 401, 403) or not no_message:
        return None
    refused = answer_error(where, 401, None)
    refused.http_status = error.http_status
    seen = error.failure.title.partition(": ")[2] or "HTTP %d without a body" % error.http_status
    refused.revise(code=error.http_status, details="Its answer was %s" % seen)
    return refused


def _explain(error: AnswerError, title: str, next_step: str) -> None:
    """Set what tells a wrong login and an expired token apart; a first login and an expired client keep their texts."""
    if error.code != FIRST_LOGIN and error.title != EXPIRED_CLIENT.title:
        error.revise(title=title, next_step=next_step)
