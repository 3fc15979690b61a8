# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operation is given and what it returns: the contract between the doors and the operations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, ContextManager, Dict, Mapping, Optional, Sequence, Tuple

from .._api.graph import Graph
from .._api.onprem import OnPrem
from .._api.sent import Sent
from .._failure import Failure

Params = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What an operation did, or in check mode would do: ``before`` and ``after`` make the diff.

    With ``failure`` the task fails and still returns ``result``: an answer that is not good enough is worth reading.
    ``sent`` is what the failure's message says about what was sent, where it is another task's failure; None is for
    the door to say.
    """

    changed: bool
    result: Mapping[str, Any]
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    warnings: Tuple[str, ...] = ()
    failure: Optional[Failure] = None
    label: str = ""
    sent: Optional[str] = None


@dataclass(frozen=True)
class Context:
    """Everything outside of an operation, handed in by its door.

    ``graph`` and ``onprem`` make clients for a number's label. ``node`` reads the On-Premises node where the inventory
    host's connection leads; ``host`` answers one request of ``_hostfiles`` there. ``now`` is UTC in seconds since the
    epoch, ``monotonic`` and ``sleep`` are in seconds. ``shared`` keeps the JSON of a read once per run, and
    ``shared_entry`` one entry of a mapping that is read once, None where it has none, at the cost of that entry only;
    ``exclusive`` lets one task of a run at a time work on what it names; a flag that one task raises is seen by all
    tasks of the run. ``announce`` tells a person what is being waited for. ``undisturbed`` defers SIGINT, SIGTERM and
    a task timeout while it is entered. ``holder`` tells what has become of the process that took a lease, ``orphaned``
    whether the run of a process is gone, by the process and the parent that started it. ``throwaway`` says what becomes
    of the state directory beside this process (a word of the rule for containers). ``run``, ``controller``,
    ``process``, ``parent``, ``namespace`` and ``started`` are what others know this process by. ``sent`` is told what
    leaves, by the clients that the door has made.
    """

    check_mode: bool
    graph: Callable[[str], Graph]
    onprem: Callable[[str], OnPrem]
    node: Callable[[str, Sequence[str]], Dict[str, Any]]
    host: Callable[[Dict[str, Any]], Dict[str, Any]]
    shared: Callable[[str, Callable[[], Any]], Any]
    shared_entry: Callable[[str, str, Callable[[], Mapping[str, Any]]], Any]
    exclusive: Callable[[str], ContextManager[Any]]
    raise_flag: Callable[[str, str], None]
    raised: Callable[[str], Optional[str]]
    now: Callable[[], float]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    announce: Callable[[str], None]
    undisturbed: Callable[[], ContextManager[Any]]
    holder: Callable[[Mapping[str, Any]], str]
    orphaned: Callable[[int, int], bool]
    throwaway: str
    run: str
    controller: str
    process: int
    parent: int
    namespace: str
    started: int
    sent: Sent = field(default_factory=Sent)
