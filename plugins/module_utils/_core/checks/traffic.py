# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: how busy a node is, from two samples of what it counts about itself. Pure."""

from __future__ import annotations

import math
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ..._failure import Failure
from ..findings.finding import GUIDE, NOTE, WARNING, Finding

# Work that waits: (metric, where it is read). web_queue_len is not among it: it is the capacity for connections.
# Source of all names: Meta's Postman collection "WhatsApp On-Premises API", folders Health and Metrics And Statistics.
QUEUES: Tuple[Tuple[str, str], ...] = (
    ("callback_queue_size", "/v1/stats/app"),
    ("pending_messages", "/v1/stats/app"),
    ("pending_callbacks", "/v1/stats/app"),
    ("in_messages_pending_processing", "/v1/stats/app"),
    ("jobmanager_waiting_jobs", "/v1/stats/app/internal"),
    ("jobmanager_unblocked_job_queue_size", "/v1/stats/app/internal"),
    ("jobmanger_job_queue_size", "/v1/stats/app/internal"),  # as Meta spells it
    ("db_pending_messages", "/v1/stats/db"),
    ("db_pending_callbacks", "/v1/stats/db"),
    ("web_pending_connections", "/metrics"),
)
# Messages that were processed: one counter for the inbound ones, one for the outbound ones.
COUNTERS: Tuple[Tuple[str, str], ...] = (
    ("in_message_from_server", "/v1/stats/app"),
    ("out_message_sent_duration_ms_count", "/v1/stats/app"),
)
_QUEUES = tuple(name for name, _path in QUEUES)
_COUNTERS = tuple(name for name, _path in COUNTERS)
# The fewest seconds between two samples that make a rate.
SHORTEST = 1.0
BUSY = "busy"
QUIET = "quiet"
UNKNOWN = "unknown"

BUSY_NODE = Finding(
    "WM154",
    "busy",
    WARNING,
    GUIDE + ", before you start",
    title="The node is busy",
    why="Messages that users send while the number moves are silently dropped, and messages in the node's queues may "
    "be lost. The guide asks for a time of low traffic.",
    fix="Wait for low traffic, or stop the senders and let the queues run empty. To let the cutover wait, set "
    "O(quiet_wait). The limits are O(quiet_queue) and O(quiet_rate).",
    passing=True,
)
TRAFFIC_UNKNOWN = Finding(
    "WM155",
    "traffic_unknown",
    NOTE,
    "On-Premises API reference: stats, metrics",
    title="Traffic metrics are incomplete",
    why="The node did not report a metric, or the two samples of its counters are too close together for a rate. An "
    "unknown value does not count as busy.",
    fix="Nothing to do. To be sure, look at GET /v1/stats/app of the node.",
    passing=True,
)

Figures = Dict[str, Dict[str, float]]


class Limits(NamedTuple):
    """What counts as busy: a queue above ``queue``, or a counter that grows by more than ``rate`` per minute.

    ``named`` are the metrics that somebody has chosen: it is reported when the node lacks one of these.
    """

    queue: float
    rate: float
    queues: Tuple[str, ...] = _QUEUES
    counters: Tuple[str, ...] = _COUNTERS
    named: Tuple[str, ...] = ()


class Verdict(NamedTuple):
    """How busy a node is: ``busy`` and ``unknown`` are phrases, ``rates`` are per minute."""

    word: str
    busy: Tuple[str, ...]
    unknown: Tuple[str, ...]
    queues: Mapping[str, float]
    rates: Mapping[str, float]


def figures(block: Any) -> Figures:
    """Return the sum of every metric in the JSON of GET /v1/stats or /metrics, as ``gauges`` and ``counters``.

    Single: ``{"app": {"callback_queue_size": {"data": [{"value": 450}], "type": "gauge"}}}``; high availability puts a
    node's name around the metrics, so they are looked for below every name. What has no type is taken for both.
    """
    found: Figures = {"gauges": {}, "counters": {}}
    for name, kind, value in _points(block):
        for group, other in (("gauges", "counter"), ("counters", "gauge")):
            if kind != other:
                found[group][name] = found[group].get(name, 0.0) + value
    return found


