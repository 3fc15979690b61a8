# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is counted, for Prometheus: sums of all processes of the service, and the state of the store."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from .store import Store

REQUESTS = Counter("wabiz_bridge_webhook_requests", "Webhook requests, by the answer.", ["status", "why"])
EVENTS = Counter("wabiz_bridge_events", "Events that came in, by kind and by what became of them.", ["kind", "result"])
DELIVERIES = Counter("wabiz_bridge_deliveries", "Requests to the consumer, by outcome.", ["outcome"])
MEDIA = Counter("wabiz_bridge_media_requests", "Requests of the consumer for media, by the answer.", ["status"])
ANSWER = Histogram(
    "wabiz_bridge_answer_seconds",
    "Time from the body's first byte to the answer, of requests whose events are durable.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class StoreCollector(Collector):
    """Reads the state of the store when it is asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[GaugeMetricFamily]:
        counters, oldest = self._store.counters(), self._store.oldest()
        yield GaugeMetricFamily("wabiz_bridge_pending_events", "Events that wait.", counters["pending"])
        yield GaugeMetricFamily("wabiz_bridge_dead_letters", "Dead letters.", counters["dead"])
        age = 0.0 if oldest is None else max(0.0, time.time() - oldest)
        yield GaugeMetricFamily("wabiz_bridge_oldest_pending_seconds", "Age of the oldest event that waits.", age)


def text(store: Store) -> bytes:
    """Return the metrics of all processes in Prometheus' text format."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
    else:
        for metric in (REQUESTS, EVENTS, DELIVERIES, MEDIA, ANSWER):
            registry.register(metric)
    registry.register(StoreCollector(store))
    return generate_latest(registry)
