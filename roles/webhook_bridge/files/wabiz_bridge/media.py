# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Media for the consumer: ``GET /v1/media/<id>`` as on the On-Premises API, fetched from the Cloud API on request."""

from __future__ import annotations

import contextlib
import datetime
import re
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from .config import Settings
from .signature import basic, issue, issued, same

TOKEN_SECONDS = 7 * 86400  # as on the On-Premises API
META = {"api_status": "stable", "version": "wabiz_bridge"}
# headers of Meta's answer that describe the bytes
DESCRIBING = ("content-type", "content-length", "content-disposition")
TIMEOUT = aiohttp.ClientTimeout(total=300, sock_connect=10, sock_read=30)


def refusal(status: int, code: int, title: str, details: str) -> JSONResponse:
    """Return an error as the On-Premises API writes it."""
    return JSONResponse({"errors": [{"code": code, "title": title, "details": details}], "meta": META}, status)


class Media:
    """Fetches media with the access token, which the consumer never sees."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    def login(self, request: Request) -> Response:
        """Answer ``POST /v1/users/login`` with a token for media, so that the consumer's code stays as it is."""
        secrets = self._settings.secrets
        user, password = basic(request.headers.get("authorization", "")) or ("", "")
        # both are compared, whatever the first says
        if not same(secrets.media_user, user) & same(secrets.media_password, password):
            return refusal(401, 1005, "Access denied", "Wrong user or password")
        expires = int(time.time()) + TOKEN_SECONDS
        after = datetime.datetime.fromtimestamp(expires, datetime.UTC).strftime("%Y-%m-%d %H:%M:%S+00:00")
        user_token = {"token": issue(secrets.media_password, expires), "expires_after": after}
        return JSONResponse({"users": [user_token], "meta": META})

    async def fetch(self, request: Request) -> Response:
        """Stream the bytes of a media object; errors have the shape of the On-Premises API."""
        settings = self._settings
        scheme, _blank, token = request.headers.get("authorization", "").partition(" ")
        password = settings.secrets.media_password
        if scheme.lower() != "bearer" or not issued(password, token.strip(), time.time()):
            return refusal(401, 1005, "Access denied", "The token is missing, wrong or has expired")
        media_id = request.path_params["media_id"]
        if not re.fullmatch(r"[0-9]{1,40}", media_id):
            return refusal(404, 1006, "Resource not found", "The Cloud API has no media of this ID")
        try:
            return await self._fetch(media_id)
        except (aiohttp.ClientError, TimeoutError):
            return refusal(502, 1014, "Internal error", "The Cloud API did not answer; try again")

    async def _fetch(self, media_id: str) -> Response:
        settings = self._settings
        found = await self._get(f"{settings.graph_url}/{settings.graph_version}/{media_id}")
        async with found:
            if found.status in (400, 404):
                return refusal(404, 1006, "Resource not found", "The Cloud API has no media of this ID, or no longer")
            url = await self._address(found) if found.status == 200 else ""
        if not url:
            return refusal(502, 1014, "Internal error", f"The Cloud API answered {found.status}")
        answer = await self._get(url)
        size = answer.headers.get("content-length", "")
        if answer.status != 200 or (size.isdigit() and int(size[:18]) > settings.max_media):
            answer.close()
            return refusal(502, 1014, "Internal error", f"The media server answered {answer.status}")
        headers = {name: answer.headers[name] for name in DESCRIBING if name in answer.headers}
        return StreamingResponse(self._stream(answer), headers=headers)

    async def _address(self, found: aiohttp.ClientResponse) -> str:
        """Return the URL in Meta's answer, empty for a host that must not see the access token."""
        try:
            document: Any = await found.json(content_type=None)
        except ValueError:
            return ""
        url = document.get("url") if isinstance(document, dict) else None
        parts = urlsplit(url if isinstance(url, str) else "")
        graph = urlsplit(self._settings.graph_url)
        known = parts.hostname in (*self._settings.media_hosts, graph.hostname) and parts.scheme == graph.scheme
        return str(url) if known else ""

    async def _get(self, url: str) -> aiohttp.ClientResponse:
        if self._session is None:
            # the token goes to the named host only: no proxies of the environment, no .netrc, no redirects
            self._session = aiohttp.ClientSession(timeout=TIMEOUT, trust_env=False, auto_decompress=False)
        token = self._settings.secrets.access_token
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
        return await self._session.get(url, headers=headers, allow_redirects=False)

    async def _stream(self, answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
        with contextlib.closing(answer):
            left = self._settings.max_media
            async for chunk in answer.content.iter_chunked(65536):
                left -= len(chunk)
                if left < 0:
                    # the status is out already: a cut connection shows the consumer that the bytes are incomplete
                    raise aiohttp.ClientPayloadError("larger than the limit")
                yield chunk
