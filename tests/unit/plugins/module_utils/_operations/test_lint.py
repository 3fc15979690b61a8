# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the operation lint: files of all kinds, mended copies, baselines, and files that cannot be read."""

from __future__ import annotations

import io
import json
import os
import shutil
import time

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _yaml
from ansible_collections.wabiz.migration.plugins.module_utils._core.lint import accepted
from ansible_collections.wabiz.migration.plugins.module_utils._operations import lint, lint_command, lint_reading
from ansible_collections.wabiz.migration.plugins.module_utils._operations.lint_run import Linter, Request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TEXT = {"to": "16505551234", "type": "text", "text": {"body": "Hi"}}
VALID = {"messaging_product": "whatsapp", **TEXT}
VOICE = {
    "messages": [{"from": "1", "id": "ABGGFlA5FpafAgo6tHcNmNjXmuSf", "timestamp": "1", "type": "voice", "voice": {}}]
}


def run(*paths, **more):
    linter = Linter(Request(paths=[str(path) for path in paths], **more))
    return list(linter.findings()), linter


def found(*paths, **more):
    return [(one["rule"], one["line"], one["pointer"]) for one in run(*paths, **more)[0]]


def test_the_line_of_a_pointer(tmp_path):
    file = tmp_path / "a.json"
    file.write_text(
        '[\n  {"a": 1},\n  {\n    "to": "1",\n    "type": "text", "text": {"body": "x"},\n    "ttl": 5\n  }\n]'
    )
    assert found(file) == [("L01", 3, "/1"), ("L44", 6, "/1/ttl")]


def test_json_lines_har_yaml_and_logs(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps(VALID) + "\n\n" + json.dumps(TEXT) + "\n")
    entry = {
        "request": {"method": "POST", "url": "https://node:9090/v1/messages", "postData": {"text": json.dumps(TEXT)}}
    }
    (tmp_path / "b.har").write_text(json.dumps({"log": {"entries": [entry]}}, indent=1))
    (tmp_path / "c.yaml").write_text(
        "one: 1\nmessage:\n  to: '1'\n  type: text\n  recipient_type: individual\n  text: {body: x}\n"
    )
    (tmp_path / "d.log").write_text(
        '1.2.3.4 "POST /v1/contacts HTTP/1.1" 200 {"a": {"b": 1}} \n' + "x " + json.dumps(TEXT) + " 200\n"
    )
    (tmp_path / "e.log").write_text("body=" + json.dumps(TEXT).replace('"', "\\x22") + "\n")
    text = "/log/entries/0/request/postData/text/#"
    assert [(os.path.basename(one["file"]), one["rule"], one["line"], one["pointer"]) for one in run(tmp_path)[0]] == [
        ("a.jsonl", "L01", 3, ""),
        ("b.har", "L02", 7, "/log/entries/0/request/url"),
        ("b.har", "L01", 9, text),
        ("c.yaml", "L01", 2, "/message"),
        ("d.log", "L15", 1, ""),
        ("d.log", "L01", 2, ""),
        ("e.log", "L01", 1, ""),
    ]


def test_mended_copies_stand_beside_the_originals(tmp_path):
    whole, lines, valid = tmp_path / "a.json", tmp_path / "b.jsonl", tmp_path / "c.json"
    whole.write_text(json.dumps([TEXT, {**TEXT, "ttl": 5}]))
    lines.write_text(json.dumps(TEXT) + "\n" + json.dumps(VALID) + "\n")
    valid.write_text(json.dumps(VALID))
    before = {path: path.read_bytes() for path in (whole, lines, valid)}
    findings, linter = run(tmp_path, fix=True)
    assert all(one["mended"] for one in findings) and len(findings) == 4
    assert {path: path.read_bytes() for path in (whole, lines, valid)} == before
    assert sorted(path.name for path in tmp_path.iterdir() if "mended" in path.name) == [
        "a.mended.json",
        "b.mended.jsonl",
    ]
    assert json.loads((tmp_path / "a.mended.json").read_text()) == [VALID, VALID]
    assert (tmp_path / "b.mended.jsonl").read_text() == json.dumps(VALID) + "\n" + json.dumps(VALID) + "\n"
    assert len(linter.changed) == 2 and run(tmp_path, fix=True)[1].changed == []
    assert found(tmp_path / "a.mended.json", tmp_path / "b.mended.jsonl") == []


