# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command line: read the files, tell every fault in them, serve; also in the background."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from . import config, detach, faults, fleet, fleet_file
from .checks import FileError
from .server import Options, Simulator


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 after a clean end, 1 when it cannot listen or start, 2 for a fault in a file or the command line."""
    raw = list(sys.argv[1:] if arguments is None else arguments)
    given = _parser().parse_args(raw)
    if given.action in ("status", "stop"):
        return _look_after(given)
    if given.fleet is None and not given.generate:
        return _fail("one of --fleet and --generate is needed")
    try:
        data: Any = fleet.generate(given.generate, given.wabas) if given.generate else None
        loaded = fleet_file.parse(data) if data is not None else fleet_file.load(given.fleet)
        rules = faults.load(given.faults) if given.faults else []
    except (FileError, ValueError) as error:
        return _fail(str(error))
    if given.action == "print":
        sys.stdout.write(yaml.safe_dump(data, sort_keys=False) if data is not None else "")
        return 0
    if given.run_dir is None:
        return _fail("--run-dir is needed")
    # The directory holds the admin token and, in the ledger, who did what.
    given.run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if detach.running(given.run_dir) is not None:
        return _fail(f"a simulator runs in {given.run_dir} already")
    if given.action == "start":
        return _start(given, [one for one in raw if one != "start"])
    return _serve(given, loaded, rules)


def _fail(text: str, code: int = 2) -> int:
    sys.stderr.write(text + "\n")
    return code


def _look_after(given: argparse.Namespace) -> int:
    if given.run_dir is None:
        return _fail("--run-dir is needed")
    return detach.main([*(["--stop"] if given.action == "stop" else []), str(given.run_dir)])


def _start(given: argparse.Namespace, arguments: list[str]) -> int:
    try:
        pid = detach.start(given.run_dir, arguments, given.ready_seconds)
    except detach.NotReadyError as error:
        return _fail(str(error), 1)
    sys.stdout.write(json.dumps({"pid": pid}) + "\n")
    return 0


def _serve(given: argparse.Namespace, loaded: config.Fleet, rules: list[faults.Rule]) -> int:
    options = Options(
        run_dir=given.run_dir.resolve(),
        onprem_port=given.onprem_port,
        graph_port=given.graph_port,
        addressing=given.addressing,
        graph_tls=given.graph_tls,
        parent_pid=given.parent_pid,
        inventory_out=given.inventory_out,
    )
    try:
        asyncio.run(_run(loaded, rules, options))
    except OSError as error:
        return _fail(f"the simulator cannot listen: {error.strerror or os.strerror(error.errno or 0)}", 1)
    return 0


async def _run(loaded: config.Fleet, rules: list[faults.Rule], options: Options) -> None:
    await Simulator(loaded, rules, options).run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wabiz_simulator", description="A simulator of both WhatsApp APIs.")
    parser.add_argument(
        "action",
        nargs="?",
        choices=("serve", "start", "status", "stop", "print"),
        default="serve",
        help="serve here (default), start in the background, tell its status, stop it, or print a generated fleet",
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--fleet", type=Path, metavar="FILE", help="fleet file, YAML or JSON")
    source.add_argument("--generate", type=int, metavar="N", help="a fleet of N numbers")
    parser.add_argument("--wabas", type=int, default=1, metavar="K", help="with --generate: spread over K WABAs")
    parser.add_argument("--run-dir", type=Path, metavar="DIR", help="ready.json, ca.pem and ledger.jsonl go here")
    parser.add_argument("--faults", type=Path, metavar="FILE", help="fault script, YAML or JSON")
    parser.add_argument("--onprem-port", type=int, default=0, metavar="PORT", help="0: any free one")
    parser.add_argument("--graph-port", type=int, default=0, metavar="PORT", help="0: any free one")
    parser.add_argument("--addressing", choices=("ip", "port"), default="ip", help="how nodes are told apart")
    parser.add_argument("--graph-tls", action=argparse.BooleanOptionalAction, default=True, help="TLS on Graph")
    parser.add_argument("--inventory-out", type=Path, metavar="FILE", help="write an inventory of the fleet")
    parser.add_argument("--parent-pid", type=int, default=0, metavar="PID", help="end when this process is gone")
    parser.add_argument("--ready-seconds", type=float, default=60.0, metavar="S", help="start: wait that long")
    return parser
