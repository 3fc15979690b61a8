# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the live view on a real pseudo-terminal: it stays in its place, and others print above it."""

from __future__ import annotations

import multiprocessing
import os

import pytest
from ansible_collections.wabiz.migration.plugins.plugin_utils import _terminal
from ansible_collections.wabiz.migration.plugins.plugin_utils._terminal import Terminal
from ansible_collections.wabiz.migration.tests.support.terminal import PseudoTerminal

VIEW = [("heading", "Wave 1 of 2"), ("bar", "[##--]"), ("wait", "2 numbers wait: paused")]


@pytest.fixture(params=["rich", "plain"])
def kind(request, monkeypatch):
    if request.param == "plain":
        monkeypatch.setattr(_terminal, "console", None)
    return request.param


@pytest.fixture
def terminal():
    made = PseudoTerminal(60)
    yield made
    made.close()


def shown(terminal, *last):
    assert terminal.wait_for(lambda: [line for line in terminal.screen.text if line] == list(last)), (
        terminal.screen.text
    )
    assert terminal.screen.unknown == []


def test_a_view_replaces_the_one_before(terminal, kind):
    view = Terminal(terminal.slave)
    view.paint(VIEW)
    shown(terminal, *(text for _kind, text in VIEW))
    view.paint(VIEW[:1])
    shown(terminal, "Wave 1 of 2")
    assert ("\x1b[1m" in terminal.output) == (kind == "rich"), "colours are of rich"


def test_what_others_print_stands_above_it(terminal, kind):
    view = Terminal(terminal.slave)
    view.paint(VIEW)
    assert view.above(lambda: os.write(terminal.slave, b"fatal: [h1]\n")) == 12
    view.paint(VIEW[:2])
    shown(terminal, "fatal: [h1]", "Wave 1 of 2", "[##--]")
    view.close()
    shown(terminal, "fatal: [h1]")
    view.paint(VIEW)
    view.above(lambda: os.write(terminal.slave, b"the end\n"))
    shown(terminal, "fatal: [h1]", "the end")


def test_no_colours_where_nobody_wants_them(terminal):
    Terminal(terminal.slave, colour=False).paint(VIEW)
    shown(terminal, *(text for _kind, text in VIEW))
    assert "\x1b[1m" not in terminal.output


def test_a_view_that_is_higher_than_the_terminal_is_cut(terminal, kind):
    terminal.resize(60, rows=3)
    view = Terminal(terminal.slave)
    view.paint(VIEW)
    view.paint(VIEW)
    shown(terminal, "Wave 1 of 2", "[##--]")


def test_a_line_that_is_wider_than_the_terminal_does_not_wrap(terminal, kind):
    view = Terminal(terminal.slave)
    for _unused in range(3):
        view.paint([("heading", "x" * 200), ("bar", "y")])
    assert terminal.wait_for(lambda: len([line for line in terminal.screen.text if line]) == 2)


def test_a_forked_worker_changes_no_view(terminal):
    """The thread that paints may hold the lock when a worker is forked, and the worker has no such thread."""
    view = Terminal(terminal.slave)
    view.paint(VIEW)

    def work():
        view.above(lambda: None)
        view.paint([("heading", "of the worker")])
        view.close()
        os._exit(7)

    with view._lock:
        worker = multiprocessing.get_context("fork").Process(target=work)
        worker.start()
        worker.join(10)
    assert worker.exitcode == 7
    shown(terminal, *(text for _kind, text in VIEW))
