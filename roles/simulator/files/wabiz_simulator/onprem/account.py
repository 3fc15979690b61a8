# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Account of a node: shards, and the registration that Meta has closed."""

from __future__ import annotations

from ..call import Call, Reply
from ..refusal import OnPremError
from ..strict import Key, one_of, read_body, read_query, six_digits, text


def shards(call: Call) -> Reply:
    read_query(call, ())
    return Reply({"account": {"shards": call.needs_node().shards}})


def register(call: Call) -> Reply:
    """Refuse: On-Premises registration has been closed since 2025-10-23 (docs: on-premises/reference/account)."""
    read_body(
        call,
        {
            "cc": Key(text),
            "phone_number": Key(text),
            "method": Key(one_of("sms", "voice")),
            "cert": Key(text),
            "pin": Key(six_digits, required=False),
        },
    )
    raise OnPremError(1005, "Unknown error: biz_link_on_prem_reg_blocked")
