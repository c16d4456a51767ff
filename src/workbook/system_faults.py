"""What a user reads where the operating system refuses: which file, why, and what helps."""

from __future__ import annotations

import errno
import os
import re

COPY = "work in a copy of the study that is yours"
if os.name == "nt":  # where a file that is open in a spreadsheet program refuses likewise
    COPY = f"close it in every other program, or {COPY}"
ROOM = "make room there, or ask for a larger quota, and start again: what was finished is kept"
AGAIN = "see to it and start the command again"
REFUSALS = {
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), COPY),
    **dict.fromkeys((errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)), ROOM),
}  # what no change to a notebook or a table puts right
UTF_8 = "set PYTHONUTF8=1 and PYTHONIOENCODING=utf-8 in the environment and start the command again"
_FROM_A_KERNEL = re.compile(r"\[Errno (?P<errno>\d+)\] (?P<reason>[^:]+)(?:: '(?P<file>.+)')?")


def sentence_of(fault: OSError | UnicodeEncodeError) -> str:
    """Return a fault of the system as one sentence with its remedy.

    >>> sentence_of(
    ...     PermissionError(errno.EACCES, "Permission denied", "runs/baseline/results.json")
    ... )
    'runs/baseline/results.json: Permission denied: work in a copy of the study that is yours'
    """
    if isinstance(fault, UnicodeEncodeError):
        letter = ascii(fault.object[fault.start])
        return f"this terminal's encoding, {fault.encoding}, has no {letter}: {UTF_8}"
    place = f"{fault.filename}: " if fault.filename else ""
    return f"{place}{fault.strerror or fault}: {REFUSALS.get(fault.errno, AGAIN)}"


def refusal(fault: BaseException, said: str = "") -> OSError | None:
    """Return the system's no behind a fault, or behind what a kernel ``said`` of one, or None.

    >>> refusal(RuntimeError(), "OSError: [Errno 28] No space left on device: 'fits.csv'").filename
    'fits.csv'
    >>> refusal(RuntimeError(), "FileNotFoundError: [Errno 2] No such file: 'mine.csv'")
    """
    if isinstance(fault, OSError):
        return fault if fault.errno in REFUSALS else None
    found = _FROM_A_KERNEL.search(said)
    if not found or int(found["errno"]) not in REFUSALS:
        return None
    return OSError(int(found["errno"]), found["reason"], found["file"])
