# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where cases play: an environment is one simulator with fresh numbers, each with its own node, WABA and token."""

from __future__ import annotations

import itertools
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.wabiz.migration.tests.support.simulator import Simulator

INJECT = Path(__file__).resolve().parent / "inject"
NODE_PASSWORD = "Simulated-Passw0rd"
BACKUP_PASSWORD = "tacocat"
# The template of each WABA, for a last notice.
TEMPLATE = "service_ends"
_TEMPLATE = {"name": TEMPLATE, "components": [{"type": "BODY", "text": "We end on 31 January."}]}
# A delay of this many seconds and more is a gate: it ends when the case opens it.
GATE_BASE = 1000000


# A WABA without a number, to which numbers can move.
TARGET = "299999999999999"


@dataclass(frozen=True)
class Number:
    """One business phone number, owned by one case only."""

    at: int

    @property
    def id(self) -> str:
        return str(100000000000000 + self.at)

    @property
    def waba(self) -> str:
        return str(200000000000000 + self.at)

    @property
    def pin(self) -> str:
        return f"{100000 + self.at:06d}"

    @property
    def token(self) -> str:
        return f"EAAtoken{self.at:06d}"

    @property
    def app(self) -> str:
        return str(700000000000000 + self.at)

    @property
    def host(self) -> str:
        return f"number-{self.at}"

    @property
    def digits(self) -> str:
        return f"1555{self.at:07d}"

    @property
    def address(self) -> str:
        return f"127.0.{self.at // 250 + 1}.{self.at % 250 + 1}"


def fleet(count: int) -> dict[str, Any]:
    """Return a fleet in which no number shares anything with another, so that cases side by side don't meet."""
    numbers = [Number(at) for at in range(count)]
    return {
        "app": {"id": "700999999999999", "name": "Nobody's", "token": "EAAnobody"},
        "extra_tokens": [
            {"token": one.token, "app_id": one.app, "app_name": one.host, "waba_ids": [one.waba]} for one in numbers
        ],
        "wabas": [
            *({"id": one.waba, "name": one.host, "templates": [dict(_TEMPLATE)]} for one in numbers),
            {"id": TARGET, "name": "Another one"},
        ],
        "numbers": [
            {
                "phone_number_id": one.id,
                "waba_id": one.waba,
                "display_phone_number": f"+1 555-{one.at // 10000:03d}-{one.at % 10000:04d}",
                "verified_name": one.host,
                "location": "on_premise",
                "pin": one.pin,
                "oba": True,
                "node": {"address": one.address, "password": NODE_PASSWORD, "profile": {"about": one.host}},
            }
            for one in numbers
        ],
    }


class TestEnvironment:
    """One simulator, numbers that nobody has used yet, and gates that delay its answers."""

    __test__ = False

    def __init__(self, where: Path, count: int) -> None:
        where.mkdir(parents=True, exist_ok=True)
        self.where = where
        self.gates = where / "gates"
        self.gates.mkdir()
        self.states = where / "state"
        self.states.mkdir(mode=0o700)
        self.left = count
        self._free: Iterator[Number] = iter(Number(at) for at in range(count))
        self._gate = itertools.count(1)
        self._batch = itertools.count(1)
        self.sim = _WithGates.launch(where / "simulator", fleet(count), self.gates)
        self._lines: dict[str, list[dict[str, Any]]] = {}
        self._all: list[dict[str, Any]] = []
        self._read = 0

    def take(self) -> Number:
        """Return a number that no case has had yet."""
        self.left -= 1
        return next(self._free)

    def gate(self) -> int:
        return next(self._gate)

    def open(self, gate: int) -> None:
        (self.gates / f"gate-{gate}").touch()

    def ledger(self, number: Number) -> list[dict[str, Any]]:
        """Return the ledger's lines of this number and of its WABA."""
        self.lines()
        found = {line["seq"]: line for key in (number.id, number.waba) for line in self._lines.get(key, [])}
        return [found[seq] for seq in sorted(found)]

    def lines(self) -> list[dict[str, Any]]:
        """Return all lines of the ledger; the file is read once, however long it gets."""
        with self.sim.ledger_path.open("rb") as stream:
            stream.seek(self._read)
            for line in stream:
                if not line.endswith(b"\n"):
                    break
                self._read += len(line)
                entry = json.loads(line)
                self._all.append(entry)
                for key in {entry["phone_number_id"], entry["waba_id"]} - {None}:
                    self._lines.setdefault(key, []).append(entry)
        return self._all

    def folder(self, name: str) -> Path:
        """Return a new private folder for one batch of cases."""
        made = self.where / f"{next(self._batch):03d}-{name}"
        made.mkdir(mode=0o700)
        return made

    def close(self) -> None:
        self.sim.stop()


class _WithGates(Simulator):
    """The simulator, started through a wrapper that lets gates end its delays."""

    @classmethod
    def launch(cls, run_dir: Path, content: Any, gates: Path) -> Simulator:
        wrapper = gates / "python"
        wrapper.write_text(
            f'#!/bin/sh\nPYTHONPATH="{INJECT}:$PYTHONPATH" WABIZ_FAULTS_GATES="{gates}" exec "{sys.executable}" "$@"\n'
        )
        wrapper.chmod(0o700)
        made: type[Simulator] = type("Gated", (cls,), {"python": str(wrapper)})
        return made.start(run_dir, content)


def environment(own: Path, faults: Path) -> dict[str, str]:
    """Return the environment of a run of ansible-playbook with the injection in it."""
    from ansible_collections.wabiz.migration.tests.support.ansible_run import clean_environment

    return {
        **clean_environment(own),
        "PYTHONPATH": str(INJECT),
        "WABIZ_FAULTS": str(faults),
        "ANSIBLE_FORKS": "100",
        "ANSIBLE_LOCALHOST_WARNING": "0",
        "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
    }
