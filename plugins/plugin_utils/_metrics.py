# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text form of Prometheus, read on the controller: managed hosts have no library for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils import _runner
from ..module_utils._core.checks import traffic
from ..module_utils._operations import traffic as operation
from ..module_utils._operations.context import Context, Params

parser: Any
try:
    from prometheus_client import parser
except ImportError:
    parser = None

MISSING = (
    "metrics: the Python package prometheus-client is missing on the controller (pip install prometheus-client, or "
    "take it into the execution environment)"
)


def figures(text: str) -> traffic.Figures:
    """Return the sum of every metric as ``gauges`` and ``counters``; one without a type is taken for both.

    Raises ValueError for what is not this form.
    """
    found: traffic.Figures = {"gauges": {}, "counters": {}}
    for family in parser.text_string_to_metric_families(text):
        for point in family.samples:
            # The parser gives a counter the ending that newer forms ask for; the node's own name is wanted.
            own = family.type == "counter" and point.name == family.name + "_total"
            names = {point.name, family.name} if own else {point.name}
            value = traffic.number(point.value)
            if value is None:
                continue
            for group, other in (("gauges", "counter"), ("counters", "gauge")):
                if family.type != other:
                    for name in names:
                        found[group][name] = found[group].get(name, 0.0) + value
    return found


def fold(sample: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sample with ``metrics`` in the place of ``metrics_text``; ``unread`` names what cannot be read."""
    made = {**sample, "unread": list(sample.get("unread") or [])}
    text = made.pop("metrics_text", None)
    if not isinstance(text, str):
        return made
    if parser is None:
        made["unread"].append(MISSING)
        return made
    try:
        made["metrics"] = figures(text)
    except Exception:  # noqa: BLE001 - what the library raises for odd text is not one kind of error
        made["unread"].append("metrics: neither JSON nor the text form of Prometheus")
    return made


def judged(params: Params, context: Context, sample: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task result for a sample whose text this controller has read."""
    folded = fold(sample)
    return _runner.carry_out(
        lambda options, _context: operation.judge(options, folded, context.clock.now(), context.name),
        operation.MODULE.typed(params),
        context,
        False,
    )
