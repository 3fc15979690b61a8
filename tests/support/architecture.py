# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The architecture as data, and the checks of a file against it: layers, purity, Python versions, conventions."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLUGINS = ROOT / "plugins"
FILES = sorted(path.relative_to(PLUGINS).as_posix() for path in PLUGINS.rglob("*.py"))

# What is shipped to managed hosts runs on the oldest Python of theirs.
SHIPPED = ("modules/", "module_utils/")
# The rules are pure: of the standard library they may use what reads no clock, no file and no network.
PURE = {
    "__future__",
    "collections",
    "copy",
    "dataclasses",
    "datetime",
    "enum",
    "fractions",
    "base64",
    "binascii",
    "hashlib",
    "hmac",
    "itertools",
    "json",
    "math",
    "re",
    "typing",
}
# requests brings urllib3, whose connections the transport watches.
HTTP = {"requests", "urllib3"}

# A layer, the layers below it that it may use, and what it may use from outside of the collection.
LAYERS: dict[str, tuple[set[str], set[str]]] = {
    "modules": ({"module runner", "_operations"}, set()),
    "action": ({"worker runner"}, set()),
    "lookup": ({"worker runner"}, {"ansible"}),
    "callback": ({"worker runner"}, {"ansible"}),
    "worker runner": (
        {
            "worker runner",
            "table of modules",
            "host runner",
            "runner",
            "option names",
            "spec",
            "values",
            "_operations",
            "_core",
            "_api",
            "files",
            "failure",
            "Meta's APIs",
        },
        {"ansible", "prometheus_client", "rich", "jinja2", "yaml"},
    ),
    "module runner": ({"host modules", "runner", "spec", "option names", "_operations"}, {"ansible"}),
    "host modules": ({"host runner", "runner", "_operations"}, set()),
    "host runner": ({"files", "failure"}, set()),
    "table of modules": ({"_operations"}, set()),
    "runner": ({"_operations", "_core", "_api", "failure"}, set()),
    "spec": ({"values", "_operations", "_core"}, {"ansible"}),
    "values": ({"values", "_core", "_api"}, {"ansible"}),
    "_operations": ({"_operations", "_core", "_api", "files", "failure", "Meta's APIs", "YAML"}, set()),
    "_core": ({"_core", "failure", "Meta's APIs"}, set()),
    "_api": ({"_api", "failure", "Meta's APIs"}, HTTP),
    "files": ({"files"}, set()),
    "option names": (set(), set()),
    "failure": (set(), set()),
    "Meta's APIs": (set(), set()),
    "YAML": (set(), {"yaml"}),
    "command": ({"_operations"}, set()),
    "docs": (set(), set()),
}
# The subjects of _core: each uses itself and those before it.
SUBJECTS = (
    "findings",
    "facts",
    "checks",
    "lint",
    "cutover",
    "comparison",
    "conditions",
    "approval",
    "fleet",
    "events",
    "report",
)
SINGLE = {
    "module_utils/_module_runner.py": "module runner",
    "module_utils/_host_modules.py": "host modules",
    "module_utils/_host_runner.py": "host runner",
    "module_utils/_runner.py": "runner",
    "module_utils/_modules.py": "table of modules",
    "module_utils/_spec.py": "spec",
    "module_utils/_values.py": "values",
    "module_utils/_account_values.py": "values",
    "module_utils/_codes.py": "values",
    "module_utils/_message_values.py": "values",
    "module_utils/_profile_value.py": "values",
    "module_utils/_addresses.py": "values",
    "module_utils/_environment.py": "values",
    "module_utils/_paths.py": "values",
    "module_utils/_hostfiles.py": "files",
    "module_utils/_hostlines.py": "files",
    "module_utils/_encryption.py": "files",
    "module_utils/_failure.py": "failure",
    "module_utils/_option_names.py": "option names",
    "module_utils/_meta_api.py": "Meta's APIs",
    "module_utils/_yaml.py": "YAML",
    "module_utils/wa_lint.py": "command",
}
FOLDERS = {
    "modules": "modules",
    "action": "action",
    "lookup": "lookup",
    "callback": "callback",
    "plugin_utils": "worker runner",
    "doc_fragments": "docs",
    "module_utils/_operations": "_operations",
    "module_utils/_core": "_core",
    "module_utils/_api": "_api",
}
SUBPACKAGED = {"module_utils/_core"}


