# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last step of an answer: sent whole, or damaged as a fault wants it, down to the reset of the connection."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from typing import Any

from starlette.types import Send

from .call import Call, Reply
from .faults import Fault
from .listeners import Connection
from .refusal import GraphError, OnPremError

HTML = "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>"
PIECE = 64 * 1024


def substitute(call: Call, fault: Fault) -> Reply | None:
    """Return the answer that takes the place of the real one; None when the fault damages the way, not the words."""
    headers = dict(fault.headers)
    if fault.kind == "html":
        return Reply(text=HTML, status=fault.status, headers={"content-type": "text/html; charset=utf-8", **headers})
    if fault.kind == "redirect":
        return Reply(text="", status=fault.status, headers={"location": fault.location})
    if fault.kind == "status":
        return Reply(fault.body, status=fault.status, headers=headers)
    if fault.kind == "success_false":
        return Reply({"success": False})
    if fault.kind == "graph_error":
        graph = GraphError(fault.code, fault.details, subcode=fault.subcode)
        return Reply(graph.body, fault.status or graph.status, headers=headers, error_code=fault.code)
    if fault.kind == "onprem_error":
        onprem = OnPremError(fault.code, fault.details)
        return Reply(onprem.body, fault.status or onprem.status, headers=headers, error_code=fault.code)
    return None


async def deliver(call: Call, reply: Reply, fault: Fault | None, connection: Connection, send: Send) -> None:
    """Send the answer as the fault wants it."""
    content, headers = _encode(reply)
    kind = fault.kind if (fault is not None and fault.when == "after") or (fault and fault.kind in _WAYS) else ""
    if kind == "hang":
        await connection.gone()
    elif kind in ("reset_before", "reset_after", "cut_upload"):
        await reset(connection)
    elif kind == "empty":
        await _send(send, reply.status, {**headers, "content-length": "0"}, b"")
    elif kind == "cut_body":
        await _cut(send, reply, headers, content or b"{}", connection)
    elif kind == "oversize" and fault is not None:
        await _oversize(send, reply, headers, fault.size, connection)
    elif kind == "slow_drip" and fault is not None:
        await _drip(send, reply, headers, content, fault.seconds, connection)
    elif kind == "wrong_content_type" and fault is not None:
        await _send(send, reply.status, {**headers, "content-type": fault.content_type}, content)
    elif kind == "headers" and fault is not None:
        await _send(send, reply.status, {**headers, **{name.lower(): value for name, value in fault.headers}}, content)
    elif kind == "refuse_after":
        await _send(send, reply.status, {**headers, "connection": "close"}, content)
    else:
        await _send(send, reply.status, headers, content)


# Faults that damage the way also when they strike before the request has acted.
_WAYS = {"hang", "reset_before", "empty", "cut_body", "oversize", "slow_drip", "wrong_content_type", "headers"}


async def reset(connection: Connection) -> None:
    """Close the connection with a reset, as a crashed process or a firewall does."""
    raw = connection.transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.transport.abort()
    await connection.gone()


def _encode(reply: Reply) -> tuple[bytes, dict[str, str]]:
    if reply.content is not None:
        content, media = reply.content, "application/octet-stream"
    elif reply.text is not None:
        content, media = reply.text.encode(), "text/plain; charset=utf-8"
    else:
        content, media = json.dumps(reply.body).encode(), "application/json; charset=UTF-8"
    return content, {"content-type": media, "content-length": str(len(content)), **reply.headers}


async def _start(send: Send, status: int, headers: dict[str, str]) -> None:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})


async def _send(send: Send, status: int, headers: dict[str, str], content: bytes) -> None:
    await _start(send, status, headers)
    await send({"type": "http.response.body", "body": content})


async def _cut(send: Send, reply: Reply, headers: dict[str, str], content: bytes, connection: Connection) -> None:
    await _start(send, reply.status, {**headers, "content-length": str(len(content))})
    await send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})
    # The half must be on its way before the connection goes.
    await asyncio.sleep(0.05)
    connection.transport.abort()
    await connection.gone()


async def _oversize(send: Send, reply: Reply, headers: dict[str, str], size: int, connection: Connection) -> None:
    start = b'{"filler": "'
    await _start(send, reply.status, {**headers, "content-length": str(len(start) + size + 2)})
    await send({"type": "http.response.body", "body": start, "more_body": True})
    left = size
    while left > 0 and not connection.lost:
        piece = min(left, PIECE)
        left -= piece
        await send({"type": "http.response.body", "body": b"x" * piece, "more_body": True})
    await send({"type": "http.response.body", "body": b'"}'})


async def _drip(
    send: Send, reply: Reply, headers: dict[str, Any], content: bytes, seconds: float, connection: Connection
) -> None:
    await _start(send, reply.status, headers)
    pause = seconds / max(1, len(content))
    for at in range(len(content)):
        if connection.lost:
            return
        await send({"type": "http.response.body", "body": content[at : at + 1], "more_body": True})
        await asyncio.sleep(pause)
    await send({"type": "http.response.body", "body": b""})
