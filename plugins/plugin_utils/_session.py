# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tasks of a host share: a session that knows which requests earlier tasks of the run have sent."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable

from ..module_utils import _runner
from ..module_utils._api.sent import Sent
from . import _shared


def session(host: Callable[[], str]) -> _runner.Session:
    """Return a session that knows what earlier tasks of this run have sent for a host."""
    return _runner.Session(Sent(lambda: _shared.noted("sent for %s" % host())))


def keep(host: str, reported: _runner.Session, run: int) -> None:
    """Let later tasks of this run know what a task has sent for a host; ``run`` is the process that starts them.

    A failure to share it must not fail what has been done.
    """
    if reported.sent.changes and os.getppid() == run:
        with contextlib.suppress(OSError):
            _shared.note("sent for %s" % host, reported.sent.changes)
