# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the one next step of a number that may be stuck, by all that was read of it. Pure.

A table in the order of its rows: the first one that fits decides. What could make things worse comes before what
could help, so a request is proposed only where nothing speaks against it.
"""

from __future__ import annotations

from typing import Callable, Tuple

from ..._failure import counted
from ..._meta_api import (
    ATTEMPTS_USED_UP,
    BACKUP_REFUSED,
    DELETED_RECENTLY,
    INCOMPLETE_DEREGISTRATION,
    NOT_REGISTERED,
    PIN_GUESSES,
    PIN_MISMATCH,
    VERIFICATION_NEEDED,
)
from ..facts import node as node_rules
from ..facts.times import utc
from . import attempt_log, exit_log, lane
from .exit_findings import NEW_PIN_TRIED
from .situation import (
    ASK_CODE,
    BROKEN,
    COMPARE,
    CONFIRM,
    FINISH,
    HAND_IN,
    NEW_PIN,
    NOTHING,
    PENDING,
    PERSON,
    READ,
    REFUSED,
    REGISTER,
    SUBSCRIBE,
    WAIT,
    Facts,
    Verdict,
)

_CLOUD, _ONPREM, _NEITHER = "CLOUD_API", "ON_PREMISE", "NOT_APPLICABLE"
# Refusals of a register request after which another request can help, once what the table asks for is done.
_KNOWN = (
    *(INCOMPLETE_DEREGISTRATION, *BACKUP_REFUSED, PIN_MISMATCH, *PIN_GUESSES),
    *(VERIFICATION_NEEDED, NOT_REGISTERED, DELETED_RECENTLY, ATTEMPTS_USED_UP),
)
# The same refusal so often in a row: more of it would only use up attempts.
_SAME = 2

Condition = Callable[[Facts], bool]
Make = Callable[[Facts], Verdict]
_READS = "It sends only reads"
_FIX = "fix that, then run again"
_ELSE = "the other way out is a move to another WABA with the playbook migrate (O(lane): waba)"


def _somebody(state: str, why: str, does: str) -> Verdict:
    return Verdict(state, why, PERSON, does, "Only reads leave before that")


def _later(state: str, why: str, until: float) -> Verdict:
    return Verdict(state, why, WAIT, "wait until %s, then run again" % utc(until), _READS, until)


def _reading(state: str, why: str, until: float) -> Verdict:
    does = "read again until %s, when no answer can come any more" % utc(until)
    return Verdict(state, why, READ, does, "Only reads are sent", until)


# ---------------------------------------------------------------------------------------------------------------------
# What is done about each state


def _on_cloud(f: Facts) -> bool:
    return f.platform == _CLOUD


def _register(f: Facts) -> Verdict:
    way = "with the stored backup" if f.backup else "without a backup; it loses %s" % lane.lost((lane.PROFILE,))
    why = "The number is on neither API" if f.refused is None else "The last request was refused with %d" % f.refused
    if f.open:
        why = "The last request has had no effect: its answer cannot come any more, and the number has not moved"
    return Verdict(
        "neither API",
        "%s. It is verified, the app is subscribed and the PIN counts as known" % why,
        REGISTER,
        "register it %s (%s left)" % (way, counted(f.attempts_left, "attempt")),
        "Both sides are read once more, the request is logged first, sent once and confirmed by reading",
    )


def _wrong_pin(f: Facts) -> Verdict:
    why = "Nobody knows the PIN"
    if f.wrong_pin:
        why = "The last PIN was wrong (133005), and the same one is never sent a second time"
    if f.new_pin_set == exit_log.SET_OTHER:
        return _somebody("wrong PIN", "%s. A new PIN was set, but not this one" % why, "state the PIN that was set")
    if f.new_pin_set:
        return _somebody("wrong PIN", "%s. A new PIN was tried: %s" % (why, f.new_pin_set), NEW_PIN_TRIED.next_step)
    does = (
        "correct O(pin), or reset the PIN or turn two-step verification off in WhatsApp Manager, and set "
        "O(pin_changed_at) to the time of that. If nobody knows it, set O(new_pin) to a new one"
    )
    return _somebody("wrong PIN", why, does)


def _set_pin(f: Facts) -> Verdict:
    return Verdict(
        "wrong PIN" if f.wrong_pin else "unknown PIN",
        "Nobody knows the PIN. Meta sets a new one without the old one; whether that works before the number is "
        "registered is told by no public source",
        NEW_PIN,
        "set O(new_pin) as the PIN, once",
        "It is no register request and guesses no PIN. It is logged first and never repeated",
    )


def _wants_new_pin(f: Facts) -> bool:
    return f.new_pin and (f.wrong_pin or f.pin_on) and f.new_pin_set == ""


def _pin_unknown(f: Facts) -> bool:
    return f.new_pin and f.pin_on and f.new_pin_set not in ("", exit_log.SET)


def _wants_finish(f: Facts) -> bool:
    """Tell whether deregister is sent: once for a refusal, and once more if nobody has seen the first answer."""
    most = _SAME if f.finish_seen else _SAME + 1
    return f.refused == INCOMPLETE_DEREGISTRATION and not f.finished and not f.open and (f.in_a_row < most or f.again)


def _finish(f: Facts) -> Verdict:
    return Verdict(
        "incomplete deregistration",
        "The register request was refused with 133000: an earlier deregistration did not finish",
        FINISH,
        "send deregister once more",
        "The number is on neither API, so it takes nothing away. It is logged first and sent once",
    )


def _verify(f: Facts) -> Verdict:
    state, why = "not verified", "Its code verification is %s" % (f.verification or "unknown")
    if f.code:
        safe = "A code is sent once, and no code that was sent before"
        return Verdict(state, "%s, and a code is there" % why, HAND_IN, "hand the code in", safe)
    if f.code_asked:
        does = "hand the code in: O(code) for this host, or O(codes_file)"
        return Verdict("waiting for code", f.code_asked, WAIT, does, "No second code is asked for")
    if f.no_code and f.no_code_until:
        return Verdict(state, f.no_code, WAIT, "wait until then, then run again", _READS)
    if f.no_code:
        return _somebody(state, f.no_code, "look at the number in WhatsApp Manager, and ask Meta's support; " + _ELSE)
    safe = "None is pending, and the limit of codes is kept"
    return Verdict(state, why, ASK_CODE, "ask for a code by O(code_method)", safe)


def _subscribe(f: Facts) -> Verdict:
    if f.subscribed is None:
        why = "Whether the app is subscribed to the WABA could not be read: %s" % f.subscription
        return _somebody("subscription unknown", why, f.fix or "check the rights of the access token, then run again")
    safe = "The subscription is read first, and no override of somebody else is dropped"
    why = "The app is not subscribed to the WABA, so its events reach nobody"
    return Verdict("not subscribed", why, SUBSCRIBE, "subscribe the app", safe)


def _compare(f: Facts) -> Verdict:
    safe = "Only fields that are empty now are put back"
    if f.lost:
        why = "The profile is without %s, which the snapshot has or O(profile) states" % ", ".join(f.lost)
        return Verdict("without profile", why, COMPARE, "put the profile back", safe)
    why = "It has moved, and no run has compared it with its snapshot since"
    return Verdict("not compared", why, COMPARE, "compare it, and put back what its profile has lost", safe)


def _unchanged_refusal(f: Facts) -> bool:
    """Tell whether another register request could only be refused as the last one was."""
    if f.refused is None or f.again:
        return False
    if f.refused == INCOMPLETE_DEREGISTRATION and f.in_a_row <= _SAME:
        return f.finished not in (exit_log.DONE, exit_log.UNKNOWN)
    if f.refused not in _KNOWN or f.in_a_row >= _SAME:
        return True
    return f.refused == VERIFICATION_NEEDED and f.verified and not f.verified_since


def _cause(f: Facts) -> Verdict:
    why = "%s refused with %s" % (counted(f.in_a_row, "request was", "requests in a row were"), f.refused)
    if f.finished == attempt_log.REFUSED:
        why += ", and so was the deregistration"
    if f.refused == VERIFICATION_NEEDED and f.verified:
        why += ", although Graph says that the number is verified"
    does = "find the cause with the code and its fbtrace_id (attempt log), and set O(again): true once it is gone"
    return _somebody(REFUSED, why, does)


def _node(f: Facts) -> Verdict:
    why = "Graph says %s, and the node is %s: both sides do not agree" % (f.platform or "nothing", f.node)
    does = "fix the node so that its health can be read, or set O(lane): code if there is none any more"
    return _somebody("unknown", why, f.fix or does)


def _locked_until(f: Facts) -> float:
    if f.attempts_left <= 0:
        return max(f.next_attempt_at, f.now + 1)
    return f.refused_at + f.wait_for if f.refused is not None else 0.0


def _locked(f: Facts) -> Verdict:
    why = "Meta takes no register request for a while (%s)" % f.refused
    if f.attempts_left <= 0:
        why = "No attempt is left by the attempt log, and one too many locks the number (133016)"
    return _later("locked", why, _locked_until(f))


def _losses(f: Facts) -> Verdict:
    why = "There is no usable backup, and without one the number loses %s" % lane.lost(f.missing)
    return _somebody("neither API", why, "decide, and set O(accept_loss): [%s]" % ", ".join(f.missing))


_TABLE: Tuple[Tuple[Condition, Make], ...] = (
    (lambda f: bool(f.trouble), lambda f: _somebody("unknown", f.trouble, f.fix or _FIX)),
    (lambda f: bool(f.other_run), lambda f: Verdict("unknown", f.other_run, WAIT, "let that run end", _READS)),
    (lambda f: bool(f.kept_out), lambda f: _somebody("kept out", f.kept_out, f.fix or _FIX)),
    # On the Cloud API: nothing registers a number again that is there.
    (
        lambda f: _on_cloud(f) and f.standing == BROKEN,
        lambda f: _somebody(
            "not connected",
            "It is on the Cloud API, and its status is %s" % f.status,
            "look at the number in WhatsApp Manager; where that does not explain it, open a ticket with Direct Support",
        ),
    ),
    (
        lambda f: _on_cloud(f) and f.open,
        lambda f: Verdict(
            "registered",
            "A run was stopped before it saw the answer of its register request, and the number is on the Cloud API",
            CONFIRM,
            "record that it is registered",
            "A number on the Cloud API is only read, and never registered again",
        ),
    ),
    (
        lambda f: _on_cloud(f) and f.standing == PENDING and f.pending_for > 86400,
        lambda f: _somebody(
            "pending",
            "It is on the Cloud API, and has been %s for more than a day" % f.status,
            "look at its display name in WhatsApp Manager, and open a ticket with Direct Support",
        ),
    ),
    (
        lambda f: _on_cloud(f) and f.standing == PENDING,
        lambda f: _reading("pending", "It is on the Cloud API, and its status is still %s" % f.status, f.now + 300),
    ),
    (lambda f: _on_cloud(f) and not f.subscribed, _subscribe),
    (lambda f: _on_cloud(f) and not f.verified, _verify),
    (lambda f: _on_cloud(f) and (f.not_compared or bool(f.lost)), _compare),
    (
        lambda f: _on_cloud(f) and bool(f.lost_for_good),
        lambda f: _somebody(
            "without profile",
            "The profile is without %s, and nothing that is kept can put it back" % ", ".join(f.lost_for_good),
            "set it with wa_profile, or set O(accept_loss): [profile] if it is to stay like that",
        ),
    ),
    (_on_cloud, lambda f: Verdict("works", "It is on the Cloud API, and nothing is wrong", NOTHING, "nothing", _READS)),
    # Whatever was sent may still be answered.
    (
        lambda f: f.open_for > 0 or f.other_open_for > 0,
        lambda f: _reading(
            "answer open", "The answer of a request may still come", f.now + max(f.open_for, f.other_open_for)
        ),
    ),
    # On its node: to move it is a migration, whose own rules are stricter.
    (
        lambda f: f.platform == _ONPREM and f.node in (node_rules.SERVING, node_rules.NOT_ASKED),
        lambda f: Verdict("on its node", "It has not moved", NOTHING, "nothing; the playbook migrate moves it", _READS),
    ),
    (
        lambda f: f.platform == _ONPREM and bool(f.node_gone),
        lambda f: _somebody(
            "on a dead node",
            "Graph says ON_PREMISE, and %s" % f.node_gone,
            "move it with the playbook migrate, which takes lane code",
        ),
    ),
    (lambda f: f.platform != _NEITHER or f.node == node_rules.SERVING, _node),
    (lambda f: f.node not in (node_rules.NOT_ASKED, node_rules.NOT_SERVING) and not f.node_gone, _node),
    # On neither API.
    (
        lambda f: bool(f.taken_off) and not f.bring_back,
        lambda f: _somebody(
            "taken off",
            "It was taken off the Cloud API on purpose at %s" % f.taken_off,
            "set O(bring_back): true if it is to return to the Cloud API; the playbook rollback is for its node",
        ),
    ),
    (lambda f: f.attempts_left <= 0 or _locked_until(f) > f.now, _locked),
    (lambda f: _wants_new_pin(f) and not f.open, _set_pin),
    (lambda f: f.wrong_pin and f.new_pin_set != exit_log.SET, _wrong_pin),
    (_pin_unknown, _wrong_pin),
    (
        lambda f: not (f.pin or f.new_pin),
        lambda f: _somebody(
            "unknown PIN",
            "A number is registered with its PIN, or with a new one if two-step verification is off",
            "set O(pin); if nobody knows it, set O(new_pin) to a new one",
        ),
    ),
    (_wants_finish, _finish),
    (_unchanged_refusal, _cause),
    (lambda f: bool(f.missing) and not f.backup, _losses),
    (lambda f: not f.subscribed, _subscribe),
    (lambda f: not f.verified, _verify),
    (lambda _f: True, _register),
)


def decide(facts: Facts) -> Verdict:
    """Return what the first row of the table says that fits."""
    return next(make(facts) for fits, make in _TABLE if fits(facts))


def lane_of(facts: Facts) -> str:
    """Return the lane in which a number is registered: with the stored backup where there is a usable one."""
    return lane.BACKUP if facts.backup else lane.CODE
