# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers that are called, and the names of their settings. Data only."""

from __future__ import annotations

from typing import Mapping, NamedTuple

# The servers: both APIs, and four of the customer's own.
GRAPH = "graph"
ONPREM = "onprem"
WEBHOOK = "webhook"
FREEZE = "freeze"
REPORT = "report"
ECHO = "echo"


class Names(NamedTuple):
    """Name the options of one server; ``unverified`` is the one that disables verification, "" for none."""

    url: str
    ca_path: str
    unverified: str = ""


# The role has no input that disables the verification of Graph, so no error recommends it.
NAMES: Mapping[str, Names] = {
    GRAPH: Names("graph_url", "graph_ca_path"),
    ONPREM: Names("onprem_url", "onprem_ca_path", "onprem_validate_certs"),
    WEBHOOK: Names("webhook_url", "webhook_ca_path"),
    FREEZE: Names("freeze", "freeze_ca_path"),
    REPORT: Names("report_to", "report_to_ca_path"),
    ECHO: Names("echo", "echo_ca_path"),
}


def option(*names: str) -> str:
    """Return options as a message names them."""
    return " and ".join("O(%s)" % name for name in names)
