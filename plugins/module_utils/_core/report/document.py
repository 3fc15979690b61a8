# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the document of a report, from which every file of it is made, and one document for several runs. Pure."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence

from ..approval.catalogue import BY_ID
from ..cutover.situation import NOTHING
from ..events import event as kinds
from ..facts.times import instant, utc
from ..findings.finding import SEVERITIES
from ..fleet import table
from . import answers, causes, history, numbers, redaction, tickets

SCHEMA = "wabiz.report/1"
DRY_RUN = "DRY RUN"
# What the entries of one number in several runs are joined by: each once, in the order of their times.
_JOINED = {"spans": "from", "attempts": "at"}


Wording = Callable[[Any], Any]


def as_it_is(value: Any) -> Any:
    """Return a value with the names of options that it has."""
    return value


class Run(NamedTuple):
    """What a report says of the run itself.

    ``phase`` is preflight, migrate, recover, retire, rollback or report. ``made_at`` is UTC in seconds. ``command`` are
    the words that start the same playbook again, without its limit, ``recover_command`` those of the playbook recover,
    and ``stopped`` is why no further number moves.
    """

    id: str
    title: str
    phase: str
    check_mode: bool
    made_at: float
    stopped: str = ""
    command: str = ""
    recover_command: str = ""
    damaged: int = 0


def build(
    run: Run,
    entries: Iterable[Mapping[str, Any]],
    events: Iterable[history.Event],
    meanings: causes.Meanings,
    wording: Wording = as_it_is,
) -> Dict[str, Any]:
    """Return the document of one run; ``entries`` are those of the rule for numbers, without secrets after this.

    Each entry is taken once, so that a generator keeps the memory of a large fleet small. ``wording`` writes the names
    of options as their user knows them.
    """
    times = [(event["event"], event["at"]) for event in events if not event["host"]]
    started = [at for kind, at in times if kind == kinds.RUN_STARTED]
    ended = [at for kind, at in times if kind == kinds.RUN_ENDED]
    facts = {
        "id": run.id,
        "ids": [run.id],
        "phase": run.phase,
        "check_mode": run.check_mode,
        "started_at": started[0] if started else (times[0][1] if times else None),
        "ended_at": ended[-1] if ended else None,
        "stopped": run.stopped,
        "command": run.command,
        "recover_command": run.recover_command,
        "damaged_events": run.damaged,
    }
    return _finished(run.title, facts, run.made_at, entries, meanings, wording)


def _finished(
    title: str,
    run: Mapping[str, Any],
    made_at: float,
    entries: Iterable[Mapping[str, Any]],
    meanings: causes.Meanings,
    wording: Wording,
) -> Dict[str, Any]:
    known: List[Dict[str, Any]] = [dict(wording(redaction.clean(numbers.judged(entry)))) for entry in entries]
    for entry in known:
        entry["causes"] = causes.keys(entry, meanings)
        action = entry.get("action") or {}
        needs = entry["group"] == numbers.NEEDS_YOU or numbers.goes_on(entry)
        start = str(run["recover_command" if numbers.RECOVER in entry["next_step"] else "command"])
        words = command(start, entry["host"]) if needs and start else ""
        words = " ".join(part for part in (words, action.get("arguments")) if words and part)
        # In a report of several runs it is that of the number's own run.
        entry["next_command"] = str(entry.get("next_command") or words) if needs else ""
    why = wording(causes.of(known, meanings))
    states: Dict[str, int] = {}
    for entry in known:
        states[entry["state"]] = states.get(entry["state"], 0) + 1
    return {
        "schema": SCHEMA,
        "title": title,
        "made_at": utc(made_at),
        "run": dict(wording(redaction.clean(run))),
        "answers": wording(answers.of(known, why, str(run["stopped"]), bool(run["check_mode"]))),
        "states": states,
        "timeline": _bounds(known),
        "causes": why,
        "findings": wording(_kinds(known)),
        "tickets": tickets.of(why, known),
        "numbers": known,
    }


def _kinds(entries: Iterable[Mapping[str, Any]]) -> List[Dict[str, Any]]:
    """Return each kind of finding that a number has, with its meaning and how many numbers have it."""
    counts: Dict[str, int] = {}
    severities: Dict[str, str] = {}
    for entry in entries:
        found = {str(one["id"]): str(one["severity"]) for one in entry["findings"]}
        found.update({one["finding"]: one["severity"] for one in entry["changes"] if one["finding"]})
        severities.update(found)
        for name in found:
            counts[name] = counts.get(name, 0) + 1
    listed = []
    for name in sorted(counts, key=lambda one: (SEVERITIES.index(severities[one]), one)):
        kind = BY_ID.get(name)
        texts = (
            {"title": kind.title, "why": kind.why, "fix": kind.fix} if kind else {"title": name, "why": "", "fix": ""}
        )
        listed.append({"id": name, "severity": severities[name], "numbers": counts[name], **texts})
    return listed


def command(words: str, host: str) -> str:
    """Return the command that starts the playbook for one host; ``host`` is quoted as a shell needs it."""
    plain = host.replace("-", "").replace("_", "").replace(".", "").isalnum() and host.isascii()
    return "%s -l %s" % (words, host if plain else "'%s'" % host.replace("'", "'\"'\"'"))


