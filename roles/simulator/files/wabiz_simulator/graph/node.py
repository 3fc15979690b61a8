# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GET /<ID>: a number, a WABA or a media file, told apart by the id."""

from __future__ import annotations

from ..call import Call, Reply
from . import media, number_fields, wabas


def read(call: Call) -> Reply:
    if "media" in call.params:
        return media.read(call)
    return wabas.read(call) if call.waba is not None else number_fields.read(call)
