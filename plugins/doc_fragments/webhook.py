# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: the options for trying the endpoint that Cloud API webhooks will go to (data: _WEBHOOK in _spec.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
options:
  webhook_url:
    description:
      - Address of the webhook endpoint that is to be tried. V(http) is taken for loopback addresses only.
      - The requests go to this address, which is your own, and to nothing of Meta's. They are a verification request
        (GET) with the right and with a wrong token and, with O(app_secret), ten events (POST), one of each kind and
        two that must be refused. The endpoint works on them as on real ones, so let it know C(wamid.TEST).
      - Redirects are not followed, nothing is repeated, and the proxies of the environment are used.
    type: str
  webhook_verify_token:
    description:
      - The verify token that the endpoint expects. Needed with O(webhook_url).
      - The environment variable E(WABIZ_WEBHOOK_VERIFY_TOKEN) on the controller is used where the option is not set.
    type: str
  app_secret:
    description:
      - The secret of the app. The sample events are signed with it (C(X-Hub-Signature-256)), and it is sent nowhere.
      - Without it no events are sent, and a note says so.
      - The environment variable E(WABIZ_APP_SECRET) on the controller is used where the option is not set.
    type: str
  webhook_timeout:
    description: Seconds within which each request has to be answered.
    type: float
    default: 5.0
  webhook_ca_path:
    description:
      - File with the CA that the endpoint's certificate is verified against, in place of the well-known ones. For
        rehearsals. Meta takes certificates of public CAs only, so a certificate is always verified.
      - It is in PEM form. The extensions that Python 3.13 and later want in a CA are not asked of a CA that is named
        here.
      - A path where the task calls the endpoint from.
    type: path
"""
