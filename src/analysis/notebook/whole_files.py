"""Files written whole or not at all: whoever reads them, or kills their writer, finds the old content or the new."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

Stamp = tuple[int, int, int]
SCRAP = ".unfinished-"   # how the name of a file begins that is not whole yet


def stamp_of(path: Path) -> Stamp:
    """Return what changes with a file: a whole write gives it another inode, a write in place another time or size."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader, or a kill, finds the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{SCRAP}{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.encode("utf-8") if isinstance(content, str) else content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def remove_scraps(folder: Path) -> None:
    """Remove what a killed writer left below a folder; only for whoever holds the folder's lock."""
    for scrap in folder.rglob(f"{SCRAP}*"):
        scrap.unlink(missing_ok=True)


def json_text(record: Any) -> str:
    """Return a record as stable JSON text; a number that is not finite is refused."""
    return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def checksum(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest_of(record: Any) -> str:
    """Return sixteen digits that stand for a record of plain values, whatever the order of its names.

    >>> digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1}), digest_of([1, 2]) == digest_of([2, 1])
    (True, False)
    """
    text = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
