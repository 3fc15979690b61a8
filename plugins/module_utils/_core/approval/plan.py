# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the plan of a number and of a fleet, and its digest. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ..._failure import counted
from ..._meta_api import register_body
from ..checks import subscription
from ..cutover import lane, pin, recovery
from ..facts import json_document, profile
from ..facts.location import CLOUD, NEITHER, ON_PREMISES
from ..facts.phone_number import digits
from ..findings.finding import NOTE
from ..findings.results import blockers
from . import catalogue

FORMAT = "wabiz.plan/1"
DOWNTIME = (
    "a few seconds, the register call itself up to 15 s; messages that are sent to the number meanwhile are silently "
    "dropped"
)
NO_DOWNTIME = "none: the number is not registered"
DOWN_ALREADY = "none beyond the present one: the number is on neither API until it is registered"
_SECRET = "***"


# ---------------------------------------------------------------------------------------------------------------------
# One number


def recovers(location: str, findings: Sequence[Any]) -> bool:
    """Tell whether a number on neither API is registered again; ``findings`` are findings, or their ids."""
    ids = [found["id"] if isinstance(found, Mapping) else found for found in findings]
    return location == NEITHER and (recovery.AFTER_WRONG_PIN.id in ids or lane.CODE_LANE.id in ids)


def requests(
    params: Mapping[str, Any], location: str, subscription_steps: Sequence[str], again: bool = False
) -> List[Dict[str, Any]]:
    """Return the requests that change something, in the order of the migration, each with method, url and body.

    Secrets are ***, the backup is described. Reads, and the login to the node, are not listed. ``again`` says that a
    number on neither API is registered (:func:`recovers`): its node is down, and the stored backup is used.
    """
    node, graph = params["onprem_url"], "%s/%s" % (params["graph_url"], params["graph_version"])
    registers = location == ON_PREMISES or again
    found: List[Dict[str, Any]] = []

    def add(method: str, url: str, body: Optional[Mapping[str, Any]] = None) -> None:
        found.append({"method": method, "url": url, "body": None if body is None else dict(body)})

    if params.get("lane") == lane.WABA:
        if location != CLOUD and params.get("move_body"):
            add("POST", "%s/%s/phone_numbers" % (graph, params["target_waba_id"]), params["move_body"])
        return found
    code = params.get("lane") == lane.CODE and registers
    if registers and params["clear_two_step"]:
        add("DELETE", "%s/v1/settings/account/two-step" % node)
    for step in subscription_steps:
        override = {"override_callback_uri": params["override_callback_uri"], "verify_token": _SECRET}
        wanted = override if step == subscription.SET_OVERRIDE else None
        add("POST", "%s/%s/subscribed_apps" % (graph, params["waba_id"]), wanted)
    if not registers:
        return found
    if code and params.get("verifies"):
        wanted = {"code_method": params["code_method"], "language": params["language"]}
        add("POST", "%s/%s/request_code" % (graph, params["phone_number_id"]), wanted)
        add("POST", "%s/%s/verify_code" % (graph, params["phone_number_id"]), {"code": _SECRET})
    backup = None if params["without_backup"] else {"password": _SECRET, "data": "<the backup>"}
    if backup and not again:
        add("POST", "%s/v1/settings/backup" % node, {"password": _SECRET})
    body = register_body(_SECRET, backup, params.get("data_localization_region"))
    add("POST", "%s/%s/register" % (graph, params["phone_number_id"]), body)
    if params.get("profile"):
        wanted = _update_of(params["profile"])
        add("POST", "%s/%s/whatsapp_business_profile" % (graph, params["phone_number_id"]), wanted)
    return found


def _update_of(stated: Mapping[str, Any]) -> Dict[str, Any]:
    """Return a stated profile as the body that is sent for it; its photo is described, because it is uploaded first."""
    body = {name: value for name, value in stated.items() if name != profile.PHOTO}
    photo = stated.get(profile.PHOTO)
    return {**body, **({"profile_picture_handle": "<the upload of %s>" % photo} if photo else {})}


def line(request: Mapping[str, Any]) -> str:
    """Return a request as one line of text."""
    body = "" if request["body"] is None else " " + json.dumps(request["body"])
    return "%s %s%s" % (request["method"], request["url"], body)


_KIND = re.compile(
    r"(\S+) \S+?(/v1/settings/account/two-step|/v1/settings/backup|"
    r"/subscribed_apps|/phone_numbers|/request_code|/verify_code|/register|/whatsapp_business_profile)(?: |\Z)"
)


def kinds(numbers: Sequence[Sequence[str]]) -> Dict[str, int]:
    """Return how many requests of each kind the plans of ``numbers`` come to, in the order of a migration.

    Each is a list of lines as :func:`line` makes them. A request that numbers of a WABA share is sent once.
    """
    found: Dict[str, int] = {}
    shared = set()
    for lines in numbers:
        for text in lines:
            match = _KIND.match(text)
            kind = "%s %s" % match.groups() if match else text.partition(" {")[0]
            if kind.endswith("/subscribed_apps"):
                if text in shared:
                    continue
                shared.add(text)
            found[kind] = found.get(kind, 0) + 1
    return found


