# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bridge that takes webhooks of the Cloud API and hands them on in the shape of the On-Premises API."""

__version__ = "0.1.0"
