# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the webhook rule: the samples' shapes, the signature, and what each answer means."""

from __future__ import annotations

import json
import re

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import catalogue
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import webhook, webhook_samples
from ansible_collections.wabiz.migration.plugins.module_utils._failure import Failure
from hypothesis import given
from hypothesis import strategies as st

ME = webhook_samples.Recipient("102290129340398", "106540352242922", "15550783881")
NOW = 1800000000.7
SAMPLES = {sample.kind: sample.body for sample in webhook_samples.samples(ME, NOW, "4711")}


def reply(status=200, seconds=0.1, body=b"", location="", trouble=None, reached=True):
    return webhook.Reply(status, seconds, body, location, trouble, reached)


def change(kind):
    envelope = json.loads(SAMPLES[kind])
    assert envelope["object"] == "whatsapp_business_account"
    (entry,) = envelope["entry"]
    assert entry["id"] == ME.waba_id
    (only,) = entry["changes"]
    return entry, only["field"], only["value"]


def test_there_is_one_sample_of_each_kind():
    assert list(SAMPLES) == [
        "text",
        "audio with voice: true",
        "status",
        "status with error",
        "text without wa_id",
        "status without recipient_id",
        "template status",
        "account update",
    ]


@pytest.mark.parametrize("kind", list(SAMPLES)[:6])
def test_samples_of_messages_name_the_number_and_are_tests(kind):
    entry, field, value = change(kind)
    assert (set(entry), field) == ({"id", "changes"}, "messages")
    assert value["messaging_product"] == "whatsapp"
    assert value["metadata"] == {
        "display_phone_number": ME.display_phone_number,
        "phone_number_id": ME.phone_number_id,
    }
    (row,) = value.get("messages") or value.get("statuses")
    assert row["id"].startswith("wamid.TEST")
    assert row["id"].endswith("4711")
    assert row["timestamp"] == "1800000000"
    named = [row.get(name) for name in ("from", "recipient_id", "from_user_id", "recipient_user_id") if name in row]
    assert named == [webhook_samples.USER_ID if "without" in kind else webhook_samples.SENDER]


def test_a_user_id_alone_names_the_user():
    text = change("text without wa_id")[2]
    contact = {
        "profile": {"name": "TEST wabiz.migration", "username": "wabiz_migration_test"},
        "user_id": webhook_samples.USER_ID,
    }
    assert text["contacts"] == [contact]
    (message,) = text["messages"]
    assert set(message) == {"from_user_id", "id", "timestamp", "type", "text"} and "TEST" in message["text"]["body"]
    status = change("status without recipient_id")[2]
    (row,) = status["statuses"]
    assert set(row) == {"id", "status", "timestamp", "recipient_user_id"} and status["contacts"] == [contact]
    # a country, a point, and up to 128 letters and digits
    assert re.match(r"^[A-Z]{2}\.[A-Za-z0-9]{1,128}\Z", webhook_samples.USER_ID)
    for kind in ("text without wa_id", "status without recipient_id"):
        assert webhook_samples.SENDER not in SAMPLES[kind].decode().replace(webhook_samples.USER_ID, "")


@pytest.mark.parametrize("kind", ["text without wa_id", "status without recipient_id"])
def test_an_event_of_a_user_id_that_was_not_taken_is_a_finding_of_its_own(kind):
    assert webhook.event_failure(kind, reply(), 5) is None
    failure = webhook.event_failure(kind, reply(500), 5)
    assert failure.code == "webhook_user_id" and failure.details == "Kind %s: HTTP 500 after 0.1 s" % kind
    assert "from_user_id" in failure.next_step and "wamid.TEST" in failure.next_step


def test_shapes():
    text = change("text")[2]
    assert text["contacts"] == [{"profile": {"name": "TEST wabiz.migration"}, "wa_id": webhook_samples.SENDER}]
    assert text["messages"][0]["type"] == "text"
    assert "TEST" in text["messages"][0]["text"]["body"]
    audio = change("audio with voice: true")[2]["messages"][0]
    assert audio["type"] == "audio"
    assert audio["audio"]["voice"] is True
    assert set(audio["audio"]) == {"mime_type", "sha256", "id", "voice"}
    assert change("status")[2]["statuses"][0]["status"] == "delivered"
    failed = change("status with error")[2]["statuses"][0]
    assert failed["status"] == "failed"
    assert set(failed["errors"][0]) == {"code", "title", "message", "error_data", "href"}
    assert set(failed["errors"][0]["error_data"]) == {"details"}
    entry, field, value = change("template status")
    assert (field, entry["time"], value["event"]) == ("message_template_status_update", 1800000000, "APPROVED")
    entry, field, value = change("account update")
    assert (field, entry["time"]) == ("account_update", 1800000000)
    assert value["event"] == "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE"


def test_ids_are_of_this_run_and_differ():
    def ids(nonce):
        found = [body.decode() for _kind, body in webhook_samples.samples(ME, NOW, nonce)]
        found += [
            webhook_samples.unsigned(kind, ME, NOW, nonce).body.decode() for kind in ("a", webhook_samples.NO_SIGNATURE)
        ]
        return [word for text in found for word in text.split('"') if word.startswith("wamid.")]

    assert len(ids("1")) == len(set(ids("1"))) == 8
    assert not set(ids("1")) & set(ids("2"))


def test_a_sample_that_is_parsed_and_written_again_has_other_bytes():
    """So that an endpoint is found that signs what it wrote and not what came."""
    body = SAMPLES["text"]
    assert json.dumps(json.loads(body), separators=(",", ":"), ensure_ascii=False).encode() != body
    assert body.isascii()