def situation(
    params: Mapping[str, Any],
    number: Optional[Mapping[str, Any]],
    node: Optional[Mapping[str, Any]],
    location: str,
    subscription_steps: Sequence[str],
    override: str,
    findings: Sequence[Mapping[str, Any]],
) -> Dict[str, Any]:
    """Return the facts that a plan depends on: those that decide, none that fluctuates.

    ``number`` and ``node`` are the facts of both sides, ``override`` the callback override that the WABA has,
    ``findings`` those of the number with their waivers. No age, rate, time, wording or budget is among the facts, and
    no note: they change from read to read.
    """
    facts = number or {}
    blocked = any(_decides(found) for found in blockers(tuple(findings)))
    return {
        "phone_number_id": str(params["phone_number_id"]),
        "waba_id": str(params["waba_id"]),
        "number": digits(str(facts.get("display_phone_number") or "")),
        "verified": facts.get("code_verification_status") in (None, "VERIFIED"),
        "location": location,
        "node_url": str(params["onprem_url"]),
        "node_wa_id": str((node or {}).get("wa_id") or ""),
        "override_callback_uri": str(params.get("override_callback_uri") or override or ""),
        "purpose": str(params.get("purpose") or ""),
        "backup": not params["without_backup"],
        **({"lane": params["lane"]} if lane.without_node(params.get("lane")) and location != CLOUD else {}),
        "requests": [] if blocked else requests(params, location, subscription_steps, recovers(location, findings)),
        "findings": sorted({str(found["id"]) for found in findings if _decides(found)}),
        "waivers": sorted({str(found["id"]) for found in findings if found.get("waived")}),
    }


_PASSING = {entry.id for entry in catalogue.CATALOGUE.values() if entry.passing}


def _decides(found: Mapping[str, Any]) -> bool:
    return found["severity"] != NOTE and found["id"] not in _PASSING


def earlier(
    params: Mapping[str, Any], present: Mapping[str, Any], location: str, steps: Sequence[str]
) -> List[Dict[str, Any]]:
    """Return ``present`` and the situations from which this collection's own prepare leads to it.

    A run that was stopped after prepare has subscribed the app already. The rest of the same plan is left, which needs
    no new approval. ``steps`` are the subscription steps that are still to do.
    """
    found = [dict(present)]
    whole = [subscription.SUBSCRIBE]
    if params.get("override_callback_uri"):
        whole.append(subscription.SET_OVERRIDE)
    if not present["requests"]:
        return found
    again = recovers(location, present["findings"])
    sets = [steps, *(one for one in (whole[:1], whole[1:], whole) if set(one) > set(steps))]
    found += [{**present, "requests": requests(params, location, one, again)} for one in sets[1:]]
    if present.get("lane") == lane.CODE and present["verified"]:
        # A code that was handed in since has made a part of the same plan unnecessary, too.
        before = {**params, "verifies": True}
        found += [{**present, "verified": False, "requests": requests(before, location, one, again)} for one in sets]
    return found


def digest(facts: Mapping[str, Any]) -> str:
    """Return the digest of one number's situation: p and 24 hexadecimal digits."""
    return "p" + _hash(facts)


def fleet_digest(digests: Sequence[str]) -> str:
    """Return the digest of a fleet, whatever the order of its numbers: f and 24 hexadecimal digits."""
    return "f" + _hash(sorted(digests))


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:24]


def of_number(
    facts: Mapping[str, Any], attempts_left: Optional[int], limit: int, reserve: int, pin_cleared: bool
) -> Dict[str, Any]:
    """Return the plan of a number: its digest, the facts of that, and what a person needs to know beside it.

    ``attempts_left`` is None where the attempt log was not read.
    """
    registers = any(request["url"].endswith("/register") for request in facts["requests"])
    again = registers and recovers(facts["location"], facts["findings"])
    return {
        "digest": digest(facts),
        # The number stays where it is until it is registered with its new ID.
        "target": facts["location"] if facts.get("lane") == lane.WABA else CLOUD,
        "situation": dict(facts),
        "requests": [line(request) for request in facts["requests"]],
        "attempts_left": attempts_left,
        "budget": "not read" if attempts_left is None else _budget(attempts_left, limit, reserve),
        "wrong_pin": pin.consequence(pin_cleared, again or "lane" in facts) if registers else "no PIN is sent",
        "downtime": DOWN_ALREADY if again else DOWNTIME if registers else NO_DOWNTIME,
    }


def _budget(left: int, limit: int, reserve: int) -> str:
    return (
        "%s left (limit %d in 72 hours, %d kept in reserve), by the collection's own count; attempts by others are "
        "unknown to it" % (counted(left, "register request"), limit, reserve)
    )


# ---------------------------------------------------------------------------------------------------------------------
# The fleet's plan as a document


def document(entries: Mapping[str, Mapping[str, Any]]) -> Dict[str, Any]:
    """Return the plan of a fleet; ``entries`` maps phone number IDs to the plan of each number."""
    return {
        "format": FORMAT,
        "digest": fleet_digest([entry["digest"] for entry in entries.values()]),
        "numbers": {name: dict(entries[name]) for name in sorted(entries)},
    }


def dump(plan: Mapping[str, Any]) -> str:
    """Return a plan as text for a person, the same text for the same plan."""
    return json.dumps(plan, indent=2, sort_keys=True) + "\n"


def read(text: str) -> Dict[str, Any]:
    """Return the plan of a fleet from the text of its file.

    Raises ValueError where it is not a plan, or was changed after it was made.
    """
    plan = json_document.read(text, FORMAT)
    numbers = plan.get("numbers")
    if not isinstance(numbers, dict):
        raise ValueError("its numbers are missing")
    for name, entry in numbers.items():
        facts = entry.get("situation") if isinstance(entry, dict) else None
        if not isinstance(facts, dict) or entry.get("digest") != digest(facts) or facts.get("phone_number_id") != name:
            raise ValueError("the entry of phone number ID %s was changed after the plan was made" % name)
    if plan.get("digest") != fleet_digest([entry["digest"] for entry in numbers.values()]):
        raise ValueError("numbers were added or removed after the plan was made")
    return plan
