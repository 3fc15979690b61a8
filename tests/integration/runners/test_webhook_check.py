# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wa_webhook_check through both runners, against an endpoint of real sockets for each fault."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ansible_collections.wabiz.migration.tests.support import ansible_run, certificates, faultserver, hookserver
from ansible_collections.wabiz.migration.tests.support.hookserver import HookServer

BY_USER_ID = ["text of a user ID", "status of a user ID"]
SIGNED = ["text", "voice", "status", "status error", *BY_USER_ID, "message_template_status_update", "account_update"]
WHOLE = ["challenge", "challenge", *SIGNED, "text", "text"]
KINDS = [
    "challenge",
    "challenge with a wrong verify token",
    "text",
    "audio with voice: true",
    "status",
    "status with error",
    "text without wa_id",
    "status without recipient_id",
    "template status",
    "account update",
    "text with a wrong signature",
    "text without a signature",
]


class Case(NamedTuple):
    """An endpoint with its fault, and the kinds that have to fail with pieces of the message."""

    fault: str = ""
    kind: str = ""
    failed: tuple[str, ...] = ()
    code: str = ""
    message: tuple[str, ...] = ()
    args: dict[str, Any] = {}
    seen: list[str] | None = WHOLE


CASES = {
    "good": Case(),
    "other challenge": Case("other challenge", "", ("challenge",), "webhook_challenge", ("not the challenge",)),
    "wrapped challenge": Case("wrapped challenge", "", ("challenge",), "webhook_challenge", ("around it",)),
    "challenge as 201": Case("challenge as 201", "", ("challenge",), "webhook_challenge", ("HTTP 201",)),
    "challenge of another token": Case(
        args={"webhook_verify_token": "another-token"},
        failed=("challenge",),
        code="webhook_challenge",
        message=("HTTP 403", "webhook_verify_token"),
    ),
    "any token": Case("any token", "", (KINDS[1],), "webhook_any_token"),
    **{
        "500 for %s" % kind: Case(
            "500",
            kind,
            (reported,),
            "webhook_user_id" if kind in BY_USER_ID else "webhook_event",
            ("Kind %s: HTTP 500" % reported,),
        )
        for kind, reported in zip(SIGNED[1:], KINDS[3:10], strict=True)
    },
    "202": Case("202", "status", ("status",), "webhook_event", ("HTTP 202",)),
    "slow": Case("slow", "voice", (KINDS[3],), "webhook_event", ("read_timeout", "within 5 s"), {"webhook_timeout": 5}),
    "cut": Case("cut", "status error", ("status with error",), "webhook_event", ("answer_lost",)),
    "redirect": Case(
        "redirect", "status", ("status",), "webhook_event", ("HTTP 302", "elsewhere.example.com, which is not followed")
    ),
    "redirected challenge": Case("redirect", "challenge", ("challenge",), "webhook_challenge", ("HTTP 302",)),
    "forged": Case("forged", "", (KINDS[10],), "webhook_forged", ("HTTP 200", "constant time")),
    "unsigned": Case("unsigned", "", (KINDS[11],), "webhook_unsigned", ("HTTP 200",)),
    "signs what it wrote": Case("signs what it wrote", "", ("text",), "webhook_event", ("HTTP 401", "received bytes")),
    "another secret": Case(
        args={"app_secret": "another-secret"},
        failed=tuple(KINDS[2:10]),
        code="webhook_event",
        message=("8 blockers", "401"),
    ),
    "no secret": Case(args={"app_secret": None}, seen=["challenge", "challenge"]),
    "not trusted": Case(
        args={"webhook_ca_path": None},
        failed=("challenge",),
        code="webhook_unreachable",
        message=("tls_failed", "public CA"),
        seen=[],
    ),
    "closed port": Case(
        args={"webhook_url": "https://127.0.0.1:{port}/hook?key=Query-Secret"},
        failed=("challenge",),
        code="webhook_unreachable",
        message=("connect_failed",),
        seen=[],
    ),
    "all at once": Case(
        args={"webhook_url": "ftp://x", "app_secret": "two words", "webhook_timeout": "soon", "waba_id": None},
        code="bad_input",
        message=("4 validation errors", "webhook_url:", "app_secret:", "webhook_timeout:", "waba_id: missing"),
        seen=[],
    ),
    "check mode": Case("500", "text", seen=[]),
}
RUNNERS = ("worker", "module")


class Report(NamedTuple):
    """What came of each case, and what its endpoint saw."""

    results: dict[str, dict[str, Any]]
    seen: dict[str, list[hookserver.Seen]]
    output: str


