# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the check of options share: the least options of each module, and the check itself."""

from __future__ import annotations

from ansible_collections.wabiz.migration.plugins.module_utils import _spec
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES

PASSWORD = "S3cret-of-the-node"


MINIMAL = {
    "wa_backup": {"dest": "/srv/backup.json", "backup_password": "any text", "onprem_password": PASSWORD},
    "wa_register": {
        "phone_number_id": "106540352242922",
        "pin": "001234",
        "backup_file": "/srv/backup.json",
        "backup_password": "any text",
        "onprem_password": PASSWORD,
        "access_token": "EAAB",
    },
    "wa_subscribe": {"waba_id": "102290129340398", "access_token": "EAAB"},
    "wa_echo": {"phone_number_id": "106540352242922", "echo": "https://hooks.example.com/last"},
    "wa_health": {"phone_number_id": "106540352242922", "access_token": "EAAB"},
    "wa_recover": {
        "phone_number_id": "106540352242922",
        "waba_id": "102290129340398",
        "onprem_password": PASSWORD,
        "access_token": "EAAB",
    },
    "wa_deregister": {"phone_number_id": "106540352242922", "access_token": "EAAB"},
    "wa_restore": {
        "state": "asked",
        "phone_number_id": "106540352242922",
        "phone_number": "16315551019",
        "cc": "1",
        "cert": "Q2VydGlmaWNhdGUtb2YtdGhlLWNhc2Vz",
        "onprem_password": PASSWORD,
    },
    "wa_export": {"phone_number_id": "106540352242922", "waba_id": "102290129340398", "access_token": "EAAB"},
    "wa_notice": {
        "phone_number_id": "106540352242922",
        "waba_id": "102290129340398",
        "template": "service_ends",
        "recipients_file": "/srv/recipients.txt",
        "access_token": "EAAB",
    },
    "wa_profile": {"phone_number_id": "106540352242922", "about": "Open all day", "access_token": "EAAB"},
    "wa_two_step": {"state": "absent", "onprem_password": PASSWORD},
    "wa_verify": {"state": "requested", "phone_number_id": "106540352242922", "access_token": "EAAB"},
    "wa_number_move": {
        "phone_number_id": "106540352242922",
        "target_waba_id": "102290129340399",
        "access_token": "EAAB",
    },
    "wa_number_info": {"phone_number_id": "106540352242922", "access_token": "EAAB"},
    "wa_onprem_info": {"onprem_password": PASSWORD},
    "wa_traffic": {"onprem_password": PASSWORD},
    "wa_preflight": {
        "phone_number_id": "106540352242922",
        "waba_id": "102290129340398",
        "pin": "001234",
        "backup_password": "any text",
        "onprem_password": PASSWORD,
        "access_token": "EAAB",
    },
    "wa_snapshot": {
        "phone_number_id": "106540352242922",
        "waba_id": "102290129340398",
        "onprem_password": PASSWORD,
        "access_token": "EAAB",
    },
    "wa_state_info": {"phone_number_id": "106540352242922"},
    "wa_compare": {"phone_number_id": "106540352242922", "onprem_password": PASSWORD, "access_token": "EAAB"},
    "wa_lint": {"paths": ["src"]},
    "wa_media": {
        "phone_number_id": "106540352242922",
        "dest": "/srv/media.json",
        "paths": ["src"],
        "onprem_password": PASSWORD,
        "access_token": "EAAB",
    },
    "wa_wait": {"hosts": ["node1"], "result_var": "cutover"},
    "wa_inputs": {"hosts": ["node1"], "prefix": "acme_", "argument_spec": {}},
    "wa_report": {"hosts": ["node1"], "phase": "move"},
    "wa_steps": {"steps": [{"wa_backup": {}}], "onprem_password": PASSWORD, "access_token": "EAAB"},
    "wa_webhook_check": {
        "phone_number_id": "106540352242922",
        "waba_id": "102290129340398",
        "webhook_url": "https://hooks.example.com/whatsapp",
        "webhook_verify_token": "any text",
    },
}


def check(module_name, environ=None, here=True, **options):
    return _spec.check(MODULES[module_name], {**MINIMAL[module_name], **options}, environ or {}, here)
