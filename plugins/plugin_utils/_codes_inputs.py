# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one-time codes of a run, checked before its first request: none for two numbers, and a file that can be read."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from ..module_utils import _codes, _spec
from . import _codes_file


def errors(hosts: Sequence[Any], known: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with the codes of all ``hosts``; ``known`` are the names that the inventory has."""
    given: dict[str, list[str]] = {}
    files: dict[str, list[Any]] = {}
    for one in hosts:
        code, path = _stated(one), one.input("codes_file")
        if code:
            given.setdefault(code, []).append(one.name)
        if isinstance(path, str) and path.strip():
            files.setdefault(os.path.expanduser(os.path.expandvars(path.strip())), []).append(one)
    for names in given.values():
        if len(names) > 1:
            yield (
                "O(code): the same code for %s. A code is of one number: limit the run to its host (-l), or hand the "
                "codes in by host variables or O(codes_file)" % ", ".join(names)
            )
    for path, users in files.items():
        yield from _of_file(path, users, known)


def _of_file(path: str, users: Sequence[Any], known: Collection[str]) -> Iterator[str]:
    # With a time to wait for it, the file need not be there yet.
    if not os.path.lexists(path) and any(float(one.input("code_wait") or 0) > 0 for one in users):
        return
    try:
        entries = _codes_file.read(path)
    except _codes_file.CodesError as reason:
        yield "O(codes_file): %s" % reason
        return
    strange = _codes_file.unknown(entries, known)
    if strange:
        yield "O(codes_file): %s: the inventory has no host %s" % (path, " and no host ".join(strange))
    for one in users:
        try:
            found = _codes_file.code_of(entries, one.name, [str(one.input("phone_number_id") or "")])
        except _codes_file.CodesError as reason:
            yield "O(codes_file): %s: %s" % (path, reason)
            continue
        if found and _stated(one) not in ("", found):
            yield "O(code) and O(codes_file): they have two codes for host %s. Leave out one of the two" % one.name


def _stated(one: Any) -> str:
    """Return the code that a host has as a variable; "" for none, and for what is no code, which its host reports."""
    code = one.input("code")
    try:
        return "" if _spec.is_missing(code) else _codes.code_of(code)
    except ValueError:
        return ""
