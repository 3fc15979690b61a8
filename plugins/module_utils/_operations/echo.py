# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: wait until a real event of a number has come in, as the webhook endpoint reports it. Changes nothing."""

from __future__ import annotations

import os
import stat
from typing import Any, Dict, List, Mapping, NamedTuple, Optional
from urllib.parse import urlsplit

from .._api.endpoint import Endpoint
from .._api.options import ECHO
from .._core.checks import echo as rules
from .._core.cutover import attempt_log as attempt_log_rules
from .._core.events.event import VERIFY
from .._core.facts.times import instant, utc
from .._failure import Failure, WabizError
from .context import Context, Outcome
from .module import Module, always_in, never
from .options import Echo, Recorded, declare, option
from .poll import Poll

_MOST = 16 * 1024 * 1024
_TIMEOUT = 10.0


@declare
class Options(Recorded, Echo):
    """The options of wa_echo."""

    phone_number_id: str = option("str", required=True)
    echo: str = option("str", required=True)
    wait_interval: float = option("float", 2.0)
    since: Optional[str] = option("str")


class Seen(NamedTuple):
    """When the last event of a number came in, None for never, and why that could not be read."""

    moment: Optional[float] = None
    trouble: str = ""


def perform(options: Options, context: Context) -> Outcome:
    """Ask until an event counts, for ``echo_wait`` seconds; in check mode ask once."""
    since = None if options.since is None else instant(options.since)
    wait = 0.0 if context.check_mode else options.echo_wait
    poll, began = Poll(context, options.wait_interval, wait), context.clock.monotonic()
    while True:
        seen = look(options, context)
        found = rules.counts(seen.moment, since)
        text = "waiting up to %d s for an event of the number%s"
        if found or not poll.wait(text % (poll.left, " (%s)" % seen.trouble if seen.trouble else "")):
            break
    waited = context.clock.monotonic() - began
    result: Dict[str, Any] = {
        "echo": {
            "seen": found,
            "at": None if seen.moment is None else utc(seen.moment),
            "source": shown(options.echo),
            "waited": round(waited, 1),
        },
        "findings": [],
    }
    if not found:
        details = rules.details(seen.moment, since, shown(options.echo), waited, seen.trouble)
        result["findings"] = [rules.NO_EVENT.result(rules.NO_EVENT.failure(details), str(options.phone_number_id))]
    return Outcome(False, result)


def findings(options: Any, context: Context, log: Optional[Mapping[str, Any]]) -> List[Failure]:
    """Return that no event of a number that has moved is known: the source is asked once, and nobody waits.

    ``log`` is its attempt log, None where it cannot be read. A task that runs on the host does not see the source.
    """
    if not options.echo or options.graph_via == "host":
        return []
    at = attempt_log_rules.registered_at(log) if log is not None else None
    since, seen = instant(at), look(options, context)
    if rules.counts(seen.moment, since):
        return []
    return [rules.NO_EVENT.failure(rules.details(seen.moment, since, shown(options.echo), 0.0, seen.trouble))]


def look(options: Any, context: Context) -> Seen:
    """Ask the source once."""
    number_id = str(options.phone_number_id)
    source = rules.address_of(str(options.echo), number_id)
    try:
        text = _of_address(source, options, context) if "://" in source else _of_file(source)
        return Seen(rules.last_event(text, number_id))
    except WabizError as error:
        return Seen(trouble=error.failure.cause())
    except (OSError, ValueError) as error:
        return Seen(trouble=getattr(error, "strerror", None) or str(error))


def shown(source: str) -> str:
    """Return a source without the query of an address, which may hold a secret."""
    if "://" not in source:
        return source
    parts = urlsplit(source)
    return "%s://%s%s" % (parts.scheme, parts.netloc, parts.path)


def _of_file(path: str) -> str:
    # A pipe would keep the reader waiting.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as stream:
        seen = os.fstat(handle)
        if not stat.S_ISREG(seen.st_mode):
            raise ValueError("%s is no regular file" % path)
        if seen.st_size > _MOST:
            raise ValueError("%s has more than %d MiB; keep the last event of each number" % (path, _MOST // 1024**2))
        return stream.read(_MOST).decode("utf-8", "replace")


def _of_address(url: str, options: Any, context: Context) -> str:
    endpoint = Endpoint(url, options.echo_ca_path, _TIMEOUT, context.clock.monotonic, ECHO, context.sent)
    try:
        came = endpoint.get({})
    finally:
        endpoint.close()
    if came.failure is not None:
        raise WabizError(came.failure)
    if came.status == 404:
        return ""
    if came.status != 200:
        raise ValueError("HTTP %d" % came.status)
    return came.body.decode("utf-8", "replace")


MODULE = Module(
    name="wa_echo",
    options=Options,
    run=perform,
    changes=never,
    phase=always_in(VERIFY),
)
