# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the rule for containers: mount tables as podman, Docker and Kubernetes make them, and what a user states."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import container
from hypothesis import given
from hypothesis import strategies as st

OVERLAY = "700 600 0:120 / / rw,relatime - overlay overlay rw,lowerdir=/a:/b,upperdir=/c\n"
# A container whose storage driver makes no layers: its root is a directory of the machine.
PLAIN = "700 600 253:0 /containers/storage/vfs/dir/4711 / rw,relatime - xfs /dev/vda4 rw\n"
MACHINE = "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
RUNNER = "701 700 253:0 /tmp/awx_7_abc /runner rw,relatime - xfs /dev/vda4 rw\n"
PROC = "702 700 0:121 / /proc rw,nosuid - proc proc rw\n"
SHM = "703 700 0:122 / /dev/shm rw,nosuid - tmpfs shm rw\n"


def mount(point, root="/srv/wabiz", kind="xfs"):
    return f"710 700 253:0 {root} {point} rw,relatime shared:1 master:2 - {kind} /dev/vda4 rw\n"


JOB = {"AWX_ISOLATED_DATA_DIR": "/runner/artifacts/7", "JOB_ID": "7", "AWX_HOST": "https://awx.example.com"}
STATE = "/var/lib/wabiz"
EMPTY_DIR = "/var/lib/kubelet/pods/0f1e/volumes/kubernetes.io~empty-dir/state"
CLAIM = "/var/lib/kubelet/pods/0f1e/volumes/kubernetes.io~csi/pvc-1/mount"


def fate(path, mounts, environ=None, marks=()):
    return container.fate(path, mounts, JOB if environ is None else environ, lambda mark: mark in marks)


@pytest.mark.parametrize(
    ("path", "mounts", "expected"),
    [
        (STATE, OVERLAY + RUNNER + PROC, container.JOB),
        (STATE, OVERLAY.replace("overlay overlay", "fuse-overlayfs fuse-overlayfs") + RUNNER, container.JOB),
        # a path of the node that is exposed to the job
        (STATE, OVERLAY + RUNNER + mount(STATE), container.KEPT),
        (STATE, OVERLAY + RUNNER + mount("/var/lib"), container.KEPT),
        (STATE + "/deeper", OVERLAY + mount(STATE), container.KEPT),
        ("/var/lib/wabiz-2", OVERLAY + mount(STATE), container.JOB),
        # exposed as a layer, which keeps no change; and from a node that has such a file system itself
        (STATE, OVERLAY + mount(STATE, "/", "overlay"), container.JOB),
        (STATE, OVERLAY + mount(STATE, "/srv/wabiz", "overlay"), container.KEPT),
        # the folder of the job, in one piece or in several, and what is mounted below it by its own name
        ("/runner/project/state", OVERLAY + RUNNER, container.JOB),
        ("/runner", OVERLAY + RUNNER, container.JOB),
        ("/runner/artifacts/x", OVERLAY + mount("/runner/artifacts", "/tmp/awx_7/artifacts"), container.JOB),
        ("/runner/wabiz", OVERLAY + RUNNER + mount("/runner/wabiz"), container.KEPT),
        ("/runners/x", OVERLAY + RUNNER + mount("/runners"), container.KEPT),
        # memory
        ("/dev/shm/wabiz", OVERLAY + SHM, container.JOB),
        ("/run/wabiz", OVERLAY + mount("/run", "/", "tmpfs"), container.JOB),
        # Kubernetes: a volume of the pod, and a claim
        (STATE, OVERLAY + mount(STATE, EMPTY_DIR), container.JOB),
        (STATE, OVERLAY + mount(STATE, CLAIM), container.KEPT),
        # a volume without a name, which goes with its container, and one with
        (STATE, OVERLAY + mount(STATE, "/containers/storage/volumes/%s/_data" % ("0a" * 32)), container.JOB),
        (STATE, OVERLAY + mount(STATE, "/containers/storage/volumes/wabiz/_data"), container.KEPT),
        # of two mounts at one point the later one counts
        (STATE, OVERLAY + mount(STATE, kind="tmpfs") + mount(STATE), container.KEPT),
        (STATE, OVERLAY + mount(STATE) + mount(STATE, "/", "tmpfs"), container.JOB),
        ("/state dir/x", OVERLAY + mount("/state\\040dir"), container.KEPT),
        # nothing can be seen
        (STATE, "", container.KEPT),
        (STATE, "garbage\n\n- - -\n", container.KEPT),
    ],
)
def test_a_job_of_awx(path, mounts, expected):
    assert fate(path, mounts) == expected
    assert fate(path, mounts, {"AWX_ISOLATED_DATA_DIR": "/runner/artifacts/7"}) == expected, "by the runner alone"


def test_a_container_without_layers_is_known_by_its_mark():
    assert fate(STATE, PLAIN + RUNNER, marks=["/run/.containerenv"]) == container.JOB
    assert fate(STATE, PLAIN + RUNNER + mount(STATE), marks=["/run/.containerenv"]) == container.KEPT


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"JOB_ID": "7"},  # of another scheduler
        {"AWX_ISOLATED_DATA_DIR": "/srv/runner/artifacts/7"},  # the runner without a container of its own
        {"AWX_ISOLATED_DATA_DIR": ""},
    ],
)
def test_another_container_may_be_one_that_somebody_keeps(environ):
    assert fate(STATE, OVERLAY, environ) == container.CONTAINER
    assert fate(STATE, OVERLAY + mount(STATE), environ) == container.KEPT
    assert fate(STATE, OVERLAY + mount(STATE, EMPTY_DIR), environ) == container.CONTAINER
    assert fate(STATE, PLAIN, environ, ["/.dockerenv"]) == container.KEPT, "a machine made of an image has the mark too"


@pytest.mark.parametrize("environ", [JOB, {}])
def test_a_machine_is_no_container(environ):
    """The runner is there without one, and a machine may have layers and memory somewhere."""
    for path, mounts in ((STATE, MACHINE), ("/run/wabiz", MACHINE + mount("/run", "/", "tmpfs"))):
        assert fate(path, mounts, environ) == container.KEPT


@pytest.mark.parametrize(
    ("word", "durable", "wrong"),
    [
        (container.KEPT, None, False),
        (container.KEPT, True, False),
        (container.KEPT, False, False),
        (container.CONTAINER, None, True),
        (container.CONTAINER, False, True),
        (container.CONTAINER, True, False),
        (container.JOB, None, True),
        (container.JOB, True, True),
    ],
)
def test_what_a_user_states_counts_where_it_cannot_be_seen(word, durable, wrong):
    failure = container.lost(word, durable, STATE)
    assert (failure is not None) == wrong
    if failure is not None:
        assert failure.code == "state_not_durable" and STATE in failure.details and "mount" in failure.next_step
        assert ("O(state_durable): true does not count here" in failure.details) == bool(durable)


@given(st.text(), st.text(), st.sampled_from([JOB, {}]))
def test_any_table_can_be_read(path, table, environ):
    assert fate("/" + path, table, environ) in (container.KEPT, container.CONTAINER, container.JOB)


@given(st.lists(st.sampled_from(["a", "b", "runner", "artifacts"]), max_size=4).map(lambda one: "/" + "/".join(one)))
def test_a_mount_of_its_own_name_is_always_kept(path):
    """Whatever else is there: what lies on a directory of the node, at its own point, is never called lost."""
    if path != "/" and not path.startswith("/runner"):
        assert fate(path + "/state", OVERLAY + RUNNER + mount(path)) == container.KEPT
