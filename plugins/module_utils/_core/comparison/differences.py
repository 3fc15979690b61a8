# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what was lost by a move, by one table over the facts from before and after. Pure."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ..._failure import Failure, counted
from ..facts import node as node_rules
from ..facts import phone_number, profile
from ..findings import catalogue
from . import snapshot

# The throughput of a number whose node ran two or more shards (Meta's guide, throughput).
HIGH = "HIGH"
_HIGH_SHARDS = 2
_IMPROVED, _CHANGED = "fact_improved", "fact_changed"
_THROUGHPUT, _WEBHOOK = "throughput", "webhook_configuration"
# What Meta writes where it has nothing to tell.
_UNREPORTED = ("", "UNKNOWN", "NA", "N/A", "NONE", "UNDEFINED")

# Takes what it was and what it is, returns the catalogue's code for the difference, "" for none.
Judge = Callable[[Any, Any], str]


class Rule(NamedTuple):
    """One line of the table: a fact, its words for a person, and how it is judged."""

    fact: str
    label: str
    judge: Judge


class Difference(NamedTuple):
    """Something that is not as it was; ``code`` is a key of the catalogue."""

    code: str
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
        entry = catalogue.CATALOGUE[self.code]
        failure = Failure(self.code, seen, self.more, next_step=self.fix or entry.fix)
        found = catalogue.finding(failure, number)
        return {**found, "fact": self.fact, "was": self.was, "now": self.now, "meaning": entry.why}


class Verdict(NamedTuple):
    """What the table says: the differences, how many facts were compared, and which could not be."""

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


def _equal(code: str) -> Judge:
    return lambda was, now: "" if str(was).strip() == str(now).strip() else code


def _number(was: str, now: str) -> str:
    if phone_number.digits(was) == phone_number.digits(now):
        return ""
    return _CHANGED if phone_number.same(was, now) else "number_differs"


def _ordered(code: str, *order: str) -> Judge:
    """Judge words that have an order, the best one last."""

    def judge(was: str, now: str) -> str:
        one, other = was.strip().upper(), now.strip().upper()
        if one == other or (one in _UNREPORTED and other in _UNREPORTED):
            return ""
        if one in _UNREPORTED:
            return _IMPROVED
        if one not in order or other not in order:
            return _CHANGED
        return code if order.index(other) < order.index(one) else _IMPROVED

    return judge


def _good(code: str, *good: str) -> Judge:
    """Judge words of which some are good, and an open set of others is not."""

    def judge(was: str, now: str) -> str:
        one, other = was.strip().upper(), now.strip().upper()
        if one == other:
            return ""
        if one in good:
            return _CHANGED if other in good or other in _UNREPORTED else code
        return _IMPROVED if other in good else _CHANGED

    return judge


def _flag(code: str) -> Judge:
    return lambda was, now: "" if was == now else code if was else _IMPROVED


def _field(name: str) -> Judge:
    """Judge a field of the profile: empty now is lost, another text is somebody's who has set it since."""

    def judge(was: Any, now: Any) -> str:
        one, other = profile.plain(name, was), profile.plain(name, now)
        if one == other:
            return ""
        if not other:
            return "profile_lost"
        return "profile_changed" if one else _IMPROVED

    return judge


# What Meta's guide says that the migration does not affect, and the profile, which the backup carries over.
TABLE: Tuple[Rule, ...] = (
    Rule("display_phone_number", "The phone number", _number),
    Rule("verified_name", "The display name", _equal("display_name_lost")),
    Rule("name_status", "The status of the display name", _good(_CHANGED, "APPROVED", "AVAILABLE_WITHOUT_REVIEW")),
    Rule("code_verification_status", "The verification status", _good("verification_lost", "VERIFIED")),
    Rule("quality_rating", "The quality rating", _ordered("quality_lost", "RED", "YELLOW", "GREEN")),
    Rule(
        "messaging_limit",
        "The messaging limit",
        _ordered(
            "messaging_limit_lost",
            *("TIER_50", "TIER_250", "TIER_1K", "TIER_2K", "TIER_10K", "TIER_100K", "TIER_UNLIMITED"),
        ),
    ),
    Rule("is_official_business_account", "The Official Business Account status", _flag("oba_lost")),
    Rule("waba_status", "The status of the WABA", _good("waba_lost", "ACTIVE")),
    Rule("waba_account_review_status", "The review of the WABA", _good("waba_lost", "APPROVED")),
    Rule("waba_business_verification_status", "The verification of the business", _good("waba_lost", "VERIFIED")),
    *(
        Rule(snapshot.profile_fact(name), "The profile's %s" % name, _field(name))
        for name in (profile.ABOUT, "description", "address", "email", profile.WEBSITES, profile.VERTICAL)
    ),
    Rule(snapshot.PHOTO, "The profile photo", _flag("profile_lost")),
)
_TEMPLATE = _good("template_unusable", "APPROVED")
# Facts that the comparison uses in its own way, or keeps for a person only.
_ELSEWHERE = (
    *(_THROUGHPUT, _WEBHOOK, snapshot.TEMPLATES, snapshot.SHARDS, snapshot.NODE_WEBHOOK),
    snapshot.PHOTO_DIGEST,
)


