# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the numbers of the playbooks retire and rollback, each with what was done and its next step. Pure."""

from __future__ import annotations

import re
from typing import Any, List, Mapping, Optional, Sequence

from ..._failure import counted
from ..facts import node as node_rules
from ..facts.location import NEITHER, ON_PREMISES, location
from . import table
from .action import Action
from .table import Row, failed_result, failed_row, got

RETIRED, WOULD_RETIRE = "retired", "would be retired"
NOT_CONFIRMED = "notice not confirmed"
NOTICES_LEFT = "notices left"
EXPORTED, WOULD_EXPORT = "exported", "would be exported"
BACK, WOULD_GO_BACK = "back on its node", "would go back"
SAME = "run the same command again"
NOTHING = "nothing"
DRY_RUN = 'The notice would go to %s of %s recipients and read "%s". Sent so far: %s'
STILL_LEFT = (
    "%s of %s recipients are still to be sent the notice, so the number stays on the Cloud API. Outcome unknown: %s, "
    "refused: %s"
)
STAYS = "The export is in %s. The number stays on the Cloud API until somebody says otherwise"
TAKE_OFF = "take it off the Cloud API: from then on it sends and receives nothing"
TAKEN_OFF = "The export is in %s. %s"
NOT_SUBSCRIBED = "The app is not subscribed to the WABA (%s) any more, because no other number of it needs that"
OFF_BEFORE = "It was not on the Cloud API"
ASKED = "The node may register the number (%s). It stays where it is until the code is handed in"
NOT_ASKED = "Check mode asks no node"
HAND_IN = "hand in the code within ten minutes"
SERVES = "The node serves the number again, and its health is %s"


def retired(host: str, results: Mapping[str, Any], check_mode: bool) -> Row:
    """Return the row of a host by what the tasks of retire have registered."""
    begun = _begun(host, results, check_mode)
    if begun.action is not None:
        return begun
    notice, left = got(results, "notice"), got(results, "deregister")
    path = got(results, "export").get("path")
    if notice.get("left") and not results.get("notice_confirm"):
        wording = DRY_RUN % (notice["planned"], notice["recipients"], notice["preview"], notice["notified"])
        arguments = "-e O(notice_confirm)=%s" % notice["confirm"]
        return _next(begun, NOT_CONFIRMED, wording, Action("send the notice", arguments=arguments, left=True))
    if notice.get("left") and not check_mode:
        figures = [notice[name] for name in ("left", "recipients", "unknown", "refused")]
        done = "sent %s" % counted(int(notice["sent_now"]), "notice")
        return _next(begun, NOTICES_LEFT, STILL_LEFT % tuple(figures), Action(SAME, done=done, left=True))
    if not left:
        action = Action(TAKE_OFF, arguments="-e O(confirm)=%s" % re.sub("[^0-9]", "", begun.number), left=True)
        return _next(begun, WOULD_EXPORT if check_mode else EXPORTED, STAYS % path, action)
    word = str(left["registration"]["outcome"])
    subscription = got(results, "unsubscribe").get("reason") or NOT_SUBSCRIBED % results.get("waba_id")
    gone = begun._replace(location=_location(left))
    action = Action(NOTHING, done=word if left.get("changed") else "", moved=bool(left.get("changed")), off=True)
    if left.get("changed") and check_mode:
        return _next(gone, WOULD_RETIRE, "Check mode. It %s" % word, action)
    if gone.location != NEITHER:
        return _next(gone, table.UNCHANGED, OFF_BEFORE, action._replace(off=False))
    return _next(gone, RETIRED, TAKEN_OFF % (path, subscription), action)


def rolled_back(host: str, results: Mapping[str, Any], check_mode: bool) -> Row:
    """Return the row of a host by what the tasks of rollback have registered."""
    begun = _begun(host, results, check_mode)
    if begun.action is not None:
        return begun
    asked, left, restored = (got(results, name) for name in ("asked", "deregister", "restore"))
    if not left:
        wording = NOT_ASKED if check_mode else ASKED % asked.get("answer")
        action = Action(HAND_IN, arguments="-e O(code)=CODE", left=True)
        return _next(begun, table.WAITING_FOR_CODE, wording, action)
    if check_mode:
        word = str(left["registration"]["outcome"])
        return _next(begun, WOULD_GO_BACK, "Check mode. It %s" % word, Action(NOTHING, moved=bool(left.get("changed"))))
    done = [str(one) for one in restored.get("done") or []]
    action = Action(NOTHING, done=", ".join(done), moved="registered" in done)
    return _next(begun._replace(location=ON_PREMISES), BACK, SERVES % restored.get("health"), action)


def lines(title: str, now: Sequence[Row], rows: Sequence[Row]) -> List[str]:
    """Return the numbers ``now`` as lines of text, with their next steps, and how many of all are in which state."""
    told = []
    for row in now:
        if row.state == table.NOT_STARTED:
            continue
        action = row.action
        # A failed task has told its cause and its next step.
        step = "" if action is None or action.needs_you or action.does == NOTHING else _capital(action)
        told.append("%s.%s" % (row.text().rstrip("."), step))
    states = ", ".join("%d %s" % (count, state) for state, count in table.counts(rows).items())
    return [*told, "%s: %s (%s)" % (title, counted(len(rows), "number"), states or "none")]


def _capital(action: Action) -> str:
    more = ": run the same command again with %s" % action.arguments if action.arguments else ""
    return " Next: %s%s" % (action.does, more)


def _next(row: Row, state: str, wording: str, action: Action) -> Row:
    return row._replace(state=state, wording=wording, action=action)


def _begun(host: str, results: Mapping[str, Any], check_mode: bool) -> Row:
    """Return the row of a number, with an action where its tasks have failed or not begun."""
    found = got(results, "read")
    known = got(found, "number")
    number = str(known.get("display_phone_number") or results.get("phone_number_id") or table.NO_NUMBER)
    row = Row(host, number, table.NOT_STARTED, _location(known or None), table.NOTHING_READ)
    failed = failed_result(results)
    if failed:
        row = failed_row(host, number, row.location, found, failed)
        does = str(got(failed, "failure").get("next_step") or "read the message, then %s" % SAME)
        # Blocked is a word of the preflight. Outside check mode, what a prediction refuses is refused.
        predicted = row.state == table.WOULD_BE_REFUSED and not check_mode
        state = table.FAILED if row.state == table.BLOCKED or predicted else row.state
        return row._replace(state=state, action=Action(does, needs_you=True))
    return row if found else row._replace(action=Action(SAME))


def _location(known: Optional[Mapping[str, Any]]) -> str:
    return "" if known is None else location(known, node_rules.NOT_ASKED).name
