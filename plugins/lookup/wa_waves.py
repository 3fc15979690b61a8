# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup: the hosts of a play that moves numbers in waves, from the groups that the preflight of the run made."""

from __future__ import annotations

DOCUMENTATION = r"""
name: wa_waves
author: wabiz.migration contributors (@wabiz)
short_description: Return the hosts of the waves that the preflight of this run made
version_added: 0.1.0
description:
  - Returns the pattern for C(hosts) of a play that moves numbers. The pattern has the groups C(wa_wave_0001),
    C(wa_wave_0002) and so on, in this order.
  - If the preflight found no number to move, the pattern matches no host.
  - Fails if C(--tags), C(--skip-tags) or C(--start-at-task) left out the preflight. The play would move no number, and
    the run would look successful. C(--syntax-check), C(--list-hosts), C(--list-tasks) and C(--list-tags) are not
    affected.
options:
  _terms:
    description: Takes no terms.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: Move the numbers in waves
  hosts: "{{ lookup('wabiz.migration.wa_waves') }}"
  gather_facts: false
  tasks:
    - name: Move this wave
      ansible.builtin.import_role:
        name: wabiz.migration.wa_migrate
        tasks_from: move.yml
"""

RETURN = r"""
_raw:
  description: The pattern, as a list of one string.
  type: list
  elements: str
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible import context
from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

# The playbook of the preflight adds each of its hosts to this group in its first task.
_BEGUN = "wa_begun"
_WAVE = re.compile(r"wa_wave_[0-9]+")
_NO_HOST = "all:!all"
# These list a playbook and do not run it.
_LISTING = ("syntax", "listhosts", "listtasks", "listtags")


def _left_out(arguments: Mapping[str, Any]) -> list[str]:
    """Return the options that select tasks, from the command line or the configuration."""
    return [
        option
        for option, chosen in (
            ("--tags", list(arguments.get("tags") or ["all"]) != ["all"]),
            ("--skip-tags", arguments.get("skip_tags")),
            ("--start-at-task", arguments.get("start_at_task")),
        )
        if chosen
    ]


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: Sequence[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """Return the pattern of all waves, in their order."""
        self.set_options(var_options=variables, direct=kwargs)
        groups: Mapping[str, Any] = (variables or {}).get("groups") or {}
        waves = sorted((int(name.rpartition("_")[2]), name) for name in groups if _WAVE.fullmatch(name))
        arguments = context.CLIARGS
        left_out = [] if any(arguments.get(name) for name in _LISTING) else _left_out(arguments)
        if left_out and _BEGUN not in groups:
            raise AnsibleLookupError(
                f"Nothing was moved: the preflight did not run. Leave out {' and '.join(left_out)}, then run again."
            )
        return [":".join(name for _number, name in waves) or _NO_HOST]
