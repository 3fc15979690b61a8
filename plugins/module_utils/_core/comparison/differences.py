# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a move has lost, by one table over the facts from before and after. Pure."""

from __future__ import annotations

from typing import Any, Callable, Collection, Dict, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

from ..._failure import Failure, counted
from ..facts import node as node_rules
from ..facts import phone_number, profile
from ..findings import results
from ..findings.finding import BLOCKER, WARNING, Finding
from . import difference_findings as kinds
from . import snapshot

# The throughput of a number whose node ran two or more shards (Meta's guide, throughput).
HIGH = "HIGH"
_HIGH_SHARDS = 2
_IMPROVED, _CHANGED = kinds.FACT_IMPROVED, kinds.FACT_CHANGED
_THROUGHPUT, _WEBHOOK = "throughput", "webhook_configuration"
# What Meta writes where it has no value.
_UNREPORTED = ("", "UNKNOWN", "NA", "N/A", "NONE", "UNDEFINED")

# Takes what it was and what it is, returns the finding on the difference, None for none.
Judge = Callable[[Any, Any], Optional[Finding]]


class Rule(NamedTuple):
    """One row of the table: a fact, its name for a person, and how it is judged."""

    fact: str
    label: str
    judge: Judge


class Difference(NamedTuple):
    """A fact that has changed; ``more`` and ``fix`` are added to the text of its ``kind``."""

    kind: Finding
    fact: str
    label: str
    was: Any
    now: Any
    more: str = ""
    fix: str = ""

    def as_finding(self, number: str) -> Dict[str, Any]:
        """Return the difference as a finding, with the fact, what it was, what it is, and what that means."""
        seen = self.label
        if self.was is not None or self.now is not None:
            seen = "%s was %s and is %s" % (self.label, _word(self.was), _word(self.now))
        failure = Failure(self.kind.code, seen, self.more, next_step=self.fix or self.kind.next_step)
        found = self.kind.result(failure, number)
        return {**found, "fact": self.fact, "was": self.was, "now": self.now, "meaning": self.kind.why}


class Verdict(NamedTuple):
    """The result of the table: the differences, how many facts were compared, and which could not be."""

    differences: Tuple[Difference, ...]
    compared: int
    unknown: Tuple[str, ...]


def _word(value: Any) -> str:
    if value is None or value == "" or value == []:
        return "nothing"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value)
    return {True: "there", False: "not there"}.get(value, str(value)) if isinstance(value, bool) else str(value)


# ---------------------------------------------------------------------------------------------------------------------
# How one fact is judged


def _equal(kind: Finding) -> Judge:
    return lambda was, now: None if str(was).strip() == str(now).strip() else kind


def _number(was: str, now: str) -> Optional[Finding]:
    if phone_number.digits(was) == phone_number.digits(now):
        return None
    return _CHANGED if phone_number.same(was, now) else kinds.NUMBER_DIFFERS


def _ordered(kind: Finding, *order: str) -> Judge:
    """Judge values that have an order, the best one last."""

    def judge(was: str, now: str) -> Optional[Finding]:
        one, other = was.strip().upper(), now.strip().upper()
        if one == other or (one in _UNREPORTED and other in _UNREPORTED):
            return None
        if one in _UNREPORTED:
            return _IMPROVED
        if one not in order or other not in order:
            return _CHANGED
        return kind if order.index(other) < order.index(one) else _IMPROVED

    return judge


def _good(kind: Finding, *good: str) -> Judge:
    """Judge values of which some are good, and an open set of others is not."""

    def judge(was: str, now: str) -> Optional[Finding]:
        one, other = was.strip().upper(), now.strip().upper()
        if one == other:
            return None
        if one in good:
            return _CHANGED if other in good or other in _UNREPORTED else kind
        return _IMPROVED if other in good else _CHANGED

    return judge


def _flag(kind: Finding) -> Judge:
    return lambda was, now: None if was == now else kind if was else _IMPROVED


def _field(name: str) -> Judge:
    """Judge a field of the profile: one that is empty now is lost, one with another text was set by somebody since."""

    def judge(was: Any, now: Any) -> Optional[Finding]:
        one, other = profile.plain(name, was), profile.plain(name, now)
        if one == other:
            return None
        if not other:
            return kinds.PROFILE_LOST
        return kinds.PROFILE_CHANGED if one else _IMPROVED

    return judge


