# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What both runners share: clients from parameters, an outcome or a failure as the data of a task result."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import time
from functools import lru_cache
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional

from ._api.connection import ConnectionPool
from ._api.graph import Graph
from ._api.onprem import Credential, OnPrem
from ._api.rate_limiter import RateLimiter
from ._api.sent import Sent
from ._core.checks import container
from ._core.cutover import attempt_log
from ._core.facts import sent as sent_rules
from ._failure import Failure, RefusedError, counted, failure_of
from ._operations.context import Clock, Context, Name, Params, Process
from ._operations.module import Operation

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
# The key of a shipped module's result that says what it has sent.
SENT = "_sent"
# The key of what it reports of its number: events, their fields, and how many seconds before its end they were.
EVENTS = "_events"
CLOCK = Clock(time.time, time.monotonic, time.sleep)
_DEFERRED = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
# Where /proc/<number>/stat tells them, counted behind the name: state, parent ... and when the process was started.
_PARENT, _STARTED = 1, 19


class Session:
    """What all calls of one task share: the connections, for each account of a node the login, and what was sent.

    ``clock`` has ``monotonic`` and ``sleep``, as the module ``time`` does.
    """

    def __init__(self, sent: Optional[Sent] = None, clock: Any = time) -> None:
        self.sent = sent or Sent()
        self.clock = clock
        self.pool = ConnectionPool(clock.monotonic, self.sent)
        self.recent: Dict[str, Any] = {}
        self._credentials: Dict[Any, Credential] = {}

    def credential(self, params: Params) -> Credential:
        """Return the credential of the node that ``params`` name, with the token of an earlier login."""
        stated = [params["onprem_" + name] for name in ("url", "username", "password", "token")]
        return self._credentials.setdefault(tuple(stated), Credential(str(stated[1]), stated[2] or "", stated[3] or ""))


def name_of(params: Params, phone_number_id: str = "", **more: Any) -> Name:
    """Return what the number of a task is called, by its options, else by the ID that the caller knows."""
    stated = {name: str(params.get(name) or "") for name in ("phone_number_id", "phone_number", "waba_id")}
    number_id = stated["phone_number_id"] or phone_number_id
    return Name(number_id, waba_id=stated["waba_id"], shown=stated["phone_number"], **more)


def graph_client(
    params: Params,
    announce: Callable[[str], None],
    session: Session,
    name: Name,
    rate_limiter: Optional[RateLimiter] = None,
) -> Callable[[str], Graph]:
    """Return a maker of Graph clients for a number's label.

    ``name`` learns how Graph shows the number. ``rate_limiter`` is what all workers of a run know of Graph's limits.
    """
    return lambda number: Graph.open(
        access_token=params["access_token"],
        graph_url=params["graph_url"],
        graph_version=params["graph_version"],
        graph_validate_certs=params["graph_validate_certs"],
        graph_ca_path=params["graph_ca_path"],
        graph_timeout=params["graph_timeout"],
        graph_retry_for=params["graph_retry_for"],
        number=number,
        clock=session.clock.monotonic,
        sleep=session.clock.sleep,
        random=random.random,
        announce=announce,
        pool=session.pool,
        rate_limiter=rate_limiter,
        seen=name.learn,
    )


