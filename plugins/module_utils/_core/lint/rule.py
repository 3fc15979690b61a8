# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a difference between the two APIs is, as data, and what was found of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Tuple, Union

ERROR = "error"
WARNING = "warning"
NOTE = "note"
SEVERITIES = (ERROR, WARNING, NOTE)

# Where a rule looks.
PAYLOAD = "payloads"
WEBHOOK = "webhook samples"
TRAFFIC = "recorded requests"
CODE = "source code"
FILES = "files"

# What carries an application over a difference until it is changed.
FIX = "wa_lint with fix"
BRIDGE = "webhook bridge"
MEDIA = "wa_lint with a media map"

# Sources that several rules share.
GUIDE = "Migrating from On-Premises API to Cloud API"
MESSAGES = "Business Messaging API v23.0: messages"
WEBHOOKS = "Business Messaging API v23.0: webhooks"
ONPREM = "On-Premises API reference"
CLOUD = "Cloud API reference"

Pointer = Tuple[Union[str, int], ...]


@dataclass(frozen=True)
class Rule:
    """One difference: ``onprem`` and ``cloud`` are its two shapes, ``looks`` says where it is searched for.

    ``id`` never changes its meaning. ``bridged`` names what helps until the application is changed, "" where nothing
    does.
    """

    id: str
    severity: str
    title: str
    why: str
    fix: str
    source: str
    onprem: str
    cloud: str
    looks: Tuple[str, ...]
    bridged: str = ""


class Hit(NamedTuple):
    """One place of a rule: ``pointer`` leads to it inside of the object, ``details`` are what was read there."""

    rule: str
    pointer: Pointer
    details: str = ""


def pointer_text(pointer: Pointer) -> str:
    """Return a pointer as RFC 6901 writes it, "" for the whole document."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in pointer)
