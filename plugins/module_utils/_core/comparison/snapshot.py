# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the snapshot of a number before it moves, and when one may replace another. Pure."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from ..cutover import attempt_log
from ..facts import callback, json_document, profile
from ..facts.times import utc

FORMAT = "wabiz.snapshot/1"
NUMBER = (
    "display_phone_number",
    "verified_name",
    "name_status",
    "code_verification_status",
    "quality_rating",
    "messaging_limit",
    "is_official_business_account",
    "throughput",
    "webhook_configuration",
)
WABA = {
    "status": "waba_status",
    "account_review_status": "waba_account_review_status",
    "business_verification_status": "waba_business_verification_status",
}
TEMPLATES = "templates"
PHOTO = "profile_photo"
PHOTO_DIGEST = "profile_photo_sha256"
SHARDS = "shards"
NODE_WEBHOOK = "node_webhook"
PROFILE = profile.FIELDS
_PROFILE = "profile_"


def profile_fact(name: str) -> str:
    """Return the name that a field of the business profile has among the facts."""
    return _PROFILE + name


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _webhook(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(one, str) for one in value.values())


def _templates(value: Any) -> bool:
    return isinstance(value, Mapping) and all(_texts(row) and len(row) == 2 for row in value.values())


def _webhooks(value: Any) -> bool:
    return isinstance(value, Mapping) and all(_webhook(one) for one in value.values())


_KINDS: Dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys((*NUMBER, *WABA.values(), PHOTO_DIGEST), _text),
    **dict.fromkeys(map(profile_fact, profile.FIELDS), _text),
    profile_fact(profile.WEBSITES): _texts,
    "is_official_business_account": lambda value: isinstance(value, bool),
    "webhook_configuration": _webhooks,
    TEMPLATES: _templates,
    PHOTO: lambda value: isinstance(value, bool),
    SHARDS: lambda value: isinstance(value, int) and not isinstance(value, bool),
    NODE_WEBHOOK: _webhook,
}
FACTS = tuple(_KINDS)


# ---------------------------------------------------------------------------------------------------------------------
# From the answers of the APIs to facts. A missing value, null or another type than documented is no fact.


def _known(found: Mapping[str, Any]) -> Dict[str, Any]:
    return {name: value for name, value in found.items() if value is not None and _KINDS[name](value)}


