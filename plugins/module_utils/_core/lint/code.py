# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what of the On-Premises API a source file speaks, by its lines. Pure."""

from __future__ import annotations

import re
from typing import Dict, Iterator, List, NamedTuple, Pattern, Sequence, Tuple

from . import code_paths
from .catalogue import ERROR_NUMBERS
from .evidence import DIALOG, DIALOG_NODE, HSM_PARAMETERS, NAMESPACE, SUBJECT, Evidence, of_text

_COMMENT = re.compile(r"\s*(?:#(?!\{|\[)|//|/\*|\*(?:\s|/|\Z)|--\s|<!--|;;)")
_Q = r"['\"`]"
# A path begins there: a quote, or the end of an interpolated address.
_END = r"(?:['\"`]|\}|%s|%v)"
# A call of a client that knows the rest of the address. Maps have methods named get, put and delete.
_CALL = r"(?:\.|->)(?i:post|patch|request)\w*\(\s*(?:['\"][A-Z]+['\"]\s*,\s*)?['\"]"
_BY_ITSELF: Tuple[Tuple[str, str], ...] = (
    ("L36", r"(?<![\w.-])waba\.360dialog\.io"),
    ("L19", _Q + r"(?:gB[GE]G|AB[GE]G)[A-Za-z0-9_-]{10,}"),
    ("L20", r"/usr/local/wamedia"),
    ("L11", HSM_PARAMETERS),
    ("L15", r"\b[Bb]locking['\"]?\s*\)?\s*(?::|=>|=|,)\s*['\"](?:no_)?wait['\"]"),
)
# An object that a request to the application holds, not the answer to one of its own.
_BODY = (
    r"(?<!res\.)(?<!resp\.)(?<!response\.)(?<!result\.)(?<!answer\.)\b(?:body|data|payload|json|params|request|event|req|input"
    r"|content|message_?data|notification|update|e|evt|dto|(?!res(?:p|ult|ponse)?[A-Z_])\w*(?:Body|Request|Payload|Event"
    r"|_body|_request|_payload|_event))\b"
)
_FIRST = r"\??\.?(?:\[0\]|\.first|\.get\(0\))"
# These count in a file that speaks the On-Premises API.
_WITH_EVIDENCE: Tuple[Tuple[str, str], ...] = (
    ("L02", _END + r"/messages/?" + _Q + r"|[+.]\s*['\"]messages/?['\"]|" + _CALL + "messages/?" + _Q),
    ("L15", _END + r"/contacts/?" + _Q + r"|[+.]\s*['\"]contacts/?['\"]|" + _CALL + "contacts/?" + _Q),
    ("L16", r"\bstickerpacks?\b"),
    ("L35", r"\busers/(?:login|logout)\b|\bexpires_after\b"),
    ("L30", _END + r"/media/?" + _Q + "|" + _CALL + "media/?" + _Q),
    ("L32", r"\}/media/[#$]?\{[^}/]*(?:media_?[iI]d|\bid\b)[^}/]*\}"),
    ("L37", r"\bconfigs/templates\b|(?<![/\w])waba_templates\b"),
    ("L38", r"\bconfigs/webhook\b"),
    ("L39", r"\bsettings/(?:business/profile|profile/(?:about|photo))\b"),
    ("L28", r"\bsettings/application\b(?!/media)|['\"]sent_status['\"]|\bpass_through\b"),
    (
        "L11",
        r"['\"]hsm['\"]|json:\"hsm|:hsm\b|\bhsm\s*:\s*[{\[]"
        r"|['\"]element_name['\"]|json:\"element_name|\belement_name\s*:(?!:)|\b(?:hsm|element_name)\s*\{\s*get\b",
    ),
    ("L10", r"\bpolicy['\"]?\s*(?::|=>|=|,)\s*['\"]fallback['\"]"),
    ("L14", r"\bput\b.{0,80}\bmessages/"),
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
        _BODY
        + r"['\"]?[\])]?\??(?:\.|->|\[['\":])(?:messages|statuses|Messages|Statuses)['\"]?\]?"
        + _FIRST
        + r"|(?<!value)(?<!value\?)(?:\.|->|\[['\":])[Ss]tatuses['\"]?\]?"
        + _FIRST
        + "|"
        + _BODY
        + r"\.get\(['\"](?:messages|statuses)['\"]|['\"](?:messages|statuses)['\"]\s+in\s+(?:\w+\.)?"
        + _BODY
        + r"|isset\(\$\w+(?:->|\[['\"])(?:messages|statuses)\b",
    ),
)
_NAMESPACE = re.compile(NAMESPACE)
_NEAR_NAMESPACE = re.compile(r"\btemplate|\bhsm\b|element_?name", re.IGNORECASE)
# What a template has around its namespace, in a file that does not name WhatsApp.
_AROUND_NAMESPACE = re.compile(r"\blanguage\b|\bpolicy\b|\belement_?name\b", re.IGNORECASE)
_MARK = re.compile(r"\bstatus['\"]?\s*\]?\s*(?::|=>)\s*['\"]read['\"]")
# A one-time code can come by voice, too.
_CODE_METHOD = re.compile(r"sms|verif|code_method|request_code", re.IGNORECASE)
# Providers have messages of a number or of a contact: the path of what comes before holds an ID.
_OF_SOMETHING = re.compile(r"(?:\w/[$#]?\{[^}/]*\}?|[\w}]/%[sv]?|contacts/[^\s'\"`]*)\Z")
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
# What the Cloud API of 360dialog has kept.
_KEPT = frozenset(("L37", "L38"))
MOST_LINE = 5000
_NOTHING = Evidence()