def onprem_client(params: Params, announce: Callable[[str], None], session: Session) -> Callable[[str], OnPrem]:
    """Return a maker of On-Premises clients for a number's label."""
    return lambda number: OnPrem.open(
        url=params["onprem_url"],
        username=params["onprem_username"],
        password=params["onprem_password"],
        token=params["onprem_token"],
        validate_certs=params["onprem_validate_certs"],
        ca_path=params["onprem_ca_path"],
        timeout=params["onprem_timeout"],
        retry_budget=params["onprem_retry_for"],
        number=number,
        clock=session.clock.monotonic,
        sleep=session.clock.sleep,
        random=random.random,
        announce=announce,
        pool=session.pool,
        credential=session.credential(params),
    )


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Defer SIGINT, SIGTERM and SIGALRM (Ansible's task timeout) until the end of the block."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _DEFERRED)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def process(number: int) -> Optional[attempt_log.Process]:
    """Return a process of this machine, None where there is none; raises OSError where that cannot be seen."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        own = False
    else:
        own = True
    try:
        with open("/proc/%d/stat" % number, encoding="utf-8", errors="replace") as stat:
            # the name before it may hold blanks and parentheses
            wording = stat.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        if own and os.path.exists("/proc/self/stat"):
            return None  # it has ended since; one of somebody else may only be hidden
        raise
    try:
        # One that has ended and is not yet waited for does nothing any more.
        return None if wording[0] in "ZX" else attempt_log.Process(int(wording[_STARTED]), int(wording[_PARENT]))
    except (ValueError, IndexError):
        raise OSError("/proc/%d/stat cannot be read" % number) from None


def run_is_gone(number: int, parent: int) -> bool:
    """Tell whether a process of this machine has lost the parent that it was started by: its run was killed."""
    if parent <= 0:
        return False
    try:
        seen = process(number)
    except OSError:
        return False
    return seen is not None and seen.parent != parent


@lru_cache(maxsize=None)
def namespace() -> str:
    """Return what names this machine's boot and the process numbers that are seen from here, "" where nothing does.

    Containers may share a host's name and have process numbers of their own.
    """
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as boot:
            return "%s %s" % (boot.read().strip(), os.readlink("/proc/self/ns/pid"))
    except (OSError, ValueError):
        return ""


def started() -> int:
    """Return when this process was started, 0 where that is unknown."""
    return _started(os.getpid())


@lru_cache(maxsize=None)
def _started(number: int) -> int:
    try:
        seen = process(number)
    except OSError:
        return 0
    return 0 if seen is None else seen.started


def this_process(run: str, parent: int, throwaway: str = "") -> Process:
    """Return what others know this process by, and how it sees others; ``parent`` has started it."""
    return Process(
        run, socket.gethostname(), os.getpid(), parent, namespace(), started(), holder, run_is_gone, throwaway
    )


def holder(lease: Mapping[str, Any]) -> str:
    """Return what has become of the process that took ``lease``, as far as it can be seen from here."""
    return attempt_log.holder(lease, socket.gethostname(), namespace(), process)


def throwaway(path: str) -> str:
    """Return what becomes of the directory ``path`` of this machine, in the words of the rule for containers."""
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as mounts:
            seen = mounts.read()
    except OSError:
        return container.KEPT
    return container.fate(os.path.realpath(path), seen, os.environ, os.path.exists)


def refused(errors: List[str]) -> Dict[str, Any]:
    """Return the result of a task whose options are wrong: every validation error in one message, nothing touched.

    For errors only that are found before the task has asked anybody for anything.
    """
    failure = Failure(
        "bad_input",
        "%s in the options" % counted(len(errors), "validation error"),
        "; ".join(errors),
        next_step="correct them, then run again; nothing was sent or written",
    )
    return {
        "changed": False,
        "failed": True,
        "msg": failure.sentence(),
        "failure": failure.as_dict(),
        "errors": list(errors),
    }


def carry_out(operation: Operation, options: Any, context: Context, diff: bool) -> Dict[str, Any]:
    """Run the operation and return a task result.

    A failure comes back as data, because what is raised is printed unmasked.
    """
    try:
        outcome = operation(options, context)
    except Exception as error:  # noqa: BLE001 - whatever gets past here would be printed unmasked
        refused_here = context.check_mode and isinstance(error, RefusedError)
        return failed(failure_of(error), context.name, context.sent, would_be_refused=refused_here)
    result: Dict[str, Any] = dict(outcome.result)
    if outcome.failure is not None and outcome.sent is None:
        result.update(failed(outcome.failure, context.name, context.sent, outcome.label))
    elif outcome.failure is not None:
        msg = outcome.failure.sentence(outcome.label or context.name.subject, outcome.sent or "")
        result.update(failed=True, msg=msg, failure=outcome.failure.as_dict())
    result["changed"] = outcome.changed
    if outcome.warnings:
        result["warnings"] = list(outcome.warnings)
    if diff and (outcome.before or outcome.after):
        result["diff"] = {"before": dict(outcome.before), "after": dict(outcome.after)}
    return result


def failed(failure: Failure, name: Name, sent: Sent, about: str = "", would_be_refused: bool = False) -> Dict[str, Any]:
    """Return the result of a task that failed, with what has been sent until then.

    ``about`` names what its message is about, where ``name`` does not. ``would_be_refused`` says that it failed in
    check mode by a rule that refuses the real task too.
    """
    changes = sent.all_changes()
    reported = sent_rules.sentence(changes, sent.reads, sent.unreported)
    result: Dict[str, Any] = {
        "changed": False,
        "failed": True,
        "msg": failure.sentence(about or name.subject, reported),
        "failure": failure.as_dict(),
        "sent": changes,
    }
    return {**result, "would_be_refused": True} if would_be_refused else result


def kept(result: Mapping[str, Any]) -> Dict[str, Any]:
    """Return what a failed result has beside its own where its host stays in the play."""
    return {"failed": False, "failure_kept": bool(result.get("failed"))}


def as_failed(result: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a result whose failure was kept as a failed one, any other as it is."""
    return {**result, "failed": True} if result.get("failure_kept") else result


def reported_again(result: Mapping[str, Any], name: Name, sent: Sent) -> Dict[str, Any]:
    """Return the failed result of a shipped module as one of the whole task.

    The module knows what it has sent itself, and does not know the inventory host.
    """
    if "sent" not in result or "failure" not in result:
        return dict(result)
    changes = sent.all_changes()
    reported = sent_rules.sentence(changes, sent.reads, sent.unreported)
    return {**result, "msg": Failure(**result["failure"]).sentence(name.subject, reported), "sent": changes}


def masked(params: Mapping[str, Any], secrets: List[str]) -> Dict[str, Any]:
    """Return the parameters for showing: secrets are hidden by their option's name, never by their value."""
    return {name: HIDDEN if name in secrets and value is not None else value for name, value in params.items()}
