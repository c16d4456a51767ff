"""Files written whole or not at all: a reader, or a kill, finds the old content or the new.

A file is never open to more people than the files it was made from, nor than the umask allows.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

Stamp = tuple[int, int, int]
OPEN, PRIVATE = 0o666, 0o600  # what files allow: as the umask says; to their owner alone
SCRAP = ".unfinished-"  # how the name of a file begins that is not whole yet
# Windows replaces no file that somebody has open; a virus scanner has each new one for a moment
PATIENCE_SECONDS = (0.05, 0.2, 0.5, 1.0) if os.name == "nt" else ()


def stamp_of(path: Path) -> Stamp:
    """Return what changes with a file: a whole write gives it another inode, a write in place
    another time or size.
    """
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def mode_behind(sources: Iterable[Path]) -> int:
    """Return the mode of a file made from others: only those may read it who may read them all.

    A source that is missing forbids nothing, and the owner may always read and write.
    """
    mode = OPEN
    for source in sources:
        try:
            mode &= stat.S_IMODE(source.stat().st_mode)
        except FileNotFoundError:
            continue
    return mode | PRIVATE


def write_whole(path: Path, content: str | bytes, mode: int = OPEN) -> None:
    """Write a file so that a reader, or a kill, finds the old content or the new, never a part.

    ``mode`` is what the file allows before the umask takes its share (see `mode_behind`). An
    `OSError` names the file.
    """
    write_together({path: content}, mode)


def write_together(contents: Mapping[Path, str | bytes], mode: int = OPEN) -> None:
    """Write several files as `write_whole` does, none of them before there was room for all."""
    scraps: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            scraps[path] = path.with_name(f"{SCRAP}{path.name}.{secrets.token_hex(4)}")
            _write(scraps[path], content, mode)
        for path, scrap in scraps.items():
            replace_file(scrap, path)
    except BaseException as fault:
        for scrap in scraps.values():
            with suppress(OSError):  # it may not be there, or not be ours to remove
                scrap.unlink(missing_ok=True)
        if isinstance(fault, OSError):
            raise OSError(fault.errno, fault.strerror, str(path)) from fault
        raise


def replace_file(scrap: Path, path: Path) -> None:
    """Put a file that is whole where another one may be, with patience where a system needs it."""
    for seconds in PATIENCE_SECONDS:
        with suppress(PermissionError):
            os.replace(scrap, path)
            return
        time.sleep(seconds)
    os.replace(scrap, path)


def _write(path: Path, content: str | bytes, mode: int) -> None:
    """Write a new file that has its mode, less the umask, from the first byte."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as stream:
        stream.write(content.encode("utf-8") if isinstance(content, str) else content)


def remove_scraps(folder: Path) -> None:
    """Remove what a killed writer left below a folder; only for the holder of the folder's lock."""
    for scrap in folder.rglob(f"{SCRAP}*"):
        scrap.unlink(missing_ok=True)


def json_text(record: Any) -> str:
    """Return a record as stable JSON text; a number that is not finite is refused."""
    return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def checksum(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest_of(record: Any) -> str:
    """Return sixteen digits that stand for a record of plain values, whatever the order of its
    names.

    >>> (
    ...     digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1}),
    ...     digest_of([1, 2]) == digest_of([2, 1]),
    ... )
    (True, False)
    """
    text = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
