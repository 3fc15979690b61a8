# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault script: which request gets which fault; rules come from a file or from the admin endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .call import Call
from .checks import Fields, FileError

# kind -> when it strikes if the rule does not say: before the request acts, or after it has acted.
KINDS: dict[str, str] = {
    "refuse": "before",
    "refuse_after": "after",
    "reset_before": "before",
    "reset_after": "after",
    "cut_body": "after",
    "html": "before",
    "wrong_content_type": "after",
    "headers": "after",
    "oversize": "after",
    "slow_drip": "after",
    "delay": "before",
    "redirect": "before",
    "status": "before",
    "graph_error": "before",
    "onprem_error": "before",
    "success_false": "before",
    "empty": "after",
    "hang": "before",
    # Only the first bytes of an upload arrive, then the connection is reset.
    "cut_upload": "after",
}
FIXED = {"refuse", "refuse_after", "reset_before", "reset_after", "cut_upload"}


@dataclass(frozen=True)
class Fault:
    kind: str
    when: str
    seconds: float = 0.0
    status: int = 0
    body: Any = None
    code: int = 0
    details: str = ""
    subcode: int | None = None
    location: str = ""
    content_type: str = ""
    size: int = 0
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Rule:
    """Match requests and count them; nth is the first that is hit, times how many from there on."""

    fault: Fault
    api: str | None
    method: str | None
    path: re.Pattern[str] | None
    phone_number_id: str | None
    waba_id: str | None
    nth: int
    times: int | None
    seen: int = 0
    hit: int = 0

    def matches(self, call: Call) -> bool:
        if self.fault.kind == "refuse":
            return False
        number_id = call.number.phone_number_id if call.number else None
        waba_id = call.waba.id if call.waba else call.number.waba_id if call.number else None
        return (
            self.api in (None, call.api)
            and self.method in (None, call.method)
            and (self.path is None or self.path.search(call.path) is not None)
            and self.phone_number_id in (None, number_id)
            and self.waba_id in (None, waba_id)
        )

    def strikes(self) -> bool:
        self.seen += 1
        if self.seen < self.nth or (self.times is not None and self.hit >= self.times):
            return False
        self.hit += 1
        return True

    def as_dict(self) -> dict[str, Any]:
        return {"kind": self.fault.kind, "when": self.fault.when, "seen": self.seen, "hit": self.hit}


class Faults:
    """Hold the rules in their order; the first rule that strikes wins, all that match count the request."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self.rules = list(rules)

    def take(self, call: Call) -> Fault | None:
        struck = [rule for rule in self.rules if rule.matches(call) and rule.strikes()]
        return struck[0].fault if struck else None

    def refuses(self, api: str, phone_number_id: str | None) -> bool:
        """Tell whether the socket of this side is to be closed."""
        return any(
            rule.fault.kind == "refuse"
            and rule.api == api
            and (rule.phone_number_id is None or rule.phone_number_id == phone_number_id)
            for rule in self.rules
        )


def load(path: Path) -> list[Rule]:
    """Read a fault file; raises FileError with everything that is wrong with it."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise FileError(str(path), [f"cannot be read: {error}"]) from None
    return parse(data, str(path))


def parse(data: Any, source: str = "faults") -> list[Rule]:
    """Turn a list of {match, fault} (or {faults: [...]}) into rules; raises FileError."""
    faults: list[str] = []
    if isinstance(data, dict) and set(data) == {"faults"}:
        data = data["faults"]
    if not isinstance(data, list):
        raise FileError(source, ["must be a list of rules"])
    rules = [_rule(one, f"rule {at + 1}", faults) for at, one in enumerate(data)]
    if faults:
        raise FileError(source, faults)
    return rules


def _rule(data: Any, where: str, faults: list[str]) -> Rule:
    fields = Fields(data, where, faults)
    match = Fields(fields.take("match", {}), f"{where}.match", faults)
    fault = _fault(fields.take("fault"), f"{where}.fault", faults)
    fields.close()
    path = match.text("path", None)
    pattern = None
    if path is not None:
        try:
            pattern = re.compile(path)
        except re.error as error:
            match.fault(f"path is not a regular expression: {error}")
    has_nth, has_times = match.has("nth"), match.has("times")
    rule = Rule(
        fault=fault,
        api=match.choice("api", ("graph", "onprem", None), None),
        method=match.choice("method", ("GET", "POST", "DELETE", "PATCH", "PUT", None), None),
        path=pattern,
        phone_number_id=match.digits("phone_number_id", None),
        waba_id=match.digits("waba_id", None),
        nth=match.whole("nth", 1, least=1),
        times=match.whole("times", 1 if has_nth else None, least=1),
    )
    if fault.kind == "refuse":
        if rule.api is None:
            match.fault("refuse needs api: a socket is closed as a whole")
        if rule.method or rule.path or rule.waba_id or has_nth or has_times:
            match.fault("refuse closes a socket and cannot see method, path, waba_id, nth or times: use refuse_after")
        if rule.api == "graph" and rule.phone_number_id:
            match.fault("refuse on graph closes it for every number: phone_number_id is not possible")
    match.close()
    return rule


def _fault(data: Any, where: str, faults: list[str]) -> Fault:
    fields = Fields(data, where, faults)
    kind = fields.choice("kind", tuple(KINDS))
    kind = kind if kind in KINDS else "reset_before"
    when = KINDS[kind] if kind in FIXED else fields.choice("when", ("before", "after"), KINDS[kind])
    values: dict[str, Any] = {}
    if kind in ("delay", "slow_drip"):
        values["seconds"] = fields.number("seconds", *([5.0] if kind == "slow_drip" else []))
    elif kind == "refuse_after":
        values["seconds"] = fields.number("seconds", 0.0)
    elif kind == "redirect":
        values["location"] = fields.text("location")
        values["status"] = fields.choice("status", (301, 302, 303, 307, 308), 307)
    elif kind == "html":
        values["status"] = fields.whole("status", 502, least=200)
    elif kind == "status":
        values["status"] = fields.whole("status", least=200)
        values["body"] = fields.take("body", None)
    elif kind in ("graph_error", "onprem_error"):
        values["code"] = fields.whole("code")
        values["details"] = fields.text("details", "")
        values["status"] = fields.whole("status", 0)
        if kind == "graph_error":
            values["subcode"] = fields.whole("subcode", None)
    elif kind == "wrong_content_type":
        values["content_type"] = fields.text("content_type", "text/plain")
    elif kind == "cut_upload":
        values["size"] = fields.whole("size", least=0)
    elif kind == "oversize":
        values["size"] = fields.whole("size", 16 * 1024 * 1024, least=1)
    if kind in ("html", "status", "graph_error", "onprem_error", "headers"):
        headers = fields.mapping("headers", {})
        values["headers"] = tuple((str(name), str(value)) for name, value in headers.items())
    fields.close()
    return Fault(kind=kind, when=when, **values)
