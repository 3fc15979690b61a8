# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operation is given and what it returns: the contract between the runners and the operations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, ContextManager, Dict, List, Mapping, Optional, Sequence, Tuple

from .._api.graph import Graph
from .._api.onprem import OnPrem
from .._api.sent import Sent
from .._core.facts import phone_number
from .._failure import Failure

Params = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What an operation did, or in check mode would do: ``before`` and ``after`` make the diff.

    With ``failure`` the task fails and still returns ``result``: an answer that is not good enough is worth reading.
    ``label`` is what its message is about where that is not the task's own number. ``sent`` is what the failure's
    message says about what was sent, where it is another task's failure; None leaves it to the runner.
    """

    changed: bool
    result: Mapping[str, Any]
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    warnings: Tuple[str, ...] = ()
    failure: Optional[Failure] = None
    label: str = ""
    sent: Optional[str] = None


class Name:
    """What the number of a task is called in texts, which its first read can change.

    ``recall`` returns how Graph has shown it earlier in the run, "" where it has not, and ``keep`` is handed what is
    new.
    """

    def __init__(
        self,
        phone_number_id: str = "",
        host: str = "",
        waba_id: str = "",
        shown: str = "",
        recall: Callable[[], str] = str,
        keep: Callable[[str], Any] = str,
    ) -> None:
        self._id = phone_number_id
        self._host = host
        self._waba_id = waba_id
        self._shown = shown
        self._recall = recall
        self._keep = keep

    def learn(self, number: Mapping[str, Any]) -> None:
        """Take over how Graph shows the number, from an answer that is about it."""
        shown = str(number.get("display_phone_number") or "")
        if not shown or str(number.get("id") or "") != self._id or shown == self._shown:
            return
        self._shown = shown
        if self._recall() != shown:
            self._keep(shown)

    def __str__(self) -> str:
        number = self.shown or self._id
        return phone_number.name(number, self._host) if number else self._host

    @property
    def shown(self) -> str:
        """Return how Graph has shown the number, "" where it has not yet."""
        self._shown = self._shown or self._recall()
        return self._shown

    @property
    def phone_number_id(self) -> str:
        return self._id

    @property
    def subject(self) -> str:
        """Return what a message begins with, "" where the task is about neither a number nor a WABA."""
        if self._id or self._shown:
            return "Number %s" % self
        return "WABA %s" % phone_number.name(self._waba_id, self._host) if self._waba_id else ""


@dataclass(frozen=True)
class Clients:
    """What an operation reads and writes with.

    ``graph`` and ``onprem`` make clients for a number's label. ``host`` answers a list of requests of ``_host_runner``
    where the inventory host's connection leads: in one go, in their order, up to the first change that fails.
    """

    graph: Callable[[str], Graph]
    onprem: Callable[[str], OnPrem]
    host: Callable[[Sequence[Mapping[str, Any]]], List[Dict[str, Any]]]


@dataclass(frozen=True)
class Clock:
    """``now`` is UTC in seconds since the epoch, ``monotonic`` and ``sleep`` are in seconds."""

    now: Callable[[], float]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]


@dataclass(frozen=True)
class Shared:
    """What the tasks of a run share.

    ``once`` keeps the JSON of a read once per run, and ``entry`` one entry of a mapping that is read once, None where
    it has none, at the cost of that entry only. ``exclusive`` lets one task at a time work on what it names. A flag
    that one task raises is seen by all.
    """

    once: Callable[[str, Callable[[], Any]], Any]
    entry: Callable[[str, str, Callable[[], Mapping[str, Any]]], Any]
    exclusive: Callable[[str], ContextManager[Any]]
    raise_flag: Callable[[str, str], None]
    raised: Callable[[str], Optional[str]]


@dataclass(frozen=True)
class Process:
    """What others know this process by, and what it can see of others.

    ``holder`` tells what has become of the process that took a lease, and ``run_is_gone`` whether the run of a process
    is gone, by the process and the parent that started it. ``throwaway`` says what becomes of the state directory
    beside this process (a word of the rule for containers).
    """

    run: str
    controller: str
    number: int
    parent: int
    namespace: str
    started: int
    holder: Callable[[Mapping[str, Any]], str]
    run_is_gone: Callable[[int, int], bool]
    throwaway: str = ""


def no_event(_event: str, **_fields: Any) -> None:
    """Take an event of a run that keeps none."""


@dataclass(frozen=True)
class Context:
    """Everything outside of an operation, handed in by its runner.

    ``announce`` tells a person what is being waited for. ``event`` is told what happens to the number: the event's name
    and the fields that the rule for events builds it with. ``undisturbed`` defers SIGINT, SIGTERM and a task timeout
    while it is entered. ``sent`` is told what leaves, by the clients that the runner has made. ``name`` is what the
    task's number is called in texts.
    """

    check_mode: bool
    clients: Clients
    clock: Clock
    shared: Shared
    process: Process
    announce: Callable[[str], None]
    undisturbed: Callable[[], ContextManager[Any]]
    sent: Sent = field(default_factory=Sent)
    name: Name = field(default_factory=Name)
    event: Callable[..., None] = no_event
    # Numbers as a step of this task has just read them, for the steps after it: fields, unknown fields, Graph version.
    recent: Dict[str, Tuple[Dict[str, Any], List[str], str]] = field(default_factory=dict)
