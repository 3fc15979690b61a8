# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Switches: the cases that the published facts leave open, for the whole fleet or for one number."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from .checks import Fields


@dataclass(frozen=True)
class Switches:
    """Hold one choice per open question; the defaults are the likeliest answer."""

    old_node: str = "disconnected"
    bad_backup_code: int = 133002
    after_register: str = "CONNECTED"
    pending_reads: int = 0
    pending_seconds: float = 0.0
    stale_reads: int = 0
    success_form: str = "bool"
    register_seconds: float = 0.0
    latency_ms: float = 0.0
    maintenance_reads: int = 0
    maintenance_form: str = "entity"
    backup_unregistered_code: int = 1011
    backup_busy_code: int = 0
    backup_busy_times: int = 0
    wrong_pin_takes_node_down: bool = True
    empty_body_form: str = "meta"
    deregister_shares_limit: bool = False
    deregister_unregistered_code: int = 133010
    biz_app_form: str = "smb"
    down_node_clears_two_step: bool = False
    photo_form: str = "binary"
    legacy_registration: bool = False
    code_seconds: float = 600.0
    # An earlier deregistration did not finish: register is refused with 133000 until deregister was sent once more.
    incomplete_deregistration: bool = False
    # Whether a new PIN may be set for a number that is not on the Cloud API: no source tells.
    pin_while_unregistered: bool = False


def read(data: Any, where: str, faults: list[str], base: Switches) -> Switches:
    """Read switches from a mapping; what is not named keeps the value of base."""
    fields = Fields(data, where, faults)
    result = Switches(
        old_node=fields.choice("old_node", ("disconnected", "unregistered", "refused", "connected"), base.old_node),
        bad_backup_code=fields.choice("bad_backup_code", (133002, 133006, 100), base.bad_backup_code),
        after_register=fields.choice("after_register", ("CONNECTED", "PENDING"), base.after_register),
        pending_reads=fields.whole("pending_reads", base.pending_reads),
        pending_seconds=fields.number("pending_seconds", base.pending_seconds),
        stale_reads=fields.whole("stale_reads", base.stale_reads),
        success_form=fields.choice("success_form", ("bool", "string", "String"), base.success_form),
        register_seconds=fields.number("register_seconds", base.register_seconds),
        latency_ms=fields.number("latency_ms", base.latency_ms),
        maintenance_reads=fields.whole("maintenance_reads", base.maintenance_reads),
        maintenance_form=fields.choice("maintenance_form", ("entity", "error"), base.maintenance_form),
        backup_unregistered_code=fields.whole("backup_unregistered_code", base.backup_unregistered_code, least=1),
        backup_busy_code=fields.choice("backup_busy_code", (0, 1011, 1015, 1016, 1017, 1018), base.backup_busy_code),
        backup_busy_times=fields.whole("backup_busy_times", base.backup_busy_times),
        wrong_pin_takes_node_down=fields.flag("wrong_pin_takes_node_down", base.wrong_pin_takes_node_down),
        empty_body_form=fields.choice("empty_body_form", ("null", "object", "meta"), base.empty_body_form),
        deregister_shares_limit=fields.flag("deregister_shares_limit", base.deregister_shares_limit),
        deregister_unregistered_code=fields.choice(
            "deregister_unregistered_code", (133010, 100), base.deregister_unregistered_code
        ),
        biz_app_form=fields.choice("biz_app_form", ("smb", "permission"), base.biz_app_form),
        down_node_clears_two_step=fields.flag("down_node_clears_two_step", base.down_node_clears_two_step),
        legacy_registration=fields.flag("legacy_registration", base.legacy_registration),
        photo_form=fields.choice("photo_form", ("binary", "base64"), base.photo_form),
        code_seconds=fields.number("code_seconds", base.code_seconds),
        incomplete_deregistration=fields.flag("incomplete_deregistration", base.incomplete_deregistration),
        pin_while_unregistered=fields.flag("pin_while_unregistered", base.pin_while_unregistered),
    )
    fields.close()
    return result


def changed(base: Switches, patch: Any) -> Switches:
    """Return base with the patch applied; every fault of the patch is raised as ValueError."""
    faults: list[str] = []
    result = read(patch, "switches", faults, base)
    if faults:
        raise ValueError("; ".join(faults))
    return result


def as_dict(switches: Switches) -> dict[str, Any]:
    return asdict(switches)
