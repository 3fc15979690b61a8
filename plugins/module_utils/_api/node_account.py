# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls that bring a number back to a node: account, code, restore, shards and webhook. Closed since 2025-10-23."""

from __future__ import annotations

from typing import Any, Dict, Mapping, NamedTuple, Optional

from . import causes, retry
from .envelope import success_of
from .errors import ApiError
from .onprem import OnPrem

BLOCKED = "biz_link_on_prem_reg_blocked"
REGISTERED = "registered"
CODE_SENT = "code sent"


class Account(NamedTuple):
    """What a node registers: country code, national number, certificate of the display name, way of the code, PIN."""

    cc: str
    phone_number: str
    cert: str
    method: str = "sms"
    pin: Optional[str] = None

    def body(self, **more: Any) -> Dict[str, Any]:
        """Return the keys of a request about this account."""
        pin = {"pin": self.pin} if self.pin else {}
        return {"cc": self.cc, "phone_number": self.phone_number, "cert": self.cert, **pin, **more}


def ask(node: OnPrem, account: Account) -> str:
    """Ask for the registration of a number: REGISTERED where it is there already, CODE_SENT where a code is on its way.

    Sent once. A node that may not register is refused (:func:`is_closed`).
    """
    body = account.body(method=account.method)
    answer, where = node.call("POST", "/v1/account", body, "POST account on the node")
    if success_of(answer.body) is False:
        raise causes.not_done(where, answer.body)
    return CODE_SENT if answer.status == 202 else REGISTERED


def verify(node: OnPrem, code: str) -> None:
    """Hand in the code that was asked for; sent once."""
    _change(node, "POST", "/v1/account/verify", {"code": code}, "POST code of the account on the node")


def restore(node: OnPrem, password: str, data: str) -> None:
    """Restore a backup on a node that runs and is not registered; sent once."""
    body = {"password": password, "data": data}
    _change(node, "POST", "/v1/settings/restore", body, "POST restore of the backup on the node")


def set_shards(node: OnPrem, account: Account, shards: int) -> None:
    """Set the number of shards of a registered node; sent once."""
    _change(node, "POST", "/v1/account/shards", account.body(shards=shards), "POST shards of the node")


def set_webhook(node: OnPrem, url: str) -> None:
    """Set the address that the node sends its events to."""
    body = {"webhooks": {"url": url}}
    _change(node, "PATCH", "/v1/settings/application", body, "PATCH webhook of the node", retry.REFUSED_ONLY)


def is_closed(error: ApiError) -> bool:
    """Tell whether WhatsApp registers no number on the On-Premises API any more."""
    return BLOCKED in " ".join((str(getattr(error, "details", "")), error.failure.details, error.failure.title))


def _change(
    node: OnPrem, method: str, path: str, body: Mapping[str, Any], wording: str, kind: str = retry.NEVER
) -> None:
    answer, where = node.call(method, path, body, wording, kind)
    if success_of(answer.body) is False:
        raise causes.not_done(where, answer.body)
