# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: how a one-time code is asked for."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
options:
  code_method:
    description:
      - How the code reaches the number. Use V(VOICE) for a landline and for a number behind a telephone system, which
        must put the call through to a person.
    type: str
    choices: [SMS, VOICE]
    default: SMS
  language:
    description: Language of the message or of the call, such as V(en_US) or V(pt_BR).
    type: str
    default: en_US
  code_valid_for:
    description:
      - Seconds for which a code counts as pending after it was asked for. No further one is asked for meanwhile. Meta
        does not document for how long a code is valid.
    type: float
    default: 86400.0
  code_lost_at:
    description:
      - When it was clear that no code has arrived, or that the code is not valid any more. A time like
        V(2026-11-26T14:03:00Z), in quotes. A time without a zone is UTC.
      - A code that was asked for before that time is not pending any more, so one more is asked for. The statement
        counts once, because the next request is later.
    type: str
  codes_limit:
    description:
      - Codes that are asked for in 24 hours at most. Meta limits them too, and WhatsApp Manager shares that limit.
        Public notes say five, and no source documents it.
    type: int
    default: 3
"""

    MOVE = r"""
---
options:
  move_lost_at:
    description:
      - When it was clear that the number is not in the other WABA to which it was to move. A time like
        V(2026-11-26T14:03:00Z), in quotes. A time without a zone is UTC.
      - A request before that time counts no more. M(wabiz.migration.wa_number_move) sends one more, and the old phone
        number ID can be used again.
    type: str
"""

    TARGET = r"""
---
options:
  target_waba_id:
    description: The WABA to which the number moves with O(lane=waba), and required then. It must not be O(waba_id).
    type: str
"""
