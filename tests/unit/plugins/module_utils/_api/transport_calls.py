# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the transport share: secrets to look for, and a call that fails."""

from __future__ import annotations

import traceback
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api import errors, retry
from ansible_collections.wabiz.migration.plugins.module_utils._api.transport import Transport

TOKEN = "EAAsecretTOKENvalue0123456789"


PIN = "918273"


NUMBER = "+1 555 0100"


def fails(transport: Transport, kind: str = retry.NEVER, method: str = "POST", **options: Any) -> errors.ApiError:
    """Make a call with secrets in header, query and body that must fail; return the error."""
    options.setdefault("body", None if method == "GET" else {"pin": PIN, "backup": {"password": "hunter2hunter2"}})
    with pytest.raises(errors.ApiError) as caught:
        transport.call(method, "/v25.0/1/register", kind=kind, params={"input_token": TOKEN}, **options)
    error = caught.value
    reported = (
        str(error) + repr(error) + repr(error.failure) + "".join(traceback.format_exception(type(error), error, None))
    )
    for secret in (TOKEN, PIN, "hunter2hunter2", "input_token"):
        assert secret not in reported
    assert NUMBER in str(error)
    assert error.__cause__ is None and error.__context__ is None
    assert (error.api, error.method, error.path) == ("graph", method, "/v25.0/1/register")
    return error
