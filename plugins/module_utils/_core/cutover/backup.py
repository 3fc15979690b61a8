# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the document of a stored backup, and when it may be sent. Pure; the caller passes the clock and the salt."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, Dict, List, Mapping, Optional

from ..._failure import Failure
from ..facts import phone_number
from ..facts.times import instant, utc

FORMAT = "wabiz.backup/1"
# The password also encrypts the data beside it, so a cost that an old node pays in some 10 ms is enough.
PASSWORD_COST: Mapping[str, int] = {"n": 2**12, "r": 8, "p": 1}
_AGAIN = "run wa_backup again (the playbook makes a fresh one by itself)"


def digest(data: str) -> str:
    """Return the SHA-256 of the backup data, byte for byte, as hexadecimal text."""
    return hashlib.sha256(_bytes(data)).hexdigest()


def _bytes(text: str) -> bytes:
    # JSON can hold half a surrogate pair, and so can a command line.
    return text.encode("utf-8", "surrogatepass")


def _stretch(password: str, salt: bytes, cost: Mapping[str, Any]) -> str:
    return hashlib.scrypt(
        _bytes(password), salt=salt, n=int(cost["n"]), r=int(cost["r"]), p=int(cost["p"]), dklen=32
    ).hex()


def document(
    number: str,
    data: str,
    client_version: str,
    password: str,
    now: float,
    salt: bytes,
    cost: Optional[Mapping[str, int]] = None,
) -> Dict[str, Any]:
    """Return the document that is stored: a header of facts, and the data exactly as the node gave it.

    ``cost`` (n, r and p of scrypt, by default PASSWORD_COST) is stored with the password check, so that a backup of any
    cost can be checked.
    """
    check: Dict[str, Any] = dict(cost or PASSWORD_COST, scheme="scrypt", salt=salt.hex())
    check["hash"] = _stretch(password, salt, check)
    return {
        "format": FORMAT,
        "number": phone_number.digits(number),
        "created_at": utc(now),
        "client_version": client_version,
        "digest": digest(data),
        "password_check": check,
        "data": data,
    }


def parse(text: Optional[str]) -> Optional[Dict[str, Any]]:
    """Return the document in ``text``, {} where it is not one, and None where there is no text."""
    try:
        found = json.loads(text) if text is not None else None
    except ValueError:
        return {}
    return found if isinstance(found, dict) or found is None else {}


def password_fits(doc: Mapping[str, Any], password: str) -> bool:
    """Tell whether the backup was made with ``password``; False also when the check itself cannot be read."""
    check = doc.get("password_check")
    if not isinstance(check, Mapping):
        return False
    try:
        wanted = _stretch(password, bytes.fromhex(str(check["salt"])), check)
    except (KeyError, TypeError, ValueError, OverflowError):
        return False
    return hmac.compare_digest(_bytes(wanted), _bytes(str(check.get("hash", ""))))


def age(doc: Mapping[str, Any], now: float) -> Optional[float]:
    """Return the age of the backup in seconds; None when its time cannot be read."""
    made = instant(doc.get("created_at"))
    return None if made is None else now - made


def faults(
    doc: Optional[Mapping[str, Any]], number: str, password: str, now: float, max_age: float, fits: str = ""
) -> List[Failure]:
    """Return every reason why a stored backup must not be used for ``number``; an empty list means that it may.

    ``fits`` is the digest of data that is known to fit the password: stretching it takes longer than all other checks.
    """
    if doc is None:
        return [Failure("no_backup", "There is no backup of the number", next_step=_AGAIN)]
    data = doc.get("data")
    if doc.get("format") != FORMAT or not isinstance(data, str) or not data:
        return [
            Failure(
                "bad_backup", "The backup file cannot be read", "It is not a %s document" % FORMAT, next_step=_AGAIN
            )
        ]
    found: List[Failure] = []
    if digest(data) != doc.get("digest"):
        found.append(Failure("altered_backup", "The backup data differs from its digest", next_step=_AGAIN))
    if not phone_number.same(str(doc.get("number", "")), number):
        found.append(
            Failure(
                "foreign_backup",
                "The backup belongs to another number",
                "It was made for %s" % doc.get("number"),
                next_step="check O(backup_file) and the inventory, then " + _AGAIN,
            )
        )
    if digest(data) != fits and not password_fits(doc, password):
        found.append(Failure("backup_password", "The backup was made with another password", next_step=_AGAIN))
    seconds_old = age(doc, now)
    if seconds_old is None or seconds_old > max_age or seconds_old < -300:
        reported = (
            "Its time cannot be read"
            if seconds_old is None
            else "It is %d s old, %d s are allowed" % (seconds_old, max_age)
        )
        found.append(Failure("stale_backup", "The backup is not fresh", reported, next_step=_AGAIN))
    return found
