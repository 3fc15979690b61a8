# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: the options for the connection to the Graph API (data: GRAPH_OPTIONS in _spec.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
options:
  access_token:
    description:
      - Access token of a system user or user whose app owns the subscription, with the permissions
        C(whatsapp_business_management) and C(whatsapp_business_messaging). Every call of the Graph API needs it.
      - It stays on the controller and goes to the server of O(graph_url) only, unless you set O(graph_via=host).
      - The environment variable E(WABIZ_ACCESS_TOKEN) on the controller is used where the option is not set. Prefer
        it or a vaulted variable to a value in a playbook.
    type: str
  graph_url:
    description:
      - Address of the Graph API, without a version at its end.
      - V(http) is taken for loopback addresses only, because every call carries the access token.
      - The environment variable E(WABIZ_GRAPH_URL) on the controller is used where the option is not set.
    type: str
    default: https://graph.facebook.com
  graph_version:
    description:
      - Version of the Graph API, such as V(v26.0). Write it with the V(v), so that no tool turns it into a decimal
        number.
      - Meta retires a version about two years after its release; a request for a retired version is served by a later
        one.
      - The environment variable E(WABIZ_GRAPH_VERSION) on the controller is used where the option is not set.
    type: str
    default: v26.0
  graph_validate_certs:
    description: Whether the certificate of the Graph API is verified. Turn it off for a rehearsal against a simulator
      only.
    type: bool
    default: true
  graph_ca_path:
    description:
      - File with the CA that the certificate of O(graph_url) is verified against, in place of the well-known ones.
        For proxies that break TLS open, and for simulators.
      - It is in PEM form. A folder that C(openssl rehash) has prepared is taken too. The extensions that Python 3.13
        and later want in a CA are not asked of a CA that is named here.
      - A path on the controller, or on the inventory host with O(graph_via=host).
      - The environment variable E(WABIZ_GRAPH_CA_PATH) on the controller is used where the option is not set.
    type: path
  graph_timeout:
    description: Seconds that one call of the Graph API may take from its first to its last byte. A register call has
      a timeout of its own.
    type: float
    default: 30.0
  graph_retry_for:
    description:
      - Seconds within which a read is repeated after a network fault, an overload or a rate limit. Each wait is
        announced.
      - Where the server says how long to wait, that counts; if it is longer than this budget, the task fails at once
        and says so.
      - Register and deregister are never repeated, whatever is set here. With V(0) nothing is repeated.
    type: float
    default: 60.0
  graph_via:
    description:
      - Which machine calls the Graph API.
      - With V(controller) the calls come from the machine that runs Ansible, whatever the connection of the host.
      - With V(host) they come from the inventory host, B(and the access token leaves the controller for that host).
        Use it only where the controller cannot reach the Graph API.
    type: str
    choices: [controller, host]
    default: controller
"""
