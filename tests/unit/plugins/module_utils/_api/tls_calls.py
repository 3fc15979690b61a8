# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of TLS share."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.wabiz.migration.tests.support import faultserver as fs

HERE = ("localhost", "127.0.0.1")


ROOT = Path(__file__).resolve().parents[5]


OK = fs.answer({"id": "1"}, headers={"Connection": "close"})
