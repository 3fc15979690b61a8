# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The retry policy: a table of what goes out again, and properties that hold for every error."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api import codes, envelope, errors, retry
from ansible_collections.wabiz.migration.plugins.module_utils._api.codes_graph import GRAPH_CODES
from ansible_collections.wabiz.migration.plugins.module_utils._api.codes_onprem import ONPREM_CODES
from ansible_collections.wabiz.migration.plugins.module_utils._failure import Failure
from hypothesis import given
from hypothesis import strategies as st

POLICY = retry.RetryPolicy()
WHERE = errors.Where("graph", "1", "GET", "/x")
NODE = errors.Where("onprem", "1", "POST", "/x")


def graph(code: int, status: int = 400, **more: Any) -> errors.ApiError:
    return envelope.answer_error(WHERE, status, {"error": {"code": code, **more}})


def node(code: int, status: int = 400) -> errors.ApiError:
    return envelope.answer_error(NODE, status, {"errors": [{"code": code}]})


def fault(cls: Any, code: str = "x", **more: Any) -> errors.ApiError:
    error: errors.ApiError = cls(Failure(code=code, title="t"), **more)
    return error


@pytest.mark.parametrize(
    ("error", "reads", "changes"),
    [
        (fault(errors.ConnectError), True, True),
        (fault(errors.ProxyError), True, True),
        (fault(errors.ConnectError, "plain_http"), False, False),
        (fault(errors.ConnectError, "bad_credential"), False, False),
        (fault(errors.TlsError), False, False),
        (fault(errors.MissingLibraryError), False, False),
        (fault(errors.SendError), True, False),
        (fault(errors.ReadError), True, False),
        (fault(errors.ProtocolError, http_status=200), False, False),
        (fault(errors.ProtocolError, http_status=302), False, False),
        (fault(errors.ProtocolError, http_status=404), False, False),
        (fault(errors.ProtocolError, http_status=429), True, False),
        (fault(errors.ProtocolError, http_status=502), True, False),
        (graph(1), True, False),
        (graph(2, 503), True, False),
        (graph(3, 500), False, False),
        (graph(4), True, True),
        (graph(17), True, True),
        (graph(80007), True, True),
        (graph(80007, 429), True, True),
        (graph(130429), True, True),
        (graph(131000, 500), True, False),
        (graph(131016, 500), True, False),
        (graph(131057, 500), True, True),
        (graph(133004, 503), True, False),
        (graph(0, 401), False, False),
        (graph(10, 403), False, False),
        (graph(100), False, False),
        (graph(190, 401), False, False),
        (graph(200, 403), False, False),
        (graph(275, 403), False, False),
        (graph(368, 403), False, False),
        (graph(131031, 403), False, False),
        (graph(131045, 500), False, False),
        (graph(133005), False, False),
        (graph(133005, 500, is_transient=True), False, False),
        (graph(133008), False, False),
        (graph(133009), False, False),
        (graph(133015), False, False),
        (graph(133016), False, False),
        (graph(999999), False, False),
        (graph(999999, 400, is_transient=True), True, False),
        (graph(999999, 500), True, False),
        (envelope.answer_error(WHERE, 429, None), True, True),
        (node(1011), True, True),
        (node(1015), True, True),
        (node(1016), True, True),
        (node(1017), True, True),
        (node(1018), True, True),
        (node(1000, 500), True, False),
        (node(1023, 500), True, False),
        (node(1005, 403), False, False),
        (node(1006, 404), False, False),
        (node(1008), False, False),
        (node(1014, 500), False, False),
        (node(1024), False, False),
        (node(1031), False, False),
    ],
)
def test_table(error: errors.ApiError, reads: bool, changes: bool) -> None:
    for kind, again in ((retry.READ, reads), (retry.REFUSED_ONLY, changes), (retry.NEVER, False)):
        # 133015 and 133016 ask for waits beyond any budget here; a class that never repeats must not depend on that
        policy = retry.RetryPolicy(budget=1e7)
        choice = retry.decide(error, 1, 0.0, policy, kind, lambda: 0.0)
        assert isinstance(choice, retry.Wait) is again, (kind, choice)
        assert choice.why


