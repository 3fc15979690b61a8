# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the identity rule: the rewritings of four countries, and that no other two numbers are ever one."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import phone_number
from hypothesis import given
from hypothesis import strategies as st

SAME = [
    ("15550120001", "+1 555-012-0001"),
    ("16315551019", "+1 (631) 555.1019"),
    # Brazil: with and without the ninth digit of a mobile number
    ("551187654321", "+55 11 98765-4321"),
    ("5511987654321", "55 11 8765 4321"),
    ("554862345678", "5548962345678"),
    # Mexico: with and without 1 after the country code
    ("5215512345678", "+52 55 1234 5678"),
    # Argentina: with and without 9 after the country code
    ("5491123456789", "+54 11 2345-6789"),
    # Ivory Coast: a mobile number of 8 digits got its operator's prefix by its second digit
    ("22507654321", "+225 07 07 65 43 21"),
    ("22504654321", "2250504654321"),
    ("22501654321", "2250101654321"),
    ("22548123456", "2250748123456"),
    # and a fixed one one of three prefixes
    ("22520212223", "2252720212223"),
    ("22531212223", "2252531212223"),
    ("22522212223", "2252122212223"),
]

DIFFERENT = [
    ("", ""),
    ("", "15550120001"),
    ("no digits", "none here either"),
    ("15550120001", "15550120002"),
    ("15550120001", "5550120001"),
    ("15550120001", "115550120001"),
    ("15550120001", "0015550120001"),
    # Brazil: a fixed line has no ninth digit, another area code is another number
    ("551134567890", "5511934567890"),
    ("551187654321", "5521987654321"),
    ("551187654321", "5511887654321"),
    # Mexico and Argentina: another subscriber, or a digit too many
    ("5215512345678", "525512345679"),
    ("5215512345678", "52215512345678"),
    ("5215512345678", "5225512345678"),
    ("5491123456789", "541123456780"),
    ("5491123456789", "54981123456789"),
    # the rewriting of one country is none of another one
    ("4915512345678", "495512345678"),
    ("5415512345678", "545512345678"),
    ("5295512345678", "525512345678"),
    ("15491123456789", "1541123456789"),
    # Ivory Coast: another operator's prefix, or a fixed prefix before a mobile number
    ("22507654321", "2250507654321"),
    ("22547123456", "2250547123456"),
    ("22547123456", "2252747123456"),
    # two fixed numbers of two operators
    ("2252520212223", "2252720212223"),
    # digits of another script are no digits of a phone number
    ("١٥٥٥٠١٢٠٠٠١", "15550120001"),
]

numbers = st.builds(
    lambda country, rest: country + rest,
    st.sampled_from(["1", "7", "33", "49", "52", "521", "54", "549", "55", "5511", "225", "22507", "22527", "225012"]),
    st.text("0123456789", min_size=4, max_size=11),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_number_in_two_writings(one, other):
    assert [phone_number.same(*pair) for pair in ((one, other), (other, one))] == [True, True]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_numbers(one, other):
    assert [phone_number.same(*pair) for pair in ((one, other), (other, one))] == [False, False]


@pytest.mark.parametrize(
    ("written", "digits"), [("+1 555-012-0001", "15550120001"), ("", ""), ("wa_id", ""), ("٣1", "1"), ("²3", "3")]
)
def test_digits(written, digits):
    assert phone_number.digits(written) == digits


@given(numbers)
def test_a_number_is_itself_however_it_is_punctuated(number):
    assert phone_number.same(number, "+" + "-".join(number))
    assert number in phone_number.forms(number)


@given(numbers, numbers)
def test_same_is_symmetric(one, other):
    there, back = (phone_number.same(*pair) for pair in ((one, other), (other, one)))
    assert there == back


@given(numbers, st.data())
def test_a_form_keeps_the_country_and_the_subscriber(number, data):
    form = data.draw(st.sampled_from(sorted(phone_number.forms(number))))
    assert phone_number.same(number, form)
    assert form[:2] == number[:2]
    assert form[-8:] == number[-8:] or form == number
    assert abs(len(form) - len(number)) <= 2


@given(st.text("0123456789", min_size=1, max_size=13).filter(lambda text: text[:2] not in ("52", "54", "55", "22")))
def test_other_countries_have_one_form(number):
    assert phone_number.forms(number) == {number}


@given(st.text(), st.text())
def test_any_text_is_judged(one, other):
    same = phone_number.same(one, other)
    assert same or phone_number.digits(one) != phone_number.digits(other) or not phone_number.digits(one)
