# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: the profile that a number shall have on the Cloud API."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
options:
  profile:
    description:
      - What the profile of a number shall have on the Cloud API, with any of C(about), C(description), C(address),
        C(email), C(websites), C(vertical) and C(photo), the path of a file. All of it is checked before anything is
        sent, the file too. M(wabiz.migration.wa_profile) sends it.
      - A migration sends it after the registration, and its plan lists the request. A recovery sends of it what is
        empty.
    type: dict
"""
