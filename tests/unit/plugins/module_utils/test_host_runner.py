# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the host runner: lists of requests, the intent that it holds back, and errors that it must not print."""

from __future__ import annotations

import json
import time

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _encryption, _host_runner, _hostfiles
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log, backup
from hypothesis import given
from hypothesis import strategies as st

ID, NUMBER = "100000000000001", "15550120001"
LEASE = {
    "run": "run-1",
    "controller": "here",
    "process": 7,
    "parent": 1,
    "namespace": "boot",
    "started": 5,
    "number": NUMBER,
}
NODE = {"serving": "serving", "wa_id": NUMBER}
DOCUMENT = backup.document(NUMBER, "QUJDRA==", "v2", "tacocat", 1000.0, b"0" * 16, {"n": 2, "r": 8, "p": 1})


class Node:
    """A node that serves ``wa_id``, or that does not answer."""

    def __init__(self, status="connected", wa_id=NUMBER):
        self.status, self.wa_id = status, wa_id

    def health(self):
        return {"gateway_status": self.status}

    def application(self):
        if self.wa_id is None:
            raise RuntimeError("secret-in-an-exception")
        return {"wa_id": self.wa_id}


def process(node=None, **more):
    return _host_runner.HostProcess(lambda request: node or Node(), lambda: 5000.0, lambda: 2.0, 1.5, **more)


def where(tmp_path):
    return {"state_dir": str(tmp_path / "state"), "number_dir": str(tmp_path / "state" / ID)}


def intend(tmp_path, expected=None, only_if=None):
    return {
        "op": "intend",
        **where(tmp_path),
        "phone_number_id": ID,
        "expected": expected,
        "only_if": only_if,
        "answer_seconds": 75.0,
        "confirm_seconds": 120.0,
        "lease": LEASE,
    }


def last_look(tmp_path, node=None, digest=DOCUMENT["digest"], backup_file=True):
    path = str(tmp_path / "backup.json") if backup_file else None
    wanted = {"node": NODE, "backup_file": path, "backup_digest": digest}
    requests = [
        {"op": "look", **where(tmp_path), "backup_file": path, "key": _encryption.new_key()},
        {"op": "node", "number": NUMBER, "gather": ["health", "application"]},
        intend(tmp_path, only_if=wanted),
    ]
    return _host_runner.answer(requests, process(node))


def written(tmp_path):
    path = tmp_path / "state" / ID / "attempt_log.json"
    return json.loads(path.read_text()) if path.exists() else None


def put(tmp_path, log):
    folder = tmp_path / "state" / ID
    _hostfiles.make_directory(str(folder))
    _hostfiles.write_private(str(folder / "attempt_log.json"), log if isinstance(log, str) else attempt_log.dump(log))


@pytest.fixture
def stored(tmp_path):
    _hostfiles.write_private(str(tmp_path / "backup.json"), json.dumps(DOCUMENT))
    return tmp_path


def test_the_intent_is_written_where_all_is_as_wanted(stored):
    look, node, intent = last_look(stored)
    assert intent["committed"] and node["node"]["wa_id"] == NUMBER and look["attempt_log"] is None
    (attempt,) = written(stored)["attempts"]
    assert attempt["outcome"] == "intent" and attempt["at"] == "1970-01-01T01:23:20Z", "by the clock of the host"
    assert written(stored)["lease"]["until"] == "1970-01-01T01:26:35Z" and intent["after"] == 0.5


def test_without_a_backup_none_is_looked_at(tmp_path):
    assert last_look(tmp_path, backup_file=False)[2]["committed"]


@pytest.mark.parametrize(
    "node", [Node("disconnected"), Node("unregistered"), Node(wa_id="15550120002"), Node(wa_id=""), Node(wa_id=None)]
)
def test_the_intent_is_held_back_from_a_node_that_is_not_as_wanted(stored, node):
    assert last_look(stored, node)[2] == {"committed": False, "held_back": True}
    assert written(stored) is None


@pytest.mark.parametrize("digest", ["another", None, ""])
def test_the_intent_is_held_back_from_another_backup(stored, digest):
    assert last_look(stored, digest=digest)[2].get("held_back")
    (stored / "backup.json").unlink()
    assert last_look(stored)[2].get("held_back")
    assert written(stored) is None


