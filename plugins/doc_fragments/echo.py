# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: where the last events of numbers are reported (data: Echo in _operations/options.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
options:
  echo:
    description:
      - Where the webhook endpoint reports the last event of each number. An absolute path on the controller, or an
        address (http or https) that the controller can reach. C({phone_number_id}) in it stands for the ID of the
        number. C(docs/echo.md) describes what is read there.
      - The role C(webhook_bridge) has such an address, C(/v1/numbers/{phone_number_id}) on its private port.
    type: str
  echo_ca_path:
    description: File on the controller with the CA that the certificate of this address is verified against, in place
      of the well-known ones.
    type: path
  echo_wait:
    description: Seconds to wait for an event after the move of a number, V(86400) at most. With V(0) the source is
      asked once.
    type: float
    default: 600.0
"""
