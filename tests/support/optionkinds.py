# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each option is, in a table of the tests' own and not that of the product."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A number between two bounds, which are allowed themselves."""

    least: float
    most: float
    whole: bool = False


DAY, WEEK, YEAR = 86400, 604800, 31449600
KINDS: dict[str, str | Number] = {
    **dict.fromkeys(("phone_number_id", "waba_id", "app_id"), "id"),
    "pin": "pin",
    "pin_changed_at": "moment",
    "since": "moment",
    "code": "code",
    "code_lost_at": "moment",
    "language": "language",
    "code_language": "language",
    "accept_loss": "list of choices",
    "codes_file": "codes file",
    "phone_number": "phone number",
    **dict.fromkeys(("onprem_password", "backup_password", "verify_token", "webhook_verify_token"), "secret"),
    **dict.fromkeys(("access_token", "onprem_token", "app_access_token", "app_secret"), "token"),
    "onprem_username": "user name",
    **dict.fromkeys(("onprem_url", "graph_url"), "api address"),
    **dict.fromkeys(("override_callback_uri", "webhook_url"), "https address"),
    "graph_version": "version",
    **dict.fromkeys(
        ("graph_ca_path", "onprem_ca_path", "webhook_ca_path", "freeze_ca_path", "report_to_ca_path", "echo_ca_path"),
        "ca file",
    ),
    **dict.fromkeys(("state_dir", "dest", "backup_file"), "absolute path"),
    **dict.fromkeys(("about", "description", "address"), "profile text"),
    "email": "email",
    "websites": "websites",
    "vertical": "industry",
    "node_code": "node code",
    "cc": "country code",
    "cert": "certificate",
    "shards": "shards",
    "node_webhook_url": "https address",
    "photo": "photo",
    "clear": "list of choices",
    "plan_dest": "file to write",
    "report_dir": "folder",
    **dict.fromkeys(
        (
            "onprem_validate_certs",
            "graph_validate_certs",
            "clear_two_step",
            "without_backup",
            "state_durable",
            "allow_unverified",
            "restore_profile",
            "continue_after_wrong_pin",
            "force",
            "check_node",
            "require_quiet",
            "return_when_waiting",
            "pin_cleared",
            "remove_override",
            "from_snapshot",
            "after_node_yes",
            "not_on_cloud",
            "require_unchanged",
            "request_code",
            "details",
            "verdict",
            "show",
            "keep_failure",
            "waved",
            "soaked",
            "moves",
            "fix",
            "check_links",
            "check_limits",
            "write_baseline",
        ),
        "truth",
    ),
    **dict.fromkeys(
        (
            "graph_via",
            "state",
            "require",
            "side",
            "update_pin",
            "update_photo",
            "method",
            "phase",
            "on_blocker",
            "on_difference",
            "require_health",
            "data_localization_region",
            "purpose",
            "location",
            "fail_on",
            "run_on",
            "code_method",
            "lane",
        ),
        "choice",
    ),
    **dict.fromkeys(("quiet_queues", "quiet_counters", "hosts", "own_variables", "same_on_all_hosts"), "list"),
    **dict.fromkeys(("paths", "exclude", "lint_paths", "media_ids"), "list"),
    "echo": "source",
    "echo_wait": Number(0, DAY),
    "valid_for": Number(60, YEAR),
    "gather": "list of choices",
    **dict.fromkeys(
        ("traffic", "first", "from_vars", "result_vars", "argument_spec", "renamed", "seconds", "selected_by"),
        "mapping",
    ),
    "steps": "steps",
    "findings": "list of mappings",
    "purpose_rules": "purpose rules",
    "waves": "waves",
    "window": "window",
    "freeze": "freeze",
    "report_to": "destination",
    "report_to_header": "header",
    "plan": "plan",
    "waivers": "waivers",
    "token_must_last": Number(0, YEAR, whole=True),
    "backup_max_age": Number(0, YEAR, whole=True),
    "max_age": Number(0, YEAR, whole=True),
    "retry_for": Number(0, DAY),
    "onprem_retry_for": Number(0, DAY),
    "graph_retry_for": Number(0, DAY),
    "onprem_timeout": Number(0.1, 3600),
    "graph_timeout": Number(0.1, 3600),
    "webhook_timeout": Number(0.1, 3600),
    "link_timeout": Number(0.1, 3600),
    "register_timeout": Number(60, 600),
    "confirm_timeout": Number(0, DAY),
    "code_valid_for": Number(1, WEEK),
    "codes_limit": Number(1, 10, whole=True),
    "confirm_interval": Number(0.01, 3600),
    "health_wait": Number(0, DAY),
    "wait": Number(0, DAY),
    "wait_interval": Number(0.01, 3600),
    "wait_until": Number(0, 1e11),
    "interval": Number(0.01, 3600),
    "quiet_wait": Number(0, WEEK),
    "quiet_interval": Number(1, 3600),
    "soak": Number(0, WEEK),
    "code_wait": Number(0, WEEK),
    "codes_until": Number(0, 1e11),
    "quiet_queue": Number(0, 1e9),
    "quiet_rate": Number(0, 1e9),
    "attempts_limit": Number(1, 10, whole=True),
    "attempts_reserve": Number(0, 9, whole=True),
    "max_failed": Number(0, 1000000, whole=True),
    "fleet_size": Number(0, 1000000, whole=True),
    "max_failed_percent": Number(0, 100),
    "max_parallel_cutovers": Number(0, 100000, whole=True),
    "max_parallel_cutovers_per_waba": Number(0, 100000, whole=True),
}
# Any text will do, so that no value is bad.
FREE = {"title", "batch", "backup_digest", "vars_prefix", "names_prefix", "prefix", "result_var", "plan_artifact"}
FREE |= {"media_map", "baseline"}  # files that the operation reads
FREE |= {"report_dir"}  # a folder that cannot be written is worth a warning only
SECRET = {
    name
    for name, kind in KINDS.items()
    if kind in ("secret", "token", "pin", "code", "node code", "header", "destination")
}
