# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the findings of the comparison with the snapshot. Pure."""

from __future__ import annotations

from ..findings.finding import BLOCKER, COLLECTION, GUIDE, NODE_HEALTH, NOTE, WARNING, Finding

RUN_AGAIN = "run the same command again with O(restore_profile): true, which puts it back from the snapshot"
_UNAFFECTED = GUIDE + ", how it works"

DISPLAY_NAME_LOST = Finding(
    "WM180",
    "display_name_lost",
    BLOCKER,
    _UNAFFECTED,
    title="The display name is not the one from before the move",
    why="The migration does not affect the display name, so something else has changed it. Customers see another name.",
    fix="Look at the number in WhatsApp Manager (Phone numbers, Profile). Request the name again, or open a Direct "
    "Support ticket (topic WABiz: Cloud API) with both names.",
)
VERIFICATION_LOST = Finding(
    "WM181",
    "verification_lost",
    BLOCKER,
    _UNAFFECTED,
    title="The number is not verified any more",
    why="The migration does not affect the verification status. A number that is not verified cannot be registered "
    "again, if that is ever needed.",
    fix="Verify the number (POST /<PHONE_NUMBER_ID>/request_code, then verify_code), or in WhatsApp Manager.",
)
QUALITY_LOST = Finding(
    "WM182",
    "quality_lost",
    BLOCKER,
    _UNAFFECTED,
    title="The quality rating is lower than before the move",
    why="The migration does not affect the quality rating. It also depends on how customers rate the messages of the "
    "last days, so a change on the same day may be chance.",
    fix="Look at Insights in WhatsApp Manager. Where that does not explain it, open a Direct Support ticket.",
)
MESSAGING_LIMIT_LOST = Finding(
    "WM183",
    "messaging_limit_lost",
    BLOCKER,
    _UNAFFECTED,
    title="The messaging limit is lower than before the move",
    why="The migration does not affect the messaging limit. With a lower one the number can write to fewer customers "
    "in a day, and further messages are refused.",
    fix="Compare the limit in WhatsApp Manager (Account tools, Phone numbers), then open a Direct Support ticket with "
    "both values.",
)
OBA_LOST = Finding(
    "WM184",
    "oba_lost",
    BLOCKER,
    GUIDE + ", Official Business Accounts",
    title="The Official Business Account status was lost",
    why="A register call with the backup keeps the status, one without loses it. Customers see no badge any more, and "
    "the status has to be applied for again.",
    fix="Apply for the status again in WhatsApp Manager (Phone numbers, Profile). If the register call carried the "
    "backup, open a Direct Support ticket (topic WABiz: Cloud API, On-Premises API -> Cloud API Migration Issues).",
)
WABA_LOST = Finding(
    "WM185",
    "waba_lost",
    BLOCKER,
    _UNAFFECTED,
    title="The standing of the WhatsApp Business Account is lower than before the move",
    why="The migration does not affect the account. An account that is restricted, or not approved or verified any "
    "more, limits all of its numbers.",
    fix="Open Business Support Home and the account in WhatsApp Manager, and follow the requests there. Do not move "
    "another number of this account before that is clear.",
)
TEMPLATE_LOST = Finding(
    "WM186",
    "template_lost",
    BLOCKER,
    _UNAFFECTED,
    title="A message template is missing",
    why="The migration does not affect templates, so somebody or something else has deleted it. Messages that use it "
    "are refused.",
    fix="Look for the template in WhatsApp Manager (Message templates). If it is needed, create it again and have it "
    "reviewed.",
)
TEMPLATE_UNUSABLE = Finding(
    "WM187",
    "template_unusable",
    BLOCKER,
    _UNAFFECTED,
    title="A message template was approved before the move and is not any more",
    why="The migration does not affect the status of templates. Meta pauses or disables a template of low quality, or "
    "reviews it again after an edit. Meanwhile messages that use it are refused.",
    fix="Look at the template in WhatsApp Manager (Message templates), which names the reason, and edit or appeal.",
)
PROFILE_LOST = Finding(
    "WM188",
    "profile_lost",
    BLOCKER,
    GUIDE + ", step 3",
    title="A part of the business profile was lost",
    why="The backup carries the profile over; without it the profile is lost. Customers see an empty profile.",
    fix="Run again with O(restore_profile): true, which puts the lost fields back from the snapshot, and the photo "
    "where the node handed over its file. Otherwise name a file with wa_profile (photo), or use WhatsApp Manager.",
)
NUMBER_DIFFERS = Finding(
    "WM189",
    "number_differs",
    BLOCKER,
    GUIDE,
    title="Graph shows another phone number than before the move",
    why="A phone number ID never changes its phone number. If it shows another one, customers of one of them write to "
    "nobody.",
    fix="Stop, compare O(phone_number_id) with WhatsApp Manager, and open a Direct Support ticket.",
)
PROFILE_CHANGED = Finding(
    "WM190",
    "profile_changed",
    WARNING,
    GUIDE + ", step 3",
    title="A field of the business profile has another text than before the move",
    why="The backup carries the profile over unchanged, so somebody has changed it since the snapshot. The collection "
    "does not overwrite it.",
    fix="Compare both texts in the finding. If the older one is right, correct the profile in WhatsApp Manager.",
)
FACT_CHANGED = Finding(
    "WM191",
    "fact_changed",
    WARNING,
    _UNAFFECTED,
    title="A fact that the migration does not affect has changed",
    why="It is not known to be worse, but different: the number in another notation, another category of a template, "
    "or a value that Meta has not documented.",
    fix="Read both values in the finding. Software that compares phone numbers as text may need the other form.",
)
THROUGHPUT_NOT_HIGH = Finding(
    "WM192",
    "throughput_not_high",
    WARNING,
    GUIDE + ", throughput",
    title="The number does not have high throughput yet",
    why="Meta upgrades a number whose node ran two or more shards. That takes a while, during which Graph may answer "
    "131057 (maintenance mode).",
    fix="Read it again later: ansible HOST -m wabiz.migration.wa_number_info, or the webhook "
    "phone_number_quality_update (event THROUGHPUT_UPGRADE). Open a Direct Support ticket if it has not come after a "
    "day.",
)
STILL_SERVING = Finding(
    "WM193",
    "still_serving",
    WARNING,
    "Account migration reference",
    title="The On-Premises node still reports that it is connected",
    why="The register call disconnects the node and shuts it down. A node that still looks connected may deliver no "
    "messages, while the software that uses it believes that it does.",
    fix="Stop sending through the node, read GET /v1/health on it again, and stop its containers once the Cloud API "
    "has delivered a message.",
)
WEBHOOK_MISSING = Finding(
    "WM194",
    "webhook_missing",
    WARNING,
    GUIDE + ", webhooks",
    title="No webhook is set for the number",
    why="Graph shows no callback of the number, its account or the app, so nobody receives messages from customers.",
    fix="Set the callback of the app (App Dashboard, WhatsApp, Configuration), or O(override_callback_uri).",
)
WEBHOOK_OLD_ENDPOINT = Finding(
    "WM195",
    "webhook_old_endpoint",
    NOTE,
    GUIDE + ", webhooks",
    title="The webhooks go to the address that the node called before",
    why="The Cloud API sends other payloads than the On-Premises API, and Meta recommends a separate endpoint.",
    fix="Make sure that the endpoint understands both, or set another callback in the App Dashboard.",
)
FACT_IMPROVED = Finding(
    "WM196",
    "fact_improved",
    NOTE,
    _UNAFFECTED,
    title="A fact is better than before the move",
    why="A rating or a limit rose, a review ended well, or an empty field of the profile has been filled in.",
    fix="Nothing to do.",
)
NOT_COMPARABLE = Finding(
    "WM197",
    "not_comparable",
    NOTE,
    COLLECTION,
    title="Some facts could not be compared",
    why="They could not be read before the move, or cannot be read now. Whether they were lost is unknown.",
    fix="Look at the named facts in WhatsApp Manager, or run wabiz.migration.wa_compare again.",
)
NO_SNAPSHOT = Finding(
    "WM198",
    "no_snapshot",
    NOTE,
    COLLECTION,
    title="There is no snapshot from before the move",
    why="The number was moved without this collection, or with another state directory. Without the facts from before "
    "there is no comparison.",
    fix="Set the state directory of the run that moved the number (O(state_dir)).",
)
NODE_UNCLEAR = Finding(
    "WM199",
    "node_unclear",
    NOTE,
    NODE_HEALTH,
    title="It is unknown whether the On-Premises node has stopped",
    why="The node answered, but did not report whether it serves the number. Graph says that the number is on the "
    "Cloud API, and that decides.",
    fix="Read GET /v1/health on the node by hand, and stop its containers.",
)
