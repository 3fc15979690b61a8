# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command: wa_lint on a command line.

It runs as ``python3 -m ansible_collections.wabiz.migration.plugins.module_utils.wa_lint``.
"""

from __future__ import annotations

from ._operations import lint_command

if __name__ == "__main__":
    raise SystemExit(lint_command.main())
