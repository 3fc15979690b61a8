# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of the attempt log that a process on the inventory host makes by itself, by that host's clock.

It speaks no HTTP, and imports nothing that does.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Sequence

from .. import _encryption
from .._core.cutover import attempt_log as attempt_log_rules
from .._core.cutover import backup as backup_rules


def intend(request: Mapping[str, Any], process: Any, before: Sequence[Any]) -> Dict[str, Any]:
    """Put the intent and the lease on disk, where the record still reads as ``expected``.

    With ``only_if`` the record that a look before this request has read is what is expected. Nothing is written then,
    and the answer is ``held_back``, unless all that was read on the host is as the worker wants it. ``after`` is when
    the lease began, in seconds from the first request.
    """
    expected = request["expected"]
    if request["only_if"] is not None:
        if not _as_wanted(request["only_if"], request["phone_number_id"], before):
            return {"committed": False, "held_back": True}
        expected = _look(before)[1]["attempt_log"]
    log = attempt_log_rules.parse(expected, request["phone_number_id"])
    now, after = process.now(), process.monotonic() - process.began
    answer_by = now + float(request["answer_seconds"])
    intent = attempt_log_rules.with_intent(
        log, now, answer_by + float(request["confirm_seconds"]), answer_by=answer_by, **request["lease"]
    )
    return {**_commit(request, process, expected, intent), "after": after}


def _as_wanted(wanted: Mapping[str, Any], phone_number_id: str, before: Sequence[Any]) -> bool:
    """Tell whether nobody has tried the number, and node and backup are the ones that the worker wants."""
    looked, files = _look(before)
    if "error" in files or files["faults"]:
        return False
    try:
        log = attempt_log_rules.parse(files["attempt_log"], phone_number_id)
    except ValueError:
        return False
    if log["attempts"] or log["lease"]:
        return False
    node = next(told for one, told in before if one["op"] == "node").get("node") or {}
    if any(node.get(name) != value for name, value in wanted["node"].items()):
        return False
    if wanted["backup_file"] is None:
        return True
    # The worker checks that the digest is the one of the data.
    text = files["backup"] and _encryption.decrypt(looked["key"], files["backup"])
    return bool((backup_rules.parse(text) or {}).get("digest") == wanted["backup_digest"])


def _look(before: Sequence[Any]) -> Any:
    return next((one, told) for one, told in before if one["op"] == "look")


def verified(request: Mapping[str, Any], process: Any, before: Sequence[Any]) -> Dict[str, Any]:
    """Record that a number was compared with what it was before its move."""
    looked = process.file({**request, "op": "look_snapshot"})
    if "error" in looked:
        return dict(looked)
    try:
        log = attempt_log_rules.parse(looked["attempt_log"], request["phone_number_id"])
    except ValueError as error:
        return {"error": "the record cannot be used: %s" % error}
    changed = attempt_log_rules.with_verified(log, process.now())
    return {"committed": True} if changed is None else _commit(request, process, looked["attempt_log"], changed)


def _commit(
    request: Mapping[str, Any], process: Any, expected: Optional[str], log: Mapping[str, Any]
) -> Dict[str, Any]:
    location = {name: request[name] for name in ("state_dir", "number_dir")}
    text = attempt_log_rules.dump(log)
    return dict(process.file({"op": "commit", **location, "expected": expected, "attempt_log": text}))
