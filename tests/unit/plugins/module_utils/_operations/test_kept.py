# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An export and a notice in a container that is thrown away are refused before anything is read or sent."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import container
from ansible_collections.wabiz.migration.plugins.module_utils._failure import RefusedError
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES

ID = "106540352242922"


def context(fate: str) -> Any:
    """Return a context in which every client is missing."""
    return SimpleNamespace(process=SimpleNamespace(throwaway=fate), clients=None, check_mode=False)


@pytest.mark.parametrize(
    ("fate", "durable"), [(container.JOB, True), (container.JOB, None), (container.CONTAINER, None)]
)
@pytest.mark.parametrize(("module", "piece"), [("wa_export", "The export"), ("wa_notice", "The notice log")])
def test_what_would_be_lost_is_refused(tmp_path: Any, module: str, piece: str, fate: str, durable: Any) -> None:
    path = tmp_path / "recipients.txt"
    path.write_text("+1 631 555 0101\n")
    path.chmod(0o600)
    stated = {"phone_number_id": ID, "waba_id": ID, "state_durable": durable, "state_dir": "/var/lib/wabiz"}
    more = {"template": "ends", "recipients_file": str(path)} if module == "wa_notice" else {}
    with pytest.raises(RefusedError) as caught:
        MODULES[module].run(MODULES[module].typed({**stated, **more}), context(fate))
    assert caught.value.failure.code == "state_not_durable" and piece in caught.value.failure.details
