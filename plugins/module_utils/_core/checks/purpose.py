# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the purposes that a number may have, by dated rules that a user can replace. Pure."""

from __future__ import annotations

import datetime
import re
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ..._failure import Failure
from ..facts.text_list import unpacked
from ..findings.finding import BLOCKER, WARNING, Finding
from .purpose_rules import DEFAULT

__all__ = ("CONFIDENCE", "DEFAULT", "Rule", "choices", "judge", "normal")

Rule = Mapping[str, Any]

CONFIDENCE = ("low", "medium", "high")
_TERMS = "Meta Terms for WhatsApp Business Platform, section 4.7 AI Providers"
_NEXT = (
    "move the assistant off WhatsApp %s; where it is not what the number is for, declare what is (O(purpose)); "
    "where you are sure of an exemption, state it in O(purpose_rules) with lifts: true, or waive this finding"
)

PURPOSE_PROHIBITED = Finding(
    "WM170",
    "purpose_prohibited",
    BLOCKER,
    _TERMS,
    title="The declared purpose of the number is prohibited",
    why="Since 2026-01-15 a general-purpose AI assistant may not be the purpose of a number on the WhatsApp Business "
    "Platform. Customer support and other automation are allowed where the use of AI is incidental. Meta may restrict "
    "such an account, and the move cannot be taken back. It is permitted for numbers of the European Economic Area "
    "with Italy (free of charge since 2026-05-13, and by order since 2026-06-09) and of Brazil (for a fee), which is "
    "WM172. A status webhook with pricing.category general_purpose_ai says that Meta takes the number for an AI "
    "provider's.",
    fix="Move the assistant to an app of your own, and tell its users how they keep their conversations. Where it is "
    "not what the number is for, declare what is in O(purpose). Where you are sure of an exemption, state it "
    "in O(purpose_rules) with lifts: true.",
    waivable=True,
)
PURPOSE_SOON = Finding(
    "WM171",
    "purpose_soon",
    WARNING,
    _TERMS,
    title="The declared purpose of the number will be prohibited",
    why="A rule of O(purpose_rules) begins on a day in the future. From that day on it is a blocker.",
    fix="Move that service off the number before that day, or declare the purpose that the number has then.",
)
PURPOSE_EXEMPT = Finding(
    "WM172",
    "purpose_exempt",
    WARNING,
    _TERMS,
    title="The declared purpose is prohibited, with an exemption that counts",
    why="The rule has an exemption with lifts: true for the country of the number, and it is in force today. "
    "Exemptions are about the country of the business and its users; the number's own only hints at it. They end, and "
    "some cost a fee for each message.",
    fix="Check the dates and sources of the exemption before the change window: an exemption can end. Rules of your "
    "own in O(purpose_rules) replace those of this collection.",
)
PURPOSE_UNDECLARED = Finding(
    "WM173",
    "purpose_undeclared",
    WARNING,
    _TERMS,
    title="The purpose of the number is not declared",
    why="Meta prohibits some purposes, and no API reports the purpose of a number. Only its operator knows it.",
    fix="Set O(purpose) for the host or the group, for example O(purpose): customer_support. The "
    "finding lists the possible values.",
)


# ---------------------------------------------------------------------------------------------------------------------
# Rules that a user states


def normal(stated: Any) -> List[Dict[str, Any]]:
    """Return a user's rules (or their JSON text) in the shape of ``DEFAULT``; ValueError names all errors at once."""
    stated = unpacked(stated)
    if not isinstance(stated, (list, tuple)):
        raise ValueError("expected a list of rules")
    faults: List[str] = []
    made: List[Dict[str, Any]] = []
    for index, row in enumerate(stated, 1):
        rule, wrong = _row(row, _RULE)
        faults += ["rule %d: %s" % (index, text) for text in wrong]
        made.append(rule)
    names = [rule.get("purpose") for rule in made]
    faults += [
        "purpose %s is in more than one rule" % name for name in sorted({n for n in names if n and names.count(n) > 1})
    ]
    if not made:
        faults.append("the list is empty. Leave it out for the rules of this collection")
    if faults:
        raise ValueError("; ".join(faults))
    return made


