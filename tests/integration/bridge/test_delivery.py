# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Delivery: kills, a consumer that is down or refuses, a full store, stops, several workers."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.wabiz.migration.tests.bridge import kills
from ansible_collections.wabiz.migration.tests.support import smalldisk
from ansible_collections.wabiz.migration.tests.support.bridge import Consumer, running, text, wait_for
from ansible_collections.wabiz.migration.tests.support.smalldisk import SmallDisk


@pytest.fixture
def consumer() -> Iterator[Consumer]:
    made = Consumer()
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_nothing_is_lost_or_out_of_order_under_kills(tmp_path: Path, workers: int) -> None:
    figures = asyncio.run(kills.run(4, workers, 7, tmp_path))
    assert kills.good(figures), figures


def test_a_fault_of_order_is_seen() -> None:
    harness = kills.Harness(kills.random.Random(1))
    harness.answered.update(a=[0, 1, 2], b=[0, 1], c=[0, 1])
    harness.arrived.update(a=[0, 0, 2, 1], b=[0], c=[0, 1, 0])
    assert harness.faults() == (1, 1, 1, 2)


def test_a_consumer_that_is_down_gets_everything_in_order_later(tmp_path: Path) -> None:
    gone = Consumer()
    port = gone.port
    gone.close()
    with running(tmp_path, f"http://127.0.0.1:{port}/hook", retry={"max_tries": 1}) as bridge:
        for at in range(60):
            assert bridge.post(text(f"49{at % 6}", f"wamid.{at % 6}.{at}")) == 200
        wait_for(lambda: 'outcome="down"' in bridge.get("/metrics")[1].decode())
        assert bridge.status()["pending"] == 60 and bridge.metric("wabiz_bridge_oldest_pending_seconds") > 0
        # one probe at a time, and not one for each contact
        before = bridge.metric("wabiz_bridge_deliveries_total")
        time.sleep(1.0)
        assert bridge.metric("wabiz_bridge_deliveries_total") - before <= 15
        back = Consumer(port)
        try:
            wait_for(lambda: len(back.ids()) == 60)
            for contact in range(6):
                got = [int(one.split(".")[2]) for one in back.ids() if one.split(".")[1] == str(contact)]
                assert got == sorted(got)
            wait_for(lambda: bridge.status() == {"pending": 0, "dead": 0, "oldest": None})
        finally:
            back.close()


def test_what_is_refused_is_a_dead_letter_and_can_be_replayed(tmp_path: Path, consumer: Consumer) -> None:
    consumer.answers = [400, 400, 500]
    with running(tmp_path, consumer.url, retry={"max_tries": 3}) as bridge:
        assert [bridge.post(text("491", f"wamid.{at}")) for at in range(2)] == [200, 200]
        wait_for(lambda: consumer.ids() == ["wamid.1"])
        assert bridge.status()["dead"] == 1
        listed = bridge.run("dead", "list").stdout
        assert "refused 3 times; last: answered 500" in listed and "hello" not in listed
        shown = json.loads(bridge.run("dead", "show", "1").stdout)
        assert shown["body"]["messages"][0]["text"] == {"body": "hello"} and shown["contact"] == "491"
        assert bridge.run("dead", "replay", "--id", "1").returncode == 0
        wait_for(lambda: consumer.ids() == ["wamid.1", "wamid.0"])
        missing = bridge.run("dead", "drop", "--id", "1")
        assert missing.returncode == 1 and "no such dead letter: 1" in missing.stderr


def test_a_refused_event_holds_up_its_own_contact_only(tmp_path: Path, consumer: Consumer) -> None:
    with running(tmp_path, consumer.url, retry={"first": 1.0, "longest": 1.0}) as bridge:
        consumer.answers = [400]
        assert bridge.post(text("491", "wamid.a")) == 200
        wait_for(lambda: not consumer.answers)
        assert [bridge.post(text(one, f"wamid.{one}")) for one in ("491", "492")] == [200, 200]
        wait_for(lambda: len(consumer.ids()) == 3)
        assert consumer.ids() == ["wamid.492", "wamid.a", "wamid.491"]


