# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: the options for the connection to an On-Premises node (data: ONPREM_OPTIONS in _spec.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
options:
  onprem_url:
    description:
      - Address of the On-Premises API, without V(/v1) at its end.
      - It is called from where the task runs. Over SSH that is the inventory host itself, so the default is right
        there; with C(ansible_connection=local) give an address that the controller can reach.
      - V(http) is taken for loopback addresses only, because every call carries a credential.
      - The environment variable E(WABIZ_ONPREM_URL) on the controller is used where the option is not set.
    type: str
    default: https://localhost:9090
  onprem_username:
    description:
      - Name of the On-Premises account. Backup, settings and two-step verification need the admin account.
      - The environment variable E(WABIZ_ONPREM_USERNAME) on the controller is used where the option is not set.
    type: str
    default: admin
  onprem_password:
    description:
      - Password of the On-Premises account. The task logs in with it and keeps the token that it gets in memory only.
      - O(onprem_password) or O(onprem_token) must be given.
      - An account that was never used wants a new password at its first login. Set one first; no task does that for
        you.
      - The environment variable E(WABIZ_ONPREM_PASSWORD) on the controller is used where the option is not set.
    type: str
  onprem_token:
    description:
      - Bearer token of the On-Premises API. It is used in place of a login with O(onprem_password). Nodes issue
        tokens for seven days.
      - The environment variable E(WABIZ_ONPREM_TOKEN) on the controller is used where the option is not set.
    type: str
  onprem_validate_certs:
    description:
      - Whether the certificate of the node is verified.
      - Nodes come with a self-signed certificate. Prefer O(onprem_ca_path) to V(false), because the password goes
        over this connection.
      - The environment variable E(WABIZ_ONPREM_VALIDATE_CERTS) on the controller is used where the option is not set.
        E(REQUESTS_CA_BUNDLE) never overrides this option.
    type: bool
    default: true
    aliases: [validate_certs]
  onprem_ca_path:
    description:
      - File with the certificate, or the CA, that the node's certificate is verified against. The node hands its CA
        out at C(/v1/certificates/external/ca).
      - It is in PEM form. A folder that C(openssl rehash) has prepared is taken too. The extensions that Python 3.13
        and later want in a CA are not asked of a CA that is named here.
      - A path on the machine from which the node is called (see O(onprem_url)).
      - The environment variable E(WABIZ_ONPREM_CA_PATH) on the controller is used where the option is not set.
    type: path
    aliases: [ca_path]
  onprem_timeout:
    description: Seconds that one call to the node may take from its first to its last byte.
    type: float
    default: 30.0
  onprem_retry_for:
    description:
      - Seconds within which a call to the node is repeated when that is harmless. Each wait is announced.
      - Reads are repeated after network faults and overload. A call that changes something is repeated only where the
        node says that it did nothing, as with the codes 1011 (not ready), 1015 and 1016 (overload), 1017 and 1018
        (another instance is in charge).
      - With V(0) nothing is repeated.
    type: float
    default: 60.0
"""
