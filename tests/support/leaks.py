# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The leak scan: looks for planted secrets, however they are written, in files, in output and in the process list."""

from __future__ import annotations

import base64
import contextlib
import html
import io
import json
import os
import re
import shlex
import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, quote_plus

_SHORTEST = 6  # of a form in base64: a shorter one is found by chance
_WINDOW = 32  # of a long secret: a log that cuts it off shows a part of it
_STEP = 96  # from one window to the next


@dataclass(frozen=True)
class Secret:
    """A planted secret. A delimited one is short, so it counts only where no letter or digit stands beside it."""

    name: str
    value: str
    delimited: bool = False

    @cached_property
    def forms(self) -> dict[bytes, str]:
        """Return how the secret may be written, each with the name of that form."""
        found: dict[bytes, str] = {}
        for part in self._parts():
            for form, text in _writings(part):
                found.setdefault(text.encode("utf-8"), form)
                for needle in _in_base64(text.encode("utf-8")):
                    found.setdefault(needle, f"base64 of {form}")
                    found.setdefault(needle.replace(b"+", b"-").replace(b"/", b"_"), f"base64 (URL) of {form}")
            found.setdefault(part.encode("utf-8").hex().encode(), "hex")
        return found

    def _parts(self) -> Iterator[str]:
        if len(self.value) <= _STEP:
            yield self.value
        else:
            for at in range(0, len(self.value) - _WINDOW + 1, _STEP):
                yield self.value[at : at + _WINDOW]

    def find(self, data: bytes) -> Iterator[tuple[str, int, int]]:
        """Return form, begin and end of the first hit of each form."""
        for needle, form in self.forms.items():
            at = data.find(needle)
            if at < 0:
                continue
            if not self.delimited or "base64" in form or form == "hex":
                yield form, at, at + len(needle)
                continue
            # \n and its like before it are an escape, and no letter; behind the point of a number is its fraction.
            word = re.search(
                rb"(?:(?<![0-9A-Za-z])|(?<=\\[nrt]))(?<![0-9]\.)" + re.escape(needle) + rb"(?![0-9A-Za-z])", data
            )
            if word:
                yield form, word.start(), word.end()


@dataclass(frozen=True)
class Hit:
    """Where which secret was found; the excerpt does not hold it."""

    secret: str
    form: str
    where: str
    excerpt: str


class Scan:
    """Look for all secrets of a run."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self.secrets = tuple(secrets)
        self.bytes = 0

    def data(self, where: str, data: bytes, but: Iterable[str] = ()) -> list[Hit]:
        """Search bytes, and the members of a zip archive; but: names of secrets that may stand there."""
        self.bytes += len(data)
        found = [
            Hit(secret.name, form, where, _excerpt(data, begin, end))
            for secret in self.secrets
            if secret.name not in set(but)
            for form, begin, end in secret.find(data)
        ]
        if data.startswith(b"PK\x03\x04"):
            with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in archive.namelist():
                    found += self.data(f"{where}!{name}", archive.read(name), but)
        return found

    def text(self, where: str, text: str) -> list[Hit]:
        return self.data(where, text.encode("utf-8", "surrogateescape"))

    def trees(self, roots: Iterable[Path], allowed: Callable[[Path], Iterable[str]] = lambda _path: ()) -> list[Hit]:
        """Search every file below the roots, and its name; allowed: the secrets that may stand in a file."""
        found: list[Hit] = []
        for root in roots:
            for path in sorted(root.rglob("*")):
                found += self.text(f"the name of {path}", str(path.relative_to(root)))
                if path.is_file() and not path.is_symlink():
                    found += self.data(str(path), path.read_bytes(), allowed(path))
        return found


class Watch:
    """Take samples while a run lasts: of each process its words and its environment, and of files that will not last.

    The samples are searched afterwards, so a sample costs little.
    """

    EVERY = 0.03

    def __init__(self, fleeting: Iterable[Path] = ()) -> None:
        self._fleeting = tuple(fleeting)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.command_lines: set[bytes] = set()
        self.environments: dict[bytes, bytes] = {}
        self.files: dict[tuple[str, int, int], bytes] = {}
        self.samples = 0

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def hits(
        self,
        scan: Scan,
        inherits: Callable[[bytes], Iterable[str]] = lambda _environment: (),
        allowed: Callable[[Path], Iterable[str]] = lambda _path: (),
    ) -> list[Hit]:
        """Search the samples; inherits: the secrets that an environment holds because the user has set them."""
        found = [hit for line in self.command_lines for hit in scan.data("the command line of a process", line)]
        for environment, command in self.environments.items():
            where = "the environment of " + command.replace(b"\0", b" ").decode(errors="replace")[:120]
            found += scan.data(where, environment, inherits(environment))
        for (path, _changed, _size), data in self.files.items():
            found += scan.data(f"{path}, while the run lasted", data, allowed(Path(path)))
        return found

    def _run(self) -> None:
        while not self._end.wait(self.EVERY):
            self._sample_processes()
            for root in self._fleeting:
                self._sample_files(root)
            self.samples += 1

    def _sample_processes(self) -> None:
        for entry in os.scandir("/proc"):
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                command = Path(entry.path, "cmdline").read_bytes()
                self.command_lines.add(command)
                self.environments.setdefault(Path(entry.path, "environ").read_bytes(), command)

    def _sample_files(self, root: Path) -> None:
        for folder, _folders, names in os.walk(root):
            for name in names:
                with contextlib.suppress(OSError):
                    path = Path(folder, name)
                    state = path.lstat()
                    key = (str(path), state.st_mtime_ns, state.st_size)
                    if key not in self.files and path.is_file():
                        self.files[key] = path.read_bytes()


def wait_for(seen: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Wait until something was seen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if seen():
            return True
        time.sleep(0.01)
    return False


def _writings(value: str) -> Iterator[tuple[str, str]]:
    yield "raw", value
    for ascii_only in (True, False):
        once = json.dumps(value, ensure_ascii=ascii_only)[1:-1]
        yield "JSON", once
        yield "JSON in JSON", json.dumps(once, ensure_ascii=ascii_only)[1:-1]
        for mark in ("'", '"', ""):
            yield "JSON in Python", _in_python(once, mark)
    for mark in ("'", '"', ""):
        yield "Python", _in_python(value, mark)
    for text in (quote(value, safe=""), quote(value), quote_plus(value)):
        yield "URL", text
        yield "URL", re.sub("%[0-9A-F]{2}", lambda found: found.group().lower(), text)
    yield "shell", shlex.quote(value)
    yield "HTML", html.escape(value)
    yield "YAML", value.replace("'", "''")


def _in_python(text: str, mark: str) -> str:
    """Return a part of a text as it stands in source between these quotation marks; "" where the others are used."""
    escaped = text.replace("\\", "\\\\")
    return escaped.replace(mark, "\\" + mark) if mark else escaped


def _in_base64(data: bytes) -> Iterator[bytes]:
    """Return what base64 makes of the data at each place in a group of three, without what its neighbours change."""
    for before in range(3):
        text = base64.b64encode(b"\0" * before + data)
        needle = text[(before * 8 + 5) // 6 : (before + len(data)) * 8 // 6]
        if len(needle) >= _SHORTEST:
            yield needle


def _excerpt(data: bytes, begin: int, end: int) -> str:
    around = data[max(0, begin - 100) : begin] + b"<SECRET>" + data[end : end + 40]
    return around.decode("utf-8", "replace")
