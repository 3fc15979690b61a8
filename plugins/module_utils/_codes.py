# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a one-time code and its language may be, and the file that hands codes in. No reason repeats a code."""

from __future__ import annotations

import re
from typing import Any

from ._values import six_digits

_SIX = re.compile(r"([0-9]{3})[- ]?([0-9]{3})\Z")
_LOCALE = re.compile(r"([a-z]{2})_[A-Z]{2}\Z")
# The languages of Meta's list "Supported languages" that two letters name. Meta's sources disagree on the form of the
# parameter; xx_XX is the one that all of them accept.
_LANGUAGES = (
    "af sq ar az be bn bg ca zh hr cs da nl en et fi fr ka de el gu ha he hi hu id ga it ja kn kk rw ko ky lo lv lt "
    "mk ms ml mr nb ps fa pl pt pa ro ru sr si sk sl es sw sv ta te th tr uk ur uz vi zu"
)
_QUOTES = 'Write it in quotes, as it was sent: "123-456", "123 456" or "001234".'


def code_of(value: Any) -> str:
    """Return a one-time code as six ASCII digits, as Meta wants them; it is sent as 123-456."""
    text = six_digits(value, "code", _QUOTES)
    match = _SIX.match(text.strip()) if text.isascii() else None
    if match is None:
        raise ValueError("a code is exactly six digits 0-9, with one hyphen or blank in the middle at most. " + _QUOTES)
    return match.group(1) + match.group(2)


def language_of(value: Any) -> str:
    """Return the language of a code as Meta takes it, such as en_US."""
    match = _LOCALE.match(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError("a language is written like en_US or pt_BR: two small letters, _ and two capitals")
    name = match.group(1)
    if name not in _LANGUAGES.split():
        raise ValueError('Meta does not know the language %s (its page "Supported languages" lists them)' % name)
    return str(value)
