# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the catalogue of findings, each with its ID, severity and source. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Sequence, Tuple

from ..._failure import Failure
from ..checks import versions

BLOCKER = "blocker"
WARNING = "warning"
NOTE = "note"
SEVERITIES = (BLOCKER, WARNING, NOTE)

_GUIDE = "Migrating from On-Premises API to Cloud API"
_REGISTRATION = "Business phone numbers: registration"
_ENDPOINT = "WhatsApp Business Platform: create a webhook endpoint"
_TERMS = "Meta Terms for WhatsApp Business Platform, section 4.7 AI Providers"


@dataclass(frozen=True)
class Entry:
    """One kind of finding: ``id`` is stable, ``source`` is the page that the rule comes from.

    ``title``, ``why`` and ``fix`` are what the finding's own page says; a waiver opens the door only past a blocker
    that is ``waivable``. A ``passing`` one comes and goes by itself (another run, a clock), so an approved plan does
    not depend on it.
    """

    id: str
    severity: str
    source: str
    title: str
    why: str
    fix: str
    waivable: bool = False
    passing: bool = False


# The key is the code of the failure, or of the note, that becomes the finding.
CATALOGUE: Mapping[str, Entry] = {
    "graph_unreadable": Entry(
        id="WM101",
        severity=BLOCKER,
        source="Graph API reference: phone number",
        title="Graph does not tell of the number",
        why="Where a number is follows from both sides. Without Graph's answer nothing can be said, and nothing is "
        "sent.",
        fix="Do what the finding names: correct wa_migrate_phone_number_id, give a token with access to the WABA, or "
        "open the way to graph.facebook.com; then run preflight again.",
        waivable=False,
    ),
    "node_unreadable": Entry(
        id="WM102",
        severity=BLOCKER,
        source="On-Premises API reference: health",
        title="The On-Premises node does not answer as it should",
        why="Only a node that says itself that it serves the number may lose it to the Cloud API. Silence says "
        "nothing.",
        fix="Do what the finding names: correct wa_migrate_onprem_url, name the node's CA in "
        "wa_migrate_onprem_ca_path, or start the node; then run preflight again.",
        waivable=False,
    ),
    "unknown_location": Entry(
        id="WM103",
        severity=BLOCKER,
        source=_GUIDE,
        title="Where the number is cannot be said for certain",
        why="Both sides together tell where a number is. They contradict each other, or one of them is silent, so no "
        "register is sent.",
        fix="Mend the side that the finding names; for a node that is down see also WM128 and WM129. After a wrong PIN "
        "the node need not be connected, but its health must be readable (WM207). Then run preflight again.",
        waivable=False,
    ),
    "neither": Entry(
        id="WM104",
        severity=BLOCKER,
        source=_REGISTRATION,
        title="The number is registered on neither API",
        why="A number that is nowhere cannot be moved. Registering it is a recovery, which costs one of ten attempts "
        "and is for a person to decide. Only where a wrong PIN is the last thing that happened to it the collection "
        "registers it (WM207).",
        fix="Verify the number by a code and register it by hand: POST /<PHONE_NUMBER_ID>/request_code, verify_code, "
        "register with the last backup. Then run the migration again: it finds the number on the Cloud API and does "
        "the rest.",
        waivable=False,
    ),
    "cloud_not_connected": Entry(
        id="WM105",
        severity=BLOCKER,
        source=_REGISTRATION,
        title="The number is on the Cloud API, but not connected",
        why="It has moved, and something is wrong with it there. Registering it again on its own would use up "
        "attempts and mend nothing.",
        fix="Look at the number in WhatsApp Manager; where its status does not explain itself, open a ticket with "
        "Direct Support.",
        waivable=False,
    ),
    "wrong_node": Entry(
        id="WM106",
        severity=BLOCKER,
        source="On-Premises API reference: settings/application",
        title="The node serves another number",
        why="The backup would be that of another number, and the wrong node would lose its registration.",
        fix="Correct wa_migrate_onprem_url or wa_migrate_phone_number_id of this host in the inventory.",
        waivable=False,
    ),
    "wrong_waba": Entry(
        id="WM107",
        severity=BLOCKER,
        source="Graph API reference: WABA phone_numbers",
        title="The number does not belong to the stated WABA",
        why="The app would be subscribed to a WABA that this number's messages do not come from, and they would be "
        "lost.",
        fix="Correct wa_migrate_waba_id or wa_migrate_phone_number_id of this host in the inventory.",
        waivable=False,
    ),
    "not_verified": Entry(
        id="WM108",
        severity=BLOCKER,
        source=_REGISTRATION,
        title="The number's code verification is not VERIFIED",
        why="Meta registers verified numbers only: register would most likely answer 133006 and use up one of ten "
        "attempts.",
        fix="Verify the number in WhatsApp Manager (request_code, verify_code). To try all the same: "
        "wa_migrate_allow_unverified: true.",
        waivable=True,
    ),
    "no_pin": Entry(
        id="WM109",
        severity=BLOCKER,
        source=_GUIDE + ", step 1",
        title="No PIN is stated",
        why="Register needs the number's PIN of two-step verification. Where that is off, the stated PIN becomes the "
        "new one of a number that is not registered with the Cloud API yet.",
        fix="Set wa_migrate_pin or WABIZ_PIN; if nobody knows the PIN, also wa_migrate_clear_two_step: true.",
        waivable=False,
    ),
    "bad_pin": Entry(
        id="WM110",
        severity=BLOCKER,
        source=_GUIDE + ", step 1",
        title="The PIN is not six digits",
        why="A wrong PIN takes the On-Premises node down, so a PIN that cannot be right is never sent.",
        fix='Write it as a quoted string of six digits, such as wa_migrate_pin: "001234".',
        waivable=False,
    ),
    "no_backup_password": Entry(
        id="WM111",
        severity=BLOCKER,
        source=_GUIDE + ", step 2",
        title="No backup password is stated",
        why="The backup is encrypted with it, and register needs the same one. Without a backup the profile and an "
        "Official Business Account can be lost.",
        fix="Set wa_migrate_backup_password or WABIZ_BACKUP_PASSWORD to any text.",
        waivable=False,
    ),
    "state_directory": Entry(
        id="WM112",
        severity=BLOCKER,
        source="this collection",
        title="The state directory cannot be used",
        why="The record of every attempt lies there. Without it a number could be registered twice.",
        fix="Mend what the finding names (owner, mode 0700, content), or choose another wa_migrate_state_dir.",
        waivable=False,
    ),
    "state_not_durable": Entry(
        id="WM113",
        severity=BLOCKER,
        source="this collection",
        title="The record would be lost with this container",
        why="The record is what keeps a lost answer or a killed run from leading to a second register.",
        fix="Reach the host over SSH, so that the record lies there; or mount a lasting directory and name it in "
        "wa_migrate_state_dir. For a container that somebody keeps, wa_migrate_state_durable: true says that its own "
        "file system lasts; of the container of a job that is not believed.",
        waivable=False,
    ),
    "budget": Entry(
        id="WM114",
        severity=BLOCKER,
        source=_REGISTRATION,
        title="The budget of register requests is used up",
        why="Meta allows ten register requests for a number in 72 hours; one more locks it for 72 hours (133016).",
        fix="Find the cause of the failed attempts, and wait until the oldest is 72 hours old.",
        waivable=False,
    ),
    "host_files": Entry(
        id="WM115",
        severity=BLOCKER,
        source="this collection",
        title="The files on the inventory host cannot be read",
        why="The record of earlier attempts is there; what it says is needed before anything is sent.",
        fix="Check that the login user may read wa_migrate_state_dir (become), and that Python 3 is there; then run "
        "preflight again.",
        waivable=False,
    ),
    "subscription_unreadable": Entry(
        id="WM116",
        severity=BLOCKER,
        source="Graph API reference: subscribed_apps",
        title="The WABA's subscription cannot be read",
        why="It is read before it is written, because a plain request drops a callback override that somebody else "
        "has set.",
        fix="Give the token's app and system user whatsapp_business_management and full control of the WABA, then run "
        "preflight again.",
        waivable=False,
    ),
    "override_kept": Entry(
        id="WM117",
        severity=BLOCKER,
        source="Graph API reference: subscribed_apps",
        title="The subscription carries a callback override",
        why="What was asked for would drop it, and the WABA's events would go elsewhere without a word.",
        fix="Call wa_subscribe with remove_override: true if that is meant, or state the same "
        "wa_migrate_override_callback_uri.",
        waivable=False,
    ),
    "waba_unreadable": Entry(
        id="WM118",
        severity=BLOCKER,
        source="Graph API reference: WABA phone_numbers",
        title="The WABA cannot be read",
        why="Whether the number belongs to it decides where the app has to be subscribed.",
        fix="Check wa_migrate_waba_id, and give the token's system user access to that WABA (Business settings, "
        "WhatsApp accounts).",
        waivable=False,
    ),
    "token_invalid": Entry(
        id="WM119",
        severity=BLOCKER,
        source="Graph API reference: debug_token",
        title="The access token is not valid",
        why="It is expired, revoked, or not copied whole. Every request to Graph would be refused.",
        fix="Make a token of a system user (Business settings, System users), and give it as wa_migrate_access_token "
        "or WABIZ_ACCESS_TOKEN.",
        waivable=False,
    ),
    "token_expires": Entry(
        id="WM120",
        severity=BLOCKER,
        source="Graph API reference: debug_token",
        title="The access token expires before the migration can be over",
        why="A token that ends in the middle leaves numbers moved, but neither verified nor subscribed.",
        fix="Use a system user's token that does not expire. For a short run of few numbers, whose change window ends "
        "before the token does, set wa_migrate_token_must_last to the seconds that it takes.",
        waivable=True,
    ),
    "other_app": Entry(
        id="WM121",
        severity=BLOCKER,
        source="Graph API reference: debug_token",
        title="The access token belongs to another app than stated",
        why="Graph subscribes the app of the token. The webhooks of the numbers would go to the wrong app.",
        fix="Give a token of the stated app, or correct wa_migrate_app_id.",
        waivable=False,
    ),
    "scope_missing": Entry(
        id="WM122",
        severity=BLOCKER,
        source=_REGISTRATION,
        title="The access token lacks a permission",
        why="Register needs whatsapp_business_management and whatsapp_business_messaging.",
        fix="Request advanced access for both in the App Dashboard (App Review), then make a new token with both "
        "permissions.",
        waivable=False,
    ),
    "app_webhook": Entry(
        id="WM123",
        severity=BLOCKER,
        source=_GUIDE + ", webhooks",
        title="The app does not listen to messages",
        why="Two subscriptions are needed: the app's own to the field messages, and the WABA's to the app. Without "
        "the first no message arrives, and no error says so.",
        fix="In the App Dashboard under WhatsApp, Configuration: verify the callback URL and subscribe the field "
        "messages.",
        waivable=True,
    ),
    "waba_review": Entry(
        id="WM124",
        severity=BLOCKER,
        source="Graph API reference: WhatsApp Business Account",
        title="The WABA is not approved",
        why="A WABA whose account review is pending, rejected or restricted cannot send messages with the Cloud API.",
        fix="Open Account Quality in WhatsApp Manager and ask for a review. Where it is known and accepted: waive it.",
        waivable=True,
    ),
    "node_first_login": Entry(
        id="WM125",
        severity=BLOCKER,
        source="On-Premises API reference: users/login",
        title="Nobody has logged in to the node yet",
        why="The first login must set a new password for the account admin (1024). A node in that state was never set "
        "up, so it is likely the wrong one.",
        fix='Check wa_migrate_onprem_url; then POST /v1/users/login with a body {"new_password": "..."} once, and '
        "give the new password as wa_migrate_onprem_password.",
        waivable=False,
    ),
    "node_login": Entry(
        id="WM126",
        severity=BLOCKER,
        source="On-Premises API reference: users/login",
        title="The node refuses the login",
        why="User name or password are wrong. Settings and backup need the account admin.",
        fix="Correct wa_migrate_onprem_username and wa_migrate_onprem_password (WABIZ_ONPREM_PASSWORD).",
        waivable=False,
    ),
    "node_token": Entry(
        id="WM127",
        severity=BLOCKER,
        source="On-Premises API reference: users/login",
        title="The node refuses the given token",
        why="A token of a node lives seven days; this one is expired, revoked, or of another node.",
        fix="Give a new wa_migrate_onprem_token, or wa_migrate_onprem_password instead, so that each run logs in by "
        "itself.",
        waivable=False,
    ),
    "node_not_serving": Entry(
        id="WM128",
        severity=BLOCKER,
        source="On-Premises API reference: health",
        title="The node does not serve the number",
        why="Graph says that the number is on a node, but no gateway of this one is connected. Its backup may not be "
        "usable, and the number may be with another node.",
        fix="Do what the finding names: connect the node, or correct wa_migrate_onprem_url. A node that is "
        "unregistered cannot be registered again since 2025-10-23.",
        waivable=False,
    ),
    "node_not_ready": Entry(
        id="WM129",
        severity=BLOCKER,
        source="On-Premises API reference: health",
        title="The node is not ready",
        why="It is starting, connecting or upgrading its database. What it is going to be cannot be said yet.",
        fix="Wait some minutes, then run preflight again.",
        waivable=False,
    ),
    "other_run": Entry(
        id="WM130",
        severity=WARNING,
        source="this collection",
        title="Another run works on this number",
        why="Two runs at one number could register it twice; the second one waits, or is refused.",
        fix="Wait until the other run has ended; its name stands in the finding. For one that was killed or cancelled "
        "the cutover waits by itself, until the time that the finding names.",
        waivable=False,
        passing=True,
    ),
    "open_attempt": Entry(
        id="WM131",
        severity=WARNING,
        source="this collection",
        title="An earlier register was never settled",
        why="A run was killed, or its answer was lost, between the request and its outcome.",
        fix="Nothing to do: the next cutover reads until no answer of it can come any more, and only then decides.",
        waivable=False,
        passing=True,
    ),
    "clock_skew": Entry(
        id="WM132",
        severity=WARNING,
        source="this collection",
        title="The clocks of host and controller differ",
        why="The budget of 72 hours is counted by the inventory host's clock.",
        fix="Set the host's clock: chronyc makestep.",
        waivable=False,
        passing=True,
    ),
    "client_expired": Entry(
        id="WM133",
        severity=WARNING,
        source="On-Premises API reference: support",
        title="The node's client has expired",
        why="On-Premises registration has been closed since 2025-10-23, and an expired client cannot connect. Whether "
        "it still makes a usable backup, and whether the Cloud API takes it, is not documented.",
        fix="Keep every backup that you have. Try wa_backup, which changes nothing on the node; ask Direct Support "
        "before you register without one.",
        waivable=False,
    ),
    "without_backup": Entry(
        id="WM134",
        severity=WARNING,
        source=_GUIDE + ", Official Business Accounts",
        title="Registering without a backup was asked for",
        why="The number loses its profile, and an Official Business Account loses that status. Neither comes back by "
        "itself.",
        fix="Leave out wa_migrate_without_backup where the node can still make a backup.",
        waivable=False,
    ),
    "gateways_missing": Entry(
        id="WM135",
        severity=WARNING,
        source="On-Premises API reference: health",
        title="Gateways of a multiconnect node are down",
        why="With two or more shards one gateway for each, and the primary master, are connected. What waits in one "
        "that is down may be lost with the cutover.",
        fix="Start, or restart, the Coreapps that the finding names; see their logs.",
        waivable=False,
    ),
    "data_access_expires": Entry(
        id="WM136",
        severity=WARNING,
        source="Graph API reference: debug_token",
        title="The data access of the token expires soon",
        why="The token stays valid, but Graph then refuses to read business data with it.",
        fix="Have the token's user log in to the app again, or use a system user's token.",
        waivable=False,
        passing=True,
    ),
    "graph_version": Entry(
        id="WM137",
        severity=WARNING,
        source="Graph API changelog: versions",
        title="The Graph API version is, or will soon be, no longer served",
        why="Graph serves an expired version with another one, whose fields and rules may differ from what was tested.",
        fix="Set wa_migrate_graph_version to one that is served for long, such as %s." % versions.DEFAULT,
        waivable=False,
        passing=True,
    ),
    "business_unverified": Entry(
        id="WM138",
        severity=WARNING,
        source="Graph API reference: WhatsApp Business Account",
        title="The business is not verified",
        why="Meta's guide asks for a verified business. What an unverified one may send is limited.",
        fix="Verify the business in the Security Center of Meta Business Suite.",
        waivable=False,
    ),
    "waba_health": Entry(
        id="WM139",
        severity=WARNING,
        source="Health status",
        title="The WABA, its business or the app is limited",
        why="The migration does not mend it, and the number cannot send as it should afterwards.",
        fix="Mend what each entity names; Meta's possible solution stands beside its error.",
        waivable=False,
    ),
    "name_status": Entry(
        id="WM140",
        severity=WARNING,
        source="Graph API reference: phone number",
        title="The display name is not approved",
        why="The migration does not change that. With the Cloud API a name that is not approved can be refused "
        "(131037). A name that cannot be registered at all is WM203.",
        fix="Have the display name approved in WhatsApp Manager under Phone numbers, Profile.",
        waivable=False,
    ),
    "quality": Entry(
        id="WM141",
        severity=WARNING,
        source="Graph API reference: phone number",
        title="The quality rating is not good",
        why="The migration does not change it. A number with a bad rating may be restricted at any time, also in the "
        "change window.",
        fix="See Insights and Account Quality in WhatsApp Manager; move the number when it has recovered.",
        waivable=False,
    ),
    "sandbox": Entry(
        id="WM142",
        severity=WARNING,
        source="Graph API reference: phone number",
        title="The number is in the account mode SANDBOX",
        why="It is a number for tests. Most likely the inventory names the wrong one.",
        fix="Check wa_migrate_phone_number_id of this host.",
        waivable=False,
    ),
    "number_health": Entry(
        id="WM143",
        severity=WARNING,
        source="Health status",
        title="The messaging health of the number is not good",
        why="The migration does not mend it. That a number on a node is not registered with the Cloud API yet is no "
        "part of this finding.",
        fix="Mend what the entity names; Meta's possible solution stands beside its error.",
        waivable=False,
    ),
    "client_expires_soon": Entry(
        id="WM144",
        severity=WARNING,
        source="On-Premises API reference: support",
        title="The node's client expires within a week",
        why="An expired client is disconnected, and may not be able to make a usable backup.",
        fix="Move the number before that day, and make a backup with wa_backup today.",
        waivable=False,
        passing=True,
    ),
    "official_account": Entry(
        id="WM145",
        severity=NOTE,
        source=_GUIDE + ", Official Business Accounts",
        title="The number is an Official Business Account",
        why="It stays one only if the backup goes with the register request, unmodified. The cutover does that.",
        fix="Nothing to do: do not set wa_migrate_without_backup.",
        waivable=False,
    ),
    "stickerpacks": Entry(
        id="WM146",
        severity=NOTE,
        source=_GUIDE + ", stickerpacks",
        title="Stickerpacks are in use on the node",
        why="The Cloud API does not have them: a request that names a stickerpack fails after the cutover.",
        fix="Let the application send each sticker by its link, or by a media ID of the Cloud API.",
        waivable=False,
    ),
    "node_webhooks": Entry(
        id="WM147",
        severity=NOTE,
        source=_GUIDE + ", webhooks",
        title="The node's callbacks end with the cutover",
        why="The Cloud API sends webhooks of another shape to the app's callback URL.",
        fix="Have that endpoint take Cloud API webhooks too, or set the app's callback URL to an endpoint that does "
        "(App Dashboard, WhatsApp, Configuration).",
        waivable=False,
    ),
    "webhook_ca": Entry(
        id="WM148",
        severity=NOTE,
        source="On-Premises API reference: certificates",
        title="The node trusts a CA of its own for callbacks",
        why="Meta's servers do not know it, so the Cloud API cannot call an endpoint whose certificate it signed.",
        fix="Give the endpoint a certificate of a public CA before the app's callback points to it.",
        waivable=False,
    ),
    "one_way": Entry(
        id="WM149",
        severity=NOTE,
        source=_GUIDE,
        title="Moving a number cannot be taken back",
        why="On-Premises registration has been closed since 2025-10-23: neither this collection nor anybody else "
        "brings a number back to a node. Messages that arrive during the few seconds of register are dropped.",
        fix="Move a number with little traffic first (-l canary), look at it, and let the others follow.",
        waivable=False,
    ),
    "pin_may_be_wrong": Entry(
        id="WM150",
        severity=NOTE,
        source=_GUIDE + ", step 1",
        title="The stated PIN counts as known",
        why="Nobody can tell a wrong PIN from a right one before register, and a wrong one takes the node down. Graph "
        "at most says whether two-step verification is on; the node has no way to read it.",
        fix="Make sure of the PIN; where nobody is, set wa_migrate_clear_two_step: true, so that it becomes the new "
        "one.",
        waivable=False,
    ),
    "not_subscribed": Entry(
        id="WM151",
        severity=NOTE,
        source=_GUIDE + ", webhooks",
        title="The subscription is not as it is wanted yet",
        why="Without it no message of a moved number arrives.",
        fix="Nothing to do: prepare brings it about before the cutover, so that no message waits for it.",
        waivable=False,
    ),
    "high_throughput": Entry(
        id="WM152",
        severity=NOTE,
        source=_GUIDE + ", throughput",
        title="The number gets high throughput on the Cloud API",
        why="A node with two or more shards is upgraded by Meta. Meanwhile the number may be in maintenance mode "
        "(131057).",
        fix="Nothing to do: verify waits for it; wa_migrate_health_wait says how long.",
        waivable=False,
    ),
    "not_readable": Entry(
        id="WM153",
        severity=NOTE,
        source="On-Premises API reference; Graph API reference",
        title="Something could not be looked at",
        why="It only informs, so it does not keep a number back; what it would have shown stays unknown.",
        fix="Do what the finding names, or look at it by hand.",
        waivable=False,
    ),
    "webhook_unreachable": Entry(
        "WM160",
        BLOCKER,
        _ENDPOINT,
        title="The webhook endpoint cannot be reached",
        why="Inbound messages and statuses of the Cloud API go to this address as soon as the number has moved. Meta "
        "wants https with a certificate of a public CA. Waive it where the endpoint is open to Meta only, or asks for "
        "Meta's client certificate, so that no other machine can try it.",
        fix="Check wa_migrate_webhook_url, DNS, the firewall and the certificate with curl -v from the machine that "
        "runs the task, and correct what is wrong there.",
        waivable=True,
    ),
    "webhook_challenge": Entry(
        "WM161",
        BLOCKER,
        _ENDPOINT,
        title="The webhook endpoint does not answer Meta's verification request",
        why="Meta sends GET with hub.mode, hub.challenge and hub.verify_token whenever a callback address is set. "
        "Without status 200 and the challenge as the whole body the address is refused, and no event is ever sent to "
        "it.",
        fix="Let the endpoint compare hub.verify_token with its own and answer 200 with the value of hub.challenge and "
        "nothing else. Check wa_migrate_webhook_verify_token against the endpoint's.",
        waivable=True,
    ),
    "webhook_any_token": Entry(
        "WM162",
        BLOCKER,
        _ENDPOINT,
        title="The webhook endpoint answers the challenge whatever the verify token is",
        why="Anybody can then make the endpoint the callback of an app of his own and send it events. Waive it where "
        "this is meant.",
        fix="Let the endpoint answer 403 where hub.verify_token is not its own.",
        waivable=True,
    ),
    "webhook_event": Entry(
        "WM163",
        BLOCKER,
        _ENDPOINT,
        title="The webhook endpoint did not take a signed event",
        why="Events of the Cloud API are shaped otherwise than those of the On-Premises API (Meta's guide: webhooks, "
        "voice messages). What is not answered 200 in time is sent again for a while and lost in the end, and the "
        "conversation with it. Each kind that failed is a finding of its own.",
        fix="Look for wamid.TEST or for the kind in the endpoint's log. Answer 200 at once and work on the event "
        "afterwards. After 401 or 403, check wa_migrate_app_secret, and that the signature is made over the bytes as "
        "they came.",
        waivable=True,
    ),
    "webhook_forged": Entry(
        "WM164",
        BLOCKER,
        _ENDPOINT,
        title="The webhook endpoint takes an event whose signature is wrong",
        why="Whoever knows the address can send it messages in the name of any user. It is a blocker because the hole "
        "opens with the cutover. From outside an endpoint that answers 200 and drops the event looks the same: waive "
        "it where that is so.",
        fix="Compare X-Hub-Signature-256 with HMAC-SHA256 of the body's bytes, keyed by the app's secret, and answer "
        "401 where they differ.",
        waivable=True,
    ),
    "webhook_unsigned": Entry(
        "WM165",
        BLOCKER,
        _ENDPOINT,
        title="The webhook endpoint takes an event that has no signature",
        why="Whoever knows the address can send it messages in the name of any user. It is a blocker because the hole "
        "opens with the cutover. From outside an endpoint that answers 200 and drops the event looks the same: waive "
        "it where that is so.",
        fix="Let the endpoint answer 401 where X-Hub-Signature-256 is missing.",
        waivable=True,
    ),
    "webhook_not_tried": Entry(
        "WM166",
        NOTE,
        _ENDPOINT,
        title="Sample events and signatures were not tried",
        why="Events of Meta are signed with the app's secret. Without it, or without the number, only the verification "
        "request was sent, which says nothing about the events.",
        fix="Set wa_migrate_app_secret, or WABIZ_APP_SECRET in the environment of the controller (App Dashboard, App "
        "settings, Basic, App secret).",
    ),
    "webhook_not_sent": Entry(
        "WM167",
        NOTE,
        "this collection",
        title="In check mode nothing is sent to the webhook endpoint",
        why="A sample event is no read: the endpoint works on it. So the endpoint is not tried with --check.",
        fix="Run ansible-playbook wabiz.migration.preflight without --check.",
        passing=True,
    ),
    "purpose_prohibited": Entry(
        "WM170",
        BLOCKER,
        _TERMS,
        title="The declared purpose of the number is prohibited",
        why="Since 2026-01-15 a general-purpose AI assistant may not be what a number of the WhatsApp Business "
        "Platform is for. Customer support and other automation in which AI is incidental are not concerned. Meta may "
        "restrict such an account, and the move cannot be taken back. It is permitted for numbers of the European "
        "Economic Area with Italy (free of charge since 2026-05-13, and by order since 2026-06-09) and of Brazil (for "
        "a fee), which is WM172. A status webhook with pricing.category general_purpose_ai says that Meta takes the "
        "number for an AI provider's.",
        fix="Move the assistant to an app of your own, and tell its users how they keep their conversations. Where it "
        "is not what the number is for, declare what is in wa_migrate_purpose. Where an exemption of yours is sure, "
        "state it in wa_migrate_purpose_rules with lifts: true.",
        waivable=True,
    ),
    "purpose_soon": Entry(
        "WM171",
        WARNING,
        _TERMS,
        title="The declared purpose of the number will be prohibited",
        why="A rule of wa_migrate_purpose_rules begins on a day that is still to come. From that day on it is a "
        "blocker.",
        fix="Move what is concerned off the number before that day, or declare the purpose that it has then.",
    ),
    "purpose_exempt": Entry(
        "WM172",
        WARNING,
        _TERMS,
        title="The declared purpose is prohibited, with an exemption that counts",
        why="The rule names an exemption with lifts: true for the country of the number, and its dates hold today. "
        "Exemptions are about the country of the business and its users, which the number's own only hints at. They "
        "end, and some cost a fee for each message.",
        fix="Check the exemption's dates and sources, which the finding names, before the change window. Your own "
        "rules in wa_migrate_purpose_rules replace those of this collection.",
    ),
    "purpose_undeclared": Entry(
        "WM173",
        WARNING,
        _TERMS,
        title="Nobody has said what the number is used for",
        why="Meta prohibits some purposes, and no API tells the purpose of a number. Only the one who runs it can say.",
        fix="Set wa_migrate_purpose for the host or the group, for example wa_migrate_purpose: customer_support. The "
        "finding lists the words.",
    ),
    "plan_changed": Entry(
        "WM174",
        BLOCKER,
        "this collection",
        title="The number is not as the approved plan has it",
        why="Somebody approved a plan, and since then a fact that decides has changed: the place of the number, its "
        "WABA, the node, the callback override, the requests that would be sent, a blocker, a warning or a waiver. "
        "Nobody has approved the number as it is, so it does not move. It keeps only itself out. A digest of the whole "
        "fleet cannot tell which number differs, so there all of them stop.",
        fix="Read what differs in the finding. Put it back, or run ansible-playbook wabiz.migration.preflight -e "
        "wa_migrate_plan_dest=plan.json, have that plan approved, and give it to migrate with -e "
        "wa_migrate_plan=plan.json.",
    ),
    "waiver_far": Entry(
        "WM175",
        WARNING,
        "this collection",
        title="A waiver lasts for more than 90 days",
        why="A waiver is a decision for one change window. One that lasts much longer is forgotten, and takes away a "
        "blocker that nobody has thought of.",
        fix="Give the waiver in wa_migrate_waivers an until shortly after the change window.",
        passing=True,
    ),
    "waiver_ends": Entry(
        "WM176",
        NOTE,
        "this collection",
        title="A waiver ends within 72 hours",
        why="Once it has ended its blocker keeps the number out again, at the gate as well.",
        fix="Move the number before that, or have until prolonged in wa_migrate_waivers by the one who decides.",
    ),
    "waiver_unused": Entry(
        "WM177",
        NOTE,
        "this collection",
        title="A waiver names a number that does not need it",
        why="There is no such finding for the number. A waiver that stays would take the blocker away when it comes up "
        "later; one that has ended does nothing any more.",
        fix="Take the waiver, or the number, out of wa_migrate_waivers.",
    ),
    "app_token_refused": Entry(
        "WM179",
        WARNING,
        "Graph API reference: application subscriptions",
        title="The app access token is not accepted",
        why="It is expired, not copied whole, or of another app. Whether the app listens to messages (WM123) stays "
        "unknown, although somebody wanted to know it.",
        fix="Give the token of the app itself, APP_ID|APP_SECRET, as wa_migrate_app_access_token or "
        "WABIZ_APP_ACCESS_TOKEN.",
        passing=True,
    ),
    "display_name_lost": Entry(
        "WM180",
        BLOCKER,
        _GUIDE + ", how it works",
        title="The display name is not the one from before the move",
        why="The migration does not affect the display name, so something else has changed it. Customers see another "
        "name.",
        fix="Look at the number in WhatsApp Manager (Phone numbers, Profile); request the name again, or open a "
        "Direct Support ticket (topic WABiz: Cloud API) with both names.",
    ),
    "verification_lost": Entry(
        "WM181",
        BLOCKER,
        _GUIDE + ", how it works",
        title="The number is not verified any more",
        why="The migration does not affect the verification status. A number that is not verified cannot be "
        "registered again, should that ever be needed.",
        fix="Verify the number (POST /<PHONE_NUMBER_ID>/request_code, then verify_code), or in WhatsApp Manager.",
    ),
    "quality_lost": Entry(
        "WM182",
        BLOCKER,
        _GUIDE + ", how it works",
        title="The quality rating is lower than before the move",
        why="The migration does not affect the quality rating. It also follows what customers say of the messages of "
        "the last days, so a change on the same day may be chance.",
        fix="Look at Insights in WhatsApp Manager. Where nothing there explains it, open a Direct Support ticket.",
    ),
    "messaging_limit_lost": Entry(
        "WM183",
        BLOCKER,
        _GUIDE + ", how it works",
        title="The messaging limit is lower than before the move",
        why="The migration does not affect the messaging limit. With a lower one fewer customers can be written to in"
        " a day, and the rest is refused.",
        fix="Compare the limit in WhatsApp Manager (Account tools, Phone numbers), then open a Direct Support ticket "
        "with both values.",
    ),
    "oba_lost": Entry(
        "WM184",
        BLOCKER,
        _GUIDE + ", Official Business Accounts",
        title="The Official Business Account status was lost",
        why="The status is kept where the register call carries the backup, and lost where it does not. Customers see"
        " no badge any more, and it has to be applied for anew.",
        fix="Apply for the status again in WhatsApp Manager (Phone numbers, Profile). Where the backup went along, "
        "open a Direct Support ticket (topic WABiz: Cloud API, On-Premises API -> Cloud API Migration Issues).",
    ),
    "waba_lost": Entry(
        "WM185",
        BLOCKER,
        _GUIDE + ", how it works",
        title="The WhatsApp Business Account is not in the standing that it had before the move",
        why="The migration does not affect the account. One that is restricted, or not approved or verified any more,"
        " limits all of its numbers.",
        fix="Open Business Support Home and the account in WhatsApp Manager, and follow what is asked for there. Let "
        "no other number of this account go before that is clear.",
    ),
    "template_lost": Entry(
        "WM186",
        BLOCKER,
        _GUIDE + ", how it works",
        title="A message template is not there any more",
        why="The migration does not affect templates, so somebody or something else has deleted it. Messages that use"
        " it are refused.",
        fix="Look for the template in WhatsApp Manager (Message templates). Create it again and have it reviewed "
        "where it is needed.",
    ),
    "template_unusable": Entry(
        "WM187",
        BLOCKER,
        _GUIDE + ", how it works",
        title="A message template was approved before the move and is not any more",
        why="The migration does not affect the status of templates. Meta pauses or disables one whose quality is low,"
        " or reviews it again after an edit; messages that use it are refused meanwhile.",
        fix="Look at the template in WhatsApp Manager (Message templates), which names the reason, and edit or appeal.",
    ),
    "profile_lost": Entry(
        "WM188",
        BLOCKER,
        _GUIDE + ", step 3",
        title="A part of the business profile was lost",
        why="The profile comes over with the backup, and is lost without it. Customers see an empty profile.",
        fix="Run again with wa_migrate_restore_profile: true, which puts the lost fields back from the snapshot. "
        "A photo cannot be put back: upload it in WhatsApp Manager.",
    ),
    "number_differs": Entry(
        "WM189",
        BLOCKER,
        _GUIDE,
        title="Graph shows another phone number than before the move",
        why="The ID belongs to one phone number for good. If another one stands there, customers of one of them write"
        " to nobody.",
        fix="Stop, compare wa_migrate_phone_number_id with WhatsApp Manager, and open a Direct Support ticket.",
    ),
    "profile_changed": Entry(
        "WM190",
        WARNING,
        _GUIDE + ", step 3",
        title="A field of the business profile holds another text than before the move",
        why="The backup carries the profile over as it is, so somebody has changed it since the snapshot. It is not "
        "overwritten.",
        fix="Compare both texts in the finding, and correct the profile in WhatsApp Manager where the older one is "
        "meant.",
    ),
    "fact_changed": Entry(
        "WM191",
        WARNING,
        _GUIDE + ", how it works",
        title="Something that the migration does not affect has changed",
        why="Nothing that is known to be worse, but it is not what it was: another way to write the number, another "
        "category of a template, or a word that Meta has not documented.",
        fix="Read both values in the finding. Software that compares phone numbers as text may need the other form.",
    ),
    "throughput_not_high": Entry(
        "WM192",
        WARNING,
        _GUIDE + ", throughput",
        title="High throughput has not come yet",
        why="A number whose node ran two or more shards is upgraded by itself. That takes a while, during which Graph"
        " may answer 131057 (maintenance mode).",
        fix="Read it again later: ansible HOST -m wabiz.migration.wa_number_info, or the webhook "
        "phone_number_quality_update (event THROUGHPUT_UPGRADE). Open a Direct Support ticket where it has not "
        "come after a day.",
    ),
    "still_serving": Entry(
        "WM193",
        WARNING,
        "Account migration reference",
        title="The On-Premises node still says that it is connected",
        why="Register disconnects the node and shuts it down. One that still looks connected may deliver nothing, "
        "while the software behind it believes that it does.",
        fix="Take senders off the node, read GET /v1/health on it again, and stop its containers once the Cloud API "
        "has delivered a message.",
    ),
    "webhook_missing": Entry(
        "WM194",
        WARNING,
        _GUIDE + ", webhooks",
        title="No webhook is set for the number",
        why="Graph names no callback of the number, its account or the app, so messages from customers reach nobody.",
        fix="Set the callback of the app (App Dashboard, WhatsApp, Configuration), or "
        "wa_migrate_override_callback_uri.",
    ),
    "busy": Entry(
        id="WM154",
        severity=WARNING,
        source=_GUIDE + ", before you start",
        title="The node is busy",
        why="Messages that users send while the number moves are dropped without a word, and what waits in the node's "
        "queues may be lost with it. The guide asks for a time of low traffic.",
        fix="Wait for low traffic, or stop the senders and let the queues run empty. Set wa_migrate_quiet_wait to let "
        "the cutover wait for it, or other limits with wa_migrate_quiet_queue and wa_migrate_quiet_rate.",
        passing=True,
    ),
    "traffic_unknown": Entry(
        id="WM155",
        severity=NOTE,
        source="On-Premises API reference: stats, metrics",
        title="How busy the node is, is not known in full",
        why="The node did not tell a metric, or the two samples of its counters lie too close together for a rate. "
        "What is not known does not count as busy.",
        fix="Nothing has to be done. To be sure, look at GET /v1/stats/app of the node by hand.",
        passing=True,
    ),
    "outside_window": Entry(
        id="WM156",
        severity=WARNING,
        source="this collection",
        title="The change window of the number is not open",
        why="wa_migrate_window says when the number may move. The cutover refuses outside of it, before it changes "
        "anything, and also where it closes before the register call could be over. Check mode refuses as well.",
        fix="Start the migration in the window: the finding says when it opens next. Or correct wa_migrate_window.",
        passing=True,
    ),
    "frozen": Entry(
        id="WM157",
        severity=BLOCKER,
        source="this collection",
        title="Changes are frozen",
        why="The freeze file or address (wa_migrate_freeze) says that nothing may be changed now, or it could not be "
        "read, which means the same.",
        fix="Wait until the freeze is lifted: remove or empty the file, or let the address answer no. Where it could "
        "not be read, mend the path or the server.",
        passing=True,
    ),
    "paused": Entry(
        id="WM158",
        severity=WARNING,
        source="this collection",
        title="Changes are paused",
        why="The freeze file or address (wa_migrate_freeze) asks for a pause. A migration would wait before the next "
        "number goes through the door, until the pause is over.",
        fix="Nothing has to be done: the run goes on by itself as soon as the file or the address no longer says so. "
        "To end the run instead, let it say anything that does not begin with pause.",
        passing=True,
    ),
    "webhook_old_endpoint": Entry(
        "WM195",
        NOTE,
        _GUIDE + ", webhooks",
        title="The webhooks go to the address that the node has called",
        why="The Cloud API sends other payloads than the On-Premises API, and Meta recommends an endpoint of its own "
        "for them.",
        fix="Make sure that the endpoint understands both, or set another callback in the App Dashboard.",
    ),
    "fact_improved": Entry(
        "WM196",
        NOTE,
        _GUIDE + ", how it works",
        title="Something is better than before the move",
        why="A rating or a limit rose, a review ended well, or an empty field of the profile has been filled in.",
        fix="Nothing to do.",
    ),
    "not_comparable": Entry(
        "WM197",
        NOTE,
        "this collection",
        title="Some facts could not be compared",
        why="They could not be read before the move, or cannot be read now. That is neither a loss nor a proof.",
        fix="Look at the named facts in WhatsApp Manager, or run wabiz.migration.wa_compare again.",
    ),
    "no_snapshot": Entry(
        "WM198",
        NOTE,
        "this collection",
        title="There is no snapshot from before the move",
        why="The number was moved without this collection, or the state directory is another one. What was before is "
        "not known, so nothing can be compared.",
        fix="Give the state directory of the run that has moved the number (wa_migrate_state_dir).",
    ),
    "node_unclear": Entry(
        "WM199",
        NOTE,
        "On-Premises API reference: health",
        title="Whether the On-Premises node has stopped could not be seen",
        why="It answered, but neither that it serves nor that it does not. Graph says that the number is on the Cloud"
        " API, and that is what counts.",
        fix="Read GET /v1/health on the node by hand, and stop its containers.",
    ),
    "biz_app": Entry(
        "WM201",
        BLOCKER,
        "Graph API reference: phone number; field reports of 2025 and 2026",
        title="The number lives in the WhatsApp Business app",
        why="Graph says is_on_biz_app true without the Cloud API. In 2026 platform_type ON_PREMISE mostly means such a "
        "number, which no On-Premises node serves. Register refuses it (100: Register endpoint is not available for "
        "SMB businesses, or a misleading Missing Permission), and each try costs one of ten attempts.",
        fix="Connect the number to the business platform in the app (Migrate customers), or onboard it with Embedded "
        "Signup (coexistence). Do not delete the account in the app lightly: in one report the WABA was lost with it. "
        "Where the inventory means another number, correct wa_migrate_phone_number_id.",
    ),
    "coexistence": Entry(
        "WM202",
        NOTE,
        "Graph API reference: phone number",
        title="The number is on the Cloud API and in the WhatsApp Business app",
        why="With is_on_biz_app true and platform_type CLOUD_API the app and the Cloud API serve the number together "
        "(coexistence). There is nothing to register, and the number is left alone: nothing of it is changed.",
        fix="Nothing to do here. Manage such a number in the app and in WhatsApp Manager.",
    ),
    "name_unusable": Entry(
        "WM203",
        BLOCKER,
        "Business phone numbers: display names",
        title="The display name has no certificate to register with",
        why="A name_status of EXPIRED means that the certificate of the name has expired, NONE that there is none. By "
        "Meta's page of 2026-04-05 neither can be used to register. Register would answer 100 (Cannot Create "
        "Certificate), and each try costs one of ten attempts.",
        fix="Request the display name in WhatsApp Manager, Phone numbers, Profile. Wait for its approval (webhook "
        "phone_number_name_update), then run preflight again.",
    ),
    "no_payment": Entry(
        "WM204",
        WARNING,
        "Graph API reference: WhatsApp Business Account, as others read it on 2026-10-10",
        title="The WABA has no payment method",
        why="Graph leaves primary_funding_id out where there is none. Since 2026-10-01 service messages are charged "
        "too, and 1,000 for each number and month are free. A number that moves from the On-Premises API and answers "
        "customers stops answering when they are used up. Confidence: medium, no page of Meta's was read for it.",
        fix="Add a payment method to the WABA in Meta Business Suite (payment settings) before the number moves.",
    ),
    "app_unknown": Entry(
        "WM205",
        BLOCKER,
        "Graph API reference: debug_token",
        title="The app of the access token is unknown",
        why="Graph subscribes the app of the token, and whether that is subscribed has to be read before it is sent. "
        "debug_token tells of a token to its app, or to a user who owns or develops the app; the token of another "
        "user is refused (100).",
        fix="State the app of the token in wa_migrate_app_id. Or give wa_migrate_app_access_token "
        "(WABIZ_APP_ACCESS_TOKEN), which may inspect the access token.",
    ),
    "webhook_user_id": Entry(
        "WM206",
        BLOCKER,
        "WhatsApp Business Platform: business-scoped user IDs",
        title="The webhook endpoint did not take an event that names the user by a user ID alone",
        why="Since April 2026 a user has a business-scoped user ID (user_id in contacts, from_user_id in messages, "
        "recipient_user_id in statuses), and wa_id, from and recipient_id may be missing. An endpoint that fails on "
        "such an event loses the messages of these users. Each kind that failed is a finding of its own.",
        fix="Let the endpoint take the user by the user ID where there is no phone number, and answer 200. Look for "
        "wamid.TEST or for the kind in its log.",
        waivable=True,
    ),
    "wrong_pin": Entry(
        "WM207",
        BLOCKER,
        "this collection; account migration reference",
        title="The PIN of the last try was wrong",
        why="The attempt log has a register request that was refused with 133005. Meta takes the On-Premises node down "
        "for a wrong PIN, so the number may be on neither API now. The same PIN is never sent a second time: somebody "
        "has to say that it is another one. The finding tells when the request was made and how many attempts are "
        "left.",
        fix="Turn two-step verification off in WhatsApp Manager, or reset the PIN there, or correct wa_migrate_pin; "
        "set wa_migrate_pin_changed_at to the time of that and run again. Or set wa_migrate_clear_two_step: true, so "
        "that the node clears it, which a node that is down may refuse. A number on neither API is registered again "
        "with the stored backup then, where the node says itself that it does not serve it.",
    ),
    "after_wrong_pin": Entry(
        "WM208",
        WARNING,
        "this collection",
        title="The number is registered again after a wrong PIN",
        why="The attempt log has a register request that was refused with 133005, and somebody has said that the PIN "
        "is another one now (wa_migrate_pin_changed_at), or has it cleared on the node (wa_migrate_clear_two_step). "
        "Everything else that must hold before a register call holds.",
        fix="Make sure of the PIN: another wrong one is one more attempt gone.",
    ),
    "recovery_backup": Entry(
        "WM209",
        BLOCKER,
        "this collection",
        title="A node that a wrong PIN took down has left no usable backup",
        why="Only a connected node makes a backup. Without one the number loses its profile, and an Official Business "
        "Account that status. The stored backup is of another number, damaged, made with another password, or older "
        "than wa_migrate_backup_max_age.",
        fix="Bring the node back, so that it makes a new one. Where nothing has changed on the node since, set "
        "wa_migrate_backup_max_age to more than the age of the stored backup. Or set wa_migrate_without_backup: true, "
        "and accept the loss.",
    ),
}


