"""A comparison as Markdown: what a reviewer of a change reads first stands first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from workbook import units
from workbook.comparing.comparison import Comparison, Moved, Said
from workbook.comparing.telling import (
    KINDS,
    SHOWN,
    change_in_words,
    flip,
    languages,
    python_line,
)
from workbook.words.nouns import glossary


def as_markdown(found: Comparison, unaccepted: Sequence[str] = ()) -> str:
    """Return a comparison as Markdown; ``unaccepted`` are lines on headline results that are not as
    reviewed, which come first.
    """
    parts = (
        [f"## `{found.before}` → `{found.after}`", verdict(found)],
        _unaccepted(unaccepted),
        _section("Claims that flipped", _flipped(found)),
        _section("New warnings", [f"- {_text(warning)}" for warning in found.warnings]),
        _section("Headline results", _results(found)),
        _section("What was changed", _causes(found)),
        _section("Sentences before and after", _folded(_sentences(found), len(found.texts))),
        _section("Exhibits", _exhibits(found)),
    )
    return "\n\n".join(block for part in parts for block in part) + "\n"


def verdict(found: Comparison) -> str:
    """Return in one line how much differs.

    >>> verdict(Comparison("a", "b", {}, {}, []))
    '**A reader of both reports reads and sees the same.**'
    """
    if found.same:
        return "**A reader of both reports reads and sees the same.**"
    moved = len(found.moved) + len(found.came) + len(found.went)
    said = [
        _counted(moved, "headline result moved", "headline results moved"),
        _counted(len(found.flipped), "claim flipped", "claims flipped"),
        _counted(len(found.warnings), "new warning", "new warnings"),
        _counted(len(found.texts), "text differs", "texts differ"),
        _counted(len(found.exhibits), "exhibit differs", "exhibits differ"),
    ]
    return f"**{', '.join(said)}.**"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _section(title: str, blocks: Iterable[str]) -> list[str]:
    """Return a heading with what stands below it, none where that is nothing."""
    body = "\n".join(blocks).strip()
    return [f"### {title}", body] if body else []


def _unaccepted(lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    said = "Not as last reviewed: `workbook accept` was not run, or not committed."
    return ["### ⚠ Moved without `workbook accept`", said, _bullets(lines)]


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {_text(line)}" for line in lines)


def _results(found: Comparison) -> Iterator[str]:
    rows = [
        (
            _named(moved.id),
            *(units.format_value(value, moved.unit, "en", 3) for value in _both(moved)),
            change_in_words(moved),
        )
        for moved in found.moved
    ]
    rows += [(_named(name), "", "", "new") for name in found.came]
    rows += [(_named(name), "", "", "gone") for name in found.went]
    yield from _table(("Result", "Before", "After", "Change"), rows)


def _both(moved: Moved) -> tuple[float | None, float | None]:
    return moved.before, moved.after


def _named(result: str) -> str:
    term = glossary().get(result, {}).get("en")
    return f"{term} (`{result}`)" if term else f"`{result}`"


def _flipped(found: Comparison) -> Iterator[str]:
    for said in found.flipped:
        yield f"- `{said.place}`: {_text(flip(said))}"


def _causes(found: Comparison) -> Iterator[str]:
    rows = [("parameter", f"`{key}`", *map(str, pair)) for key, pair in found.parameters.items()]
    for kind, names in found.causes.items():
        for name in names:
            rows.append((KINDS[kind], f"`{name}`", "", ""))
            rows += _rows(found, name) if kind == "inputs" else []
    if found.python:
        rows.append(("Python", _text(python_line(found)), *map(str, found.python)))
    rows += [("package", name, *map(str, pair)) for name, pair in found.packages.items()]
    yield from _table(("Kind", "Name", "Before", "After"), rows)
    if not rows:
        yield "Nothing the runs rest on differs."


def _rows(found: Comparison, table: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each value of an input table that differs; many are counted."""
    changes = found.rows.get(table, [])
    for change in changes[:SHOWN]:
        place = f"{change.row}, `{change.column}`" if change.column else f"{change.row} (whole row)"
        yield "row", place, change.before or "–", change.after or "–"
    if len(changes) > SHOWN:
        yield "row", f"and {len(changes) - SHOWN} more", "", ""


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield _line(columns)
        yield _line(["---"] * len(columns))
        yield from (_line([_cell(value) for value in row]) for row in rows)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _folded(lines: Iterable[str], number: int) -> Iterator[str]:
    """Yield lines that a reader unfolds; nothing where there are none."""
    if number:
        said = _counted(number, "text differs", "texts differ")
        yield from (f"<details><summary>{said}</summary>", *lines, "", "</details>")


def _sentences(found: Comparison) -> Iterator[str]:
    """Yield each text that differs as lines taken out and put in, in every language."""
    for said in found.texts:
        lines = list(_taken_and_put(said))
        yield f"\n`{said.place}`" + ("" if lines else ": another case, in a run without words")
        if lines:
            yield from ("```diff", *lines, "```")


def _taken_and_put(said: Said) -> Iterator[str]:
    for lang in languages(said):
        for sign, text in (("-", said.before), ("+", said.after)):
            if text and lang in text.text:
                yield f"{sign} {lang}: {' '.join(text.text[lang].split())}"


def _exhibits(found: Comparison) -> Iterator[str]:
    for name, differs in found.exhibits.items():
        yield f"- {_text(name)}: {', '.join(differs)}"


def _text(text: str) -> str:
    """Return a text that a run holds so that no page takes it for markup."""
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")


def _cell(value: str) -> str:
    return _text(value).replace("|", "\\|")