def test_a_full_store_is_503_and_recovers(tmp_path: Path, consumer: Consumer) -> None:
    consumer.seconds = 30.0
    with running(tmp_path, consumer.url, max_database=200_000, consumer_seconds=60.0) as bridge:
        statuses = [bridge.post(text(f"49{at}", f"wamid.{at}", "x" * 4000)) for at in range(80)]
        assert statuses[0] == 200 and statuses[-1] == 503 and set(statuses) == {200, 503}
        status, answer = bridge.get("/healthz")
        assert status == 503 and b"full" in answer
        stored = statuses.count(200)
        assert bridge.status()["pending"] == stored
        bridge.kill()
    consumer.seconds, consumer.events = 0.0, []
    with running(tmp_path, consumer.url, max_database=200_000) as bridge:
        wait_for(lambda: len(set(consumer.ids())) == stored)
        wait_for(lambda: bridge.post(text("490", "wamid.new", "x" * 4000)) == 200)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with smalldisk.mounted(tmp_path / "disk", "1m") as disk:
        yield disk


def test_a_full_disk_is_503_and_recovers(tmp_path: Path, small_disk: SmallDisk, consumer: Consumer) -> None:
    with running(tmp_path / "b", consumer.url, database=str(small_disk.path / "bridge.db")) as bridge:
        assert bridge.post(text("491", "wamid.0")) == 200
        filler = small_disk.fill()
        statuses = [bridge.post(text("491", f"wamid.f{at}", "x" * 9000)) for at in range(40)]
        assert 503 in statuses
        filler.unlink()
        wait_for(lambda: bridge.post(text("491", "wamid.last")) == 200)
        good = [f"wamid.f{at}" for at, status in enumerate(statuses) if status == 200]
        wait_for(lambda: "wamid.last" in consumer.ids())
        # what was answered 503 may have come as well, if Meta had sent it again; what was answered 200 must have
        assert [one for one in consumer.ids() if one.startswith("wamid.f")] == good


def test_too_little_space_and_too_many_events_are_503(tmp_path: Path) -> None:
    with running(tmp_path / "a", "http://127.0.0.1:9/", min_free=2**60) as bridge:
        assert bridge.post(text("491", "wamid.1")) == 503 and bridge.status()["pending"] == 0
        assert bridge.get("/healthz")[0] == 503
    with running(tmp_path / "b", "http://127.0.0.1:9/", max_pending=3) as bridge:
        answers = []
        wait_for(lambda: answers.append(bridge.post(text("491", f"wamid.{len(answers)}"))) or answers[-1] == 503)
        assert 3 <= bridge.status()["pending"] == answers.count(200)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stop_finishes_what_is_under_way(tmp_path: Path, consumer: Consumer, workers: int) -> None:
    consumer.seconds = 1.0
    with running(tmp_path, consumer.url, workers=workers) as bridge:
        assert bridge.post(text("491", "wamid.1")) == 200
        wait_for(lambda: consumer.ids() == ["wamid.1"])
        assert bridge.stop() in (0, -signal.SIGTERM)
        # the delivery that was under way is recorded, and not made again
        assert bridge.status() == {"pending": 0, "dead": 0, "oldest": None}


def test_another_worker_delivers_when_one_is_killed(tmp_path: Path, consumer: Consumer) -> None:
    with running(tmp_path, consumer.url, workers=2) as bridge:
        assert bridge.process
        stopping = threading.Event()
        sent: list[str] = []

        def send() -> None:
            while not stopping.is_set():
                try:
                    if bridge.post(text("491", f"wamid.{len(sent)}")) == 200:
                        sent.append(f"wamid.{len(sent)}")
                except OSError:
                    time.sleep(0.01)

        thread = threading.Thread(target=send)
        thread.start()
        try:
            for _at in range(2):
                wait_for(lambda: len(sent) > 5)
                children = Path(f"/proc/{bridge.process.pid}/task/{bridge.process.pid}/children").read_text().split()
                os.kill(int(children[-1]), signal.SIGKILL)
                before = len(consumer.ids())
                wait_for(lambda at=before: len(consumer.ids()) > at + 5)
        finally:
            stopping.set()
            thread.join()
        wait_for(lambda: set(sent) <= set(consumer.ids()))
        got = [int(one.split(".")[1]) for one in consumer.ids()]
        assert got == sorted(got)
