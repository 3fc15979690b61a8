# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callback: the progress of a migration on a terminal or a pipe, and whatever else runs as the default shows it."""

from __future__ import annotations

DOCUMENTATION = r"""
---
name: progress
type: stdout
short_description: Shows the progress of a migration
version_added: 0.1.0
description:
  - On a terminal it keeps a small live view of the migration. It shows the wave, how many numbers have moved, are under
    way, wait or failed, the reason of every wait, the rate, the estimated end and the longest interruption so far.
  - On a pipe (AWX, CI) it appends a line at most every 10 seconds, and for each change that matters.
  - Tasks of the migration have no output of their own, except tables, warnings and failures. What a failed number says
    is shown once and in full. With C(-v) all tasks are shown as the default callback shows them.
  - Other plays and tasks are shown as the default callback shows them.
  - It keeps C(status.json) and C(metrics.prom) in the folder of the run, where the events are (option C(report_dir) of
    the modules).
  - A fault in it ends in one warning, and the rest of the run is shown as the default callback shows it.
extends_documentation_fragment:
  - default_callback
  - result_format_callback
requirements:
  - Set as C(stdout_callback) in the configuration.
  - The Python package rich, for colours in the live view. It is shown as plain text without it.
options:
  progress_metrics_file:
    description:
      - Where the metrics are written instead, readable for everybody. The directory that the textfile collector of
        node_exporter reads, and a name that ends with C(.prom).
    type: path
    ini:
      - {section: callback_progress, key: metrics_file}
    env:
      - {name: ANSIBLE_PROGRESS_METRICS_FILE}
  progress_live:
    description: Whether there is a live view. Without a value, if the output is a terminal.
    type: bool
    ini:
      - {section: callback_progress, key: live}
    env:
      - {name: ANSIBLE_PROGRESS_LIVE}
author:
  - wabiz.migration contributors (@wabiz)
"""

import atexit
import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from ansible import constants
from ansible.plugins.callback.default import CallbackModule as Default

from ..plugin_utils._progress import Follower, Progress
from ..plugin_utils._quiet import Told, is_of_migration
from ..plugin_utils._terminal import Terminal


def _guarded(own: Callable[..., Any]) -> Callable[..., Any]:
    """Let the default show what this display fails to show, for the rest of the run."""

    @wraps(own)
    def method(self: CallbackModule, *arguments: Any, **more: Any) -> Any:
        if not self.given_up:
            try:
                return own(self, *arguments, **more)
            except Exception as error:  # noqa: BLE001 - the display is never worth a run
                self.give_up(error)
        return getattr(Default, own.__name__)(self, *arguments, **more)

    return method


class CallbackModule(Default):
    """The display; what it does not know it leaves to the default."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "wabiz.migration.progress"

    def __init__(self) -> None:
        super().__init__()
        self.given_up = False
        self._progress: Progress | None = None
        self._terminal: Terminal | None = None
        self._told = Told()
        self._own_play = False
        self._others = False  # whether anything else was run

    # -----------------------------------------------------------------------------------------------------------------
    # The display itself

    def _stated(self, name: str) -> Any:
        try:
            return self.get_option(name)
        except (KeyError, AttributeError):
            return None  # a runner that wraps this callback does not know its options

    def _start(self) -> None:
        live = self._stated("progress_live")
        if live is None:
            live = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        if live and not self._display.verbosity:
            colour = not constants.ANSIBLE_NOCOLOR and not os.environ.get("NO_COLOR")
            self._terminal = Terminal(sys.stdout.fileno(), colour)
            self._print_above(self._terminal)
        follower = Follower(str(self._stated("progress_metrics_file") or ""))
        self._progress = Progress(follower, self._show, self.give_up, self._terminal)
        self._progress.start()
        # An interrupt, and a worker that died, end a run without its statistics.
        atexit.register(self._at_exit)

    def _at_exit(self) -> None:
        for line in self._progress.stop() if self._progress else ():
            self._show(line)

    def _print_above(self, terminal: Terminal) -> None:
        """Let everything that Ansible prints, its warnings included, go above the live view."""
        printed = self._display.display

        def display(*arguments: Any, **more: Any) -> Any:
            return terminal.above(lambda: printed(*arguments, **more))

        self._display.display = display

    def _show(self, text: str, color: str | None = None, stderr: bool = False) -> None:
        self._display.display(text, color=color, stderr=stderr)

    def give_up(self, error: Exception) -> None:
        """Warn once, and leave the rest of the run to the default callback."""
        if self.given_up:
            return
        self.given_up = True
        if self._terminal:
            self._terminal.close()
        reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        self._display.warning(
            "The progress display of wabiz.migration has ended: %s. The run goes on, and the default output follows"
            % reason
        )

    def _quiet(self, task: Any) -> bool:
        """Tell whether a task is shown by the display alone."""
        own = not self._display.verbosity and is_of_migration(task)
        self._others = self._others or not own
        return own

    # -----------------------------------------------------------------------------------------------------------------
    # What Ansible calls

    @_guarded
    def v2_playbook_on_start(self, playbook: Any) -> None:
        super().v2_playbook_on_start(playbook)
        self._start()

    @_guarded
    def v2_playbook_on_play_start(self, play: Any) -> None:
        self._own_play = not self._display.verbosity and is_of_migration(play)
        if self._own_play:
            self._play = play
        else:
            super().v2_playbook_on_play_start(play)

    @_guarded
    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        if self._quiet(task):
            self._last_task_name = task.get_name().strip()
        else:
            super().v2_playbook_on_task_start(task, is_conditional)

    @_guarded
    def v2_playbook_on_no_hosts_matched(self) -> None:
        if not self._own_play:
            super().v2_playbook_on_no_hosts_matched()

    @_guarded
    def v2_playbook_on_no_hosts_remaining(self) -> None:
        if not self._own_play:
            super().v2_playbook_on_no_hosts_remaining()

    @_guarded
    def v2_playbook_on_include(self, included_file: Any) -> None:
        if not self._quiet(included_file._task):
            super().v2_playbook_on_include(included_file)

    @_guarded
    def v2_runner_on_ok(self, result: Any) -> None:
        if not self._quiet(result._task):
            super().v2_runner_on_ok(result)
            return
        self._handle_warnings(result._result)
        for line in self._told.of_result(result._task.action, result._result):
            self._show(line)

    @_guarded
    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        text = self._told.failure(result._result) if self._quiet(result._task) else ""
        if not text:
            super().v2_runner_on_failed(result, ignore_errors=ignore_errors)
            return
        self._handle_warnings(result._result)
        host = result._host.get_name()
        if self._told.is_new(host, text):
            stderr = bool(self._stated("display_failed_stderr"))
            self._show("fatal: [%s]: FAILED! => %s" % (host, text), constants.COLOR_ERROR, stderr)

    @_guarded
    def v2_runner_on_skipped(self, result: Any) -> None:
        if not self._quiet(result._task):
            super().v2_runner_on_skipped(result)

    @_guarded
    def v2_runner_item_on_ok(self, result: Any) -> None:
        if not self._quiet(result._task):
            super().v2_runner_item_on_ok(result)

    @_guarded
    def v2_runner_item_on_skipped(self, result: Any) -> None:
        if not self._quiet(result._task):
            super().v2_runner_item_on_skipped(result)

    @_guarded
    def v2_playbook_on_stats(self, stats: Any) -> None:
        last = self._progress.stop() if self._progress else []
        for line in last:
            self._show(line)
        # The counts of hosts say nothing that the numbers of the summary do not.
        if self._others or not last:
            super().v2_playbook_on_stats(stats)