def compare(
    before: Mapping[str, Any], after: Mapping[str, Any], without_backup: bool = False, restoring: bool = False
) -> Verdict:
    """Compare the facts of a snapshot with those of the Cloud API now.

    ``without_backup`` tells that the number was registered without one: that explains a loss, it excuses none.
    ``restoring`` tells that lost fields of the profile are put back already, so that this is no advice any more.
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
        code = rule.judge(was, now)
        if code:
            fix = _way_back(rule.fact, before, restoring) if code == "profile_lost" else ""
            found.append(Difference(code, rule.fact, rule.label, was, now, _more(code, without_backup), fix))
    for part in (_templates, _throughput, _webhook):
        differences, count = part(before, after)
        found += differences
        compared += count or 0
        if count is None:
            unknown.append({_templates: snapshot.TEMPLATES, _throughput: _THROUGHPUT, _webhook: _WEBHOOK}[part])
    return Verdict(tuple(found), compared, tuple(unknown))


def _more(code: str, without_backup: bool) -> str:
    if code not in ("oba_lost", "profile_lost"):
        return ""
    if without_backup:
        return "The number was registered without a backup, and that is what it costs"
    return "The backup went along with the register call, so it should have been kept"


def _way_back(fact: str, before: Mapping[str, Any], restoring: bool) -> str:
    """Return what brings a lost part of the profile back, in the state that it is in."""
    by_hand = "in WhatsApp Manager (Phone numbers, Profile)"
    if fact == snapshot.PHOTO:
        mark = before.get(snapshot.PHOTO_DIGEST)
        kept = "its sha256, which is %s" % mark if mark else "that there was one"
        return "upload the photo %s; the snapshot has not kept the file, only %s" % (by_hand, kept)
    name = next(name for name in profile.FIELDS if snapshot.profile_fact(name) == fact)
    why = profile.to_send(name, before[fact])[1]
    if why:
        return "set it %s; the old value cannot be put back, because %s" % (by_hand, why)
    if restoring:
        return "it was put back, and reading does not show it: run the same command again, else set it %s" % by_hand
    return "run the same command again with wa_migrate_restore_profile: true, which puts it back from the snapshot"


Part = Tuple[List[Difference], Optional[int]]


def _templates(before: Mapping[str, Any], after: Mapping[str, Any]) -> Part:
    """Compare templates one by one; one that came later is nobody's loss."""
    if snapshot.TEMPLATES not in before or snapshot.TEMPLATES not in after:
        return [], None
    found: List[Difference] = []
    then = after[snapshot.TEMPLATES]
    for name, (status, category) in sorted(before[snapshot.TEMPLATES].items()):
        fact, label = "template %s" % name, "Template %s" % name
        if name not in then:
            found.append(Difference("template_lost", fact, label, status, None))
            continue
        code = _TEMPLATE(status, then[name][0])
        if code:
            found.append(Difference(code, fact, label, status, then[name][0]))
        elif category.upper() != then[name][1].upper():
            found.append(Difference(_CHANGED, fact, label + " (category)", category, then[name][1]))
    return found, len(before[snapshot.TEMPLATES])


