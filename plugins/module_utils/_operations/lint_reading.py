# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation, part of lint: finds the files below the paths and reads them, each as far as it can be read."""

from __future__ import annotations

import fnmatch
import functools
import json
import os
import re
import stat
from typing import Any, Callable, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

from .. import _yaml
from .._core.lint import endpoints
from .._core.lint import lines as line_rules

JSON, LINES, YAML, LOG, CODE = "json", "lines", "yaml", "log", "code"
_SUFFIXES: Mapping[str, str] = {
    **dict.fromkeys((".json", ".har"), JSON),
    **dict.fromkeys((".jsonl", ".ndjson"), LINES),
    **dict.fromkeys((".yaml", ".yml"), YAML),
    **dict.fromkeys((".log",), LOG),
    **dict.fromkeys(
        {".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".vue", ".php", ".java", ".kt", ".kts", ".cs", ".go"}
        | {".rb", ".erb", ".rs", ".scala", ".groovy", ".swift", ".dart", ".ex", ".exs", ".clj", ".pl", ".lua", ".sh"}
        | {
            ".ps1",
            ".vb",
            ".fs",
            ".erl",
            ".cpp",
            ".cc",
            ".m",
            ".gs",
            ".rake",
            ".svelte",
            ".env",
            ".properties",
            ".toml",
            ".ini",
            ".cfg",
        },
        CODE,
    ),
}
_LEFT_OUT = frozenset(
    {".git", ".hg", ".svn", "node_modules", "vendor", "venv", ".venv", "env", "__pycache__", "dist", "build", "target"}
    | {"bower_components", ".tox", ".mypy_cache", ".idea", ".terraform", "site-packages", ".next", "obj", "coverage"}
)
FIXED = ".mended"
# A whole document is held in memory several times over.
MOST_WHOLE = 64 * 1024 * 1024
MOST_LINE = 8 * 1024 * 1024
MOST_CODE = 2 * 1024 * 1024
_CHUNK = 1024 * 1024
_ABOUT = re.compile(r"recipient_type|[\"']?(?:messages|statuses|hsm)[\"']?\s*:")
_CLOUD = re.compile(r"messaging_product|whatsapp_business_account|graph\.facebook\.com")
_REQUEST = re.compile(r"\b(?P<method>GET|POST|PUT|PATCH|DELETE)\s+(?P<url>(?:https?://[^\s\"]+)?/v1/[^\s\"]*)")


class File(NamedTuple):
    """A file to read: ``stated`` if a path names the file itself, ``root`` is the path that it was found below."""

    path: str
    kind: str
    stated: bool
    root: str


class Unit(NamedTuple):
    """A document of a file: ``line`` gives the line of a pointer, ``text`` is that of its line, where it is one line.

    ``whole`` tells that it is the whole file.
    """

    document: Any
    line: Callable[[Sequence[Tuple[Any, ...]]], Mapping[Tuple[Any, ...], int]]
    whole: bool = False
    text: Optional[str] = None


class Trouble(NamedTuple):
    """What could not be read, and from which line on."""

    line: int
    why: str


class Requested(NamedTuple):
    """A request line of a log."""

    line: int
    method: str
    url: str


Read = Union[Unit, Trouble, Requested]


def files(paths: Sequence[str], exclude: Sequence[str]) -> Iterator[File]:
    """Yield the files below the paths in a fixed order, without those that a linter leaves out.

    Folders of tools and of other people's code are left out, links to folders, and mended copies.
    """
    for root in paths:
        if not os.path.isdir(root):
            yield File(root, _kind(root) or "", True, "")
            continue
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
            for name in sorted(names):
                path = os.path.join(folder, name)
                kind = _kind(name)
                if kind is None or _is_copy(name) or ".min." in name or not _is_plain(path):
                    continue
                shown = os.path.relpath(path, root)
                if not any(fnmatch.fnmatch(shown, one) or fnmatch.fnmatch(name, one) for one in exclude):
                    yield File(path, kind, False, root)


def _kind(path: str) -> Optional[str]:
    name = os.path.basename(path).lower()
    return CODE if name.startswith(".env") else _SUFFIXES.get(os.path.splitext(name)[1])


def _is_copy(name: str) -> bool:
    return os.path.splitext(name)[0].endswith(FIXED)


def _is_plain(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return False


def mended_name(path: str) -> str:
    """Return the name of the mended copy of a file."""
    base, suffix = os.path.splitext(path)
    return base + FIXED + suffix


def code(file: File) -> Union[str, Trouble]:
    """Return the text of a source file, or why it is left out; one in an unknown encoding is read all the same."""
    try:
        if not _is_plain(file.path):
            return Trouble(1, "it is no regular file, or cannot be reached")
        if os.path.getsize(file.path) > MOST_CODE:
            return Trouble(1, "it is larger than %d MiB, which nobody has written by hand" % (MOST_CODE // 1024**2))
        with open(file.path, "rb") as stream:
            data = stream.read()
    except OSError as error:
        return Trouble(1, "it cannot be read: %s" % error.strerror)
    return _decoded(data) or data.decode("latin-1")


def units(file: File) -> Iterator[Read]:
    """Yield the documents of a file that is no source code, and what of it could not be read."""
    try:
        if not _is_plain(file.path):
            yield Trouble(1, "it is no regular file, or cannot be reached")
            return
        kind = file.kind or _sniffed(file.path)
        if kind in (LINES, LOG):
            yield from _by_line(file.path, kind)
        elif os.path.getsize(file.path) > MOST_WHOLE:
            yield Trouble(1, "it is larger than %d MiB. Split it, or write JSON lines" % (MOST_WHOLE // 1024**2))
        else:
            yield from _whole(file, kind)
    except OSError as error:
        yield Trouble(1, "it cannot be read: %s" % error.strerror)


def _sniffed(path: str) -> str:
    with open(path, "rb") as stream:
        head = stream.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    return JSON if head[:1] in (b"{", b"[") else LOG


def _decoded(data: bytes) -> Optional[str]:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _whole(file: File, kind: str) -> Iterator[Read]:
    with open(file.path, "rb") as stream:
        data = stream.read()
    text = _decoded(data)
    if text is None:
        if file.stated or _matters(data.decode("latin-1")):
            yield Trouble(1, "it is neither UTF-8 nor UTF-16")
        return
    if not text.strip():
        return
    if kind == YAML:
        yield from _yaml_units(file, text)
        return
    try:
        document = parse(text)
    except json.JSONDecodeError as error:
        lines = text.splitlines()
        if len(lines) > 1 and _is_object(lines[0]) and _is_object(next((one for one in lines[1:] if one.strip()), "")):
            yield from _by_line(file.path, LINES)
        elif file.stated or _matters(text):
            yield Trouble(error.lineno, "it is no JSON: %s" % error.msg)
        return
    except ValueError as error:
        yield Trouble(1, str(error))
        return
    yield Unit(document, lambda wanted: line_rules.lines(text, wanted), whole=True)


def _matters(text: str) -> bool:
    """Tell whether a file that cannot be parsed looks like traffic of the On-Premises API."""
    return bool(_ABOUT.search(text)) and not _CLOUD.search(text)


def _is_object(line: str) -> bool:
    try:
        return isinstance(parse(line), dict)
    except ValueError:
        return False


def _yaml_units(file: File, text: str) -> Iterator[Read]:
    words = ("messaging_product", "v1/", "360dialog")
    if not file.stated and not _ABOUT.search(text) and not any(word in text for word in words):
        return
    try:
        for document, marks in _yaml.documents(text):
            yield Unit(document, functools.partial(_from_marks, marks))
    except _yaml.YamlError as error:
        if file.stated or _matters(text):
            yield Trouble(error.line, "it is no YAML: %s" % error if _yaml.HAS_YAML else str(error))


def _from_marks(marks: Mapping[Tuple[Any, ...], int], wanted: Sequence[Tuple[Any, ...]]) -> Dict[Tuple[Any, ...], int]:
    found = {}
    for pointer in wanted:
        place = next((pointer[:length] for length in range(len(pointer), -1, -1) if pointer[:length] in marks), ())
        found[pointer] = marks.get(place, 1)
    return found


def _by_line(path: str, kind: str) -> Iterator[Read]:
    for number, data in _raw_lines(path):
        if data is None:
            yield Trouble(number, "the line is longer than %d MiB" % (MOST_LINE // 1024**2))
            continue
        text = _decoded(data)
        if text is None:
            if kind == LINES:
                yield Trouble(number, "the line is not UTF-8")
                continue
            text = data.decode("latin-1")
        text = text.rstrip("\r\n")
        if not text.strip():
            yield Unit(None, lambda wanted: {}, text=text)
            continue
        at = _at(number)
        if kind == LINES:
            try:
                yield Unit(parse(text), at, text=text)
            except ValueError as error:
                yield Trouble(number, "the line is no JSON: %s" % getattr(error, "msg", error))
            continue
        request = _REQUEST.search(text[:4096])
        if request:
            yield Requested(number, request.group("method"), request.group("url"))
        for document in _objects(text):
            yield Unit(document, at, text=text)


def _at(number: int) -> Callable[[Sequence[Tuple[Any, ...]]], Mapping[Tuple[Any, ...], int]]:
    return lambda wanted: dict.fromkeys(wanted, number)


def _raw_lines(path: str) -> Iterator[Tuple[int, Optional[bytes]]]:
    """Yield the lines with their numbers, None for one that is too long; no more than that is held in memory."""
    with open(path, "rb") as stream:
        number = 0
        while True:
            data = stream.readline(MOST_LINE + 1)
            if not data:
                return
            number += 1
            if len(data) <= MOST_LINE:
                yield number, data
                continue
            while data and not data.endswith(b"\n"):
                data = stream.readline(_CHUNK)
            yield number, None


def _whole_number(text: str) -> Union[int, float]:
    # Python refuses longer ones, and older ones take minutes.
    return int(text) if len(text) < 400 else float("inf")


_DECODER = json.JSONDecoder(parse_int=_whole_number)


def _objects(text: str) -> Iterator[Any]:
    """Yield the JSON objects in a line of a log, whose quotes a proxy may have escaped."""
    if "\\x22" in text:
        text = re.sub(r"\\x([0-9A-Fa-f]{2})", lambda found: chr(int(found.group(1), 16)), text)
    start, tries = 0, 0
    while tries < 5:
        start = text.find("{", start)
        if start < 0:
            return
        tries += 1
        try:
            found, start = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            start += 1
            continue
        if isinstance(found, dict) and found:
            yield found


def parse(text: str) -> Any:
    """Return a JSON text as data; raises ValueError, also for one that is nested too deeply."""
    try:
        return json.loads(text, parse_int=_whole_number)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def rule_of(request: Requested) -> Optional[str]:
    """Return the rule of a request line."""
    return endpoints.of_request(request.method, request.url)


def missing(paths: Sequence[str]) -> List[str]:
    """Return the paths that lead nowhere."""
    return [path for path in paths if not os.path.lexists(path)]