@pytest.mark.parametrize(
    ("attempt", "draw", "seconds"),
    [(1, 0.0, 0.5), (2, 0.0, 1.0), (3, 0.0, 2.0), (1, 1.0, 0.25), (9, 0.0, 30.0), (99, 0.5, 22.5)],
)
def test_back_off(attempt: int, draw: float, seconds: float) -> None:
    choice = retry.decide(fault(errors.ReadError), attempt, 0.0, POLICY, retry.READ, lambda: draw)
    assert choice == retry.Wait(seconds, "t [x]")


def test_a_rate_limit_waits_longer_than_a_passing_fault() -> None:
    choice = retry.decide(graph(4), 1, 0.0, POLICY, retry.READ, lambda: 0.0)
    assert isinstance(choice, retry.Wait) and choice.seconds == 5.0


def test_the_hint_of_the_server_wins() -> None:
    error = fault(errors.ReadError, wait=41.0)
    assert retry.decide(error, 1, 0.0, POLICY, retry.READ, lambda: 0.0) == retry.Wait(
        41.0, "t [x]; the server asked for this wait"
    )
    choice = retry.decide(error, 1, 19.5, POLICY, retry.READ, lambda: 0.0)
    assert isinstance(choice, retry.GiveUp) and "41 s" in choice.why and "40 s are left" in choice.why


all_errors = st.one_of(
    st.builds(
        fault,
        st.sampled_from(
            [errors.ConnectError, errors.TlsError, errors.SendError, errors.ReadError, errors.ProtocolError]
        ),
        wait=st.none() | st.floats(0, 1e6),
        http_status=st.none() | st.integers(100, 599),
    ),
    st.builds(
        lambda where, code, status, wait, transient: envelope.answer_error(
            where,
            status,
            {"error": {"code": code, "is_transient": transient}, "errors": [{"code": code}]},
            wait,
        ),
        st.sampled_from([WHERE, NODE]),
        st.sampled_from([*GRAPH_CODES, *ONPREM_CODES]) | st.integers(-1, 10**6),
        st.integers(200, 599),
        st.none() | st.floats(0, 1e6),
        st.booleans(),
    ),
)
policies = st.builds(
    retry.RetryPolicy,
    budget=st.floats(0, 1e4),
    base=st.floats(0.01, 10),
    cap=st.floats(0.01, 100),
    jitter=st.floats(0, 1),
)
kinds = st.sampled_from([retry.READ, retry.REFUSED_ONLY, retry.NEVER])


@given(all_errors, st.integers(1, 10**6), st.floats(0, 2e4), policies, kinds, st.floats(0, 1))
def test_properties(
    error: errors.ApiError, attempt: int, elapsed: float, policy: retry.RetryPolicy, kind: str, draw: float
) -> None:
    choice = retry.decide(error, attempt, elapsed, policy, kind, lambda: draw)
    assert choice == retry.decide(error, attempt, elapsed, policy, kind, lambda: draw)
    if kind == retry.NEVER or (kind == retry.REFUSED_ONLY and error.acted != codes.NO):
        assert isinstance(choice, retry.GiveUp)
    if isinstance(choice, retry.Wait):
        assert choice.seconds >= 0.0
        assert elapsed + choice.seconds <= policy.budget * (1 + 1e-9) + 1e-6
        if error.wait is not None:
            assert choice.seconds >= error.wait
    if kind == retry.REFUSED_ONLY and isinstance(choice, retry.Wait):
        assert isinstance(retry.decide(error, attempt, elapsed, policy, retry.READ, lambda: draw), retry.Wait)


@given(st.floats(0, 1), st.floats(0, 300), policies)
def test_a_call_ends(draw: float, took: float, policy: retry.RetryPolicy) -> None:
    """However long each attempt takes, the waits add up to no more than the budget."""
    elapsed, waited, attempt = 0.0, 0.0, 0
    while attempt < 3000:
        attempt += 1
        elapsed += took
        choice = retry.decide(fault(errors.ReadError), attempt, elapsed, policy, retry.READ, lambda: draw)
        if isinstance(choice, retry.GiveUp):
            break
        elapsed += choice.seconds
        waited += choice.seconds
    assert waited <= policy.budget * (1 + 1e-9) + 1e-6
