# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: the options to test the endpoint of the Cloud API webhooks (data: _WEBHOOK in _spec.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
options:
  webhook_url:
    description:
      - Address of the webhook endpoint to test. V(http) is accepted for loopback addresses only.
      - All requests go to this address, which is your own, and none to Meta. They are a verification request (GET) with
        the right and with a wrong token and, with O(app_secret), ten events (POST). There is one event of each kind,
        and two that the endpoint must refuse. The endpoint processes them like real ones, so make it recognize
        C(wamid.TEST).
      - Redirects are not followed, requests are not repeated, and the proxies of the environment are used.
    type: str
  webhook_verify_token:
    description:
      - The verify token that the endpoint expects. Required with O(webhook_url).
      - If the option is not set, the environment variable E(WABIZ_WEBHOOK_VERIFY_TOKEN) on the controller is used.
    type: str
  app_secret:
    description:
      - The secret of the app. It signs the sample events (C(X-Hub-Signature-256)) and is never sent.
      - Without it no events are sent, and a note says so.
      - If the option is not set, the environment variable E(WABIZ_APP_SECRET) on the controller is used.
    type: str
  webhook_timeout:
    description: Timeout in seconds of each request.
    type: float
    default: 5.0
  webhook_ca_path:
    description:
      - File with the CA that the certificate of the endpoint is verified against, in place of the well-known ones. For
        rehearsals. Meta accepts certificates of public CAs only, so a certificate is always verified.
      - It is a PEM file. The extensions that Python 3.13 and later require in a CA are not required.
      - A path on the machine that calls the endpoint.
    type: path
"""
