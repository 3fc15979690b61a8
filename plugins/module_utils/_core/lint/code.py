# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what of the On-Premises API a source file speaks, by its lines. Pure."""

from __future__ import annotations

import re
from typing import Dict, Iterator, List, NamedTuple, Pattern, Sequence, Tuple

from . import code_paths
from .catalogue import ERROR_NUMBERS
from .evidence import Evidence, of_text

_COMMENT = re.compile(r"\s*(?:#(?!\{|\[)|//|/\*|\*(?:\s|/|\Z)|--\s|<!--|;;)")
_Q = r"['\"`]"
# A path begins there: a quote, or the end of an interpolated address.
_END = r"(?:['\"`]|\}|%s|%v)"
# A call of a client that knows the rest of the address.
_CALL = r"(?:\.|->)(?i:post|put|get|delete|patch|request)\w*\(\s*(?:['\"][A-Z]+['\"]\s*,\s*)?['\"]"
_BY_ITSELF: Tuple[Tuple[str, str], ...] = (
    ("L36", r"(?<![\w.-])waba\.360dialog\.io"),
    ("L19", _Q + r"(?:gB[GE]G|AB[GE]G)[A-Za-z0-9_-]{10,}"),
    ("L20", r"/usr/local/wamedia"),
    ("L11", r"['\"]localizable_params['\"]|json:\"localizable_params|\blocalizable_params\s*(?:=>|[:=](?!=))"),
    ("L15", r"\bblocking['\"]?\s*\)?\s*(?::|=>|=|,)\s*['\"](?:no_)?wait['\"]"),
)
# These count in a file that speaks the On-Premises API.
_WITH_EVIDENCE: Tuple[Tuple[str, str], ...] = (
    ("L02", _END + r"/messages/?" + _Q + r"|[+.]\s*['\"]messages/?['\"]|" + _CALL + "messages/?" + _Q),
    ("L15", _END + r"/contacts/?" + _Q + r"|[+.]\s*['\"]contacts/?['\"]|" + _CALL + "contacts/?" + _Q),
    ("L16", r"\bstickerpacks?\b"),
    ("L35", r"\busers/(?:login|logout)\b|\bexpires_after\b"),
    ("L30", _END + r"/media/?" + _Q + "|" + _CALL + "media/?" + _Q),
    ("L37", r"\bconfigs/templates\b|\bwaba_templates\b"),
    ("L38", r"\bconfigs/webhook\b"),
    ("L39", r"\bsettings/(?:business/profile|profile/(?:about|photo))\b"),
    ("L28", r"\bsettings/application\b|['\"]sent_status['\"]|\bpass_through\b"),
    (
        "L11",
        r"['\"]hsm['\"]|json:\"hsm|:hsm\b|\bhsm\s*:\s*[{\[]"
        r"|['\"]element_name['\"]|json:\"element_name|\belement_name\s*:(?!:)",
    ),
    ("L10", r"\bpolicy['\"]?\s*(?::|=>|=|,)\s*['\"]fallback['\"]"),
    ("L14", r"\bput\b.{0,80}\bmessages\b"),
    ("L50", r"\bforce_check\b"),
    ("L27", r"\brender_mentions\b|\brecipient_type['\"]?\s*(?::|=>|=|,)\s*['\"]group['\"]"),
    ("L26", r"\bnew_wa_id\b"),
    ("L31", r"\bmedia['\"]?\]?\??\.?(?:\[0\]|\.first|->first|\.get\(0\)|\.\[0\])"),
    (
        "L23",
        r"(?:\b|get)[Ee]rrors(?:\(\))?['\"]?\]?\)?\??\.?(?:\[0\]|\.first\b|\.get\(0\)|\.at\(0\)|\.0\.|\.\[0\])"
        r"|\['errors'\]\[0\]",
    ),
    (
        "L18",
        r"(?<![\w.])['\"]voice['\"]|json:\"voice\b|(?:\.|->)voice(?:\.|->)(?:id|file|mime_type|sha256)\b"
        r"|(?<![\w:]):voice\b(?!\s*=>\s*true)|\bvoice\s*:\s*\{",
    ),
    ("L42", r"['\"]ephemeral['\"]"),
    ("L48", r"['\"]undownloaded['\"]"),
    ("L41", r"\bstatus\w*['\"]?\]?\s*(?:===?|==|eq|!==?)\s*['\"]deleted['\"]|case\s+['\"]deleted['\"]"),
    ("L40", r"\btype['\"]?\]?\)?\s*(?:===?|==)\s*['\"]unknown['\"]"),
    ("L46", r"\bidentity['\"]?\]?.{0,20}\backnowledged\b|\bcreated_timestamp\b"),
    ("L25", r"https?://[^\s'\"]+[?&]auth=|[?&]auth=(?:\$|\{|%s|#|'|\")"),
    ("L44", r"(?<![\w.])['\"]ttl['\"]\s*(?::|=>)|json:\"ttl\b"),
    ("L08", r"['\"]provider['\"]\s*(?::|=>)\s*[{\[]|media/providers\b"),
    (
        "L06",
        r"(?:image|video|audio|document|sticker|media)\w{0,12}['\"]?\W{1,12}(?:id['\"]?\W{1,6})?"
        r"['\"][0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}['\"]",
    ),
    (
        "L17",
        r"\b(?:body|data|payload|json|params|request|event|req|input|content|message_?data|notification|update|e|evt|dto)\b"
        r"['\"]?[\])]?\??(?:\.|->|\[['\":])(?:messages|statuses|Messages|Statuses)['\"]?\]?\??\.?(?:\[0\]|\.first|\.get\(0\))",
    ),
)
_NAMESPACE = re.compile(r"['\"]namespace['\"]|json:\"namespace|\bnamespace\s*:\s*(?![:\w]*\{)|:namespace\b")
_NEAR_NAMESPACE = re.compile(r"\btemplate|\bhsm\b|element_?name", re.IGNORECASE)
_MARK = re.compile(r"\bstatus['\"]?\s*\]?\s*(?::|=>)\s*['\"]read['\"]")
# A one-time code can come by voice, too.
_CODE_METHOD = re.compile(r"sms|verif|code_method|request_code", re.IGNORECASE)
_PUT = re.compile(r"\bput\b", re.IGNORECASE)
_RECIPIENT = re.compile(r"\brecipient_?type\b", re.IGNORECASE)
# Numbers whose errors the Cloud API does not have.
_GONE = (480, 1006, 1011, 1014, 1024, 1028)
_NUMBERS = "|".join(str(number) for number in sorted((*ERROR_NUMBERS, *_GONE)) if number not in (402, 2000))
_NUMBER = re.compile(
    r"code\w*['\"]?[\])(]*\s*(?:===?|!==?|==|eq|\bin\b|:|=>|,|\.equals\()\s*[\[({]?\s*['\"]?(?P<code>%s|402|2000)\b"
    r"|\bcase\s+['\"]?(?P<case>%s)\b\s*['\"]?:|(?<![\w.])['\"]?(?P<key>10[0-3][0-9]|47[0-2])['\"]?\s*(?:=>|:)\s*['\"(]"
    % (_NUMBERS, _NUMBERS),
    re.IGNORECASE,
)
_ABOUT_ERRORS = re.compile(r"err|code|status|fail", re.IGNORECASE)
_ALONE = tuple((rule, re.compile(pattern)) for rule, pattern in _BY_ITSELF)
_EVIDENT: Tuple[Tuple[str, Pattern[str]], ...] = tuple(
    (rule, re.compile(pattern, re.IGNORECASE if rule in ("L14",) else 0)) for rule, pattern in _WITH_EVIDENCE
)
_TYPICAL = frozenset(("L16", "L37", "L38"))
MOST_LINE = 5000


