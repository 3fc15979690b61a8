# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guards of the code lane, of recover, rollback and retire: how each is taken out, and the scenes that go red."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import code_log, exit_log, notice
from ansible_collections.wabiz.migration.plugins.module_utils._operations import (
    confirm,
    deregister,
    notice_log,
    profile,
)

from .taken_out import replaced


def _nothing(*_args: Any, **_options: Any) -> None:
    return None


def _seen_gone(*_args: Any, **_options: Any) -> dict[str, str]:
    return {"platform_type": "NOT_APPLICABLE", "status": "DISCONNECTED"}


def _as_sent(_options: Any, _context: Any, _graph: Any, fields: Any, before: Any, *_more: Any) -> Any:
    return before._replace(fields={**before.fields, **fields})


def _forgets(look: Callable[..., Any]) -> Callable[..., Any]:
    def looked(options: Any, context: Any) -> Any:
        return look(options, context)._replace(entries={})

    return looked


GUARDS: Mapping[str, tuple[Callable[[], contextlib.AbstractContextManager[None]], tuple[str, ...]]] = {
    "one code is pending at a time": (
        lambda: replaced((code_log, "pending", _nothing)),
        ("the command is given again before the code is there",),
    ),
    "no code is sent twice": (
        lambda: replaced((code_log, "no_code", _nothing)),
        ("the same wrong code again and again",),
    ),
    "nobody guesses a code": (
        lambda: replaced((code_log, "MOST_WRONG", 99)),
        ("one wrong code after another",),
    ),
    "the verification is confirmed by reading": (
        lambda: replaced((confirm, "until", lambda *args, **options: {"code_verification_status": "VERIFIED"})),
        ("an answer says that the code was taken, and it was not",),
    ),
    "no deregistration before the node's yes": (
        lambda: replaced((exit_log, "said_yes", lambda *args: True)),
        ("a deregistration without asking the node",),
    ),
    "the limit of deregister requests": (
        lambda: replaced((exit_log, "in_window", lambda *args: [])),
        ("a deregistration that is refused again and again",),
    ),
    "the 72 hours of that limit": (
        lambda: replaced((exit_log, "WINDOW", 60.0)),
        ("a deregistration that is refused again and again",),
    ),
    "the deregistration is confirmed by reading": (
        lambda: replaced((confirm, "until", _seen_gone)),
        ("an answer says that the number was deregistered, and it was not",),
    ),
    "a new PIN is set once": (
        lambda: replaced((exit_log, "last", _nothing)),
        ("the answer about a new PIN is lost",),
    ),
    "the profile is confirmed by reading": (
        lambda: replaced((profile, "_until_shown", _as_sent)),
        ("an answer says that the profile was set, and it was not",),
    ),
    "who has the notice is remembered": (
        lambda: replaced((notice_log, "look", _forgets(notice_log.look))),
        ("a notice whose answer is lost, again and again",),
    ),
    "a notice needs its confirmation": (
        lambda: replaced((notice, "unconfirmed", _nothing)),
        ("a notice with the confirmation of another one",),
    ),
    "the number to be taken down is named": (
        lambda: replaced((deregister, "_require_confirmed", _nothing)),
        ("the digits of another number",),
    ),
}
