# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the endpoints of the On-Premises API in a line of source code. Pure."""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple

from . import endpoints

_PATH = re.compile(
    r"(?P<before>[^\s\"'`<>|,;]*)(?<![\w.-])v1/(?P<path>(?:messages|contacts|media|users(?:/log(?:in|out))?|groups|stickerpacks|configs/\w+"
    r"|settings/[a-z/_-]+|account(?:/\w+)?|certificates/\w+|services/\w+/gc|stats/\w+|support|health)\b(?![-.]\w))"
    r"(?P<tail>/[^\s\"'`?)]*)?"
)
# The handlers of a server of one's own.
_ROUTE = re.compile(
    r"\b(?:router|app|routes?|blueprint|bp|mux|server|fastify|Route|api|group|r|e|g)\s*(?:\.|::|->)\s*"
    r"(?:get|post|put|patch|delete|all|use|route|add_api_route|Handle|HandleFunc|GET|POST|PUT|PATCH|DELETE|Any|Group|prefix|map\w*|Map\w+)\s*\("
    r"|@(?:Get|Post|Put|Patch|Delete|Request)(?:Mapping)?\(|@Controller\(|\[(?:Http\w+|Route)\(|@\w*\.(?:route|get|post|put|delete)\("
    r"|\bre_?path\(|(?<![\w.])path\("
    r"|\w\.(?:GET|POST|PUT|PATCH|DELETE|ANY)\(\s*['\"]/"
)
_FOREIGN_HOST = re.compile(
    r"anthropic|claude|openai|twilio|nexmo|vonage|messagebird|infobip|gupshup|telegram|slack|googleapis|hubapi|hubspot|intercom"
    r"|zendesk|stripe|sendgrid|mailgun|plivo|telnyx|graph\.facebook|facebook\.com|zapier|discord|mistral|bedrock|openrouter"
    r"|deepseek|litellm|waba-(?:v2|sandbox)\.360dialog",
    re.IGNORECASE,
)
_HOST = re.compile(r"https?://([^/]*)/\Z|https?://([^/]*)/(.+)/\Z")
_CALLS = (
    ("DELETE", re.compile(r"\bdelete(?:async)?\b", re.IGNORECASE)),
    ("PUT", re.compile(r"\bput(?:async)?\b", re.IGNORECASE)),
)
_GETS = re.compile(r"\bget(?:async|string|bytes?|for\w*)?\b|download|fetch|retrieve", re.IGNORECASE)
_POSTS = re.compile(r"\bpost(?:async|for\w*)?\b|upload", re.IGNORECASE)


class CodePath(NamedTuple):
    """An endpoint in a line: its rule, where it begins, and whether the line defines a route of a server."""

    rule: str
    at: int
    route: bool
    text: str


def paths(line: str) -> Iterator[CodePath]:
    """Yield the endpoints of the On-Premises API in a line of source code."""
    if len(line) > 5000:
        return
    for found in _PATH.finditer(line):
        before = found.group("before")
        if not _could_be_node(before) or _FOREIGN_HOST.search(line):
            continue
        rule = endpoints.of_path(found.group("path") + (found.group("tail") or ""), _method(line))
        if rule:
            yield CodePath(rule, found.start("path"), bool(_ROUTE.search(line)), "v1/" + found.group("path"))


def _could_be_node(before: str) -> bool:
    """Tell whether an address can be that of a node: nothing but a host or a variable stands before v1."""
    if before in ("", "/"):
        return True
    host = _HOST.search(before)
    if host:
        return host.group(1) is not None
    # ${base}/  {base}/  #{base}/  %s/  $base/
    return bool(re.search(r"(?:\}|\)|%s|%v|\$\w+|\]|>|\+)/?\Z", before))


def _method(line: str) -> str:
    for name, pattern in _CALLS:
        if pattern.search(line):
            return name
    if _GETS.search(line) and not _POSTS.search(line):
        return "GET"
    return ""


def is_route(line: str, before: str = "") -> bool:
    """Tell whether a line defines a route of a server, or is the path of one that the line before begins."""
    return bool(_ROUTE.search(line)) or (before.rstrip().endswith("(") and bool(_ROUTE.search(before)))
