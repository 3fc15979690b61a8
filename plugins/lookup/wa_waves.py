# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup: the hosts of a play that moves numbers in waves, as the preflight of the run has planned them."""

from __future__ import annotations

DOCUMENTATION = r"""
name: wa_waves
author: wabiz.migration contributors (@wabiz)
short_description: Return the hosts of the waves that the preflight of this run planned
version_added: 0.1.0
description:
  - Returns the hosts for a play that moves numbers, in the order of their waves, and after them the hosts that need
    somebody and do not move. M(wabiz.migration.wa_steps) lets each number begin when the waves before its own have
    ended (O(wabiz.migration.wa_steps#module:waved)).
  - If the preflight found no number to move and none that needs somebody, the pattern matches no host.
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
  hosts: "{{ query('wabiz.migration.wa_waves') }}"
  gather_facts: false
  tasks:
    - name: Move the numbers
      ansible.builtin.import_role:
        name: wabiz.migration.wa_migrate
        tasks_from: move.yml
"""

RETURN = r"""
_raw:
  description: The hosts, or a pattern that matches none.
  type: list
  elements: str
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible import context
from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ..plugin_utils import _waves

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
        """Return the hosts of all waves in their order, then those that are kept out."""
        self.set_options(var_options=variables, direct=kwargs)
        plan = _waves.published()
        arguments = context.CLIARGS
        left_out = [] if any(arguments.get(name) for name in _LISTING) else _left_out(arguments)
        if plan is None:
            if left_out:
                raise AnsibleLookupError(
                    f"Nothing was moved: the preflight did not run. Leave out {' and '.join(left_out)}, then run again."
                )
            return [_NO_HOST]
        return [*_waves.hosts(plan), *plan.kept_out] or [_NO_HOST]
