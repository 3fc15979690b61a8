# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a message to the Cloud API may hold: Meta's OpenAPI description, and what it lacks. Pure."""

from __future__ import annotations

from typing import Dict, FrozenSet, Optional, Tuple

from . import message_shapes

# Documented on the pages of the Cloud API, and missing in its OpenAPI description.
_MORE: Dict[str, Tuple[str, ...]] = {
    "": (
        "biz_opaque_callback_data",
        "category",
        "recipient",
        "recipient_identity_key_hash",
        "message_send_ttl_seconds",
        "pin",
    ),
    "audio": ("voice",),
    "context": ("from", "id"),
    "image": ("caption",),
    "sticker": ("animated",),
    "document": (),
    "reaction": (),
    "contacts.name": ("name_suffix", "name_prefix"),
    "contacts.phones": (),
    "interactive.header": ("product",),
    "interactive.header.document": ("filename",),
    "interactive.action": (
        "cards",
        "flow_action",
        "mode",
        "messageVersion",
        "order",
        "review_and_pay",
        "thumbnail_product_retailer_id",
        "type",
    ),
    "interactive.action.buttons": ("url", "copy_code", "phone_number", "quick_reply", "title", "index", "name"),
    "interactive.action.sections.product_items": (),
    "interactive.action.parameters": (
        "beneficiaries",
        "call_to_action",
        "context",
        "country",
        "display_text",
        "flow_metadata",
        "payment_settings",
        "payment_type",
        "payload",
        "saved_addresses",
        "ttl_minutes",
        "url",
        "validation_errors",
        "values",
    ),
    "interactive.action.parameters.flow_action_payload": ("options",),
    "interactive.action.parameters.order": (
        "catalog_id",
        "expiration",
        "importer_address",
        "importer_name",
        "notes",
        "order_type",
        "type",
    ),
    "interactive.action.parameters.order.items": (
        "country_of_origin",
        "image",
        "importer_address",
        "importer_name",
        "product_id",
    ),
    "interactive.action.parameters.order.shipping": ("discount_program_name",),
    "interactive.action.parameters.order.tax": (),
    "template": ("category", "message_send_ttl_seconds", "tap_target_configuration"),
    "template.components": ("cards", "text", "buttons", "format", "card_index"),
    "text": (),
    "typing_indicator": (),
}
# Objects whose properties Meta extends by country and feature: nothing in them is unknown for certain.
_OPEN = (
    "interactive.action.parameters.order",
    "interactive.action.parameters.total_amount",
    "template.components.parameters",
)
# The limits as the pages of the Cloud API give them, where the description has another or none.
_LENGTHS: Dict[str, Optional[int]] = {
    "interactive.body.text": None,  # depends on the type
    "interactive.action.parameters.flow_cta": None,  # advice only
    "text.body": 4096,
    "image.caption": 1024,
    "video.caption": 1024,
    "document.caption": 1024,
}
_COUNTS: Dict[str, Optional[int]] = {"contacts": None}

PROPERTIES: Dict[str, FrozenSet[str]] = {
    path: frozenset(names) | frozenset(_MORE.get(path, ()))
    for path, names in message_shapes.PROPERTIES.items()
    if not path.startswith(_OPEN)
}
LENGTHS: Dict[str, int] = {
    path: limit for path, limit in {**message_shapes.LENGTHS, **_LENGTHS}.items() if limit is not None
}
COUNTS: Dict[str, int] = {
    path: limit for path, limit in {**message_shapes.COUNTS, **_COUNTS}.items() if limit is not None
}
# The longest body of an interactive message: that of a list may be longer.
BODY_LENGTH = 1024
LIST_BODY_LENGTH = 4096
ROWS = 10

TYPES = frozenset(
    (
        "audio",
        "contacts",
        "document",
        "image",
        "interactive",
        "location",
        "reaction",
        "sticker",
        "template",
        "text",
        "video",
    )
)
MEDIA_TYPES = ("audio", "document", "image", "sticker", "video")
