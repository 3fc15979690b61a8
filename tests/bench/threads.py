# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limit: plain Python threads that make the very HTTP calls of a move, and nothing else.

Called with a file that names the calls of each number in their order, as another run's ledger has them.
"""

from __future__ import annotations

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests

TIMEOUT = 120


def play(job: dict[str, Any], number: dict[str, Any]) -> None:
    """Make the calls of one number, one session for each API, a login wherever the node wants one."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = job["ca_path"]
        token, data = "", ""
        for method, path, query in number["calls"]:
            graph = not path.startswith("/v1/")
            url = (job["graph_url"] if graph else number["node"]) + path + (f"?{query}" if query else "")
            options: dict[str, Any] = {"headers": {"Authorization": f"Bearer {job['token'] if graph else token}"}}
            if path.endswith("/users/login"):
                options = {"auth": ("admin", job["node_password"])}
            elif path.endswith("/register"):
                backup = {"password": job["backup_password"], "data": data}
                options["json"] = {"messaging_product": "whatsapp", "pin": number["pin"], "backup": backup}
            elif path.endswith("/settings/backup"):
                options["json"] = {"password": job["backup_password"]}
            answer = session.request(method, url.replace("REDACTED", job["token"]), timeout=TIMEOUT, **options)
            if answer.status_code >= 500:
                raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
            if path.endswith("/users/login"):
                token = answer.json()["users"][0]["token"]
            elif path.endswith("/settings/backup"):
                data = answer.json()["settings"]["data"]


def main(path: str) -> int:
    job = json.loads(Path(path).read_text())
    threading.stack_size(256 * 1024)
    with ThreadPoolExecutor(job["threads"]) as pool:
        for done in [pool.submit(play, job, number) for number in job["numbers"]]:
            done.result()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
