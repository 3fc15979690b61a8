# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Graph, the Cloud API side: one typed method per endpoint."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple, cast

from .._failure import Failure, RefusedError, counted
from .._meta_api import register_body
from . import causes, media, objects, retry, uploads
from .answer import Answer
from .connection import ConnectionPool
from .envelope import success_of
from .errors import Where
from .objects import APP_ID, PHONE_NUMBER_ID, WABA_ID
from .options import GRAPH
from .rate_limiter import RateLimiter
from .shapes import AppSubscription, Backup, DebugToken, PhoneNumber, SubscribedApp, Template, Waba
from .transport import Transport

_PAGE = 100  # the most that a page holds (Meta's OpenAPI of the business messaging API)
_MOST_PAGES = 1000


class _At(NamedTuple):
    """Hold the path of a call below the version, and the option that the ID in it came from."""

    path: str
    option: str = ""


class Graph:
    """Read and change numbers and WABAs on Graph.

    All methods raise :class:`errors.ApiError`; changes also if the answer does not confirm them. Before a request, IDs
    are checked to be digits.
    """

    def __init__(self, transport: Transport, version: str, seen: Callable[[PhoneNumber], Any] = dict) -> None:
        self._transport = transport
        self._seen = seen
        self._root = "/%s" % version.strip("/")
        # The version of the last answer: Graph serves an expired one by another.
        self.served = ""

    @classmethod
    def open(
        cls,
        *,
        access_token: str,
        graph_url: str,
        graph_version: str,
        graph_validate_certs: bool,
        graph_ca_path: Optional[str],
        graph_timeout: float,
        number: str,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        random: Callable[[], float],
        announce: Callable[[str], None],
        graph_retry_for: float = 60.0,
        pool: Optional[ConnectionPool] = None,
        rate_limiter: Optional[RateLimiter] = None,
        seen: Callable[[PhoneNumber], Any] = dict,
    ) -> Graph:
        """Return a client; the default of ``pool`` is one of its own.

        Times are in seconds, ``number`` is the label in all errors. ``seen`` is called with every number that is
        read by itself.
        """
        transport = Transport(
            graph_url,
            GRAPH,
            number,
            lambda: {"Authorization": "Bearer %s" % access_token},
            (graph_ca_path or True) if graph_validate_certs else False,
            min(10.0, graph_timeout),
            graph_timeout,
            retry.RetryPolicy(budget=graph_retry_for),
            clock,
            sleep,
            random,
            announce,
            pool=pool,
            rate_limiter=rate_limiter or RateLimiter.alone(clock),
        )
        return cls(transport, graph_version, seen)

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def phone_number(self, phone_number_id: str, fields: Sequence[str]) -> PhoneNumber:
        """Read a number; ``fields`` is explicit because the defaults differ between Graph's own documents."""
        number = cast(PhoneNumber, self._object(self._at(PHONE_NUMBER_ID, phone_number_id), fields))
        self._seen(number)
        return number

    def phone_numbers(self, waba_id: str, fields: Sequence[str]) -> List[PhoneNumber]:
        """Read all numbers of a WABA."""
        return cast(List[PhoneNumber], self._pages(self._at(WABA_ID, waba_id, "phone_numbers"), fields))

    def waba(self, waba_id: str, fields: Sequence[str]) -> Waba:
        """Read a WABA."""
        return cast(Waba, self._object(self._at(WABA_ID, waba_id), fields))

    def subscribed_apps(self, waba_id: str) -> List[SubscribedApp]:
        """Read the apps that are subscribed to a WABA, with their callback overrides."""
        return cast(List[SubscribedApp], self._rows(self._at(WABA_ID, waba_id, "subscribed_apps")))

    def subscribe(
        self, waba_id: str, override_callback_uri: Optional[str] = None, verify_token: Optional[str] = None
    ) -> None:
        """Subscribe the app of the token to a WABA.

        Without an override this drops an override that is set. Setting one needs the plain subscription first, and the
        answer may then hold ``data`` instead of ``success``.
        """
        body = None
        wording = "POST subscribed_apps of WABA %s" % waba_id
        if override_callback_uri:
            body = {"override_callback_uri": override_callback_uri, "verify_token": verify_token or ""}
            wording += " with a callback override"
        self._change("POST", self._at(WABA_ID, waba_id, "subscribed_apps"), body, confirmed_by="data", wording=wording)

    def unsubscribe(self, waba_id: str) -> None:
        """End the subscription of the app of the token to a WABA."""
        wording = "DELETE subscribed_apps of WABA %s" % waba_id
        self._change("DELETE", self._at(WABA_ID, waba_id, "subscribed_apps"), wording=wording)

    def register(
        self,
        phone_number_id: str,
        pin: str,
        backup: Optional[Backup] = None,
        data_localization_region: Optional[str] = None,
        read_timeout: float = 90.0,
    ) -> None:
        """Register a number on the Cloud API: irreversible, and never repeated (Meta's guide, step 3).

        The answer may take 15 s, so ``read_timeout`` is long. After any error with ``acted`` other than ``codes.NO``
        the number must be read before the next step.
        """
        body = register_body(pin, backup, data_localization_region)
        at = self._at(PHONE_NUMBER_ID, phone_number_id, "register")
        self._change("POST", at, body, kind=retry.NEVER, read_timeout=read_timeout, wording="POST register")

    def deregister(self, phone_number_id: str, read_timeout: float = 90.0) -> None:
        """Deregister a number from the Cloud API; like register it counts (10 in 72 hours) and is never repeated."""
        at = self._at(PHONE_NUMBER_ID, phone_number_id, "deregister")
        self._change("POST", at, kind=retry.NEVER, read_timeout=read_timeout, wording="POST deregister")

    def request_code(self, phone_number_id: str, code_method: str, language: str) -> None:
        """Have Meta send a one-time code to the number, by SMS or VOICE; never repeated (page: phone numbers).

        The parameters go into the body, as Meta's OpenAPI has them: a query would be kept in logs.
        """
        body = {"code_method": code_method, "language": language}
        at = self._at(PHONE_NUMBER_ID, phone_number_id, "request_code")
        self._change("POST", at, body, kind=retry.NEVER, wording="POST request_code")

    def verify_code(self, phone_number_id: str, code: str) -> None:
        """Hand in the one-time code of the number, six digits without a hyphen; never repeated."""
        at = self._at(PHONE_NUMBER_ID, phone_number_id, "verify_code")
        self._change("POST", at, {"code": code}, kind=retry.NEVER, wording="POST verify_code")

    def set_pin(self, phone_number_id: str, pin: str) -> None:
        """Set the PIN of two-step verification of a number on the Cloud API."""
        at = self._at(PHONE_NUMBER_ID, phone_number_id)
        self._change("POST", at, {"pin": pin}, wording="POST PIN of two-step verification")

    def business_profile(self, phone_number_id: str, fields: Sequence[str]) -> Dict[str, Any]:
        """Read the business profile of a number on the Cloud API, without the fields that are not set.

        ``data`` holds one profile by Meta's pages, and ``{"business_profile": ...}`` by its OpenAPI description.
        """
        at = self._at(PHONE_NUMBER_ID, phone_number_id, "whatsapp_business_profile")
        rows = self._rows(at, {"fields": ",".join(fields)})
        found = rows[0] if rows else {}
        inner = found.get("business_profile")
        return dict(inner) if isinstance(inner, dict) else dict(found)

    def set_business_profile(self, phone_number_id: str, fields: Mapping[str, Any]) -> None:
        """Set the named fields of the business profile; the others do not change."""
        body = {"messaging_product": "whatsapp", **fields}
        at = self._at(PHONE_NUMBER_ID, phone_number_id, "whatsapp_business_profile")
        self._change("POST", at, body, wording="POST business profile")

    def upload(self, app_id: str, file: uploads.File) -> str:
        """Upload a file for an app, and return the handle that other calls take for it."""
        self._at(APP_ID, app_id)
        return uploads.put(self._transport, self._root, app_id, file)

    def send_message(self, phone_number_id: str, body: Mapping[str, Any]) -> Dict[str, Any]:
        """Send a message, and return what its answer says of it; never repeated, because each one arrives."""
        at = self._at(PHONE_NUMBER_ID, phone_number_id, "messages")
        answer, where = self._post(at, body, "POST template message")
        rows = answer.get("messages")
        if not (isinstance(rows, list) and rows and isinstance(rows[0], dict) and rows[0].get("id")):
            raise causes.incomplete(where, "messages")
        return dict(rows[0])

    def add_number(self, waba_id: str, body: Mapping[str, Any]) -> str:
        """Add a number to a WABA, and return its phone number ID there; never repeated (page: migrate to a WABA)."""
        wording = "POST phone_numbers of WABA %s" % waba_id
        answer, where = self._post(self._at(WABA_ID, waba_id, "phone_numbers"), body, wording)
        if not str(answer.get("id") or "").isdigit():
            raise causes.incomplete(where, "id")
        return str(answer["id"])

    def settings(self, phone_number_id: str) -> Dict[str, Any]:
        """Read the settings of a number on the Cloud API: calling, encryption, storage."""
        return dict(self._read(self._at(PHONE_NUMBER_ID, phone_number_id, "settings"))[0].body or {})

    def upload_media(self, phone_number_id: str, file: uploads.File, read_timeout: float = 120.0) -> str:
        """Upload a media file to a number, and return its media ID, with which messages name it for 30 days.

        Not repeated here after a lost answer: Meta then keeps a copy that nobody uses, until it deletes it.
        """
        where = self._where("POST", self._at(PHONE_NUMBER_ID, phone_number_id, "media"))
        return media.upload(self._transport, where, file, read_timeout)

    def media(self, media_id: str) -> Dict[str, Any]:
        """Read what the Cloud API knows of a media ID: mime_type, sha256, file_size."""
        answer, where = self._read(_At("/" + media_id))
        if str((answer.body or {}).get("id") or "") != media_id:
            raise causes.incomplete(where, "id")
        return answer.body or {}

    def debug_token(self, app_access_token: str = "") -> DebugToken:
        """Read the facts of the access token itself: app, expiry, scopes.

        Graph returns them to the token's app, or to its owners and developers; an app access token acts as the app.
        """
        query = {"input_token": self._transport.bearer()}
        answer, where = self._read(_At("/debug_token"), query, _as_app(app_access_token))
        data = (answer.body or {}).get("data")
        if not isinstance(data, dict):
            raise causes.incomplete(where, "data")
        return cast(DebugToken, data)

    def message_templates(self, waba_id: str, fields: Sequence[str]) -> List[Template]:
        """Read all message templates of a WABA."""
        return cast(List[Template], self._pages(self._at(WABA_ID, waba_id, "message_templates"), fields))

    def app_subscriptions(self, app_id: str, app_access_token: str = "") -> List[AppSubscription]:
        """Read the webhook subscriptions of an app; Graph requires an app access token, sent in the header only."""
        at = self._at(APP_ID, app_id, "subscriptions")
        return cast(List[AppSubscription], self._rows(at, headers=_as_app(app_access_token)))

    def _at(self, name: str, value: str, edge: str = "") -> _At:
        """Return the path of the object whose ID is ``value`` of the option ``name``, or of an edge of it."""
        if not (isinstance(value, str) and value.isascii() and value.isdigit()):
            failure = Failure(
                code="bad_id",
                title="%s is not an ID of the Graph API: it must be digits" % name,
                details="Got a value of %s" % counted(len(str(value)), "character"),
                next_step=objects.wanted(name),
            )
            raise RefusedError(failure, self._transport.number)
        return _At("/".join(("", value, edge)) if edge else "/" + value, name)

    def _read(
        self, at: _At, params: Optional[Mapping[str, str]] = None, headers: Optional[Mapping[str, str]] = None
    ) -> Tuple[Answer, Where]:
        where = self._where("GET", at)
        answer = self._transport.call(
            "GET", where.path, kind=retry.READ, params=params, headers=headers, option=at.option
        )
        self.served = answer.headers.get("facebook-api-version", "")
        return answer, where

    def _object(self, at: _At, fields: Sequence[str]) -> Dict[str, Any]:
        answer, where = self._read(at, {"fields": ",".join(fields)})
        if not (answer.body or {}).get("id"):
            raise causes.incomplete(where, "id")
        return answer.body or {}

    def _rows(
        self, at: _At, params: Optional[Mapping[str, str]] = None, headers: Optional[Mapping[str, str]] = None
    ) -> List[Dict[str, Any]]:
        return _rows_in(*self._read(at, params, headers))

    def _pages(self, at: _At, fields: Sequence[str]) -> List[Dict[str, Any]]:
        """Follow the cursors; the URL in ``paging.next`` holds the token and is never called."""
        found: List[Dict[str, Any]] = []
        params = {"fields": ",".join(fields), "limit": str(_PAGE)}
        seen: Set[str] = set()
        while True:
            answer, where = self._read(at, params)
            found += _rows_in(answer, where)
            paging = (answer.body or {}).get("paging")
            paging = paging if isinstance(paging, dict) else {}
            if not paging.get("next"):
                return found
            cursors = paging.get("cursors")
            after = cursors.get("after") if isinstance(cursors, dict) else None
            if not isinstance(after, str) or not after or after in seen or len(seen) >= _MOST_PAGES:
                raise causes.incomplete(where, "a cursor to the next page")
            seen.add(after)
            params["after"] = after

    def _post(self, at: _At, body: Mapping[str, Any], wording: str) -> Tuple[Dict[str, Any], Where]:
        """Send what makes something new each time it arrives."""
        where, to = self._where("POST", at), self._transport
        answer = to.call("POST", where.path, kind=retry.NEVER, body=body, option=at.option, wording=wording)
        return answer.body or {}, where

    def _change(
        self,
        method: str,
        at: _At,
        body: Optional[Mapping[str, Any]] = None,
        *,
        kind: str = retry.REFUSED_ONLY,
        read_timeout: Optional[float] = None,
        confirmed_by: str = "",
        wording: str,
    ) -> None:
        """Send a change; it is confirmed if ``success`` is true, or if the key ``confirmed_by`` is there instead.

        ``wording`` names it in the list of what was sent.
        """
        where = self._where(method, at)
        answer = self._transport.call(
            method, where.path, kind=kind, body=body, read_timeout=read_timeout, option=at.option, wording=wording
        )
        success = success_of(answer.body)
        if success is False:
            raise causes.not_done(where, answer.body)
        if success is None and not (confirmed_by and (answer.body or {}).get(confirmed_by)):
            raise causes.incomplete(where, "success")

    def _where(self, method: str, at: _At) -> Where:
        return Where(GRAPH, self._transport.number, method, self._root + at.path, at.option)


def _as_app(app_access_token: str) -> Optional[Dict[str, str]]:
    return {"Authorization": "Bearer %s" % app_access_token} if app_access_token else None


def _rows_in(answer: Answer, where: Where) -> List[Dict[str, Any]]:
    data = (answer.body or {}).get("data")
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise causes.incomplete(where, "data")
    return data
