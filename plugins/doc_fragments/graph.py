# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: the options of the connection to the Graph API (GraphConnection in _operations/options.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
options:
  access_token:
    description:
      - Access token of a system user or user. Its app must own the subscription and have the permissions
        C(whatsapp_business_management) and C(whatsapp_business_messaging). Every call of the Graph API needs it.
      - It stays on the controller and is sent to the server of O(graph_url) only, unless you set O(graph_via=host).
      - If the option is not set, the environment variable E(WABIZ_ACCESS_TOKEN) on the controller is used. Prefer it or
        a vaulted variable to a value in a playbook.
    type: str
  graph_url:
    description:
      - Address of the Graph API, without a version at its end.
      - V(http) is accepted for loopback addresses only, because every call carries the access token.
      - If the option is not set, the environment variable E(WABIZ_GRAPH_URL) on the controller is used.
    type: str
    default: https://graph.facebook.com
  graph_version:
    description:
      - Version of the Graph API, such as V(v26.0). Include the V(v), so that no tool turns it into a decimal number.
      - Meta retires a version about two years after its release. A later version then serves requests for it.
      - If the option is not set, the environment variable E(WABIZ_GRAPH_VERSION) on the controller is used.
    type: str
    default: v26.0
  graph_validate_certs:
    description: Whether to verify the certificate of the Graph API. Turn it off only for a rehearsal against a
      simulator.
    type: bool
    default: true
  graph_ca_path:
    description:
      - File with the CA that the certificate of O(graph_url) is verified against, in place of the well-known ones. Use
        it for proxies that intercept TLS, and for simulators.
      - It is a PEM file, or a folder prepared with C(openssl rehash). For a CA that is named here, the extensions that
        Python 3.13 and later require in a CA are not required.
      - A path on the controller. With O(graph_via=host), a path on the inventory host.
      - If the option is not set, the environment variable E(WABIZ_GRAPH_CA_PATH) on the controller is used.
    type: path
  graph_timeout:
    description: Timeout in seconds of one call of the Graph API, from the first to the last byte. A register call has
      its own timeout.
    type: float
    default: 30.0
  graph_retry_for:
    description:
      - Seconds in which a read is repeated after a network error, an overload or a rate limit. The task announces each
        wait.
      - If the server says how long to wait, the task waits that long. If that is longer than this budget, the task
        fails at once and says so.
      - Register and deregister are never repeated, whatever the value. With V(0) no call is repeated.
    type: float
    default: 60.0
  graph_via:
    description:
      - Which machine calls the Graph API.
      - With V(controller), the machine that runs Ansible calls it, whatever the connection of the host.
      - With V(host), the inventory host calls it, B(and the access token leaves the controller for that host). Use it
        only if the controller cannot reach the Graph API.
    type: str
    choices: [controller, host]
    default: controller
"""
