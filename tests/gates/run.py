# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: runs them, as many at a time as the machine bears, and tells of each: PASS, FAIL or SKIPPED, and the seconds.

The output of each gate is in build/logs, that of a failed one is shown; build/gates.json has the results for a program.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass

import gates
import tree

SLOTS = 2  # gates at a time: a test that measures time must not be starved by the others
SHOWN = 150  # lines of a failed gate's log; the whole is in the file


@dataclass(frozen=True)
class Result:
    """How a gate ended."""

    name: str
    result: str
    seconds: float
    reason: str
    log: str
    notes: list[str]


def run(gate: gates.Gate) -> Result:
    """Run one gate and never raise: a gate that breaks has failed."""
    log = gates.LOGS / f"{gate.name}.log"
    log.unlink(missing_ok=True)
    began = time.monotonic()
    result, reason = "PASS", ""
    try:
        reason = gate.missing() or ""
        if reason:
            result = "SKIPPED"
        else:
            reason = gates.execute(gate, log) or ""
            result = "FAIL" if reason else "PASS"
    except Exception as error:  # noqa: BLE001 - whatever it was, it is reported and counted as a failure
        result, reason = "FAIL", f"{type(error).__name__}: {error}"
    notes = gate.notes(log) if log.exists() else []
    return Result(gate.name, result, round(time.monotonic() - began, 1), reason, str(log.relative_to(tree.ROOT)), notes)


def tell(result: Result) -> None:
    print(f"{result.result:<8} {result.name:<16} {result.seconds:6.1f} s  {result.reason}".rstrip(), flush=True)
    for note in result.notes:
        print(f"         {note}", flush=True)
    log = tree.ROOT / result.log
    if result.result == "FAIL" and log.exists():
        telling = re.compile(next(gate.telling for gate in gates.GATES if gate.name == result.name))
        every = log.read_text(errors="replace").splitlines()
        lines = [line for line in every if telling.search(line)] or every
        print(f"-------- {result.log}, {min(SHOWN, len(lines))} of {len(every)} lines")
        print("\n".join(lines[-SHOWN:]))
        print("--------", flush=True)


def run_all(chosen: list[gates.Gate]) -> list[Result]:
    """Run the gates in their order, each as soon as there is room for it."""
    waiting, results = list(chosen), []
    running: dict[Future[Result], int] = {}
    with ThreadPoolExecutor(SLOTS) as pool:
        while waiting or running:
            free = SLOTS - sum(running.values())
            following = next((gate for gate in waiting if gate.slots <= free), None)
            if following:
                waiting.remove(following)
                running[pool.submit(run, following)] = following.slots
                continue
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                del running[future]
                results.append(future.result())
                tell(results[-1])
    return results


def main() -> int:
    names = [gate.name for gate in gates.GATES]
    parser = argparse.ArgumentParser(description="Run the gates of the collection.")
    parser.add_argument("names", nargs="*", metavar="gate", help=f"one of {', '.join(names)}; without any, all")
    wanted = parser.parse_args().names
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        parser.error(f"no such gate: {', '.join(unknown)}; there are {', '.join(names)}")
    gates.LOGS.mkdir(parents=True, exist_ok=True)
    gates.PYTEST_SUMMARY.unlink(missing_ok=True)
    chosen = [gate for gate in gates.GATES if not wanted or gate.name in wanted]
    began = time.monotonic()
    results = run_all(chosen)
    seconds = round(time.monotonic() - began, 1)
    counts = {word: [r.name for r in results if r.result == word] for word in ("PASS", "FAIL", "SKIPPED")}
    document = {
        "seconds": seconds,
        "counts": {k: len(v) for k, v in counts.items()},
        "gates": [asdict(r) for r in results],
    }
    (tree.ROOT / "build/gates.json").write_text(json.dumps(document, indent=2) + "\n")
    passed, failed, skipped = (len(counts[word]) for word in ("PASS", "FAIL", "SKIPPED"))
    print(f"\n{passed} gates passed, {failed} failed, {skipped} skipped in {seconds:.0f} s")
    for word in ("FAIL", "SKIPPED"):
        for result in results:
            if result.result == word:
                print(f"{word}: {result.name}: {result.reason}")
    if gates.PYTEST_SUMMARY.exists():
        print(gates.PYTEST_SUMMARY.read_text().strip())
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
