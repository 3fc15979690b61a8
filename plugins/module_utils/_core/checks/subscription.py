# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the requests that a WABA's webhook subscription needs, without dropping a setting of somebody else. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Sequence, Tuple

from ..._failure import Failure, counted
from ..findings.finding import BLOCKER, Finding

SUBSCRIBE = "subscribe"
SET_OVERRIDE = "set the override"
DROP_OVERRIDE = "drop the override"
UNSUBSCRIBE = "unsubscribe"

OVERRIDE_KEPT = Finding(
    "WM117",
    "override_kept",
    BLOCKER,
    "Graph API reference: subscribed_apps",
    title="The subscription has a callback override",
    why="The request would drop it, and the events of the WABA would go elsewhere without an error.",
    fix="Call wa_subscribe with remove_override: true if that is intended, or set "
    "O(override_callback_uri) to the same address.",
)


@dataclass(frozen=True)
class Subscription:
    """One app's subscription of a WABA, as GET /<WABA_ID>/subscribed_apps returns it."""

    subscribed: bool
    override_callback_uri: str = ""
    other_apps: Tuple[str, ...] = ()

    def as_dict(self) -> Mapping[str, Any]:
        return {"subscribed": self.subscribed, "override_callback_uri": self.override_callback_uri}


def of_app(rows: Sequence[Mapping[str, Any]], app_id: str) -> Subscription:
    """Find the app's own row among ``rows``; the others are named, never touched."""
    mine: Optional[Mapping[str, Any]] = None
    others: List[str] = []
    for row in rows:
        data = row.get("whatsapp_business_api_data")
        app = str(data.get("id") or "") if isinstance(data, Mapping) else ""
        if app == app_id:
            mine = row
        else:
            others.append(app)
    if mine is None:
        return Subscription(False, "", tuple(others))
    return Subscription(True, str(mine.get("override_callback_uri") or ""), tuple(others))


def steps(now: Subscription, state: str, override_callback_uri: str, remove_override: bool) -> Tuple[str, ...]:
    """Return the requests that lead from ``now`` to the desired state, in order; none when nothing differs.

    A plain POST of an existing subscription drops its override, so it is only sent to drop one; an override is
    set only after the plain subscription exists (Graph answers #100 otherwise).
    """
    if state == "absent":
        return (UNSUBSCRIBE,) if now.subscribed else ()
    plan: List[str] = []
    if not now.subscribed:
        plan.append(SUBSCRIBE)
    if override_callback_uri:
        if now.override_callback_uri != override_callback_uri:
            plan.append(SET_OVERRIDE)
    elif remove_override and now.override_callback_uri:
        plan.append(DROP_OVERRIDE)
    return tuple(plan)


def needed_by(rows: Sequence[Mapping[str, Any]], leaving: str) -> List[str]:
    """Return the numbers of a WABA, other than the one that is ``leaving``, whose events the subscription brings.

    One on the Cloud API needs it, and one that may be on its way there: it is subscribed before a number moves. Only a
    number that is certainly on neither API does not.
    """
    return [
        str(row.get("display_phone_number") or row.get("id"))
        for row in rows
        if str(row.get("id")) != leaving and row.get("platform_type") != "NOT_APPLICABLE"
    ]


def kept(numbers: Sequence[str]) -> str:
    """Return why the subscription stays."""
    shown = ", ".join(numbers[:10]) + (" and %d more" % (len(numbers) - 10) if len(numbers) > 10 else "")
    return "The app stays subscribed: %s of the WABA %s its events (%s)" % (
        counted(len(numbers), "other number"),
        "needs" if len(numbers) == 1 else "need",
        shown,
    )


def refusal(now: Subscription, state: str, override_callback_uri: str, remove_override: bool) -> Optional[Failure]:
    """Return why the request is refused: it would drop an override that somebody else has set."""
    if not now.override_callback_uri:
        return None
    if state == "absent" and not remove_override:
        return OVERRIDE_KEPT.failure(
            "Events of this WABA go to %s; unsubscribing would drop that too" % now.override_callback_uri
        )
    return None


def after(now: Subscription, plan: Sequence[str], override_callback_uri: str) -> Subscription:
    """Return the subscription that ``plan`` leads to."""
    if UNSUBSCRIBE in plan:
        return Subscription(False, "", now.other_apps)
    override = now.override_callback_uri
    if DROP_OVERRIDE in plan:
        override = ""
    if SET_OVERRIDE in plan:
        override = override_callback_uri
    return Subscription(now.subscribed or SUBSCRIBE in plan, override, now.other_apps)
