# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: the application that is linted (data: Preflight in _operations/options.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
options:
  lint_paths:
    description:
      - Files and folders of the application that will use the number, as M(wabiz.migration.wa_lint) takes them. They
        are on the controller. A relative path begins at the current directory.
      - What the Cloud API refuses is a blocker (C(WM240)), which a waiver lets pass. What it treats differently is a
        warning (C(WM241)). Without this option the application is not checked.
      - The linter runs once for all numbers of a run, also in check mode. It requests nothing and writes nothing.
      - A path that is not there is an error of the options, before anything is requested.
    type: list
    elements: str
    default: []
"""
