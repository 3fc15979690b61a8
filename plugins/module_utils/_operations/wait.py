# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: wait until the paused numbers of a wave can go on."""

from __future__ import annotations

from typing import Any, Callable, List, Mapping, NamedTuple, Optional, Sequence

from .._core.conditions import change_freeze as change_freeze_rules
from .._core.events.event import CUTOVER
from .._failure import counted
from . import change_freeze
from .context import Context, Outcome
from .module import Module, always_in, never
from .options import Freeze, Recorded, declare, handed_over, option, typed
from .poll import Poll

# Seconds between two announcements.
_REMIND = 60.0


class Codes(NamedTuple):
    """The hosts whose codes are in the file, and what keeps it from being read."""

    hosts: Sequence[str]
    trouble: str


@declare
class Options(Recorded):
    """The options of wa_wait."""

    hosts: List[str] = option("list", required=True, elements="str")
    result_var: str = option("str", required=True)
    interval: float = option("float", 2.0)
    codes_file: Optional[str] = option("path")
    codes_until: float = option("float", 0.0)
    switches: List[Mapping[str, Any]] = handed_over()
    waiting: Mapping[str, Any] = handed_over()
    soaking: List[str] = handed_over()
    codes: Callable[[], Codes] = handed_over()


def perform(options: Options, context: Context) -> Outcome:
    """Wait until no switch says pause any more, and the latest ``wait_until`` of the ``waiting`` hosts is over.

    ``waiting`` maps a host to why and until when (UTC in seconds), ``switches`` are those of these hosts. A switch that
    says stop, or cannot be read, ends the wait: the register call reports what it means.
    """
    if options.codes_file:
        return _for_codes(options, context)
    waiting = options.waiting
    wording = sorted({reported["why"] for reported in waiting.values()})
    until = max([reported.get("wait_until", 0.0) for reported in waiting.values()], default=0.0)
    began = context.clock.monotonic()
    freezes = [typed(Freeze, stated) for stated in options.switches]
    poll = Poll(context, options.interval, remind=_REMIND)
    while waiting:
        reported = [
            one for one in (change_freeze.ask(freeze, context.clock.monotonic) for freeze in freezes) if one["why"]
        ]
        if any(not change_freeze_rules.is_pause(one["why"]) for one in reported):
            break
        reasons = sorted({"%s: %s" % (one["where"], one["why"]) for one in reported})
        left = until - context.clock.now()
        if not reasons and left > 0:
            reasons = ["%.0f s are left" % left]
        if not reasons:
            break
        waits = counted(len(waiting), "number waits", "numbers wait")
        poll.wait("%s: %s" % (waits, "; ".join([*wording, *reasons])))
    result = {
        "hosts": sorted(waiting),
        "soaked": list(options.soaking or []),
        "why": wording,
        "waited": round(context.clock.monotonic() - began, 1),
    }
    return Outcome(False, result)


def _for_codes(options: Options, context: Context) -> Outcome:
    """Wait until the file has a code of at least one of the ``waiting`` hosts, which it maps to their names."""
    waiting = options.waiting
    began = context.clock.monotonic()
    poll = Poll(context, options.interval, options.codes_until - context.clock.now(), remind=_REMIND)
    while True:
        seen = options.codes()
        found = sorted(host for host in waiting if host in seen.hosts)
        names = ", ".join(str(name) for _host, name in sorted(waiting.items()))
        waits = counted(len(waiting), "number waits", "numbers wait")
        text = "%s up to %d s for a code in %s: %s" % (waits, poll.left, options.codes_file, names)
        if found or not waiting or not poll.wait(text + (". " + seen.trouble if seen.trouble else "")):
            break
    result = {
        "until": options.codes_until,
        "hosts": found,
        "left": sorted(set(waiting) - set(found)),
        "why": [seen.trouble] if seen.trouble else [],
        "waited": round(context.clock.monotonic() - began, 1),
    }
    return Outcome(False, result)


MODULE = Module(
    name="wa_wait",
    options=Options,
    run=perform,
    changes=never,
    step=False,
    controller_only=True,
    phase=always_in(CUTOVER),
)
