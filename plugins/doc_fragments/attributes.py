# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: what check mode, diff mode, become and the two runners mean for the tasks of this collection."""

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
    description: A second run with the same options, outside check mode, changes nothing.
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
      - A prefix of variable names. An option that the task does not set is read from the host variable with this
        prefix. With V(acme_), C(access_token) comes from C(acme_access_token), and both C(onprem_retry_for) and
        C(graph_retry_for) come from C(acme_retry_for). Messages then name the variables.
      - Variables that C(acme_own_variables) lists are not read.
      - In a large fleet this needs less CPU time than an expression for each option.
    type: str
  from_vars:
    description:
      - Maps an option to the name of the variable that has its value. Dots reach into dictionaries and lists, such as
        V(backup.path) of a registered result.
      - It overrides the options of the task and O(vars_prefix). If the variable is undefined or empty, these apply.
    type: dict
  names_prefix:
    description:
      - A prefix for the names of options in messages. Set it where the task takes its options from variables with this
        prefix, but not by O(vars_prefix).
    type: str
  report_dir:
    description:
      - A folder on the controller. The task appends what happens to its number (steps, waits, the register call, the
        outcome) to the file C(events.jsonl) in the folder of the run below it. C(docs/progress.md) describes the file.
      - C(~) and environment variables are expanded. C($ANSIBLE_HOME) is the home directory of Ansible, whether or not
        the variable is set.
      - Without it no events are written. If the file cannot be written, the run prints one warning and goes on.
    type: str
"""

    READS = r"""
---
attributes:
  check_mode:
    support: full
    details:
      - The task only reads, in check mode too.
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
      - With a local connection the task runs inside the Ansible worker. With any other connection it is shipped to the
        inventory host and calls the node from there.
      - It needs Python 3.8 or later and the requests library 2.20.0 or later where it runs.
      - C(WABIZ_*) environment variables are read on the controller, also for a task that is shipped.
  become:
    description: Is usable alongside C(become) keywords.
    support: partial
    details:
      - Applies if the task is shipped to the host. With a local connection the task runs in the Ansible worker, as the
        user that runs Ansible.
"""

    IN_WORKER = r"""
---
attributes:
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - The task runs inside the Ansible worker on the controller, whatever the connection of the host.
  become:
    description: Is usable alongside C(become) keywords.
    support: none
    details:
      - The task runs as the user that runs Ansible.
"""

    ON_CONTROLLER = r"""
---
attributes:
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - The task runs inside the Ansible worker on the controller, whatever the connection of the host, so the access
        token does not leave the controller. Only O(graph_via=host) ships the task to the inventory host.
      - It needs the requests library 2.20.0 or later where it runs.
      - C(WABIZ_*) environment variables are read on the controller.
  become:
    description: Is usable alongside C(become) keywords.
    support: none
    details:
      - The task runs as the user that runs Ansible.
"""
