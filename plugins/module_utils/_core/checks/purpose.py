# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a number may be used for, by dated rules with their sources, which a user can replace. Pure."""

from __future__ import annotations

import datetime
import re
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ..._failure import Failure
from ..facts.text_list import unpacked

Rule = Mapping[str, Any]

# Country calling codes of the European Economic Area but for Italy's 39, which is a rule of its own (ITU E.164).
_EEA = [
    *("30", "31", "32", "33", "34", "351", "352", "353", "354", "356", "357", "358", "359", "36", "370", "371", "372"),
    *("385", "386", "40", "420", "421", "423", "43", "45", "46", "47", "48", "49"),
]
CONFIDENCE = ("low", "medium", "high")
_TERMS = (
    "Meta Terms for WhatsApp Business Platform, section 4.7 AI Providers, last modified 2026-09-23 (confidence medium "
    "to high: others read the page on 2026-10-10)"
)
_PROVIDERS = "Meta's page on AI providers of 2026-09-01 (high: others read the page)"
_ORDER = (
    "by interim measures of the European Commission of 2026-06-09 (AT.41034) on the terms from before 2025-10-15, "
    "until its final decision; Meta has said that it will appeal (medium: press)"
)

# Dates are YYYY-MM-DD. A rule without prohibited_since allows its purpose. An exemption turns the blocker into a
# warning only where ``lifts`` says so and its dates hold.
DEFAULT: Tuple[Rule, ...] = (
    {
        "purpose": "customer_support",
        "meaning": "answers and help for customers, by people or automated; incidental use of AI is allowed",
    },
    {"purpose": "notifications", "meaning": "messages on orders, deliveries, appointments and the like"},
    {"purpose": "commerce", "meaning": "catalogue, orders and payments"},
    {"purpose": "authentication", "meaning": "one-time passcodes"},
    {"purpose": "marketing", "meaning": "offers to people who agreed to get them"},
    {"purpose": "internal", "meaning": "messages to the business's own people"},
    {
        "purpose": "general_purpose_assistant",
        "meaning": "an AI assistant for anything, as ChatGPT and Copilot were on WhatsApp, is what the number is for",
        "prohibited_since": "2026-01-15",
        "reason": "Meta's terms forbid it to providers of AI where the AI is the primary and not an incidental or "
        "ancillary function, as Meta decides at its sole discretion, but for businesses in the countries that Meta "
        "names. Customer support and other automation in which AI is incidental are not concerned",
        "users": [
            "ChatGPT: link the account before the date, so that the history is kept there",
            "Copilot: export the chats by hand before the date, there is no other way to keep them",
            "go on in the assistant's own apps (web, mobile, desktop)",
        ],
        "operators": [
            "tell the users the date and how they export their conversations",
            "move the assistant to an app of your own; what supports customers may stay on WhatsApp",
            "watch the status webhooks: pricing.category general_purpose_ai, like AI_BOT in the analytics, says that "
            "Meta takes the number for an AI provider's (confidence medium)",
            "automation needs a prompt way to a human (Messaging Policy of 2026-09-23, confidence medium)",
        ],
        "sources": [
            _TERMS,
            _PROVIDERS,
            "Terms changed in October 2025: 2025-10-15 (digitalpolicyalert 36368, European Commission), the end of "
            "October by another report",
            "In force since 2026-01-15 for what was there before (TechCrunch, theoutpost; OpenAI and Microsoft ended "
            "their services then)",
        ],
        "exemptions": [
            {
                "name": "Italy",
                "country_codes": ["39"],
                "since": "2026-02-16",
                "confidence": "high",
                "lifts": True,
                "message": "permitted for a fee per message since 2026-02-16, and free of charge since 2026-05-13; "
                + _ORDER,
                "source": "%s; Meta's changelog of 2026-01-28; Bloomberg, GCR, Houthoff" % _PROVIDERS,
            },
            {
                "name": "European Union and European Economic Area",
                "country_codes": _EEA,
                "since": "2026-03-11",
                "confidence": "high",
                "lifts": True,
                "message": "permitted for a fee per message since 2026-03-11, and free of charge since 2026-05-13; "
                + _ORDER,
                "source": "%s; Meta's changelog of 2026-01-28; Bloomberg, GCR, Houthoff" % _PROVIDERS,
            },
            {
                "name": "Brazil",
                "country_codes": ["55"],
                "since": "2026-03-11",
                "confidence": "high",
                "lifts": True,
                "message": "permitted for a fee per message since 2026-03-11, and no end of the fee is announced; "
                "CADE's tribunal kept its order on 2026-03-04 (medium: press)",
                "source": "%s; Meta's changelog of 2026-01-28" % _PROVIDERS,
            },
        ],
    },
    {"purpose": "other", "meaning": "none of these, and no assistant for anything"},
)


