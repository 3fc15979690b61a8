# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A strict, stateful simulator of the WhatsApp On-Premises API and the Cloud API: the oracle of every test."""

__version__ = "0.1.0"
