# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many lines a run may print, and which of them are Ansible's own for a host."""

from __future__ import annotations

import re

# Lines beside Ansible's own for a host: of a run, of each wave, of each number that needs somebody.
FIXED, OF_A_WAVE, OF_A_NUMBER = 25, 2, 4
OF_A_HOST = re.compile(r"(ok|changed|skipping|fatal): \[[hn]\d+\]|[hn]\d+ +: ok=")


def own_lines(output: str) -> list[str]:
    """Return the lines of a standard output that are not Ansible's own for a host, in a task or in the recap."""
    return [line for line in output.splitlines() if not OF_A_HOST.match(line)]
