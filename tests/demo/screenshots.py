# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Demo: takes the pictures of the report for README.md, of a fleet that has something of everything to say.

`make screenshots` calls it; it writes into docs/images, or into the folder that is named.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "build/collections"))

from ansible_collections.wabiz.migration.plugins.module_utils import _option_names
from ansible_collections.wabiz.migration.plugins.plugin_utils import _report_page
from ansible_collections.wabiz.migration.tests.support import browser
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.report import samples

COUNT = 200
# Name, width, height, color scheme, and the part of the page that is shown at the top.
PICTURES = (
    ("report", 1280, 900, "light", ""),
    ("report-dark", 1280, 900, "dark", ""),
    ("report-timeline", 1280, 900, "light", "timeline"),
    ("report-number", 1280, 900, "light", "n=dublin-0005"),
    ("report-telephone", 390, 844, "light", ""),
)


def main(folder: Path = ROOT / "docs" / "images") -> int:
    """Take each picture; return 1 where there is no browser."""
    reason = browser.missing()
    if reason is not None:
        print(reason)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as where, browser.started() as shown:
        page = Path(where) / "report.html"
        # Who looks at the pictures has the role's inputs.
        made = _option_names.written(samples.document_of(COUNT), _option_names.naming("wa_migrate_"))
        page.write_text(_report_page.render(made), "utf-8")
        for name, width, height, scheme, part in PICTURES:
            shown.size(width, height)
            shown.media("", scheme)
            shown.open(page, f"#{part}" if part else "")
            shown.run("document.activeElement.blur(); document.getElementById(arguments[0])?.scrollIntoView()", part)
            shown.drawn()
            path = folder / f"{name}.png"
            shown.driver.save_screenshot(str(path))
            print(f"{path}: {path.stat().st_size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