class Line(NamedTuple):
    """A place in a source file: the number of its line from 1, the rule, and what was read there."""

    number: int
    rule: str
    details: str


def split(text: str) -> List[str]:
    """Return the lines of a source file, empty where they are comments or too long to be written by hand."""
    return ["" if len(line) > MOST_LINE or _COMMENT.match(line) else line for line in text.split("\n")]


class _Scope(NamedTuple):
    """Which rules count in a file.

    ``shapes`` are those of words, ``paths`` those of endpoints. ``kin`` is a file without a sign of its own in a
    project that speaks nothing else. ``kept`` are paths below configs, which the Cloud API of 360dialog has, too.
    ``ids`` are those of messages.
    """

    shapes: bool
    paths: bool
    kin: bool
    kept: bool
    ids: bool


def evidence(text: str, lines: Sequence[str], name: str = "") -> Evidence:
    """Return what one file shows; ``lines`` are what :func:`split` makes of its text, ``name`` is below its project."""
    return of_text("\n".join(lines), lines, text, name)


def check(lines: Sequence[str], file: Evidence, project: Evidence, folder: Evidence = _NOTHING) -> Iterator[Line]:
    """Yield what a file speaks of the On-Premises API.

    ``file`` is its own evidence, ``project`` that of all files around it, ``folder`` that of those beside it.
    """
    if SUBJECT not in project.other:
        return
    scope = _scope(file, project, folder)
    seen: Dict[Tuple[int, str], bool] = {}
    for found in sorted(_found(lines, scope), key=lambda one: one.number):
        if (found.number, found.rule) not in seen:
            seen[(found.number, found.rule)] = True
            yield found


def _scope(file: Evidence, project: Evidence, folder: Evidence) -> _Scope:
    onprem = project.onprem
    alone = onprem and not project.cloud
    evident = file.evident or (file.calls and DIALOG_NODE in folder.other)
    shapes = onprem and not file.cloud and (evident or (alone and bool(file.weak or SUBJECT in file.other)))
    # The nearest file that names a host of 360dialog says which of its APIs is meant.
    nearest = next((near.other for near in (file, folder, project) if near.other & DIALOG), None)
    return _Scope(
        shapes=shapes,
        paths=shapes or (onprem and file.cloud and file.administers),
        kin=alone and not shapes,
        kept=not onprem if nearest is None else DIALOG_NODE not in nearest,
        ids=onprem and not file.cloud,
    )


def _found(lines: Sequence[str], scope: _Scope) -> Iterator[Line]:
    recipient = False
    partner = any("partners/" in line for line in lines)
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        for rule, pattern in _ALONE:
            hit = pattern.search(line)
            if hit and (rule != "L19" or scope.ids):
                yield Line(number, rule, hit.group(0)[:60])
        if "v1/" in line:
            for path in code_paths.paths(line):
                counts = not scope.kept if path.rule in _KEPT else scope.paths
                if ":9090/v1/" in line or (counts and not code_paths.is_route(line, _before(lines, number))):
                    yield Line(number, path.rule, path.text)
        if "namespace" in line and _NAMESPACE.search(line) and _is_of_template(lines, number, scope):
            yield Line(number, "L09", "namespace")
        if not scope.shapes:
            continue
        for rule, pattern in _EVIDENT:
            hit = pattern.search(line)
            if hit and not _means_else(lines, number, rule, hit, partner):
                yield Line(number, rule, hit.group(0)[:60])
        named = None if recipient else _RECIPIENT.search(line)
        if named:
            recipient = True
            yield Line(number, "L01", "%s, and no messaging_product in the file" % named.group(0))
        if "read" in line and _MARK.search(line) and _near(lines, number, _PUT, 12):
            yield Line(number, "L14", "status read")
        code = _NUMBER.search(line)
        if code:
            yield from _number(lines, number, code)


def _before(lines: Sequence[str], number: int) -> str:
    return lines[number - 2] if number > 1 else ""


def _is_of_template(lines: Sequence[str], number: int, scope: _Scope) -> bool:
    if not (scope.shapes or scope.kin) or not _near(lines, number, _NEAR_NAMESPACE):
        return False
    return scope.shapes or _near(lines, number, _AROUND_NAMESPACE, 12)


def _means_else(lines: Sequence[str], number: int, rule: str, hit: re.Match[str], partner: bool) -> bool:
    """Tell whether what a rule reads in a line means something else there."""
    line = hit.string
    if rule == "L18":
        return _near(lines, number, _CODE_METHOD, 4)
    if rule == "L37" and partner and "waba_templates" in hit.group(0):
        return True  # an answer of the API for partners of 360dialog
    if rule in ("L02", "L15", "L30", "L32") and _OF_SOMETHING.search(line[: hit.start() + 1]):
        return True
    return code_paths.is_route(line, _before(lines, number))


def _number(lines: Sequence[str], number: int, code: re.Match[str]) -> Iterator[Line]:
    value = int(code.group("code") or code.group("case") or code.group("key"))
    counterpart = ERROR_NUMBERS.get(value)
    if (counterpart is not None or value in _GONE) and _near(lines, number, _ABOUT_ERRORS):
        gone = "%d has no counterpart on the Cloud API" % value
        yield Line(number, "L24", gone if counterpart is None else "%d is %d on the Cloud API" % (value, counterpart))


def _near(lines: Sequence[str], number: int, pattern: Pattern[str], reach: int = 8) -> bool:
    return any(pattern.search(line) for line in lines[max(0, number - 1 - reach) : number + reach])