@pytest.mark.skipif(not _yaml.HAS_YAML, reason="NOT TESTED: no PyYAML")
def test_a_yaml_copy_is_mended(tmp_path):
    (tmp_path / "a.yml").write_text("m: {to: '1', type: text, recipient_type: individual, text: {body: x}, ttl: 5}\n")
    assert all(one["mended"] for one in run(tmp_path, fix=True)[0])
    assert found(tmp_path / "a.mended.yml") == []


def test_nothing_is_written_without_leave(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(TEXT))
    assert run(tmp_path, fix=True, write=False)[1].changed == [str(tmp_path / "a.mended.json")]
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_a_media_map(tmp_path):
    old = "f043afd0-f0ae-4b9c-ab3d-696fb4c8cd68"
    (tmp_path / "a.json").write_text(
        json.dumps({"messaging_product": "whatsapp", "to": "1", "type": "image", "image": {"id": old}})
    )
    (tmp_path / "map.yml").write_text('"%s": {id: "17", expires: "2026-12-01"}\n' % old)
    media = lint.media_of(str(tmp_path / "map.yml"), 1.0)
    assert media == {old: "17"}
    assert [one["mended"] for one in run(tmp_path / "a.json", fix=True, media=media)[0]] == [True]
    assert json.loads((tmp_path / "a.mended.json").read_text())["image"] == {"id": "17"}
    (tmp_path / "map.yml").write_text('"%s": {id: "17", expires_at: "2026-12-01T00:00:00Z"}\n' % old)
    assert lint.media_of(str(tmp_path / "map.yml"), 1e9) == {old: "17"}
    assert lint.media_of(str(tmp_path / "map.yml"), 1e10) == {}


