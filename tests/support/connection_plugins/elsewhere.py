# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Test connection: this machine as if it were another one, so that modules are shipped, and WABIZ_* are not there."""

from __future__ import annotations

import os
from typing import Any

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = r"""
name: elsewhere
short_description: This machine as if it were another one
version_added: 0.1.0
description: Runs what is shipped with the shell of this machine, without the controller's own environment variables.
options:
  reachable:
    description: Whether the machine answers at all.
    type: bool
    default: true
    vars:
      - name: ansible_elsewhere_reachable
  become_success_timeout:
    description: As in the local connection.
    type: int
    default: 10
  become_strip_preamble:
    description: As in the local connection.
    type: bool
    default: true
extends_documentation_fragment:
  - connection_pipelining
"""


class Connection(Local):
    """The local connection under another name."""

    transport = "elsewhere"

    def exec_command(self, cmd: Any, in_data: bytes | None = None, sudoable: bool = True) -> Any:
        if not self.get_option("reachable"):
            raise AnsibleConnectionFailure("No route to host")
        strange = " ".join(name for name in os.environ if name.startswith("WABIZ_"))
        return super().exec_command(f"unset {strange}; {cmd}" if strange else cmd, in_data, sudoable)
