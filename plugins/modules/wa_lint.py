#!/usr/bin/python
# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runner: find what an application has to change for the Cloud API (operation lint)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wa_lint
short_description: Find what an application has to change for the Cloud API
version_added: 0.1.0
description:
  - Reads message payloads, webhook samples, logs with bodies and source code, and finds what the Cloud API refuses or
    treats differently. C(docs/differences.md) has the table of all differences.
  - It reads JSON, JSON lines, HAR, YAML, logs (C(.log)), and source code in Python, JavaScript, TypeScript, PHP, Java,
    C#, Go, Ruby and other languages. Folders of tools and of dependencies are left out, such as C(node_modules).
  - In source code a word alone is no finding. It counts if the file, or the project around it, also speaks the
    On-Premises API in a way that nothing else does. Each folder of O(paths) is one project.
  - A comment C(wabiz:ignore L10) in a line of code, or in the line above, accepts a finding.
  - The same runs on a command line as C(python3 -m ansible_collections.wabiz.migration.plugins.module_utils.wa_lint),
    which also writes SARIF.
options:
  paths:
    description: Files and folders.
    type: list
    elements: str
    required: true
  exclude:
    description: Patterns of file names to leave out, such as V(tests/*). They apply to names below a folder.
    type: list
    elements: str
    default: []
  fix:
    description:
      - Write a fixed copy beside each JSON, JSON lines or YAML file that has something to fix, such as
        C(order.mended.json) beside C(order.json). The originals are never changed.
      - What can be mended for certain is mended. RV(findings) says which.
    type: bool
    default: false
  media_map:
    description: A JSON or YAML file that maps On-Premises media IDs to media IDs of the Cloud API, for O(fix).
      M(wabiz.migration.wa_media) writes one. An entry that has expired is left out.
    type: path
  check_links:
    description:
      - Request one media link of each host with C(HEAD), and find those that do not answer with 200.
      - Meta decides which hosts it loads media from. This check does not tell.
    type: bool
    default: false
  link_timeout:
    description: How many seconds a media link may take to answer.
    type: float
    default: 10.0
  fail_on:
    description: Fail if there is a finding of this severity, or of a worse one, that is not mended.
    type: str
    choices: [error, warning, note, never]
    default: error
  baseline:
    description: A file with findings that are accepted.
    type: path
  write_baseline:
    description: Write all that is found to O(baseline), which accepts it from now on.
    type: bool
    default: false
  run_on:
    description: Where the files are. With V(host) the task is shipped to the inventory host, over its connection.
    type: str
    choices: [controller, host]
    default: controller
attributes:
  check_mode:
    support: full
    details:
      - The task writes no file, and requests no link.
  diff_mode:
    support: full
  idempotent:
    support: full
  action:
    description: Where the task runs, and what it needs there.
    support: full
    details:
      - The task runs on the controller, or with O(run_on=host) on the inventory host.
      - YAML needs PyYAML where the task runs. Without it a YAML file is a finding.
  become:
    description: Is usable alongside C(become) keywords.
    support: partial
    details:
      - Applies if the task is shipped to the host.
extends_documentation_fragment:
  - wabiz.migration.attributes
seealso:
  - module: wabiz.migration.wa_webhook_check
  - module: wabiz.migration.wa_preflight
author:
  - wabiz.migration contributors (@wabiz)
"""

EXAMPLES = r"""
---
- name: Find what the application has to change
  wabiz.migration.wa_lint:
    paths: [src, samples/webhooks]
    exclude: ["tests/*"]
  delegate_to: localhost
  run_once: true

- name: Write mended copies of recorded messages, and show what is left
  wabiz.migration.wa_lint:
    paths: [messages.jsonl]
    fix: true
    fail_on: never
  register: linted

- name: Read the log of a node on its host
  wabiz.migration.wa_lint:
    paths: [/var/log/nginx/whatsapp.log]
    run_on: host
    fail_on: never
"""

RETURN = r"""
---
findings:
  description: What was found, in the order of the files. A file has at most 100 findings of a rule.
  returned: success, or failure by O(fail_on)
  type: list
  elements: dict
  contains:
    rule:
      description: The ID of the rule in C(docs/differences.md).
      type: str
      sample: L18
    severity:
      description: V(error), V(warning) or V(note).
      type: str
    title:
      description: The difference.
      type: str
    file:
      description: The file, below the path as it was given.
      type: str
    line:
      description: The line, from 1.
      type: int
    pointer:
      description: The JSON pointer of the place, empty in source code. C(#) leads into JSON that a string holds.
      type: str
      sample: /template/components/0
    seen:
      description: What was read there.
      type: str
    why:
      description: What the Cloud API does.
      type: str
    fix:
      description: What to do.
      type: str
    mended:
      description: Whether the copy is without it.
      type: bool
counts:
  description: How many findings there are of each severity.
  returned: success, or failure by O(fail_on)
  type: dict
  sample: {error: 3, warning: 1, note: 0}
files:
  description: How many files were read.
  returned: success, or failure by O(fail_on)
  type: int
accepted:
  description: How many findings a comment or O(baseline) accepts.
  returned: success, or failure by O(fail_on)
  type: int
left_out:
  description: How many findings are not in RV(findings), because a file has too many of a rule.
  returned: success, or failure by O(fail_on)
  type: int
copies:
  description: The mended copies.
  returned: success, or failure by O(fail_on)
  type: list
  elements: str
# The same in every module, written by `make returns`:
failure:
  description:
    - What went wrong and what to do next. C(code) is the error code of the API, or a fixed name if no API returned one.
      C(fbtrace_id) is Meta's trace ID, for a ticket with Direct Support.
    - C(safe_to_rerun) says whether you can run the same command again as it is.
  returned: failure
  type: dict
  sample: {code: 133005, title: Two step verification PIN mismatch, details: "", fbtrace_id: AbCdEfGhIjK,
    safe_to_rerun: false, next_step: reset the PIN in WhatsApp Manager}
"""

from ..module_utils import _module_runner
from ..module_utils._operations import lint


def main() -> None:
    _module_runner.run(lint.MODULE)


if __name__ == "__main__":
    main()
