# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: which blockers are waived, by whom, why and until when; most cannot be waived. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ..._failure import Failure
from ..facts.text_list import unpacked
from ..findings.finding import BLOCKER
from . import approval_findings, catalogue

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_KEYS = ("id", "who", "why", "until", "numbers")
FAR = 90 * 86400.0
NEAR = 72 * 3600.0


class Waiver(NamedTuple):
    """One waiver: ``end`` is UTC in seconds since the epoch, no ``numbers`` means all of them."""

    id: str
    who: str
    why: str
    until: str
    end: float
    numbers: Tuple[str, ...]

    def covers(self, phone_number_id: str) -> bool:
        return not self.numbers or phone_number_id in self.numbers

    def as_dict(self) -> Dict[str, str]:
        return {"who": self.who, "why": self.why, "until": self.until}


def read(value: Any) -> Tuple[List[Waiver], List[str]]:
    """Return the waivers of a list of mappings (or of its JSON text), and all of its errors.

    A date counts to its end, a time without a zone is UTC. A waiver that has ended is not an error: it does not count.
    """
    value = unpacked(value)
    if value in (None, ""):
        return [], []
    if not isinstance(value, (list, tuple)):
        return [], ["expected a list of waivers, each with id, who, why and until"]
    found: List[Waiver] = []
    faults: List[str] = []
    for at, raw in enumerate(value, 1):
        if not isinstance(raw, Mapping):
            faults.append("waiver %d: expected a mapping with id, who, why and until" % at)
            continue
        label = "waiver %d (%s)" % (at, _text(raw.get("id")) or "without id")
        wrong = ["there is no key %s" % key for key in raw if key not in _KEYS]
        wrong += ["%s is missing" % key for key in _KEYS[:4] if _text(raw.get(key)) == ""]
        wrong += _id_faults(_text(raw.get("id")))
        end: Optional[float] = None
        if _text(raw.get("until")):
            end = _end(raw["until"])
            if end is None:
                wrong.append("until must be a date (2026-12-31) or a time (2026-12-31T18:00Z)")
        numbers = _numbers(raw.get("numbers"))
        if numbers is None:
            wrong.append("numbers must be a list of phone number IDs in quotes")
        faults += ["%s: %s" % (label, text) for text in wrong]
        if not wrong and end is not None and numbers is not None:
            texts = [" ".join(_text(raw[key]).split()) for key in ("id", "who", "why")]
            found.append(Waiver(texts[0], texts[1], texts[2], _text(raw["until"]), end, numbers))
    return found, faults


def _id_faults(name: str) -> List[str]:
    if not name:
        return []
    entry = catalogue.BY_ID.get(name)
    if entry is None:
        return ["there is no finding with this id"]
    if entry.severity != BLOCKER:
        return ["this finding is not a blocker, so there is nothing to waive"]
    return [] if entry.waivable else ["this blocker cannot be waived; fix its cause"]


def apply(
    findings: Sequence[Mapping[str, Any]], waivers: Sequence[Waiver], phone_number_id: str, now: float
) -> List[Dict[str, Any]]:
    """Return the findings of a number, each blocker with ``waived`` where a waiver is in force.

    Where the waiver has ended the finding says so. Findings on the waivers themselves follow.
    """
    found: List[Dict[str, Any]] = []
    number = str(findings[0]["number"]) if findings else phone_number_id
    used: List[Waiver] = []
    for row in findings:
        waiver = _latest(waivers, str(row["id"]), phone_number_id) if row["severity"] == BLOCKER else None
        if waiver is None:
            found.append(dict(row))
        elif waiver.end > now:
            found.append({**row, "waived": waiver.as_dict()})
            used.append(waiver)
        else:
            ended = "%s. Its waiver (%s: %s) ended on %s" % (
                str(row["seen"]).rstrip("."),
                waiver.who,
                waiver.why.rstrip("."),
                waiver.until,
            )
            found.append({**row, "seen": ended})
    seen = {str(row["id"]) for row in findings}
    reported = [failure for waiver in dict.fromkeys(used) for failure in _of_the_end(waiver, now)]
    reported += [
        _unused(waiver, now) for waiver in waivers if phone_number_id in waiver.numbers and waiver.id not in seen
    ]
    return found + [catalogue.finding(failure, number) for failure in reported]


