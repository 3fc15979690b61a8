# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the state of a run as a document for programs, and as metrics in the text form of Prometheus. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from .event import written
from .state import RunState

SCHEMA = "wabiz.status/1"
# Numbers that are named, and reasons to wait: the document and the metrics stay small, however large the fleet.
_MOST = 100
_REASONS = 10


def document(state: RunState, now: float, unreadable: int = 0) -> Dict[str, Any]:
    """Return the status of a run. ``now`` is in seconds since the epoch; ``unreadable`` counts lines of the events."""
    seen = state.counts()
    done, most = state.progress()
    longest = state.longest(now)
    bad = state.attention()
    return {
        "schema": SCHEMA,
        "run": state.run,
        "check_mode": state.check_mode,
        "updated": written(now),
        "began": _at(state.began),
        "ended": _at(state.ended),
        "phase": state.phase,
        "wave": state.wave,
        "waves": list(state.waves),
        "numbers": seen._asdict(),
        "progress": {"moving": state.moving, "done": done, "of": most},
        "rate_per_minute": _rounded(state.rate(now)),
        "estimated_end": _at(state.end(now)),
        "longest_interruption": (
            {"seconds": round(longest.seconds, 3), "host": longest.host, "number": longest.name}
            if longest.seconds > 0
            else None
        ),
        "waits": [
            {"reason": wait.reason, "numbers": wait.numbers, "since": written(wait.since)} for wait in state.waits()
        ],
        "wave_waits_for": state.wait,
        "attention": [
            {"host": one.host, "number": one.number, "state": one.state, "text": one.text} for one in bad[:_MOST]
        ],
        "attention_left_out": max(0, len(bad) - _MOST),
        "open_requests": [one.host for one in state.open_requests()][:_MOST],
        "unreadable": unreadable,
    }


def _at(moment: Optional[float]) -> Optional[str]:
    return None if moment is None else written(moment)


def _rounded(value: Optional[float]) -> Optional[float]:
    return None if value is None else round(value, 2)


def metrics(state: RunState, now: float) -> str:
    """Return the metrics of a run as the textfile collector of node_exporter reads them."""
    seen = state.counts()._asdict()
    total = seen.pop("total")
    done, most = state.progress()
    lines: List[str] = []

    def gauge(name: str, text: str, values: Mapping[str, Optional[float]], label: str = "") -> None:
        """Add a gauge; ``values`` are by the value of ``label``, and None is left out."""
        there = [(key, value) for key, value in values.items() if value is not None]
        if not there:
            return
        full = "wabiz_migration_" + name
        lines.extend(["# HELP %s %s" % (full, text), "# TYPE %s gauge" % full])
        for key, value in there:
            labels = '{%s="%s"}' % (label, _escaped(key)) if label else ""
            lines.append("%s%s %s" % (full, labels, repr(round(float(value), 3))))

    gauge("run_info", "The run that these metrics are of.", {state.run: 1}, "run")
    gauge("run_started_timestamp_seconds", "When the run began.", {"": state.began})
    gauge("updated_timestamp_seconds", "When these metrics were written.", {"": now})
    gauge("run_ended", "Whether the run has ended.", {"": 0 if state.ended is None else 1})
    gauge("check_mode", "Whether the run changes nothing.", {"": int(state.check_mode)})
    gauge("numbers", "Numbers of the run by their state.", seen, "state")
    gauge("numbers_total", "Numbers of the run.", {"": total})
    gauge("progress_done", "Numbers that are done: read, or once numbers move, moved or failed.", {"": done})
    gauge("progress_of", "Numbers that are to be done.", {"": most})
    gauge("wave", "The wave that is moved.", {"": state.wave})
    gauge("waves", "The waves of the run.", {"": len(state.waves)})
    gauge("rate_per_minute", "Numbers that are done in a minute.", {"": state.rate(now)})
    gauge("estimated_end_timestamp_seconds", "When the last number is done at this rate.", {"": state.end(now)})
    gauge(
        "longest_interruption_seconds",
        "The longest time from a register request to its confirmation.",
        {"": state.longest(now).seconds},
    )
    waits = {wait.reason: wait.numbers for wait in state.waits()[:_REASONS]}
    gauge("waiting", "Numbers that wait, by reason.", waits, "reason")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
