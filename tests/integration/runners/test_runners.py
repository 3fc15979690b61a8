# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both runners: every case of the table through each, the same result, the same requests, the same files."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import sent as sent_rules
from ansible_collections.wabiz.migration.tests.integration.runners import case, cases, recording
from ansible_collections.wabiz.migration.tests.integration.runners.recording import Recording, Variant

Record = Callable[[str], Recording]
RUNS = ("worker", "module", "shipped")
NAMES = [one.name for one in cases.CASES]
BY_NAME = {one.name: one for one in cases.CASES}
# These have no diff.
READING = (
    *("wa_echo", "wa_health", "wa_recover", "wa_traffic"),
    *(name for name in case.BASE if name.endswith("_info")),
)
# What differs from call to call, whichever the runner; a module that returns a path gets the file's facts from Ansible.
FILE_FACTS = {"uid", "gid", "owner", "group", "mode", "size", "state", "secontext"}
VOLATILE = FILE_FACTS | {
    "exception",
    "age",
    "created_at",
    "digest",
    "fbtrace_id",
    "attempted_at",
    "confirmed_after",
    "digests",  # of entries that hold times
    "invocation",
    "path",
    "attempt_log",
    "waits",
    "taken_at",
    "asked_at",
    "run",
    "rates",
    # The text of the metrics, and what the controller alone reads out of it.
    "metrics_text",
    "metrics",
    "web_pending_connections",
    # of a notice and an export: they hold the ID of the number
    "confirm",
    "files",
    "manifest.json",
    "number.json",
    "waba.json",
}


def dig(result: Mapping[str, Any], key: str) -> Any:
    if key == "blockers":
        return sorted(found["id"] for found in result["findings"] if found["severity"] == "blocker")
    if key == "lost":
        return sorted(found["id"] for found in result["differences"] if found["severity"] == "blocker")
    if key == "ids":
        return sorted(found["id"] for found in result["differences"])
    value: Any = result
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def check(variant: Variant, recorded: Recording) -> None:
    for at, step in enumerate(variant.case.steps):
        result = recorded.result(variant, at)
        reported = {key: value for key, value in result.items() if key != "invocation"}
        shown = f"{variant.host} step {at} {step.module_name}: {json.dumps(reported)}"
        for key, wanted in step.want.items():
            value = dig(result, key)
            if isinstance(wanted, type):
                assert isinstance(value, wanted) and value, f"{key} in {shown}"
            else:
                meant = wanted.format_map(variant.known) if isinstance(wanted, str) else wanted
                assert value == meant, f"{key} is {value!r}, not {meant!r} in {shown}"
        for piece in step.message:
            assert piece in result["msg"], f"{piece!r} in {shown}"
        if result.get("failed"):
            assert set(result["failure"]) == {"code", "title", "details", "fbtrace_id", "safe_to_rerun", "next_step"}, (
                shown
            )
            assert result["failure"]["next_step"], shown
            assert isinstance(result["failure"]["safe_to_rerun"], bool), shown
            if result["failure"]["code"] != "bad_input":
                assert set(result["sent"]) <= {words_of(line) for line in recorded.requests(variant)}, shown
                assert sent_rules.of(result["msg"]), shown
        elif not result.get("waiting") and step.module_name not in READING:
            assert {"before", "after"} <= set(result.get("diff") or {}), shown
            assert (result["diff"]["before"] != result["diff"]["after"]) >= result["changed"], shown
    changes = tuple(line["effect"] for line in recorded.requests(variant, kind="change"))
    assert changes == variant.case.changes, [
        f"{line['method']} {line['path']} {line['effect']} {line['error_code']}" for line in recorded.requests(variant)
    ]
    if variant.case.silent:
        assert recorded.requests(variant) == []


def words_of(line: Mapping[str, Any]) -> str:
    """Return what a message calls a request of the ledger, "" for a read."""
    if line["kind"] != "change":
        return ""
    what = line["path"].rpartition("/")[2]
    named = {
        "register": "register",
        "request_code": "request_code",
        "verify_code": "verify_code",
        "deregister": "deregister",
        "backup": "backup on the node",
        "two-step": "two-step verification on the node",
        "whatsapp_business_profile": "business profile",
        "messages": "template message",
        "account": "account on the node",
        "verify": "code of the account on the node",
        "restore": "restore of the backup on the node",
        "shards": "shards of the node",
        "application": "webhook of the node",
        "media": "media file",
        "subscribed_apps": "subscribed_apps of WABA %s" % line["waba_id"],
        "phone_numbers": "phone_numbers of WABA %s" % line["waba_id"],
        str(line["phone_number_id"]): "PIN of two-step verification",
    }[what]
    return "%s %s%s" % (
        line["method"],
        named,
        " with a callback override" if "override_callback_uri" in line["body_keys"] else "",
    )


