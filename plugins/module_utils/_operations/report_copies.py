# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Putting the files of a report into their folder, and copies of them where they stay."""

from __future__ import annotations

import os
from functools import partial
from typing import Any, Callable, Mapping, Sequence, Tuple
from urllib.parse import quote, urlsplit

from .. import _hostfiles
from .._api.endpoint import Endpoint
from .._api.options import REPORT
from .._failure import WabizError
from .context import Context

PAGE = "report.html"
TICKETS = "tickets"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".xml": "application/xml",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
_TIMEOUT = 60.0


def store(folder: str, files: Mapping[str, Callable[[], str]]) -> None:
    """Write files below a folder of this user, each at once or not at all; one text at a time is in memory."""
    os.makedirs(os.path.dirname(folder), mode=0o700, exist_ok=True)
    _hostfiles.make_directory(folder)
    tickets = os.path.join(folder, TICKETS)
    if any(name.startswith(TICKETS + "/") for name in files):
        _hostfiles.make_directory(tickets)
    for old in os.listdir(tickets) if os.path.isdir(tickets) else ():
        # A ticket of an earlier wave whose cause is gone would be sent for nothing.
        if old.endswith(".txt") and "%s/%s" % (TICKETS, old) not in files:
            os.unlink(os.path.join(tickets, old))
    for name, make in files.items():
        _hostfiles.write_private(os.path.join(folder, name), make())


def send(options: Any, context: Context, source: str, files: Sequence[str]) -> Tuple[str, Tuple[str, ...]]:
    """Copy the files to a folder, or send them to an address; return where they are now, and warnings.

    An address that ends with a slash gets every file below it, any other one the page alone.
    """
    stated, name = str(options.report_to), os.path.basename(source)
    if "://" not in stated:
        folder = os.path.join(os.path.abspath(os.path.expanduser(stated)), name)
        try:
            store(folder, {file: partial(_read, os.path.join(source, file)) for file in files})
        except (_hostfiles.HostFileError, OSError) as error:
            return "", ("The report could not be copied to %s: %s" % (folder, error),)
        return folder, ()
    server = urlsplit(stated).netloc  # the path or the query may hold a secret
    head, _colon, value = str(options.report_to_header or "").partition(":")
    headers = {head.strip(): value.strip()} if head.strip() else {}
    for file in files if stated.endswith("/") else [PAGE]:
        url = "%s%s/%s" % (stated, quote(name), quote(file)) if stated.endswith("/") else stated
        kind = {"Content-Type": _TYPES[os.path.splitext(file)[1]]}
        trouble = _put(options, context, url, _read(os.path.join(source, file)), {**headers, **kind})
        if trouble:
            return "", ("The report could not be sent to %s: %s (%s)" % (server, trouble, file),)
    return server, ()


def _read(path: str) -> str:
    with open(path, encoding="utf-8", newline="") as stream:
        return stream.read()


def _put(options: Any, context: Context, url: str, text: str, headers: Mapping[str, str]) -> str:
    """Send one file; return why that failed, "" where it did not."""
    endpoint = Endpoint(url, options.report_to_ca_path, _TIMEOUT, context.clock.monotonic, REPORT)
    try:
        came = endpoint.put(text.encode("utf-8"), headers)
    except WabizError as error:
        return error.failure.title
    finally:
        endpoint.close()
    if came.failure is not None:
        return came.failure.title
    return "" if 200 <= came.status <= 299 else "it answered with HTTP status %d" % came.status
