# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the profiles of a run say: CPU by package, by task and by function, parent and workers apart. Pure: no I/O."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# As pstats has it: (file, line, function) -> primitive calls, calls, own seconds, cumulative seconds, callers.
Function = tuple[str, int, str]
Stats = dict[Function, tuple[int, int, float, float, dict[Function, tuple[int, int, float, float]]]]

COLLECTION, CORE, IMPORTS, FORK = "wabiz.migration", "ansible core", "import", "fork, pickle"
_HTTP = "requests, urllib3, ssl"
_BUILTIN = "~"
_OWN = re.compile(r".*ansible_collections/wabiz/migration/(.*)")
_SITE = re.compile(r".*/site-packages/([^/]+)/?(.*)")
_PACKAGES = {
    **dict.fromkeys(("jinja2", "markupsafe"), "jinja2"),
    **dict.fromkeys(("yaml", "_yaml"), "yaml"),
    **dict.fromkeys(("requests", "urllib3", "idna", "certifi", "charset_normalizer"), _HTTP),
}
_STANDARD = {
    **dict.fromkeys(("ssl", "socket", "http", "email", "urllib", "selectors"), _HTTP),
    **dict.fromkeys(("multiprocessing", "pickle", "copyreg"), FORK),
    "importlib": IMPORTS,
}
_FORK_CALLS = re.compile(r"posix\.(fork|waitpid)|_pickle\.|of '_pickle\.")
_IMPORT_CALLS = re.compile(r"marshal\.loads|_imp\.|__import__")


@dataclass(frozen=True)
class Process:
    """What one process left: its role, the task of a worker, CPU seconds of itself and of its children."""

    role: str
    task: str
    cpu: float
    cpu_of_children: float
    stats: Sequence[Stats]


def merged(many: Iterable[Stats]) -> Stats:
    """Return the sum of several statistics."""
    result: Stats = {}
    for stats in many:
        for function, (primitive, calls, own, total, callers) in stats.items():
            before = result.get(function, (0, 0, 0.0, 0.0, {}))
            by_caller = before[4]
            for caller, values in callers.items():
                known = by_caller.get(caller, (0, 0, 0.0, 0.0))
                by_caller[caller] = (
                    known[0] + values[0],
                    known[1] + values[1],
                    known[2] + values[2],
                    known[3] + values[3],
                )
            result[function] = (before[0] + primitive, before[1] + calls, before[2] + own, before[3] + total, by_caller)
    return result


def corrected(stats: Stats, target: float) -> Stats:
    """Return the statistics without what profiling costs, so that the own times add up to ``target`` seconds.

    To profile a call costs about the same whatever the function, half of it in the time of the function and half in
    that of its caller. The cumulative times can only be scaled.
    """
    whole = seconds(stats)
    made: dict[Function, int] = defaultdict(int)
    for values in stats.values():
        for caller, edge in values[4].items():
            made[caller] += edge[0]
    events = sum(values[1] for values in stats.values()) + sum(made.values())
    cost = max(0.0, whole - target) / events if events else 0.0
    result: Stats = {}
    for function, (primitive, calls, own, total, callers) in stats.items():
        edges = {
            caller: (edge[0], edge[1], max(0.0, edge[2] - cost * edge[0]), edge[3]) for caller, edge in callers.items()
        }
        result[function] = (primitive, calls, max(0.0, own - cost * (calls + made[function])), total, edges)
    # What would be less than nothing counts as nothing, so all are a little too large.
    scale, cumulative = target / (seconds(result) or 1.0), target / (whole or 1.0)
    return {
        function: (
            primitive,
            calls,
            own * scale,
            total * cumulative,
            {caller: (edge[0], edge[1], edge[2] * scale, edge[3] * cumulative) for caller, edge in callers.items()},
        )
        for function, (primitive, calls, own, total, callers) in result.items()
    }


def seconds(stats: Stats) -> float:
    """Return the sum of the own time of all functions."""
    return sum(values[2] for values in stats.values())


def place(function: Function) -> tuple[str, str]:
    """Return package and part of a function that is written in Python."""
    file, _line, name = function
    if file.startswith("<frozen importlib") or name == "<module>":
        return IMPORTS, "module bodies" if name == "<module>" else "finding and loading"
    if "profile_hook" in file:
        return "the profile itself", ""
    own = _OWN.match(file)
    if own:
        return COLLECTION, own[1]
    site = _SITE.match(file)
    if site:
        package, part = site[1].removesuffix(".py"), site[2]
        if package == "ansible":
            return CORE, "/".join(part.split("/")[:2])
        return _PACKAGES.get(package, "other packages"), package
    if file == "<template>":
        return "jinja2", "compiled templates"
    if file.startswith("<") and not file.startswith("<frozen "):
        return "generated code", file
    library = re.sub(r".*/python3\.[0-9]+/", "", file.removeprefix("<frozen ").rstrip(">")).split("/")
    module = library[0].removesuffix(".py")
    return _STANDARD.get(module, "standard library"), module


def by_package(stats: Stats) -> dict[tuple[str, str], float]:
    """Return the own seconds of each package and part. A function written in C counts for the package that calls it."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for function, (_primitive, _calls, own, _total, callers) in stats.items():
        rest = own
        if function[0] != _BUILTIN:
            found[place(function)] += own
        elif _FORK_CALLS.search(function[2]):
            found[(FORK, function[2])] += own
        elif _IMPORT_CALLS.search(function[2]):
            found[(IMPORTS, "finding and loading")] += own
        else:
            for caller, values in callers.items():
                found[place(caller) if caller[0] != _BUILTIN else ("other builtins", "")] += values[2]
                rest -= values[2]
            found[("other builtins", "")] += max(0.0, rest)
    return dict(found)


def imported(stats: Stats) -> tuple[float, list[tuple[str, int, float]]]:
    """Return the seconds of all imports with what they lead to, and each module's body with its count and seconds."""
    outermost = sum(
        values[3] for (file, _line, name), values in stats.items() if "importlib" in file and name == "_find_and_load"
    )
    bodies = [(file, values[1], values[3]) for (file, _line, name), values in stats.items() if name == "<module>"]
    return outermost, sorted(bodies, key=lambda one: -one[2])


