# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: ask the freeze file or URL whether changes may be made. Changes nothing."""

from __future__ import annotations

import os
import stat
from typing import Callable, Dict, Optional
from urllib.parse import urlsplit

from .._api.endpoint import Endpoint
from .._api.options import FREEZE
from .._api.sent import Sent
from .._core.conditions import change_freeze as change_freeze_rules
from .._failure import WabizError, counted
from .options import Freeze

_MOST = 4096
TIMEOUT = 10.0


def ask(
    options: Freeze, clock: Callable[[], float], sent: Optional[Sent] = None, timeout: float = TIMEOUT
) -> Dict[str, str]:
    """Return ``where`` was asked and ``why`` changes are frozen, "" where they are not.

    The file and the way to the URL are those of the machine that this runs on: the controller's. ``sent`` is told of
    a request, which may take ``timeout`` seconds.
    """
    stated = str(options.freeze or "")
    if not stated:
        return {"where": "", "why": ""}
    if stated.startswith((change_freeze_rules.STATED, change_freeze_rules.PAUSED)):
        return {"where": "", "why": change_freeze_rules.of_word(stated)}
    if stated.startswith("/"):
        return {"where": stated, "why": _of_file(stated)}
    return _of_url(stated, options.freeze_ca_path, clock, sent, timeout)


def _of_file(path: str) -> str:
    try:
        # A pipe would keep the reader waiting.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return "it cannot be read: this is no file"
            return change_freeze_rules.of_file(os.read(handle, _MOST))
        finally:
            os.close(handle)
    except FileNotFoundError:
        return ""
    except OSError as error:
        return "it cannot be read: %s" % error.strerror


def _of_url(
    url: str, ca_path: Optional[str], clock: Callable[[], float], sent: Optional[Sent], timeout: float
) -> Dict[str, str]:
    where = urlsplit(url).netloc  # the path or the query may hold a secret
    endpoint = Endpoint(url, ca_path, timeout, clock, FREEZE, sent)
    try:
        came = endpoint.get({})
    except WabizError as error:
        return {"where": where, "why": "it cannot be read: %s" % error.failure.title}
    finally:
        endpoint.close()
    if came.failure is not None:
        reported = ". ".join(part for part in (came.failure.title, came.failure.details) if part)
        return {"where": where, "why": "it cannot be read: %s" % reported}
    if len(came.body) > _MOST:
        return {"where": where, "why": "the answer has more than %s" % counted(_MOST, "byte")}
    return {"where": where, "why": change_freeze_rules.of_answer(came.status, came.body)}
