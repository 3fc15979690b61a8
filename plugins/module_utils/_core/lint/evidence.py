# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: which of the two APIs a source file, and the project around it, speaks. Pure.

Words such as messages or errors[0] prove nothing by themselves. They count only where something else shows that the
On-Premises API is meant.
"""

from __future__ import annotations

import re
from typing import FrozenSet, Iterable, NamedTuple

from .code_paths import paths

# Each alone shows the On-Premises API.
_STRONG = (
    (
        "hsm parameters",
        r"""['"]localizable_params['"]|json:"localizable_params|\blocalizable_params\s*(?:=>|[:=](?!=))""",
    ),
    ("360dialog v1", r"(?<![\w.-])waba\.360dialog\.io"),
    ("node port", r":9090/v1/(?:messages|contacts|media|users|health|settings|account)\b"),
    ("message id", r"""['"](?:gB[GE]G|AB[GE]G)[A-Za-z0-9_-]{10,}"""),
    ("media volume", r"/usr/local/wamedia"),
    ("contact check", r"""\bblocking['"]?\s*\)?\s*(?::|=>|=|,)\s*['"](?:no_)?wait['"]"""),
    ("turn.io", r"\bwhatsapp\.turn\.io/v1\b"),
    ("render_mentions", r"\brender_mentions\b"),
)
_TOGETHER = (
    ("hsm", (r"""['":.]hsm\b""", r"\belement_?name\b")),
    ("forced check", (r"\bforce_?check\b", r"\bblocking\b")),
    ("login", (r"\busers/login\b", r"\bexpires_?after\b|\busers['\"]?\]?\??(?:\.|->)?\[?0\]?.{0,12}token")),
)
# Paths that hardly any other API has, and those that many have.
_TYPICAL = frozenset(("L16", "L37", "L38"))
_WEAK = {
    "L02": "messages",
    "L15": "contacts",
    "L30": "media",
    "L32": "media",
    "L35": "login",
    "L27": "groups",
    "L28": "settings",
    "L39": "profile",
    "L53": "node",
}
_CLOUD = re.compile(
    r"graph\.facebook\.com|messaging_?product|whatsapp_business_account|waba-v2\.360dialog|phone_number_id",
    re.IGNORECASE,
)
_RECIPIENT = re.compile(r"\brecipient_?type\b", re.IGNORECASE)
_VOICE = re.compile(r"""['"]voice['"]|json:"voice\b""")
_STATUSES = re.compile(r"""['"]statuses['"]|json:"statuses\b|\.statuses\b|:statuses\b|->statuses\b""", re.IGNORECASE)
_SUBJECT = re.compile(r"whatsapp|\bwaba\b|wabiz|\bwa_id\b|360dialog", re.IGNORECASE)
_STRONG_RE = tuple((name, re.compile(pattern)) for name, pattern in _STRONG)
_TOGETHER_RE = tuple((name, tuple(re.compile(one, re.IGNORECASE) for one in both)) for name, both in _TOGETHER)

CLOUD = "cloud"
SUBJECT = "subject"


class Evidence(NamedTuple):
    """What the files of a project show."""

    strong: FrozenSet[str] = frozenset()
    weak: FrozenSet[str] = frozenset()
    other: FrozenSet[str] = frozenset()

    def joined(self, more: Evidence) -> Evidence:
        """Return the evidence of both."""
        return Evidence(self.strong | more.strong, self.weak | more.weak, self.other | more.other)

    @property
    def cloud(self) -> bool:
        """Tell whether something speaks the Cloud API."""
        return CLOUD in self.other

    @property
    def onprem(self) -> bool:
        """Tell whether the On-Premises API is spoken."""
        if SUBJECT not in self.other:
            return False
        return bool(self.strong) or (len(self.weak) > 1 and not self.cloud)


def of_text(text: str, lines: Iterable[str], whole: str) -> Evidence:
    """Return what one source file shows; ``text`` and ``lines`` are without the comments of ``whole``."""
    strong = {name for name, pattern in _STRONG_RE if pattern.search(text)}
    strong |= {name for name, both in _TOGETHER_RE if all(pattern.search(text) for pattern in both)}
    weak = set()
    cloud = bool(_CLOUD.search(text))
    for line in lines:
        if "v1/" in line:
            for found in paths(line):
                if found.rule in _TYPICAL:
                    strong.add(found.rule)
                elif found.rule in _WEAK and not found.route:
                    weak.add(_WEAK[found.rule])
    if not cloud and _RECIPIENT.search(text):
        weak.add("recipient_type")
    if not cloud and _VOICE.search(text) and "messages" in text:
        weak.add("voice")
    if not cloud and _STATUSES.search(text) and "changes" not in text:
        weak.add("envelope")
    if len(weak) > 2 and {"messages", "recipient_type"} <= weak:
        strong.add("several paths")
    other = set()
    if cloud:
        other.add(CLOUD)
    if _SUBJECT.search(whole):
        other.add(SUBJECT)
    return Evidence(frozenset(strong), frozenset(weak), frozenset(other))
