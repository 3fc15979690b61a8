# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the purposes of a number that Meta allows and prohibits: dated rules with their sources, as data. Pure."""

from __future__ import annotations

from typing import Any, Mapping, Tuple

# Country calling codes of the European Economic Area but for Italy's 39, which is a rule of its own (ITU E.164).
_EEA = [
    *("30", "31", "32", "33", "34", "351", "352", "353", "354", "356", "357", "358", "359", "36", "370", "371", "372"),
    *("385", "386", "40", "420", "421", "423", "43", "45", "46", "47", "48", "49"),
]
_TERMS = (
    "Meta Terms for WhatsApp Business Platform, section 4.7 AI Providers, last modified 2026-09-23 (confidence medium "
    "to high: others read the page on 2026-10-10)"
)
_PROVIDERS = "Meta's page on AI providers of 2026-09-01 (high: others read the page)"
_ORDER = (
    "by interim measures of the European Commission of 2026-06-09 (AT.41034) on the terms from before 2025-10-15, "
    "until its final decision; Meta has said that it will appeal (medium: press)"
)

# Dates are YYYY-MM-DD. A rule without prohibited_since allows its purpose. An exemption turns the blocker into a
# warning only where ``lifts`` says so and it is in force.
DEFAULT: Tuple[Mapping[str, Any], ...] = (
    {
        "purpose": "customer_support",
        "meaning": "answers and help for customers, by people or automated; incidental use of AI is allowed",
    },
    {"purpose": "notifications", "meaning": "messages on orders, deliveries, appointments and the like"},
    {"purpose": "commerce", "meaning": "catalogue, orders and payments"},
    {"purpose": "authentication", "meaning": "one-time passcodes"},
    {"purpose": "marketing", "meaning": "offers to people who agreed to get them"},
    {"purpose": "internal", "meaning": "messages to the business's own people"},
    {
        "purpose": "general_purpose_assistant",
        "meaning": "an AI assistant for anything, as ChatGPT and Copilot were on WhatsApp, is what the number is for",
        "prohibited_since": "2026-01-15",
        "reason": "Meta's terms forbid it to providers of AI where the AI is the primary and not an incidental or "
        "ancillary function, as Meta decides at its sole discretion, but for businesses in the countries that Meta "
        "names. Customer support and other automation in which AI is incidental are not concerned",
        "users": [
            "ChatGPT: link the account before the date, so that the history is kept there",
            "Copilot: export the chats by hand before the date, there is no other way to keep them",
            "go on in the assistant's own apps (web, mobile, desktop)",
        ],
        "operators": [
            "tell the users the date and how they export their conversations",
            "move the assistant to an app of your own; what supports customers may stay on WhatsApp",
            "watch the status webhooks: pricing.category general_purpose_ai, like AI_BOT in the analytics, says that "
            "Meta takes the number for an AI provider's (confidence medium)",
            "automation needs a prompt way to a human (Messaging Policy of 2026-09-23, confidence medium)",
        ],
        "sources": [
            _TERMS,
            _PROVIDERS,
            "Terms changed in October 2025: 2025-10-15 (digitalpolicyalert 36368, European Commission), the end of "
            "October by another report",
            "In force since 2026-01-15 for what was there before (TechCrunch, theoutpost; OpenAI and Microsoft ended "
            "their services then)",
        ],
        "exemptions": [
            {
                "name": "Italy",
                "country_codes": ["39"],
                "since": "2026-02-16",
                "confidence": "high",
                "lifts": True,
                "message": "permitted for a fee per message since 2026-02-16, and free of charge since 2026-05-13; "
                + _ORDER,
                "source": "%s; Meta's changelog of 2026-01-28; Bloomberg, GCR, Houthoff" % _PROVIDERS,
            },
            {
                "name": "European Union and European Economic Area",
                "country_codes": _EEA,
                "since": "2026-03-11",
                "confidence": "high",
                "lifts": True,
                "message": "permitted for a fee per message since 2026-03-11, and free of charge since 2026-05-13; "
                + _ORDER,
                "source": "%s; Meta's changelog of 2026-01-28; Bloomberg, GCR, Houthoff" % _PROVIDERS,
            },
            {
                "name": "Brazil",
                "country_codes": ["55"],
                "since": "2026-03-11",
                "confidence": "high",
                "lifts": True,
                "message": "permitted for a fee per message since 2026-03-11, and no end of the fee is announced; "
                "CADE's tribunal kept its order on 2026-03-04 (medium: press)",
                "source": "%s; Meta's changelog of 2026-01-28" % _PROVIDERS,
            },
        ],
    },
    {"purpose": "other", "meaning": "none of these, and no assistant for anything"},
)
