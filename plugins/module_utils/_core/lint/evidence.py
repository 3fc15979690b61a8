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

# A property of an hsm, not a word of an error text.
HSM_PARAMETERS = (
    r"""['"]localizable_params\\?['"]\s*(?:=>|:|\])|json:"localizable_params|\blocalizable_params\s*(?:=>|\{|[:=](?!=))"""
    r"""|(?:[Jj]son\w*|SerializedName|alias|[Ff]ield\w*)\W{1,3}(?:\w+\W{1,4})?['"]localizable_params['"]"""
)
# Each alone shows the On-Premises API. First a part of each that is found faster.
_STRONG = (
    ("hsm parameters", "localizable_params", HSM_PARAMETERS),
    ("360dialog v1", "360dialog", r"(?<![\w.-])waba\.360dialog\.io"),
    ("node port", ":9090/v1/", r":9090/v1/(?:messages|contacts|media|users|health|settings|account)\b"),
    ("media volume", "wamedia", r"/usr/local/wamedia"),
    ("contact check", "wait", r"""\bblocking['"]?\s*\)?\s*(?::|=>|=|,)\s*['"](?:no_)?wait['"]"""),
    ("turn.io", "turn.io", r"\bwhatsapp\.turn\.io/v1\b"),
    ("render_mentions", "render_mentions", r"\brender_mentions\b"),
)
_TOGETHER = (
    ("hsm", "element_name", (r"""['":.]hsm\b[\s\S]{1,300}?\belement_name\b""",)),
    ("forced check", "locking", (r"\bforce_?check\b", r"\bblocking\b")),
    (
        "login",
        "users/login",
        (r"\busers/login\b", r"\bexpires_?after\b|\busers['\"]?\]?\??(?:\.|->)?\[?0\]?.{0,12}token"),
    ),
    ("profile", "settings/profile", (r"\bsettings/business/profile\b", r"\bsettings/profile/(?:about|photo)\b")),
)
NAMESPACE = r"['\"]namespace['\"]|json:\"namespace|\bnamespace\s*:\s*(?![:\w]*\{)|:namespace\b|@namespace\b"
# Providers have templates with a templateName.
_OTHER_TEMPLATE = re.compile(r"""['"]templateName\b""")
_TEMPLATE = re.compile(r"(?:%s)[\s\S]{1,500}?\blanguage\b[\s\S]{1,300}?\bpolicy\b" % NAMESPACE)
_WEAK = {
    "L02": "messages",
    "L15": "contacts",
    "L16": "stickerpacks",
    "L30": "media",
    "L32": "media",
    "L35": "login",
    "L27": "groups",
    "L28": "settings",
    "L37": "configs",
    "L38": "configs",
    "L39": "profile",
    "L46": "identity",
    "L53": "node",
}
_PATHS = frozenset(_WEAK.values())
# Any service may have these.
_COMMON = frozenset(("v1/users", "v1/support", "v1/health", "v1/account"))
# Hardly any other API has these, so that two signs are enough if one of them is here.
_SELDOM = frozenset(
    {"login", "settings", "configs", "profile", "identity", "node", "stickerpacks"} | {"recipient_type", "envelope"}
)
_CLOUD = re.compile(
    r"graph\.facebook\.com|messaging_?product|whatsapp_business_account|waba-v2\.360dialog|phone_number_id",
    re.IGNORECASE,
)
# The Cloud API of 360dialog has kept the paths below configs, and waba_templates.
_DIALOG_CLOUD = re.compile(r"\bwaba-(?:v2|sandbox)\.360dialog")
_DIALOG_NODE = re.compile(r"(?<![\w.-])waba\.360dialog")
_RECIPIENT = re.compile(r"\brecipient_?type\b", re.IGNORECASE)
_VOICE = re.compile(r"""['"]voice['"]|json:"voice\b""")
_STATUSES = re.compile(r"""['"]statuses['"]|json:"statuses\b|\.statuses\b|:statuses\b|->statuses\b""", re.IGNORECASE)
_SUBJECT = re.compile(r"whatsapp|\bwaba\b|wabiz|\bwa_id\b|360dialog|\bd360", re.IGNORECASE)
_STRONG_RE = tuple((name, part, re.compile(pattern)) for name, part, pattern in _STRONG)
_TOGETHER_RE = tuple(
    (name, part, tuple(re.compile(one, re.IGNORECASE) for one in both)) for name, part, both in _TOGETHER
)

