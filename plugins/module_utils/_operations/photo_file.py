# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A photo in a file of this machine, checked before any request. It imports little, because every module has it."""

from __future__ import annotations

from typing import Any, Mapping

from .._core.facts import photo as photo_rules
from .._core.facts.photo import Photo
from .._core.facts.profile import PHOTO
from . import stated_file


def of_file(path: str) -> Photo:
    """Return the photo in a file of this machine; raises ValueError with what is wrong with it."""
    data, size = stated_file.beginning(path, photo_rules.LARGEST + 1)
    photo = photo_rules.of_bytes(data)
    found = photo_rules.faults(photo)
    if size > photo_rules.LARGEST:
        found = [photo_rules.too_large(size)]
    if found:
        raise ValueError("%s %s" % (path, " and ".join(found)))
    return photo


def of_profile(profile: Mapping[str, Any]) -> None:
    """Check the photo of a stated profile; raises ValueError with what is wrong with it."""
    if PHOTO in profile:
        of_file(profile[PHOTO])
