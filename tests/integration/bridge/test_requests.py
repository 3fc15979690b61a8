# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Meta gets from the bridge, and what the consumer gets: real processes, real sockets."""

from __future__ import annotations

import json
import socket
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from ansible_collections.wabiz.migration.tests.support.bridge import (
    NUMBER,
    SECRET,
    VERIFY,
    Bridge,
    Consumer,
    envelope,
    metadata,
    running,
    signature,
    text,
    wait_for,
)
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def consumer() -> Iterator[Consumer]:
    made = Consumer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory, consumer: Consumer) -> Iterator[Bridge]:
    folder = tmp_path_factory.mktemp("bridge")
    with running(folder, consumer.url, max_body=20_000, body_seconds=1.0) as made:
        yield made


def verify(bridge: Bridge, **query: str) -> tuple[int, bytes]:
    path = "/webhook?" + urlencode({f"hub.{name}": value for name, value in query.items()})
    return bridge.request("GET", path, private=False)


def test_the_url_is_verified(bridge: Bridge) -> None:
    assert verify(bridge, mode="subscribe", verify_token=VERIFY, challenge="1158201444") == (200, b"1158201444")
    for wrong in (
        {"mode": "subscribe", "verify_token": "other", "challenge": "1"},
        {"mode": "subscribe", "challenge": "1"},
        {"mode": "unsubscribe", "verify_token": VERIFY, "challenge": "1"},
        {"mode": "subscribe", "verify_token": VERIFY},
    ):
        status, answer = verify(bridge, **wrong)
        assert status == 403 and b"1" not in answer


def test_an_event_comes_in_the_old_shape_once(bridge: Bridge, consumer: Consumer) -> None:
    body = text("4911", "wamid.once")
    assert [bridge.post(body) for _at in range(3)] == [200, 200, 200]
    assert bridge.post(text("4911", "wamid.next")) == 200
    wait_for(lambda: "wamid.next" in consumer.ids())
    assert [one for one in consumer.ids() if one in ("wamid.once", "wamid.next")] == ["wamid.once", "wamid.next"]
    event = next(one for one in consumer.events if one["messages"][0]["id"] == "wamid.once")
    assert event == {
        "contacts": [{"profile": {"name": "A"}, "wa_id": "4911"}],
        "messages": [
            {
                "from": "4911",
                "id": "wamid.once",
                "timestamp": "1790000000",
                "type": "text",
                "text": {"body": "hello"},
            }
        ],
    }
    assert consumer.headers[-1]["path"] == "/hook?auth=secret-of-consumer"


def heard(bridge: Bridge, number: str) -> float | None:
    status, answer = bridge.get(f"/v1/numbers/{number}")
    found = json.loads(answer)
    assert set(found) == {"phone_number_id", "last_event_at"} and found["phone_number_id"] == number
    assert status == (404 if found["last_event_at"] is None else 200)
    at: float | None = found["last_event_at"]
    return at


def test_the_last_real_event_of_a_number_is_told_on_the_private_port_only(bridge: Bridge) -> None:
    number, other = "106540352242977", "106540352242978"
    assert heard(bridge, number) is None
    assert bridge.post(text("4917", "wamid.TEST.7", number=number)) == 200
    assert heard(bridge, number) is None, "a sample of preflight is no proof"
    began = time.time()
    assert bridge.post(text("4917", "wamid.real.7", number=number)) == 200
    first = heard(bridge, number)
    assert first is not None and began - 1 <= first <= time.time() + 1
    assert bridge.post(text("4917", "wamid.real.7", number=number)) == 200
    assert heard(bridge, number) == first, "a repetition by Meta is no new event"
    status = {"id": "wamid.status7", "status": "delivered", "timestamp": "1790000001", "recipient_id": "4917"}
    value = {"messaging_product": "whatsapp", "metadata": metadata(other), "statuses": [status]}
    assert bridge.post(envelope(value)) == 200
    assert heard(bridge, other) is not None
    assert bridge.request("GET", f"/v1/numbers/{number}", private=False)[0] == 404


def test_a_store_of_an_earlier_version_is_taken_on(tmp_path: Path, consumer: Consumer) -> None:
    with running(tmp_path, consumer.url) as bridge:
        assert bridge.post(text("4918", "wamid.before")) == 200
    connection = sqlite3.connect(tmp_path / "bridge.db")
    connection.executescript("DROP TABLE heard; PRAGMA user_version = 1;")
    connection.close()
    with running(tmp_path, consumer.url) as bridge:
        assert heard(bridge, NUMBER) is None
        assert bridge.post(text("4918", "wamid.after")) == 200
        assert heard(bridge, NUMBER) is not None


def test_a_wrong_signature_stores_nothing(bridge: Bridge, consumer: Consumer) -> None:
    before, body = bridge.metric("wabiz_bridge_events_total"), text("4912", "wamid.forged")
    for given_signature in ("", "sha256=" + "0" * 64, signature(body, "other"), signature(body + b" ")):
        assert bridge.post(body, given_signature) == 401
    assert bridge.request("POST", "/webhook", body, private=False)[0] == 401
    assert bridge.metric("wabiz_bridge_events_total") == before
    assert "wamid.forged" not in consumer.ids()


def test_a_second_secret_is_accepted(tmp_path: Path, consumer: Consumer) -> None:
    body = text("4913", "wamid.rotated")
    with running(tmp_path, consumer.url, secrets={"app_secrets": [SECRET, "new"]}) as bridge:
        assert bridge.post(body, signature(body, "new")) == 200
        wait_for(lambda: "wamid.rotated" in consumer.ids())


