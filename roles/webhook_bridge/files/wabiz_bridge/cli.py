# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: the service itself, its state, and its dead letters."""

from __future__ import annotations

import argparse
import datetime
import json
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from . import config
from .store import Dead, Store, now


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="wabiz-bridge", description="Cloud API webhooks in the On-Premises shape.")
    parser.add_argument("--config", type=Path, help="settings, JSON; needed by all commands but check --stdin")
    parser.add_argument("--secrets", type=Path, help="secrets, JSON; default: secrets.json beside the settings")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="run the service")
    check = commands.add_parser("check", help="check settings and secrets, and end")
    check.add_argument("--stdin", action="store_true", help='read {"settings": {}, "secrets": {}} instead of files')
    commands.add_parser("status", help="how many events wait, and how many are dead letters, as JSON")
    dead = commands.add_parser("dead", help="dead letters").add_subparsers(dest="action", required=True)
    listed = dead.add_parser("list", help="one line for each, without contents")
    listed.add_argument("--limit", type=int, default=1000)
    dead.add_parser("show", help="one with its content, as JSON").add_argument("id", type=int)
    for name, text in (("replay", "hand on again, as the last of its contact"), ("drop", "delete")):
        chosen = dead.add_parser(name, help=text)
        which = chosen.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true")
        which.add_argument("--id", type=int, nargs="+", default=[])
    options = parser.parse_args(arguments)
    if options.config is None and not getattr(options, "stdin", False):
        parser.error("the following arguments are required: --config")
    return options


def _settings(options: argparse.Namespace) -> config.Settings:
    if not getattr(options, "stdin", False):
        return config.load(options.config, _secrets(options))
    given = json.load(sys.stdin)
    return config.checked(given["settings"], given["secrets"])


def _secrets(options: argparse.Namespace) -> Path:
    return options.secrets or config.secrets_path(options.config)


def _line(one: Dead) -> str:
    died = datetime.datetime.fromtimestamp(one.due, datetime.UTC).isoformat(timespec="seconds")
    return f"{one.id}\t{died}\t{one.kind}\t{one.number or '-'}\ttries {one.tries}\t{one.reason}"


def _dead(options: argparse.Namespace, store: Store) -> int:
    if options.action == "list":
        for one in store.dead(limit=options.limit):
            print(_line(one))
        return 0
    if options.action == "show":
        found = store.dead(dead_id=options.id)
        for one in found:
            shown = {"id": one.id, "kind": one.kind, "number": one.number, "contact": one.contact, "reason": one.reason}
            print(json.dumps({**shown, "tries": one.tries, "body": json.loads(one.body)}, indent=2))
        return _result(len(found), [] if found else [options.id], "shown")
    ids = [one.id for one in store.dead()] if options.all else options.id
    replays = options.action == "replay"

    def work() -> list[int]:
        return [one for one in ids if not (store.replay(one, now()) if replays else store.drop(one))]

    missing = store.write(work)
    return _result(len(ids) - len(missing), missing, "queued again" if replays else "deleted")


def _result(count: int, missing: list[int], done: str) -> int:
    print(f"{done}: {count}", file=sys.stderr)
    if missing:
        print(f"no such dead letter: {', '.join(map(str, missing))}", file=sys.stderr)
    return 1 if missing else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 done, 1 not done, 2 wrong settings."""
    options = _arguments(arguments)
    try:
        settings = _settings(options)
    except config.ConfigError as error:
        print(f"wabiz-bridge: {error}", file=sys.stderr)
        return 2
    if options.command == "check":
        return 0
    try:
        if options.command == "serve":
            from .server import serve

            return serve(options.config, _secrets(options))
        if not settings.database.exists():
            # a store that is made here would belong to whoever runs this, and not to the service
            print("wabiz-bridge: the service has stored nothing yet", file=sys.stderr)
            return 1
        store = Store(settings.database)
        try:
            if options.command == "status":
                print(json.dumps({**store.counters(), "oldest": store.oldest()}))
                return 0
            return _dead(options, store)
        finally:
            store.close()
    except (OSError, sqlite3.Error) as error:
        print(f"wabiz-bridge: {error}", file=sys.stderr)
        return 1
