# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of _hostfiles on a real file system: foreign, linked and full places, kills, and two processes at once."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _encryption, _hostfiles

KEY = _encryption.new_key()
ID = "106540352242922"
NOBODY = 65534
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: a foreign owner cannot be made otherwise")

PROGRAM = "import json, os, resource, sys, time\nfrom %s import _hostfiles\n" % _hostfiles.__name__.rpartition(".")[0]


def python(body, *arguments, **options):
    """Start another Python that runs ``body`` with ``_hostfiles`` at hand."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM + body, *map(str, arguments)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        **options,
    )


def answer(process):
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return json.loads(out)


def tree(path):
    """Return every name below ``path`` with its kind, mode, owner, time and content."""
    found = {}
    for folder, folders, files in os.walk(str(path)):
        for name in [*folders, *files]:
            full = os.path.join(folder, name)
            info = os.lstat(full)
            content = None
            if stat.S_ISREG(info.st_mode):
                content = Path(full).read_bytes()
            found[full] = (info.st_mode, info.st_uid, info.st_mtime_ns, content)
    return found


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def log(state):
    return state / ID / "attempt_log.json"


def location(state):
    return {"state_dir": str(state), "number_dir": str(state / ID)}


def commit(state, expected, text):
    return _hostfiles.handle({"op": "commit", **location(state), "expected": expected, "attempt_log": text})


def look(state, backup_file=None):
    return _hostfiles.handle({"op": "look", **location(state), "backup_file": backup_file, "key": KEY})


def mode(path):
    return stat.S_IMODE(os.lstat(str(path)).st_mode)


# --- the good way


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_what_is_made_is_private_whatever_the_umask(state, log, umask):
    before = os.umask(umask)
    try:
        assert commit(state, None, "one")["committed"]
    finally:
        os.umask(before)
    assert (mode(state), mode(state / ID), mode(log)) == (0o700, 0o700, 0o600)
    assert log.read_text() == "one"
    assert sorted(os.listdir(str(state / ID))) == [".lock", "attempt_log.json"]


def test_missing_folders_above_are_made_private_too(tmp_path):
    assert commit(tmp_path / "a" / "b" / "state", None, "one")["committed"]
    assert mode(tmp_path / "a") == mode(tmp_path / "a" / "b") == 0o700


def test_a_commit_reads_back_and_is_seen_by_a_look(state, log):
    assert look(state) == {"faults": [], "attempt_log": None, "backup": None, "now": pytest.approx(time.time(), abs=5)}
    first = commit(state, None, "one")
    assert first == {"committed": True, "attempt_log": "one", "now": pytest.approx(time.time(), abs=5)}
    second = commit(state, "one", "two")
    assert second["committed"]
    assert look(state)["attempt_log"] == "two"


def snapshot(state, op, **wording):
    return _hostfiles.handle({"op": op + "_snapshot", **location(state), **wording})


def test_a_snapshot_reads_back_and_lies_beside_the_record(tmp_path, state):
    empty = {"snapshot": None, "attempt_log": None, "now": pytest.approx(time.time(), abs=5)}
    assert snapshot(state, "look") == empty
    assert tree(tmp_path) == {}
    assert snapshot(state, "store", expected=None, snapshot="one")["committed"]
    commit(state, None, "attempt_log")
    seen = snapshot(state, "look")
    assert (seen["snapshot"], seen["attempt_log"]) == ("one", "attempt_log")
    assert mode(state / ID / "snapshot.json") == 0o600
    assert mode(state / ID) == 0o700


@pytest.mark.parametrize("expected", [None, "", "two"])
def test_a_snapshot_that_is_not_the_expected_one_stays(state, expected):
    snapshot(state, "store", expected=None, snapshot="one")
    assert snapshot(state, "store", expected=expected, snapshot="mine")["committed"] is False
    assert snapshot(state, "look")["snapshot"] == "one"
    assert snapshot(state, "store", expected="one", snapshot="two")["committed"]
    assert snapshot(state, "look")["snapshot"] == "two"


def test_a_snapshot_is_not_read_from_or_written_to_a_directory_of_somebody_else(state, tmp_path):
    snapshot(state, "store", expected=None, snapshot="one")
    path = state / ID / "snapshot.json"
    path.chmod(0o666)
    assert "writable by others" in snapshot(state, "look")["error"]
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    for answer_ in (snapshot(state, "look"), snapshot(state, "store", expected=None, snapshot="two")):
        assert "symbolic link" in answer_["error"]
    path.unlink()
    (state / ID).chmod(0o777)
    assert "writable by others" in snapshot(state, "look")["error"]
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("expected", [None, "", "two", "one "])
def test_a_record_that_is_not_the_expected_one_stays(state, log, expected):
    commit(state, None, "one")
    refused = commit(state, expected, "mine")
    assert (refused["committed"], refused["attempt_log"]) == (False, "one")
    assert log.read_text() == "one"


def test_a_record_that_has_vanished_is_not_the_expected_one(state, log):
    commit(state, None, "one")
    log.unlink()
    assert commit(state, "one", "two")["committed"] is False
    assert not log.exists()


def test_every_answer_travels_as_json_and_the_backup_encrypted(state, tmp_path):
    commit(state, None, "one")
    secret = "V0FCS-the-backup"
    _hostfiles.write_private(str(tmp_path / "backup.json"), secret)
    seen = look(state, str(tmp_path / "backup.json"))
    wire = json.dumps(seen)
    assert secret not in wire
    assert _encryption.decrypt(KEY, json.loads(wire)["backup"]) == secret


def test_a_look_writes_nothing(tmp_path, state):
    before = tree(tmp_path)
    look(state, str(tmp_path / "no" / "backup.json"))
    assert tree(tmp_path) == before
    commit(state, None, "one")
    before = tree(tmp_path)
    look(state, str(state / ID / "attempt_log.json"))
    assert tree(tmp_path) == before


def test_an_existing_private_folder_is_kept_as_it_is(state):
    os.mkdir(str(state), 0o750)
    assert commit(state, None, "one")["committed"]
    assert mode(state) == 0o750
    assert _hostfiles.make_directory(str(state)) is False


# --- directories that others may write to


def link_state(state, elsewhere):
    state.symlink_to(elsewhere)
    return "%s is a symbolic link" % state


def link_number(state, elsewhere):
    os.mkdir(str(state), 0o700)
    (state / ID).symlink_to(elsewhere)
    return "%s is a symbolic link" % (state / ID)


def dangling_state(state, elsewhere):
    state.symlink_to(str(elsewhere) + "-nowhere")
    return "%s is a symbolic link" % state


def link_record(state, elsewhere):
    commit(state, None, "one")
    log = state / ID / "attempt_log.json"
    log.unlink()
    log.symlink_to(elsewhere / "target")
    return "%s is a symbolic link" % log


def file_for_state(state, _elsewhere):
    state.write_text("a file")
    return "%s is not a directory" % state


def folder_for_record(state, _elsewhere):
    commit(state, None, "one")
    (state / ID / "attempt_log.json").unlink()
    (state / ID / "attempt_log.json").mkdir()
    return "%s is not a regular file" % (state / ID / "attempt_log.json")


def pipe_for_record(state, _elsewhere):
    commit(state, None, "one")
    (state / ID / "attempt_log.json").unlink()
    os.mkfifo(str(state / ID / "attempt_log.json"), 0o600)
    return "%s is not a regular file" % (state / ID / "attempt_log.json")


def open_state(state, _elsewhere):
    commit(state, None, "one")
    state.chmod(0o777)
    return "%s is writable by others (mode 0777, wanted 0700)" % state


def open_number(state, _elsewhere):
    commit(state, None, "one")
    (state / ID).chmod(0o720)
    return "%s is writable by others (mode 0720, wanted 0700)" % (state / ID)


def open_record(state, _elsewhere):
    commit(state, None, "one")
    (state / ID / "attempt_log.json").chmod(0o602)
    return "%s is writable by others (mode 0602)" % (state / ID / "attempt_log.json")


def large_record(state, _elsewhere):
    commit(state, None, "one")
    with open(str(state / ID / "attempt_log.json"), "r+b") as stream:
        stream.truncate(32 * 1024 * 1024 + 1)
    return "%s is larger than 33554432 bytes" % (state / ID / "attempt_log.json")


def binary_record(state, _elsewhere):
    commit(state, None, "one")
    (state / ID / "attempt_log.json").write_bytes(b"\xff\xfe")
    return "%s is not text" % (state / ID / "attempt_log.json")


FAULTS = [
    link_state,
    link_number,
    dangling_state,
    link_record,
    file_for_state,
    folder_for_record,
    pipe_for_record,
    open_state,
    open_number,
    open_record,
    large_record,
    binary_record,
]


@pytest.mark.parametrize("spoil", FAULTS)
def test_a_directory_that_others_may_write_is_named_and_left_alone(tmp_path, state, spoil):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(0o700)
    (elsewhere / "target").write_text("somebody's")
    fault = spoil(state, elsewhere)
    before = tree(tmp_path)
    seen = look(state)
    assert (seen["faults"], seen["attempt_log"]) == ([fault], None)
    for expected in (None, "one"):
        assert commit(state, expected, "mine") == {"error": fault}
    assert tree(tmp_path) == before


@root_only
@pytest.mark.parametrize("name", ["state", "number", "attempt_log"])
def test_a_foreign_owner_is_refused(tmp_path, state, log, name):
    commit(state, None, "one")
    spoiled = {"state": state, "number": state / ID, "attempt_log": log}[name]
    os.chown(str(spoiled), NOBODY, NOBODY)
    before = tree(tmp_path)
    assert "belongs to user %d" % NOBODY in look(state)["faults"][0]
    assert "belongs to user %d" % NOBODY in commit(state, "one", "mine")["error"]
    assert tree(tmp_path) == before


@contextlib.contextmanager
def as_nobody():
    """Be somebody else for a while, as far as the file system is concerned."""
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@pytest.fixture
def shared_folder():
    """Yield a folder that any user may enter, unlike tmp_path."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(str(folder))


