# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Test callback: each task result and the final statistics as one JSON line in the file that EVENTS_FILE names."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: events
type: aggregate
short_description: Writes results as JSON lines
version_added: 0.1.0
description: Writes results as JSON lines to the file that the environment variable EVENTS_FILE names.
"""


class CallbackModule(CallbackBase):
    """Append one line per event; a run that dies keeps what it has written."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "events"
    CALLBACK_NEEDS_ENABLED = False

    def __init__(self) -> None:
        super().__init__()
        self._play = ""

    def _write(self, event: str, **facts: Any) -> None:
        path = os.environ.get("EVENTS_FILE")
        if path:
            with open(path, "a", encoding="utf-8") as lines:
                lines.write(json.dumps({"event": event, **facts}, default=str) + "\n")

    def _result(self, event: str, result: Any, **facts: Any) -> None:
        task = result._task
        name = getattr(result, "task_name", "") or task.get_name()
        self._write(
            event,
            play=self._play,
            host=result._host.get_name(),
            task=name.split(" : ")[-1],
            action=task.action,
            result=dict(result._result),
            **facts,
        )

    def v2_playbook_on_play_start(self, play: Any) -> None:
        self._play = play.get_name().strip()
        self._write("play", play=self._play)

    def v2_playbook_on_no_hosts_matched(self) -> None:
        self._write("no_hosts", play=self._play)

    def v2_runner_on_ok(self, result: Any) -> None:
        self._result("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._result("failed", result, ignored=bool(ignore_errors))

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._result("skipped", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._result("unreachable", result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        hosts = {host: stats.summarize(host) for host in sorted(stats.processed)}
        self._write("stats", hosts=hosts, artifacts=stats.custom.get("_run", {}))
