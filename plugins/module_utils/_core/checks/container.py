# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: whether files outlive the container that this process runs in. Pure: the caller passes what it sees."""

from __future__ import annotations

import re
from typing import Callable, Mapping, NamedTuple, Optional

from ..._failure import Failure
from ..findings.finding import BLOCKER, COLLECTION, Finding

# What becomes of a directory.
KEPT = ""  # nothing says that it is lost
CONTAINER = "container"  # it goes with the container, and who keeps that cannot be seen from inside
JOB = "job"  # it goes with the container or the pod of a job, which is thrown away with the job

_OVERLAYS = ("overlay", "fuse-overlayfs", "fuse.fuse-overlayfs")
_IN_MEMORY = ("tmpfs", "ramfs")
_MARKS = ("/run/.containerenv", "/.dockerenv")
# ansible-runner mounts the folder of a job here, whole or in parts. Everything of it is removed when the job ends.
_FOLDER = "/runner"
_PARTS = ("artifacts", "cp", "env", "inventory", "project", "requirements_collections", "requirements_roles")
# Where a mount comes from that ends with its pod, or, as a volume without a name, with its container.
_PASSING = re.compile(r"/volumes/(kubernetes\.io~empty-dir/|[0-9a-f]{64}/_data(/|\Z))")
_ESCAPED = re.compile(r"\\([0-7]{3})")

STATE_NOT_DURABLE = Finding(
    "WM113",
    "state_not_durable",
    BLOCKER,
    COLLECTION,
    title="The attempt log would be lost with this container",
    why="After a lost answer or a killed run, only the attempt log prevents a second registration.",
    fix="Reach the host over SSH, so that the attempt log is stored there. Or mount a persistent directory and name it "
    "in O(state_dir) (in AWX: Paths to expose to isolated jobs). For a container that somebody keeps, set "
    "O(state_durable): true, which does not count for the container of a job.",
)


class Mount(NamedTuple):
    """A mount: where, what of its file system (a path in that), and the type of that."""

    point: str
    root: str
    kind: str


def mount_of(path: str, mountinfo: str) -> Optional[Mount]:
    """Return the mount that ``path`` (absolute, without links) is on, None where ``mountinfo`` has none.

    ``mountinfo`` is the text of /proc/self/mountinfo. Of two at one point the later one covers the earlier one.
    """
    found: Optional[Mount] = None
    for line in mountinfo.splitlines():
        before, _dash, after = line.partition(" - ")
        fields, kinds = before.split(" "), after.split(" ")
        if len(fields) < 6 or not kinds[0]:
            continue
        seen = Mount(_plain(fields[4]), _plain(fields[3]), kinds[0])
        if _below(path, seen.point) and (found is None or len(seen.point) >= len(found.point)):
            found = seen
    return found


def fate(path: str, mountinfo: str, environ: Mapping[str, str], there: Callable[[str], bool]) -> str:
    """Return what becomes of the directory ``path``: KEPT, CONTAINER or JOB.

    ``environ`` is this process's environment, ``there`` tells whether a path exists.
    """
    top, mount = mount_of("/", mountinfo), mount_of(path, mountinfo)
    if top is None or mount is None:
        return KEPT
    layered = top.kind in _OVERLAYS
    goes = mount == top or mount.kind in _IN_MEMORY or _is_layer(mount) or bool(_PASSING.search(mount.root))
    folder = environ.get("AWX_ISOLATED_DATA_DIR", "")
    of_job = (_below(folder, _FOLDER) and folder != _FOLDER) or bool(environ.get("JOB_ID") and environ.get("AWX_HOST"))
    if of_job and (layered or any(there(mark) for mark in _MARKS)):
        return JOB if goes or _is_folder(mount) else KEPT
    return CONTAINER if layered and goes else KEPT


ATTEMPT_LOG = "The attempt log prevents a second registration"
NOTICE_LOG = "The notice log is all that says who has the notice"
EXPORT = "The export holds what cannot be read any more after the deregistration"


def lost(fate_: str, durable: Optional[bool], path: str, what: str = ATTEMPT_LOG) -> Optional[Failure]:
    """Return why the files in ``path`` would be lost, None where they stay; ``durable`` is stated by the user.

    ``what`` says why one of them is needed.
    """
    if fate_ == KEPT or (fate_ == CONTAINER and durable):
        return None
    seen = "%s is in the %s, not on a mount that outlives it" % (
        path,
        "container of this job, which is thrown away with the job" if fate_ == JOB else "file system of this container",
    )
    if fate_ == JOB and durable:
        seen = "O(state_durable): true does not count here: %s" % seen
    return STATE_NOT_DURABLE.failure("%s. %s" % (seen, what))


def _is_layer(mount: Mount) -> bool:
    """Tell whether a mount is a layer over something (the option O of podman), which keeps no change.

    A directory of a host that has such a file system itself is not the whole of it.
    """
    return mount.kind in _OVERLAYS and mount.root == "/"


def _is_folder(mount: Mount) -> bool:
    point, _slash, part = mount.point[1:].partition("/")
    return "/" + point == _FOLDER and (not part or part.partition("/")[0] in _PARTS)


def _below(path: str, folder: str) -> bool:
    return (path.rstrip("/") + "/").startswith(folder.rstrip("/") + "/")


def _plain(word: str) -> str:
    """Return a path of the mount table, which writes blanks and the like as octal numbers."""
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 8)), word)
