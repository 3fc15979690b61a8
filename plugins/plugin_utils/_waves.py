# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waves of a run as its workers share them: who may begin, and what has become of the numbers before."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

from ..module_utils._core.conditions import failure_limit
from ..module_utils._core.fleet import turn as rules
from ..module_utils._core.fleet.turn import Turn, Wave
from . import _shared

_PLAN = "waves"
_HOSTS = "hosts of the waves"
# Seconds between two looks at the waves before, and after which a wait is worth a line.
_LOOK = 0.2
_PATIENCE = 2.0


class Plan(NamedTuple):
    """The waves that the preflight of this run has planned.

    sizes: the numbers of each wave. kept_out: hosts that need somebody, and do not move. total: the numbers of the run.
    failed: those of them that count for the failure limit before the first wave. soak: in seconds.
    """

    name: str
    sizes: tuple[int, ...]
    kept_out: tuple[str, ...]
    total: int
    failed: int
    max_failed: int | None
    max_failed_percent: float | None
    soak: float


def publish(order: Mapping[str, int], plan: Plan) -> None:
    """Let the later tasks of this run go by ``plan``; ``order`` maps each host that moves to its wave, from 1."""
    name = hashlib.sha256(os.urandom(16)).hexdigest()[:16]
    _shared.raise_flag(_HOSTS + name, "\n" + "".join("%s\t%d\n" % pair for pair in order.items()))
    _shared.raise_flag(_PLAN, json.dumps(plan._replace(name=name)._asdict()))


def forget() -> None:
    """Let no later task go by the plan of an earlier preflight of this run."""
    if _shared.raised(_PLAN):
        _shared.raise_flag(_PLAN, "")


def published() -> Plan | None:
    """Return the plan of this run, None where no preflight has made one."""
    text = _shared.raised(_PLAN)
    if not text:
        return None
    found = json.loads(text)
    return Plan(**{**found, "sizes": tuple(found["sizes"]), "kept_out": tuple(found["kept_out"])})


def hosts(plan: Plan) -> list[str]:
    """Return the hosts of all waves in their order."""
    return [line.partition("\t")[0] for line in _order(plan).split("\n") if line]


def order(plan: Plan) -> dict[str, int]:
    """Return the wave of each host."""
    rows = (line.split("\t") for line in _order(plan).split("\n") if line)
    return {host: int(wave) for host, wave in rows}


def wave_of(plan: Plan, host: str) -> int | None:
    """Return the wave of a host, None where it is in none."""
    text = _order(plan)
    mark = "\n%s\t" % host
    at = text.find(mark)
    return None if at < 0 else int(text[at + len(mark) : text.index("\n", at + 1)])


def _order(plan: Plan) -> str:
    return _shared.raised(_HOSTS + plan.name) or "\n"


def record(plan: Plan, host: str, state: str) -> None:
    """Let the other workers know what has become of a host of a wave."""
    _shared.move_on(_folder(plan, wave_of(plan, host) or 0), host, state, rules.STATES)


def of_wave(plan: Plan, wave: int) -> Wave:
    """Return a wave as it is now."""
    states, changed = _shared.members(_folder(plan, wave))
    return Wave(plan.sizes[wave - 1], Counter(states.values()), max(0.0, time.time() - changed))


def turn(plan: Plan, wave: int, waited: float) -> Turn:
    """Return whether a number of ``wave`` may begin."""
    most = failure_limit.limits(plan.max_failed, plan.max_failed_percent)
    earlier = [of_wave(plan, at) for at in range(1, wave)]
    return rules.turn(earlier, most, plan.total, plan.failed, plan.soak, waited)


def await_turn(plan: Plan, wave: int, alive: Callable[[], bool], announce: Callable[[str], None]) -> Turn:
    """Wait while numbers of the waves before are under way, and return what the number does then.

    ``alive`` tells whether somebody waits for this worker. One worker of each wave announces why the wave waits.
    """
    began = time.monotonic()
    announced = False
    while True:
        waited = time.monotonic() - began
        found = turn(plan, wave, waited)
        if found.word != rules.HOLD or not alive():
            return found
        if waited >= _PATIENCE and not announced:
            announced = True
            with contextlib.suppress(FileExistsError):
                _shared.made("announced %s" % _folder(plan, wave))
                announce("Wave %d waits: %s" % (wave, found.why))
        time.sleep(_LOOK)


def soaking(plan: Plan) -> list[str]:
    """Return the hosts to look at again, after their soak time, before the next wave begins."""
    if plan.soak <= 0:
        return []
    waves = [of_wave(plan, at) for at in range(1, len(plan.sizes) + 1)]
    at = rules.soaks(waves)
    if at is None:
        return []
    states, _changed = _shared.members(_folder(plan, at))
    well = {host for host, state in states.items() if state == rules.WELL}
    return [host for host, wave in order(plan).items() if wave == at and _shared.member(host) in well]


def _folder(plan: Plan, wave: int) -> str:
    return "wave %d of %s" % (wave, plan.name)