@pytest.mark.parametrize("runner", [runner for runner in cases.RUNNERS if runner != "module"])
def test_a_failure_tells_what_the_ledger_has(log: Record, runner: str) -> None:
    """All that a host was sent for until its last task failed; where nothing was, whether anything was read."""
    reported = 0
    for variant in recording.variants([runner]):
        recorded = log(runner)
        result = recorded.result(variant, len(variant.case.steps) - 1)
        if not result.get("failed") or result["failure"]["code"] == "bad_input":
            continue
        lines = recorded.requests(variant)
        changes = list(dict.fromkeys(filter(None, map(words_of, lines))))
        assert result["sent"] == changes, (variant.host, result["msg"])
        sentence = sent_rules.of(result["msg"])
        if changes:
            assert sentence == "Sent before this: %s." % "; ".join(changes), variant.host
        else:
            assert sentence in ("Only reads were sent.", "Nothing was sent."), variant.host
            # what is read of a token is of no number and no WABA
            read = lines or "access_token" in (variant.case.steps[-1].args or {})
            assert read or sentence == "Nothing was sent.", variant.host
        reported += 1
    assert reported


@pytest.mark.parametrize(
    "runner,name", [(variant.runner, variant.case.name) for variant in recording.variants(cases.RUNNERS)]
)
def test_case(log: Record, runner: str, name: str) -> None:
    recorded = log(runner)
    check(recorded.variants[runner, name], recorded)


@pytest.mark.parametrize("name", NAMES)
def test_runners_agree(log: Record, name: str) -> None:
    reported = {}
    for runner in cases.RUNNERS:
        recorded = log(runner)
        variant = recorded.variants.get((runner, name))
        if variant is not None:
            steps = BY_NAME[name].steps
            reported[runner] = [plain(recorded.result(variant, at), variant, recorded) for at in range(len(steps))]
    for runner, results in reported.items():
        for at, result in enumerate(results):
            # Called by itself, the module knows of no run that it is part of.
            known, wanted = (alone(one) if runner == "module" else one for one in (result, reported["worker"][at]))
            assert known == wanted, f"{runner}, step {at}"


