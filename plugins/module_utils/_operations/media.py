# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: upload the media of the node that messages name, each content once, and map its IDs to the new ones."""

from __future__ import annotations

import os
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional

from .._api import retry
from .._api.codes import NO
from .._api.errors import ApiError
from .._api.graph import Graph
from .._api.uploads import File
from .._core.cutover.gate_findings import WRONG_NODE
from .._core.events.event import PREPARE
from .._core.facts import media as rules
from .._core.facts import media_map, phone_number
from .._core.facts.media_map import Content
from .._failure import Failure, RefusedError, WabizError, counted
from . import media_read
from .context import Context, Outcome, Params
from .media_files import MapFile, referred
from .module import Contradiction, Module, always_in
from .number_info import DECISIVE, read
from .options import GraphConnection, OnPremConnection, declare, option

# A lost answer is asked for so often again: an upload that nobody uses has no effect.
_TRIES = 3
TOO_LARGE = 413


@declare
class Options(OnPremConnection, GraphConnection):
    """The options of wa_media."""

    phone_number_id: str = option("str", required=True)
    dest: str = option("path", required=True)
    paths: Optional[List[str]] = option("list", elements="str")
    exclude: List[str] = option("list", [], elements="str")
    media_ids: Optional[List[str]] = option("list", elements="str")
    valid_for: float = option("float", media_map.VALID_FOR)
    check_limits: bool = option("bool", True)


class _Run(NamedTuple):
    """What a task works with: its options and context, the client, the file of the map, and what it has to tell."""

    options: Options
    context: Context
    graph: Graph
    file: MapFile
    warnings: List[str]


def perform(options: Options, context: Context) -> Outcome:
    """Find the IDs, look at all files before the first upload, and upload what the map does not have."""
    number_id = str(options.phone_number_id)
    paths = [_expanded(path) for path in options.paths or []]
    wanted = {**dict.fromkeys(options.media_ids or [], ""), **referred(paths, options.exclude)}
    graph = context.clients.graph(number_id)
    run = _Run(options, context, graph, MapFile(options.dest, number_id, context.check_mode), [])
    with run.file.opened():
        before = run.file.found
        now = context.clock.now()
        missing = [old for old in wanted if media_map.known(before, old, now) is None]
        seen = _looked_at(run, {old: wanted[old] for old in missing}) if missing else {}
        lost = media_map.lost(before, now)
        if lost:
            run.warnings.append(
                "an earlier run did not see the answer to %s; what it may have uploaded is used by nobody, and Meta "
                "deletes it after 30 days" % counted(len(lost), "upload")
            )
        if context.check_mode:
            return _outcome(run, before, _predicted(before, seen, now), list(wanted), None)
        failure: Optional[Failure] = None
        try:
            for old, content in seen.items():
                _bring(run, old, content)
        except WabizError as error:
            failure = _stopped(error.failure, run, before)
        return _outcome(run, before, run.file.found, list(wanted), failure)


def _expanded(path: str) -> str:
    return os.path.expanduser(os.path.expandvars(path))


def _looked_at(run: _Run, wanted: Mapping[str, str]) -> Dict[str, Content]:
    """Return what the node has under each ID; raises RefusedError with all that cannot be uploaded."""
    requests = [media_read.asking(old, whole=False) for old in wanted]
    told = run.context.clients.host(requests)
    found: Dict[str, Content] = {}
    wrong: List[str] = []
    number = _number(run)
    for request, answered in zip(requests, told):
        old, seen = request["id"], media_read.of_answer(request, answered)
        if seen.failure is not None:
            raise RefusedError(seen.failure, number)
        if not phone_number.same(seen.serves, number):
            raise RefusedError(WRONG_NODE.failure("It serves %s, the number is %s" % (seen.serves, number)), number)
        if seen.gone:
            wrong.append("%s is not on the node any more" % old)
            continue
        content = seen.content
        if run.options.check_limits:
            faults = rules.faults(content.media_type, content.size, seen.as_type, wanted[old])
            wrong += ["%s %s" % (old, " and ".join(faults))] if faults else []
        found[old] = content
    if wrong:
        raise RefusedError(
            Failure(
                "bad_media",
                "%s cannot be uploaded" % counted(len(wrong), "media file"),
                "; ".join(wrong),
                next_step="correct the messages that name them, or leave these out of O(paths) and O(media_ids). "
                "Nothing was uploaded",
            ),
            number,
        )
    return found


def _number(run: _Run) -> str:
    found = read(run.graph, str(run.options.phone_number_id), DECISIVE, None)[0]
    return phone_number.digits(str(found.get("display_phone_number"))) or str(run.options.phone_number_id)


