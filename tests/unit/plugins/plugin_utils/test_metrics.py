# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of _metrics: the text form of Prometheus as a node writes it, and all that is none."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.plugin_utils import _metrics
from hypothesis import given
from hypothesis import strategies as st

TEXT = """\
# HELP web_pending_connections Current number of pending connections in the queue
# TYPE web_pending_connections gauge
web_pending_connections{node="06475793be9d"} 3
web_pending_connections{node="16475793be9d"} 4
# HELP web_connections Total number of connections accepted
# TYPE web_connections counter
web_connections{node="06475793be9d"} 23933
# TYPE things_total counter
things_total 2
api_requests{method="GET_v1_health",result="200"} 5
odd NaN
"""


def test_the_names_are_the_nodes_own():
    found = _metrics.figures(TEXT)
    assert found["gauges"] == {"web_pending_connections": 7.0, "api_requests": 5.0}
    assert found["counters"]["web_connections"] == 23933.0 and found["counters"]["things_total"] == 2.0
    assert found["counters"]["api_requests"] == 5.0


def test_folding_takes_the_text_away():
    made = _metrics.fold({"taken_at": 1.0, "gauges": {}, "counters": {}, "unread": ["x"], "metrics_text": TEXT})
    assert "metrics_text" not in made and made["unread"] == ["x"]
    assert made["metrics"]["gauges"]["web_pending_connections"] == 7.0
    assert _metrics.fold(made) == made


@pytest.mark.parametrize("text", ["<html>login</html>", "a{b 1", "a b c", 'x{y="z"'])
def test_what_is_no_metrics_is_reported(text):
    made = _metrics.fold({"unread": [], "metrics_text": text})
    assert "metrics" not in made and "neither JSON nor" in made["unread"][0]


@given(st.text(max_size=200))
def test_any_text_is_survived(text):
    made = _metrics.fold({"unread": [], "metrics_text": text})
    assert ("metrics" in made) != bool(made["unread"])


def test_without_the_library_its_name_is_reported(monkeypatch):
    monkeypatch.setattr(_metrics, "parser", None)
    made = _metrics.fold({"unread": [], "metrics_text": TEXT})
    assert "prometheus-client" in made["unread"][0] and "controller" in made["unread"][0]