def choices(rules: Sequence[Rule]) -> List[str]:
    """Return the purposes that can be declared, in the order of the rules."""
    return [str(rule["purpose"]) for rule in rules]


def _row(row: Any, shape: Mapping[str, Tuple[bool, Callable[[Any], Any]]]) -> Tuple[Dict[str, Any], List[str]]:
    if not isinstance(row, Mapping):
        return {}, ["expected a dictionary"]
    faults = ["%s: there is no such key" % name for name in row if name not in shape]
    made: Dict[str, Any] = {}
    for name, (required, parse) in shape.items():
        value = row.get(name)
        if value is None or value in ("", [], ()):
            if required:
                faults.append("%s: missing" % name)
            continue
        try:
            made[name] = parse(value)
        except ValueError as reason:
            faults.append("%s: %s" % (name, reason))
    if shape is _RULE and made.get("prohibited_since"):
        faults += [
            "%s: missing, and the purpose is prohibited" % name
            for name in ("reason", "sources")
            if name not in made and not any(fault.startswith(name + ":") for fault in faults)
        ]
    if shape is _RULE and not row.get("prohibited_since"):
        faults += [
            "%s: without prohibited_since the purpose is allowed" % name
            for name in ("prohibited_until", "exemptions")
            if name in made
        ]
    for first, last in (("prohibited_since", "prohibited_until"), ("since", "until")):
        if made.get(first, "") > made.get(last, "9"):
            faults.append("%s: it is before %s" % (last, first))
    return made, faults


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("expected text")
    return str(value).strip()


def _word(value: Any) -> str:
    text = _text(value)
    if not (text.isascii() and text.replace("_", "").isalnum()):
        raise ValueError("expected a word of letters, digits and _")
    return text


def _texts(value: Any) -> List[str]:
    if not isinstance(value, (list, tuple)):
        raise ValueError("expected a list of texts")
    return [_text(entry) for entry in value]


