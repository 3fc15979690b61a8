# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real browser as tests drive it: Debian's chromium without a window, and axe-core for accessibility."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.support.ansible_run import ROOT
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

AXE = ROOT / "build" / "axe" / "axe.min.js"
# What the standard asks for at level AA, and what axe-core advises beyond it.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
)


def missing() -> str | None:
    """Return why no page can be opened here, None where it can."""
    for name in ("chromium", "chromedriver"):
        if shutil.which(name) is None:
            return f"NOT TESTED in a browser: there is no {name} (apt-get install chromium chromium-driver)"
    return None


class Browser:
    """Hold one browser; each page is opened from a file, as from a mail, with nothing else to load."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def size(self, width: int, height: int, scale: float = 1) -> None:
        """Set the size of the view in CSS pixels; below 600 it is a telephone's."""
        facts = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", facts)

    def media(self, kind: str = "", scheme: str = "light") -> None:
        """Show the page as for ``kind`` ("" or print), by a user who prefers ``scheme`` (light or dark)."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": kind, "features": features})

    def open(self, path: Path, fragment: str = "") -> None:
        """Open a file anew, with the errors and the times of its own."""
        self.driver.get("about:blank")
        self.driver.get(path.as_uri() + fragment)

    def run(self, script: str, *arguments: Any) -> Any:
        """Return what a script of the page returns."""
        return self.driver.execute_script(script, *arguments)

    def drawn(self) -> None:
        """Wait until what a script has changed is on the screen, the parts that follow a moment later too."""
        frames = "let left = 6; (function next() { left-- ? requestAnimationFrame(next) : done() })()"
        self.driver.execute_async_script(f"const done = arguments[0]; {frames}")

    def errors(self) -> list[str]:
        """Return what the browser complains about, such as a script's exception or a request that is forbidden."""
        return [
            str(line["message"]) for line in self.driver.get_log("browser") if line["level"] in ("SEVERE", "WARNING")
        ]

    def violations(self) -> list[str]:
        """Return what axe-core finds wrong with the page as it is shown now."""
        if not AXE.exists():
            pytest.skip(
                "NOT CHECKED for accessibility: there is no axe-core (tests/gates/supplies.py fetches it with npm)"
            )
        self.driver.execute_script(AXE.read_text("utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[1]; axe.run(document, {runOnly: {type: 'tag', values: arguments[0]}}).then(done);",
            RULES,
        )
        assert found["passes"], "axe-core has checked nothing"
        return [
            f"{rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]


@contextmanager
def started() -> Iterator[Browser]:
    """Start a browser for a block; skips where there is none."""
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    options = webdriver.ChromeOptions()
    for flag in _FLAGS:
        options.add_argument(flag)
    options.binary_location = str(shutil.which("chromium"))
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.set_script_timeout(120)
    # A link to a part of the page is followed a moment after it was clicked.
    driver.implicitly_wait(2)
    try:
        yield Browser(driver)
    finally:
        driver.quit()