@root_only
def test_a_state_directory_that_cannot_be_entered_is_a_fault_and_not_an_empty_one(shared_folder):
    hidden = shared_folder / "hidden"
    hidden.mkdir(0o700)
    commit(hidden / "state", None, "one")
    with as_nobody():
        seen = look(hidden / "state")
        wrote = commit(hidden / "state", None, "mine")
    assert len(seen["faults"]) == 1
    assert "Permission denied" in seen["faults"][0]
    assert "Permission denied" in wrote["error"]
    assert (hidden / "state" / ID / "attempt_log.json").read_text() == "one"


@root_only
def test_a_folder_of_root_is_trusted_but_cannot_be_written(shared_folder):
    state = shared_folder / "state"
    state.mkdir(0o755)
    with as_nobody():
        assert look(state)["faults"] == ["%s cannot be written by this user" % state]
        assert "Permission denied" in commit(state, None, "mine")["error"]
    assert not list(state.iterdir())


def test_a_relative_place_is_looked_for_where_we_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    request = {"op": "look", "state_dir": "state", "number_dir": "state/1", "backup_file": None, "key": KEY}
    assert _hostfiles.handle(request)["faults"] == []


def test_the_faults_of_record_and_backup_are_both_told(tmp_path, state):
    state.write_text("a file")
    (tmp_path / "backup.json").symlink_to(tmp_path / "target")
    faults = look(state, str(tmp_path / "backup.json"))["faults"]
    assert len(faults) == 2
    assert "not a directory" in faults[0]
    assert "backup.json is a symbolic link" in faults[1]


