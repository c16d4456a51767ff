"""A table as a CSV file that an office spreadsheet opens safely, carried inside the page."""

from __future__ import annotations

import csv
import io
from typing import Any

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# what an address, or the attribute that holds it, would take for its own
_ESCAPED = str.maketrans({sign: f"%{ord(sign):02X}" for sign in "%#?&<>'\"\r\n\t "})
_ACTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def csv_address(table: dict[str, Any]) -> str:
    """Return the ``data:`` address under which a table downloads.

    The text stands in it as it is, but for a few signs: base64 would take a quarter more of a page
    whose size is bounded.

    >>> csv_address({"columns": [{"name": "区 #"}], "rows": [[0.5]]})
    'data:text/csv;charset=utf-8,%EF%BB%BF区%20%23%0D%0A0.5%0D%0A'
    """
    text = csv_bytes(table).removeprefix(_BYTE_ORDER_MARK).decode("utf-8")
    return "data:text/csv;charset=utf-8,%EF%BB%BF" + text.translate(_ESCAPED)


def csv_bytes(table: dict[str, Any]) -> bytes:
    """Return a table as UTF-8 with byte order mark: identifiers of the columns, raw numbers, all
    rows.

    A text that a spreadsheet would run as a formula is made a text by a leading apostrophe (OWASP,
    CSV injection).

    >>> csv_bytes(
    ...     {"columns": [{"name": "x"}, {"name": "y"}], "rows": [["=1+1", -0.5], [None, True]]}
    ... )[3:]
    b"x,y\\r\\n'=1+1,-0.5\\r\\n,True\\r\\n"
    """
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([harmless(column["name"]) for column in table["columns"]])
    writer.writerows([[harmless(value) for value in row] for row in table["rows"]])
    return _BYTE_ORDER_MARK + stream.getvalue().encode("utf-8")


def harmless(value: Any) -> Any:
    """Return a cell that a spreadsheet does not run; only texts can act, so numbers stay as they
    are.

    >>> harmless("@SUM(A1)"), harmless(-3), harmless("A-1")
    ("'@SUM(A1)", -3, 'A-1')
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_ACTS) else value