def of_number(number: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the facts of a number as number_info names them."""
    hooks = number.get("webhook_configuration")
    if isinstance(hooks, Mapping):
        hooks = {
            str(name): callback.address(url) for name, url in sorted(hooks.items()) if isinstance(url, str) and url
        }
    return _known({**{name: number.get(name) for name in NUMBER}, "webhook_configuration": hooks})


def of_waba(waba: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the facts of a WABA."""
    return _known({fact: waba.get(name) for name, fact in WABA.items()})


def of_templates(rows: List[Mapping[str, Any]]) -> Dict[str, Any]:
    """Return the templates as ``{"name language": [status, category]}``: hundreds of them stay small."""
    return {
        TEMPLATES: {
            "%s %s" % (row.get("name"), row.get("language")): [
                str(row.get("status") or ""),
                str(row.get("category") or ""),
            ]
            for row in rows
        }
    }


def of_profile(fields: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the facts of a business profile."""
    return _known({profile_fact(name): value for name, value in fields.items()})


def of_node(node: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the facts that only the node reports: photo, shards, webhook, and its profile."""
    reported = node.get("profile")
    reported = reported if isinstance(reported, Mapping) else {}
    photo = node.get("photo")
    photo = photo if isinstance(photo, Mapping) else {}
    hooks = node.get("webhooks")
    hook = hooks if isinstance(hooks, Mapping) else {}
    shards = node.get("shards")
    if shards is None and node.get("multiconnect") is False:
        shards = 1
    return {
        **of_profile(profile.of_node(reported.get("business"), reported.get("about"))),
        **_known(
            {
                PHOTO: photo.get("present"),
                PHOTO_DIGEST: photo.get("sha256") or None,
                SHARDS: shards,
                NODE_WEBHOOK: (
                    {name: str(hook[name]) for name in ("url", "query_sha256") if name in hook}
                    if isinstance(hook.get("url"), str)
                    else None
                ),
            }
        ),
    }


# ---------------------------------------------------------------------------------------------------------------------
# The document


def document(
    phone_number_id: str, waba_id: str, facts: Mapping[str, Any], unknown: Mapping[str, str], now: float
) -> Dict[str, Any]:
    """Return a snapshot; ``unknown`` says of each fact that could not be read why."""
    return {
        "format": FORMAT,
        "phone_number_id": phone_number_id,
        "waba_id": waba_id,
        "taken_at": utc(now),
        "facts": dict(facts),
        "unknown": dict(unknown),
    }


def dump(snapshot: Mapping[str, Any]) -> str:
    """Write a snapshot so that a person can read it."""
    return json.dumps(snapshot, indent=1, sort_keys=True) + "\n"


def parse(text: Optional[str], phone_number_id: str) -> Optional[Dict[str, Any]]:
    """Return the snapshot in ``text``, None where there is none; raises ValueError with a reason."""
    found = json_document.of_number(text, FORMAT, phone_number_id)
    if found is None:
        return None
    if not all(isinstance(found.get(name), str) for name in ("waba_id", "taken_at")):
        raise ValueError("it does not name its WABA, or when it was taken")
    facts, unknown = found.get("facts"), found.get("unknown")
    if not isinstance(facts, dict) or not isinstance(unknown, dict):
        raise ValueError("it has no facts")
    wrong = sorted(name for name, value in facts.items() if name not in _KINDS or not _KINDS[name](value))
    if wrong:
        raise ValueError("its facts cannot be used: %s" % ", ".join(wrong))
    return found


def digest(snapshot: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the facts of a snapshot, whenever it was taken."""
    known = json.dumps([snapshot["waba_id"], snapshot["facts"]], sort_keys=True)
    return hashlib.sha256(known.encode("utf-8", "surrogatepass")).hexdigest()


def merged(taken: Mapping[str, Any], stored: Optional[Mapping[str, Any]]) -> Dict[str, Any]:
    """Return ``taken`` with the facts that only the ``stored`` one knows: a read that fails later loses no fact."""
    result = dict(taken)
    if stored is None or stored["waba_id"] != taken["waba_id"]:
        return result
    older = {name: value for name, value in stored["facts"].items() if name not in taken["facts"]}
    result["facts"] = {**taken["facts"], **older}
    result["unknown"] = {name: why for name, why in taken["unknown"].items() if name not in older}
    return result


def refusal(platform_type: Any, attempts: Mapping[str, Any]) -> str:
    """Return why no snapshot may be taken now, "" where one may.

    It is only useful before the move. A number whose register request has no confirmed outcome in ``attempts`` (the
    attempt log) may have moved although neither API shows it yet.
    """
    if platform_type != "ON_PREMISE":
        return "Graph says platform_type %s, so a snapshot would not show what was before the move" % (
            platform_type or "nothing"
        )
    if attempt_log.open_attempt(attempts) is not None:
        return "the outcome of a register request is unknown, so the number may have moved"
    if any(attempt.get("outcome") == attempt_log.REGISTERED for attempt in attempts["attempts"]):
        return "by the attempt log it was registered"
    return ""


def shown(facts: Mapping[str, Any]) -> Dict[str, Any]:
    """Return facts for showing: of the templates only how many there are."""
    return {name: len(value) if name == TEMPLATES else value for name, value in sorted(facts.items())}


def missing(facts: Mapping[str, Any]) -> Tuple[str, ...]:
    """Return the names of the facts that are not known."""
    return tuple(name for name in FACTS if name not in facts)
