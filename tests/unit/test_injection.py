# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The injection of the fault matrix wraps private names of the product; only a few of its batches reach all of them."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _spec
from ansible_collections.wabiz.migration.plugins.module_utils._operations import attempt_log
from ansible_collections.wabiz.migration.tests.support.ansible_run import ROOT

SETTINGS = {"register_timeout": 2, "wire": 77.0, "at_meta": 0.5}


def test_what_would_take_minutes_is_shortened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "script.json").write_text(json.dumps({"settings": SETTINGS}))
    monkeypatch.setenv("WABIZ_FAULTS", str(tmp_path))
    monkeypatch.delenv("WABIZ_FAULTS_GATES", raising=False)
    location = importlib.util.spec_from_file_location("injection", ROOT / "tests/faults/inject/sitecustomize.py")
    assert location is not None and location.loader is not None
    injection = importlib.util.module_from_spec(location)
    location.loader.exec_module(injection)
    # put back after the test
    monkeypatch.setitem(_spec._RULES, "register_timeout", _spec._RULES["register_timeout"])
    monkeypatch.setattr(attempt_log, "AT_META", attempt_log.AT_META)
    timeouts = (_spec.ONPREM_OPTIONS["onprem_timeout"], _spec.GRAPH_OPTIONS["graph_timeout"])
    for option in timeouts:
        monkeypatch.setitem(option, "default", option["default"])
    with pytest.raises(ValueError, match="60 to 600 seconds"):
        _spec._RULES["register_timeout"](2)
    injection._shorten({"_spec": _spec, "_operations.attempt_log": attempt_log})
    assert _spec._RULES["register_timeout"](2) == 2
    assert [option["default"] for option in timeouts] == [77, 77]
    assert attempt_log.AT_META == 0.5
