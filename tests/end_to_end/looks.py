"""How a page looks in a real browser: each function opens nothing, changes little, and yields what
is wrong, one line each.
"""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from pypdf import PdfReader, mult

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
MOST_PAGES = 40  # of a report on paper
LEAST_FULL = 0.4  # of a sheet's height that is written on
WIDTHS = (320, 390, 768, 1280)
A4_MM, MARGIN_MM, PIXELS_PER_MM = (210, 297), (16, 17.5), 96 / 25.4
HEAD_MM, FOOT_MM, POINTS_PER_MM = 18, 17, 72 / 25.4
SMALLEST_TEXT = 12  # pixels, in a chart on a phone
# What axe leaves to a person to review, and why we need not: each is looked at by hand when this
# list grows.
EXPLAINED = {
    "shortTextContent": (
        "a cell of one character: its colours are those of its neighbours, which axe checks"
    ),
    "bgOverlap": (
        "the contents scroll within their own box: what lies outside it is covered, not shown"
    ),
    "elmPartiallyObscured": "the same box",
    "elmPartiallyObscuring": "the same box",
    "outsideViewport": "the skip link shows itself when it has the focus",
}


def faults_of_page(browser: Any, path: Path) -> Iterator[str]:
    """Yield every fault of a whole report: contrast as it opens, structure with everything
    unfolded, every width, paper.
    """
    page = browser.new_page(viewport={"width": 390, "height": 844})
    asked, complaints = watch(page)
    page.goto(path.resolve().as_uri())
    page.evaluate("document.fonts.ready")
    yield from small_text_faults(page)
    yield from clipped_text_faults(page)
    yield from hidden_formula_faults(page)
    yield from print_faults(page)
    yield from member_page_faults(page)
    yield from panel_faults(page)
    yield from choice_faults(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        yield from sideways_faults(page)
    yield from hidden_column_faults(page)
    yield from axe_faults(page)
    open_all(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        yield from sideways_faults(page)
    yield from axe_faults(page, "structure")
    if not path.name.startswith("annex"):
        yield from paper_faults(browser, path)
        yield from scriptless_faults(browser, path)
    yield from [f"asks for {address}" for address in asked] + [
        f"complains: {text}" for text in complaints
    ]
    page.close()


def axe_faults(page: Any, rules: str = "all") -> Iterator[str]:
    """Yield axe's violations (WCAG 2.2 AA and best practice), and what it leaves to review and
    nobody has explained.

    ``rules`` may be ``structure``: all but contrast, which takes a minute on a page of ten thousand
    cells.
    """
    # axe cannot see through a shadow at an edge
    page.add_style_tag(content=".table-region { background: none !important }")
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    options = {
        "resultTypes": ["violations", "incomplete"],
        "rules": {"color-contrast": {"enabled": rules == "all"}, "target-size": {"enabled": True}},
    }
    found = page.evaluate(f"axe.run({json.dumps(options)})")
    for kind in ("violations", "incomplete"):
        for rule in found[kind]:
            nodes = [node for node in rule["nodes"] if kind == "violations" or not _explained(node)]
            if nodes:
                yield (
                    f"axe {kind}: {rule['id']}: {rule['help']}: {len(nodes)} place(s), first"
                    f" {nodes[0]['html'][:160]}"
                )


def _explained(node: dict[str, Any]) -> bool:
    if node["html"].startswith(("<text", "<tspan", "<mi", "<mn", "<mo")):
        # letters over a drawing or of a formula: the theme tests its colours, formulas are in the
        # page's ink
        return True
    checks = [*node["any"], *node["all"], *node["none"]]
    return bool(checks) and all(
        isinstance(check.get("data"), dict) and check["data"].get("messageKey") in EXPLAINED
        for check in checks
    )


def open_all(page: Any) -> None:
    """Open whatever is folded."""
    page.evaluate(
        "document.querySelectorAll('details').forEach((details) => { details.open = true; })"
    )


def sideways_faults(page: Any) -> Iterator[str]:
    """Yield the width of a page that scrolls sideways."""
    width, seen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if width > seen:
        yield f"at {seen} pixels the page is {width} wide"


def hidden_column_faults(page: Any) -> Iterator[str]:
    """Yield tables in sight that are wider than their place, at the width the page has now: a desk
    shows every column.
    """
    wide = page.evaluate("""[...document.querySelectorAll('.exhibit .table-region')]
        .filter((region) => region.checkVisibility() && region.scrollWidth > region.clientWidth + 1)
        .map((region) => [region.closest('figure').id, region.scrollWidth, region.clientWidth])""")
    yield from (
        f"{exhibit}: a table {width} pixels wide in a place of {place}"
        for exhibit, width, place in wide
    )


def hidden_formula_faults(page: Any) -> Iterator[str]:
    """Yield formulas that are wider than their place, at the width the page has now: half of a
    formula says something else.
    """
    wide = page.evaluate(
        """[...document.querySelectorAll('.formula')]
        .filter((formula) => formula.scrollWidth > formula.clientWidth + 1)
        .map((formula) => [formula.textContent, formula.scrollWidth, formula.clientWidth])"""
    )
    yield from (
        f"the formula {text[:20]!r} is {width} pixels wide in a place of {place}"
        for text, width, place in wide
    )


def small_text_faults(page: Any) -> Iterator[str]:
    """Yield charts whose text is too small, at the width the page has now."""
    sizes = page.evaluate("""[...document.querySelectorAll('.picture svg')].map((svg) => {
        const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
        const sizes = [...svg.querySelectorAll('text')]
            .map((text) => parseFloat(getComputedStyle(text).fontSize) * scale);
        return [svg.closest('[id]:not(svg)').id, Math.min(...sizes)];
    })""")
    yield from (
        f"{exhibit}: text of {size:.1f} pixels"
        for exhibit, size in sizes
        if size < SMALLEST_TEXT - 0.05
    )


def clipped_text_faults(page: Any) -> Iterator[str]:
    """Yield texts of charts that reach over the edge of their picture, where they are cut off."""
    cut = page.evaluate("""[...document.querySelectorAll('.picture svg')].flatMap((svg) => {
        const frame = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].filter((text) => {
            const box = text.getBoundingClientRect();
            return box.width && (box.left < frame.left - 1 || box.right > frame.right + 1
                || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
        }).map((text) => [svg.closest('[id]:not(svg)').id, text.textContent]);
    })""")
    yield from (
        f"{exhibit}: the text {text!r} is cut off by the picture's edge" for exhibit, text in cut
    )


def print_faults(page: Any) -> Iterator[str]:
    """Yield exhibits that A4 paper would cut (wider than the paper, or a picture higher than a
    page), and headings of what is not printed.
    """
    wide, high = (
        (side - 2 * margin) * PIXELS_PER_MM for side, margin in zip(A4_MM, MARGIN_MM, strict=True)
    )
    page.set_viewport_size({"width": int(wide), "height": int(high)})
    page.emulate_media(media="print")
    sizes = page.evaluate(
        """[...document.querySelectorAll('.exhibit, .table-region, .formula')].map((part) => {
        const box = part.getBoundingClientRect();
        return [(part.closest('figure') || part).id || part.className,
                Math.max(part.scrollWidth, box.width), box.height,
                Boolean(part.querySelector('.picture'))];
    })"""
    )
    for name, width, height, drawn in sizes:
        if width > wide + 1:
            yield f"{name}: {width:.0f} pixels wide on paper of {wide:.0f}"
        if drawn and height > high:
            yield (
                f"{name}: {height:.0f} pixels high on a page of {high:.0f}, and would be cut in two"
            )
    bare = page.evaluate("""[...document.querySelectorAll('h3, h4')].filter((heading) => {
        const after = (part) => part.nextElementSibling
            || part.parentElement.closest('.prose')?.nextElementSibling;
        let next = after(heading);
        while (next && !next.checkVisibility()) next = after(next);
        return heading.checkVisibility() && !heading.closest('figure')
            && (!next || (/^H[2-4]$/.test(next.tagName) && next.tagName <= heading.tagName));
    }).map((heading) => heading.textContent)""")
    yield from (f"on paper nothing stands under the heading {text!r}" for text in bare)
    page.emulate_media(media="screen")


def member_page_faults(page: Any) -> Iterator[str]:
    """Yield the pages of members that do not fit a sheet of A4."""
    wide, high = (
        (side - 2 * margin) * PIXELS_PER_MM for side, margin in zip(A4_MM, MARGIN_MM, strict=True)
    )
    page.set_viewport_size({"width": int(wide), "height": int(high)})
    page.emulate_media(media="print")
    heights = page.evaluate(
        """[...document.querySelectorAll('[data-page]')].map((part) => {
        part.open = true;
        const height = part.getBoundingClientRect().height;
        part.open = false;
        return [part.querySelector('section').id, height];
    })"""
    )
    for name, height in heights:
        if height > high:
            yield f"{name}: {height:.0f} pixels high on a sheet of {high:.0f}"
    page.emulate_media(media="screen")


def panel_faults(page: Any) -> Iterator[str]:
    """Yield the states of panels whose sentence, figures or bars are not all there, as the script
    writes them; every combination is tried.
    """
    found = page.evaluate(
        """[...document.querySelectorAll('[data-panel]')].flatMap((panel) => {
        const levers = [...panel.querySelectorAll('.levers select')];
        const states = levers.reduce((all, lever) => all.flatMap((state) =>
            [...lever.options].map((option) => [...state, option.value])), [[]]);
        const faulty = states.filter((state) => {
            levers.forEach((lever, i) => { lever.value = state[i]; });
            levers[0].dispatchEvent(new Event('change', { bubbles: true }));
            const said = [...panel.querySelectorAll('.answer, .figure, .bar-value')];
            return said.some((part) => !part.textContent
                || /[{}]|undefined|NaN/.test(part.textContent));
        });
        panel.querySelector('[data-reset]').click();
        return faulty.map((state) => [panel.dataset.panel, state.join(', ')]);
    })"""
    )
    yield from (f"{name}: a panel says nothing sound at {state}" for name, state in found[:5])


def choice_faults(page: Any) -> Iterator[str]:
    """Yield the members that the first screen offers and whose page does not open, when chosen,
    with its heading in sight and in focus.
    """
    found = page.evaluate(
        """async () => {
        const choice = document.querySelector('[data-leads]');
        if (!choice) return [];
        const faulty = [];
        const link = choice.parentNode.querySelector('a');
        const choose = async (value) => {
            choice.value = value;
            choice.dispatchEvent(new Event('change', { bubbles: true }));
            if (value) link.click();
            await new Promise((done) => setTimeout(done, 60));
        };
        for (const { value } of [...choice.options].filter((option) => option.value)) {
            await choose(value);
            const section = document.getElementById(value);
            const heading = section && section.querySelector('h4');
            const { top } = heading ? heading.getBoundingClientRect() : { top: -1 };
            const clear = heading && document.elementFromPoint(
                heading.getBoundingClientRect().left + 5, top + 5) === heading;
            const opened = section && section.checkVisibility()
                && location.hash === `#${value}` && choice.value === value
                && clear && document.activeElement === heading;
            if (!opened) faulty.push(value);
        }
        await choose('');
        if (link.checkVisibility()) faulty.push('nobody');
        history.replaceState(null, '', location.pathname);
        return faulty;
    }"""
    )
    yield from (f"the first screen does not lead to #{name}" for name in found)


def paper_faults(browser: Any, path: Path) -> Iterator[str]:
    """Yield how many pages of A4 a report takes, if they are too many, those that stand half empty,
    and its first screen, if that is more than one.
    """
    page = browser.new_page()
    page.goto(path.resolve().as_uri())
    page.evaluate("document.fonts.ready")
    paper = printed(page)
    if (pages := len(PdfReader(io.BytesIO(paper)).pages)) > MOST_PAGES:
        yield f"the report takes {pages} pages of A4, not {MOST_PAGES}"
    yield from bare_sheet_faults(paper)
    page.evaluate("document.querySelectorAll('.columns, footer').forEach((part) => part.remove())")
    first = PdfReader(io.BytesIO(printed(page))).pages
    if page.locator(".summary").count() and (pages := len(first)) > 1:
        yield f"the first screen takes {pages} pages of A4, not one"
    page.close()


def printed(page: Any) -> bytes:
    """Return a page as it is printed, a PDF."""
    return page.pdf(prefer_css_page_size=True, print_background=True)


def bare_sheet_faults(paper: bytes) -> Iterator[str]:
    """Yield the sheets of a PDF that are less than `LEAST_FULL` full, but for the last one and
    those that end a chapter.
    """
    reader = PdfReader(io.BytesIO(paper))
    opened = sheets_that_open_a_chapter(reader)
    for number, sheet in enumerate(reader.pages[:-1], 1):
        if (full := written_share(sheet)) < LEAST_FULL and number + 1 not in opened:
            yield f"sheet {number} of A4 is only {full:.0%} full"


def written_share(sheet: Any) -> float:
    """Return down to which share of its height a sheet is written on, its head and foot left out.

    By its letters: every picture ends in some.
    """
    top, bottom = (A4_MM[1] - HEAD_MM) * POINTS_PER_MM, FOOT_MM * POINTS_PER_MM
    heights: list[float] = []

    def note(text: str, place: Any, line: Any, *_: object) -> None:
        height = mult(line, place)[5]
        if text.strip() and bottom <= height <= top:
            heights.append(height)

    sheet.extract_text(visitor_text=note)
    return (top - min(heights, default=top)) / (top - bottom)


def sheets_that_open_a_chapter(reader: Any) -> set[int]:
    """Return the sheets, from 1, at whose head a chapter begins."""
    head = (A4_MM[1] - HEAD_MM - 10) * POINTS_PER_MM
    return {
        reader.get_destination_page_number(place) + 1
        for name, place in reader.named_destinations.items()
        if name.removeprefix("/").startswith("chapter-") and float(place.top or 0) >= head
    }


def scriptless_faults(browser: Any, path: Path) -> Iterator[str]:
    """Yield the parts of a report that cannot be read where no script runs."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.resolve().as_uri())
    for part in ("h1", "main .chapter h2", ".exhibit h3"):
        if not page.locator(part).first.is_visible():
            yield f"without a script {part} is not to be seen"
    choice = page.locator("[data-leads]")
    if choice.count() and not page.locator(".doors .unscripted").is_visible():
        yield "without a script nothing leads from the first screen to a member's page"
    context.close()


def watch(page: Any) -> tuple[list[str], list[str]]:
    """Return two lists that fill with what a page asks for beyond itself and what its policy or
    script complains about.
    """
    asked: list[str] = []
    complaints: list[str] = []
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith(("data:", "file:")) else asked.append(request.url)
        ),
    )
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return asked, complaints


# where the button stands low on the screen: the tempting place is then over its sentence
COVERED = """async () => {
    const drawn = () => new Promise((done) => requestAnimationFrame(done));
    const faults = [];
    for (const button of document.querySelectorAll('button.term')) {
        const text = button.closest('p, li');
        button.closest('details')?.setAttribute('open', '');
        button.scrollIntoView({ block: 'end' });
        button.focus({ preventScroll: true });
        button.click();
        await drawn();
        await drawn();
        const meaning = document.querySelector('[popover]:popover-open');
        const [over, under] = [text.getBoundingClientRect(), meaning.getBoundingClientRect()];
        const inside = under.top >= 0 && under.bottom <= innerHeight && under.right <= innerWidth;
        const said = `the meaning of ${button.textContent}`;
        if (under.top < over.bottom) faults.push(`${said} covers the text`);
        if (!inside) faults.push(`${said} is out of sight`);
        meaning.hidePopover();
    }
    return faults;
}"""


def covered_term_faults(page: Any) -> Iterator[str]:
    """Yield terms whose meaning opens anywhere but in sight below the text that uses them, at the
    width the page has now.
    """
    yield from page.evaluate(COVERED)