class Line(NamedTuple):
    """A place in a source file: the number of its line from 1, the rule, and what was read there."""

    number: int
    rule: str
    details: str


def split(text: str) -> List[str]:
    """Return the lines of a source file, empty where they are comments or too long to be written by hand."""
    return ["" if len(line) > MOST_LINE or _COMMENT.match(line) else line for line in text.split("\n")]


def evidence(text: str, lines: Sequence[str]) -> Evidence:
    """Return what one file shows; ``lines`` are what :func:`split` makes of its text."""
    return of_text("\n".join(lines), lines, text)


def check(lines: Sequence[str], file: Evidence, project: Evidence) -> Iterator[Line]:
    """Yield what a file speaks of the On-Premises API.

    ``file`` is its own evidence, ``project`` that of all files around it.
    """
    if "subject" not in project.other:
        return
    about = project.onprem and not file.cloud and bool(file.strong or file.weak or "subject" in file.other)
    if project.cloud and not (file.strong or len(file.weak) > 1):
        about = False
    seen: Dict[Tuple[int, str], bool] = {}
    for found in sorted(_found(lines, file, about), key=lambda one: one.number):
        if (found.number, found.rule) not in seen:
            seen[(found.number, found.rule)] = True
            yield found


def _found(lines: Sequence[str], file: Evidence, about: bool) -> Iterator[Line]:
    recipient = False
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        for rule, pattern in _ALONE:
            hit = pattern.search(line)
            if hit:
                yield Line(number, rule, hit.group(0)[:60])
        if "v1/" in line:
            for path in code_paths.paths(line):
                if (path.rule in _TYPICAL and not path.route) or ":9090/v1/" in line or (about and not path.route):
                    yield Line(number, path.rule, path.text)
        if not about:
            continue
        for rule, pattern in _EVIDENT:
            hit = pattern.search(line)
            if hit and rule == "L18" and _near(lines, number, _CODE_METHOD, 4):
                continue
            if hit and not code_paths.is_route(line):
                yield Line(number, rule, hit.group(0)[:60])
        named = None if recipient else _RECIPIENT.search(line)
        if named:
            recipient = True
            yield Line(number, "L01", "%s, and no messaging_product in the file" % named.group(0))
        if "read" in line and _MARK.search(line) and _near(lines, number, _PUT):
            yield Line(number, "L14", "status read")
        if "namespace" in line and _NAMESPACE.search(line) and _near(lines, number, _NEAR_NAMESPACE):
            yield Line(number, "L09", "namespace")
        code = _NUMBER.search(line)
        if code:
            yield from _number(lines, number, code)


def _number(lines: Sequence[str], number: int, code: re.Match[str]) -> Iterator[Line]:
    value = int(code.group("code") or code.group("case") or code.group("key"))
    counterpart = ERROR_NUMBERS.get(value)
    if (counterpart is not None or value in _GONE) and _near(lines, number, _ABOUT_ERRORS):
        gone = "%d has no counterpart on the Cloud API" % value
        yield Line(number, "L24", gone if counterpart is None else "%d is %d on the Cloud API" % (value, counterpart))


def _near(lines: Sequence[str], number: int, pattern: Pattern[str], reach: int = 8) -> bool:
    return any(pattern.search(line) for line in lines[max(0, number - 1 - reach) : number + reach])
