# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: what check mode, diff mode, become and the two doors mean for the tasks of this collection."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff
      mode.
  idempotent:
    description: When run twice in a row outside check mode, with the same options, the second run changes nothing.
  platform:
    description: Target OS/families that can be operated against.
    support: full
    platforms: posix
  action_group:
    description: Use C(group/wabiz.migration.wabiz) in C(module_defaults) to set the options of both connections once.
    support: full
    membership:
      - wabiz.migration.wabiz
options:
  vars_prefix:
    description:
      - The beginning of the names of variables. An option that the task does not state is then taken from the host's
        variable of that name, so that V(wa_migrate_) takes C(access_token) from C(wa_migrate_access_token), and both
        C(onprem_retry_for) and C(graph_retry_for) from C(wa_migrate_retry_for).
      - Of V(wa_migrate_) only the inputs of the role C(wabiz.migration.wa_migrate) count.
      - A fleet's tasks cost less CPU so than with an expression for each option.
    type: str
  from_vars:
    description:
      - Names of variables, by the option that each is for. Dots reach into dictionaries and lists, such as
        V(backup.path) of a registered result. Where the variable is not there, the option is not set.
      - It goes before what the task states and what O(vars_prefix) finds.
    type: dict
"""

    READS = r"""
---
attributes:
  check_mode:
    support: full
    details:
      - The task reads and changes nothing, in check mode as well.
  diff_mode:
    support: N/A
    details:
      - The task changes nothing.
  idempotent:
    support: full
    details:
      - The task changes nothing.
"""

    ON_NODE = r"""
---
attributes:
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - With a local connection the task runs inside the Ansible worker, otherwise it is shipped to the inventory host
        and calls the node from there. It needs Python 3.8 or later and the requests library 2.20.0 or later where it
        runs.
      - C(WABIZ_*) environment variables are read on the controller, also for a task that is shipped.
  become:
    description: Is usable alongside C(become) keywords.
    support: partial
    details:
      - Counts where the task is shipped to the host. With a local connection the task runs in the Ansible worker, as
        the user that runs Ansible.
"""

    ON_CONTROLLER = r"""
---
attributes:
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - The task runs inside the Ansible worker on the controller, whatever the connection of the host, so that the
        access token does not leave it. Only O(graph_via=host) ships it to the inventory host. It needs the requests
        library 2.20.0 or later where it runs.
      - C(WABIZ_*) environment variables are read on the controller.
  become:
    description: Is usable alongside C(become) keywords.
    support: none
    details:
      - The task runs as the user that runs Ansible.
"""
