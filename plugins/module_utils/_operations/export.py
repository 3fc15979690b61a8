# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: keep what can be had of a number in one private archive, before it is deregistered."""

from __future__ import annotations

import base64
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from .. import _encryption
from .._api.graph import Graph
from .._core.checks import container
from .._core.checks.reads import HOST_FILES
from .._core.cutover import export as rules
from .._core.cutover.retire_findings import EXPORT_INCOMPLETE
from .._core.events.event import VERIFY
from .._core.facts import photo as photo_rules
from .._failure import Failure, RefusedError, WabizError
from . import archive, attempt_log, number_info, profile, profile_photo, recorded_facts
from .context import Context, Outcome
from .module import Module, always_in, never
from .options import GraphConnection, State, declare, option

_NAME, _PHOTO = "export", "photo"
_WABA = (
    *("id", "name", "status", "account_review_status", "business_verification_status", "ownership_type"),
    *("country", "currency", "timezone_id", "message_template_namespace", "is_enabled_for_insights"),
)
_TEMPLATE = ("id", "name", "language", "status", "category", "components")
_REQUIRED = (rules.NUMBER, rules.PROFILE, rules.WABA, rules.TEMPLATES)


@declare
class Options(GraphConnection, State):
    """The options of wa_export."""

    waba_id: str = option("str", required=True)
    state_durable: Optional[bool] = option("bool")
    required_parts: List[str] = option("list", list(_REQUIRED), elements="str", choices=list(rules.PARTS))


class _Parts:
    """What was read, as files, and of each part that could not be read why."""

    def __init__(self) -> None:
        self.files: rules.Files = {}
        self.missing: Dict[str, str] = {}

    def read(self, part: str, read: Callable[[], Any]) -> None:
        """Add a part that Graph tells; what it refuses is missing."""
        try:
            self.files["%s.json" % part] = rules.document(read())
        except WabizError as error:
            self.missing[part] = "%s [%s]" % (error.failure.title, error.failure.code)


def perform(options: Options, context: Context) -> Outcome:
    """Read what is there, and write the archive where its content is new.

    The number itself has to be readable. Any other part may be missing, unless it is required.
    """
    number_id, waba_id = str(options.phone_number_id), str(options.waba_id)
    attempt_log.require_kept(options, context, container.EXPORT)
    graph = context.clients.graph(number_id)
    number = number_info.read(graph, number_id, number_info.EVERYTHING, waba_id)[0]
    parts, current = _kept(options, context)
    earlier = _opened(options, current)
    platform = number.get("platform_type")
    if earlier is not None and rules.stays(earlier, platform):
        reason = "the number has left the Cloud API, so the export of before stays"
        return _outcome(options, context, earlier, earlier, reason)
    parts.files["number.json"] = rules.document(rules.number(number))
    _of_graph(parts, graph, number_id, waba_id)
    files = rules.joined(parts.files, parts.missing, earlier)
    files[rules.MANIFEST] = rules.manifest(number_id, waba_id, files, parts.missing)
    if files != earlier and not context.check_mode:
        _store(options, context, current, archive.pack("export-%s" % number_id, files))
    lacking = rules.lacking(options.required_parts, parts.missing, files, platform == "CLOUD_API")
    failure = EXPORT_INCOMPLETE.failure(lacking) if lacking else None
    return _outcome(options, context, earlier, files, "", failure)


def _of_graph(parts: _Parts, graph: Graph, number_id: str, waba_id: str) -> None:
    known = number_info.known_fields

    def shown() -> Dict[str, Any]:
        found = profile.read(graph, number_id)
        # The address is signed anew with each read.
        return {**found.fields, "photo": profile_photo.shown_as(found.photo)}

    def templates() -> Any:
        found, _unknown = known(
            lambda names: {"rows": graph.message_templates(waba_id, names)}, _TEMPLATE, ("name", "language")
        )
        return rules.templates(found["rows"])

    parts.read(rules.PROFILE, shown)
    parts.read(rules.SETTINGS, lambda: graph.settings(number_id))
    parts.read(rules.WABA, lambda: known(lambda names: graph.waba(waba_id, names), _WABA, ("id",))[0])
    parts.read(rules.TEMPLATES, templates)
    parts.read(rules.SUBSCRIPTIONS, lambda: rules.subscriptions(list(map(dict, graph.subscribed_apps(waba_id)))))


