# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the bridge with wrk on loopback: durable events per second, and the time of an answer at a stated rate.

``python -m ansible_collections.wabiz.migration.tests.bridge.load`` prints JSON. The consumer is a process of its own,
and the deliveries run at the same time. After the load every stored event must
come to the consumer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from ..support.bridge import Bridge, signature, text

# each thread of wrk sends the requests of its own file, one after the other; a request that was sent twice is counted
LUA = """
local at = 0
function setup(thread) thread:set("number", at) at = at + 1 end
function init(args)
  requests, sent = {}, 0
  local file = io.open(args[1] .. number, "rb")
  for line in file:lines() do
    local signature, body = line:match("^(%S+) (.*)$")
    requests[#requests + 1] = wrk.format("POST", "/webhook", {["X-Hub-Signature-256"] = signature}, body)
  end
end
function request() sent = sent + 1 return requests[(sent - 1) % #requests + 1] end
"""


async def _consume(pipe: Connection) -> None:
    seen: set[str] = set()

    async def take(request: web.Request) -> web.Response:
        event = json.loads(await request.read())
        seen.add(event["messages"][0]["id"])
        return web.Response()

    async def count(_request: web.Request) -> web.Response:
        return web.json_response(len(seen))

    application = web.Application()
    application.router.add_post("/hook", take)
    application.router.add_get("/count", count)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    pipe.send(runner.addresses[0][1])
    await asyncio.Event().wait()


def _consumer(pipe: Connection) -> None:
    asyncio.run(_consume(pipe))


def prepare(folder: Path, threads: int, each: int) -> None:
    """Write signed requests, as Meta would send them, for every thread of wrk."""
    for thread in range(threads):
        with (folder / f"requests{thread}").open("wb") as file:
            for number in range(each):
                body = text(f"49{number % 500:05d}{thread}", f"wamid.{thread}.{number}", "hello " * 20)
                file.write(signature(body).encode() + b" " + body + b"\n")
    (folder / "load.lua").write_text(LUA)


def wrk(bridge: Bridge, folder: Path, seconds: int, threads: int, connections: int) -> dict[str, Any]:
    """Send as fast as the bridge answers; return what wrk has measured."""
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", folder / "load.lua"]
    done = subprocess.run(
        [*map(str, command), f"http://127.0.0.1:{bridge.port}/webhook", "--", str(folder / "requests")],
        capture_output=True,
        text=True,
        check=True,
    )
    total = re.search(r"(\d+) requests in ([\d.]+)(s|m)", done.stdout)
    assert total, done.stdout
    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    sockets = re.search(r"Socket errors: (.*)", done.stdout)
    percentiles = dict(re.findall(r"(?m)^\s+(50|90|99)%\s+(\S+)", done.stdout))
    return {
        "requests": int(total[1]),
        "per_second": round(int(total[1]) / (float(total[2]) * (60 if total[3] == "m" else 1))),
        "not_200": int(errors[1]) if errors else 0,
        "socket_errors": sockets[1] if sockets else "",
        "latency": percentiles,
    }


def cpu_seconds(bridge: Bridge) -> float:
    """Return the CPU time of all processes of the service."""
    assert bridge.process
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == bridge.process.pid:
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


async def paced(bridge: Bridge, rate: int, seconds: int) -> dict[str, Any]:
    """Send at a fixed rate, whatever the answers do; a late answer does not hold the next request up."""
    times: list[float] = []
    statuses: dict[int, int] = {}
    prepared = [text(f"48{at % 500:05d}", f"wamid.paced.{at}", "hello " * 20) for at in range(rate * seconds)]
    signed = [(body, {"X-Hub-Signature-256": signature(body)}) for body in prepared]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def one(at: int, due: float) -> None:
            body, headers = signed[at]
            url = f"http://127.0.0.1:{bridge.port}/webhook"
            async with session.post(url, data=body, headers=headers) as answer:
                await answer.read()
            times.append(time.monotonic() - due)
            statuses[answer.status] = statuses.get(answer.status, 0) + 1

        began = time.monotonic()
        tasks = []
        for at in range(rate * seconds):
            due = began + at / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            tasks.append(asyncio.create_task(one(at, due)))
        await asyncio.gather(*tasks)
    times.sort()
    shown = {f"p{q}": round(times[min(int(len(times) * q / 100), len(times) - 1)] * 1000, 1) for q in (50, 95, 99)}
    return {
        "rate": rate,
        "requests": len(times),
        "statuses": statuses,
        "ms": {**shown, "max": round(times[-1] * 1e3, 1)},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--rate", type=int, default=200)
    options = parser.parse_args()
    if not shutil.which("wrk"):
        parser.error("wrk is not installed (Debian: apt-get install wrk)")
    here, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_consumer, args=(theirs,), daemon=True)
    process.start()
    port = here.recv()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, 1, 6000 * options.seconds)
        bridge = Bridge(folder, f"http://127.0.0.1:{port}/hook", workers=options.workers).start()
        try:
            slow = asyncio.run(paced(bridge, options.rate, options.seconds))
            before = cpu_seconds(bridge)
            fast = wrk(bridge, folder, options.seconds, 1, options.connections)
            began, behind = time.monotonic(), bridge.status()["pending"]
            while bridge.status()["pending"] and time.monotonic() - began < 300:
                time.sleep(0.1)
            drained = round(time.monotonic() - began, 1)
            fast["cpu_ms_per_event"] = round((cpu_seconds(bridge) - before) * 1000 / fast["requests"], 2)
            load = os.getloadavg()[0]
            stored = bridge.metric("wabiz_bridge_events_total")
            taken = bridge.metric("wabiz_bridge_deliveries_total")
        finally:
            bridge.kill()
            process.terminate()
    fast |= {"behind_at_the_end": behind, "seconds_until_delivered": drained}
    sums = {"stored": stored, "deliveries": taken, "load_average": round(load, 1)}
    print(json.dumps({"workers": options.workers, "paced": slow, "fast": fast, **sums}))
    answered = slow["statuses"] == {200: slow["requests"]} and not fast["not_200"]
    return 0 if answered and taken >= stored else 1


if __name__ == "__main__":
    sys.exit(main())