_TOGETHER_IN_A_FILE = "several signs"
CLOUD = "cloud"
SUBJECT = "subject"
DIALOG_CLOUD = "360dialog cloud"
DIALOG_NODE = "360dialog node"
DIALOG = frozenset((DIALOG_CLOUD, DIALOG_NODE))


class Evidence(NamedTuple):
    """What the files of a project show."""

    strong: FrozenSet[str] = frozenset()
    weak: FrozenSet[str] = frozenset()
    other: FrozenSet[str] = frozenset()

    def joined(self, more: Evidence) -> Evidence:
        """Return the evidence of a project with one file more.

        Weak signs count if the file is about WhatsApp: paths by themselves, and whatever it has beside another one.
        """
        weak = more.weak & _PATHS if SUBJECT in more.other else frozenset()
        if SUBJECT in more.other and not more.cloud and len(more.weak) > 1 and more.weak & _SELDOM:
            weak |= {_TOGETHER_IN_A_FILE}
        return Evidence(self.strong | more.strong, self.weak | weak, self.other | more.other)

    @property
    def cloud(self) -> bool:
        """Tell whether something speaks the Cloud API."""
        return CLOUD in self.other

    @property
    def onprem(self) -> bool:
        """Tell whether the On-Premises API is spoken."""
        if SUBJECT not in self.other:
            return False
        if self.strong or self.cloud:
            return bool(self.strong)
        if self.weak & {"configs", _TOGETHER_IN_A_FILE}:
            return True
        return len(self.weak) > (1 if self.weak & _SELDOM else 2)

    @property
    def evident(self) -> bool:
        """Tell whether a file shows by itself, by paths among other signs, that it speaks the On-Premises API."""
        return bool(self.strong) or (len(self.weak) > 1 and self.calls)

    @property
    def calls(self) -> bool:
        """Tell whether a file has paths of the On-Premises API."""
        return bool(self.weak & _PATHS)

    @property
    def administers(self) -> bool:
        """Tell whether a file has endpoints of a node that can stand beside requests to the Graph API.

        Templates were administered there, also for numbers of the On-Premises API.
        """
        return bool(self.strong or self.weak & {"login", "settings", "node", "profile"})


def of_text(text: str, lines: Iterable[str], whole: str, name: str = "") -> Evidence:
    """Return what one source file shows; ``text`` and ``lines`` are without the comments of ``whole``.

    ``name`` is that of the file below its project: a folder may say what its files are about.
    """
    cloud = bool(_CLOUD.search(text))
    subject = bool(_SUBJECT.search(name) or _SUBJECT.search(whole))
    strong = {found for found, part, pattern in _STRONG_RE if part in text and pattern.search(text)}
    strong |= {
        found for found, part, both in _TOGETHER_RE if part in text and all(pattern.search(text) for pattern in both)
    }
    # A file about WhatsApp that does not speak the Cloud API.
    if not cloud and subject and "policy" in text and _TEMPLATE.search(text) and not _OTHER_TEMPLATE.search(text):
        strong.add("template namespace")
    weak = set()
    for line in lines:
        if "v1/" in line:
            for found in paths(line):
                if found.rule in _WEAK and not found.route and found.text not in _COMMON:
                    weak.add(_WEAK[found.rule])
    if not cloud and _RECIPIENT.search(text):
        weak.add("recipient_type")
    if not cloud and _VOICE.search(text) and "messages" in text:
        weak.add("voice")
    if not cloud and _STATUSES.search(text) and "changes" not in text:
        weak.add("envelope")
    if len(weak) > 2 and {"messages", "recipient_type"} <= weak:
        strong.add("several paths")
    shown = (
        (CLOUD, cloud),
        (SUBJECT, subject),
        (DIALOG_CLOUD, _DIALOG_CLOUD.search(text)),
        (DIALOG_NODE, _DIALOG_NODE.search(text)),
    )
    return Evidence(frozenset(strong), frozenset(weak), frozenset(what for what, is_there in shown if is_there))
