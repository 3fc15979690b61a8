# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleet files: every fault of a bad file is reported at once, a good one is taken as it is written."""

from __future__ import annotations

import pytest
from wabiz_simulator import fleet, fleet_file
from wabiz_simulator.checks import FileError


def test_a_generated_fleet_is_taken() -> None:
    taken = fleet_file.parse(fleet.generate(12, wabas=3, success_form="string"))
    assert len(taken.numbers) == 12
    assert {number.waba_id for number in taken.numbers} == {waba.id for waba in taken.wabas}
    assert taken.numbers[0].switches.success_form == "string"
    assert taken.numbers[4].node is not None
    assert taken.numbers[4].node.shards == 2


def test_every_fault_is_reported_at_once() -> None:
    content = fleet.generate(5)
    content["app"].pop("token")
    content["surprise"] = 1
    content["switches"] = {"old_node": "gone", "latency_ms": -1}
    numbers = content["numbers"]
    numbers[0]["pin"] = 100000
    numbers[1]["pin"] = "12345"
    numbers[2]["waba_id"] = "999"
    numbers[3]["node"]["address"] = "10.0.0.1"
    numbers[4]["node"] = None
    numbers[4]["phone_number_id"] = numbers[3]["phone_number_id"]
    with pytest.raises(FileError) as caught:
        fleet_file.parse(content)
    reported = "\n".join(caught.value.faults)
    for part in (
        "app: token is missing",
        "fleet: unknown key surprise",
        "old_node must be one of",
        "latency_ms must be 0 or more",
        "numbers[0]: pin must be a string",
        "numbers[1]: pin must have six digits",
        "there is no WABA 999",
        "address must be a loopback IPv4 address",
        "numbers[4]: location on_premise needs a node, or node_gone: true",
        f"phone_number_id {numbers[3]['phone_number_id']} is given twice",
    ):
        assert part in reported, part
    assert len(caught.value.faults) == 10


@pytest.mark.parametrize("content", [None, [], "text", 3])
def test_anything_but_a_mapping_is_refused(content: object) -> None:
    with pytest.raises(FileError):
        fleet_file.parse(content)


def test_a_number_may_have_its_own_switches() -> None:
    content = fleet.generate(2, success_form="string")
    content["numbers"][1]["switches"] = {"old_node": "refused"}
    taken = fleet_file.parse(content)
    assert taken.numbers[0].switches.old_node == "disconnected"
    assert taken.numbers[1].switches.old_node == "refused"
    assert taken.numbers[1].switches.success_form == "string"


def test_shards_need_multiconnect() -> None:
    content = fleet.generate(1)
    content["numbers"][0]["node"]["shards"] = 4
    with pytest.raises(FileError, match="more than one shard needs multiconnect"):
        fleet_file.parse(content)


def test_a_number_of_the_phone_app_needs_no_node() -> None:
    content = fleet.generate(1)
    content["numbers"][0].update(is_on_biz_app=True, node=None)
    assert fleet_file.parse(content).numbers[0].node is None


@pytest.mark.parametrize(("stated", "expected"), [({}, "300000000000001"), ({"primary_funding_id": None}, None)])
def test_a_waba_has_a_payment_method_unless_it_is_said_otherwise(stated: dict[str, None], expected: str | None) -> None:
    content = fleet.generate(1)
    content["wabas"][0].update(stated)
    assert fleet_file.parse(content).wabas[0].primary_funding_id == expected
