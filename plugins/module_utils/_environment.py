# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the environment that options are read from where a task does not state them."""

from __future__ import annotations

from typing import Dict

# Read by check() on the controller. They are no fallback of the argument specs: a module that is shipped would look
# into the environment of the host instead, which is another machine's and may hold something else.
ENVIRONMENT: Dict[str, str] = {
    "onprem_url": "WABIZ_ONPREM_URL",
    "onprem_username": "WABIZ_ONPREM_USERNAME",
    "onprem_password": "WABIZ_ONPREM_PASSWORD",
    "onprem_token": "WABIZ_ONPREM_TOKEN",
    "onprem_validate_certs": "WABIZ_ONPREM_VALIDATE_CERTS",
    "onprem_ca_path": "WABIZ_ONPREM_CA_PATH",
    "access_token": "WABIZ_ACCESS_TOKEN",
    "graph_url": "WABIZ_GRAPH_URL",
    "graph_version": "WABIZ_GRAPH_VERSION",
    "graph_ca_path": "WABIZ_GRAPH_CA_PATH",
    "pin": "WABIZ_PIN",
    "backup_password": "WABIZ_BACKUP_PASSWORD",
    "verify_token": "WABIZ_VERIFY_TOKEN",
    "app_access_token": "WABIZ_APP_ACCESS_TOKEN",
    "webhook_verify_token": "WABIZ_WEBHOOK_VERIFY_TOKEN",
    "app_secret": "WABIZ_APP_SECRET",
    "report_to_header": "WABIZ_REPORT_TO_HEADER",
}
