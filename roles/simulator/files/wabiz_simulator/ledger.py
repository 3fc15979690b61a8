# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger: one JSON line per request, on disk before the first byte of the answer; never a secret in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from .call import Call
from .clock import iso

SECRET_QUERY = {"access_token", "input_token", "verify_token"}


class Ledger:
    """Append to ledger.jsonl (one line per request) and events.jsonl (arrived, decided, answered or lost)."""

    def __init__(self, run_dir: Path) -> None:
        self.path = run_dir / "ledger.jsonl"
        self._lines = self.path.open("w", encoding="utf-8")
        self._events = (run_dir / "events.jsonl").open("w", encoding="utf-8")
        self.open: dict[int, dict[str, Any]] = {}
        self._seq = 0

    def next_seq(self) -> int:
        self._seq += 1
        return self._seq

    def arrived(self, call: Call) -> None:
        self.open[call.seq] = {"seq": call.seq, "began": iso(call.began), **_route(call)}
        self._event(call, "arrived")

    def decided(self, call: Call) -> None:
        """Write the line of this request; what is not decided yet (a fault before acting) has status null."""
        self.open.pop(call.seq, None)
        line: dict[str, Any] = {
            "seq": call.seq,
            "began": iso(call.began),
            "ended": iso(call.now),
            **_route(call),
            "query": urlencode([(name, "REDACTED" if name in SECRET_QUERY else value) for name, value in call.query]),
            "phone_number_id": call.number.phone_number_id if call.number else None,
            "waba_id": call.waba.id if call.waba else call.number.waba_id if call.number else None,
            "node": call.node.address if call.node else None,
            "client": call.client,
            "status": call.reply.status if call.reply else None,
            "error_code": call.reply.error_code if call.reply else None,
            "effect": call.effect,
            "accepted": call.accepted,
            "fault": call.fault,
            "bearer_ok": call.bearer_ok,
            "token_in_query": any(name in SECRET_QUERY - {"input_token"} for name, _unused in call.query),
            "body_keys": sorted(call.body) if call.body is not None else [],
            **call.digests,
        }
        _append(self._lines, line)
        self._event(call, "decided")

    def ended(self, call: Call, how: str) -> None:
        """Note whether the answer went out whole (answered) or not (lost)."""
        self._event(call, how)

    def _event(self, call: Call, event: str) -> None:
        _append(self._events, {"seq": call.seq, "event": event, "at": iso(call.now), **_route(call)})

    def lines(self) -> list[dict[str, Any]]:
        return list(read(self.path))

    def close(self) -> None:
        self._lines.close()
        self._events.close()


def read(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.endswith("\n"):
                yield json.loads(line)


def _route(call: Call) -> dict[str, Any]:
    return {"api": call.api, "kind": call.kind, "method": call.method, "path": call.path}


def _append(file: Any, line: dict[str, Any]) -> None:
    file.write(json.dumps(line) + "\n")
    file.flush()
