# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation, part of lint: takes the files one after another, and collects what the rules find in them."""

from __future__ import annotations

import json
import os
import tempfile
from copy import deepcopy
from typing import Any, Callable, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from .. import _yaml
from .._core.lint import accepted, catalogue, code, documents, fix, messages, output
from .._core.lint.evidence import DIALOG, Evidence
from .._core.lint.rule import Hit, pointer_text
from . import lint_reading
from .lint_reading import CODE, LINES, YAML, File, Requested, Trouble, Unit

# A log of a month repeats itself: of each rule a file has so many findings, and all of them are counted.
MOST_OF_A_RULE = 100

Finding = Dict[str, Any]
Link = Callable[[str], Optional[str]]


class Request(NamedTuple):
    """What to lint, and how: ``media`` maps media IDs, ``link`` tells what is wrong with one, None for nothing.

    With ``fix`` copies are wanted, and with ``write`` they are written.
    """

    paths: Sequence[str]
    exclude: Sequence[str] = ()
    fix: bool = False
    write: bool = True
    media: Mapping[str, str] = {}
    link: Optional[Link] = None
    baseline: Optional[accepted.Baseline] = None


class _Project(NamedTuple):
    """What the files of a project show together, and those of each folder in which files name hosts of 360dialog."""

    all: Evidence
    folders: Dict[str, Evidence]


