# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: keep what both sides say of a number before it moves, so that the comparison has something to go by."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

from .._core.comparison import snapshot as snapshot_rules
from .._core.cutover import attempt_log as attempt_log_rules
from .._core.events.event import PREPARE
from .._core.facts import photo as photo_rules
from .._failure import RefusedError
from . import attempt_log, onprem_info, recorded_facts, waba_reads
from .context import Context, Outcome
from .module import Asked, Module, always_in, asking, never
from .options import Batch, Details, GraphConnection, OnPremConnection, State, declare, option
from .recorded_facts import Read

_GATHER = ("application", "profile", "photo")
# How a node is deployed does not change in a run, so what its preflight has read is not read again.
_DEPLOYMENT = ("health", "sharding")


@declare
class Options(OnPremConnection, GraphConnection, State, Batch, Details):
    """The options of wa_snapshot."""

    waba_id: str = option("str", required=True)


def ask(options: Options, context: Context) -> Asked:
    """Read the Graph API's side, and ask the host to read the node's and to store both.

    A number that is not on the On-Premises API any more is left alone.
    """
    number_id, waba_id = str(options.phone_number_id), str(options.waba_id)
    named, number = recorded_facts.number(
        waba_reads.row(context, options.batch, number_id, waba_id, waba_reads.BEFORE)
        or waba_reads.own(context.clients, number_id, waba_id)
    )
    read = number
    if not snapshot_rules.refusal(named["platform_type"], attempt_log_rules.fresh(number_id)):
        read = number.joined(recorded_facts.waba(options, context, waba_id, "before"))
    deployment = onprem_info.deployment(context.shared, number_id)
    request = {
        "op": "snapshot",
        "gather": _GATHER if deployment else (*_DEPLOYMENT, *_GATHER),
        "deployment": deployment,
        **attempt_log.location(options),
        "path": recorded_facts.path(options),
        "phone_number_id": number_id,
        "waba_id": waba_id,
        "platform_type": named["platform_type"],
        "number": number_id,
        "facts": read.facts,
        "unknown": read.unknown,
        "check_mode": context.check_mode,
    }
    return Asked((request,), lambda answers: _conclude(options, context, request, answers[0]))


def answer(request: Mapping[str, Any], process: Any, before: Sequence[Any]) -> Dict[str, Any]:
    """Take the snapshot on the host: read what lies there and the node, and store what is new.

    Where the node does not tell the whole profile, it is the worker's to go on: ``incomplete``.
    """
    location = {name: request[name] for name in ("state_dir", "number_dir")}
    looked = process.file({"op": "look_snapshot", **location})
    if "error" in looked:
        return dict(looked)
    try:
        stored = recorded_facts.stored(looked, request["phone_number_id"], request["path"])
    except ValueError as error:
        return {"error": str(error)}
    found = {"before": stored.text, "taken": None, "trouble": stored.trouble, "now": stored.now, "incomplete": False}
    found["photo_kept"] = False
    refusal = snapshot_rules.refusal(request["platform_type"], stored.log)
    if refusal:
        return {**found, "refusal": refusal}
    photos: List[bytes] = []

    def of_node() -> Dict[str, Any]:
        node = process.onprem(request)
        facts = onprem_info.read(node, request["gather"], process.now)
        photos.append(node.read_photo)
        return {**request["deployment"], **facts}

    read = Read(request["facts"], request["unknown"]).joined(recorded_facts.of_node(of_node))
    kept = _keep_photo(request, process, location, photos[0] if photos else b"")
    if "error" in kept:
        return kept
    found["photo_kept"] = bool(kept.get("changed"))
    if any(snapshot_rules.profile_fact(name) not in read.facts for name in snapshot_rules.PROFILE):
        return {**found, "incomplete": True, "facts": read.facts, "unknown": read.unknown}
    taken = _taken(request, read, stored.snapshot, stored.now)
    if taken is None:
        return found
    text = snapshot_rules.dump(taken)
    if not request["check_mode"]:
        kept = process.file({"op": "store_snapshot", **location, "expected": stored.text, "snapshot": text})
        if "error" in kept:
            return dict(kept)
        if not kept["committed"]:
            return {**found, "changed_meanwhile": True}
    return {**found, "taken": text}


