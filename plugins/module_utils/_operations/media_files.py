# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation, part of media: the media IDs that the application names, and the file of the media map."""

from __future__ import annotations

import contextlib
import fcntl
import os
from typing import Any, Dict, Iterator, List, Mapping, Optional

from .. import _hostfiles
from .._core.facts import media_map
from .._core.lint import cloud_shapes, documents
from .._failure import Failure, RefusedError
from . import lint_reading

_L06 = "L06"  # the rule for a media ID of the On-Premises API


def referred(paths: List[str], exclude: List[str]) -> Dict[str, str]:
    """Return the media IDs of the node that payloads send, with what each is sent as ("" where they disagree).

    Raise RefusedError for a path that is not there. Files that cannot be read are what wa_lint reports.
    """
    lost = lint_reading.missing(paths)
    if lost:
        raise RefusedError(
            Failure("no_such_path", "paths do not exist", ", ".join(lost), next_step="correct O(paths), then run again")
        )
    found: Dict[str, str] = {}
    for file in lint_reading.files(paths, exclude):
        if file.kind == lint_reading.CODE:
            continue
        for read in lint_reading.units(file):
            if isinstance(read, lint_reading.Unit):
                _of_document(read.document, found)
    return found


def _of_document(document: Any, found: Dict[str, str]) -> None:
    with contextlib.suppress(documents.TooLargeError, RecursionError):
        for one in documents.search(document, lint_reading.parse):
            for hit in one.hits:
                if hit.rule == _L06 and one.kind == documents.MESSAGE:
                    used = next((str(part) for part in reversed(hit.pointer) if part in cloud_shapes.MEDIA_TYPES), "")
                    known = found.setdefault(hit.details, used)
                    found[hit.details] = known if known == used else ""


class MapFile:
    """The media map on disk: private, replaced as a whole, fsynced; one run at a time may change it."""

    def __init__(self, path: str, phone_number_id: str, check_mode: bool) -> None:
        self.path = path
        self._number_id = phone_number_id
        self._check_mode = check_mode
        self.found: Mapping[str, Any] = {}

    @contextlib.contextmanager
    def opened(self) -> Iterator[None]:
        """Read the map, and hold it until the end; raises RefusedError where it cannot be used."""
        lock: Optional[int] = None
        try:
            if not self._check_mode:
                lock = os.open(self.path + ".lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.found = media_map.parse(_hostfiles.read_private(self.path), self._number_id)
        except BlockingIOError:
            raise self._refused("another run is uploading for it", "wait for that run, then run again") from None
        except (OSError, ValueError, _hostfiles.HostFileError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise self._refused(why, "correct O(dest), or move the file away and run again") from None
        else:
            yield
        finally:
            if lock is not None:
                os.close(lock)

    def write(self, found: Mapping[str, Any]) -> None:
        """Replace the map; raises RefusedError where that fails, and then nothing more may be sent."""
        try:
            _hostfiles.write_private(self.path, media_map.dump(found))
        except (OSError, _hostfiles.HostFileError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise self._refused("it cannot be written: %s" % why, "make room or set another O(dest)") from None
        self.found = found

    def _refused(self, why: str, next_step: str) -> RefusedError:
        failure = Failure("bad_media_map", "The media map cannot be used", "%s: %s" % (self.path, why))
        return RefusedError(Failure(failure.code, failure.title, failure.details, next_step=next_step), self._number_id)
