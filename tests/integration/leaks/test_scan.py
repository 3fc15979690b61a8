# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The leak scan itself: each form in which a secret may be written makes it go red, wherever it is planted."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from ansible_collections.wabiz.migration.tests.support import leaks

PASSWORD = leaks.Secret("password", "q\"uo'te\\ & ß+/%=")
# Not one of those that the runs of other tests are searched for: processes of all tests are seen.
PIN = leaks.Secret("pin", "471928", delimited=True)
DATA = leaks.Secret("data", base64.b64encode(bytes(range(256)) * 2).decode())
SCAN = leaks.Scan([PASSWORD, PIN, DATA])

FORMS = {
    "raw": PASSWORD.value.encode(),
    "base64 at 0": base64.b64encode(PASSWORD.value.encode() + b"!"),
    "base64 at 1": base64.b64encode(b"a" + PASSWORD.value.encode() + b"!"),
    "base64 at 2": base64.b64encode(b"ab" + PASSWORD.value.encode() + b"!"),
    "Basic": b"Basic " + base64.b64encode(b"admin:" + PASSWORD.value.encode()),
    "base64 of JSON": base64.b64encode(json.dumps({"password": PASSWORD.value}).encode()),
    "base64 for URLs": base64.urlsafe_b64encode(PASSWORD.value.encode()),
    "URL": quote(PASSWORD.value, safe="").encode(),
    "URL in small letters": quote(PASSWORD.value, safe="").lower().encode(),
    "form": quote_plus(PASSWORD.value).encode(),
    "JSON": json.dumps([PASSWORD.value]).encode(),
    "JSON as it is read": json.dumps([PASSWORD.value], ensure_ascii=False).encode(),
    "JSON in JSON": json.dumps(json.dumps([PASSWORD.value])).encode(),
    "repr": repr({"password": PASSWORD.value}).encode(),
    "JSON in Python": repr(json.dumps({"it's": PASSWORD.value})).encode(),
    "hex": PASSWORD.value.encode().hex().encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_found(form: str) -> None:
    assert {hit.secret for hit in SCAN.data("here", b"before " + FORMS[form] + b" after")} == {"password"}


@pytest.mark.parametrize(
    "text", ['"pin": "471928"', "pin=471928&", "\\n471928\\n", "(471928)", "NDcxOTI4Lg==", "pin 471928"]
)
def test_pin_is_found(text: str) -> None:
    assert {hit.secret for hit in SCAN.text("here", text)} == {"pin"}


@pytest.mark.parametrize("text", ["15554719285", "a471928f", "1471928", "4719280", "1795311430.471928: "])
def test_digits_of_something_else_are_no_pin(text: str) -> None:
    assert SCAN.text("here", text) == []


@pytest.mark.parametrize("begin", [0, 100, 400])
def test_part_of_a_long_secret_is_found(begin: int) -> None:
    assert {hit.secret for hit in SCAN.text("here", f"... {DATA.value[begin : begin + 160]} ...")} == {"data"}


def test_excerpt_does_not_repeat_the_secret() -> None:
    (hit,) = SCAN.text("here", "before 471928 after")
    assert hit.excerpt == "before <SECRET> after"


def test_files_names_and_archives_are_searched(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "file").write_bytes(b"\0\xff" + PASSWORD.value.encode())
    (tmp_path / "471928").touch()
    with zipfile.ZipFile(tmp_path / "module.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("arguments", "pin: 471928")
    assert sorted(hit.secret for hit in SCAN.trees([tmp_path])) == ["password", "pin", "pin"]
    allowed = SCAN.trees([tmp_path], lambda path: ["password"] if path.name == "file" else ["pin"])
    assert [hit.where for hit in allowed] == [f"the name of {tmp_path / '471928'}"]


@pytest.mark.parametrize("location", ["command line", "environment", "file"])
def test_process_list_and_fleeting_files_are_searched(tmp_path: Path, location: str) -> None:
    fleeting = tmp_path / "fleeting"
    fleeting.mkdir()
    command = [sys.executable, "-c", "input()", *(["--pin=471928"] if location == "command line" else [])]
    environment = {**os.environ, **({"WABIZ_PIN": "471928"} if location == "environment" else {})}
    with leaks.Watch([fleeting]) as watch:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE)
        if location == "file":
            (fleeting / "short").write_text("471928")
        before = watch.samples
        assert leaks.wait_for(lambda: watch.samples >= before + 3)
        (fleeting / "short").unlink(missing_ok=True)
        process.communicate(b"\n")
    hits = watch.hits(SCAN)
    assert {hit.secret for hit in hits} == {"pin"}
    assert all(
        {"command line": "command line", "environment": "environment", "file": "lasted"}[location] in hit.where
        for hit in hits
    )


def test_environment_of_the_user_is_no_leak() -> None:
    with leaks.Watch() as watch:
        process = subprocess.Popen(
            [sys.executable, "-c", "input()"], env={"MINE": "1", "PIN": "471928"}, stdin=subprocess.PIPE
        )
        assert leaks.wait_for(lambda: watch.samples >= 3)
        process.communicate(b"\n")
    assert watch.hits(SCAN, lambda environment: ["pin"] if b"MINE=1" in environment else []) == []
    assert watch.hits(SCAN)
