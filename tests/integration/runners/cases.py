# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of cases: what each module has to do, and what must come of it with either runner."""

from __future__ import annotations

from ansible_collections.wabiz.migration.tests.integration.runners.cases_backup import WA_BACKUP
from ansible_collections.wabiz.migration.tests.integration.runners.cases_comparison import WA_PROOF
from ansible_collections.wabiz.migration.tests.integration.runners.cases_echo import WA_ECHO
from ansible_collections.wabiz.migration.tests.integration.runners.cases_exit import WA_EXIT
from ansible_collections.wabiz.migration.tests.integration.runners.cases_graph import WA_HEALTH, WA_SUBSCRIBE
from ansible_collections.wabiz.migration.tests.integration.runners.cases_lint import WA_LINT
from ansible_collections.wabiz.migration.tests.integration.runners.cases_media import WA_MEDIA
from ansible_collections.wabiz.migration.tests.integration.runners.cases_number_move import WA_NUMBER_MOVE
from ansible_collections.wabiz.migration.tests.integration.runners.cases_profile import WA_PROFILE
from ansible_collections.wabiz.migration.tests.integration.runners.cases_recover import WA_RECOVER
from ansible_collections.wabiz.migration.tests.integration.runners.cases_register import WA_REGISTER
from ansible_collections.wabiz.migration.tests.integration.runners.cases_register_number import WA_REGISTER_NUMBER
from ansible_collections.wabiz.migration.tests.integration.runners.cases_retire import WA_RETIRE
from ansible_collections.wabiz.migration.tests.integration.runners.cases_sides import WA_INFO, WA_PREFLIGHT, WA_TWO_STEP
from ansible_collections.wabiz.migration.tests.integration.runners.cases_state import WA_STATE
from ansible_collections.wabiz.migration.tests.integration.runners.cases_traffic import WA_TRAFFIC
from ansible_collections.wabiz.migration.tests.integration.runners.cases_verify import WA_VERIFY

CASES = WA_BACKUP + WA_REGISTER + WA_REGISTER_NUMBER + WA_SUBSCRIBE + WA_HEALTH + WA_TWO_STEP + WA_INFO
CASES += WA_LINT + WA_PREFLIGHT + WA_PROOF + WA_STATE + WA_TRAFFIC + WA_PROFILE + WA_EXIT + WA_RECOVER + WA_VERIFY
CASES += WA_ECHO + WA_MEDIA + WA_RETIRE + WA_NUMBER_MOVE
# worker: inside of Ansible's worker. module: main() of the module. shipped: the module over a connection.
# split: Graph is called by the worker, the node and the files are reached over the connection.
RUNNERS = ("worker", "module", "shipped", "split")