@given(waba=st.text(), number=st.text(), display=st.text(), nonce=st.text())
def test_samples_are_json_whatever_the_ids_are(waba, number, display, nonce):
    recipient = webhook_samples.Recipient(waba, number, display)
    for sample in webhook_samples.samples(recipient, NOW, nonce):
        assert json.loads(sample.body)["entry"][0]["id"] == waba


def test_the_signature_is_the_one_of_rfc_4231():
    assert (
        webhook_samples.signature("Jefe", b"what do ya want for nothing?")
        == "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


@given(secret=st.text(min_size=1), body=st.binary(), other=st.binary())
def test_signatures(secret, body, other):
    right = webhook_samples.signature(secret, body)
    assert len(right) == len("sha256=") + 64
    assert webhook_samples.wrong_signature(secret, body) != right
    assert len(webhook_samples.wrong_signature(secret, body)) == len(right)
    assert (webhook_samples.signature(secret, other) == right) == (other == body)


def test_a_challenge_is_answered_by_itself_alone():
    def judged(**answer):
        return webhook.challenge_failure(reply(**answer), "4711", 5)

    assert judged(body=b"4711") is None
    assert "not the challenge" in judged(body=b"4712").details
    assert "something around it" in judged(body=b'"4711"').details
    assert "something around it" in judged(body=b"4711\n").details
    assert "HTTP 201 after 0.1 s" in judged(status=201, body=b"4711").details
    assert "later than 5 s" in judged(body=b"4711", seconds=5.2).details
    assert "lost [answer_lost]" in judged(status=0, trouble=Failure("answer_lost", "lost")).details


def test_a_wrong_token_must_not_get_the_challenge():
    def judged(**answer):
        return webhook.wrong_token_failure(reply(**answer), "4711")

    assert judged(body=b"4711").code == "webhook_any_token"
    assert judged(body=b'{"hub.challenge": "4711"}') is not None
    for right in (
        {"status": 403, "body": b"4711 is not for you"},
        {"body": b"no"},
        {"status": 0, "trouble": Failure("answer_lost", "lost")},
    ):
        assert judged(**right) is None


@pytest.mark.parametrize(
    ("answer", "seen", "fix"),
    [
        ({"status": 500}, "HTTP 500 after 0.1 s", "wamid.TEST"),
        ({"status": 202}, "HTTP 202", "200"),
        ({"status": 401}, "HTTP 401", "O(app_secret)"),
        ({"status": 403}, "HTTP 403", "received bytes"),
        ({"status": 302, "location": "a.example.com"}, "a redirect to a.example.com, which is not", "webhook_url"),
        ({"seconds": 6.0}, "HTTP 200 after 6.0 s, later than 5 s", "at once"),
        ({"status": 0, "trouble": Failure("read_timeout", "too late")}, "too late [read_timeout]", "at once"),
    ],
)
def test_a_signed_event_is_answered_with_200_in_time(answer, seen, fix):
    assert webhook.event_failure("status", reply(), 5) is None
    assert webhook.event_failure("status", reply(seconds=5.0), 5) is None
    failure = webhook.event_failure("status", reply(**answer), 5)
    assert failure.code == "webhook_event"
    assert failure.details.startswith("Kind status: ")
    assert seen in failure.details
    assert fix in failure.next_step


@pytest.mark.parametrize("status", range(100, 600))
def test_what_is_not_signed_is_taken_with_a_good_status_only(status):
    taken = 200 <= status <= 299
    wrong, missing = (
        webhook.wrong_signature_failure(reply(status)),
        webhook.no_signature_failure(reply(status)),
    )
    assert [wrong is not None, missing is not None] == [taken, taken]
    if taken:
        assert (wrong.code, missing.code) == ("webhook_forged", "webhook_unsigned")
    assert (webhook.event_failure("text", reply(status), 5) is None) == (status == 200)


def test_an_endpoint_that_cannot_be_reached():
    gone = Failure("tls_failed", "The certificate is not accepted", "expired", next_step="renew it")
    failure = webhook.unreachable(reply(0, trouble=gone, reached=False))
    assert failure.code == "webhook_unreachable"
    assert failure.details == "The certificate is not accepted [tls_failed]. expired"
    assert failure.next_step == "renew it"
    assert webhook.unreachable(reply(0, trouble=gone)) is None
    assert webhook.unreachable(reply()) is None


@given(body=st.binary().filter(lambda body: b"4711" not in body), status=st.integers(100, 599))
def test_nothing_of_the_body_is_told(body, status):
    for failure in (
        webhook.challenge_failure(reply(status, body=b"\xff" + body), "4711", 5),
        webhook.event_failure("text", reply(status, body=body), 5),
        webhook.wrong_signature_failure(reply(status, body=body)),
    ):
        assert failure is None or failure == webhook_without_body(failure, status)


def webhook_without_body(failure, status):
    """Return the failure that the same status gives with another body of the same sort."""
    return {
        "webhook_challenge": webhook.challenge_failure(reply(status, body=b"\xff"), "4711", 5),
        "webhook_event": webhook.event_failure("text", reply(status), 5),
        "webhook_forged": webhook.wrong_signature_failure(reply(status)),
    }[failure.code]


def test_every_failure_is_in_the_catalogue_with_all_that_its_page_says():
    mine = ["WM%d" % number for number in (*range(160, 168), 206)]
    entries = {code: entry for code, entry in catalogue.CATALOGUE.items() if entry.id in mine}
    assert sorted(entry.id for entry in entries.values()) == mine
    for entry in entries.values():
        assert entry.title
        assert entry.why
        assert entry.fix
        assert entry.waivable == (entry.severity == catalogue.BLOCKER)
    for note in (webhook.NOT_TRIED, webhook.NOT_SENT):
        assert entries[str(note.code)].severity == catalogue.NOTE
