# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of codes on the controller: YAML or CSV of hosts or numbers and their codes. Errors name no code."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import yaml

from ..module_utils import _codes
from ..module_utils._core.facts import phone_number
from ..module_utils._operations import stated_file

_KEYS = ("host", "number", "phone_number", "phone_number_id")
_MOST = 1 << 20  # bytes; a line for each of five thousand numbers is a tenth of that
_FORMS = "a mapping of host or number to code, or entries with host or number, and code"


class Entry(NamedTuple):
    """A host or a number as the file names it, and its code."""

    key: str
    code: str


class CodesError(Exception):
    """The file cannot be used; the text says why, for the option that names it."""


def read(path: str) -> list[Entry]:
    """Return the entries of the file; raises CodesError with all that is wrong with it."""
    rows = list(_rows(path, _text(path)))
    errors: list[str] = []
    found: list[Entry] = []
    seen: dict[str, int] = {}
    for line, key, code in rows:
        if not key:
            errors.append("line %d has no host and no number" % line)
            continue
        name = _name(key)
        if name in seen:
            errors.append("line %d: %s has a code already, in line %d" % (line, key, seen[name]))
            continue
        seen[name] = line
        try:
            found.append(Entry(key, _codes.code_of(code)))
        except ValueError as reason:
            errors.append("line %d: %s: %s" % (line, key, reason))
    if errors:
        raise CodesError("%s: %s" % (path, "; ".join(errors)))
    return found


def code_of(entries: Collection[Entry], host: str, numbers: Collection[str]) -> str | None:
    """Return the code of a host, known by its name or by one of ``numbers``; raises CodesError where it has two."""
    names = {digits for digits in map(phone_number.digits, numbers) if digits}
    codes = {
        entry.code for entry in entries if entry.key == host or (_is_number(entry.key) and _name(entry.key) in names)
    }
    if len(codes) > 1:
        raise CodesError("it has two codes for this number (%s)" % host)
    return codes.pop() if codes else None


def unknown(entries: Collection[Entry], hosts: Collection[str]) -> list[str]:
    """Return the entries that name a host which the inventory does not have. A number may be of any host."""
    return [entry.key for entry in entries if entry.key not in hosts and not _is_number(entry.key)]


def _is_number(key: str) -> bool:
    return len(phone_number.digits(key)) >= 7 and not key.strip("+0123456789 ().-")


def _name(key: str) -> str:
    return phone_number.digits(key) if _is_number(key) else key


def _text(path: str) -> str:
    """Return the content of the file, which nobody but its owner may read."""
    try:
        return stated_file.private_text(path, _MOST)
    except ValueError as reason:
        raise CodesError(str(reason)) from None


def _rows(path: str, text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the name and the code of each entry, as they are written."""
    if path.lower().endswith(".csv"):
        yield from _csv_rows(path, text)
        return
    try:
        # Scalars stay as they are written: 012345 is no octal number here.
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = " in line %d" % (mark.line + 1) if mark else ""
        raise CodesError("%s is not YAML%s; it may be half written" % (path, where)) from None
    if root is None:
        return
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            yield _row(path, key, value)
    elif isinstance(root, yaml.SequenceNode) and all(isinstance(one, yaml.MappingNode) for one in root.value):
        for entry in root.value:
            yield _entry(path, entry)
    else:
        raise CodesError("%s: expected %s" % (path, _FORMS))


def _row(path: str, key: yaml.Node, value: yaml.Node) -> tuple[int, str, str]:
    if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
        raise CodesError("%s: line %d: expected %s" % (path, key.start_mark.line + 1, _FORMS))
    return key.start_mark.line + 1, str(key.value).strip(), str(value.value)


def _entry(path: str, entry: yaml.MappingNode) -> tuple[int, str, str]:
    line = entry.start_mark.line + 1
    fields = {name: value for _line, name, value in (_row(path, *pair) for pair in entry.value)}
    return (line, *_fields(path, line, fields))


def _csv_rows(path: str, text: str) -> Iterator[tuple[int, str, str]]:
    reader = csv.reader(text.splitlines())
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(head):
                raise CodesError("%s: line %d is not complete; the file may be half written" % (path, reader.line_num))
            yield (reader.line_num, *_fields(path, reader.line_num, dict(zip(head, cells, strict=True))))
    except csv.Error:
        raise CodesError("%s: line %d is not CSV" % (path, reader.line_num)) from None


def _fields(path: str, line: int, fields: Mapping[str, str]) -> tuple[str, str]:
    names = [name for name in fields if name in _KEYS]
    if len(names) != 1 or "code" not in fields or len(fields) != 2:
        raise CodesError("%s: line %d: expected one of %s, and code" % (path, line, ", ".join(_KEYS)))
    return fields[names[0]].strip(), fields["code"]
