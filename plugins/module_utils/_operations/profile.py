# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: make the business profile on the Cloud API what is stated, the photo included."""

from __future__ import annotations

from typing import Any, Collection, Dict, Iterator, List, Mapping, NamedTuple, Optional, Tuple

from .._api.codes import NO
from .._api.errors import ApiError
from .._api.graph import Graph
from .._core.comparison import snapshot
from .._core.comparison.difference_findings import NO_SNAPSHOT
from .._core.events.event import VERIFY
from .._core.facts import photo as photo_rules
from .._core.facts import profile
from .._core.facts.photo import Photo
from .._failure import Failure, RefusedError, WabizError
from . import attempt_log, confirm, number_info, photo_file, profile_photo, recorded_facts
from .context import Context, Outcome, Params
from .module import Contradiction, Module, always_in
from .options import App, GraphConnection, State, declare, option, wait_too_short
from .poll import Poll

_URL = "profile_picture_url"
_HANDLE = "profile_picture_handle"
# Meta takes an empty value for these. An about has at least one character.
CLEARABLE = ("description", "address", "email", profile.WEBSITES)


@declare
class Options(GraphConnection, State, App):
    """The options of wa_profile."""

    about: Optional[str] = option("str")
    description: Optional[str] = option("str")
    address: Optional[str] = option("str")
    email: Optional[str] = option("str")
    websites: Optional[List[str]] = option("list", elements="str")
    vertical: Optional[str] = option("str")
    photo: Optional[str] = option("path")
    clear: List[str] = option("list", [], elements="str", choices=list(CLEARABLE))
    from_snapshot: bool = option("bool", False)
    update_photo: str = option("str", "on_change", choices=["on_change", "always"])
    wait: float = option("float", 30.0)
    wait_interval: float = option("float", 1.0)


class Shown(NamedTuple):
    """The profile as Graph shows it: its fields, and the address of its photo, "" for none."""

    fields: Mapping[str, Any]
    photo: str


class _Wanted(NamedTuple):
    """What is to be: fields as an update takes them, the photo, and what of the snapshot cannot be put back."""

    fields: Dict[str, Any]
    photo: Optional[Photo]
    kept: profile_photo.Kept
    warnings: Tuple[str, ...]


def perform(options: Options, context: Context) -> Outcome:
    """Read, compare, and send in one request what differs."""
    number_id = str(options.phone_number_id)
    wanted = _wanted(options, context)
    graph = context.clients.graph(number_id)
    before = read(graph, number_id)
    fields = profile.differing(wanted.fields, before.fields)
    new = wanted.photo if _is_new(options, wanted, before) else None
    warnings = [*wanted.warnings, *_replaced(wanted, before, new)]
    updated = [*sorted(fields), *([] if new is None else [profile.PHOTO])]
    if not updated or context.check_mode:
        after = Shown({**before.fields, **fields}, before.photo if new is None else "%s of this task" % profile.PHOTO)
        return _outcome(context, wanted, updated, before, after, new, warnings)
    body = dict(fields)
    if new is not None:
        body[_HANDLE] = profile_photo.upload(options, context, graph, new)
    error = confirm.send_once(lambda: graph.set_business_profile(number_id, body))
    if error is not None and error.acted == NO:
        raise error
    seen = _until_shown(options, context, graph, fields, before, new is not None, error)
    if new is not None:
        trouble = profile_photo.note_put(options, context, new, seen.photo)
        warnings += [trouble] if trouble else []
    if error is not None:
        warnings.append("reading shows the profile as stated, although the answer was: %s" % error.failure.title)
    return _outcome(context, wanted, updated, before, seen, new, warnings)


def read(graph: Graph, number_id: str) -> Shown:
    """Read the whole profile of a number on the Cloud API; raises ApiError."""
    names = (*profile.FIELDS, _URL)
    asked: List[str] = []

    def fetch(wanted: Any) -> Dict[str, Any]:
        asked[:] = wanted
        return graph.business_profile(number_id, wanted)

    found, _unknown = number_info.known_fields(fetch, names, names)
    return Shown(profile.of_cloud(found, tuple(asked)), str(found.get(_URL) or ""))


def _wanted(options: Options, context: Context) -> _Wanted:
    """Return what is to be; raises RefusedError before any request where the photo or the snapshot cannot be used."""
    stated = {name: getattr(options, name) for name in profile.FIELDS if getattr(options, name) is not None}
    fields = {name: profile.to_send(name, value)[0] for name, value in stated.items()}
    fields.update({name: [] if name == profile.WEBSITES else "" for name in options.clear})
    number_id = str(options.phone_number_id)
    photo = None
    if options.photo is not None:
        try:
            photo = photo_file.of_file(options.photo)
        except ValueError as reason:
            failure = Failure("bad_photo", "The photo cannot be used: %s" % reason, next_step="name another file")
            raise RefusedError(failure, number_id) from None
    warnings = [] if photo is None else [text for text in (photo_rules.small(photo),) if text]
    if photo is None and not options.from_snapshot:
        return _Wanted(fields, None, profile_photo.Kept(), tuple(warnings))
    kept_request, snapshot_request = profile_photo.looking(options), recorded_facts.looking(options)
    told = context.clients.host([kept_request, snapshot_request])
    kept = profile_photo.of_answer(options, kept_request, told[0])
    warnings += [kept.trouble] if kept.trouble else []
    if options.from_snapshot:
        stored = recorded_facts.of_answer(options, told[1])
        if stored.snapshot is None:
            raise RefusedError(_no_snapshot(options, stored.trouble), number_id)
        facts = stored.snapshot["facts"]
        more, refused = _of_snapshot(facts, fields)
        fields = {**more, **fields}
        warnings += ["the profile's %s cannot be put back, because %s" % item for item in sorted(refused.items())]
        if photo is None:
            photo = kept.photo
            if photo is None and facts.get(snapshot.PHOTO):
                warnings.append(profile_photo.no_photo(options).sentence())
    return _Wanted(fields, photo, kept, tuple(warnings))