def layer(name: str) -> str:
    """Return the layer of a file, named relative to plugins/."""
    folder = name.rpartition("/")[0]
    subject = folder.rpartition("/")[0]
    found = SINGLE.get(name) or FOLDERS.get(folder) or (FOLDERS.get(subject) if subject in SUBPACKAGED else None)
    if found is None:
        raise LookupError(f"plugins/{name} is in no layer: add its folder to FOLDERS, or the file to SINGLE")
    return found


def subject(name: str) -> int:
    """Return where the subject of a file of _core stands in their order, -1 for a file without one."""
    parts = name.split("/")
    if layer(name) != "_core" or len(parts) != 4:
        return -1
    if parts[2] not in SUBJECTS:
        raise LookupError(f"plugins/{name}: add {parts[2]} to SUBJECTS, where it may be used from")
    return SUBJECTS.index(parts[2])


def imports(name: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield ("inside", file) and ("outside", package) for every import, wherever in the file it stands."""
    here = name.split("/")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield "outside", alias.name
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield "outside", str(node.module)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] + (node.module.split(".") if node.module else [])
            for alias in node.names:
                # `from .x import y`: y is a file, or else a name inside of x
                inner = "/".join([*base, alias.name]) + ".py"
                yield "inside", inner if inner in FILES else "/".join(base) + ".py"


def arrows(name: str, source: str) -> list[str]:
    """Return every import of a file that its layer, or the order of the subjects, does not allow."""
    own = layer(name)
    inside, outside = LAYERS[own]
    found = []
    for kind, target in imports(name, ast.parse(source)):
        top = target.split(".")[0]
        if kind == "inside":
            if target not in FILES:
                found.append(f"{target} is not there")
            elif layer(target) not in inside:
                found.append(f"{own} must not use {target}")
            elif own == layer(target) == "_core" and subject(target) > subject(name):
                found.append(f"{name} must not use {target}: its subject comes later")
        elif top == "ansible_collections":
            found.append(f"{target}: imports inside the collection are relative")
        elif top not in outside and (top not in sys.stdlib_module_names or (own == "_core" and top not in PURE)):
            found.append(f"{own} must not use {target}")
    return found


CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "localtime", "gmtime"}
CHANCE = {"open", "input", "print", "__import__", "exec", "eval"}


def impurities(source: str) -> list[str]:
    """Return every use of a clock, a file or the terminal."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in CLOCKS:
                found.append(f"line {node.lineno}: .{called.attr}()")
            if isinstance(called, ast.Name) and called.id in CHANCE:
                found.append(f"line {node.lineno}: {called.id}()")
    return found


TOO_NEW_METHODS = {"removeprefix", "removesuffix", "bit_count", "is_relative_to", "with_stem"}
TOO_NEW_KEYWORDS = {"zip": {"strict"}, "dataclass": {"slots", "kw_only", "match_args"}, "field": {"kw_only"}}
BUILTIN_GENERICS = {"list", "dict", "tuple", "set", "frozenset", "type"}


def too_new(source: str) -> list[str]:
    """Return what Python 3.8 cannot parse, or parses and cannot run; annotations are never run."""
    try:
        tree = ast.parse(source, feature_version=(3, 8))
    except SyntaxError as error:
        return [f"line {error.lineno}: {error.msg}"]
    annotations = set()
    for node in ast.walk(tree):
        for field in ("annotation", "returns"):
            if isinstance(getattr(node, field, None), ast.AST):
                annotations |= {id(inner) for inner in ast.walk(getattr(node, field))}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if isinstance(node.func, ast.Attribute) and name in TOO_NEW_METHODS:
                found.append(f"line {node.lineno}: .{name}()")
            found += [
                f"line {node.lineno}: {name}({word.arg}=)"
                for word in node.keywords
                if word.arg in TOO_NEW_KEYWORDS.get(name, ())
            ]
        elif isinstance(node, ast.Subscript) and id(node) not in annotations:
            if isinstance(node.value, ast.Name) and node.value.id in BUILTIN_GENERICS:
                found.append(f"line {node.lineno}: {node.value.id}[...] outside of an annotation")
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            sides = (node.left, node.right)
            if id(node) not in annotations and any(getattr(side, "value", 0) is None for side in sides):
                found.append(f"line {node.lineno}: X | None outside of an annotation")
        elif type(node).__name__ in ("Match", "TryStar"):
            found.append(f"line {getattr(node, 'lineno', 0)}: {type(node).__name__}")
    return found


SPEAKS = (
    (re.compile(r"\b(issue|ticket|pull request|PR) ?#?[0-9]+", re.IGNORECASE), "an issue's number"),
    (re.compile(r"(?<![\w.])/(work|root|home|Users)/"), "a path of somebody's machine"),
    (re.compile(r"(?<![\w.])/tmp/[a-z]"), "a path of somebody's machine"),
    (re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"), "something left undone"),
)


def habits(source: str) -> list[str]:
    """Return what a file of the collection does not do."""
    tree = ast.parse(source)
    found = [f"line {node.lineno}: assert" for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    for number, text in enumerate(source.splitlines(), 1):
        found += [f"line {number}: {what}: {text.strip()}" for pattern, what in SPEAKS if pattern.search(text)]
    if not tree.body:
        return found
    reported = (ast.get_docstring(tree) or "").splitlines()
    if not reported or not re.match(r"^[A-Z].*\.$", reported[0]) or (len(reported) > 1 and reported[1]):
        found.append("it does not open with one line on its place among the layers")
    second = tree.body[1] if len(tree.body) > 1 else None
    if not isinstance(second, ast.ImportFrom) or second.module != "__future__" or second.names[0].name != "annotations":
        found.append("its annotations are run")
    head = source.splitlines()[:5]
    for line in (
        "# Copyright: (c) ",
        "# GNU General Public License v3.0+ ",
        "# SPDX-License-Identifier: GPL-3.0-or-later",
    ):
        if not any(text.startswith(line) for text in head):
            found.append(f"its head has no {line.strip()!r}")
    return found


# What has been sent is counted where it leaves, and a text that is written beforehand can't know it. Where all options
# are checked before the first request, the runner does.
CLAIM = re.compile(
    r"\b(?:nothing|no request) (?:was|were|is|has been) (?:sent|written|changed)\b(?! to)", re.IGNORECASE
)
MAY_CLAIM = {
    "module_utils/_core/facts/sent.py": ["Nothing was sent."],
    "module_utils/_runner.py": ["correct them, then run again; nothing was sent or written"],
}


def claims(source: str) -> list[str]:
    """Return every text of the code, its docstrings aside, that says that nothing was sent."""
    tree = ast.parse(source)
    reported = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in reported
        and CLAIM.search(node.value)
    ]


def cycles(graph: dict[str, set[str]]) -> list[str]:
    """Return the files that lead back to themselves."""
    reach = {name: set(targets) for name, targets in graph.items()}
    for middle, beyond in reach.items():
        for targets in reach.values():
            if middle in targets:
                targets |= beyond  # noqa: PLW2901 - the set itself grows
    return sorted(name for name, targets in reach.items() if name in targets)


def read(name: str) -> str:
    return (PLUGINS / name).read_text("utf-8")
