# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a number that may be stuck, and what can be said of it: its state, and its one next step. Pure."""

from __future__ import annotations

from typing import NamedTuple, Optional, Tuple

from ..facts import node as node_rules

# The steps.
NOTHING = "nothing"
READ = "read"  # read again, until the answer of a request cannot come any more
WAIT = "wait"  # for a time that is known
PERSON = "person"  # somebody has to do or to decide something first
CONFIRM = "confirm"  # an open register request whose number shows on the Cloud API
SUBSCRIBE = "subscribe"
COMPARE = "compare"  # with the snapshot, and put back what the profile has lost
ASK_CODE = "ask_code"
HAND_IN = "hand_in"
FINISH = "finish"  # the deregistration that Meta calls incomplete
NEW_PIN = "new_pin"
REGISTER = "register"
# Those that send something.
SENDS = (CONFIRM, SUBSCRIBE, COMPARE, ASK_CODE, HAND_IN, FINISH, NEW_PIN, REGISTER)

# The state after a refusal whose cause somebody has to find.
REFUSED = "refused"

REGISTERED, PENDING, BROKEN = "registered", "pending", "broken"


class Facts(NamedTuple):
    """What was read of a number. Times are UTC seconds; a text is "" where there is nothing to say."""

    now: float = 0.0
    trouble: str = ""  # what could not be read, without which nothing may be sent
    fix: str = ""  # what a person does about it, or about what keeps the number out
    other_run: str = ""
    platform: str = "CLOUD_API"
    standing: str = REGISTERED  # on the Cloud API: REGISTERED, PENDING or BROKEN
    status: str = ""
    pending_for: float = 0.0  # since the last register request
    kept_out: str = ""  # why the register call cannot succeed, whatever is done here
    node: str = node_rules.NOT_ASKED
    node_gone: str = ""
    # The register request whose outcome nobody has seen, and for how long an answer may still come.
    open: bool = False
    open_for: float = 0.0
    other_open_for: float = 0.0  # the same of a request in the exit log
    taken_off: str = ""  # when the number was taken off the Cloud API on purpose
    bring_back: bool = False
    refused: Optional[int] = None  # the code of the last request, if that was refused
    refused_at: float = 0.0
    wait_for: float = 0.0  # seconds that Meta documents for that refusal
    in_a_row: int = 0
    again: bool = False  # somebody has stated that the cause is gone
    attempts_left: int = 8
    next_attempt_at: float = 0.0
    verified: bool = True  # enough to be registered
    verification: str = "VERIFIED"
    verified_since: bool = False  # a code was taken after the last refusal
    pin: bool = True  # a PIN is stated
    pin_on: bool = True  # two-step verification is on, or nobody knows
    wrong_pin: bool = False  # and nobody has stated that it was changed since
    new_pin: bool = False  # nobody knows the PIN, and a new one is stated
    new_pin_set: str = ""  # what has become of it
    finished: str = ""  # "", exit_log.DONE, attempt_log.REFUSED or exit_log.UNKNOWN, since the last refusal
    finish_seen: bool = False  # one was answered, whatever has become of later requests
    backup: bool = False  # a usable one is stored
    missing: Tuple[str, ...] = ()  # losses without a backup that nobody has accepted
    subscribed: Optional[bool] = True
    subscription: str = ""  # why that could not be read
    code: bool = False  # one is given
    code_asked: str = ""  # a request is pending
    no_code: str = ""  # why none may be asked for
    no_code_until: bool = False  # that passes by itself
    not_compared: bool = False
    lost: Tuple[str, ...] = ()  # fields of the profile that are empty now, and that can be put back
    lost_for_good: Tuple[str, ...] = ()  # the others


class Verdict(NamedTuple):
    """The state of a number, why, the one next step, what it is, and why it is safe.

    ``until`` is when to come again for a step that waits, 0 where nothing is waited for.
    """

    state: str
    why: str
    step: str
    does: str
    safe: str
    until: float = 0.0

    @property
    def person(self) -> bool:
        """Tell whether somebody has to do something that no run can."""
        return self.step == PERSON
