# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one option may be: each rule takes a value as people write it, and returns it as the operations want it.

A rule raises ValueError with a reason that reads after "name: " and never repeats the value (it may be a secret).
"""

from __future__ import annotations

import math
import os
import re
import ssl
from functools import lru_cache
from typing import Any, Callable, Dict, List, Mapping
from urllib.parse import urlsplit

from ansible.module_utils.common.validation import check_type_bool, check_type_int

from ._addresses import kind, split_url
from ._api.address import is_loopback
from ._core.approval import waiver as waiver_rules
from ._core.conditions import change_freeze as change_freeze_rules
from ._core.conditions import window as window_rules
from ._core.facts.text_list import unpacked

HOUR = 3600.0
DAY = 24 * HOUR
WEEK = 7 * DAY
# Meta's IDs are 64-bit integers; the shortest that are seen in the field have far more digits than the lower bound.
_ID_DIGITS = (5, 20)
_PUNCTUATION = re.compile(r"[\s().\-]")
_GRAPH_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]{1,2}\Z")


def six_digits(value: Any, what: str, advice: str) -> str:
    """Return a PIN or a code as text, as it was written.

    ansible-core 2.19 hands an unsafe "123456" over as an integer, so an integer of six digits is taken as those digits.
    Any other number has already lost something (YAML reads 001234 as octal) and is refused.
    """
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError("a %s is six digits, but this is %s. %s" % (what, kind(value), advice))
    if isinstance(value, int) and not 100000 <= value <= 999999:
        raise ValueError(
            "a %s is six digits, but this arrived as a number that has not six: YAML reads digits that begin with 0 as"
            " another number (001234 as octal), so the intended %s is unknown. %s" % (what, what, advice)
        )
    return str(value)


def pin_of(value: Any) -> str:
    """Return a PIN as six ASCII digits."""
    advice = "Write the six digits in quotes, or hand them over in the environment variable WABIZ_PIN."
    text = six_digits(value, "PIN", advice)
    if not (len(text) == 6 and text.isascii() and text.isdigit()):
        raise ValueError("a PIN is exactly six digits 0-9, without spaces. " + advice)
    return text


def id_of(value: Any) -> str:
    """Return an id of Meta's (phone number, WABA, app) as a string of digits; an integer is taken as its digits."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError("an id is a string of digits, but this is %s. Write it in quotes." % kind(value))
    text = "%d" % value if isinstance(value, int) else str(value)
    if not (text.isascii() and text.isdigit()):
        raise ValueError("an id is made of digits only (a phone number id is not the phone number itself)")
    if text.startswith("0"):
        raise ValueError("an id does not begin with 0. Copy it from WhatsApp Manager and write it in quotes.")
    if not _ID_DIGITS[0] <= len(text) <= _ID_DIGITS[1]:
        raise ValueError(
            "an id has {} to {} digits. Copy it from WhatsApp Manager and write it in quotes.".format(*_ID_DIGITS)
        )
    return text


