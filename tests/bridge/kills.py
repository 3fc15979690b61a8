# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills the bridge at random moments under load, and counts: what was answered 200, and what the consumer got.

``python -m ansible_collections.wabiz.migration.tests.bridge.kills --kills 100`` exits with 0 only when no event is
lost, none is out of order for its contact, and none comes again after a later one of its contact.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web

from ..support.bridge import Bridge, signature, text

CONTACTS = 40
DRAIN_SECONDS = 600


@dataclass
class Harness:
    """Clients that send as Meta does, again until they are answered 200, and the consumer."""

    chance: random.Random
    answered: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    arrived: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    pause: float = 0.0
    repeated: int = 0
    refused: int = 0
    down: bool = False
    ending: bool = False

    async def consume(self, request: web.Request) -> web.Response:
        """Note an event; answer an error now and then, before or after it has been noted."""
        event = await request.json()
        if self.down or self.chance.random() < 0.01:
            return web.Response(status=503 if self.down else 500)
        contact, number = event["messages"][0]["id"].split(".")[1:]
        self.arrived[contact].append(int(number))
        return web.Response()

    async def send(self, contact: str, bridge: Bridge) -> None:
        """Send the events of a contact one after the other, each until it is answered 200, and some twice."""
        number = 0
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
            while not self.ending:
                body = text(contact, f"wamid.{contact}.{number}")
                headers = {"X-Hub-Signature-256": signature(body)}
                try:
                    url = f"http://127.0.0.1:{bridge.port}/webhook"
                    async with session.post(url, data=body, headers=headers) as answer:
                        good = answer.status == 200
                except (aiohttp.ClientError, TimeoutError, OSError):
                    good = False
                if not good:
                    self.refused += 1
                    await asyncio.sleep(0.02)
                    continue
                if not self.answered[contact] or self.answered[contact][-1] != number:
                    self.answered[contact].append(number)
                if self.chance.random() < 0.02:
                    self.repeated += 1
                    continue
                number += 1
                await asyncio.sleep(self.pause)

    def faults(self) -> tuple[int, int, int, int]:
        """Return how many events are lost, out of order, came again behind a later one, and came more than once."""
        lost = disorder = late = twice = 0
        for contact, numbers in self.answered.items():
            first: list[int] = []
            held: set[int] = set()
            for number in self.arrived[contact]:
                if number not in held:
                    first.append(number)
                    held.add(number)
                else:
                    twice += 1
                    late += number != first[-1]
            lost += len(set(numbers) - held)
            disorder += sum(1 for before, after in itertools.pairwise(first) if after < before)
        return lost, disorder, late, twice


async def run(
    kills: int, workers: int, seed: int, folder: Path, *, outage: float = 0.0, pause: float = 0.0
) -> dict[str, float]:
    """Run the whole thing and return the figures.

    outage: seconds for which the consumer is down in the middle; pause: seconds between the events of a contact.
    """
    harness = Harness(random.Random(seed), pause=pause)
    application = web.Application()
    application.router.add_post("/hook", harness.consume)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    retry = {"max_tries": 1000, "max_age": 86400}
    bridge = Bridge(folder, f"http://127.0.0.1:{port}/hook", workers=workers, retry=retry)
    began = time.monotonic()
    try:
        await asyncio.to_thread(bridge.start)
        clients = [asyncio.create_task(harness.send(f"49{at:03d}", bridge)) for at in range(CONTACTS)]
        for at in range(kills):
            await asyncio.sleep(harness.chance.uniform(0.0, 0.6))
            bridge.kill()
            await asyncio.to_thread(bridge.start)
            if outage and at == kills // 2:
                harness.down = True
                await asyncio.sleep(outage)
                harness.down = False
        harness.ending = True
        await asyncio.gather(*clients)
        until = time.monotonic() + DRAIN_SECONDS
        while (await asyncio.to_thread(bridge.status))["pending"] and time.monotonic() < until:
            await asyncio.sleep(0.1)
        state = await asyncio.to_thread(bridge.status)
    finally:
        bridge.kill()
        await runner.cleanup()
    lost, disorder, late, twice = harness.faults()
    return {
        "kills": kills,
        "workers": workers,
        "seconds": round(time.monotonic() - began, 1),
        "answered_200": sum(map(len, harness.answered.values())),
        "repeated_by_sender": harness.repeated,
        "not_answered_200": harness.refused,
        "lost": lost,
        "out_of_order": disorder,
        "again_after_a_later_one": late,
        "delivered_more_than_once": twice,
        "pending": state["pending"],
        "dead": state["dead"],
        "tracebacks": bridge.log.count("Traceback"),
    }


def good(figures: dict[str, float]) -> bool:
    """Tell whether nothing went wrong in a run that did something."""
    wrong = ("lost", "out_of_order", "again_after_a_later_one", "pending", "dead", "tracebacks")
    return figures["answered_200"] > 0 and not any(figures[name] for name in wrong)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--outage", type=float, default=0.0, help="seconds for which the consumer is down")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between the events of a contact")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = run(
            options.kills,
            options.workers,
            options.seed,
            Path(folder),
            outage=options.outage,
            pause=options.pause,
        )
        figures = asyncio.run(work)
    print(json.dumps(figures))
    return 0 if good(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
