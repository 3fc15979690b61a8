# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What both doors have in common: clients from parameters, an outcome or a failure as the data of a task result."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
import traceback
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional

from ._api.connection import Line
from ._api.graph import Graph
from ._api.onprem import Credential, OnPrem
from ._api.pace import Pace
from ._failure import Failure, WabizError, counted
from ._ops.context import Context, Name, Outcome, Params

Operation = Callable[[Params, Context], Outcome]
HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
_DEFERRED = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)


class Session:
    """What all calls of one task share: the connections, and for each account of a node the login."""

    def __init__(self) -> None:
        self.line = Line(time.monotonic)
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
    params: Params, announce: Callable[[str], None], session: Session, name: Name, pace: Optional[Pace] = None
) -> Callable[[str], Graph]:
    """Return a maker of Graph clients for a number's label.

    ``name`` learns how Graph shows the number. ``pace`` is what all workers of a run know of Graph's limits.
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
        clock=time.monotonic,
        sleep=time.sleep,
        random=random.random,
        announce=announce,
        line=session.line,
        pace=pace,
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
        clock=time.monotonic,
        sleep=time.sleep,
        random=random.random,
        announce=announce,
        line=session.line,
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


def alive(process: int) -> bool:
    """Tell whether a process of this machine still runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def orphaned(process: int, parent: int) -> bool:
    """Tell whether a process of this machine has lost the parent that it was started by: its run was killed."""
    if parent <= 0:
        return False
    try:
        with open("/proc/%d/stat" % process, encoding="utf-8", errors="replace") as stat:
            # the name before it may hold blanks and parentheses
            return int(stat.read().rpartition(")")[2].split()[1]) != parent
    except (OSError, ValueError, IndexError):
        return False


def throwaway(path: str) -> bool:
    """Tell whether ``path`` lies in the root file system of a container, or in the job folder of ansible-runner's."""
    try:
        with open("/proc/self/mounts", encoding="utf-8") as mounts:
            roots = [line.split() for line in mounts]
    except OSError:
        return False
    in_container = any(
        len(row) > 2 and row[1] == "/" and row[2] in ("overlay", "fuse-overlayfs", "fuse.fuse-overlayfs")
        for row in roots
    )
    if not in_container:
        return False
    here = os.path.abspath(path)
    if "AWX_ISOLATED_DATA_DIR" in os.environ and (here + "/").startswith("/runner/"):
        return True
    while not os.path.exists(here):
        here = os.path.dirname(here)
    return os.stat(here).st_dev == os.stat("/").st_dev


def refused(faults: List[str]) -> Dict[str, Any]:
    """Return the result of a task whose options are wrong: every fault in one message, nothing touched."""
    failure = Failure(
        "bad_input",
        "%s in the options" % counted(len(faults), "fault"),
        "; ".join(faults),
        next_step="correct them, then run again; nothing was sent or written",
    )
    return {
        "changed": False,
        "failed": True,
        "msg": failure.sentence(),
        "failure": failure.as_dict(),
        "faults": list(faults),
    }


def carry_out(operation: Operation, params: Params, context: Context, diff: bool) -> Dict[str, Any]:
    """Run the operation and return a task result.

    A failure comes back as data, because what is raised is printed unmasked.
    """
    try:
        outcome = operation(params, context)
    except WabizError as error:
        return failed(error.failure, context.name)
    except Exception as error:  # noqa: BLE001 - the door's last line: what gets past it would be printed unmasked
        return failed(_unexpected(error), context.name)
    result: Dict[str, Any] = dict(outcome.result)
    result["changed"] = outcome.changed
    if outcome.failure is not None:
        result.update(failed(outcome.failure, context.name, outcome.label), changed=outcome.changed)
    if outcome.warnings:
        result["warnings"] = list(outcome.warnings)
    if diff and (outcome.before or outcome.after):
        result["diff"] = {"before": dict(outcome.before), "after": dict(outcome.after)}
    return result


def failed(failure: Failure, name: Name, about: str = "") -> Dict[str, Any]:
    """Return the result of a task that failed; ``about`` names what its message is about, where ``name`` does not."""
    sentence = failure.sentence(about or name.subject)
    return {"changed": False, "failed": True, "msg": sentence, "failure": failure.as_dict()}


def _unexpected(error: Exception) -> Failure:
    """Name the place of a fault of this collection without the exception's text, which may quote a secret."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join("%s:%d" % (os.path.basename(frame.filename), frame.lineno or 0) for frame in reversed(frames))
    return Failure(
        "internal",
        "A fault of wabiz.migration",
        "%s at %s" % (type(error).__name__, where),
        safe_to_rerun=True,
        next_step="run preflight, which only reads, to see where the number is, and report this line",
    )


def masked(params: Mapping[str, Any], secrets: List[str]) -> Dict[str, Any]:
    """Return the parameters for showing: secrets are hidden by their option's name, never by their value."""
    return {name: HIDDEN if name in secrets and value is not None else value for name, value in params.items()}
