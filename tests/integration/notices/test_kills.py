# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notices under kill -9 at every write and request, at random moments, and by two runs at once: nobody gets two.

The oracle is the ledger of the simulator, which has a line for every message, with the digest of its recipient.
"""

from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import notice
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import recipients
from ansible_collections.wabiz.migration.tests.support import ansible_run, killed_notice
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet

COUNT = 4
RANDOM = 40
SEED = 20261128
FLEET = fleet.generate(1)
FLEET["numbers"][0].update(location="cloud", switches={"latency_ms": 30})
FLEET["wabas"][0]["templates"] = [{"name": "ends", "components": [{"type": "BODY", "text": "We end."}]}]
ONE, WABA = FLEET["numbers"][0]["phone_number_id"], FLEET["wabas"][0]["id"]
# An intent and an outcome of each recipient; the directory is synced twice and after the first line.
POINTS = [["write", which, moment] for which in range(1, 2 * COUNT + 1) for moment in killed_notice.MOMENTS["write"]]
POINTS += [["sync", which, moment] for which in range(1, 2 * COUNT + 4) for moment in killed_notice.MOMENTS["sync"]]
POINTS += [["request", which, moment] for which in range(1, COUNT + 1) for moment in killed_notice.MOMENTS["request"]]


@pytest.fixture(scope="module")
def sim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator.start(tmp_path_factory.mktemp("simulator"), FLEET) as running:
        yield running
        assert "Traceback" not in running.log, running.log


class Cases:
    """Lists of recipients of their own, with a state directory each."""

    def __init__(self, sim: Simulator, where: Path) -> None:
        self.sim = sim
        self.where = where
        self.numbers: list[list[str]] = []
        self.began = len(sim.ledger())

    def args(self, count: int = COUNT) -> dict[str, Any]:
        at = len(self.numbers)
        self.numbers.append([f"491555{at:04d}{entry:03d}" for entry in range(count)])
        path = self.where / f"{at}.txt"
        path.write_text("".join(f"+{number}\n" for number in self.numbers[at]))
        path.chmod(0o600)
        word = notice.confirmation(ONE, "ends", "en_US", [], recipients.parse(path.read_text()))
        return {
            "phone_number_id": ONE,
            "waba_id": WABA,
            "state_dir": str(self.where / f"state-{at}"),
            "template": "ends",
            "recipients_file": str(path),
            "confirm": word,
            "per_minute": 4800,
            "access_token": fleet.TOKEN,
            "graph_url": self.sim.graph_url,
            "graph_ca_path": self.sim.ca_path,
            "graph_retry_for": 5,
        }

    def run(self, jobs: list[Any]) -> list[Any]:
        done = subprocess.run(
            [sys.executable, "-m", killed_notice.__name__, str(self.where)],
            input=json.dumps(jobs),
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
            env={**ansible_run.clean_environment(self.where), "PYTHONPATH": str(ansible_run.COLLECTIONS)},
        )
        assert done.returncode == 0, done.stderr
        found: list[Any] = json.loads(done.stdout)
        return found

    def sent(self) -> Counter[str]:
        lines = self.sim.ledger()[self.began :]
        return Counter(line["to_sha256"] for line in lines if line["effect"] == "message_sent")

    def check(self, ends: list[dict[str, Any]], lost: int) -> None:
        """Nobody was sent two, nobody was left out, and at most ``lost`` of a case are unknown."""
        sent = self.sent()
        assert [mark for mark, count in sent.items() if count > 1] == []
        assert len(ends) == len(self.numbers)
        for numbers, ended in zip(self.numbers, ends, strict=True):
            result = ended["result"]
            got = [number for number in numbers if sent[hashlib.sha256(number.encode()).hexdigest()]]
            assert not result.get("failed") and result["left"] == 0, result
            assert result["notified"] + result["unknown"] == len(numbers), result
            assert result["unknown"] <= lost and len(got) >= len(numbers) - result["unknown"], (got, result)


def test_a_kill_at_every_write_and_request(sim: Simulator, tmp_path: Path) -> None:
    cases = Cases(sim, tmp_path)
    jobs = [{"args": cases.args(), "kill": point} for point in POINTS]
    killed = cases.run(jobs)
    assert [end["signal"] for end in killed] == [signal.SIGKILL] * len(POINTS), "every point is reached"
    assert len(POINTS) >= 50
    cases.check(cases.run([{"args": job["args"]} for job in jobs]), lost=1)


def test_a_kill_at_any_moment(sim: Simulator, tmp_path: Path) -> None:
    cases, chance = Cases(sim, tmp_path), random.Random(SEED)
    whole = {"args": cases.args()}
    (undisturbed,) = cases.run([whole])
    assert undisturbed["result"]["sent_now"] == COUNT
    longest = undisturbed["took"] * 0.8
    jobs = [{"args": cases.args(), "seconds": chance.uniform(0.02, longest)} for _at in range(RANDOM)]
    first = cases.run(jobs)
    second = cases.run([{**job, "seconds": chance.uniform(0.02, longest)} for job in jobs])
    struck = [end["signal"] for end in first + second if end["signal"]]
    assert len(struck) >= RANDOM, len(struck)
    cases.check(cases.run([whole, *({"args": job["args"]} for job in jobs)]), lost=2)


def test_two_runs_at_once(sim: Simulator, tmp_path: Path) -> None:
    cases = Cases(sim, tmp_path)
    args = [cases.args(12) for _at in range(6)]
    pairs = cases.run([[{"args": one}, {"args": one}] for one in args])
    for pair in pairs:
        codes = [end["result"]["failure"]["code"] for end in pair if end["result"].get("failed")]
        assert codes in ([], ["other_run"], ["other_run", "other_run"]), codes
    # The intent of another run that is under way reads as an open one.
    cases.check(cases.run([{"args": one} for one in args]), lost=0)