def by_task(processes: Iterable[Process]) -> list[tuple[str, int, float]]:
    """Return each task with the number of its workers and their CPU seconds, the dearest first."""
    found: dict[str, list[float]] = defaultdict(list)
    for process in processes:
        if process.role == "worker":
            found[process.task].append(process.cpu)
    return sorted(((task, len(values), sum(values)) for task, values in found.items()), key=lambda one: -one[2])


def report(
    numbers: int, plain: Sequence[Process], profiled: Sequence[Process], totals: tuple[float, float], top: int
) -> list[str]:
    """Return the lines of the report. ``totals``: CPU seconds of the plain and of the profiled run as a whole."""

    def ms(value: float) -> str:
        return f"{1000 * value / numbers:9.1f}"

    lines = [f"{'CPU in ms per number':34}   parent   workers  children of workers      sum   whole run"]
    for name, processes, total in (
        ("resource, without a profile", plain, totals[0]),
        ("resource, with the profile", profiled, totals[1]),
    ):
        cpu = cpu_of(processes)
        lines.append(f"{name:34}{ms(cpu[0])} {ms(cpu[1])} {ms(cpu[2]):>20}{ms(sum(cpu))} {ms(total):>11}")
    stats = {role: _of_role(profiled, role) for role in ("parent", "worker")}
    sums = [seconds(one) for one in stats.values()]
    lines.append(f"{'functions in the profile':34}{ms(sums[0])} {ms(sums[1])} {'-':>20}{ms(sum(sums))}")
    # Outside of a profile: the start of the interpreter, and of a worker what runs before and after its profile.
    outside = [cpu - known for cpu, known in zip(cpu_of(profiled)[:2], sums, strict=True)]
    targets = [max(0.0, cpu - rest) for cpu, rest in zip(cpu_of(plain)[:2], outside, strict=True)]
    lines += [
        f"{'outside of any function':34}{ms(outside[0])} {ms(outside[1])} {'-':>20}{ms(sum(outside))}",
        "Below, what the profile costs is taken off in equal parts for each call, so that the functions and what is",
        "outside of them add up to the run without a profile. The whole run has also the end of each process.",
        "",
        f"{'workers by task, without a profile':76}  workers  ms each  ms per number",
    ]
    lines += [f"{task[:76]:76} {n:8} {1000 * s / n:8.1f} {ms(s):>14}" for task, n, s in by_task(plain)]
    for (role, name), target in zip((("parent", "PARENT"), ("worker", "WORKERS")), targets, strict=True):
        lines += ["", *_role(name, corrected(stats[role], target), numbers, top)]
    return lines


def cpu_of(processes: Iterable[Process]) -> tuple[float, float, float]:
    """Return the CPU seconds of the parent, of the workers, and of what the workers have started."""
    parts = [0.0, 0.0, 0.0]
    for process in processes:
        parts[0 if process.role == "parent" else 1] += process.cpu
        if process.role != "parent":
            parts[2] += process.cpu_of_children
    return parts[0], parts[1], parts[2]


def _of_role(processes: Iterable[Process], role: str) -> Stats:
    return merged(stats for process in processes if process.role == role for stats in process.stats)


def _role(name: str, stats: Stats, numbers: int, top: int) -> list[str]:
    whole = seconds(stats) or 1.0
    found = by_package(stats)
    packages: dict[str, float] = defaultdict(float)
    for (package, _part), value in found.items():
        packages[package] += value

    def shown(value: float, label: str, indent: int = 0) -> str:
        return f"{1000 * value / numbers:9.2f} {100 * value / whole:5.1f} %  {' ' * indent}{label}"

    lines = [f"{name}, by package: own time in ms per number, share"]
    for package, value in sorted(packages.items(), key=lambda one: -one[1]):
        lines.append(shown(value, package))
        parts = sorted(
            ((part, n) for (of, part), n in found.items() if of == package and part), key=lambda one: -one[1]
        )
        if len(parts) > 1:
            lines += [
                shown(n, part, 4) for part, n in parts[: top if package == COLLECTION else 6] if n / whole > 0.001
            ]
    outermost, bodies = imported(stats)
    lines += ["", f"{name}, imports with all that they lead to: {1000 * outermost / numbers:.2f} ms per number"]
    lines += [f"{1000 * n / numbers:9.2f} {calls:7} x  {_short(file)}" for file, calls, n in bodies[: top // 2]]
    for title, at in (("own", 2), ("cumulative", 3)):
        lines += ["", f"{name}, functions by {title} time: ms per number, calls per number"]
        lines += _functions(stats, at, numbers, top)
    return lines


def _functions(stats: Mapping[Function, Any], at: int, numbers: int, top: int) -> list[str]:
    order = sorted(stats.items(), key=lambda one: -one[1][at])[:top]
    return [
        f"{1000 * values[at] / numbers:9.2f} {values[1] / numbers:9.1f}  {_short(file)}:{line} {name}"
        if file != _BUILTIN
        else f"{1000 * values[at] / numbers:9.2f} {values[1] / numbers:9.1f}  {name}"
        for (file, line, name), values in order
    ]


def _short(file: str) -> str:
    return re.sub(r".*/(?:site-packages|python3\.[0-9]+|ansible_collections/wabiz/migration)/", "", file)
