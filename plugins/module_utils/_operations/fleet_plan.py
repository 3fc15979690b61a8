# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a fleet, out of what the preflight has registered for each number: its digests, approval and file."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from .._core.approval import approved as approved_rules
from .._core.approval import catalogue
from .._core.approval import plan as plan_rules
from .._core.fleet.table import Row
from .._failure import Failure, counted
from . import plan_file

Results = Mapping[str, Mapping[str, Any]]


def preflight_of(results: Mapping[str, Any]) -> Mapping[str, Any]:
    value = results.get("preflight")
    return value if isinstance(value, Mapping) and isinstance(value.get("plan"), Mapping) else {}


def _wants(preflight: Mapping[str, Any]) -> bool:
    """Tell whether something of the number would want an approval."""
    return bool(preflight) and approved_rules.needs_approval(
        str(preflight["location"]),
        bool(preflight["work"]),
        preflight["plan"]["requests"],
        bool(preflight["blocked"]),
    )


def findings_of(results: Mapping[str, Any]) -> List[Mapping[str, Any]]:
    return list(preflight_of(results).get("findings") or [])


def of_fleet(results: Results) -> Dict[str, Any]:
    """Return the digest of the fleet and of each number, small enough to be handed from job to job."""
    numbers: Dict[str, str] = {}
    for found in results.values():
        plan = preflight_of(found).get("plan")
        if isinstance(plan, Mapping):
            numbers[str(plan["situation"]["phone_number_id"])] = str(plan["digest"])
    return {
        "digest": plan_rules.fleet_digest(list(numbers.values())),
        "numbers": {name: numbers[name] for name in sorted(numbers)},
    }


def by_fleet_digest(approved: Any, results: Results) -> Optional[Mapping[str, Any]]:
    """Return why no number may move where a fleet's digest is all that was approved, and it is another one."""
    if not approved_rules.is_fleet_digest(approved):
        return None
    present = of_fleet(results)["digest"]
    if approved == present or not any(_wants(preflight_of(found)) for found in results.values()):
        return None
    return approved_rules.fleet_changed(approved, present).as_dict()


def kept_out(found: Mapping[str, Any], unapproved: Mapping[str, Any]) -> Mapping[str, Any]:
    preflight = preflight_of(found)
    if not _wants(preflight):
        return found
    label = str((preflight.get("number") or {}).get("display_phone_number") or "")
    finding = catalogue.finding(Failure(**dict(unapproved)), label)
    return {**found, "preflight": {**preflight, "blocked": True, "findings": [*preflight["findings"], finding]}}


def before_and_after(results: Results, lines: Sequence[Row]) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    """Return the plan of the one number that a verdict is about as a difference; empty where nothing is to be done."""
    preflight = preflight_of(results[lines[0].host]) if len(lines) == 1 else {}
    if not preflight.get("work"):
        return {}, {}
    plan = preflight["plan"]
    stays = bool(preflight.get("blocked"))
    return {"location": preflight["location"]}, {
        "location": preflight["location"] if stays else plan["target"],
        "requests": [] if stays else list(plan["requests"]),
        "register budget": plan["budget"],
        "wrong PIN": plan["wrong_pin"],
        "downtime": plan["downtime"],
        "findings": [catalogue.text(found) for found in preflight["findings"]],
        "digest": plan["digest"],
    }


def entries(results: Results, rows: Sequence[Row]) -> Dict[str, Dict[str, Any]]:
    """Return what the plan file has of each number, by its phone number ID."""
    found: Dict[str, Dict[str, Any]] = {}
    for row in rows:
        preflight = preflight_of(results[row.host])
        if preflight:
            plan = {name: value for name, value in preflight["plan"].items() if name != "requests"}
            known = {"host": row.host, "state": row.state, "findings": list(preflight["findings"])}
            found[str(plan["situation"]["phone_number_id"])] = {**plan, **known}
    return found


def write(
    path: str, found: Mapping[str, Mapping[str, Any]], summary: Mapping[str, Any], approved: Any, check_mode: bool
) -> Tuple[bool, str]:
    """Write the plan of the fleet to the controller; return whether that changed the file, and what there is to say.

    An approved plan is not replaced while it is compared with. Raises RefusedError.
    """
    document = plan_rules.document(found)
    document["summary"] = dict(summary)
    reported = "the plan %s of %s" % (document["digest"], counted(len(found), "number"))
    if approved:
        return False, "O(plan) is stated, so %s was not written to %s" % (reported, path)
    if check_mode:
        return False, "Check mode: %s was not written to %s" % (reported, path)
    changed = plan_file.write(path, plan_rules.dump(document))
    return changed, "%s is in %s" % (reported[0].upper() + reported[1:], path)
