# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What rules and requests both use of Meta's APIs: error codes, and bodies of requests. Imports nothing; no I/O."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Sequence

# Codes of the Graph API that a rule, an operation or several entries of the code tables name.
INVALID_PARAMETER = 100
INCORRECT_CERTIFICATE = 131045
MAINTENANCE = 131057  # such as the throughput upgrade of a number that just came from a multiconnect node
INCOMPLETE_DEREGISTRATION = 133000
PIN_MISMATCH = 133005
PIN_GUESSES = (133008, 133009)  # too many, and too fast
VERIFICATION_NEEDED = 133006
BACKUP_REFUSED = (133001, 133002, 133003)
NOT_REGISTERED = 133010
DELETED_RECENTLY = 133015
ATTEMPTS_USED_UP = 133016
REQUEST_CODE = 136024
VERIFY_CODE = 136025
# Subcodes of REQUEST_CODE, by public reports: the number's limit of codes, and two that waiting does not help.
CODES_USED_UP = 2388367
NO_CODE_EVER = (2388091, 2388093)
ADD_NUMBER = 200000
ALREADY_IN_WABA = 2388012  # a subcode of it and of INVALID_PARAMETER
# Of messages: too many of a number that recipients block or report, and too many to one recipient.
SPAM_LIMIT, PAIR_LIMIT = 131048, 131056
# Refusals of a message that are about its recipient, so that the next one may well be sent.
OF_RECIPIENT = (130472, 130497, 131021, 131026, 131030, 131049, 131050)
# The same of the On-Premises API.
ACCESS_DENIED = 1005
INTERNAL_ERROR = 1014
DATABASE_ERROR = 1023
FIRST_LOGIN = 1024

# What a refused register call means: for its own error, and for reports on the attempt log.
REFUSALS: Mapping[int, str] = {
    PIN_MISMATCH: "The PIN was wrong, and the On-Premises node may be down and disconnected from WhatsApp",
    VERIFICATION_NEEDED: "The number is not verified, or the backup was rejected, or wrong PINs have locked it",
}


def register_body(
    pin: str, backup: Optional[Mapping[str, object]] = None, data_localization_region: Optional[str] = None
) -> Dict[str, Any]:
    """Return the body of a register request (Meta's guide, step 3); the backup is passed on unmodified."""
    body: Dict[str, Any] = {"messaging_product": "whatsapp", "pin": pin}
    if backup is not None:
        body["backup"] = {"password": backup["password"], "data": backup["data"]}
    if data_localization_region:
        body["data_localization_region"] = data_localization_region
    return body


def template_message(to: str, name: str, language: str, parameters: Sequence[str] = ()) -> Dict[str, Any]:
    """Return the body that sends a template to the digits of a number (Meta's OpenAPI, TemplateMessage)."""
    template: Dict[str, Any] = {"name": name, "language": {"code": language}}
    if parameters:
        given = [{"type": "text", "text": text} for text in parameters]
        template["components"] = [{"type": "body", "parameters": given}]
    head = {"messaging_product": "whatsapp", "recipient_type": "individual"}
    return {**head, "to": to, "type": "template", "template": template}