def finding(failure: Failure, number: str) -> Dict[str, Any]:
    """Return a failure or a note as a finding.

    A code outside of the catalogue is an error of this collection (KeyError).
    """
    entry = CATALOGUE[str(failure.code)]
    seen = failure.title if not failure.details else "%s. %s" % (failure.title.rstrip("."), failure.details)
    return {
        "id": entry.id,
        "severity": entry.severity,
        "number": number,
        "seen": seen,
        "fix": failure.next_step,
        "source": entry.source,
    }


def blockers(findings: Tuple[Mapping[str, Any], ...]) -> Tuple[Mapping[str, Any], ...]:
    """Return the findings that keep the number from moving: a waived one does not."""
    return tuple(found for found in findings if found["severity"] == BLOCKER and not found.get("waived"))


def text(found: Mapping[str, Any]) -> str:
    """Return a finding as a person reads it, with its waiver and the next step."""
    return _seen(found) + (" Next: %s." % str(found["fix"]).rstrip(".") if found["fix"] else "")


def failure(code: str, title: str, findings: Sequence[Mapping[str, Any]], after: str = "") -> Failure:
    """Return a failure that names these findings, each with its next step; ``after`` is a sentence behind that."""
    details, fix = _seen(findings[0]), str(findings[0]["fix"])
    if len(findings) > 1:
        details = " ".join("(%d) %s" % (at, text(found)) for at, found in enumerate(findings, 1))
        fix = "fix all of them, then run the same command again"
    return Failure(code, title, details, next_step=". ".join(part.rstrip(".") for part in (fix, after) if part))


def _seen(found: Mapping[str, Any]) -> str:
    severity = str(found["severity"])
    if found.get("waived"):
        by = found["waived"]
        severity += " waived until %s by %s (%s)" % (by["until"], by["who"], by["why"])
    return "%s %s: %s." % (found["id"], severity, str(found["seen"]).rstrip("."))