def tried(outcome):
    log = attempt_log.with_intent(attempt_log.fresh(ID), 4000.0, 4100.0, "run-0", "there", 3, NUMBER)
    return log if outcome == "intent" else attempt_log.with_outcome(log, 4001.0, outcome)


@pytest.mark.parametrize("outcome", ["intent", "registered", "refused", "not sent", "unconfirmed"])
def test_the_intent_is_held_back_where_somebody_has_tried(stored, outcome):
    put(stored, tried(outcome))
    assert last_look(stored)[2].get("held_back")
    assert written(stored) == tried(outcome)


@pytest.mark.parametrize("text", ["", "no JSON", '{"format": "wabiz.attempt_log/9"}', "[]"])
def test_the_intent_is_held_back_where_the_record_is_damaged(stored, text):
    put(stored, text)
    assert last_look(stored)[2].get("held_back")


def test_the_intent_is_held_back_where_the_files_are_not_safe(stored):
    put(stored, attempt_log.fresh(ID))
    (stored / "state").chmod(0o777)
    look, _node, intent = last_look(stored)
    assert look["faults"] and intent.get("held_back")


def test_the_intent_is_not_written_over_what_changed_since(tmp_path):
    put(tmp_path, tried("refused"))
    (answer,) = _host_runner.answer([intend(tmp_path, expected=None)], process())
    assert answer["committed"] is False and len(written(tmp_path)["attempts"]) == 1


def test_nothing_is_taken_up_after_a_change_that_failed(tmp_path):
    (tmp_path / "state").write_text("no directory")
    requests = [
        {"op": "look_snapshot", **where(tmp_path)},  # a read that fails stops nothing
        intend(tmp_path),
        {"op": "node", "number": NUMBER, "gather": ["health"]},
    ]
    answers = _host_runner.answer(requests, process())
    assert len(answers) == 2 and all("is not a directory" in answer["error"] for answer in answers)


def fails(_request):
    raise RuntimeError("secret-in-an-exception")


@pytest.mark.parametrize(
    ("request_", "at"),
    [
        ({"op": "node", "number": NUMBER, "gather": ["application"]}, "failure"),
        ({"op": "module", "module": "wa_backup"}, "result"),
        ({"op": "commit"}, "error"),
        ({"op": "no such"}, "error"),
    ],
)
def test_an_unexpected_error_comes_back_as_data_without_its_text(request_, at):
    (answer,) = _host_runner.answer([request_], process(Node(wa_id=None), module=fails))
    assert set(answer) == {at} and "secret-in-an-exception" not in json.dumps(answer)
    assert _host_runner.failed(answer)


def test_a_number_is_noted_as_compared_once(tmp_path):
    put(tmp_path, tried("registered"))
    request = {"op": "verified", **where(tmp_path), "phone_number_id": ID}
    assert _host_runner.answer([request], process())[0]["committed"]
    first = written(tmp_path)
    assert first["attempts"][0]["verified_at"] == "1970-01-01T01:23:20Z"
    assert _host_runner.answer([request], process())[0] == {"committed": True} and written(tmp_path) == first


def test_a_damaged_record_is_not_noted_as_compared(tmp_path):
    put(tmp_path, "no JSON")
    (answer,) = _host_runner.answer([{"op": "verified", **where(tmp_path), "phone_number_id": ID}], process())
    assert "cannot be used" in answer["error"]


@given(st.lists(st.sampled_from(["look", "node", "fails"]), max_size=6))
def test_answers_are_in_the_order_of_the_requests(kinds):
    def files(request):
        return {"error": "full"} if request["op"] == "commit" else {"seen": request["at"]}

    requests = [
        {"op": {"fails": "commit"}.get(kind, kind), "at": at, "number": "", "gather": []}
        for at, kind in enumerate(kinds)
    ]
    answers = _host_runner.answer(requests, process(files=files))
    assert len(answers) == (kinds.index("fails") + 1 if "fails" in kinds else len(kinds))
    assert all(found["seen"] == at for at, found in enumerate(answers) if "seen" in found)


def test_the_clock_of_the_look_is_the_hosts(tmp_path):
    look = _host_runner.answer([{"op": "look", **where(tmp_path), "backup_file": None, "key": ""}], process())[0]
    assert look["now"] == pytest.approx(time.time(), abs=5)
