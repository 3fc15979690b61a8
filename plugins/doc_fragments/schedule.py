# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: what holds a cutover back for the time being (data: _HOLD, _QUEUES and _QUIET in _spec.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
options:
  window:
    description:
      - When the number may move. A list of dictionaries with C(days) (such as C([sat, sun]) or C(mon-fri), the days on
        which the window begins, all where it is left out), C(hours) (C("22:00-04:00"), which belongs to the day on
        which it begins) and C(timezone) (C(Europe/Paris)). Without a window it may move at any time.
      - It goes by the clock on the wall. An hour that comes twice in autumn means its first, a time that does not come
        in spring means the moment in which the clock jumps over it.
      - The zone data is the controller's (the Python package tzdata, or the system's).
    type: list
    elements: dict
    default: []
  freeze:
    description:
      - What says that nothing may be changed now. Either a file on the controller, as an absolute path, or an https
        address that the controller asks.
      - A file freezes changes where it is there and not empty, and its first line is the reason. Where it is not there,
        they are not frozen.
      - An address lets changes pass with HTTP 204, or with 200 and nothing or C(no), C(off) or C(false) in the body.
        Any other text is the reason of a freeze. It gets no credential, and redirects are not followed.
      - A reason that begins with C(pause) or C(paused) asks to wait, where any other one asks to stop.
      - What cannot be read means stop.
      - V(frozen:) and a reason freezes outright, V(paused:) and a reason pauses.
    type: str
  freeze_ca_path:
    description:
      - File on the controller, in PEM form, with the CA that the certificate of O(freeze) is verified against, in
        place of the well-known ones. The extensions that Python 3.13 and later want in a CA are not asked of it.
    type: path
"""

    QUEUES = r"""
---
options:
  quiet_queue:
    description: A queue of the node with more entries than this makes it busy.
    type: float
    default: 100.0
  quiet_queues:
    description:
      - Names of the gauges that tell waiting work, in place of the collection's own, which are
        C(callback_queue_size), C(pending_messages), C(pending_callbacks), C(in_messages_pending_processing),
        C(jobmanager_waiting_jobs), C(jobmanager_unblocked_job_queue_size), C(jobmanger_job_queue_size),
        C(db_pending_messages), C(db_pending_callbacks) and C(web_pending_connections).
      - A gauge that the node does not have is no fault.
    type: list
    elements: str
    default: []
"""

    RATES = r"""
---
options:
  quiet_rate:
    description: A counter of messages that grows by more than this in a minute makes the node busy.
    type: float
    default: 60.0
  quiet_counters:
    description:
      - Names of the counters that tell messages, in place of the collection's own, which are
        C(in_message_from_server) and C(out_message_sent_duration_ms_count).
      - A counter that goes down, as after a restart, tells no rate. Those of C(/metrics) belong to the Webapp that has
        answered, and where several answer in turn they tell nothing.
    type: list
    elements: str
    default: []
  require_quiet:
    description: Whether the task fails where the node is busy.
    type: bool
    default: false
"""