def _throughput(before: Mapping[str, Any], after: Mapping[str, Any]) -> Part:
    """High throughput must come where two or more shards ran; it takes a while, so it is never a loss yet."""
    now, shards = after.get(_THROUGHPUT), before.get(snapshot.SHARDS)
    high = before.get(_THROUGHPUT) == HIGH or (shards is not None and shards >= _HIGH_SHARDS)
    if now is None or (shards is None and not high):
        return [], None
    if not high or now.strip().upper() == HIGH:
        return [], 1
    was = "%d shards on the node" % shards if shards is not None and shards >= _HIGH_SHARDS else HIGH
    return [Difference("throughput_not_high", _THROUGHPUT, "The throughput", was, now)], 1


def _webhook(before: Mapping[str, Any], after: Mapping[str, Any]) -> Part:
    """The number's webhooks go to the app: an override of the number beats the WABA's, and that the app's callback."""
    hooks = after.get(_WEBHOOK)
    if hooks is None:
        return [], None
    order = ("phone_number", "whatsapp_business_account", "application")
    effective = next((hooks[name] for name in order if hooks.get(name, {}).get("url")), None)
    if effective is None:
        return [Difference("webhook_missing", _WEBHOOK, "The webhook", _hook(before), "")], 1
    old = before.get(snapshot.NODE_WEBHOOK)
    if old is not None and old["url"].rstrip("/").lower() == effective["url"].rstrip("/").lower():
        return [Difference("webhook_old_endpoint", _WEBHOOK, "The webhook", old["url"], effective["url"])], 1
    return [], 1


def _hook(before: Mapping[str, Any]) -> str:
    return str(before.get(snapshot.NODE_WEBHOOK, {}).get("url", ""))


# ---------------------------------------------------------------------------------------------------------------------
# What else is to be said


def node_difference(serving: str, gateway: str) -> Optional[Difference]:
    """Judge the node after the move: disconnected, unregistered and unreachable all mean that it has stopped."""
    if serving in (node_rules.NOT_SERVING, node_rules.UNREACHABLE, node_rules.NOT_ASKED):
        return None
    if serving == node_rules.SERVING:
        return Difference("still_serving", "node", "The On-Premises node still serves", None, None, gateway)
    return Difference(
        "node_unclear", "node", "Whether the On-Premises node has stopped is not known", None, None, gateway
    )


def no_snapshot(why: str) -> Difference:
    """Say that nothing can be compared."""
    return Difference("no_snapshot", "snapshot", "Nothing was compared", None, None, why)


def not_comparable(unknown: Mapping[str, str]) -> Optional[Difference]:
    """Name the facts that could not be compared, each with why, if there are any."""
    if not unknown:
        return None
    reported = "; ".join("%s: %s" % (fact, why) if why else fact for fact, why in sorted(unknown.items()))
    return Difference("not_comparable", "facts", "Some facts could not be compared", None, None, reported)


def to_restore(verdict: Verdict, before: Mapping[str, Any]) -> Tuple[Dict[str, Any], Dict[str, str]]:
    """Return the profile fields to put back, and of the others that were lost why they cannot be.

    Only those that are empty now: a field that somebody has set since stays as it is.
    """
    lost = {difference.fact for difference in verdict.differences if difference.code == "profile_lost"}
    fields: Dict[str, Any] = {}
    refused: Dict[str, str] = {}
    for name in profile.FIELDS:
        if snapshot.profile_fact(name) in lost:
            value, why = profile.to_send(name, before[snapshot.profile_fact(name)])
            if why:
                refused[name] = why
            else:
                fields[name] = value
    return fields, refused


def failure(findings: Sequence[Mapping[str, Any]]) -> Optional[Failure]:
    """Return one failure that names every loss, None where nothing was lost."""
    lost = catalogue.blockers(tuple(findings))
    if not lost:
        return None
    title = counted(len(lost), "thing was lost by the move", "things were lost by the move")
    after = (
        "The number stays on the Cloud API; with wa_migrate_on_difference: continue, losses are reported and the fleet "
        "goes on"
    )
    return catalogue.failure("lost", title, lost, after)


def worth_a_warning(findings: Sequence[Mapping[str, Any]], with_losses: bool) -> List[str]:
    """Return the warnings among the findings as sentences, and the losses where they are no failure."""
    wanted = (catalogue.WARNING, catalogue.BLOCKER) if with_losses else (catalogue.WARNING,)
    return [catalogue.text(found) for found in findings if found["severity"] in wanted]