def _points(block: Any) -> Iterator[Tuple[str, str, float]]:
    if not isinstance(block, Mapping):
        return
    for name, entry in block.items():
        if not isinstance(entry, Mapping) or not isinstance(entry.get("data"), list):
            yield from _points(entry)
            continue
        for point in entry["data"]:
            value = number(point.get("value")) if isinstance(point, Mapping) else None
            if value is not None:
                yield str(name), str(entry.get("type") or ""), value


def number(value: Any) -> Optional[float]:
    """Return a figure as the node gives it, None for what is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def sample(taken_at: Optional[float], blocks: Sequence[Any], unread: Sequence[str] = ()) -> Dict[str, Any]:
    """Return one sample: ``taken_at`` (UTC in seconds), ``gauges``, ``counters``, and what could not be read."""
    made: Dict[str, Any] = {"taken_at": taken_at, "gauges": {}, "counters": {}, "unread": list(unread)}
    for block in blocks:
        for group, values in figures(block).items():
            for name, value in values.items():
                made[group][name] = made[group].get(name, 0.0) + value
    return made


def figure(taken: Any, group: str, name: str) -> Optional[float]:
    """Return a figure of a sample, or of what it holds of the Webapp's metrics; None where it holds none."""
    for part in (taken, taken.get("metrics") if isinstance(taken, Mapping) else None):
        values = part.get(group) if isinstance(part, Mapping) else None
        found = number(values.get(name)) if isinstance(values, Mapping) else None
        if found is not None:
            return found
    return None


def verdict(first: Any, second: Any, limits: Limits) -> Verdict:
    """Judge a sample by itself, and its counters against an earlier one.

    A missing value is unknown and never busy. A node without any value is unknown.
    """
    queues = {name: figure(second, "gauges", name) for name in limits.queues}
    known = {name: value for name, value in queues.items() if value is not None}
    busy = [
        "%s is %g (limit %g)" % (name, value, limits.queue) for name, value in known.items() if value > limits.queue
    ]
    missing = [name for name, value in queues.items() if value is None]
    unknown = [*_strings(second), *_unreported(missing, not known, limits)]
    rates, trouble = _rates(first, second, limits)
    unknown += trouble
    busy += [
        "%s grows by %.0f a minute (limit %g)" % (name, rate, limits.rate)
        for name, rate in rates.items()
        if rate > limits.rate
    ]
    word = BUSY if busy else QUIET if known or rates else UNKNOWN
    return Verdict(word, tuple(busy), tuple(unknown), known, rates)


def _strings(taken: Any) -> Sequence[str]:
    unread = taken.get("unread") if isinstance(taken, Mapping) else None
    return [str(text) for text in unread] if isinstance(unread, list) else []


def _rates(first: Any, second: Any, limits: Limits) -> Tuple[Dict[str, float], List[str]]:
    if not limits.counters:
        return {}, []
    times = [number(taken.get("taken_at")) if isinstance(taken, Mapping) else None for taken in (first, second)]
    if times[0] is None or times[1] is None:
        return {}, ["message rates need two samples"]
    elapsed = times[1] - times[0]
    if elapsed < SHORTEST:
        return {}, ["message rates need two samples %g s apart at least" % SHORTEST]
    rates: Dict[str, float] = {}
    unknown: List[str] = []
    missing: List[str] = []
    for name in limits.counters:
        before, after = (figure(taken, "counters", name) for taken in (first, second))
        if before is None or after is None:
            missing.append(name)
        elif after < before:
            unknown.append("%s went down, as after a restart" % name)
        else:
            rates[name] = (after - before) * 60.0 / elapsed
    return rates, unknown + _unreported(missing, len(missing) == len(limits.counters), limits)


def _unreported(missing: Sequence[str], all_of_them: bool, limits: Limits) -> List[str]:
    worth = [name for name in missing if all_of_them or name in limits.named]
    return ["the node does not report %s" % ", ".join(worth)] if worth else []


def busy_failure(judged: Verdict) -> Failure:
    """Report that the node is busy: the fewer messages are on their way, the fewer a cutover can lose (guide)."""
    return BUSY_NODE.failure("; ".join(judged.busy))


def unknown_failure(judged: Verdict) -> Failure:
    """Report which part of the traffic is unknown."""
    return TRAFFIC_UNKNOWN.failure("; ".join(judged.unknown))
