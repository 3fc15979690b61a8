# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: compare a moved number with the snapshot from before, and put lost fields of its profile back."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from .._api.errors import GraphError
from .._api.graph import Graph
from .._core.comparison import differences as differences_rules
from .._core.comparison import snapshot
from .._core.events.event import VERIFY
from .._core.facts import location as location_rules
from .._core.facts import node as node_rules
from .._core.facts import phone_number, profile
from .._core.facts.photo import Photo
from .._failure import Failure, RefusedError, WabizError
from .._meta_api import MAINTENANCE
from . import attempt_log, onprem_info, profile_photo, recorded_facts, waba_reads
from .context import Clients, Context, Outcome, Params
from .module import Asked, Contradiction, Module, always_in, asking, without_node
from .options import App, Batch, GraphConnection, OnPremConnection, State, declare, option, wait_too_short
from .poll import Poll
from .recorded_facts import Read, Stored

# What a node answers, or does not, once it is shut down. A refused login or a strange certificate says nothing of it.
_STOPPED = ("connect_failed", "connect_timeout", "send_failed", "read_timeout", "answer_lost")


@declare
class Options(OnPremConnection, GraphConnection, State, App, Batch):
    """The options of wa_compare."""

    waba_id: Optional[str] = option("str")
    without_backup: bool = option("bool", False)
    require_unchanged: bool = option("bool", True)
    restore_profile: bool = option("bool", False)
    check_node: bool = option("bool", True)
    wait: float = option("float", 0.0)
    wait_interval: float = option("float", 2.0)
    # A node that was shut down refuses connections, and that is what is looked for: nothing to wait for.
    onprem_retry_for: float = option("float", 0.0)


class Seen(NamedTuple):
    """The Cloud API side as it is: what it is called, its facts, and whether it is stable."""

    label: str
    read: Read
    stable: bool


def ask(options: Options, context: Context) -> Asked:
    """Read the Cloud API side of a number whose WABA is stated, then ask the host for all that lies and runs there.

    The host records that the number was compared in the same go, where nothing is left to be read or put back.
    """
    seen = None if options.waba_id is None else _cloud_side(options, context, str(options.waba_id))
    requests = [recorded_facts.looking(options)]
    if options.check_node:
        requests.insert(0, onprem_info.request(str(options.phone_number_id), ("health",)))
    marks = seen is not None and seen.stable and not options.restore_profile and not context.check_mode
    if marks:
        requests.append(attempt_log.verifying(options))

    def conclude(answers: Sequence[Mapping[str, Any]]) -> Outcome:
        told = dict(zip((str(request["op"]) for request in requests), answers))
        stored = recorded_facts.of_answer(options, told["look_snapshot"])
        node = _node(told["node"]) if options.check_node else None
        trouble = attempt_log.not_recorded(options, told["verified"]) if marks else None
        return _compared(options, context, stored, node, seen, trouble)

    return Asked(tuple(requests), conclude)


def _compared(
    options: Options,
    context: Context,
    stored: Stored,
    node: Optional[differences_rules.Difference],
    seen: Optional[Seen],
    trouble: Optional[str],
) -> Outcome:
    """Compare, restore where that is wished and possible, and name every difference.

    ``trouble`` says what kept the host from recording the comparison, None where it has not been asked to.
    """
    if stored.snapshot is None:
        why = stored.trouble or "there is none in %s" % recorded_facts.path(options)
        found = [differences_rules.no_snapshot(why), *([] if node is None else [node])]
        nothing = seen or Seen(options.phone_number_id, Read({}, {}), True)
        return _outcome(options, context, stored, nothing, found, trouble)
    if seen is None or str(stored.snapshot["waba_id"]) != options.waba_id:
        seen = _cloud_side(options, context, str(stored.snapshot["waba_id"]))
    graph = context.clients.graph(str(options.phone_number_id))
    before, read = stored.snapshot["facts"], seen.read
    without_backup = bool(options.without_backup)
    verdict = differences_rules.compare(before, read.facts, without_backup, photo_kept=stored.photo)
    fields: Dict[str, Any] = {}
    warnings: List[str] = []
    restored: List[str] = []
    if options.restore_profile:
        fields, _refused = differences_rules.to_restore(verdict, before)
        photo = _lost_photo(options, context, verdict, stored, warnings)
        restored = [*sorted(fields), *([] if photo is None else [profile.PHOTO])]
        if restored:
            handle = "" if photo is None or context.check_mode else _uploaded(options, context, graph, photo, warnings)
            if photo is not None and not (handle or context.check_mode):
                restored.remove(profile.PHOTO)
            read = _restored(options, context, graph, read, fields, profile.PHOTO in restored, handle)
            put = tuple(map(snapshot.profile_fact, restored))
            verdict = differences_rules.compare(before, read.facts, without_backup, put, stored.photo)
    unknown = {fact: _why(fact, stored.snapshot, read) for fact in verdict.unknown}
    found = [
        *verdict.differences,
        *(one for one in (differences_rules.not_comparable(unknown), node) if one is not None),
    ]
    facts = seen.read.facts, read.facts
    left = _left(verdict, before, stored.photo, unknown) if options.restore_profile else {}
    return _outcome(options, context, stored, seen, found, trouble, verdict.compared, *facts, restored, warnings, left)


