"""A text file as Japanese offices save it: UTF-8, UTF-16 or CP932, cells parted by commas, tabs or
semicolons.
"""

from __future__ import annotations

import codecs
import csv
import io

from office_tables.sheet import Sheet, rectangle, refusal

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = ("utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be", "euc_jp")
LONGEST_CELL = 32_767  # Excel's own limit
MOST_CELLS = 2_000_000
OPEN_END = (
    "the last line does not end, as in a file that was cut off: compare its last row with the"
    " office's own"
)


def read_text(content: bytes, file: str, encoding: str | None = None) -> Sheet:
    """Return the sheet that a text file holds; ``encoding`` overrules what its bytes say.

    Refused: bytes that no encoding reads, control characters, an open quotation mark at the end (a
    truncated file).
    """
    text, used = _decoded(content, file, encoding)
    rows, delimiter = _parted(text, file)
    names = {",": "comma", "\t": "tab", ";": "semicolon"}
    details = {"encoding": used, "delimiter": names[delimiter]}
    cut = bool(rows) and not text.endswith(("\n", "\r"))
    return Sheet(file, rectangle(rows), (OPEN_END,) if cut else (), kind="text", details=details)


def _decoded(content: bytes, file: str, encoding: str | None) -> tuple[str, str]:
    for candidate in [encoding] if encoding else _candidates(content):
        try:
            text = content.decode(candidate)
        except (UnicodeDecodeError, UnicodeError):
            continue
        text = text.removeprefix("\ufeff")
        if bad := next((c for c in text if _unreadable(c)), None):
            raise refusal(
                file,
                f"read as {candidate}, it holds the character U+{ord(bad):04X}, which no text has",
                "save it as UTF-8, or name its encoding with --encoding",
                line=text[: text.index(bad)].count("\n") + 1,
            )
        if candidate == "cp932" and not encoding and _rather_euc(content, text):
            break
        return text, candidate
    line = _line_of_fault(content, encoding or "utf-8")
    raise refusal(
        file,
        f"is not {encoding or 'UTF-8, UTF-16 or CP932'}",
        "save it as UTF-8, or name its encoding with --encoding; a file that ends in"
        " mid-character is truncated",
        line=line,
    )


def _candidates(content: bytes) -> list[str]:
    """Return the encodings to try: the one its mark names, else the one its empty bytes show, else
    UTF-8, then CP932.
    """
    for mark, name in MARKS:
        if content.startswith(mark):
            return [name]
    even, odd = content[:4000:2].count(0), content[1:4000:2].count(0)
    if even or odd:
        return ["utf-16-le" if odd > even else "utf-16-be"]
    return ["utf-8", "cp932"]


def _unreadable(character: str) -> bool:
    return (
        (ord(character) < 32 and character not in "\t\r\n")
        or 0x7F <= ord(character) <= 0x9F
        or character == "\ufffd"
        or 0xE000 <= ord(character) <= 0xF8FF
    )


def _rather_euc(content: bytes, text: str) -> bool:
    """EUC-JP read as CP932 is mostly half-width katakana: the tempting wrong reading."""
    katakana = sum(0xFF61 <= ord(c) <= 0xFF9F for c in text)
    beyond = sum(ord(c) > 0x7F for c in text)
    if not beyond or katakana < 0.5 * beyond:
        return False
    try:
        content.decode("euc_jp")
    except UnicodeDecodeError:
        return False
    return True


def _line_of_fault(content: bytes, encoding: str) -> int | None:
    try:
        content.decode(encoding)
    except UnicodeDecodeError as fault:
        return content[: fault.start].count(b"\n") + 1
    except UnicodeError:
        pass
    return None


def _parted(text: str, file: str) -> tuple[list[list[str]], str]:
    csv.field_size_limit(LONGEST_CELL)
    delimiter = max(",\t;", key=lambda mark: sum(mark in line for line in text.splitlines()[:200]))
    _require_few_cells(text.count(delimiter) + text.count("\n"), file)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as fault:
        raise refusal(
            file,
            f"is no table of cells ({fault})",
            "close every quotation mark; a file that ends inside one is truncated",
        ) from None
    width = max(map(len, rows), default=0)
    _require_few_cells(width * len(rows), file)
    return rows, delimiter


def _require_few_cells(cells: int, file: str) -> None:
    if cells > MOST_CELLS:
        raise refusal(
            file, f"has {cells:,} cells", f"at most {MOST_CELLS:,} are read: keep one table"
        )
