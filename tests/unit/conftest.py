# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the property tests of the rules share: no deadline, as the machine may be busy, and no folder of examples.

The examples are the same in every run, so that a failure is the fault of the change that it appears with.
HYPOTHESIS_RANDOM=1 looks for new ones.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("rules", deadline=None, database=None, derandomize="HYPOTHESIS_RANDOM" not in os.environ)
settings.load_profile("rules")
