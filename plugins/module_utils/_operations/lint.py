# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: find what an application has to change for the Cloud API, in its payloads, webhooks and source code."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, List, Mapping, Optional

from .. import _yaml
from .._core.facts import media_map
from .._core.lint import accepted, output
from .._failure import Failure, RefusedError, counted
from . import lint_links, lint_reading
from .context import Context, Outcome, Params
from .lint_run import Linter, Request
from .module import CONTROLLER, HOST, Module
from .options import Recorded, declare, option

CONTROLLER_SIDE, HOST_SIDE = "controller", "host"


@declare
class Options(Recorded):
    """The options of wa_lint."""

    paths: List[str] = option("list", required=True, elements="str")
    exclude: List[str] = option("list", [], elements="str")
    fix: bool = option("bool", False)
    media_map: Optional[str] = option("path")
    check_links: bool = option("bool", False)
    link_timeout: float = option("float", 10.0)
    fail_on: str = option("str", output.FAIL_ON[0], choices=list(output.FAIL_ON))
    baseline: Optional[str] = option("path")
    write_baseline: bool = option("bool", False)
    run_on: str = option("str", CONTROLLER_SIDE, choices=[CONTROLLER_SIDE, HOST_SIDE])


def perform(options: Options, context: Context) -> Outcome:
    """Lint the paths; fails where a finding is as severe as fail_on says, and returns all of them in any case."""
    paths = [_expanded(path) for path in options.paths]
    lost = lint_reading.missing(paths)
    if lost:
        raise RefusedError(
            Failure("no_such_path", "paths do not exist", ", ".join(lost), next_step="correct O(paths), then run again")
        )
    baseline = None if options.baseline is None else _expanded(options.baseline)
    known = {} if baseline is None or options.write_baseline else baseline_of(baseline)
    media = {} if options.media_map is None else media_of(_expanded(options.media_map), context.clock.now())
    links = lint_links.Links(options.link_timeout, context.clock.monotonic) if options.check_links else None
    linter = Linter(
        Request(
            paths=paths,
            exclude=options.exclude,
            fix=options.fix,
            write=not context.check_mode,
            media=media,
            link=None if links is None or context.check_mode else links.trouble,
            baseline=accepted.Baseline(known) if known else None,
        )
    )
    findings = list(linter.findings())
    changed = list(linter.changed)
    if options.write_baseline and baseline is not None:
        text = json.dumps(accepted.baseline(findings), indent=2) + "\n"
        if _written(baseline) != text:
            changed.append(baseline)
            if not context.check_mode:
                with open(baseline, "w", encoding="utf-8") as stream:
                    stream.write(text)
    result = {
        "findings": findings,
        "counts": output.counts(findings),
        "files": linter.files,
        "accepted": linter.accepted,
        "left_out": linter.left_out,
        "copies": linter.copies,
    }
    bad = [one for one in findings if output.fails(one["severity"], options.fail_on) and not one["mended"]]
    failure = None
    if bad and not options.write_baseline:
        failure = Failure(
            "differences",
            "%s of severity %s or worse" % (counted(len(bad), "finding"), options.fail_on),
            output.text(bad[0]),
            next_step="correct them, accept them with O(baseline), or set O(fail_on)",
        )
    return Outcome(bool(changed), result, before={"written": []}, after={"written": changed}, failure=failure)


def _expanded(path: str) -> str:
    return os.path.expanduser(os.path.expandvars(path))


def baseline_of(path: str) -> Dict[str, int]:
    """Return what a baseline file accepts; raises RefusedError for a file that is none."""
    try:
        with open(path, encoding="utf-8") as stream:
            return accepted.parse(lint_reading.parse(stream.read()))
    except (OSError, ValueError) as error:
        raise RefusedError(
            Failure("bad_baseline", "the baseline cannot be read", "%s: %s" % (path, error), next_step="write it anew")
        ) from None


def media_of(path: str, now: float) -> Dict[str, str]:
    """Return the mapping of media IDs in a JSON or YAML file: old ID to new ID, or to a mapping with the key id.

    A mapping may say when its ID ends (``expires_at``); one that has ended is left out.
    """
    try:
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        try:
            found = lint_reading.parse(text)
        except ValueError:
            found = next(iter(_yaml.documents(text)))[0]
        entries = found.get("media", found) if isinstance(found, Mapping) else None
        if not isinstance(entries, Mapping):
            raise ValueError("expected a mapping of old media IDs to new ones")
        usable = {
            old: new for old, new in entries.items() if not isinstance(new, Mapping) or media_map.usable(new, now)
        }
        return {str(old): _new_id(new) for old, new in usable.items()}
    except (OSError, ValueError, StopIteration) as error:
        raise RefusedError(
            Failure("bad_media_map", "the media map cannot be read", "%s: %s" % (path, error), next_step="correct it")
        ) from None


def _new_id(entry: Any) -> str:
    new = entry.get("id") if isinstance(entry, Mapping) else entry
    if not isinstance(new, str) or not new.isdigit():
        raise ValueError("a new media ID must be digits in quotes")
    return new


def _written(path: str) -> str:
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8", errors="replace") as stream:
        return stream.read()


def _where(params: Params) -> str:
    return HOST if params["run_on"] == HOST_SIDE else CONTROLLER


def _contradictions(_params: Params, stated: Mapping[str, Any]) -> Any:
    if "media_map" in stated and not stated.get("fix"):
        yield "media_map fix", "without fix nothing is mended, so the map is of no use"
    if stated.get("write_baseline") and "baseline" not in stated:
        yield "write_baseline baseline", "without the name of a baseline there is nothing to write"


MODULE = Module(
    name="wa_lint",
    options=Options,
    run=perform,
    narrowed=_where,
    contradictions=_contradictions,
)
