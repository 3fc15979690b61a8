# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request on its way through the simulator, and the answer to it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from .config import TokenConfig
from .nodes import Node
from .numbers import Number
from .state import Waba, World


@dataclass
class Reply:
    """Answer with JSON (body may be None: the literal null), with text, or with bytes."""

    body: Any = None
    status: int = 200
    text: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    error_code: int | None = None
    content: bytes | None = None


@dataclass
class Call:
    """Carry one request; handlers note in effect and accepted what it did."""

    world: World
    seq: int
    api: str
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    raw: bytes
    client: str
    server: tuple[str, int]
    began: float
    node: Node | None = None
    number: Number | None = None
    waba: Waba | None = None
    token: TokenConfig | None = None
    user: str | None = None
    bearer_ok: bool | None = None
    body: dict[str, Any] | None = None
    params: dict[str, str] = field(default_factory=dict)
    effect: str = "none"
    accepted: bool = False
    kind: str = "change"
    fault: str | None = None
    digests: dict[str, str] = field(default_factory=dict)
    reply: Reply | None = None

    @property
    def now(self) -> float:
        return self.world.clock.now()

    def did(self, effect: str) -> None:
        """Note a change of state."""
        self.effect = effect
        self.accepted = True

    def fingerprint(self, name: str, secret: str) -> None:
        """Note that a secret was sent, by digest only."""
        self.digests[f"{name}_sha256"] = hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

    def needs_number(self) -> Number:
        if self.number is None:
            raise LookupError("this route has no number")
        return self.number

    def needs_node(self) -> Node:
        if self.node is None:
            raise LookupError("this route has no node")
        return self.node

    def needs_waba(self) -> Waba:
        if self.waba is None:
            raise LookupError("this route has no WABA")
        return self.waba