def _left(
    verdict: differences_rules.Verdict, before: Mapping[str, Any], photo_kept: bool, unknown: Mapping[str, str]
) -> Dict[str, str]:
    """Return the facts of the profile that are still to be put back, and with the reason those that cannot be read."""
    fields, _refused = differences_rules.to_restore(verdict, before)
    names = (*profile.FIELDS, profile.PHOTO)
    found = {fact: unknown[fact] for fact in map(snapshot.profile_fact, names) if fact in before and fact in unknown}
    found.update(dict.fromkeys(map(snapshot.profile_fact, fields), ""))
    found.update({snapshot.PHOTO: ""} if photo_kept and snapshot.PHOTO in differences_rules.lost(verdict) else {})
    return found


def _unread(left: Mapping[str, str]) -> Optional[Failure]:
    by_reason: Dict[str, List[str]] = {}
    for fact, why in sorted(left.items()):
        if why:
            by_reason.setdefault(why, []).append(fact)
    if not by_reason:
        return None
    title = "Parts of the profile cannot be read, so it is not known whether they have to be put back"
    details = "; ".join("%s (%s)" % (", ".join(facts), why) for why, facts in by_reason.items())
    return Failure("profile_unread", title, details, next_step="run the same command again")


def _node(answer: Mapping[str, Any]) -> Optional[differences_rules.Difference]:
    """Say of a node that was read once whether it has stopped; it is not waited for."""
    failure = answer.get("failure")
    if failure is not None:
        word = node_rules.UNREACHABLE if failure["code"] in _STOPPED else node_rules.UNCLEAR
        return differences_rules.node_difference(word, "%s [%s]" % (failure["title"], failure["code"]))
    facts = answer["node"]
    return differences_rules.node_difference(str(facts["serving"]), str(facts["gateway"]))


def _cloud_side(options: Options, context: Context, waba_id: str) -> Seen:
    """Read what the Cloud API shows of the number, its WABA and its profile."""
    seen = _shared(options, context, waba_id) or _cloud(options, context)
    graph = context.clients.graph(str(options.phone_number_id))
    read = seen.read.joined(recorded_facts.waba(options, context, waba_id, "after"))
    return seen._replace(read=read.joined(recorded_facts.cloud_profile(graph, str(options.phone_number_id))))


def _shared(options: Options, context: Context, waba_id: str) -> Optional[Seen]:
    """Return what the list of the WABA says, None unless that shows the number on the Cloud API and stable."""
    row = waba_reads.row(context, options.batch, options.phone_number_id, waba_id, waba_reads.AFTER)
    if row is None or not location_rules.registered(row.number):
        return None
    named, read = recorded_facts.number(row)
    return Seen(phone_number.digits(str(named["display_phone_number"])) or named["id"], read, True)


def _cloud(options: Options, context: Context) -> Seen:
    """Read the number, again for ``wait`` seconds as long as it is pending or in maintenance."""
    poll = Poll(context, options.wait_interval, options.wait)
    while True:
        seen, trouble = _once(options, context.clients)
        text = "waiting up to %d s to compare the number (%s)" % (poll.left, trouble)
        if seen.stable or not poll.wait(text):
            return seen


def _once(options: Options, clients: Clients) -> Tuple[Seen, str]:
    number_id = str(options.phone_number_id)
    try:
        named, read = recorded_facts.number(waba_reads.own(clients, options.phone_number_id))
    except GraphError as error:
        if error.code != MAINTENANCE:
            raise
        trouble = "%s [%s]" % (error.failure.title, error.failure.code)
        return Seen(number_id, Read({}, dict.fromkeys(snapshot.NUMBER, trouble)), False), trouble
    label = phone_number.digits(str(named["display_phone_number"])) or number_id
    if named["platform_type"] != "CLOUD_API":
        raise RefusedError(
            Failure(
                "not_on_cloud",
                "The number is not on the Cloud API, so there is nothing to compare yet",
                "Graph says platform_type %s" % (named["platform_type"] or "nothing"),
                next_step="move it first; wa_preflight says what stands in the way",
            ),
            label,
        )
    return Seen(label, read, not location_rules.pending(named)), "status %s" % named["status"]


def _lost_photo(
    options: Options, context: Context, verdict: differences_rules.Verdict, stored: Stored, warnings: List[str]
) -> Optional[Photo]:
    """Return the kept photo of a number that has lost its own, None where there is nothing to put back."""
    if not stored.photo or snapshot.PHOTO not in differences_rules.lost(verdict):
        return None
    kept = profile_photo.look(options, context)
    warnings += [kept.trouble] if kept.trouble else []
    return kept.photo