def phone_number_of(value: Any) -> str:
    """Return a phone number as its digits with country code; spaces, hyphens, dots, parentheses and + are left out."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError("a phone number is digits, but this is %s. Write it in quotes." % kind(value))
    text = "%d" % value if isinstance(value, int) else str(value)
    digits = _PUNCTUATION.sub("", text)
    digits = digits[1:] if digits.startswith("+") else digits
    if not (digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 15):
        raise ValueError("a phone number is 7 to 15 digits with the country code, for example +1 631 555 1019")
    return digits


def freeze_of(value: Any) -> str:
    """Return what says that changes are frozen: a file of the controller, an address, or a reason stated outright."""
    text = text_of(value).strip()
    if text.startswith(("/", change_freeze_rules.STATED, change_freeze_rules.PAUSED)):
        return text
    if "://" not in text:
        raise ValueError(
            "an absolute path on the controller, an https address, or frozen: or paused: with a reason is wanted"
        )
    parts = urlsplit(split_url(text))
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("an https address is wanted (http is for loopback addresses)")
    return text


def window_of(value: Any) -> List[Any]:
    """Return change windows as they were written, or as the controller has put them into time."""
    value = unpacked(value)
    if not window_rules.is_data(value):
        errors = window_rules.read(value)[1]
        if errors:
            raise ValueError("; ".join(errors))
    return [mapping(entry) for entry in value]


def version_of(value: Any) -> str:
    """Return a Graph API version such as v25.0."""
    if not isinstance(value, str) or not _GRAPH_VERSION.match(value):
        raise ValueError("a Graph API version is written like v25.0, with the v and in quotes")
    return str(value)


def token_of(value: Any) -> str:
    """Return a bearer token; white space or a control character would break the header that carries it."""
    text = secret_of(value)
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("a token holds no white space, line break or non-ASCII character: was it copied whole?")
    return text


def header_of(value: Any) -> str:
    """Return one HTTP header, ``Name: value``; its value is a secret and is not shown."""
    text = secret_of(value)
    name, colon, rest = text.partition(":")
    if not colon or not re.match(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z", name) or not rest.strip():
        raise ValueError('a header is wanted, such as "Authorization: Bearer ..."')
    if not text.isascii() or rest.strip() != " ".join(rest.split()):
        raise ValueError("a header holds single blanks and ASCII characters only")
    return text


def secret_of(value: Any) -> str:
    """Return a password as it was written. A number is refused: 0042 or 1e5 lost their form before they got here."""
    if not isinstance(value, str):
        raise ValueError(
            "it arrived as %s, so the characters that you wrote are unknown. Write it in quotes, or hand it over"
            " in the environment." % kind(value)
        )
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in value):
        raise ValueError(
            "it holds a line break or another control character. Write it without (echo -n ... | ansible-vault"
            " encrypt_string; lookup('file', ...) takes it off too)."
        )
    return str(value)


def username_of(value: Any) -> str:
    """Return the name of an On-Premises account; a colon ends the name in HTTP Basic authentication."""
    text = text_of(value)
    if ":" in text or not text.isprintable():
        raise ValueError("a user name holds no colon and no control character")
    return text


def absolute_path_of(value: Any) -> str:
    """Return a path on the inventory host; a relative one or ~ would mean another place for each machine and user."""
    text = text_of(value)
    if not text.startswith("/") or "\0" in text:
        raise ValueError("an absolute path on the inventory host is wanted (one that begins with /)")
    return text


def text_of(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return "%d" % value
    raise ValueError("expected text, got %s. Write it in quotes." % kind(value))


def bool_of(value: Any) -> bool:
    """Return a truth value; the words that Ansible takes for one count."""
    try:
        return bool(check_type_bool(value))
    except (TypeError, ValueError):
        raise ValueError("expected true or false, got %s" % shown(value)) from None


def whole(least: int, most: int) -> Callable[[Any], int]:
    """Return the rule of an integer between two bounds, which are allowed themselves."""

    def rule(value: Any) -> int:
        try:
            if isinstance(value, (bool, float)):
                raise TypeError
            number = int(check_type_int(value))
        except (TypeError, ValueError, OverflowError):  # the last one for "inf"
            raise ValueError("expected an integer, got %s" % shown(value)) from None
        _bounded(number, least, most, "", value)
        return number

    return rule


def seconds(least: float, most: float) -> Callable[[Any], float]:
    """Return the rule of a time in seconds between two bounds, which are allowed themselves."""
    return figure(least, most, "seconds")


def figure(least: float, most: float, unit: str = "") -> Callable[[Any], float]:
    """Return the rule of a finite number between two bounds, which are allowed themselves."""

    def rule(value: Any) -> float:
        number = _finite(value, "a number of %s" % unit if unit else "a number")
        _bounded(number, least, most, unit, value)
        return number

    return rule


def _bounded(number: float, least: float, most: float, unit: str, value: Any) -> None:
    if not least <= number <= most:
        bounds = "%s to %s%s" % (_short(least), _short(most), " " + unit if unit else "")
        raise ValueError("must be %s, got %s" % (bounds, shown(value)))


def _short(number: float) -> str:
    return "%d" % number if number == int(number) else "%g" % number


@lru_cache(maxsize=None)
def _ca_error(path: str, _size: int, _changed: int) -> str:
    """Return why a file holds no CA certificate, "" where it does; size and time tell one content from another."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except PermissionError:
        return "the user of this task may not read it"
    except (OSError, ValueError):  # ssl.SSLError is an OSError
        return "it holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"
    return ""


