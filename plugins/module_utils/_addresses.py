# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an option that is an address may be; a rule raises ValueError with a reason, as those of ``_values`` do."""

from __future__ import annotations

import os
import re
from typing import Any, Mapping
from urllib.parse import urlsplit

from ._api.address import is_loopback

_VERSION = re.compile(r"v\d+(\.\d+)?\Z")


def kind(value: Any) -> str:
    """Return what sort of thing a value is, without showing it."""
    for kind, wording in (
        (bool, "true or false"),
        (int, "a number"),
        (float, "a number with a decimal point"),
        (str, "text"),
        (Mapping, "a dictionary"),
        ((list, tuple), "a list"),
    ):
        if isinstance(value, kind):
            return wording
    return "of another type (%s)" % type(value).__name__


def url_of(value: Any) -> str:
    """Return the address of an API without a slash at its end.

    http is let through for the machine's own addresses only, because every call carries a credential.
    """
    text = split_url(value)
    parts = urlsplit(text)
    if parts.query or "?" in text:
        raise ValueError("an address without a query (?...) is wanted")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("credentials go over https only (http is for loopback addresses)")
    tail = parts.path.rstrip("/").rsplit("/", 1)[-1]
    if _VERSION.match(tail):
        raise ValueError("an address without the version at its end (/%s) is wanted" % tail)
    return text.rstrip("/")


def callback_of(value: Any) -> str:
    """Return a webhook address: https, as Meta asks for, with host; path and query are the receiver's own."""
    text = split_url(value)
    if urlsplit(text).scheme != "https":
        raise ValueError("Meta delivers webhooks to https addresses only")
    return text


def endpoint_of(value: Any) -> str:
    """Return the address of a webhook endpoint that is to be tried: as callback_of, or this machine's own."""
    text = split_url(value)
    parts = urlsplit(text)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("Meta delivers webhooks to https addresses only (http is for loopback addresses)")
    return text


def destination_of(value: Any) -> str:
    """Return where copies go: a folder of the controller (absolute, or below ~), or an https address."""
    text = str(value) if isinstance(value, str) else ""
    if text.startswith(("/", "~")) and text.isprintable():
        return text
    if "://" not in text:
        raise ValueError("an absolute path on the controller or an https address is wanted")
    parts = urlsplit(split_url(text))
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("an https address is wanted (http is for loopback addresses)")
    return text


def echo_of(value: Any) -> str:
    """Return where the last events of numbers are reported: a file of the controller, or an address."""
    text = str(value).strip() if isinstance(value, str) else ""
    if "://" in text:
        return split_url(text)
    path = os.path.expanduser(os.path.expandvars(text))
    if not path.startswith("/") or not path.isprintable():
        raise ValueError("an absolute path on the controller, or an address (http or https), is wanted")
    if os.path.isdir(path):
        raise ValueError("this is a folder; name the file that the endpoint writes")
    folder = os.path.dirname(path)
    if "{" not in folder and not os.path.isdir(folder):
        raise ValueError("its folder is not there on this machine")
    return path


def split_url(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("expected an address, got %s" % kind(value))
    text = str(value)
    if not text.isprintable() or " " in text:
        raise ValueError("an address holds no white space and no control character")
    try:
        parts = urlsplit(text)
        # Both raise ValueError where the address holds nonsense.
        host = parts.hostname if parts.port is None or parts.port else None
    except ValueError:
        raise ValueError("this is not an address (https://host or https://host:port)") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("an address that begins with https:// and names a host is wanted")
    if "@" in parts.netloc:
        raise ValueError("an address without user name and password is wanted; they have options of their own")
    if parts.fragment:
        raise ValueError("an address without a fragment (#...) is wanted")
    return text
