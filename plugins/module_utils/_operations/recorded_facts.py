# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the facts that prove what a move left untouched, and the file on the inventory host that keeps them."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from .._api.graph import Graph
from .._core.checks.reads import HOST_FILES
from .._core.comparison import snapshot
from .._core.cutover import attempt_log as attempt_log_rules
from .._core.facts import profile
from .._failure import Failure, RefusedError, WabizError
from . import attempt_log, number_info, waba_reads
from .context import Clients, Context
from .options import Batch, State

_TEMPLATE = ("name", "language", "status", "category")
_PHOTO = "profile_picture_url"


class Read(NamedTuple):
    """Facts, and of each that could not be read why."""

    facts: Dict[str, Any]
    unknown: Dict[str, str]

    def joined(self, other: Read) -> Read:
        """Return both; what this one knows goes first."""
        facts = {**other.facts, **self.facts}
        unknown = {**other.unknown, **self.unknown}
        return Read(facts, {name: why for name, why in unknown.items() if name not in facts})


def number(seen: waba_reads.Row) -> Tuple[Dict[str, Any], Read]:
    """Return a number that was read as number_info names it, and its facts."""
    named = number_info.facts(seen.number)
    return named, of_number(named)


def of_number(named: Mapping[str, Any]) -> Read:
    """Return the facts of a number that was read."""
    facts = snapshot.of_number(named)
    return Read(facts, _unreported(snapshot.NUMBER, facts, "Graph does not tell it"))


def waba(options: Batch, context: Context, waba_id: str, when: str) -> Read:
    """Read a WABA and its templates, once for all numbers of a ``batch``.

    ``when`` keeps what was read before a move apart from what is read after it.
    """

    def read() -> List[Dict[str, Any]]:
        return list(_waba(context.clients.graph(""), waba_id))

    if not options.batch:
        return Read(*read())
    found = context.shared.once("waba-%s-proof %s %s" % (waba_id, when, options.batch), read)
    return Read(*found)


def _waba(graph: Graph, waba_id: str) -> Read:
    account, why = _asked(lambda fields: graph.waba(waba_id, fields), ("id", *snapshot.WABA))
    facts = {} if account is None else snapshot.of_waba(account)
    unknown = _unreported(snapshot.WABA.values(), facts, why or "Graph does not tell it")
    templates, why = _asked(lambda fields: {"rows": graph.message_templates(waba_id, fields)}, _TEMPLATE)
    if templates is None:
        unknown[snapshot.TEMPLATES] = why
    else:
        facts.update(snapshot.of_templates(templates["rows"]))
    return Read(facts, unknown)


def cloud_profile(graph: Graph, phone_number_id: str) -> Read:
    """Read the business profile on the Cloud API side."""
    names = (*profile.FIELDS, _PHOTO)
    reported: List[str] = []

    def ask(fields: Sequence[str]) -> Dict[str, Any]:
        reported[:] = fields
        return graph.business_profile(phone_number_id, fields)

    found, why = _asked(ask, names)
    facts: Dict[str, Any] = {}
    if found is not None:
        facts = snapshot.of_profile(profile.of_cloud(found, tuple(reported)))
        if _PHOTO in reported:
            facts[snapshot.PHOTO] = bool(found.get(_PHOTO))
    return Read(facts, _unreported(_profile_facts(), facts, why or "Graph does not tell it"))


def of_node(read: Callable[[], Mapping[str, Any]]) -> Read:
    """Return what the node tells of profile, photo, shards and webhook; ``read`` reads it."""
    try:
        reported = read()
    except WabizError as error:
        facts: Dict[str, Any] = {}
        why = _said(error)
    else:
        facts = snapshot.of_node(reported)
        why = "; ".join(reported.get("refused") or []) or "the node does not tell it"
    return Read(facts, _unreported((*_profile_facts(), snapshot.SHARDS, snapshot.NODE_WEBHOOK), facts, why))


def _profile_facts() -> Tuple[str, ...]:
    return (*(snapshot.profile_fact(name) for name in profile.FIELDS), snapshot.PHOTO)