# ---------------------------------------------------------------------------------------------------------------------
# Rules that a user states


def normal(stated: Any) -> List[Dict[str, Any]]:
    """Return a user's rules (or their JSON text) in the shape of ``DEFAULT``; ValueError tells every fault at once."""
    stated = unpacked(stated)
    if not isinstance(stated, (list, tuple)):
        raise ValueError("a list of rules is wanted")
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
    """Return the words that can be declared, in the order of the rules."""
    return [str(rule["purpose"]) for rule in rules]


def _row(row: Any, shape: Mapping[str, Tuple[bool, Callable[[Any], Any]]]) -> Tuple[Dict[str, Any], List[str]]:
    if not isinstance(row, Mapping):
        return {}, ["a dictionary is wanted"]
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
        raise ValueError("text is wanted")
    return str(value).strip()


def _word(value: Any) -> str:
    text = _text(value)
    if not (text.isascii() and text.replace("_", "").isalnum()):
        raise ValueError("a word of letters, digits and _ is wanted")
    return text


def _texts(value: Any) -> List[str]:
    if not isinstance(value, (list, tuple)):
        raise ValueError("a list of texts is wanted")
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
        raise ValueError("a date like 2026-01-15 is wanted") from None


def _codes(value: Any) -> List[str]:
    entries = value if isinstance(value, (list, tuple)) else [value]
    made = []
    for entry in entries:
        text = str(entry).strip()
        text = text[1:] if text.startswith("+") else text
        if isinstance(entry, bool) or not (
            text.isascii() and text.isdigit() and 1 <= len(text) <= 4 and text[0] != "0"
        ):
            raise ValueError("country calling codes like 39 or +39 are wanted")
        made.append(text)
    return made


def _confidence(value: Any) -> str:
    if value not in CONFIDENCE:
        raise ValueError("one of %s is wanted" % ", ".join(CONFIDENCE))
    return str(value)


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false is wanted")
    return bool(value)


def _exemptions(value: Any) -> List[Dict[str, Any]]:
    if not isinstance(value, (list, tuple)):
        raise ValueError("a list of exemptions is wanted")
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
    """Return what is to be said of a declared purpose, None where it is allowed.

    ``declared`` is "" or a word of ``rules``. ``now`` is UTC in seconds since the epoch; a rule begins with its day and
    ends before the day of ``prohibited_until``.
    """
    if not declared:
        return Failure(
            "purpose_undeclared",
            "Nobody has said what the number is used for",
            "Meta forbids some purposes, and no API tells the purpose of a number",
            next_step="set wa_migrate_purpose to one of: %s"
            % "; ".join("%s (%s)" % (rule["purpose"], rule["meaning"]) for rule in rules),
        )
    rule = next((rule for rule in rules if rule["purpose"] == declared), None)
    since = str((rule or {}).get("prohibited_since") or "")
    today = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).date().isoformat()
    if rule is None or not since or today >= str(rule.get("prohibited_until") or "9999-12-31"):
        return None
    matching = _matching(rule, display_phone_number)
    reported = _reported(rule, matching, display_phone_number, today)
    if today < since:
        return Failure(
            "purpose_soon",
            "The purpose %s is prohibited from %s on" % (declared, since),
            reported,
            next_step=_NEXT % "before that day",
        )
    lifting = [row for row in matching if row["lifts"] and _in_force(row, today)]
    if lifting:
        return Failure(
            "purpose_exempt",
            "The purpose %s is prohibited since %s, with an exemption that counts (%s)"
            % (declared, since, ", ".join(str(row["name"]) for row in lifting)),
            reported,
            next_step="keep watching it: an exemption can end; the rules are wa_migrate_purpose_rules",
        )
    return Failure(
        "purpose_prohibited",
        "The purpose %s is prohibited since %s" % (declared, since),
        reported,
        next_step=_NEXT % "first",
    )


_NEXT = (
    "move the assistant off WhatsApp %s; where it is not what the number is for, declare what is (wa_migrate_purpose); "
    "where an exemption of yours is sure, state it in wa_migrate_purpose_rules with lifts: true, or waive this finding"
)


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
    for head, key in (("What users were told", "users"), ("For operators", "operators")):
        if rule.get(key):
            parts.append("%s: %s" % (head, "; ".join(rule[key])))
    if not number:
        parts.append("The number's country is not known, so exemptions could not be looked up")
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