@pytest.fixture(scope="module", params=RUNNERS)
def reported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    where = tmp_path_factory.mktemp(request.param)
    certificate = certificates.certificate(where)
    with ExitStack() as stack:
        hooks = {
            name: stack.enter_context(HookServer(certificate.context, case.fault, case.kind))
            for name, case in CASES.items()
        }
        jobs = [
            (name, _arguments(case, hooks[name], certificate.path), name == "check mode")
            for name, case in CASES.items()
        ]
        if request.param == "worker":
            tasks = [
                {"name": name, "wabiz.migration.wa_webhook_check": args, "check_mode": check, "ignore_errors": True}
                for name, args, check in jobs
            ]
            play = {"name": "All", "hosts": "all", "gather_facts": False, "tasks": tasks}
            book = ansible_run.as_yaml(where / "book.yml", [play])
            # A connection that nothing may be shipped over: the task runs on the controller all the same.
            inventory = {"all": {"hosts": {"h": {"ansible_connection": "ssh", "ansible_host": "192.0.2.1"}}}}
            run = ansible_run.playbook(where / "ansible", book, inventory, "-vvvv")
            assert run.exit_code == 0, run.transcript
            results = {
                event["task"]: {**event["result"], "failed": event["event"] == "failed"}
                for event in run.results(host="h")
            }
            output = run.output
        else:
            results, output = _by_module(where, jobs)
        yield Report(results, {name: hook.seen for name, hook in hooks.items()}, output)


def _arguments(case: Case, hook: HookServer, ca_path: str) -> dict[str, Any]:
    args = {
        "webhook_url": hook.url,
        "webhook_verify_token": hookserver.TOKEN,
        "app_secret": hookserver.SECRET,
        "webhook_timeout": 50,  # the machine may be busy; who is late is late by itself
        "webhook_ca_path": ca_path,
        "phone_number_id": "106540352242922",
        "waba_id": "102290129340398",
        "phone_number": "+1 555-078-3881",
        **case.args,
    }
    free = faultserver.free_port()
    return {
        name: value.replace("{port}", str(free)) if isinstance(value, str) else value
        for name, value in args.items()
        if value is not None
    }


def _by_module(where: Path, jobs: list[tuple[str, dict[str, Any], bool]]) -> tuple[dict[str, dict[str, Any]], str]:
    asked = {name: [{"module_name": "wa_webhook_check", "args": args, "check": check}] for name, args, check in jobs}
    done = subprocess.run(
        [sys.executable, "-m", "ansible_collections.wabiz.migration.tests.support.module_runner", str(where)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=ansible_run.LONGEST,
        check=False,
        env={**ansible_run.clean_environment(where), "PYTHONPATH": str(ansible_run.COLLECTIONS)},
    )
    assert done.returncode == 0, done.stderr
    return {name: results[0] for name, results in json.loads(done.stdout).items()}, done.stdout + done.stderr


@pytest.mark.parametrize("name", CASES)
def test_case(reported: Report, name: str) -> None:
    case, result = CASES[name], reported.results[name]
    shown = json.dumps(result)
    assert bool(result.get("failed")) == bool(case.code), shown
    assert result["changed"] is False
    if case.code:
        assert result["failure"]["code"] == case.code, shown
        assert result["failure"]["next_step"]
        if case.code != "bad_input" and [one for one in reported.seen[name] if one.method == "POST"]:
            assert result["sent"] == ["POST sample event to the webhook endpoint"], shown
        for piece in case.message:
            assert piece in result["msg"], f"{piece!r} in {shown}"
    if case.code != "bad_input":
        assert result["tried"] is (name != "check mode")
        assert [check["kind"] for check in result["checks"] if not check["ok"]] == list(case.failed), shown
        assert result["webhook_url"].startswith("https://127.0.0.1:") and result["webhook_url"].endswith("/hook")
    assert [one.kind for one in reported.seen[name]] == case.seen


def test_a_good_endpoint_saw_signed_events_and_two_that_were_not(reported: Report) -> None:
    seen = reported.seen["good"]
    assert [one.signed for one in seen] == ["right", "wrong", *["right"] * 8, "wrong", "missing"]
    assert [check["kind"] for check in reported.results["good"]["checks"]] == KINDS
    assert [check["status"] for check in reported.results["good"]["checks"]] == [200, 403, *[200] * 8, 401, 401]
    for one in seen[2:]:
        envelope = json.loads(one.body)
        assert envelope["entry"][0]["id"] == "102290129340398"
        value = envelope["entry"][0]["changes"][0]["value"]
        if "metadata" in value:
            assert value["metadata"] == {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"}
        assert "Authorization" not in one.headers


def test_notes_are_warnings(reported: Report) -> None:
    assert "app secret" in reported.results["no secret"]["warnings"][0].lower().replace("'s", "")
    assert "Check mode" in reported.results["check mode"]["warnings"][0]
    assert not reported.results["good"].get("warnings")


def test_no_secret_is_shown(reported: Report) -> None:
    for secret in (
        hookserver.TOKEN,
        hookserver.SECRET,
        "another-token",
        "another-secret",
        "Body-Secret",
        "Location-Secret",
    ):
        assert secret not in reported.output, secret
    for name, result in reported.results.items():
        shown = json.dumps({key: value for key, value in result.items() if key != "invocation"})
        assert "Query-Secret" not in shown, name
