# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events of runs as the tests of the rules need them."""

from __future__ import annotations

from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event, state

T = 1795760000.0


class Script:
    """A run that is told one event after another; ``at`` is the time in seconds since it began."""

    def __init__(self, numbers=3, check_mode=False):
        self.events = []
        self.at = 0.0
        self.check_mode = check_mode
        self.add(event.RUN_STARTED, data={"numbers": numbers})

    def add(self, kind, host="", phase=event.PREFLIGHT, step="", wave=None, **fields):
        number = "+1 555-%s" % host[1:] if host else ""
        subject = event.Subject("run-1", host, "", number, "", wave, phase, step, self.check_mode)
        # as they come back from the file
        self.events += event.Reader().feed(event.line(event.build(subject, kind, T + self.at, **fields)))
        return self

    def wait(self, seconds):
        self.at += seconds
        return self

    def read(self, *hosts, seconds=0.0):
        for host in hosts:
            self.add(event.STEP_STARTED, host, step="wa_preflight").wait(seconds)
            self.add(event.STEP_ENDED, host, step="wa_preflight", outcome="ok", seconds=seconds)
        return self

    def planned(self, *waves):
        return self.add(event.OUTCOME, phase=event.REPORT, data={"ready": sum(waves), "waves": list(waves)})

    def cutover(self, host, kind=event.STEP_STARTED, wave=1, **fields):
        return self.add(kind, host, event.CUTOVER, "wa_register", wave, **fields)

    def moved(self, host, wave=1, seconds=1.0):
        self.cutover(host, wave=wave).cutover(host, event.REGISTER_SENT, wave).wait(seconds)
        self.cutover(host, event.REGISTER_ANSWERED, wave, outcome="ok", seconds=seconds)
        self.cutover(host, event.CONFIRMED, wave, outcome="moved", seconds=seconds)
        return self.cutover(host, event.OUTCOME, wave, outcome="moved")

    @property
    def state(self):
        return state.fold(self.events)

    @property
    def now(self):
        return T + self.at