def test_a_backup_that_others_may_write_is_refused(tmp_path, state):
    _hostfiles.write_private(str(tmp_path / "backup.json"), "data")
    (tmp_path / "backup.json").chmod(0o666)
    seen = look(state, str(tmp_path / "backup.json"))
    assert seen["backup"] is None
    assert "writable by others" in seen["faults"][0]


def test_a_missing_backup_is_no_fault(tmp_path, state):
    seen = look(state, str(tmp_path / "backup.json"))
    assert (seen["backup"], seen["faults"]) == (None, [])


def test_reading_leaves_no_file_open(tmp_path):
    os.mkfifo(str(tmp_path / "pipe"))
    (tmp_path / "open").write_text("x")
    (tmp_path / "open").chmod(0o666)
    before = len(os.listdir("/proc/self/fd"))
    for name in (tmp_path, tmp_path / "pipe", tmp_path / "open"):
        for _unused in range(3):
            with pytest.raises(_hostfiles.HostFileError):
                _hostfiles.read_private(str(name))
    assert len(os.listdir("/proc/self/fd")) == before


# --- disks that are full or read-only


def test_a_file_that_may_not_grow_keeps_the_old_record(state, log):
    commit(state, None, "one")
    limited = python(
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "print(json.dumps(_hostfiles.handle(json.loads(sys.argv[1]))))",
        json.dumps({"op": "commit", **location(state), "expected": "one", "attempt_log": "x" * 5000}),
    )
    assert "File too large" in answer(limited)["error"]
    assert log.read_text() == "one"
    assert sorted(os.listdir(str(state / ID))) == [".lock", "attempt_log.json"]


