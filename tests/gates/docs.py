# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: the documentation of plugins and roles as HTML, in build/docs/html; a fault in it ends the build."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import tree

DOCS = tree.ROOT / "build" / "docs"
# no intersphinx: other sites' inventories would need the network
CONF = """\
project = "wabiz.migration"
extensions = ["sphinx_antsibull_ext"]
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
html_theme = "alabaster"
html_copy_source = False
default_role = "any"
suppress_warnings = ["ref.ref"]
"""


def main() -> int:
    shutil.rmtree(DOCS, ignore_errors=True)
    # antsibull-docs refuses a directory that others may write to
    (DOCS / "rst").mkdir(parents=True, mode=0o700)
    (DOCS / "conf.py").write_text(CONF)
    commands = (
        [
            "antsibull-docs",
            "collection",
            "--fail-on-error",
            "--use-current",
            "--dest-dir",
            DOCS / "rst",
            "--squash-hierarchy",
        ],
        ["sphinx-build", "-W", "--keep-going", "-q", "-b", "html", "-c", DOCS, DOCS / "rst", DOCS / "html"],
    )
    source = tree.copy("docs-html")
    variables = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": tree.collections_path(source)}
    variables["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command, names in zip(commands, (["wabiz.migration"], []), strict=True):
        if subprocess.run([str(word) for word in [*command, *names]], env=variables, check=False).returncode:
            return 1
    print((DOCS / "html/index.html").relative_to(tree.ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