# The facts that the migration does not affect by Meta's guide, and the profile, which the backup carries over.
TABLE: Tuple[Rule, ...] = (
    Rule("display_phone_number", "The phone number", _number),
    Rule("verified_name", "The display name", _equal(kinds.DISPLAY_NAME_LOST)),
    Rule("name_status", "The status of the display name", _good(_CHANGED, "APPROVED", "AVAILABLE_WITHOUT_REVIEW")),
    Rule("code_verification_status", "The verification status", _good(kinds.VERIFICATION_LOST, "VERIFIED")),
    Rule("quality_rating", "The quality rating", _ordered(kinds.QUALITY_LOST, "RED", "YELLOW", "GREEN")),
    Rule(
        "messaging_limit",
        "The messaging limit",
        _ordered(
            kinds.MESSAGING_LIMIT_LOST,
            *("TIER_50", "TIER_250", "TIER_1K", "TIER_2K", "TIER_10K", "TIER_100K", "TIER_UNLIMITED"),
        ),
    ),
    Rule("is_official_business_account", "The Official Business Account status", _flag(kinds.OBA_LOST)),
    Rule("waba_status", "The status of the WABA", _good(kinds.WABA_LOST, "ACTIVE")),
    Rule("waba_account_review_status", "The review of the WABA", _good(kinds.WABA_LOST, "APPROVED")),
    Rule("waba_business_verification_status", "The verification of the business", _good(kinds.WABA_LOST, "VERIFIED")),
    *(
        Rule(snapshot.profile_fact(name), "The profile's %s" % name, _field(name))
        for name in (profile.ABOUT, "description", "address", "email", profile.WEBSITES, profile.VERTICAL)
    ),
    Rule(snapshot.PHOTO, "The profile photo", _flag(kinds.PROFILE_LOST)),
)
_TEMPLATE = _good(kinds.TEMPLATE_UNUSABLE, "APPROVED")
# Facts that the comparison uses in another way, or keeps for a person only.
_ELSEWHERE = (_THROUGHPUT, _WEBHOOK, snapshot.TEMPLATES, snapshot.SHARDS, snapshot.NODE_WEBHOOK, snapshot.PHOTO_DIGEST)


def compare(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    without_backup: bool = False,
    restored: Collection[str] = (),
    photo_kept: bool = False,
) -> Verdict:
    """Compare the facts of a snapshot with those of the Cloud API now.

    ``without_backup``: the number was registered without one, which explains a loss and does not excuse it.
    ``restored`` are facts of the profile that were put back already. ``photo_kept``: the host keeps the photo's file.
    """
    found: List[Difference] = []
    unknown: List[str] = []
    compared = 0
    for rule in TABLE:
        if rule.fact not in before or rule.fact not in after:
            unknown.append(rule.fact)
            continue
        compared += 1
        was, now = before[rule.fact], after[rule.fact]
        kind = rule.judge(was, now)
        if kind is not None:
            fix = _way_back(rule.fact, before, rule.fact in restored, photo_kept) if kind is kinds.PROFILE_LOST else ""
            found.append(Difference(kind, rule.fact, rule.label, was, now, _more(kind, without_backup), fix))
    for part in (_templates, _throughput, _webhook):
        differences, count = part(before, after)
        found += differences
        compared += count or 0
        if count is None:
            unknown.append({_templates: snapshot.TEMPLATES, _throughput: _THROUGHPUT, _webhook: _WEBHOOK}[part])
    return Verdict(tuple(found), compared, tuple(unknown))


def _more(kind: Finding, without_backup: bool) -> str:
    if kind not in (kinds.OBA_LOST, kinds.PROFILE_LOST):
        return ""
    if without_backup:
        return "The reason is that the number was registered without a backup"
    return "The register call carried the backup, so it should have been kept"


def _way_back(fact: str, before: Mapping[str, Any], restored: bool, photo_kept: bool) -> str:
    """Return the next step that brings a lost part of the profile back."""
    by_hand, again = "in WhatsApp Manager (Phone numbers, Profile)", kinds.RUN_AGAIN
    if restored:
        again = "it was put back, but a read does not show it: run the same command again, or set it %s" % by_hand
    if fact == snapshot.PHOTO and photo_kept:
        return again
    if fact == snapshot.PHOTO:
        mark = before.get(snapshot.PHOTO_DIGEST)
        kept = "its sha256, which is %s" % mark if mark else "that there was one"
        return "name the file of the photo with wa_profile, or upload it %s; the snapshot has only %s" % (by_hand, kept)
    name = next(name for name in profile.FIELDS if snapshot.profile_fact(name) == fact)
    why = profile.to_send(name, before[fact])[1]
    if why:
        return "set it %s; the old value cannot be put back, because %s" % (by_hand, why)
    return again


Part = Tuple[List[Difference], Optional[int]]


def _templates(before: Mapping[str, Any], after: Mapping[str, Any]) -> Part:
    """Compare templates one by one; one that was created later is no difference."""
    if snapshot.TEMPLATES not in before or snapshot.TEMPLATES not in after:
        return [], None
    found: List[Difference] = []
    then = after[snapshot.TEMPLATES]
    for name, (status, category) in sorted(before[snapshot.TEMPLATES].items()):
        fact, label = "template %s" % name, "Template %s" % name
        if name not in then:
            found.append(Difference(kinds.TEMPLATE_LOST, fact, label, status, None))
            continue
        kind = _TEMPLATE(status, then[name][0])
        if kind is not None:
            found.append(Difference(kind, fact, label, status, then[name][0]))
        elif category.upper() != then[name][1].upper():
            found.append(Difference(_CHANGED, fact, label + " (category)", category, then[name][1]))
    return found, len(before[snapshot.TEMPLATES])