def _kept(options: Options, context: Context) -> Tuple[_Parts, Optional[str]]:
    """Return the parts that the host has kept from before the move, and the archive that is there (in base64)."""
    number_id = str(options.phone_number_id)
    place = attempt_log.location(options)
    request = {"op": "look_kept", **place, "names": [_NAME, _PHOTO], "key": _encryption.new_key()}
    seen, kept = context.clients.host([recorded_facts.looking(options), request])
    if "error" in kept:
        raise RefusedError(HOST_FILES.failure(str(kept["error"])), number_id)
    texts = {
        name: None if text is None else _encryption.decrypt(str(request["key"]), text)
        for name, text in kept["kept"].items()
    }
    parts = _Parts()
    stored = recorded_facts.of_answer(options, seen)
    if stored.snapshot is not None:
        parts.files["snapshot.json"] = rules.document(stored.snapshot)
    else:
        parts.missing[rules.SNAPSHOT] = stored.trouble or "none was taken before the move"
    try:
        photo = photo_rules.parse(texts[_PHOTO], number_id)
        why = "the Cloud API shows its address only, and the node did not hand its file over"
    except ValueError as error:
        photo, why = None, "the file that the host keeps cannot be used: %s" % error
    if photo is not None:
        parts.files[photo.name] = photo.data
    else:
        parts.missing[rules.PHOTO] = why
    return parts, texts[_NAME]


def _opened(options: Options, current: Optional[str]) -> Optional[rules.Files]:
    """Return the files of the archive that is there; raises RefusedError where it cannot be used."""
    if current is None:
        return None
    try:
        files = archive.unpack(base64.b64decode(current))
        rules.check(files, str(options.phone_number_id))
    except ValueError as error:
        why = "the export %s cannot be used: %s" % (path(options), error)
        fix = "look at it, and move it away; it may hold what cannot be read any more"
        raise RefusedError(HOST_FILES.failure(why, fix), str(options.phone_number_id)) from None
    return files


def _store(options: Options, context: Context, current: Optional[str], packed: bytes) -> None:
    text = base64.b64encode(packed).decode("ascii")
    request = {"op": "commit_kept", **attempt_log.location(options), "name": _NAME, "expected": current, "text": text}
    (answer,) = context.clients.host([request])
    if answer.get("committed"):
        return
    failure = Failure(
        "export_not_stored",
        "The export cannot be stored",
        str(answer.get("error", "another run has changed it in the meantime")),
        next_step="give %s free space and the mode 0700, then run again" % attempt_log.number_dir(options),
    )
    raise RefusedError(failure, str(options.phone_number_id))


def path(options: State) -> str:
    """Return where the archive lies on the inventory host."""
    return "%s/export.tar.gz" % attempt_log.number_dir(options)


def _outcome(
    options: Options,
    context: Context,
    before: Optional[Mapping[str, bytes]],
    after: Mapping[str, bytes],
    reason: str,
    failure: Optional[Failure] = None,
) -> Outcome:
    manifest = rules.check(after, str(options.phone_number_id))
    changed = before != after
    result = {
        "path": path(options),
        "written": changed and not context.check_mode,
        "files": manifest["files"],
        "missing": manifest["missing"],
        "reason": reason,
    }
    return Outcome(changed, result, _digests(before), _digests(after), failure=failure)


def _digests(files: Optional[Mapping[str, bytes]]) -> Dict[str, Any]:
    return {"export": "none" if files is None else {name: rules.digest(data) for name, data in sorted(files.items())}}


MODULE = Module(
    name="wa_export",
    options=Options,
    run=perform,
    changes=never,
    phase=always_in(VERIFY),
)
