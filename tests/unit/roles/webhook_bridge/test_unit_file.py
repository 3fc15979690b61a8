# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The systemd unit of the role: systemd itself reads it, and rates its protection."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import jinja2
import pytest

ROOT = Path(__file__).parents[4]
TEMPLATE = ROOT / "roles" / "webhook_bridge" / "templates" / "wabiz-bridge.service.j2"
VARIABLES = {
    "ansible_managed": "Ansible managed",
    "__webhook_bridge_command": "/bin/true",
    "__webhook_bridge_secrets": "/etc/wabiz-bridge/secrets.json",
    "webhook_bridge_data_dir": "/var/lib/wabiz-bridge",
    "webhook_bridge_user": "wabiz-bridge",
}
MOST_EXPOSED = 2.0  # of 10; systemd calls up to 2 "OK"


def unit(tmp_path: Path, port: int) -> Path:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    text = environment.from_string(TEMPLATE.read_text()).render(**VARIABLES, webhook_bridge_port=port)
    path = tmp_path / "wabiz-bridge.service"
    path.write_text(text)
    return path


@pytest.mark.parametrize("port", [8080, 443])
def test_only_a_low_port_brings_a_capability(tmp_path: Path, port: int) -> None:
    text = unit(tmp_path, port).read_text()
    assert ("CAP_NET_BIND_SERVICE" in text) == (port < 1024)
    assert "secret" not in re.sub("secrets.json", "", text)


@pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="NOT TESTED: the unit file (there is no systemd-analyze)"
)
def test_systemd_accepts_and_rates_it(tmp_path: Path) -> None:
    path = unit(tmp_path, 8080)
    verified = subprocess.run(["systemd-analyze", "verify", path], capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stderr
    assert "wabiz-bridge.service" not in verified.stderr, verified.stderr
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", path],
        capture_output=True,
        text=True,
        check=False,
    )
    level = re.search(r"exposure level for .*: ([\d.]+)", rated.stdout)
    assert level and float(level[1]) <= MOST_EXPOSED, rated.stdout + rated.stderr
