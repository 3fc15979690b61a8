# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module is: its name, options and operation, and what they mean for the runners. One object for each module."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Collection, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from .._core.events.event import PREFLIGHT
from .._failure import Failure, RefusedError
from .context import Context, Outcome, Params
from .options import ArgumentSpec, GraphConnection, OnPremConnection, argument_spec, typed

# What a module speaks to.
ONPREM = "onprem"
GRAPH = "graph"
BOTH = "both"
CONTROLLER = "controller"
HOST = "host"  # no API, but files of the inventory host

# The options that a contradiction is between, separated by blanks, and what is wrong with them.
Contradiction = Tuple[str, str]
Operation = Callable[[Any, Context], Outcome]  # the first is the module's own class of options


class Asked(NamedTuple):
    """What an operation wants of the inventory host, and how it ends with the answers to that."""

    requests: Tuple[Mapping[str, Any], ...]
    conclude: Callable[[Sequence[Mapping[str, Any]]], Outcome]


def _nothing(_params: Params) -> Collection[str]:
    return ()


def _no_contradiction(_params: Params, _stated: Mapping[str, Any]) -> Iterator[Contradiction]:
    return iter(())


def _always(_params: Params) -> bool:
    return True


def never(_params: Params) -> bool:
    """Tell that a module sends nothing but reads."""
    return False


def always_in(phase: str) -> Callable[[Params], str]:
    """Return what puts a module into one phase of a run, whatever its parameters say."""

    def found(_params: Params) -> str:
        return phase

    return found


@dataclass(frozen=True)
class Module:
    """A module as its runners and the check of its options need it.

    options: the class of its options; the connections among them say what it speaks to.
    run: the operation.
    ask: the part of it before the host is asked, where that is done once: several steps can share one execution there.
    narrowed: what a task speaks to, by its parameters (ONPREM, GRAPH or BOTH).
    needed, unused: options that must have a value, or that the task has no use for, by what the others say.
    contradictions: what does not go together, from the parameters and the options that were stated.
    changes: whether the operation may send more than reads.
    phase: the phase of a run that its events belong to.
    step: whether it can be a step of wa_steps.
    gates: whether its result decides if the steps after it are taken, so that they cannot share its execution.
    controller_only: whether it needs the inventory, so that its action does the work.
    """

    name: str
    options: type
    run: Operation
    ask: Optional[Callable[[Any, Context], Asked]] = None
    narrowed: Optional[Callable[[Params], str]] = None
    needed: Callable[[Params], Collection[str]] = _nothing
    unused: Callable[[Params], Collection[str]] = _nothing
    contradictions: Callable[[Params, Mapping[str, Any]], Iterator[Contradiction]] = _no_contradiction
    changes: Callable[[Params], bool] = _always
    phase: Callable[[Params], str] = always_in(PREFLIGHT)
    step: bool = True
    gates: bool = False
    controller_only: bool = False
    speaks_to: str = field(init=False)  # ONPREM, GRAPH, BOTH or CONTROLLER; narrowed, HOST as well
    every_option: ArgumentSpec = field(init=False)  # with those of the connections, for reading only
    own_options: Tuple[str, ...] = field(init=False)  # the names of the others

    def __post_init__(self) -> None:
        sides = issubclass(self.options, OnPremConnection), issubclass(self.options, GraphConnection)
        side = {(True, True): BOTH, (True, False): ONPREM, (False, True): GRAPH}.get(sides, CONTROLLER)
        spec = argument_spec(self.options)
        shared = {**argument_spec(OnPremConnection), **argument_spec(GraphConnection)}
        # the way of a frozen dataclass
        object.__setattr__(self, "speaks_to", side)
        object.__setattr__(self, "every_option", spec)
        object.__setattr__(self, "own_options", tuple(name for name in spec if name not in shared))

    def typed(self, params: Params) -> Any:
        """Return the checked parameters of a task as the value that the operation takes."""
        return typed(self.options, params)

    def side(self, params: Params) -> str:
        """Return what a task with these parameters speaks to."""
        return self.speaks_to if self.narrowed is None else self.narrowed(params)

    @property
    def secrets(self) -> List[str]:
        """Return the names of the options whose values may be shown nowhere."""
        return sorted(name for name, option in self.every_option.items() if option.get("no_log"))


def asking(ask: Callable[[Any, Context], Asked]) -> Operation:
    """Return the operation that asks the host for itself alone."""

    def run(options: Any, context: Context) -> Outcome:
        asked = ask(options, context)
        return asked.conclude(context.clients.host(asked.requests))

    return run


def task_only(name: str) -> Operation:
    """Return the operation of a module that is called where only its action can do the work."""

    def refuse(_options: Any, _context: Context) -> Outcome:
        title = "%s runs on the controller only" % name
        raise RefusedError(Failure("controller_only", title, next_step="call it as a task of a play"))

    return refuse


def without_node(params: Params) -> str:
    """Return what a module speaks to that leaves the node alone with check_node=false."""
    return GRAPH if params.get("check_node") is False else BOTH
