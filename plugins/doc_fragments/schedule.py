# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: the conditions that delay a cutover (data: _SCHEDULE, _QUEUES and _QUIET in _spec.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
options:
  window:
    description:
      - When the number may move. A list of dictionaries with C(days) (such as C([sat, sun]) or C(mon-fri), the days on
        which the window begins, by default all), C(hours) (C("22:00-04:00"), for the day on which they begin)
        and C(timezone) (C(Europe/Paris)). Without a window the number may move at any time.
      - Hours are local time of that zone. If an hour comes twice in autumn, the first one counts. A time that is
        skipped in spring means the moment of the clock change.
      - The time zone data is the controller's (the Python package tzdata, or the system's).
    type: list
    elements: dict
    default: []
  freeze:
    description:
      - The source of a change freeze. Either a file on the controller, as an absolute path, or an https address that
        the controller requests.
      - A file that exists and is not empty freezes changes. Its first line is the reason. Without the file, changes are
        allowed.
      - An address allows changes with HTTP 204, or with 200 and an empty body or C(no), C(off) or C(false). Any other
        text is the reason of a freeze. The request carries no credential and does not follow redirects.
      - A reason that begins with C(pause) or C(paused) makes the number wait. Any other reason stops it.
      - If the source cannot be read, changes are frozen.
      - V(frozen:) with a reason freezes changes directly, V(paused:) with a reason pauses them.
    type: str
  freeze_ca_path:
    description:
      - PEM file on the controller with the CA that the certificate of O(freeze) is verified against, in place of the
        well-known ones. The extensions that Python 3.13 and later require in a CA are not required.
    type: path
"""

    QUEUES = r"""
---
options:
  quiet_queue:
    description: The node is busy if one of its queues has more entries than this.
    type: float
    default: 100.0
  quiet_queues:
    description:
      - Names of the gauges that count waiting work. They replace the defaults, which are C(callback_queue_size),
        C(pending_messages), C(pending_callbacks), C(in_messages_pending_processing), C(jobmanager_waiting_jobs),
        C(jobmanager_unblocked_job_queue_size), C(jobmanger_job_queue_size), C(db_pending_messages),
        C(db_pending_callbacks) and C(web_pending_connections).
      - A gauge that the node does not have is ignored.
    type: list
    elements: str
    default: []
  quiet_wait:
    description:
      - For how many seconds, from the first look of the run at the number, a busy node makes the number wait instead of
        failing it. M(wabiz.migration.wa_traffic) returns RV(ignore:waiting) meanwhile.
    type: float
    default: 0.0
"""

    RATES = r"""
---
options:
  quiet_rate:
    description: The node is busy if a message counter grows by more than this in a minute.
    type: float
    default: 60.0
  quiet_counters:
    description:
      - Names of the counters that count messages. They replace the defaults, which are C(in_message_from_server) and
        C(out_message_sent_duration_ms_count).
      - A counter that goes down, as after a restart, gives no rate. Counters of C(/metrics) belong to the Webapp that
        answered, so several Webapps that answer in turn give no rate.
    type: list
    elements: str
    default: []
  require_quiet:
    description: Whether the task fails if the node is busy.
    type: bool
    default: false
"""