@pytest.fixture
def tiny_disk(tmp_path):
    """Yield the mount point of a disk of 64 KiB, and a function that mounts it anew with other options."""
    where = tmp_path / "disk"
    where.mkdir(0o700)

    def mount(*options):
        return subprocess.run(["mount", *options, str(where)], stderr=subprocess.PIPE, check=False).returncode

    if os.geteuid() != 0 or mount("-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs"):
        pytest.skip("needs root and the right to mount a file system")
    yield where, lambda options: mount("-o", "remount," + options)
    subprocess.run(["umount", str(where)], check=True)


def test_a_full_disk_keeps_the_old_record_and_leaves_nothing_behind(tiny_disk):
    disk, _mount = tiny_disk
    state = disk / "state"
    assert commit(state, None, "one")["committed"]
    filler = disk / "filler"
    with open(str(filler), "wb", buffering=0) as stream, pytest.raises(OSError, match="No space left"):
        while True:
            stream.write(b"x" * 4096)
    assert "No space left" in commit(state, "one", "two" * 3000)["error"]
    assert (state / ID / "attempt_log.json").read_text() == "one"
    assert sorted(os.listdir(str(state / ID))) == [".lock", "attempt_log.json"]
    seen = look(state)
    assert (seen["attempt_log"], seen["faults"]) == ("one", ["%s has no space left" % (state / ID)])
    filler.unlink()
    assert look(state)["faults"] == []
    assert commit(state, "one", "two" * 3000)["committed"]


def test_a_read_only_disk_can_be_looked_at_and_not_written(tiny_disk):
    disk, mount = tiny_disk
    state = disk / "state"
    assert commit(state, None, "one")["committed"]
    assert mount("ro") == 0
    assert look(state)["attempt_log"] == "one"
    assert look(state)["faults"] == ["%s cannot be written by this user" % (state / ID)]
    assert "Read-only file system" in commit(state, "one", "two")["error"]
    assert "Read-only file system" in commit(disk / "other", None, "two")["error"]
    assert mount("rw") == 0
    assert (state / ID / "attempt_log.json").read_text() == "one"


# --- kills and company


