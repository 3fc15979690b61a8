# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the options of a notice and of the way out may be."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List

from . import _values
from ._addresses import kind
from ._core.facts.text_list import unpacked

_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?\Z")
_TEMPLATE = re.compile(r"[a-z0-9_]{1,512}\Z")
_CONFIRM = re.compile(r"n[0-9a-f]{12}\Z")


def template_of(value: Any) -> str:
    """Return the name of a template."""
    if not isinstance(value, str) or not _TEMPLATE.match(value):
        raise ValueError("the name of a template is made of small letters, digits and _")
    return str(value)


def template_language_of(value: Any) -> str:
    """Return the language of a template as Meta writes it: en, en_US."""
    if not isinstance(value, str) or not _LANGUAGE.match(value):
        raise ValueError("the language of a template is written like en or en_US, as WhatsApp Manager shows it")
    return str(value)


def parameters_of(value: Any) -> List[str]:
    """Return the texts of a body in their order; one text is one parameter, whatever commas it has."""
    value = unpacked(value)
    entries = [value] if isinstance(value, (str, int)) and not isinstance(value, bool) else value
    if not isinstance(entries, (list, tuple)):
        raise ValueError("expected a list, got %s" % kind(value))
    found = [_values.text_of(entry).strip() for entry in entries]
    if not all(found):
        raise ValueError("an entry of the list is empty, and Meta takes no empty parameter")
    if any(sign in text for text in found for sign in "\n\r\t") or any("     " in text for text in found):
        raise ValueError("Meta takes no line break, no tab and no more than four blanks in a row in a parameter")
    return found


def confirm_of(value: Any) -> str:
    """Return the confirmation of a dry run."""
    if not isinstance(value, str) or not _CONFIRM.match(value):
        raise ValueError("a confirmation is n and twelve digits or letters a-f, as the run in check mode has shown it")
    return str(value)


RULES: Dict[str, Callable[[Any], Any]] = {
    "template": template_of,
    "template_language": template_language_of,
    "parameters": parameters_of,
    "confirm": confirm_of,
    # The throughput of a number is 80 messages a second.
    "per_minute": _values.figure(0.1, 4800),
    "at_most": _values.whole(0, 1000000),
    "last_number": _values.id_of,
    "confirm_number": _values.phone_number_of,
    "required_parts": _values.list_of_text,
}
