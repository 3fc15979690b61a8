# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ASGI application: Meta's requests on the public port, the consumer's and the operator's on the private one."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from . import metrics
from .commit import Committer, StoreFullError
from .config import Settings
from .deliver import Deliverer
from .media import Media
from .signature import same, signed
from .split import Event, MalformedError, parse, split
from .store import Store, now

LOG = logging.getLogger("wabiz_bridge")
RETRY = {"Retry-After": "5"}
CLOSE = {"Connection": "close"}
LONGEST_CHALLENGE = 1024


class RefusedError(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, why: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(why)
        self.status, self.why, self.headers = status, why, headers


class Bridge:
    """What a process of the service holds, and the handlers of its requests."""

    def __init__(self, settings: Settings, private_port: int) -> None:
        """Make the application; private_port: where it is bound, also when the settings leave it to the system."""
        self.settings = settings
        self.committer: Committer
        self.reader: Store
        self.media: Media
        webhook = [Route(settings.path, self.verify, methods=["GET"])]
        webhook += [Route(settings.path, self.receive, methods=["POST"])]
        private = [
            Route("/healthz", self.health),
            Route("/metrics", self.metrics),
            Route("/v1/numbers/{number}", self.number),
            Route("/v1/users/login", self.login, methods=["POST"]),
            Route("/v1/media/{media_id}", self.fetch, methods=["GET"]),
        ]
        self.app = Starlette(lifespan=self._lifespan)
        self.app.mount("/", ByPort(private_port, Router(webhook), Router(private)))

    @contextlib.asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        settings = self.settings
        self.committer = Committer(
            settings.database,
            max_bytes=settings.max_database,
            max_waiting=settings.max_waiting,
            max_pending=settings.max_pending,
            min_free=settings.min_free,
            keep=settings.seen_days * 86400,
        )
        self.reader = Store(settings.database)
        self.media = Media(settings)
        deliverer = Deliverer(settings, self.committer)
        task = asyncio.create_task(deliverer.run())
        try:
            yield
        finally:
            deliverer.stop()
            await task
            await self.media.close()
            await asyncio.to_thread(self.committer.close)
            self.reader.close()

    # --- Meta

    async def verify(self, request: Request) -> Response:
        """Answer the request with which Meta verifies the URL."""
        query = request.query_params
        challenge = query.get("hub.challenge", "")
        right = same(self.settings.secrets.verify_token, query.get("hub.verify_token", ""))
        if query.get("hub.mode") != "subscribe" or not right or not 0 < len(challenge) <= LONGEST_CHALLENGE:
            metrics.REQUESTS.labels("403", "verification").inc()
            return PlainTextResponse("verification refused\n", 403)
        metrics.REQUESTS.labels("200", "verification").inc()
        return PlainTextResponse(challenge, headers={"X-Content-Type-Options": "nosniff"})

    async def receive(self, request: Request) -> Response:
        """Answer 200 when the events of a body are durable, and an error when Meta shall send it again."""
        began = time.perf_counter()
        try:
            body = await self._body(request)
            if not signed(self.settings.secrets.app_secrets, body, request.headers.get("x-hub-signature-256")):
                raise RefusedError(401, "signature")
            events = split(parse(body))
            await self._store(events)
        except RefusedError as refused:
            metrics.REQUESTS.labels(str(refused.status), refused.why).inc()
            return PlainTextResponse(f"{refused.why}\n", refused.status, headers=refused.headers)
        except MalformedError as error:
            # signed by Meta and yet no JSON: it stays with Meta, which sends it again for days
            LOG.warning("a signed body is malformed: %s", error)
            metrics.REQUESTS.labels("400", "malformed").inc()
            return PlainTextResponse("malformed\n", 400)
        metrics.REQUESTS.labels("200", "stored").inc()
        metrics.ANSWER.observe(time.perf_counter() - began)
        return Response(status_code=200)

    async def _body(self, request: Request) -> bytes:
        """Read a body up to the limit of size and time; what is beyond is not read."""
        limit = self.settings.max_body
        stated = request.headers.get("content-length", "")
        # no length of a real body has more digits, and Python refuses to read thousands of them
        if stated.isdigit() and (len(stated) > 18 or int(stated) > limit):
            raise RefusedError(413, "too large", CLOSE)
        chunks, size = [], 0
        try:
            async with asyncio.timeout(self.settings.body_seconds):
                async for chunk in request.stream():
                    size += len(chunk)
                    if size > limit:
                        raise RefusedError(413, "too large", CLOSE)
                    chunks.append(chunk)
        except TimeoutError:
            raise RefusedError(408, "slow", CLOSE) from None
        except ClientDisconnect:
            raise RefusedError(400, "disconnected", CLOSE) from None
        return b"".join(chunks)

    async def _store(self, events: list[Event]) -> None:
        why = self.committer.accepts()
        if why:
            raise RefusedError(503, why, RETRY)
        try:
            fresh = await self.committer.submit(lambda store: store.add(events, now()))
        except StoreFullError:
            raise RefusedError(503, "the store cannot be written", RETRY) from None
        pairs = zip(events, fresh, strict=True)
        for (kind, new), count in Counter((event.kind, new) for event, new in pairs).items():
            metrics.EVENTS.labels(kind, "stored" if new else "duplicate").inc(count)

    # --- the operator and the consumer

    async def health(self, _request: Request) -> Response:
        """Answer 200 while new events are taken, else 503 with the reason."""
        why = self.committer.failing or self.committer.accepts()
        state = {"status": "failing" if why else "ok", **({"why": why} if why else {}), **self.reader.counters()}
        return JSONResponse(state, 503 if why else 200)

    async def metrics(self, _request: Request) -> Response:
        return Response(metrics.text(self.reader), media_type="text/plain; version=0.0.4; charset=utf-8")

    async def number(self, request: Request) -> Response:
        """Tell when the last message or status of a number came in; nothing of what it holds."""
        number = request.path_params["number"]
        at = self.reader.heard(number)
        if at is None:
            return JSONResponse({"phone_number_id": number, "last_event_at": None}, 404)
        return JSONResponse({"phone_number_id": number, "last_event_at": at})

    async def login(self, request: Request) -> Response:
        return self.media.login(request)

    async def fetch(self, request: Request) -> Response:
        response = await self.media.fetch(request)
        metrics.MEDIA.labels(str(response.status_code)).inc()
        return response


class ByPort:
    """Chooses by the port on which a request came in, which the client cannot forge as it can a Host header."""

    def __init__(self, port: int, public: ASGIApp, private: ASGIApp) -> None:
        self._port, self._public, self._private = port, public, private

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        at = (scope.get("server") or ("", 0))[1]
        await (self._private if at == self._port else self._public)(scope, receive, send)
