# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of when the last event of a number came in, and of the row of a number without one."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import echo
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts.times import instant
from hypothesis import given
from hypothesis import strategies as st

NUMBER, OTHER = "106540352242922", "106540352242923"
AT = "2026-11-26T14:03:00Z"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", False),
        ("{}", False),
        ('{"%s": "%s"}' % (NUMBER, AT), True),
        ('{"%s": "%s"}' % (OTHER, AT), False),
        ('{"%s": null}' % NUMBER, False),
        ('{"%s": {"last_event_at": %d}}' % (NUMBER, instant(AT)), True),
        ('{"phone_number_id": "%s", "last_event_at": %d}' % (NUMBER, instant(AT)), True),
        ('{"phone_number_id": "%s", "last_event_at": null}' % NUMBER, False),
        ('{"phone_number_id": "%s", "last_event_at": "%s"}' % (OTHER, AT), False),
        (
            '[{"phone_number_id": "%s", "at": "2020-01-01"}, {"phone_number_id": %s, "at": "%s"}]'
            % (NUMBER, NUMBER, AT),
            True,
        ),
        ('{"phone_number_id": "%s", "at": "%s"}\n{"phone_number_id": "%s", "at": 1}\n' % (NUMBER, AT, NUMBER), True),
        ('{"phone_number_id": "%s", "at": "%s"}\n{"phone_num' % (NUMBER, AT), True),
    ],
)
def test_the_forms_of_a_report(text, seen):
    found = echo.last_event(text, NUMBER)
    assert found == (instant(AT) if seen else None)


@pytest.mark.parametrize("text", ["x\ny\n", "[1]", '"text"', '{"%s": "soon"}' % NUMBER, '[{"at": 1}]', "7"])
def test_what_is_no_report_is_named(text):
    with pytest.raises(ValueError, match=r"\bit\b"):
        echo.last_event(text, NUMBER)


@given(st.text())
def test_any_text_is_a_report_or_is_refused(text):
    try:
        echo.last_event(text, NUMBER)
    except ValueError as error:
        assert str(error)


def test_only_events_from_the_register_request_on_count():
    assert echo.counts(100.0, None) and echo.counts(100.0, 100.0)
    assert not echo.counts(99.0, 100.0) and not echo.counts(None, None)


def test_the_id_takes_its_place():
    assert echo.address_of("http://b/v1/numbers/{phone_number_id}", NUMBER) == "http://b/v1/numbers/" + NUMBER
