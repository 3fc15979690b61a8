# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the checks of the architecture, fed with what they must find."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.tests.support.architecture import (
    arrows,
    claims,
    cycles,
    habits,
    impurities,
    layer,
    subject,
    too_new,
)

HEAD = (
    "# Copyright: (c) 2026, wabiz.migration contributors\n# GNU General Public License v3.0+ (see LICENSE)\n"
    "# SPDX-License-Identifier: GPL-3.0-or-later\n"
)
GOOD = HEAD + '"""Rule: something. Pure."""\n\nfrom __future__ import annotations\n'


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("module_utils/_core/cutover/pin.py", "import os"),
        ("module_utils/_core/cutover/pin.py", "import time"),
        ("module_utils/_core/cutover/pin.py", "import socket"),
        ("module_utils/_core/cutover/pin.py", "import random"),
        ("module_utils/_core/cutover/pin.py", "import requests"),
        ("module_utils/_core/cutover/pin.py", "from ansible.module_utils.basic import AnsibleModule"),
        ("module_utils/_core/cutover/pin.py", "def f():\n    import os"),
        ("module_utils/_core/cutover/pin.py", "from ..._operations import context"),
        ("module_utils/_core/cutover/pin.py", "from ..._api.errors import NO"),
        ("module_utils/_core/cutover/pin.py", "from ... import _hostfiles"),
        ("module_utils/_core/facts/node.py", "from ..cutover import pin"),
        ("module_utils/_core/cutover/pin.py", "from . import no_such_rule"),
        (
            "module_utils/_core/cutover/pin.py",
            "from ansible_collections.wabiz.migration.plugins.module_utils import _failure",
        ),
        ("module_utils/_api/graph.py", "from .._core.facts import location"),
        ("module_utils/_api/graph.py", "from .. import _encryption"),
        ("module_utils/_api/graph.py", "import yaml"),
        ("module_utils/_operations/register.py", "import requests"),
        ("module_utils/_operations/register.py", "import urllib3"),
        ("module_utils/_operations/register.py", "from ansible import constants"),
        ("module_utils/_operations/register.py", "from .. import _runner"),
        ("module_utils/_operations/register.py", "from .. import _spec"),
        ("module_utils/_runner.py", "from ansible.module_utils.basic import AnsibleModule"),
        ("module_utils/_failure.py", "from ._core.cutover import pin"),
        ("module_utils/_encryption.py", "import cryptography"),
        ("module_utils/_hostfiles.py", "from ._failure import Failure"),
        ("modules/wa_health.py", "from ..module_utils._api import graph"),
        ("modules/wa_health.py", "from ..module_utils._core.facts import health"),
        ("modules/wa_health.py", "from ..plugin_utils import _worker_runner"),
        ("action/wa_health.py", "from ..module_utils._core.facts import health"),
        ("action/wa_health.py", "from ..module_utils import _module_runner"),
        ("plugin_utils/_worker_runner.py", "import requests"),
        ("plugin_utils/_worker_runner.py", "from ..action import wa_health"),
    ],
)
def test_a_wrong_arrow_is_seen(name, line):
    assert arrows(name, GOOD) == []
    assert len(arrows(name, GOOD + line + "\n")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "x = datetime.now()",
        "x = datetime.datetime.utcnow()",
        "x = date.today()",
        "x = time.time()",
        "x = open('f')",
        "print(1)",
    ],
)
def test_a_clock_or_a_file_is_seen(line):
    assert impurities(GOOD) == []
    assert len(impurities(GOOD + line + "\n")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "match x:\n    case 1: pass",
        "x = 'ab'.removeprefix('a')",
        "x = zip([], [], strict=True)",
        "@dataclass(frozen=True, slots=True)\nclass A: pass",
        "Alias = dict[str, int]",
        "Alias = str | None",
        "with (open('a') as a, open('b') as b): pass",
        "try: pass\nexcept* ValueError: pass",
    ],
)
def test_what_python_3_8_cannot_run_is_seen(line):
    assert too_new(GOOD + "def f(x: list[int] | None) -> dict[str, int]: ...\nx: tuple[int, ...] = ()\n") == []
    assert too_new(GOOD + line + "\n")


@pytest.mark.parametrize(
    "source",
    [
        GOOD + "assert True\n",
        GOOD + "# see issue 12\n",
        GOOD + "# fixes Issue #3\n",
        GOOD + 'X = "/home/somebody/x"\n',
        GOOD + 'X = "/home/somebody/x"\n',
        GOOD + "# TODO\n",
        GOOD.replace('"""Rule: something. Pure."""\n', ""),
        GOOD.replace("Rule: something. Pure.", "Rule: something"),
        GOOD.replace("Rule: something. Pure.", "Rule: something,\nand more of it."),
        GOOD.replace("from __future__ import annotations", "import re"),
        GOOD.replace("GPL-3.0-or-later", "MIT"),
        GOOD.replace("# Copyright", "# copyleft"),
        GOOD.replace("GNU General", "General"),
    ],
)
def test_a_bad_habit_is_seen(source):
    assert habits(GOOD) == []
    assert habits(source)


@pytest.mark.parametrize(
    "line",
    [
        "x = 'Frozen; nothing was sent. Wait'",
        "x = f'{1}, so nothing was written'",
        "x = Failure('a', 'No', next_step='go on; '\n 'Nothing has been changed')",
    ],
)
def test_a_claim_is_seen(line):
    assert claims(GOOD + 'def f():\n    """Say that nothing was sent."""\n') == []
    assert claims(GOOD + "x = 'In check mode nothing is sent to the endpoint, register was not sent'") == []
    assert len(claims(GOOD + line + "\n")) == 1


def test_a_cycle_is_seen():
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == ["a", "b", "c"]
    assert cycles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_a_file_in_no_layer_is_seen():
    for name in ("filter/something.py", "module_utils/_new.py", "modules/more/wa_new.py"):
        with pytest.raises(LookupError, match="is in no layer"):
            layer(name)
    with pytest.raises(LookupError, match="SUBJECTS"):
        subject("module_utils/_core/novelties/rule.py")
