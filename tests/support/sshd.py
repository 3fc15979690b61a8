# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Managed hosts as tests use them: real sshd daemons on loopback addresses, each with a home of its own."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

START_SECONDS = 20.0
# A login by key, and nothing of this machine's own configuration. LogLevel VERBOSE logs each session for executions().
_CONFIG = """\
ListenAddress {address}:{port}
HostKey {keys}/host
PidFile none
AuthorizedKeysFile {keys}/authorized
PubkeyAuthentication yes
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UsePAM no
StrictModes no
UseDNS no
PrintMotd no
MaxSessions 50
MaxStartups 200
LogLevel VERBOSE
Subsystem sftp internal-sftp
SetEnv {environment}
"""


def daemon() -> str | None:
    """Return the path of sshd, None where there is none."""
    return shutil.which("sshd", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))


def missing() -> str | None:
    """Return why no managed host can be started here, None where it can."""
    if not Path("/proc/self/stat").exists():
        return "NOT TESTED over SSH: this machine has no /proc and no loopback network of its own"
    for name, there in (("sshd", daemon()), ("ssh", shutil.which("ssh")), ("ssh-keygen", shutil.which("ssh-keygen"))):
        if there is None:
            return f"NOT TESTED over SSH: there is no {name} (apt-get install openssh-server openssh-client)"
    return None


class Sshd:
    """Hold one daemon per host; use start(), then stop() or a with block.

    The hosts share this machine's file system, so what is a host's own lies below home(name), which is also its HOME.
    """

    def __init__(self, where: Path, hosts: Mapping[str, Mapping[str, str]]) -> None:
        self.where = where
        self.hosts = {name: dict(environment) for name, environment in hosts.items()}
        self._at: dict[str, tuple[str, int]] = {}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._controls: list[Path] = []

    @classmethod
    def start(cls, where: Path, hosts: Mapping[str, Mapping[str, str]]) -> Sshd:
        """Start a daemon per host; hosts maps a name to what its environment holds. Skips where that is impossible."""
        reason = missing()
        if reason is not None:
            pytest.skip(reason)
        made = cls(where, hosts)
        try:
            made._start()
        except BaseException:
            made.stop()
            raise
        return made

    def __enter__(self) -> Sshd:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def home(self, name: str) -> Path:
        """Return the directory that stands for the host's own file system."""
        return self.where / "hosts" / name

    def variables(self, name: str) -> dict[str, Any]:
        """Return the inventory variables of a host; masters of its connections end with this object."""
        address, port = self._at[name]
        trust = f"-o UserKnownHostsFile={self._keys}/known -o StrictHostKeyChecking=yes"
        return {
            "ansible_connection": "ssh",
            "ansible_host": address,
            "ansible_port": port,
            "ansible_user": getpass.getuser(),
            "ansible_ssh_private_key_file": str(self._keys / "id"),
            "ansible_ssh_common_args": f"-F /dev/null -o IdentitiesOnly=yes -o IdentityAgent=none {trust}",
            "ansible_control_path_dir": str(self._control()),
            # Ansible takes ~ for the home that the user has in /etc/passwd.
            "ansible_remote_tmp": str(self.home(name) / ".ansible" / "tmp"),
        }

    def new_controller(self) -> None:
        """Close every connection; variables() names another directory for their sockets from now on."""
        for folder in self._controls:
            for path in folder.iterdir():
                command = ["ssh", "-F", "/dev/null", "-o", f"ControlPath={path}", "-O", "exit", "nobody"]
                subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False)
            shutil.rmtree(folder, ignore_errors=True)
        self._controls.clear()

    def cut(self, name: str) -> None:
        """End a host's daemon with every connection that it serves: nobody answers at its address any more."""
        process = self._processes.pop(name)
        for pid in [process.pid, *descendants(process.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Close the connections, then end each daemon by its pid."""
        self.new_controller()
        for name in list(self._processes):
            self.cut(name)

    def pids(self) -> set[int]:
        """Return the daemons and all that runs below them: what runs on the hosts now."""
        roots = [process.pid for process in self._processes.values()]
        return {*roots, *(pid for root in roots for pid in descendants(root))}

    def executions(self) -> int:
        """Return how many commands and subsystems clients have started on all hosts, by the logs of the daemons."""
        logs = [self.where / f"sshd-{name}.log" for name in self.hosts]
        return sum(log.read_text(errors="replace").count("Starting session: ") for log in logs if log.exists())

    @property
    def _keys(self) -> Path:
        return self.where / "keys"

    def _control(self) -> Path:
        if not self._controls:
            # A socket's path has 108 bytes at most, so it does not lie below where.
            self._controls.append(Path(tempfile.mkdtemp(prefix="wabiz-", dir="/tmp")))
        return self._controls[-1]

    def _start(self) -> None:
        self._keys.mkdir(parents=True, mode=0o700)
        for name in ("id", "host"):
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "wabiz-test", "-f", str(self._keys / name)]
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        shutil.copyfile(self._keys / "id.pub", self._keys / "authorized")
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # privilege separation
        for at, name in enumerate(self.hosts):
            self._spawn(name, f"127.0.199.{at + 1}")
        public = " ".join((self._keys / "host.pub").read_text().split()[:2])
        for name, (address, _port) in list(self._at.items()):
            self._await(name, address)
        rows = [f"[{address}]:{port} {public}\n" for address, port in self._at.values()]
        (self._keys / "known").write_text("".join(rows))

    def _spawn(self, name: str, address: str) -> None:
        port = _free_port(address)
        home = self.home(name)
        (home / "tmp").mkdir(parents=True, mode=0o700, exist_ok=True)
        home.chmod(0o700)
        environment = {"HOME": str(home), "TMPDIR": str(home / "tmp"), "WA_HOST": name, **self.hosts[name]}
        settings = " ".join(f'"{key}={value}"' for key, value in environment.items())
        config = self.where / f"sshd-{name}.conf"
        config.write_text(_CONFIG.format(address=address, port=port, keys=self._keys, environment=settings))
        command = [str(daemon()), "-D", "-f", str(config), "-E", str(self.where / f"sshd-{name}.log")]
        self._processes[name] = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._at[name] = (address, port)

    def _await(self, name: str, address: str) -> None:
        """Wait until the daemon says what it is; take another port where somebody else was faster."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._processes[name].poll() is not None:
                self._spawn(name, address)
            with contextlib.suppress(OSError), socket.create_connection(self._at[name], 1) as sock:
                sock.settimeout(2)
                if sock.recv(8).startswith(b"SSH-2.0-"):
                    return
            time.sleep(0.05)
        log = (self.where / f"sshd-{name}.log").read_text(errors="replace")
        raise RuntimeError(f"sshd of {name} did not get ready:\n{log}")


def descendants(pid: int) -> Iterator[int]:
    """Return the processes below a process, nearest first."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                # The name in parentheses may hold anything; the parent is the second field after it.
                parent = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[1]
                below.setdefault(int(parent), []).append(int(entry.name))
    waiting = list(below.get(pid, ()))
    while waiting:
        found = waiting.pop(0)
        yield found
        waiting += below.get(found, ())


def _free_port(address: str) -> int:
    with socket.socket() as sock:
        sock.bind((address, 0))
        return int(sock.getsockname()[1])