def _bring(run: _Run, old: str, content: Content) -> None:
    """Give an old ID a new one: that of the same content, or that of an upload."""
    now = run.context.clock.now()
    alike = media_map.same(run.file.found, content, now)
    if alike is not None:
        run.file.write(media_map.with_entry(run.file.found, old, alike))
        return
    request = media_read.asking(old, whole=True)
    (told,) = run.context.clients.host([request])
    seen = media_read.of_answer(request, told)
    if seen.gone or seen.failure is not None or seen.content != content:
        title = "The media file %s has changed while the task ran" % old
        raise RefusedError(seen.failure or Failure("media_changed", title, next_step="run the same command again"))
    file = File(rules.file_name(content.sha256, content.media_type), content.media_type, seen.data)
    run.file.write(media_map.with_intent(run.file.found, content, now))
    new = _uploaded(run, old, content, file)
    entry = media_map.entry(new, content, run.context.clock.now(), run.options.valid_for)
    run.file.write(media_map.with_entry(run.file.found, old, entry))


def _uploaded(run: _Run, old: str, content: Content, file: File) -> str:
    """Upload a file and return its ID; a lost answer is told, and the upload sent again."""
    attempt = 0
    while True:
        attempt += 1
        try:
            new = run.graph.upload_media(run.options.phone_number_id, file)
        except ApiError as error:
            if error.acted == NO or error.http_status == TOO_LARGE:
                run.file.write(media_map.without_intent(run.file.found, content))
            elif retry.is_temporary(error) and attempt < _TRIES:
                run.warnings.append(_again(old, error))
                continue
            raise _named(error, old, content) from None
        _confirm(run, old, content, new)
        return new


def _again(old: str, error: ApiError) -> str:
    return (
        "the answer to the upload of %s was lost (%s); it was sent again. An upload is no message: what nobody uses "
        "Meta deletes after 30 days" % (old, error.failure.title)
    )


def _named(error: ApiError, old: str, content: Content) -> WabizError:
    """Return an error of an upload with the ID that it is about."""
    failure = error.failure
    if error.http_status == TOO_LARGE:
        title = "The server refuses the media file %s as too large (HTTP 413)" % old
        what = "It has %s. %s" % (counted(content.size, "byte"), failure.title)
        fix = "raise the limit of the proxy before the Graph API, or send the file by a link and leave its ID out"
        return WabizError(Failure("too_large", title, what, failure.fbtrace_id, next_step=fix))
    details = "Media file %s. %s" % (old, failure.details)
    return WabizError(
        Failure(failure.code, failure.title, details, failure.fbtrace_id, failure.safe_to_rerun, failure.next_step)
    )


def _confirm(run: _Run, old: str, content: Content, new: str) -> None:
    """Read what was uploaded; another content under the new ID is an error, a read that fails is told."""
    try:
        found = run.graph.media(new)
    except ApiError as error:
        run.warnings.append("%s was uploaded as %s, which could not be read: %s" % (old, new, error.failure.title))
        return
    digest = str(found.get("sha256") or "").lower()
    if len(digest) == len(content.sha256) and digest != content.sha256:
        title = "The Cloud API has another content under the new ID of %s" % old
        raise RefusedError(Failure("media_differs", title, next_step="run again: the file is uploaded anew"))


def _stopped(failure: Failure, run: _Run, before: Mapping[str, Any]) -> Failure:
    """Return a failure with what was uploaded before it, which the next run does not repeat."""
    count = sum(1 for old, entry in run.file.found["media"].items() if before["media"].get(old) != entry)
    text = "%s before it and noted in %s; the next run goes on after them. An upload is no message, so it is safe to "
    text += "send it again"
    done = text % (counted(count, "media ID was mapped", "media IDs were mapped"), run.file.path)
    details = "%s. %s" % (failure.details.rstrip(". "), done) if failure.details else done
    return Failure(failure.code, failure.title, details, failure.fbtrace_id, True, failure.next_step)


def _predicted(before: Mapping[str, Any], seen: Mapping[str, Content], now: float) -> Mapping[str, Any]:
    found = before
    for old, content in seen.items():
        alike = media_map.same(found, content, now)
        found = media_map.with_entry(found, old, alike or media_map.entry("0", content, now, 0.0))
    return found


def _outcome(
    run: _Run, before: Mapping[str, Any], after: Mapping[str, Any], wanted: List[str], failure: Optional[Failure]
) -> Outcome:
    new = [old for old in wanted if after["media"].get(old) not in (None, before["media"].get(old))]
    result = {
        "uploaded": new,
        "media": {}
        if run.context.check_mode
        else {old: after["media"][old] for old in wanted if old in after["media"]},
        "dest": run.file.path,
    }
    return Outcome(
        bool(new),
        result,
        {"media": _shown(before, wanted)},
        {"media": _shown(after, wanted)},
        tuple("number %s: %s" % (run.context.name, text) for text in run.warnings),
        failure,
    )


def _shown(found: Mapping[str, Any], wanted: List[str]) -> Dict[str, str]:
    return {old: "sha256 %s" % found["media"][old]["sha256"] for old in wanted if old in found["media"]}


def _contradictions(params: Params, stated: Mapping[str, Any]) -> Iterator[Contradiction]:
    if not params["paths"] and not params["media_ids"]:
        yield "paths media_ids", "both are missing, and one of the two has to say which media are uploaded"


MODULE = Module(
    name="wa_media",
    options=Options,
    run=perform,
    contradictions=_contradictions,
    phase=always_in(PREPARE),
)