def test_what_a_killed_process_of_the_same_number_left_is_no_obstacle(state, log):
    commit(state, None, "one")
    left = Path("%s.%d.new" % (log, os.getpid()))
    left.write_text("half a reco")
    assert commit(state, "one", "two")["committed"]
    assert sorted(os.listdir(str(state / ID))) == [".lock", "attempt_log.json"]
    # a link that waits at that name is not followed
    target = state / "target"
    target.write_text("somebody's")
    left.symlink_to(target)
    assert commit(state, "two", "three")["committed"]
    assert (log.read_text(), target.read_text()) == ("three", "somebody's")


WRITE_ON = """
text = None
for count in range(10**9):
    new = "%d " % count * 2000
    request = {**json.loads(sys.argv[1]), "op": "commit", "expected": text, "attempt_log": new}
    assert _hostfiles.handle(request)["committed"]
    text = new
    print("written", flush=True)
"""


def test_a_process_that_is_killed_while_it_writes_leaves_a_whole_record_and_no_lock(state, log):
    for moment in range(8):
        shutil.rmtree(str(state), ignore_errors=True)
        writer = python(WRITE_ON, json.dumps(location(state)))
        assert writer.stdout.readline() == "written\n"
        time.sleep(0.003 * moment)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        text = look(state)["attempt_log"]
        wording = text.split()
        assert len(wording) == 2000
        assert len(set(wording)) == 1
        assert commit(state, text, "mine")["committed"]


TAKE_ONCE = """
request = json.loads(sys.argv[1])
while not os.path.exists(sys.argv[2]):
    time.sleep(0.0005)
print(json.dumps(_hostfiles.handle(dict(request, attempt_log="run %d" % os.getpid()))["committed"]))
"""


@pytest.mark.parametrize("before", [None, "one"])
def test_of_processes_that_take_the_number_at_once_one_gets_it(tmp_path, state, log, before):
    if before:
        commit(state, None, before)
    request = json.dumps({"op": "commit", **location(state), "expected": before})
    runs = [python(TAKE_ONCE, request, tmp_path / "go") for _unused in range(4)]
    time.sleep(0.3)
    (tmp_path / "go").touch()
    won = [run.pid for run in runs if answer(run)]
    assert len(won) == 1
    assert log.read_text() == "run %d" % won[0]
    assert sorted(os.listdir(str(state / ID))) == [".lock", "attempt_log.json"]


COUNT = """
location = json.loads(sys.argv[1])
done = 0
while done < 40:
    text = _hostfiles.handle(dict(location, op="look", backup_file=None, key=""))["attempt_log"]
    new = str(int(text or 0) + 1)
    done += _hostfiles.handle(dict(location, op="commit", expected=text, attempt_log=new))["committed"]
print(done)
"""


def test_no_update_of_two_processes_is_lost(state, log):
    runs = [python(COUNT, json.dumps(location(state))) for _unused in range(2)]
    assert [answer(run) for run in runs] == [40, 40]
    assert log.read_text() == "80"


HOLD = """
import fcntl
lock = os.open(sys.argv[1], os.O_RDONLY)
fcntl.flock(lock, fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("write", "new"), [(_hostfiles.commit, {"attempt_log": "two"}), (_hostfiles.store_snapshot, {"snapshot": "two"})]
)
def test_a_lock_that_is_never_given_back_is_reported_and_not_waited_for(state, write, new):
    commit(state, None, "one")
    # its own file, so that the lock holds between machines that share the directory
    holder = python(HOLD, state / ID / ".lock", stdin=subprocess.PIPE)
    assert holder.stdout.readline() == "locked\n"
    begin = time.monotonic()
    with pytest.raises(_hostfiles.HostFileError, match=r"has been locked by another process for 0\.2 s"):
        write({**location(state), "expected": "one", **new}, lock_seconds=0.2)
    assert 0.2 <= time.monotonic() - begin < 5
    assert look(state)["attempt_log"] == "one"
    holder.communicate()
    assert commit(state, "one", "two")["committed"]
