# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the state of a run, folded from its events. Pure: who asks hands in the time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Set, Tuple

from ..facts import phone_number
from . import event as rules
from . import outcome as outcomes

# What a number is in beside its outcomes.
UNTOUCHED = "untouched"
UNDER_WAY = "under_way"
READY = "ready"
# Seconds of moving, and numbers, before a rate says something.
_SECONDS, _NUMBERS = 1.0, 2
_COUNTED = (
    outcomes.MOVED,
    outcomes.WOULD_MOVE,
    UNDER_WAY,
    outcomes.WAITING,
    outcomes.FAILED,
    outcomes.BLOCKED,
    outcomes.UNKNOWN,
)
_MOVING = (rules.PREPARE, rules.CUTOVER)


@dataclass
class NumberState:
    """What is known of one number. Moments are seconds since the epoch, None where there is none."""

    host: str
    number: str = ""
    state: str = UNTOUCHED
    phase: str = ""
    step: str = ""
    wave: Optional[int] = None
    reason: str = ""  # why it waits
    waits_since: Optional[float] = None
    text: str = ""  # about its outcome
    sent_at: Optional[float] = None  # while the answer of its register request is not clear
    interruption: float = 0.0  # seconds

    @property
    def name(self) -> str:
        return phone_number.name(self.number, self.host) if self.number else self.host


class Counts(NamedTuple):
    """How many numbers are in which state; they add up to ``total``."""

    total: int
    moved: int
    would_move: int
    under_way: int
    waiting: int
    failed: int
    blocked: int
    unknown: int
    unchanged: int
    left: int

    @property
    def attention(self) -> int:
        """Return how many numbers need somebody."""
        return self.failed + self.blocked + self.unknown


class Wait(NamedTuple):
    """A reason to wait, how many numbers wait for it, and since when the first of them does."""

    reason: str
    numbers: int
    since: float


class Interruption(NamedTuple):
    """The longest time between a register request and the confirmation, in seconds, and the number that it is of."""

    seconds: float
    host: str
    name: str


