# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation, part of lint: the same on a command line."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any, List, Optional, TextIO

from .._core.lint import accepted, output, rehearsal, rule
from .._failure import WabizError, counted
from . import lint, lint_links, lint_reading
from .lint_run import Linter, Request

FORMATS = ("text", "json", "sarif")
# Exit statuses.
CLEAN, FOUND, MISUSED = 0, 1, 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="wa_lint",
        description="Find what has to change for the Cloud API in payloads, webhook samples, logs and source code.",
        epilog="Exit status: 0 without findings to fail on, 1 with some, 2 if the command cannot be carried out.",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file or a folder")
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("--fail-on", choices=output.FAIL_ON, default=output.FAIL_ON[0], help="default: %(default)s")
    parser.add_argument("--exclude", action="append", default=[], metavar="GLOB", help="leave files out")
    parser.add_argument("--fix", action="store_true", help="write mended copies beside the originals")
    parser.add_argument("--media-map", metavar="FILE", help="new media IDs by the old ones, for --fix")
    parser.add_argument("--check-links", action="store_true", help="request one media link of each host")
    parser.add_argument("--link-timeout", type=float, default=10.0, metavar="SECONDS")
    parser.add_argument("--baseline", metavar="FILE", help="what is accepted")
    parser.add_argument("--write-baseline", action="store_true", help="accept all that is found, in --baseline")
    rehearse = parser.add_mutually_exclusive_group()
    rehearse.add_argument(
        "--as-cloud", action="store_true", help="show what the On-Premises events of the files are on the Cloud API"
    )
    rehearse.add_argument(
        "--as-onprem",
        action="store_true",
        help="show what the Cloud API events of the files are on the On-Premises API",
    )
    parser.add_argument("--phone-number-id", default="PHONE_NUMBER_ID", help="for --as-cloud")
    parser.add_argument("--waba-id", default="WABA_ID", help="for --as-cloud")
    parser.add_argument("--phone-number", default="PHONE_NUMBER", help="for --as-cloud")
    return parser


def main(arguments: Optional[List[str]] = None, out: Optional[TextIO] = None, version: str = "0.1.0") -> int:
    """Carry out a command line and return its exit status."""
    stream = sys.stdout if out is None else out
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.write_baseline and not options.baseline:
        parser.error("--write-baseline needs --baseline")
    if options.media_map and not options.fix:
        parser.error("--media-map needs --fix")
    lost = lint_reading.missing(options.paths)
    if lost:
        parser.error("no such path: %s" % ", ".join(lost))
    try:
        if options.as_cloud or options.as_onprem:
            return _rehearse(options, stream)
        return _lint(options, stream, version)
    except WabizError as error:
        sys.stderr.write("wa_lint: %s. %s\n" % (error.failure.title, error.failure.details))
    except OSError as error:
        sys.stderr.write("wa_lint: %s\n" % error)
    return MISUSED


def _lint(options: Any, stream: TextIO, version: str) -> int:
    known = lint.baseline_of(options.baseline) if options.baseline and not options.write_baseline else {}
    linter = Linter(
        Request(
            paths=options.paths,
            exclude=options.exclude,
            fix=options.fix,
            media=lint.media_of(options.media_map, time.time()) if options.media_map else {},
            link=lint_links.Links(options.link_timeout, time.monotonic).trouble if options.check_links else None,
            baseline=accepted.Baseline(known) if known else None,
        )
    )
    status = CLEAN
    kept = []
    counts = dict.fromkeys(rule.SEVERITIES, 0)
    for finding in linter.findings():
        counts[finding["severity"]] += 1
        if output.fails(finding["severity"], options.fail_on) and not finding["mended"]:
            status = FOUND
        # text needs no memory, however much is found
        if options.format != "text" or options.write_baseline:
            kept.append(finding)
        if options.format == "text":
            stream.write(_printable(output.text(finding)) + "\n")
    if options.write_baseline:
        with open(options.baseline, "w", encoding="utf-8") as target:
            target.write(json.dumps(accepted.baseline(kept), indent=2) + "\n")
        status = CLEAN
    if options.format == "sarif":
        stream.write(json.dumps(output.sarif(kept, version), indent=2) + "\n")
    elif options.format == "json":
        summary = {"findings": kept, "counts": counts, "files": linter.files, "copies": linter.copies}
        stream.write(json.dumps({**summary, "accepted": linter.accepted, "left_out": linter.left_out}, indent=2) + "\n")
    else:
        stream.write("%s in %s.%s\n" % (_counts(counts), counted(linter.files, "file"), _more(linter)))
    return status


def _counts(counts: Any) -> str:
    return ", ".join(counted(count, name) for name, count in counts.items())


def _more(linter: Linter) -> str:
    parts = []
    if linter.accepted:
        parts.append(" %d accepted." % linter.accepted)
    if linter.left_out:
        parts.append(" %d more of rules with many findings in one file." % linter.left_out)
    if linter.copies:
        parts.append(" %s." % counted(len(linter.copies), "mended copy", "mended copies"))
    return "".join(parts)


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in text.encode("utf-8", "replace").decode("utf-8"))


def _rehearse(options: Any, stream: TextIO) -> int:
    """Write one event in each line."""
    recipient = rehearsal.Recipient(options.waba_id, options.phone_number_id, options.phone_number)
    status = CLEAN
    for file in lint_reading.files(options.paths, options.exclude):
        if file.kind == lint_reading.CODE:
            continue
        for read in lint_reading.units(file):
            if isinstance(read, lint_reading.Trouble):
                sys.stderr.write("%s:%d: %s\n" % (file.path, read.line, read.why))
                status = FOUND
            elif isinstance(read, lint_reading.Unit):
                turn = rehearsal.as_cloud if options.as_cloud else rehearsal.as_onprem
                for event in turn(read.document, recipient):
                    stream.write(json.dumps(event) + "\n")
    return status