def _throughput(before: Mapping[str, Any], after: Mapping[str, Any]) -> Part:
    """Compare the throughput: after two or more shards it becomes high, but it takes a while, so it is never a loss."""
    now, shards = after.get(_THROUGHPUT), before.get(snapshot.SHARDS)
    high = before.get(_THROUGHPUT) == HIGH or (shards is not None and shards >= _HIGH_SHARDS)
    if now is None or (shards is None and not high):
        return [], None
    if not high or now.strip().upper() == HIGH:
        return [], 1
    was = "%d shards on the node" % shards if shards is not None and shards >= _HIGH_SHARDS else HIGH
    return [Difference(kinds.THROUGHPUT_NOT_HIGH, _THROUGHPUT, "The throughput", was, now)], 1


def _webhook(before: Mapping[str, Any], after: Mapping[str, Any]) -> Part:
    """Find the callback of the number: its own override goes before the WABA's, and that before the app's callback."""
    hooks = after.get(_WEBHOOK)
    if hooks is None:
        return [], None
    order = ("phone_number", "whatsapp_business_account", "application")
    effective = next((hooks[name] for name in order if hooks.get(name, {}).get("url")), None)
    if effective is None:
        return [Difference(kinds.WEBHOOK_MISSING, _WEBHOOK, "The webhook", _hook(before), "")], 1
    old = before.get(snapshot.NODE_WEBHOOK)
    if old is not None and old["url"].rstrip("/").lower() == effective["url"].rstrip("/").lower():
        return [Difference(kinds.WEBHOOK_OLD_ENDPOINT, _WEBHOOK, "The webhook", old["url"], effective["url"])], 1
    return [], 1


def _hook(before: Mapping[str, Any]) -> str:
    return str(before.get(snapshot.NODE_WEBHOOK, {}).get("url", ""))


# ---------------------------------------------------------------------------------------------------------------------
# Findings beside the table


def node_difference(serving: str, gateway: str) -> Optional[Difference]:
    """Judge the node after the move: disconnected, unregistered and unreachable all mean that it has stopped."""
    if serving in (node_rules.NOT_SERVING, node_rules.UNREACHABLE, node_rules.NOT_ASKED):
        return None
    if serving == node_rules.SERVING:
        return _without_values(kinds.STILL_SERVING, "node", gateway)
    return _without_values(kinds.NODE_UNCLEAR, "node", gateway)


def no_snapshot(why: str) -> Difference:
    """Report that there is nothing to compare with."""
    return _without_values(kinds.NO_SNAPSHOT, "snapshot", why)


def not_comparable(unknown: Mapping[str, str]) -> Optional[Difference]:
    """Name the facts that could not be compared, each with the reason; None where there are none."""
    if not unknown:
        return None
    reported = "; ".join("%s: %s" % (fact, why) if why else fact for fact, why in sorted(unknown.items()))
    return _without_values(kinds.NOT_COMPARABLE, "facts", reported)


def _without_values(kind: Finding, fact: str, more: str) -> Difference:
    return Difference(kind, fact, kind.title, None, None, more)


def lost(verdict: Verdict) -> Set[str]:
    """Return the facts of the profile that were lost."""
    return {difference.fact for difference in verdict.differences if difference.kind is kinds.PROFILE_LOST}


def to_restore(verdict: Verdict, before: Mapping[str, Any]) -> Tuple[Dict[str, Any], Dict[str, str]]:
    """Return the profile fields to put back, and for the other lost ones why they cannot be put back.

    Only fields that are empty now count: one that somebody has set since stays as it is.
    """
    gone = lost(verdict)
    fields: Dict[str, Any] = {}
    refused: Dict[str, str] = {}
    for name in profile.FIELDS:
        if snapshot.profile_fact(name) in gone:
            value, why = profile.to_send(name, before[snapshot.profile_fact(name)])
            if why:
                refused[name] = why
            else:
                fields[name] = value
    return fields, refused


def failure(findings: Sequence[Mapping[str, Any]]) -> Optional[Failure]:
    """Return one failure that names every loss, None where nothing was lost."""
    losses = results.blockers(tuple(findings))
    if not losses:
        return None
    title = counted(len(losses), "thing was lost by the move", "things were lost by the move")
    after = (
        "The number stays on the Cloud API; with O(on_difference): continue, losses are reported and the fleet goes on"
    )
    return results.failure("lost", title, losses, after)


def worth_a_warning(findings: Sequence[Mapping[str, Any]], with_losses: bool) -> List[str]:
    """Return the warnings among the findings as sentences, and the losses where they are no failure."""
    wanted = (WARNING, BLOCKER) if with_losses else (WARNING,)
    return [results.text(found) for found in findings if found["severity"] in wanted]
