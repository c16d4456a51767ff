"""The look at paper finds the sheets that stand half empty, and counts neither head nor foot."""

from __future__ import annotations

import io

import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from pypdf import PdfReader, PdfWriter
from pypdf.generic import Destination, Fit

from tests.end_to_end import looks

MM_PER_INCH, HEIGHT = 25.4, 297


def paper(*sheets):
    """A PDF with a sheet for each list of heights in mm from its top edge, a line at each of
    them.
    """
    stream = io.BytesIO()
    with PdfPages(stream) as pdf:
        for heights in sheets:
            figure = Figure(figsize=(210 / MM_PER_INCH, HEIGHT / MM_PER_INCH))
            for height in heights:
                figure.text(0.1, 1 - height / HEIGHT, "line")
            pdf.savefig(figure)
    return stream.getvalue()


def shares(made):
    return [looks.written_share(sheet) for sheet in PdfReader(io.BytesIO(made)).pages]


def test_a_sheet_is_as_full_as_its_lowest_line_between_head_and_foot():
    # 262 mm are written on; the head at 10 mm and the page number at 290 mm are no text of a sheet
    made = paper([10, 18 + 131, 290], [10, 18 + 26.2, 290], [10, 290])
    assert shares(made) == pytest.approx([0.5, 0.1, 0.0], abs=1e-3)


def test_a_bare_sheet_is_named_and_the_last_one_may_be():
    full, bare = [20, 270], [20, 80]
    assert list(looks.bare_sheet_faults(paper(full, bare, full, bare))) == [
        "sheet 2 of A4 is only 24% full"
    ]


def with_chapters(made, **places):
    """The same PDF with chapters that begin at a height in mm of a sheet."""
    writer = PdfWriter(io.BytesIO(made))
    for name, (sheet, height) in places.items():
        at = Fit.xyz(0, (HEIGHT - height) * looks.POINTS_PER_MM)
        target = Destination(f"/chapter-{name}", writer.pages[sheet - 1].indirect_reference, at)
        writer.add_named_destination_object(target)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_a_sheet_may_end_a_chapter_that_the_next_one_follows_at_its_head():
    made = paper([20, 80], [20, 80], [20, 270])
    assert len(list(looks.bare_sheet_faults(made))) == 2
    # tempting: to spare every sheet before a chapter, wherever on the next sheet that begins
    opened = with_chapters(made, one=(2, 150), two=(3, 19))
    assert list(looks.bare_sheet_faults(opened)) == ["sheet 1 of A4 is only 24% full"]