UNREADABLE = {
    "broken.json": b'{"messaging_product": ',
    "deep.json": b"[" * 100000 + b"]" * 100000,
    "nested.json": b'{"messages":' * 500 + b"1" + b"}" * 500,
    "binary.json": b"\xff\x00\xfe\x01\xfa",
    "encoding.json": '{"recipient_type": "\u00e4"}'.encode("latin-1"),
    "line.jsonl": b'{"a": 1}\nno json\n',
    "broken.yaml": b"messages: [a, {\n",
    "alias.yaml": b"messages: &a [*a]\n",
    "long.log": b"x" * (lint_reading.MOST_LINE + 10) + b"\n",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_one_finding(tmp_path, name):
    file = tmp_path / name
    file.write_bytes(UNREADABLE[name])
    findings, linter = run(file, fix=True)
    assert [one["rule"] for one in findings] == ["L90"] and findings[0]["seen"]
    assert linter.copies == []


def test_huge_numbers_are_read(tmp_path):
    file = tmp_path / "a.json"
    file.write_text('{"to": %s, "type": "text", "text": {"body": "x"}, "x": 1e99999}' % ("9" * 5000))
    assert found(file) == []
    file.write_text('{"to": "1", "type": "text", "text": {"body": "x"}, "ttl": %s}' % ("9" * 5000))
    assert [rule for rule, _line, _pointer in found(file)] == ["L01", "L44"]


def test_other_encodings_are_read(tmp_path):
    for encoding in ("utf-8-sig", "utf-16"):
        (tmp_path / "a.json").write_text(json.dumps(TEXT), encoding=encoding)
        assert found(tmp_path / "a.json") == [("L01", 1, "")]


def test_what_has_nothing_to_do_with_it_is_left_out(tmp_path):
    (tmp_path / "tsconfig.json").write_text("{ // a comment\n}")
    (tmp_path / "cloud.json").write_text('{"messaging_product": "whatsapp", "messages": [1]} and more')
    (tmp_path / "chart.yaml").write_text("{{ if .Values.x }}\na: [\n")
    for folder in ("node_modules", ".git", "vendor"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.json").write_text(json.dumps(TEXT))
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "to.json").symlink_to(tmp_path / "nowhere.json")
    assert found(tmp_path) == []
    (tmp_path / "a.json").write_text(json.dumps(TEXT))
    assert found(tmp_path, exclude=["a.*"]) == [] and len(found(tmp_path)) == 1


def test_a_pipe_that_is_named_is_a_finding(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    assert found(tmp_path / "pipe.json") == [("L90", 1, "")]


def test_yaml_without_pyyaml_is_a_finding(tmp_path, monkeypatch):
    (tmp_path / "a.yml").write_text("messages: []\n")
    monkeypatch.setattr(_yaml, "HAS_YAML", False)
    ((one,), _linter) = run(tmp_path / "a.yml")
    assert one["rule"] == "L90" and "PyYAML" in one["seen"]


def test_a_file_full_of_one_thing_is_cut_and_counted(tmp_path):
    (tmp_path / "a.jsonl").write_text((json.dumps(TEXT) + "\n") * 150)
    findings, linter = run(tmp_path)
    assert len(findings) == 100 and linter.left_out == 50


def test_ten_thousand_payloads_take_less_than_ten_seconds_of_a_core(tmp_path):
    lines = [json.dumps(one) + "\n" for one in (TEXT, VALID, VOICE, {**TEXT, "ttl": 5})]
    (tmp_path / "a.jsonl").write_text("".join(lines * 2500))
    began = time.process_time()
    _findings, linter = run(tmp_path)
    assert linter.payloads == 7500  # what is valid is no finding
    assert time.process_time() - began < 10


def test_comments_and_baselines_accept(tmp_path):
    file = tmp_path / "whatsapp.py"
    file.write_text(
        '# wabiz: ignore L15\na = "https://n:9090/v1/contacts"\nb = "https://n:9090/v1/messages"  # wabiz: ignore\n'
    )
    findings, linter = run(tmp_path)
    assert findings == [] and linter.accepted == 2
    (tmp_path / "a.json").write_text(json.dumps(TEXT))
    findings, _linter = run(tmp_path)
    known = accepted.parse(accepted.baseline(findings))
    assert found(tmp_path, baseline=accepted.Baseline(known)) == []


def command(*arguments):
    out = io.StringIO()
    status = lint_command.main([str(one) for one in arguments], out)
    return status, out.getvalue()


def test_the_command(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(TEXT))
    (tmp_path / "b.json").write_text(json.dumps(VALID))
    status, text = command(tmp_path)
    assert status == 1 and "a.json:1 error L01" in text and "1 error, 0 warnings, 0 notes in 2 files" in text
    assert command(tmp_path / "b.json")[0] == 0
    assert command(tmp_path, "--fail-on", "never")[0] == 0
    assert command(tmp_path, "--fix", "--format", "json")[0] == 0
    status, text = command(tmp_path, "--format", "json")
    assert status == 1 and json.loads(text)["counts"]["error"] == 1
    assert command(tmp_path, "--baseline", tmp_path / "base", "--write-baseline")[0] == 0
    assert command(tmp_path, "--baseline", tmp_path / "base")[0] == 0
    assert command(tmp_path, "--baseline", tmp_path / "a.json")[0] == 2
    for wrong in (("--write-baseline",), ("--media-map", "x"), ("--format", "xml")):
        with pytest.raises(SystemExit) as stopped:
            command(tmp_path, *wrong)
        assert stopped.value.code == 2


def test_sarif(tmp_path):
    (tmp_path / "a b.json").write_text(json.dumps(TEXT))
    status, text = command(tmp_path, "--format", "sarif")
    log = json.loads(text)
    ((result,), rules) = log["runs"][0]["results"], log["runs"][0]["tool"]["driver"]["rules"]
    place = result["locations"][0]["physicalLocation"]
    assert status == 1 and log["version"] == "2.1.0" and result["level"] == "error"
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "L01"
    assert place["artifactLocation"]["uri"].endswith("a%20b.json") and place["region"] == {"startLine": 1}


def test_a_rehearsal_there_and_back(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(VOICE))
    status, text = command(tmp_path / "a.json", "--as-cloud", "--waba-id", "7", "--phone-number-id", "8")
    event = json.loads(text)
    message = event["entry"][0]["changes"][0]["value"]["messages"][0]
    assert status == 0 and event["entry"][0]["id"] == "7"
    assert message["type"] == "audio" and message["audio"] == {"voice": True}
    (tmp_path / "b.json").write_text(text)
    assert [rule for rule, _line, _pointer in found(tmp_path / "b.json")] == []
    assert json.loads(command(tmp_path / "b.json", "--as-onprem")[1]) == VOICE


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.binary(max_size=200) | st.text(max_size=80).map(lambda text: ('{"messages": "%s"' % text).encode()))
def test_no_file_makes_it_fail(tmp_path, data):
    for name in ("a.json", "a.jsonl", "a.yaml", "a.log", "a.har", "a.py", "a"):
        file = tmp_path / name
        file.write_bytes(data)
        for one in run(file, fix=True, write=False)[0]:
            assert one["line"] >= 1
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
