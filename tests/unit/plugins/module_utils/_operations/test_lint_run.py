# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the operation lint on folders as applications have them: comments, settings, folders beside each other."""

from __future__ import annotations

import io
import json
import os
import tracemalloc

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._operations import lint_command
from ansible_collections.wabiz.migration.plugins.module_utils._operations.lint_run import Linter, Request

URL = '"https://node.internal:9090/v1/messages"'
# A line of each language with the endpoint of messages, and how a comment begins and ends there.
LANGUAGES = {
    "py": (f"url = {URL}", "#", ""),
    "js": (f"const url = {URL};", "//", ""),
    "ts": (f"const url: string = {URL};", "/*", " */"),
    "php": (f"$url = {URL};", "#", ""),
    "java": (f"String url = {URL};", "//", ""),
    "cs": (f"var url = {URL};", "///", ""),
    "go": (f"url := {URL}", "//", ""),
    "rb": (f"url = {URL}", "#", ""),
}


def found(*paths, **more):
    """Return file name, rule and line of what is found."""
    linter = Linter(Request(paths=[str(path) for path in paths], **more))
    return [(os.path.basename(one["file"]), one["rule"], one["line"]) for one in linter.findings()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comment_accepts_a_finding_in_its_line_and_in_the_next(tmp_path, language):
    line, begin, end = LANGUAGES[language]
    file = tmp_path / f"whatsapp.{language}"

    def lines(comment):
        text = f"{begin} wabiz: ignore {comment}{end}"
        file.write_text(f"{begin} whatsapp{end}\n{line} {text}\n\n    {text}\n{line}\n{line}\n")
        return [at for _name, rule, at in found(tmp_path) if rule == "L02"]

    assert lines("L02") == lines("") == lines("L10, L02") == [6]
    assert lines("L10") == [2, 5, 6]


def test_addresses_in_files_of_settings_are_found(tmp_path):
    (tmp_path / "application.yml").write_text("whatsapp:\n  key: x\n  url: https://waba.360dialog.io/v1\n")
    settings = {"Provider": {"Check": "https://wa.example.com:9090/v1/contacts?auth=secret", "Port": "https://x:9090"}}
    (tmp_path / "appsettings.json").write_text(json.dumps(settings, indent=1))
    (tmp_path / "cloud.json").write_text(
        '{"a": "https://waba-v2.360dialog.io", "b": "https://x.example.com/v1/messages"}'
    )
    assert found(tmp_path) == [("application.yml", "L36", 3), ("appsettings.json", "L15", 3)]
    shown = "".join(one["seen"] for one in Linter(Request(paths=[str(tmp_path)])).findings())
    assert "secret" not in shown


def test_a_recorded_request_is_one_finding(tmp_path):
    request = {"method": "POST", "url": "https://waba.360dialog.io/v1/messages"}
    (tmp_path / "a.json").write_text(json.dumps([request, {"method": "GET", "url": {"raw": request["url"]}}]))
    assert found(tmp_path) == [("a.json", "L36", 1), ("a.json", "L36", 1)]


CLIENT = """# whatsapp
def templates(base):
    answer = get(base + '/v1/configs/templates').json()
    return answer['waba_templates']
"""


def test_a_folder_says_which_api_of_a_partner_its_files_mean(tmp_path):
    for folder, host in (("old", "waba"), ("new", "waba-v2")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "views.py").write_text(f"BASE = 'https://{host}.360dialog.io'\n")
        (tmp_path / folder / f"{folder}.py").write_text(CLIENT)
    (tmp_path / "cloud.py").write_text("body = {'messaging_product': 'whatsapp'}\n")
    assert found(tmp_path) == [("old.py", "L37", 3), ("old.py", "L37", 4), ("views.py", "L36", 1)]


def test_the_name_of_a_folder_says_what_its_files_are_about(tmp_path):
    for folder in ("whatsapp", "shop"):
        (tmp_path / folder).mkdir()
        text = "login = base + '/v1/users/login'\ncheck = base + '/v1/contacts'\n"
        (tmp_path / folder / "client.py").write_text(text)
    assert found(tmp_path / "shop") == []
    assert found(tmp_path)[-2:] == [("client.py", "L35", 1), ("client.py", "L15", 2)]


def status(*arguments):
    """Return the exit status of the command."""
    return lint_command.main([str(one) for one in arguments], io.StringIO())


@pytest.mark.parametrize(
    ("severity", "text", "fails_on"),
    [
        ("error", '{"to": "1", "type": "text", "text": {"body": "x"}}', {"error", "warning", "note"}),
        ("warning", '{"messages": [{"id": "gBGG"}], "meta": {"api_status": "stable"}}', {"warning", "note"}),
    ],
)
def test_the_exit_status_follows_the_severity(tmp_path, severity, text, fails_on):
    (tmp_path / "a.json").write_text(text)
    severities = {one["severity"] for one in Linter(Request(paths=[str(tmp_path)])).findings()}
    assert severities == {severity}
    for level in ("error", "warning", "note", "never"):
        assert status(tmp_path, "--fail-on", level) == (1 if level in fails_on else 0)


def test_memory_does_not_grow_with_the_number_of_files(tmp_path):
    def peak(count):
        folder = tmp_path / str(count)
        for number in range(count):
            below = folder / str(number % 10)
            below.mkdir(parents=True, exist_ok=True)
            (below / f"a{number}.py").write_text(CLIENT * 20)
            (below / f"a{number}.json").write_text(json.dumps([{"messaging_product": "whatsapp"}] * 50))
        tracemalloc.start()
        for _finding in Linter(Request(paths=[str(folder)])).findings():
            pass
        largest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return largest

    peak(20)  # what is loaded once
    assert peak(400) < peak(40) * 1.5 + 200_000