def _bounds(entries: Iterable[Mapping[str, Any]]) -> Dict[str, Any]:
    """Return the first and the last moment of all spans, None where there is none."""
    found = [span[name] for entry in entries for span in entry["spans"] for name in ("from", "until") if span[name]]
    known = sorted((instant(at) or 0.0, at) for at in found)
    return {"from": known[0][1] if known else None, "until": known[-1][1] if known else None}


def is_document(value: Any) -> bool:
    """Tell whether a value read from a file is a document of this version."""
    return (
        isinstance(value, dict)
        and value.get("schema") == SCHEMA
        and isinstance(value.get("numbers"), list)
        and isinstance(value.get("run"), dict)
        and instant(value.get("made_at")) is not None
    )


def together(
    documents: Sequence[Mapping[str, Any]],
    title: str,
    run: Run,
    meanings: causes.Meanings,
    fresh: Optional[Mapping[str, Mapping[str, Any]]] = None,
    wording: Wording = as_it_is,
) -> Dict[str, Any]:
    """Return one document of several: each number once, with what the latest of them says, and every span and attempt.

    ``fresh`` are entries by phone number ID (or host, where that is unknown) that were read from the hosts just now:
    they add numbers, attempts and spans, and correct an outcome that no run has seen.
    """
    found: Dict[str, Dict[str, Any]] = {}
    ids: List[str] = []
    ordered = sorted(documents, key=lambda document: instant(document["made_at"]) or 0.0)
    for document in ordered:
        ids += [one for one in document["run"].get("ids") or [] if one not in ids]
        for entry in document["numbers"]:
            key = key_of(entry)
            found[key] = _joined(found[key], entry) if key in found else dict(entry)
    for key, entry in (fresh or {}).items():
        found[key] = _with_state(found[key], entry) if key in found else dict(entry)
    begun = [document["run"].get("started_at") for document in ordered if document["run"].get("started_at")]
    facts = {
        "id": run.id,
        "ids": ids,
        "phase": run.phase,
        # A number that only dry runs have seen has not moved, so the whole is one only if all of it is.
        "check_mode": bool(ordered) and all(bool(document["run"].get("check_mode")) for document in ordered),
        "started_at": min(begun, key=lambda at: instant(at) or 0.0) if begun else None,
        "ended_at": None,
        "stopped": str(ordered[-1]["run"].get("stopped") or "") if ordered else "",
        "command": run.command,
        "recover_command": run.recover_command,
        "damaged_events": run.damaged,
    }
    return _finished(title, facts, run.made_at, found.values(), meanings, wording)


def key_of(entry: Mapping[str, Any]) -> str:
    """Return what a number is recognized by in several runs: its phone number ID, else its host."""
    return str(entry.get("phone_number_id") or entry["host"])


def _joined(older: Mapping[str, Any], newer: Mapping[str, Any]) -> Dict[str, Any]:
    result = {**newer, **{name: _once(older[name], newer[name], at) for name, at in _JOINED.items()}}
    rested = newer["state"] in (table.UNCHANGED, table.NOT_STARTED, table.WAITING)
    action = newer.get("action") or {}
    if older["state"] == table.MOVED and (rested or (action.get("step") == NOTHING and not action["done"])):
        # A later run has found it moved already: what the run says that moved it is what became of it.
        result.update({name: older[name] for name in ("state", "text", "plan", "requests", "wave", "action")})
    same = ("text", "failure", "next_step", "location") if older["state"] == newer["state"] else ()
    result["log"] = max(older["log"], newer["log"], key=lambda log: int(log["entries"]))
    for name in ("interruption", "health", "changes", "findings", "plan", "requests", "compared", *same):
        result[name] = result[name] or older[name]
    return result


def _with_state(entry: Mapping[str, Any], state: Mapping[str, Any]) -> Dict[str, Any]:
    result = {**entry, **{name: _once(entry[name], state[name], at) for name, at in _JOINED.items()}}
    for name in ("attempts_left", "changes", "interruption"):
        result[name] = result[name] or state[name]
    # What the host says now is what is verified; without an answer the last report's head stays.
    result["log"] = state["log"] if state["log"]["entries"] or state["log"]["faults"] else entry["log"]
    unseen = entry["state"] in (table.NOT_STARTED, table.WAITING, table.UNKNOWN, table.READY)
    if state["attempts"] and unseen and state["state"] in (table.MOVED, table.UNKNOWN):
        result.update({name: state[name] for name in ("state", "location", "text", "interruption")})
    return result


def _once(older: Sequence[Any], newer: Sequence[Any], at: str) -> List[Any]:
    seen: Dict[str, Any] = {}
    for one in [*older, *newer]:
        # A span that had no end yet is the same one when it has.
        mark = json.dumps([one.get("kind"), one.get("name"), one.get("run"), one.get(at)])
        if mark not in seen or one.get("until") or one.get("ended"):
            seen[mark] = one
    return sorted(seen.values(), key=lambda one: instant(one.get(at)) or 0.0)


def dump(document: Mapping[str, Any]) -> str:
    """Return a document as the text of its file."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
