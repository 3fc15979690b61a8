# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: make the node's backup and store it as a private file (guide, step 2)."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, Mapping, Optional

from .. import _hostfiles
from .._api.errors import OnPremError
from .._api.onprem import OnPrem
from .._core.cutover import backup as backup_rules
from .._core.cutover.gate_findings import WRONG_NODE
from .._core.events.event import PREPARE
from .._core.facts import node as node_rules
from .._core.facts import phone_number, times
from .._failure import Failure, RefusedError
from .context import Context, Outcome
from .module import Module, always_in
from .options import OnPremConnection, declare, option


@declare
class Options(OnPremConnection):
    """The options of wa_backup."""

    dest: str = option("path", required=True)
    backup_password: str = option("str", required=True, no_log=True)
    max_age: int = option("int", 86400)
    force: bool = option("bool", False)
    phone_number: Optional[str] = option("str")


def perform(options: Options, context: Context) -> Outcome:
    """Keep a backup that is readable, of this number, made with this password and fresh; else make a new one."""
    node = context.clients.onprem(options.phone_number or "")
    number = _number(node, options.phone_number, context.clock.now())
    stored = stored_document(options.dest)
    keep = not options.force and not backup_rules.faults(
        stored, number, options.backup_password, context.clock.now(), options.max_age
    )
    if keep and stored is not None:
        return Outcome(False, _facts(options.dest, stored, context.clock.now()), _line(stored), _line(stored))
    _must_serve(node, number, context.clock.now())
    if context.check_mode:
        return Outcome(True, {"path": options.dest, "number": number}, _line(stored), {"backup": "a new one"})
    try:
        data, client_version = node.backup(options.backup_password)
    except OnPremError:
        # The node's own code for "not registered" is not documented; its health says it in words.
        _must_serve(node, number, context.clock.now())
        raise
    document = backup_rules.document(
        number, data, client_version, options.backup_password, context.clock.now(), os.urandom(16)
    )
    _store(options.dest, document)
    written = stored_document(options.dest)
    if written != document:
        raise RefusedError(
            Failure(
                "backup_not_read_back",
                "The backup does not read back as it was written",
                next_step="check the disk below %s, then run again" % os.path.dirname(options.dest),
            ),
            number,
        )
    return Outcome(True, _facts(options.dest, document, context.clock.now()), _line(stored), _line(document))


def stored_document(path: str) -> Optional[Dict[str, Any]]:
    """Return the stored document, None where there is none or it cannot be parsed.

    Raises RefusedError for an unsafe file.
    """
    try:
        return backup_rules.parse(_hostfiles.read_private(path))
    except (_hostfiles.HostFileError, OSError) as error:
        raise RefusedError(
            Failure(
                "unsafe_file",
                "The backup file cannot be used",
                str(error),
                next_step="choose another dest, or fix its owner and mode",
            )
        ) from None


def _store(path: str, document: Mapping[str, Any]) -> None:
    try:
        _hostfiles.make_directory(os.path.dirname(os.path.abspath(path)))
        _hostfiles.write_private(path, json.dumps(document, indent=2) + "\n")
    except (_hostfiles.HostFileError, OSError) as error:
        raise RefusedError(
            Failure(
                "not_stored",
                "The backup cannot be stored",
                str(error),
                next_step="give %s a directory of this user with mode 0700 and free space" % path,
            )
        ) from None


def _number(node: OnPrem, wanted: Optional[str], now: float) -> str:
    number = node.serves()
    if not number:
        # A node without a registration has no number to tell, and that is the plainer word for it.
        _must_serve(node, wanted or "", now)
        raise RefusedError(
            Failure(
                "no_wa_id",
                "The node does not say which number it serves",
                "settings/application has no wa_id",
                next_step="register the number on this node, or check that O(onprem_url) is the right one",
            ),
            wanted or "",
        )
    if wanted and not phone_number.same(number, wanted):
        raise RefusedError(
            WRONG_NODE.failure(
                "It serves %s, the inventory means %s" % (number, wanted),
                "correct O(onprem_url) or the phone number of this host",
            ),
            wanted,
        )
    return number


def _must_serve(node: OnPrem, number: str, now: float) -> None:
    """Say in plain words why a node cannot make a backup: not registered, expired or disconnected."""
    gateway = node_rules.gateway(node.health())
    if gateway.serving != node_rules.NOT_SERVING:
        return
    facts = node_rules.support_facts(node.support())
    expires = facts["expires_at"]
    if facts["registered"] is False:
        code, title = "not_registered", "The node has no registered number"
    elif expires is not None and expires <= now:
        code, title = "expired", "The node's client has expired on %s" % times.utc(expires)
    else:
        code, title = "disconnected", "The node is not connected to WhatsApp"
    raise RefusedError(
        Failure(
            code,
            title,
            "A backup is only made by a node that is registered and running; gateway: %s" % gateway.describe(),
            next_step="bring the node back, or move the number with an earlier backup, or without one by saying so",
        ),
        number,
    )


def _facts(path: str, document: Mapping[str, Any], now: float) -> Dict[str, Any]:
    return {
        "path": path,
        "number": document["number"],
        "digest": document["digest"],
        "created_at": document["created_at"],
        "age": round(backup_rules.age(document, now) or 0.0, 1),
        "client_version": document.get("client_version", ""),
    }


def _line(document: Optional[Mapping[str, Any]]) -> Dict[str, Any]:
    if not document:
        return {"backup": "none"}
    return {"backup": "%s of %s" % (document.get("digest"), document.get("created_at"))}


MODULE = Module(
    name="wa_backup",
    options=Options,
    run=perform,
    phase=always_in(PREPARE),
)
