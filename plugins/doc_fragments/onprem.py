# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: the options of the connection to an On-Premises node (OnPremConnection in _operations/options.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
options:
  onprem_url:
    description:
      - Address of the On-Premises API, without V(/v1) at its end.
      - It is called from the machine where the task runs. Over SSH that is the inventory host itself, so the default is
        usually right. With C(ansible_connection=local), set an address that the controller can reach.
      - V(http) is accepted for loopback addresses only, because every call carries a credential.
      - If the option is not set, the environment variable E(WABIZ_ONPREM_URL) on the controller is used.
    type: str
    default: https://localhost:9090
  onprem_username:
    description:
      - Name of the On-Premises account. Backup, settings and two-step verification need the admin account.
      - If the option is not set, the environment variable E(WABIZ_ONPREM_USERNAME) on the controller is used.
    type: str
    default: admin
  onprem_password:
    description:
      - Password of the On-Premises account. The task logs in with it and keeps the token in memory only.
      - O(onprem_password) or O(onprem_token) is required.
      - An account that was never used requires a new password at its first login. Set one first, because no task does
        it for you.
      - If the option is not set, the environment variable E(WABIZ_ONPREM_PASSWORD) on the controller is used.
    type: str
  onprem_token:
    description:
      - Bearer token of the On-Premises API, used in place of a login with O(onprem_password). Nodes issue tokens for
        seven days.
      - If the option is not set, the environment variable E(WABIZ_ONPREM_TOKEN) on the controller is used.
    type: str
  onprem_validate_certs:
    description:
      - Whether to verify the certificate of the node.
      - Nodes have a self-signed certificate by default. Prefer O(onprem_ca_path) to V(false), because the password is
        sent over this connection.
      - If the option is not set, the environment variable E(WABIZ_ONPREM_VALIDATE_CERTS) on the controller is used.
        E(REQUESTS_CA_BUNDLE) never overrides this option.
    type: bool
    default: true
    aliases: [validate_certs]
  onprem_ca_path:
    description:
      - File with the certificate, or the CA, that the certificate of the node is verified against. The node serves its
        CA at C(/v1/certificates/external/ca).
      - It is a PEM file, or a folder prepared with C(openssl rehash). For a CA that is named here, the extensions that
        Python 3.13 and later require in a CA are not required.
      - A path on the machine that calls the node (see O(onprem_url)).
      - If the option is not set, the environment variable E(WABIZ_ONPREM_CA_PATH) on the controller is used.
    type: path
    aliases: [ca_path]
  onprem_timeout:
    description: Timeout in seconds of one call to the node, from the first to the last byte.
    type: float
    default: 30.0
  onprem_retry_for:
    description:
      - Seconds in which a call to the node is repeated if that is harmless. The task announces each wait.
      - Reads are repeated after network errors and overload. A call that changes something is repeated only if the node
        reports that it did nothing, as with the codes 1011 (not ready), 1015 and 1016 (overload), 1017 and 1018
        (another instance is in charge).
      - With V(0) no call is repeated.
    type: float
    default: 60.0
"""
