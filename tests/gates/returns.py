# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: writes the return values that modules share into each module, since Ansible has no fragments for RETURN."""

from __future__ import annotations

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "plugins" / "modules"
MARK = "# The same in every module, written by `make returns`:\n"
# These send no request that changes something. wa_report describes a `sent` of its own.
WITHOUT_REQUESTS = ("wa_inputs", "wa_lint", "wa_report", "wa_wait")
FAILURE = """\
failure:
  description:
    - What went wrong and what to do next. C(code) is the error code of the API, or a fixed name if no API returned one.
      C(fbtrace_id) is Meta's trace ID, for a ticket with Direct Support.
    - C(safe_to_rerun) says whether you can run the same command again as it is.
  returned: failure
  type: dict
  sample: {code: 133005, title: Two step verification PIN mismatch, details: "", fbtrace_id: AbCdEfGhIjK,
    safe_to_rerun: false, next_step: reset the PIN in WhatsApp Manager}
"""
REQUESTS = """\
sent:
  description: The requests before the failure that may have changed something, also those of earlier tasks of this run
    for the same host. Empty if only reads were sent.
  returned: failure, unless an option is wrong
  type: list
  elements: str
  sample: [POST subscribed_apps of WABA 102290129340398, POST backup on the node]
would_be_refused:
  description: Always V(true). The task would be refused without check mode, too.
  returned: failure in check mode, if a rule of this collection refused the task
  type: bool
"""
# the values of the module itself, then what this file writes
_RETURN = re.compile(rf'(?ms)^(RETURN = r"""\n.*?)(?:^{re.escape(MARK)}.*?)?(?=^""")')


def shared(module: str) -> str:
    """Return the text of the return values that a module shares with the others."""
    return MARK + FAILURE + ("" if module in WITHOUT_REQUESTS else REQUESTS)


def written(module: str, source: str) -> str:
    """Return the source of a module with the shared text at the end of its RETURN.

    Raise ValueError where the source has no RETURN.
    """
    text, count = _RETURN.subn(lambda found: found[1] + shared(module), source, count=1)
    if not count:
        raise ValueError(f"{module} has no RETURN")
    return text


def main() -> int:
    changed = []
    for path in sorted(FOLDER.glob("wa_*.py")):
        source = path.read_text("utf-8")
        text = written(path.stem, source)
        if text != source:
            path.write_text(text, "utf-8")
            changed.append(path.stem)
    print(f"changed: {', '.join(changed) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
