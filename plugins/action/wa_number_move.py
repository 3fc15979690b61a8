# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of wa_number_move: the worker runner with the name of the module."""

from __future__ import annotations

from ..plugin_utils._worker_runner import WorkerRunner


class ActionModule(WorkerRunner):
    MODULE = "wa_number_move"