def check_ca_file(path: str) -> None:
    """Raise ValueError where a path of this machine names no file with CA certificates."""
    try:
        found = os.stat(path)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a path"
        raise ValueError("%s cannot be used: %s" % (shown(path), why)) from None
    if os.path.isdir(path):
        raise ValueError("%s is a directory; name the file with the CA certificate" % shown(path))
    if not os.path.isfile(path):
        raise ValueError("%s is not a regular file" % shown(path))
    reason = _ca_error(path, found.st_size, found.st_mtime_ns)
    if reason:
        raise ValueError("%s cannot be used: %s" % (shown(path), reason))


def ca_file_of(value: Any) -> str:
    """Return the path of a file of this machine with CA certificates; ``~`` and variables are expanded."""
    path = os.path.expanduser(os.path.expandvars(text_of(value)))
    check_ca_file(path)
    return path


def list_of_text(value: Any) -> List[str]:
    """Return a list of texts; one text is split at its commas, because a survey has no lists."""
    value = unpacked(value)
    entries = value.split(",") if isinstance(value, str) else value
    if not isinstance(entries, (list, tuple)):
        raise ValueError("expected a list, got %s" % kind(value))
    found = [text_of(entry).strip() for entry in entries]
    if not all(found):
        raise ValueError("an entry of the list is empty")
    return found


def pattern_of(value: Any) -> str:
    """Return a host pattern as Ansible takes it; a list of them is one pattern too."""
    return ",".join(list_of_text(value))


def list_of_mappings(value: Any) -> List[Any]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(entry, Mapping) for entry in value):
        raise ValueError("expected a list of dictionaries, got %s" % kind(value))
    return list(value)


def mapping(value: Any) -> Dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError("expected a mapping, got %s" % kind(value))
    return {str(name): plain(entry) for name, entry in value.items()}


def anything(value: Any) -> Any:
    return value


def plan_of(value: Any) -> Any:
    if isinstance(value, str):
        return str(value).strip()
    if isinstance(value, Mapping):
        return dict(value)
    raise ValueError(
        "expected the path of a plan file, a digest (p... or f...) or a mapping of digests, got %s" % kind(value)
    )


def waivers_of(value: Any) -> Any:
    """Return waivers with dates as text: YAML makes objects of them, which no module of a host could be handed."""
    errors = waiver_rules.read(value)[1]
    if errors:
        raise ValueError("; ".join(errors))
    if not isinstance(value, (list, tuple)):
        return value
    return [
        {str(key): entry.isoformat() if hasattr(entry, "isoformat") else plain(entry) for key, entry in row.items()}
        if isinstance(row, Mapping)
        else row
        for row in value
    ]


def plain(value: Any) -> Any:
    """Return a vaulted value as text: ansible-core 2.18 hands over an object that decrypts when turned into text."""
    return str(value) if getattr(value, "__ENCRYPTED__", False) else value


def _finite(value: Any, wanted: str) -> float:
    try:
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise TypeError
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("expected %s, got %s" % (wanted, shown(value)))
    return number


def shown(value: Any) -> str:
    """Return a value that is no secret, short enough for a message."""
    text = repr(str(value)) if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