def _unused(waiver: Waiver, now: float) -> Failure:
    state = "is not needed" if waiver.end > now else "ended on %s" % waiver.until
    return approval_findings.WAIVER_UNUSED.failure("The waiver of %s by %s %s" % (waiver.id, waiver.who, state))


def _of_the_end(waiver: Waiver, now: float) -> List[Failure]:
    until = "The waiver of %s by %s lasts until %s" % (waiver.id, waiver.who, waiver.until)
    if waiver.end - now > FAR:
        return [approval_findings.WAIVER_FAR.failure(until)]
    return [approval_findings.WAIVER_ENDS.failure(until)] if waiver.end - now < NEAR else []


def left_over(
    failures: Sequence[Failure], waivers: Sequence[Waiver], phone_number_id: str, now: float
) -> Tuple[List[Failure], List[Dict[str, str]]]:
    """Return the gate's blockers that are not waived, and the waivers that apply to the others.

    A failure that is not in the catalogue, or not waivable, stays.
    """
    left: List[Failure] = []
    used: List[Dict[str, str]] = []
    for failure in failures:
        entry = catalogue.CATALOGUE.get(str(failure.code))
        waiver = _latest(waivers, entry.id, phone_number_id) if entry is not None else None
        if entry is None or waiver is None or not entry.waivable or waiver.end <= now:
            left.append(failure)
        else:
            used.append({"id": entry.id, **waiver.as_dict()})
    return left, used


def lapsed(
    findings: Sequence[Mapping[str, Any]], waivers: Sequence[Waiver], phone_number_id: str, now: float
) -> List[Failure]:
    """Return the blockers of a preflight that are not waived at ``now``: a waiver may have ended since."""
    found: List[Failure] = []
    for row in findings:
        if row.get("severity") != BLOCKER:
            continue
        waiver = _latest(waivers, str(row.get("id")), phone_number_id)
        if waiver is not None and waiver.end > now:
            continue
        past = "" if waiver is None else "Its waiver (%s: %s) ended on %s" % (waiver.who, waiver.why, waiver.until)
        found.append(
            Failure(
                "not_waived",
                "%s is not waived%s" % (row.get("id"), "" if waiver is None else " any more"),
                ". ".join(part.rstrip(".") for part in (str(row.get("seen") or ""), past) if part),
                next_step="fix its cause, or have the waiver in O(waivers) extended, then run the same command again",
            )
        )
    return found


def _latest(waivers: Sequence[Waiver], name: str, phone_number_id: str) -> Optional[Waiver]:
    """Return the waiver of a finding that lasts longest."""
    fitting = [waiver for waiver in waivers if waiver.id == name and waiver.covers(phone_number_id)]
    return max(fitting, key=lambda waiver: waiver.end) if fitting else None


def _text(value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value).strip() if isinstance(value, str) else "" if value is None else str(value)


def _end(value: Any) -> Optional[float]:
    """Return when a date or a time is over, in UTC seconds; None where it is neither."""
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        return _day_after(value)
    elif isinstance(value, str):
        text = value.strip()
        try:
            return _day_after(date(*[int(part) for part in text.split("-")])) if len(text) == 10 else _moment(text)
        except (TypeError, ValueError, OverflowError):
            return None
    else:
        return None
    return _seconds(moment)


def _moment(text: str) -> float:
    # Python 3.8 does not read Z.
    return _seconds(datetime.fromisoformat(text[:-1] + "+00:00" if text[-1:] in ("Z", "z") else text))


def _seconds(moment: datetime) -> float:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=timezone.utc)
    return (aware - _EPOCH).total_seconds()


def _day_after(day: date) -> float:
    return (day - _EPOCH.date() + timedelta(days=1)).total_seconds()


def _numbers(value: Any) -> Optional[Tuple[str, ...]]:
    if value is None:
        return ()
    entries = (
        [str(entry) for entry in value if isinstance(entry, (str, int))] if isinstance(value, (list, tuple)) else []
    )
    if not entries or len(entries) != len(value) or not all(entry.isascii() and entry.isdigit() for entry in entries):
        return None
    return tuple(entries)
