# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One sample of a node's traffic. Every read of a node over a connection imports this, so it imports little."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, List, Optional

from .._api.errors import AnswerError, ApiError, AuthError
from .._api.onprem import OnPrem
from .._core.checks import traffic as traffic_rules
from .._failure import counted

READS = ("app", "app/internal", "db")
# What a managed host hands back of /metrics, in characters.
MOST_TEXT = 262144


def sample(node: OnPrem, now: Optional[Callable[[], float]], metrics: bool = False) -> Dict[str, Any]:
    """Return one sample of the statistics, with ``metrics`` of the Webapp too; it names what is not readable.

    The Webapp answers in the text form of Prometheus (``metrics_text``, which only the controller has a parser for) or
    in JSON, as ``metrics``. Raises nothing of the API's: a node need not tell its traffic.
    """
    blocks: List[Any] = []
    unread: List[str] = []
    text = ""
    for name in (*READS, "metrics") if metrics else READS:
        try:
            if name == "metrics":
                text = node.metrics_text()
            else:
                blocks.append(node.stats(name))
        except ApiError as error:
            unread.append(
                "%s: %s [%s]"
                % (name if name == "metrics" else "stats/" + name, error.failure.title, error.failure.code)
            )
            # The next read of a node that is gone, or that refuses the login, would only cost the same time again.
            if isinstance(error, AuthError) or not isinstance(error, AnswerError):
                break
    taken = traffic_rules.sample(None if now is None else now(), blocks, unread)
    return {**taken, **_metrics(text, taken["unread"])}


def _metrics(text: str, unread: List[str]) -> Dict[str, Any]:
    if not text.strip():
        return {}
    if len(text) > MOST_TEXT:
        unread.append("metrics: more than %s" % counted(MOST_TEXT, "character"))
        return {}
    if not text.lstrip().startswith("{"):
        return {"metrics_text": text}
    try:
        return {"metrics": traffic_rules.figures(json.loads(text))}
    except ValueError:
        unread.append("metrics: neither JSON nor the text form of Prometheus")
        return {}