def test_a_malformed_body_is_400_and_an_unknown_shape_is_kept(bridge: Bridge) -> None:
    for body in (b"", b"{", b"[]", b"\xff", b'{"a":' * 3000, b'{"a":NaN}'):
        assert bridge.post(body) == 400
    before = bridge.status()["dead"]
    assert bridge.post(b'{"object":"another","entry":[]}') == 200
    assert bridge.status()["dead"] == before + 1
    assert "the shape of this event is not known" in bridge.run("dead", "list").stdout


def raw(bridge: Bridge, sent: bytes, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send bytes in parts, and return all that comes until the connection is closed."""
    with socket.create_connection(("127.0.0.1", bridge.port), timeout=10) as connection:
        connection.sendall(sent)
        for part in parts:
            time.sleep(pause)
            try:
                connection.sendall(part)
            except OSError:
                break
        answer = b""
        try:
            while found := connection.recv(65536):
                answer += found
        except ConnectionResetError:
            pass
        return answer


HEAD = b"POST /webhook HTTP/1.1\r\nHost: a\r\nX-Hub-Signature-256: sha256=00\r\n"


def test_a_body_over_the_limit_is_refused_before_it_is_read(bridge: Bridge) -> None:
    # a length that is stated: none of the body is sent
    assert raw(bridge, HEAD + b"Content-Length: 20001\r\n\r\n").startswith(b"HTTP/1.1 413")
    # a length that is not: the end of the body never comes
    chunk = b"1000\r\n" + b"a" * 0x1000 + b"\r\n"
    assert raw(bridge, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunk * 6).startswith(b"HTTP/1.1 413")
    assert raw(bridge, HEAD + b"Content-Length: " + b"9" * 4000 + b"\r\n\r\n")[9:10] == b"4"


def test_a_slow_body_ends(bridge: Bridge) -> None:
    began = time.monotonic()
    answer = raw(bridge, HEAD + b"Content-Length: 100\r\n\r\n", *[b"a"] * 20, pause=0.1)
    assert answer.startswith(b"HTTP/1.1 408") and time.monotonic() - began < 8


def test_a_client_that_goes_away_leaves_no_trace(bridge: Bridge) -> None:
    for _at in range(5):
        with socket.create_connection(("127.0.0.1", bridge.port)) as connection:
            connection.sendall(HEAD + b"Content-Length: 100\r\n\r\nabc")
    assert bridge.get("/healthz")[0] == 200


def test_what_is_private_is_not_on_the_public_port(bridge: Bridge) -> None:
    for path in ("/metrics", "/healthz", "/v1/media/1"):
        assert bridge.request("GET", path, headers={"Host": f"a:{bridge.private}"}, private=False)[0] == 404
    assert bridge.request("POST", "/webhook", b"{}", private=True)[0] == 404


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300)
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["messages", "statuses", "metadata", "from", "id", "errors"]), inner)
        ),
        max_leaves=8,
    ).map(envelope)
)
def test_any_signed_body_has_an_answer_and_no_traceback(bridge: Bridge, body: bytes) -> None:
    assert bridge.post(body) in (200, 400)
    # running() sees that the log has no traceback


def test_events_of_an_account_are_left_out_and_counted(bridge: Bridge, consumer: Consumer) -> None:
    assert bridge.post(envelope({"event": "X"}, field="account_update")) == 200
    wait_for(lambda: 'outcome="left out"' in bridge.get("/metrics")[1].decode())
    assert not any("event" in one for one in consumer.events)


def test_numbers_have_consumers_of_their_own(tmp_path: Path, consumer: Consumer) -> None:
    second = Consumer()
    try:
        consumers = {NUMBER: consumer.url, "2": second.url}
        with running(tmp_path, "", secrets={"consumers": consumers}) as bridge:
            for number, message_id in ((NUMBER, "wamid.n1"), ("2", "wamid.n2"), ("3", "wamid.n3")):
                assert bridge.post(text("4914", message_id, number=number)) == 200
            wait_for(lambda: second.ids() == ["wamid.n2"] and "wamid.n1" in consumer.ids())
            wait_for(lambda: bridge.status()["dead"] == 1)
            assert "no consumer is set for this number" in bridge.run("dead", "list").stdout
    finally:
        second.close()


def test_no_secret_is_in_log_or_command_line(bridge: Bridge) -> None:
    assert bridge.process
    line = Path(f"/proc/{bridge.process.pid}/cmdline").read_text()
    for secret in (SECRET, VERIFY, "secret-of-consumer"):
        assert secret not in bridge.log and secret not in line


def test_a_status_keeps_its_fields(bridge: Bridge, consumer: Consumer) -> None:
    status = {"id": "wamid.s", "status": "failed", "timestamp": "1", "recipient_id": "4915"}
    errors = [{"code": 131047, "title": "t", "message": "m", "error_data": {"details": "d"}}]
    assert bridge.post(envelope({"metadata": metadata(), "statuses": [{**status, "errors": errors}]})) == 200
    wait_for(lambda: "wamid.s" in consumer.ids())
    old = [{"code": 470, "title": "Re-engagement message", "details": "d"}]
    assert json.loads(json.dumps(consumer.events[-1])) == {"statuses": [{**status, "errors": old}]}
