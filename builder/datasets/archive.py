"""What a zip file may be, seen from its list of contents before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

from builder.datasets.entry import DataError

SIZE_LIMIT = 200_000_000
"""Bytes of a file that is handed in."""
COUNT_LIMIT = 100_000
UNPACKED_LIMIT = 2_000_000_000
RATIO_LIMIT = 300
"""How many times smaller a file may be packed: beyond stands a bomb, not data."""
SMALL = 1_000_000
"""Bytes below which a file may be packed as tightly as it will."""
SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp")


def check_size(data: bytes) -> None:
    """Raises DataError for a file that is larger than may be handed in, or empty."""
    if not data:
        raise DataError("The file is empty.")
    if len(data) > SIZE_LIMIT:
        raise DataError(
            f"The file has {len(data) / 1e6:,.0f} MB; at most {SIZE_LIMIT / 1e6:,.0f} MB are "
            "taken. Make it smaller: fewer samples, or smaller pictures."
        )


def list_files(data: bytes) -> tuple[zipfile.ZipInfo, ...]:
    """The files of an archive, hidden ones left out; nothing is unpacked.

    Raises DataError for what is no zip file, too large, too many, packed too tightly, locked, or
    named so that it would leave its folder.
    """
    check_size(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise DataError("This is no zip file, or a damaged one. Pack it again.") from None
    if len(found) > COUNT_LIMIT:
        raise DataError(f"The zip file has {len(found):,} files; at most {COUNT_LIMIT:,} are read.")
    unpacked = sum(each.file_size for each in found)
    if unpacked > UNPACKED_LIMIT:
        raise DataError(
            f"The zip file would unpack to {unpacked / 1e9:,.1f} GB; at most "
            f"{UNPACKED_LIMIT / 1e9:g} GB are read."
        )
    for each in found:
        _check_file(each)
    return tuple(each for each in found if not each.is_dir() and not _is_hidden(each.filename))


def is_picture(name: str) -> bool:
    """Whether a file's name is that of a picture that can be read."""
    return name.lower().endswith(SUFFIXES)


def _check_file(found: zipfile.ZipInfo) -> None:
    shown, path = repr(found.filename[:80]), PurePosixPath(found.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in found.filename or ":" in path.parts[:1]:
        raise DataError(f"The zip file names {shown}, which lies outside its own folder.")
    if found.flag_bits & 1:
        raise DataError(f"{shown} in the zip file is locked with a password. Pack it without one.")
    if found.file_size > SMALL and found.file_size > RATIO_LIMIT * max(found.compress_size, 1):
        raise DataError(
            f"{shown} in the zip file would become {found.file_size // max(found.compress_size, 1)}"
            f" times larger; at most {RATIO_LIMIT} times is read."
        )


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