@dataclass
class RunState:
    """A run, as far as its events tell. :meth:`take` is handed one event after another."""

    run: str = ""
    check_mode: bool = False
    phase: str = ""
    title: str = ""  # of a playbook other than migrate
    states: Dict[str, int] = field(default_factory=dict)  # its numbers by the states of its table
    began: Optional[float] = None
    last: Optional[float] = None  # the latest event
    ended: Optional[float] = None
    expected: int = 0
    planned: Optional[int] = None  # numbers to move
    waves: List[int] = field(default_factory=list)  # their sizes
    wave: Optional[int] = None
    wait: str = ""  # of the whole wave
    numbers: Dict[str, NumberState] = field(default_factory=dict)
    read: Set[str] = field(default_factory=set)  # hosts whose preflight has ended
    finished: Set[str] = field(default_factory=set)  # hosts whose cutover has
    moving_since: Optional[float] = None
    _longest: Interruption = field(default_factory=lambda: Interruption(0.0, "", ""))

    def take(self, event: Mapping[str, Any]) -> None:
        """Take an event, in the order of the file."""
        at, kind, data = rules.moment_of(event["at"]), event["event"], event.get("data") or {}
        self.run = event["run"] or self.run
        self.check_mode = bool(event.get("check_mode"))
        self.began = at if self.began is None else min(self.began, at)
        self.last = at if self.last is None else max(self.last, at)
        if kind == rules.RUN_STARTED:
            self.ended = None
            self.expected = _count(data.get("numbers"))
        elif kind == rules.RUN_ENDED:
            self.ended = at
        if kind != rules.NUMBER_ENDED:
            self.phase = event["phase"] or self.phase
            self.wave = event["wave"] if event["wave"] is not None else self.wave
        if data.get("title"):
            self.title = str(data["title"])
            self.states = {str(word): _count(count) for word, count in (data.get("states") or {}).items()}
        if "ready" in data:
            self.planned = _count(data["ready"])
            self.waves = [_count(size) for size in data.get("waves") or []]
        if event["host"]:
            self._take_of_number(self._number(event), event, at)
        elif kind == rules.WAITING:
            self.wait = event["text"]
        elif kind in (rules.WAIT_ENDED, rules.STEP_ENDED):
            self.wait = ""

    def _number(self, event: Mapping[str, Any]) -> NumberState:
        number = self.numbers.setdefault(event["host"], NumberState(event["host"]))
        number.number = event["number"] or number.number or event["phone_number_id"]
        number.wave = event["wave"] if event["wave"] is not None else number.wave
        return number

    def _take_of_number(self, number: NumberState, event: Mapping[str, Any], at: float) -> None:
        kind, phase = event["event"], event["phase"]
        if kind in (rules.STEP_STARTED, rules.REGISTER_SENT) and phase in _MOVING and self.moving_since is None:
            self.moving_since = at
        number.phase = phase or number.phase
        if kind == rules.WAITING:
            if number.state not in (outcomes.MOVED, outcomes.WOULD_MOVE):
                number.state = outcomes.WAITING
            number.waits_since = at if number.reason != event["text"] else number.waits_since
            number.reason = event["text"]
            return
        number.reason, number.waits_since = "", None
        if kind == rules.STEP_STARTED:
            number.step = event["step"]
            if phase != rules.VERIFY or number.state == outcomes.WAITING:
                number.state = UNDER_WAY
        elif kind == rules.STEP_ENDED:
            number.step = ""
            self._step_ended(number, event)
        elif kind == rules.WAIT_ENDED:
            number.state = UNDER_WAY if number.state == outcomes.WAITING else number.state
        elif kind == rules.REGISTER_SENT:
            number.sent_at, number.state = at, UNDER_WAY
        elif kind == rules.REGISTER_ANSWERED:
            if event["outcome"] == outcomes.FAILED:
                self._interrupted(number, at)
        elif kind == rules.CONFIRMED:
            self._interrupted(number, at)
            number.state = event["outcome"] or outcomes.MOVED
        elif kind in (rules.OUTCOME, rules.NUMBER_ENDED):
            self._judged(number, event)

    def _step_ended(self, number: NumberState, event: Mapping[str, Any]) -> None:
        if event["phase"] == rules.PREFLIGHT:
            self.read.add(number.host)
            if number.state in (UNDER_WAY, outcomes.WAITING):
                number.state = READY

    def _judged(self, number: NumberState, event: Mapping[str, Any]) -> None:
        word = event["outcome"]
        if word in ("", outcomes.WAITING):
            return
        number.text = event["text"]
        waits = word in outcomes.FOR_A_PERSON
        number.state = READY if word == outcomes.OK else outcomes.WAITING if waits else word
        if event["phase"] == rules.PREFLIGHT:
            self.read.add(number.host)
        elif word != outcomes.OK and (event["phase"] in _MOVING or number.wave is not None):
            self.finished.add(number.host)

    def _interrupted(self, number: NumberState, until: float) -> None:
        if number.sent_at is None:
            return
        number.interruption = max(number.interruption, until - number.sent_at)
        number.sent_at = None
        if number.interruption > self._longest.seconds:
            self._longest = Interruption(number.interruption, number.host, number.name)

    # -----------------------------------------------------------------------------------------------------------------
    # Questions

    def counts(self) -> Counts:
        """Return how many numbers are in which state."""
        found: Dict[str, int] = {}
        for number in self.numbers.values():
            found[number.state] = found.get(number.state, 0) + 1
        unchanged = found.get(outcomes.UNCHANGED, 0) + found.get(outcomes.CHANGED, 0)
        total = max(self.expected, len(self.numbers))
        named = {state: found.get(state, 0) for state in _COUNTED}
        return Counts(total=total, unchanged=unchanged, left=total - sum(named.values()) - unchanged, **named)

    def waits(self) -> List[Wait]:
        """Return the reasons to wait, the one of most numbers first."""
        found: Dict[str, Wait] = {}
        for number in self.numbers.values():
            if number.reason and number.waits_since is not None:
                seen = found.get(number.reason, Wait(number.reason, 0, number.waits_since))
                since = min(seen.since, number.waits_since)
                found[number.reason] = Wait(number.reason, seen.numbers + 1, since)
        return sorted(found.values(), key=lambda wait: (-wait.numbers, wait.since, wait.reason))

    def attention(self) -> List[NumberState]:
        """Return the numbers that need somebody, those first of which least is known."""
        order = {state: at for at, state in enumerate(outcomes.ATTENTION)}
        return sorted(
            (number for number in self.numbers.values() if number.state in order),
            key=lambda number: (order[number.state], number.host),
        )

    def open_requests(self) -> List[NumberState]:
        """Return the numbers whose register request was sent, and whose outcome no event tells."""
        return [number for number in self.numbers.values() if number.sent_at is not None]

    @property
    def moving(self) -> bool:
        """Tell whether numbers are being moved, so that the progress is that of the cutovers."""
        return self.moving_since is not None

    def progress(self) -> Tuple[int, int]:
        """Return how many numbers are done, and of how many: those to be moved, before that those to be read."""
        if self.moving:
            most = self.counts().total if self.planned is None else self.planned
            return len(self.finished), max(most, len(self.finished))
        return len(self.read), self.counts().total

    def rate(self, now: float) -> Optional[float]:
        """Return how many numbers a minute are done, None where it is too early to tell."""
        since = self.moving_since if self.moving else self.began
        done, _all = self.progress()
        until = min(now, self.ended or now)
        if since is None or until - since < _SECONDS or done < _NUMBERS:
            return None
        return done * 60.0 / (until - since)

    def end(self, now: float) -> Optional[float]:
        """Return when the last number is done at this rate, in seconds since the epoch; None where that is unknown."""
        rate = self.rate(now)
        done, most = self.progress()
        if rate is None or self.ended is not None or done >= most:
            return None
        return now + (most - done) * 60.0 / rate

    def longest(self, now: float) -> Interruption:
        """Return the longest interruption so far, those that are not over included."""
        until = min(now, self.ended or now)
        longest = self._longest
        for number in self.open_requests():
            seconds = until - (number.sent_at or until)
            if seconds > longest.seconds:
                longest = Interruption(seconds, number.host, number.name)
        return longest


def _count(value: Any) -> int:
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0 else 0


def fold(events: List[Dict[str, Any]]) -> RunState:
    """Return the state of the run that has these events."""
    state = RunState()
    for one in events:
        state.take(one)
    return state
