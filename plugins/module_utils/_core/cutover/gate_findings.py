# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the findings of the gate. Pure."""

from __future__ import annotations

from ..findings.finding import BLOCKER, COLLECTION, GUIDE, PHONE_NUMBER, REGISTRATION, WABA_NUMBERS, Finding

UNKNOWN_LOCATION = Finding(
    "WM103",
    "unknown_location",
    BLOCKER,
    GUIDE,
    title="The location of the number is unknown",
    why="Both APIs together determine where a number is registered. They contradict each other, or one of them did not "
    "answer. An unknown number is never registered.",
    fix="Fix the side that the finding names; for a node that is down see also WM128 and WM129. After a wrong PIN the "
    "node need not be connected, but its health must be readable (WM207). Then run preflight again.",
)
NEITHER_API = Finding(
    "WM104",
    "neither",
    BLOCKER,
    REGISTRATION,
    title="The number is registered on neither API",
    why="A number that is registered nowhere cannot be moved. To register it is a recovery, which costs one of ten "
    "attempts and needs a person's decision. The collection registers it only where a wrong PIN is the last event of "
    "the number (WM207).",
    fix="Run the playbook wabiz.migration.recover for this number: it reads everything, names the one next step, and "
    "takes it on request (docs/recover.md). Once the number is on the Cloud API, run the same command "
    "again: it does the rest.",
)
CLOUD_NOT_CONNECTED = Finding(
    "WM105",
    "cloud_not_connected",
    BLOCKER,
    REGISTRATION,
    title="The number is on the Cloud API, but not connected",
    why="It has moved, and has a problem there. Another registration would use up attempts and not fix it. So a number "
    "on the Cloud API is never registered again without a person's decision.",
    fix="Look at the number in WhatsApp Manager. Where its status does not explain itself, open a ticket with Direct "
    "Support.",
)
WRONG_NODE = Finding(
    "WM106",
    "wrong_node",
    BLOCKER,
    "On-Premises API reference: settings/application",
    title="The node serves another number",
    why="The backup would be that of another number, and the wrong node would lose its registration.",
    fix="Correct O(onprem_url) or O(phone_number_id) of this host in the inventory.",
)
WRONG_WABA = Finding(
    "WM107",
    "wrong_waba",
    BLOCKER,
    WABA_NUMBERS,
    title="The number does not belong to the stated WABA",
    why="The app would be subscribed to another WABA, and the messages of this number would be lost.",
    fix="Correct O(waba_id) or O(phone_number_id) of this host in the inventory.",
)
NOT_VERIFIED = Finding(
    "WM108",
    "not_verified",
    BLOCKER,
    REGISTRATION,
    title="The number is not verified by a code",
    why="Meta registers verified numbers only. The register call would most likely be refused with 133006 and use up "
    "one of ten attempts.",
    fix="Verify the number in WhatsApp Manager (request_code, verify_code). To try nevertheless, set "
    "O(allow_unverified): true.",
    waivable=True,
)
NO_BACKUP_PASSWORD = Finding(
    "WM111",
    "no_backup_password",
    BLOCKER,
    GUIDE + ", step 2",
    title="No backup password is set",
    why="It encrypts the backup, and the register call needs the same one. Without a backup the profile and an "
    "Official Business Account can be lost.",
    fix="Set O(backup_password) or WABIZ_BACKUP_PASSWORD to any text.",
)
STATE_DIRECTORY = Finding(
    "WM112",
    "state_directory",
    BLOCKER,
    COLLECTION,
    title="The state directory cannot be used",
    why="It has the log of all attempts. Without it a number could be registered twice.",
    fix="Fix what the finding names (owner, mode 0700, content), or set another O(state_dir).",
)
BUDGET = Finding(
    "WM114",
    "budget",
    BLOCKER,
    REGISTRATION,
    title="The budget of register requests is used up",
    why="Meta allows ten register requests for a number in 72 hours. One more locks it for 72 hours (133016).",
    fix="Find the cause of the failed attempts, and wait until the oldest is 72 hours old.",
)
WABA_UNREADABLE = Finding(
    "WM118",
    "waba_unreadable",
    BLOCKER,
    WABA_NUMBERS,
    title="Cannot read the WABA",
    why="Whether the number belongs to it decides where the app has to be subscribed.",
    fix="Check O(waba_id), and give the token's system user access to that WABA (Business settings, WhatsApp "
    "accounts).",
)
BIZ_APP = Finding(
    "WM201",
    "biz_app",
    BLOCKER,
    PHONE_NUMBER + "; field reports of 2025 and 2026",
    title="The number is in the WhatsApp Business app, not on an On-Premises node",
    why="Graph says is_on_biz_app true without the Cloud API. In 2026 platform_type ON_PREMISE mostly means such a "
    "number, which no On-Premises node serves. Meta refuses to register it (100: Register endpoint is not available "
    "for SMB businesses, or a misleading Missing Permission), and each try costs one of ten attempts.",
    fix="Connect the number to the business platform in the app (Migrate customers), or onboard it with Embedded "
    "Signup (coexistence). Do not delete the account in the app lightly: in one report the WABA was lost with it. "
    "Where the inventory means another number, correct O(phone_number_id).",
)
NAME_UNUSABLE = Finding(
    "WM203",
    "name_unusable",
    BLOCKER,
    "Business phone numbers: display names",
    title="The display name has no certificate to register with",
    why="A name_status of EXPIRED means that the certificate of the name has expired, NONE that there is none. By "
    "Meta's page of 2026-04-05 neither can be used to register. The register call would be refused with 100 (Cannot "
    "Create Certificate), and each try costs one of ten attempts.",
    fix="Request the display name in WhatsApp Manager, Phone numbers, Profile. Wait for its approval (webhook "
    "phone_number_name_update), then run preflight again.",
)