def _keep_photo(request: Mapping[str, Any], process: Any, location: Mapping[str, Any], raw: bytes) -> Dict[str, Any]:
    """Keep the file of the photo that the node has handed over, which no read of the Cloud API gives back."""
    photo = photo_rules.of_node(raw)
    if not raw or photo_rules.faults(photo):
        return {}
    text = photo_rules.dump(photo, request["phone_number_id"])
    keeping = {"op": "keep", **location, "name": "photo", "text": text, "check_mode": request["check_mode"]}
    return dict(process.file(keeping))


def _taken(
    request: Mapping[str, Any], read: Read, earlier: Optional[Mapping[str, Any]], now: float
) -> Optional[Dict[str, Any]]:
    """Return the new snapshot, None where the earlier one says the same."""
    document = snapshot_rules.document(request["phone_number_id"], request["waba_id"], read.facts, read.unknown, now)
    taken = snapshot_rules.merged(document, earlier)
    same = earlier is not None and snapshot_rules.digest(taken) == snapshot_rules.digest(earlier)
    return None if same else dict(taken)


def _conclude(options: Options, context: Context, request: Mapping[str, Any], told: Mapping[str, Any]) -> Outcome:
    number_id = str(options.phone_number_id)
    if "error" in told:
        raise RefusedError(recorded_facts.unusable(options, told), number_id)
    if "changed_meanwhile" in told:
        raise RefusedError(recorded_facts.changed_meanwhile(), number_id)
    earlier = None if told["trouble"] else snapshot_rules.parse(told["before"], number_id)
    if "refusal" in told:
        return _outcome(options, False, earlier, earlier, told["refusal"])
    taken = None if told["taken"] is None else snapshot_rules.parse(told["taken"], number_id)
    if told["incomplete"]:
        graph = context.clients.graph(number_id)
        read = Read(told["facts"], told["unknown"]).joined(recorded_facts.cloud_profile(graph, number_id))
        taken = _taken(request, read, earlier, told["now"])
        if taken is not None and not context.check_mode:
            recorded_facts.store(options, context.clients, told["before"], taken)
    if taken is None:
        return _outcome(options, bool(told["photo_kept"]), earlier, earlier, "", told["photo_kept"])
    return _outcome(options, True, earlier, taken, told["trouble"], told["photo_kept"])


def _outcome(
    options: Options,
    changed: bool,
    before: Optional[Mapping[str, Any]],
    after: Optional[Mapping[str, Any]],
    reason: str,
    photo_kept: bool = False,
) -> Outcome:
    result: Dict[str, Any] = {
        "path": recorded_facts.path(options),
        "taken": changed,
        "taken_at": None if after is None else after["taken_at"],
        "facts": {} if after is None else snapshot_rules.shown(after["facts"]),
        "unknown": {} if after is None else dict(after["unknown"]),
        "reason": reason,
        "photo_kept": photo_kept,
    }
    last = {"photo": "its file is kept now"} if photo_kept else {}
    return Outcome(changed, result, _line(before), {**_line(after), **last})


def _line(document: Optional[Mapping[str, Any]]) -> Dict[str, Any]:
    if document is None:
        return {"snapshot": "none"}
    return {
        "snapshot": "%s of %s" % (snapshot_rules.digest(document), document["taken_at"]),
        "facts": snapshot_rules.shown(document["facts"]),
    }


MODULE = Module(
    name="wa_snapshot",
    options=Options,
    run=asking(ask),
    ask=ask,
    changes=never,
    phase=always_in(PREPARE),
)