def _of_snapshot(facts: Mapping[str, Any], stated: Mapping[str, Any]) -> Tuple[Dict[str, Any], Dict[str, str]]:
    """Return the fields of a snapshot that are not stated and not empty, and why others cannot be sent."""
    fields: Dict[str, Any] = {}
    refused: Dict[str, str] = {}
    for name in profile.FIELDS:
        value = facts.get(snapshot.profile_fact(name))
        if name in stated or value is None or not profile.plain(name, value):
            continue
        text, why = profile.to_send(name, value)
        if why:
            refused[name] = why
        else:
            fields[name] = text
    return fields, refused


def _is_new(options: Options, wanted: _Wanted, before: Shown) -> bool:
    """Tell whether the photo has to be put: Graph hands no photo back, so the digest of the last one decides."""
    if wanted.photo is None:
        return False
    if options.update_photo == "always" or not before.photo:
        return True
    if wanted.kept.put is None:
        # What the snapshot keeps, the backup has carried over: a photo that is there is not replaced.
        return options.photo is not None
    return wanted.kept.put.get("photo_sha256") != wanted.photo.digest


def _replaced(wanted: _Wanted, before: Shown, new: Optional[Photo]) -> List[str]:
    """Return what to tell of a photo that looks like another than the one that was put last."""
    put = wanted.kept.put
    if new is not None or wanted.photo is None or put is None or not put.get("shown"):
        return []
    if profile_photo.shown_as(before.photo) == put["shown"]:
        return []
    return [
        "the photo has another address than when it was put (%s); if somebody has replaced it, run again with "
        "O(update_photo): always" % put.get("put_at")
    ]


def _until_shown(
    options: Options,
    context: Context,
    graph: Graph,
    fields: Mapping[str, Any],
    before: Shown,
    photo: bool,
    error: Optional[ApiError],
) -> Shown:
    """Read until the profile is as it was sent, for ``wait`` seconds; raises WabizError where it is not seen."""
    poll = Poll(context, options.wait_interval, options.wait)
    while True:
        trouble: Optional[WabizError] = None
        try:
            seen = read(graph, str(options.phone_number_id))
        except ApiError as unread:
            trouble, left = unread, sorted(fields)
        else:
            left = sorted(profile.differing(fields, seen.fields))
            # After a lost answer only a photo with another address is certain to be the new one.
            known = error is None or profile_photo.shown_as(seen.photo) != profile_photo.shown_as(before.photo)
            if photo and not (seen.photo and known):
                left.append(profile.PHOTO)
            if not left:
                return seen
        if not poll.wait("waiting up to %d s to see the profile as it was sent" % poll.left):
            break
    raise error or trouble or RefusedError(_not_seen(left), str(options.phone_number_id))


def _not_seen(left: List[str]) -> Failure:
    return Failure(
        "profile_not_seen",
        "Graph accepted the profile, but reading does not show it",
        "Not as it was sent: %s" % ", ".join(left),
        next_step="run again in a minute; then look at the number in WhatsApp Manager (Phone numbers, Profile)",
    )


def _no_snapshot(options: Options, trouble: str) -> Failure:
    return NO_SNAPSHOT.failure(
        trouble or "There is none in %s" % attempt_log.number_dir(options),
        "state the fields of the profile, or set O(state_dir) to the directory of the run that moved the number",
    )


def _outcome(
    context: Context,
    wanted: _Wanted,
    updated: List[str],
    before: Shown,
    after: Shown,
    new: Optional[Photo],
    warnings: List[str],
) -> Outcome:
    put = wanted.kept.put or {}
    last = "" if not before.photo else str(put.get("photo_sha256") or "")
    digest = new.digest if new is not None else last
    result = {
        "updated": updated,
        "profile": dict(after.fields),
        "photo": {"present": bool(after.photo), "sha256": digest},
    }
    return Outcome(
        bool(updated),
        result,
        {"profile": _diff(before, last)},
        {"profile": {**_diff(after, digest), **_put_anew(new, digest)}},
        tuple("number %s: %s" % (context.name, text) for text in warnings),
    )


def _put_anew(new: Optional[Photo], digest: str) -> Dict[str, str]:
    return {} if new is None else {profile.PHOTO: "sha256 %s, put anew" % digest}


def _diff(shown: Shown, digest: str) -> Dict[str, Any]:
    photo = "none" if not shown.photo else "sha256 %s" % digest if digest else "there, of unknown content"
    return {**shown.fields, profile.PHOTO: photo}


def _unused(params: Params) -> Collection[str]:
    return () if params["app_id"] is None else ("app_access_token",)


def _contradictions(params: Params, stated: Mapping[str, Any]) -> Iterator[Contradiction]:
    fields = [name for name in profile.FIELDS if name in stated and params[name] is not None]
    for name in fields:
        why = profile.to_send(name, params[name])[1]
        if why:
            yield name, why
    for name in sorted(set(fields) & set(params["clear"] or [])):
        yield "%s clear" % name, "it is either set or emptied"
    if not fields and not params["clear"] and params["photo"] is None and not params["from_snapshot"]:
        names = ", ".join((*profile.FIELDS, profile.PHOTO, "clear", "from_snapshot"))
        yield profile.PHOTO, "missing, and nothing else is stated that the profile should have: set one of %s" % names
    yield from wait_too_short(params, stated)


MODULE = Module(
    name="wa_profile",
    options=Options,
    run=perform,
    unused=_unused,
    contradictions=_contradictions,
    phase=always_in(VERIFY),
)
