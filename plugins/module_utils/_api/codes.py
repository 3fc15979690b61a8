# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an error code can mean: the types of the code tables, and the texts that several codes share. Data only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional, Tuple

from .options import option

# Did the server act on the request?
NO = "no"  # no byte of the request was sent, or the server reported that it did not act
MAYBE = "maybe"  # the request was sent and its outcome is unknown

# When may the same request be repeated?
NEVER = "never"
SOON = "soon"  # a temporary fault: short back-off
RATE = "rate"  # a limit was hit: long back-off, unless the server names a time

# What kind of error is it? Chooses the class of the exception.
AUTH = "auth"
PERMISSION = "permission"
MISSING = "missing"
OTHER = "other"


@dataclass(frozen=True)
class Code:
    """Describe one error code, or one of several causes that share a code.

    ``acted`` is about the request that was answered with this code. ``node_may_be_down`` marks the codes after which
    the On-Premises deployment may have been disconnected although the number was not registered. ``wait_counts`` is
    False if waiting as long as the server asks does not help.
    """

    title: str
    meaning: str = ""
    acted: str = NO
    retry: str = NEVER
    safe_to_rerun: bool = True
    next_step: str = ""
    nature: str = OTHER
    node_may_be_down: bool = False
    wait_counts: bool = True


@dataclass(frozen=True)
class Case:
    """Distinguish one cause from others with the same code; a condition that is left out always matches.

    ``calls`` are changes, each by the end of its path, such as "register". ``wording`` is a pattern for the whole text
    of the server, in lower case. A subcode alone is not enough: Graph uses one for several things.
    """

    api: str
    reported: Code
    code: Optional[int] = None
    subcode: int = 0
    calls: Tuple[str, ...] = ()
    wording: str = ""

    def matches(self, api: str, code: Optional[int], subcode: int, call: str, wording: str) -> bool:
        return (
            api == self.api
            and self.code in (None, code)
            and self.subcode in (0, subcode)
            and (not self.calls or call in self.calls)
            and (not self.wording or re.search(self.wording, wording) is not None)
        )


READ_FIRST = "run the same command again: it reads where the number is registered before it sends a change"
WAIT_RATE = "wait until the limit has recovered, then run the same command again"
NEW_TOKEN = "set a valid access token, preferably of a system user, in %s or WABIZ_ACCESS_TOKEN" % option(
    "access_token"
)
TOKEN_RIGHTS = (
    "give the app and the system user of the access token the permissions whatsapp_business_management and "
    "whatsapp_business_messaging and full control of the WABA"
)
NEW_BACKUP = "make a new backup on the node with wa_backup and force: true, and register with it and its password"
LEAVE_OUT = "leave this recipient out"
CHECK_VALUE = "correct the value that the details name"
# The calls of which Meta allows ten for a number in 72 hours; refused calls count too.
COUNTED = ("register", "deregister")
ATTEMPT = "Each %s request uses up one of ten in 72 hours"
ON_BIZ_APP = "read is_on_biz_app of the number (GET /<phone number ID>?fields=is_on_biz_app)"
ADMIN = "log in with the admin account of the node: %s" % option("onprem_username", "onprem_password")
AGAIN = "run the same command again"