def alone(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return a result without what concerns the whole run."""
    kept = {key: value for key, value in result.items() if key != "sent"}
    return {**kept, "msg": sent_rules.replaced(kept["msg"], "")} if result.get("failed") else kept


def plain(value: Any, variant: Variant, recorded: Recording) -> Any:
    """Return a result without what belongs to this call and to this number, so that two runners can be compared."""
    if isinstance(value, Mapping):
        kept = {
            key: entry for key, entry in value.items() if key not in VOLATILE and not key.startswith(("_", "ansible_"))
        }
        return {key: plain(entry, variant, recorded) for key, entry in kept.items()}
    if isinstance(value, list):
        return [plain(entry, variant, recorded) for entry in value]
    if not isinstance(value, str):
        return value
    known = {**variant.known, "state": str(recorded.state(variant)), "where": str(recorded.where)}
    for name in ("state", "where", "id", "waba", "digits", "display", "pin"):
        value = value.replace(known[name], "{%s}" % name)
    # A worker knows the inventory host, and what an earlier task of the run has read of the number.
    value = value.replace(f" ({variant.host})", "").replace(f"{variant.host}: ", "")
    value = re.sub(r"(?<=umber )\{(id|display)\}", "{number}", value)
    value = value.replace("1" + variant.known["waba"][1:], "{business}")
    value = re.sub(r"127\.\d+\.\d+\.\d+:\d+", "{server}", value)
    value = re.sub(r"fbtrace_id \S+", "fbtrace_id", value)
    value = re.sub(r"[0-9a-f]{64} of \S+", "{digest}", value)
    value = re.sub(r":[0-9a-f]{12}", ":{container}", value)
    value = re.sub(r"\b1037543291543\d{3}\b", "{media}", value)
    value = re.sub(r"\b180000000000\d{3}\b", "{new}", value)
    value = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "{time}", value)
    return re.sub(r"\b\d+(\.\d+)? ?s\b", "{seconds}", value)


@pytest.mark.parametrize("runner", RUNS)
def test_a_message_begins_with_what_it_is_about(log: Record, runner: str) -> None:
    """The number as Graph shows it, with the host; its ID only where nothing of it was read before."""
    recorded = log(runner)
    seen = set()
    for variant in recorded.variants.values():
        known, host = variant.known, "" if runner == "module" else f" ({variant.host})"
        for at, step in enumerate(variant.case.steps):
            result = recorded.result(variant, at)
            if not result.get("failed") or result["failure"]["code"] == "bad_input":
                continue
            reported, cause = result["msg"], f"{result['failure']['title']} ["
            stated = {**case.BASE[step.module_name], **step.args}
            if stated.get("phone_number_id") == "{id}":
                names = [f"Number {known[name]}{host}: {cause}" for name in ("display", "id", "digits")]
                assert reported.startswith(tuple(names)), reported
                seen.add("display" if reported.startswith(names[0]) else "id")
            elif stated.get("waba_id") == "{waba}" and not stated.get("phone_number_id"):
                assert reported.startswith(f"WABA {known['waba']}{host}: {cause}"), reported
    assert runner == "shipped" or seen == {"display", "id"}


def test_at_most_one_registration_per_number(log: Record) -> None:
    for runner in cases.RUNNERS:
        recorded = log(runner)
        for variant in recorded.variants.values():
            assert recorded.numbers[variant.known["id"]]["accepted_registrations"] <= 1, variant


def test_credentials_went_where_they_belong(log: Record) -> None:
    """Neither ~/.netrc nor a CA bundle of the environment took part: the wrong bearers are those of the cases."""
    wrong = {
        "backup: wrong node password",
        "backup: expired token",
        "comparison: a node that cannot be logged in to says nothing",
        "register: a wrong token",
        "traffic: a node that tells nothing",
        "preflight: Graph unreadable",
    }
    for runner in RUNS:
        recorded = log(runner)
        for (_runner, name), variant in recorded.variants.items():
            if name not in wrong:
                refused = [line for line in recorded.requests(variant) if line["bearer_ok"] is False]
                assert refused == [], name
        assert not [line for line in recorded.ledger if line["token_in_query"]]


def test_no_secret_is_shown(log: Record) -> None:
    for runner in RUNS:
        recorded = log(runner)
        output = recorded.run.output
        backups = [json.loads(path.read_text())["data"] for path in recorded.where.glob("state/*/*/backup.json")]
        assert len(backups) > 3
        for secret in (
            recording.TOKEN,
            recording.OTHER_TOKEN,
            case.NODE_PASSWORD,
            case.BACKUP_PASSWORD,
            case.VERIFY_TOKEN,
            "not-the-token",
            "token-of-last-year",
            *backups,
        ):
            assert secret not in output, secret
        # Six digits stand in some of the digests of any run by chance.
        without_digests = re.sub(r"\b[0-9a-f]{64}\b", "", output)
        six_digits = set(re.findall(r"(?<![\d.])\d{6}(?!\d)", without_digests))
        for variant in recorded.variants.values():
            assert variant.case.number.get("pin") or variant.known["pin"] not in six_digits, variant.host
        assert "098765" not in without_digests and "012345" not in without_digests
        assert "eyJhbGciOiJIUzI1NiJ9" not in output


def test_files_are_private(log: Record) -> None:
    for runner in RUNS:
        files = list(log(runner).where.glob("state/*/*/*"))
        kept = {"photo.json", "profile.json", "exit_log.json", "notice_log.jsonl", "export.tar.gz"}
        assert {path.name for path in files} == {".lock", "backup.json", "attempt_log.json", "snapshot.json"} | kept
        for path in files:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700, path


def test_check_mode_writes_no_file(log: Record) -> None:
    for runner in ("worker", "module"):
        recorded = log(runner)
        for name in ("backup: check mode writes and sends nothing", "register: no backup, predicted"):
            assert list(recorded.state(recorded.variants[runner, name]).iterdir()) == []


def test_what_was_stored_is_what_was_sent(log: Record) -> None:
    """The backup in the register request is, byte for byte, the one that the node gave last."""
    for runner in ("worker", "module"):
        recorded = log(runner)
        variant = recorded.variants[runner, "register: predicted, done, and never again"]
        made, sent = recorded.requests(variant, effect="backup"), recorded.requests(variant, effect="registered")
        assert made[-1]["backup_sha256"] == sent[0]["backup_sha256"] != None  # noqa: E711
        number = recorded.numbers[
            recorded.variants[runner, "register: without a backup, stated explicitly"].known["id"]
        ]
        assert number["oba"] is False
        region = recorded.numbers[recorded.variants[runner, "register: a region"].known["id"]]
        assert region["data_localization_region"] == "DE"