def _unreported(names: Any, facts: Mapping[str, Any], why: str) -> Dict[str, str]:
    return {name: why for name in names if name not in facts}


def _said(error: WabizError) -> str:
    return "%s [%s]" % (error.failure.title, error.failure.code)


def _asked(read: Callable[[Sequence[str]], Mapping[str, Any]], fields: Sequence[str]) -> Tuple[Any, str]:
    """Return what ``read`` gives for the fields that this Graph version knows, or None and why it gives nothing."""
    try:
        return number_info.known_fields(read, fields, ("id",))[0], ""
    except WabizError as error:
        return None, _said(error)


# ---------------------------------------------------------------------------------------------------------------------
# The file


class Stored(NamedTuple):
    """What lies on the inventory host.

    The snapshot and its text (for the compare), why it cannot be used, the record, and that host's clock. ``photo``
    tells whether the file of the photo is kept.
    """

    snapshot: Optional[Mapping[str, Any]]
    text: Optional[str]
    trouble: str
    log: Mapping[str, Any]
    now: float
    photo: bool = False


def path(options: State) -> str:
    """Return where the snapshot lies, beside the number's record."""
    return "%s/snapshot.json" % attempt_log.number_dir(options)


def looking(options: State) -> Dict[str, Any]:
    """Return the request to read snapshot and record; nothing is written for it."""
    return {"op": "look_snapshot", **attempt_log.location(options)}


def of_answer(options: State, answer: Mapping[str, Any]) -> Stored:
    """Return what the answer tells; raises RefusedError where the place cannot be used."""
    number_id = str(options.phone_number_id)
    if "error" in answer:
        raise RefusedError(unusable(options, answer), number_id)
    try:
        return stored(answer, number_id, path(options))
    except ValueError as error:
        raise RefusedError(unusable(options, {"error": str(error)}), number_id) from None


def stored(answer: Mapping[str, Any], number_id: str, where: str) -> Stored:
    """Return snapshot and record by their texts; raises ValueError where the record cannot be used."""
    try:
        log = attempt_log_rules.parse(answer["attempt_log"], number_id)
    except ValueError as error:
        raise ValueError("the record cannot be used: %s" % error) from None
    try:
        found, trouble = snapshot.parse(answer["snapshot"], number_id), ""
    except ValueError as error:
        found, trouble = None, "the snapshot in %s cannot be used: %s" % (where, error)
    return Stored(found, answer["snapshot"], trouble, log, float(answer["now"]), bool(answer.get("photo")))


def store(options: State, clients: Clients, before: Optional[str], document: Mapping[str, Any]) -> None:
    """Put a snapshot on disk in place of the text ``before``, and read it back; raises RefusedError."""
    number_id = str(options.phone_number_id)
    text = snapshot.dump(document)
    location = attempt_log.location(options)
    (answer,) = clients.host([{"op": "store_snapshot", **location, "expected": before, "snapshot": text}])
    if "error" in answer:
        raise RefusedError(unusable(options, answer), number_id)
    if not answer.get("committed"):
        raise RefusedError(changed_meanwhile(), number_id)


def changed_meanwhile() -> Failure:
    """Report that another run has written the snapshot."""
    return attempt_log_rules.OTHER_RUN.failure(
        "It has changed the snapshot in the meantime, so the snapshot was left alone",
        "wait for it to end, then run again",
    )


def unusable(options: State, answer: Mapping[str, Any]) -> Failure:
    """Report that the files of a number cannot be read or written."""
    why = str(answer["error"])
    if answer.get("unreachable"):
        return Failure(
            "unreachable",
            "The host cannot be reached, so its snapshot cannot be read or written",
            why,
            next_step="check ansible_host, the key and the network (ansible HOST -m ansible.builtin.ping), "
            "then run again",
        )
    return HOST_FILES.failure(
        "The snapshot cannot be used: %s" % why,
        "fix %s, or set another state directory" % attempt_log.number_dir(options),
    )
