# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what a number is called in texts."""

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._operations.context import Name

ID = "106540352242922"
READ = {"id": ID, "display_phone_number": "+1 631-555-1019"}


@pytest.mark.parametrize(
    ("stated", "subject"),
    [
        ({}, ""),
        ({"host": "berlin"}, ""),
        ({"waba_id": "102290129340398"}, "WABA 102290129340398"),
        ({"waba_id": "102290129340398", "host": "berlin"}, "WABA 102290129340398 (berlin)"),
        ({"phone_number_id": ID}, "Number " + ID),
        ({"phone_number_id": ID, "waba_id": "1", "host": "berlin"}, "Number %s (berlin)" % ID),
        ({"shown": "+1 631-555-1019", "host": "berlin"}, "Number +1 631-555-1019 (berlin)"),
    ],
)
def test_before_the_number_was_read(stated, subject):
    assert Name(**stated).subject == subject


def test_a_read_gives_the_number_its_name():
    name = Name(ID, "berlin")
    name.learn({"id": ID})
    assert str(name) == ID + " (berlin)"
    name.learn(READ)
    assert (str(name), name.subject) == ("+1 631-555-1019 (berlin)", "Number +1 631-555-1019 (berlin)")
    name.learn({**READ, "id": "1", "display_phone_number": "+1 631-555-0000"})
    assert str(name) == "+1 631-555-1019 (berlin)", "what was read of another number says nothing of this one"


def test_the_run_remembers_the_name():
    kept: list = []

    def task():
        return Name(ID, "berlin", recall=lambda: kept[-1] if kept else "", keep=kept.append)

    first = task()
    assert str(first) == ID + " (berlin)"
    first.learn(READ)
    first.learn(READ)
    second = task()
    assert str(second) == "+1 631-555-1019 (berlin)"
    second.learn(READ)
    task().learn(READ)
    assert kept == ["+1 631-555-1019"], "it is written once"


def test_without_anything_it_is_the_host():
    assert (str(Name(host="berlin")), str(Name())) == ("berlin", "")
