"""What a researcher's own code shows apart from the study's exhibits: published as it is,
unnumbered, and said to be their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup
from markupsafe import Markup

from workbook.output import MIME
from workbook.report.cells import code_anchor
from workbook.report.edition import Edition
from workbook.report.svg import embedded_svg

_PICTURES = ("image/png", "image/jpeg")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=]")


@dataclass(frozen=True)
class OwnOutput:
    """One output of a researcher's own: a picture, else the rows of a table (the first its
    heading), else text.
    """

    anchor: str
    cell: str
    cell_anchor: str
    picture: Markup | None
    rows: tuple[tuple[Markup, ...], ...]
    text: Markup
    partial: bool  # a form that the page cannot show stands behind the text


def is_own(output: dict[str, Any]) -> bool:
    """Say whether an output is neither the study's nor plain printing."""
    return (
        output["output_type"] in ("display_data", "execute_result") and MIME not in output["data"]
    )


def own_output(
    output: dict[str, Any], notebook: str, cell: str, place: int, edition: Edition
) -> OwnOutput:
    """Return the ``place``-th own output of a notebook as the template takes it; nothing of it acts
    or fetches.
    """
    data = {
        kind: "".join(value) if isinstance(value, list) else value
        for kind, value in output["data"].items()
    }
    anchor = f"own-{notebook.replace('_', '-')}-{place}"
    picture = _picture(data, anchor, edition.word("own_alt", cell=cell), edition)
    rows = () if picture else _rows(data.get("text/html", ""), edition)
    partial = not picture and not rows and bool(set(data) - {"text/plain"})
    return OwnOutput(
        anchor,
        cell,
        code_anchor(notebook, cell),
        picture,
        rows,
        edition.marked(data.get("text/plain", "")),
        partial,
    )


def _picture(data: dict[str, Any], anchor: str, alt: str, edition: Edition) -> Markup | None:
    if "image/svg+xml" in data:
        return Markup(embedded_svg(data["image/svg+xml"], anchor, alt, edition.lang))
    kind = next((kind for kind in _PICTURES if kind in data), None)
    if kind is None:
        return None
    return Markup('<img src="data:{};base64,{}" alt="{}">').format(
        kind, _NOT_BASE64.sub("", data[kind]), alt
    )


def _rows(html: str, edition: Edition) -> tuple[tuple[Markup, ...], ...]:
    """Return the texts of the first table in HTML, row by row; whatever else stands in the HTML is
    left behind.
    """
    table = BeautifulSoup(html, "html.parser").find("table")
    found = [row.find_all(["th", "td"]) for row in table.find_all("tr")] if table else []
    return tuple(
        tuple(edition.marked(cell.get_text(" ", strip=True)) for cell in row)
        for row in found
        if row
    )