class Linter:
    """One run: the findings come one by one, and what is counted is known when they have come."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.files = 0
        self.payloads = 0
        self.accepted = 0
        self.left_out = 0
        self.copies: List[str] = []
        self.changed: List[str] = []
        self._of_file: Dict[str, int] = {}
        self._copy = _Copy("", False)

    def findings(self) -> Iterator[Finding]:
        """Yield the findings in the order of the files."""
        request = self._request
        projects: Dict[str, _Project] = {}
        for file in lint_reading.files(request.paths, request.exclude):
            if file.root not in projects:
                # one project after the other is in memory
                projects = {file.root: self._project(file.root)}
            self.files += 1
            self._of_file = {}
            for finding in self._of(file, projects[file.root]):
                if request.baseline is not None and request.baseline.accepts(finding):
                    self.accepted += 1
                    continue
                seen = self._of_file.get(finding["rule"], 0) + 1
                self._of_file[finding["rule"]] = seen
                if seen > MOST_OF_A_RULE:
                    self.left_out += 1
                else:
                    yield finding

    def _project(self, root: str) -> _Project:
        """Return what the source files show that belong together: those below a path, or those that are named."""
        found = Evidence()
        folders: Dict[str, Evidence] = {}
        paths = [root] if root else [path for path in self._request.paths if not os.path.isdir(path)]
        for file in lint_reading.files(paths, self._request.exclude):
            if file.kind == CODE:
                text = lint_reading.code(file)
                if isinstance(text, str):
                    own = code.evidence(text, code.split(text), _name(file))
                    found = found.joined(own)
                    if own.other & DIALOG:
                        folder = os.path.dirname(file.path)
                        folders[folder] = folders.get(folder, Evidence()).joined(own)
        return _Project(found, folders)

    def _of(self, file: File, project: _Project) -> Iterator[Finding]:
        if file.kind == CODE:
            yield from self._of_code(file, project)
            return
        self._copy = _Copy(file.path, self._request.fix and file.kind in (lint_reading.JSON, LINES, YAML))
        for read in lint_reading.units(file):
            if isinstance(read, Trouble):
                self._copy.drop()
                yield output.finding("L90", file.path, read.line, seen=read.why)
            elif isinstance(read, Requested):
                rule = lint_reading.rule_of(read)
                if rule:
                    yield output.finding(rule, file.path, read.line, seen="%s %s" % (read.method, _shown(read.url)))
            else:
                yield from self._of_unit(file, read)
        if self._copy.wanted:
            self.copies.append(lint_reading.mended_name(file.path))
            if self._copy.finish(self._request.write):
                self.changed.append(self.copies[-1])

    def _of_code(self, file: File, project: _Project) -> Iterator[Finding]:
        text = lint_reading.code(file)
        if isinstance(text, Trouble):
            if file.stated:
                yield output.finding("L90", file.path, text.line, seen=text.why)
            return
        raw = text.split("\n")
        lines = code.split(text)
        folder = project.folders.get(os.path.dirname(file.path), Evidence())
        for line in code.check(lines, code.evidence(text, lines, _name(file)), project.all, folder):
            before = raw[line.number - 2] if line.number > 1 and not lines[line.number - 2] else ""
            rules = accepted.ignored(raw[line.number - 1]) | accepted.ignored(before)
            if accepted.is_ignored(line.rule, rules):
                self.accepted += 1
            else:
                yield output.finding(line.rule, file.path, line.number, seen=line.details)

    def _of_unit(self, file: File, unit: Unit) -> Iterator[Finding]:
        replaced: Dict[Tuple[Any, ...], Any] = {}
        rows: List[Tuple[Tuple[Any, ...], Hit, bool]] = []
        try:
            for found in documents.search(unit.document, lint_reading.parse, self._request.link is not None):
                self.payloads += 1
                mended, left = self._mended(found) if self._copy.on else (None, ())
                if mended is not None:
                    replaced[found.pointer] = mended
                hits = [*found.hits, *self._links(found)]
                for hit in hits:
                    is_mended = mended is not None and (hit.rule, hit.pointer) not in left
                    rows.append((tuple(found.pointer) + tuple(hit.pointer), hit, is_mended))
        except (documents.TooLargeError, RecursionError) as error:
            self._copy.drop()
            why = str(error) if isinstance(error, documents.TooLargeError) else "it is nested too deeply"
            yield output.finding("L90", file.path, 1, seen=why)
            return
        self._copy.add(unit, replaced, file.kind)
        lines = unit.line([pointer for pointer, _hit, _mended in rows]) if rows else {}
        for pointer, hit, is_mended in rows:
            yield output.finding(
                hit.rule, file.path, lines.get(pointer, 1), pointer_text(pointer), hit.details, is_mended
            )

    def _mended(self, found: documents.Found) -> Tuple[Any, Any]:
        """Return the mended form of a message, and what it leaves; None for what cannot be mended."""
        if found.kind != documents.MESSAGE or not messages.is_message(found.value) or "#" in found.pointer:
            return None, ()
        mended = fix.fixed(found.value, self._request.media)
        if mended == found.value:
            return None, ()
        return mended, {(hit.rule, hit.pointer) for hit in messages.check(mended)}

    def _links(self, found: documents.Found) -> Iterator[Hit]:
        link = self._request.link
        if link is None or found.kind != documents.MESSAGE:
            return
        for address, at in messages.links(found.value):
            wrong = link(address)
            if wrong:
                yield Hit("L52", at, wrong)


class _Copy:
    """The mended copy of one file; it is written beside the original when the whole file has been read."""

    def __init__(self, path: str, on: bool) -> None:
        self.on = on
        self.wanted = False
        self._path = path
        self._parts: List[str] = []
        self._lines = True

    def drop(self) -> None:
        """Make no copy of a file that was not read to its end."""
        self.on = self.wanted = False
        self._parts = []

    def add(self, unit: Unit, replaced: Mapping[Tuple[Any, ...], Any], kind: str) -> None:
        """Take over a document, with what replaces its parts."""
        if not self.on:
            return
        self.wanted = self.wanted or bool(replaced)
        document = _with(unit.document, replaced)
        if unit.text is not None:
            self._parts.append(_json(document, None) if replaced else unit.text)
        elif kind == YAML:
            self._lines = False
            self._parts.append(("---\n" if self._parts else "") + _yaml.written(document))
        else:
            self._lines = False
            self._parts.append(_json(document, 2) + "\n")

    def finish(self, write: bool) -> bool:
        """Write the copy where it would be a new one, if that is wanted; returns whether it is new."""
        text = "\n".join(self._parts) + "\n" if self._lines else "".join(self._parts)
        self._parts = []
        data = text.encode("utf-8", "surrogatepass")
        target = lint_reading.mended_name(self._path)
        if os.path.exists(target):
            with open(target, "rb") as stream:
                if stream.read() == data:
                    return False
        if write:
            _write(target, data)
        return True


def _json(document: Any, indent: Optional[int]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=indent)


def _with(document: Any, replaced: Mapping[Tuple[Any, ...], Any]) -> Any:
    if () in replaced:
        return replaced[()]
    if not replaced:
        return document
    copy = deepcopy(document)
    for pointer, value in replaced.items():
        node = copy
        for part in pointer[:-1]:
            node = node[part]
        node[pointer[-1]] = value
    return copy


def _write(path: str, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path) or ".", prefix=".wa_lint-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, 0o600)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _name(file: File) -> str:
    return os.path.relpath(file.path, file.root) if file.root else os.path.basename(file.path)


def _shown(url: str) -> str:
    return url.split("?", 1)[0][:120]


def rules() -> List[str]:
    """Return the IDs of all rules."""
    return list(catalogue.RULES)