def _uploaded(options: Options, context: Context, graph: Graph, photo: Photo, warnings: List[str]) -> str:
    """Return the handle of the uploaded photo, "" where the upload failed: the other fields are put back then."""
    try:
        return profile_photo.upload(options, context, graph, photo)
    except WabizError as error:
        warnings.append("the photo was not put back: %s" % error.failure.sentence())
        return ""


def _restored(
    options: Options,
    context: Context,
    graph: Graph,
    read: Read,
    fields: Mapping[str, Any],
    photo: bool,
    handle: str,
) -> Read:
    """Put fields back and read them again, for ``wait`` seconds at most; in check mode tell what would be read."""
    facts = {snapshot.profile_fact(name): value for name, value in fields.items()}
    facts.update({snapshot.PHOTO: True} if photo else {})
    if context.check_mode:
        return Read(facts, {}).joined(read)
    if not facts:
        return read
    number_id = str(options.phone_number_id)
    graph.set_business_profile(number_id, {**fields, **({"profile_picture_handle": handle} if photo else {})})
    poll = Poll(context, options.wait_interval, options.wait)
    while True:
        now = recorded_facts.cloud_profile(graph, number_id)
        shown = all(
            snapshot.profile_fact(name) in now.facts
            and profile.plain(name, now.facts[snapshot.profile_fact(name)]) == profile.plain(name, value)
            for name, value in fields.items()
        ) and (not photo or bool(now.facts.get(snapshot.PHOTO)))
        if shown or not poll.wait("waiting up to %d s to see the profile put back" % poll.left):
            # What cannot be read any more must not count as there: the facts from before the change are no proof.
            gone = {name: why for name, why in now.unknown.items() if name in facts}
            return Read({**read.facts, **now.facts}, {**read.unknown, **gone})


def _why(fact: str, before: Mapping[str, Any], now: Read) -> str:
    reported = []
    if fact not in before["facts"]:
        reported.append("before the move: %s" % before["unknown"].get(fact, "not known"))
    if fact not in now.facts:
        reported.append("now: %s" % now.unknown.get(fact, "not known"))
    return ", ".join(reported)


def _outcome(
    options: Options,
    context: Context,
    stored: Stored,
    seen: Seen,
    differences: List[differences_rules.Difference],
    trouble: Optional[str],
    compared: int = 0,
    first: Optional[Mapping[str, Any]] = None,
    last: Optional[Mapping[str, Any]] = None,
    restored: Sequence[str] = (),
    warnings: Sequence[str] = (),
    left: Optional[Mapping[str, str]] = None,
) -> Outcome:
    found = [difference.as_finding(seen.label) for difference in differences]
    lost = differences_rules.failure(found)
    failure = lost or _unread(left or {})
    result: Dict[str, Any] = {
        "differences": found,
        "compared": compared,
        "unchanged": failure is None and compared > 0,
        "restored": list(restored),
        "stable": seen.stable,
        "snapshot": {
            "path": recorded_facts.path(options),
            "taken_at": None if stored.snapshot is None else stored.snapshot["taken_at"],
        },
    }
    failing = failure is not None and options.require_unchanged
    reported = differences_rules.worth_a_warning(found, with_losses=not failing)
    if failure is not None and failure is not lost and not failing:
        reported.append(failure.sentence())
    if trouble is None and seen.stable and not left and not context.check_mode:
        # Whatever it says, no later run makes it again, unless a part of the profile is still to be put back. A number
        # that is not stable yet shows too little.
        (answer,) = context.clients.host([attempt_log.verifying(options)])
        trouble = attempt_log.not_recorded(options, answer)
    reported += [*warnings, *([trouble] if trouble else [])]
    return Outcome(
        bool(restored),
        result,
        {"profile": _profile(first or {})},
        {"profile": _profile(last or {})},
        tuple("number %s: %s" % (context.name, text) for text in reported),
        failure if failing else None,
    )


def _profile(facts: Mapping[str, Any]) -> Dict[str, Any]:
    names = ((name, snapshot.profile_fact(name)) for name in profile.FIELDS)
    photo = {profile.PHOTO: facts[snapshot.PHOTO]} if snapshot.PHOTO in facts else {}
    return {**{name: facts[fact] for name, fact in names if fact in facts}, **photo}


def _contradictions(params: Params, stated: Mapping[str, Any]) -> Iterator[Contradiction]:
    return wait_too_short(params, stated)


def _changes(params: Params) -> bool:
    return bool(params.get("restore_profile"))


MODULE = Module(
    name="wa_compare",
    options=Options,
    run=asking(ask),
    ask=ask,
    narrowed=without_node,
    contradictions=_contradictions,
    changes=_changes,
    phase=always_in(VERIFY),
)
