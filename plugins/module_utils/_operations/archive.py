# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives: a set of files as tar.gz and back. The same files are the same bytes of one Python; no clock, no owner."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from typing import Dict, Mapping

_MOST = 64 * 1024 * 1024  # bytes of all files


def pack(folder: str, files: Mapping[str, bytes]) -> bytes:
    """Return the files below ``folder`` as a tar.gz."""
    packed = io.BytesIO()
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(files):
            entry = tarfile.TarInfo("%s/%s" % (folder, name))
            entry.size, entry.mode = len(files[name]), 0o600
            archive.addfile(entry, io.BytesIO(files[name]))
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as stream:
        stream.write(content.getvalue())
    return packed.getvalue()


def unpack(data: bytes) -> Dict[str, bytes]:
    """Return the files of a tar.gz by their names without the folder; raises ValueError where it cannot be read."""
    files: Dict[str, bytes] = {}
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(initial_bytes=data)) as stream:
            content = stream.read(_MOST + 1)
        if len(content) > _MOST:
            raise ValueError("its files are larger than 64 MB")
        with tarfile.open(fileobj=io.BytesIO(initial_bytes=content), mode="r:") as archive:
            for entry in archive:
                member = archive.extractfile(entry)
                if member is None:
                    raise ValueError("it has an entry that is no file")
                files[entry.name.rpartition("/")[2]] = member.read()
    except (OSError, EOFError, zlib.error, tarfile.TarError):  # gzip.BadGzipFile is an OSError
        raise ValueError("it is not a whole tar.gz") from None
    return files
