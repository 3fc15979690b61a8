# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases that are neither a fault of the wire nor a kill: the state of the world, of the disk, and two runs at once.

Each is a function that plays one number, or two, and returns what is broken; the guard check plays them again with a
guard taken out. A file of scenes enters them into the list when it is imported.
"""

from __future__ import annotations

from . import answer, files, left_alone, number, on_journeys, two_runs
from .play import SCENES, play, tidy

__all__ = ["SCENES", "answer", "files", "left_alone", "number", "on_journeys", "play", "tidy", "two_runs"]