def _day(value: Any) -> str:
    """Return a date as YYYY-MM-DD; YAML makes a date of one that is written without quotes."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    try:
        # In exactly this form, so that dates compare as text.
        if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", _text(value)):
            raise ValueError
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError("expected a date like 2026-01-15") from None


def _codes(value: Any) -> List[str]:
    entries = value if isinstance(value, (list, tuple)) else [value]
    made = []
    for entry in entries:
        text = str(entry).strip()
        text = text[1:] if text.startswith("+") else text
        if isinstance(entry, bool) or not (
            text.isascii() and text.isdigit() and 1 <= len(text) <= 4 and text[0] != "0"
        ):
            raise ValueError("expected country calling codes like 39 or +39")
        made.append(text)
    return made


def _confidence(value: Any) -> str:
    if value not in CONFIDENCE:
        raise ValueError("expected one of %s" % ", ".join(CONFIDENCE))
    return str(value)


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("expected true or false")
    return bool(value)


def _exemptions(value: Any) -> List[Dict[str, Any]]:
    if not isinstance(value, (list, tuple)):
        raise ValueError("expected a list of exemptions")
    made, faults = [], []
    for index, row in enumerate(value, 1):
        exemption, wrong = _row(row, _EXEMPTION)
        made.append(exemption)
        faults += ["exemption %d: %s" % (index, text) for text in wrong]
    if faults:
        raise ValueError("; ".join(faults))
    return made


# Of each key: whether it is needed, and what it has to be.
_EXEMPTION: Dict[str, Tuple[bool, Callable[[Any], Any]]] = {
    "name": (True, _text),
    "country_codes": (True, _codes),
    "since": (False, _day),
    "until": (False, _day),
    "confidence": (True, _confidence),
    "lifts": (True, _bool),
    "message": (True, _text),
    "source": (True, _text),
}
_RULE: Dict[str, Tuple[bool, Callable[[Any], Any]]] = {
    "purpose": (True, _word),
    "meaning": (True, _text),
    "prohibited_since": (False, _day),
    "prohibited_until": (False, _day),
    "reason": (False, _text),
    "users": (False, _texts),
    "operators": (False, _texts),
    "sources": (False, _texts),
    "exemptions": (False, _exemptions),
}


# ---------------------------------------------------------------------------------------------------------------------
# The judgement


def judge(declared: str, rules: Sequence[Rule], display_phone_number: str, now: float) -> Optional[Failure]:
    """Return the finding on a declared purpose, None where it is allowed.

    ``declared`` is "" or a purpose of ``rules``. ``now`` is UTC in seconds since the epoch. A rule begins with its day
    and ends before the day of ``prohibited_until``.
    """
    if not declared:
        values = "; ".join("%s (%s)" % (rule["purpose"], rule["meaning"]) for rule in rules)
        return PURPOSE_UNDECLARED.failure(fix="set O(purpose) to one of: %s" % values)
    rule = next((rule for rule in rules if rule["purpose"] == declared), None)
    since = str((rule or {}).get("prohibited_since") or "")
    today = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).date().isoformat()
    if rule is None or not since or today >= str(rule.get("prohibited_until") or "9999-12-31"):
        return None
    matching = _matching(rule, display_phone_number)
    reported = _reported(rule, matching, display_phone_number, today)
    if today < since:
        seen = "%s is prohibited from %s on. %s" % (declared, since, reported)
        return PURPOSE_SOON.failure(seen, _NEXT % "before that day")
    seen = "%s is prohibited since %s" % (declared, since)
    lifting = [str(row["name"]) for row in matching if row["lifts"] and _in_force(row, today)]
    if lifting:
        return PURPOSE_EXEMPT.failure("%s, exempt is %s. %s" % (seen, ", ".join(lifting), reported))
    return PURPOSE_PROHIBITED.failure("%s. %s" % (seen, reported), _NEXT % "first")


def _matching(rule: Rule, display_phone_number: str) -> List[Mapping[str, Any]]:
    """Return the exemptions for the number's country; no calling code is the beginning of another one (ITU E.164)."""
    digits = "".join(sign for sign in display_phone_number if sign in "0123456789")
    return [
        row
        for row in rule.get("exemptions") or ()
        if any(digits.startswith(str(code)) for code in row["country_codes"])
    ]


def _in_force(row: Mapping[str, Any], today: str) -> bool:
    return str(row.get("since") or "") <= today < str(row.get("until") or "9999-12-31")


def _reported(rule: Rule, matching: Sequence[Mapping[str, Any]], number: str, today: str) -> str:
    """Return reason, advice, exemptions and sources as sentences."""
    parts = [str(rule["reason"])]
    for head, key in (("For users", "users"), ("For operators", "operators")):
        if rule.get(key):
            parts.append("%s: %s" % (head, "; ".join(rule[key])))
    if not number:
        parts.append("The country of the number is unknown, so exemptions were not looked up")
    elif not matching:
        parts.append("No exemption is known for the country of %s" % number)
    for row in matching:
        parts.append(
            "Exemption %s (confidence %s, %s%s): %s (%s)"
            % (
                row["name"],
                row["confidence"],
                "it counts" if row["lifts"] else "it does not count",
                "" if _in_force(row, today) else ", not in force today",
                row["message"],
                row["source"],
            )
        )
    if matching:
        parts.append(
            "Exemptions are about the country of the business and its users; the number's own only hints at it"
        )
    parts.append("Sources: %s" % "; ".join(rule["sources"]))
    return ". ".join(part.rstrip(". ") for part in parts)
