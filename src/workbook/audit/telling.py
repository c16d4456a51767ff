"""The audit as a user reads it: tables in the terminal, or everything as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from workbook.audit.books import Audit
from workbook.audit.checklists import FRAMEWORKS, PARTS, RAP
from workbook.audit.words import WORDS
from workbook.study import study
from workbook.whole_files import json_text

WIDE = 180  # characters, where no window says how wide
STYLES = {"heavy": "bold", "lacking": "bold red", "proved": "green", "people": "yellow"}
CHECKSUM_DIGITS = 12


def as_json(audit: Audit) -> str:
    """Return the whole audit as JSON, both languages side by side."""
    return json_text(asdict(audit))


def tell(audit: Audit, lang: str, console: Console | None = None) -> None:
    """Print the audit as tables; texts of the study are never read as markup."""
    console = console or Console()
    if not console.is_terminal:
        console.width = WIDE
    word = WORDS[lang]
    with console:  # all at once: a terminal that lacks a letter shows nothing, not a part
        console.print(Text(word["audit_of"].format(run=audit.run), style="bold"))
        tables = (_assumptions(audit, lang), _data(audit, lang), _programs(audit, lang))
        for table in (*tables, *(_checks(audit, framework, lang) for framework in FRAMEWORKS)):
            console.print()
            console.print(table)
        console.print()
        for line in summary(audit, lang):
            console.print(Text(line))


def summary(audit: Audit, lang: str) -> list[str]:
    """Return what is counted: assumptions by weight, the lines of each checklist by verdict, the
    level reached.
    """
    word = WORDS[lang]
    weights = {
        grade: sum(entry.rows for entry in audit.assumptions if entry.weight == grade)
        for grade in ("heavy", "middling", "light", "idle", "unmeasured")
    }
    lines = [
        word["assumptions_lead"].format(rows=sum(weights.values()), entries=len(audit.assumptions)),
        ", ".join(f"{word[grade]} {n}" for grade, n in weights.items()),
    ]
    for framework, title in FRAMEWORKS.items():
        reached = ""
        if framework == RAP:
            level = audit.level_reached()
            reached = " " + (
                word["reached"].format(level=PARTS[level][lang]) if level else word["none_reached"]
            )
        lines.append(
            f"{title[lang]}: {word['checked'].format(**audit.counted(framework))}{reached}"
        )
    return lines


def _table(title: str, headings: Iterable[str], rows: Iterable[Iterable[Text | str]]) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", show_lines=False, expand=True
    )
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
    return table


def _assumptions(audit: Audit, lang: str) -> Table:
    word = WORDS[lang]
    headings = [word[name] for name in ("assumption", "span", "evidence_grade", "weight", "owner")]
    return _table(
        word["assumptions"],
        headings,
        (
            (
                f"{entry.name[lang]}\n{entry.table}: {entry.value[lang]}",
                entry.range[lang],
                entry.evidence_grade,
                Text(
                    f"{word[entry.weight]}: {entry.measured[lang]}",
                    style=STYLES.get(entry.weight, ""),
                ),
                entry.owner[lang],
            )
            for entry in audit.assumptions
        ),
    )


def _data(audit: Audit, lang: str) -> Table:
    word = WORDS[lang]
    headings = [
        "",
        {"ja": "出典", "en": "Sources"}[lang],
        {"ja": "利用条件", "en": "Licence"}[lang],
        word["retrieved"],
        "SHA-256",
        {"ja": "性格", "en": "Standing"}[lang],
        word["owner"],
    ]
    return _table(
        word["data_log"],
        headings,
        (
            (
                f"{entry.name} ({entry.rows})",
                "\n".join(source[lang] for source in entry.sources),
                entry.licence[lang],
                entry.retrieved[lang],
                entry.sha256[:CHECKSUM_DIGITS] or "–",
                entry.standing,
                entry.owner[lang],
            )
            for entry in audit.data
        ),
    )


def _programs(audit: Audit, lang: str) -> Table:
    word = WORDS[lang]
    headings = [
        "",
        word["cell_of"],
        word["program"].format(package=study().package),
        {"ja": "表", "en": "Tables"}[lang],
    ]
    return _table(
        word["programs"],
        headings,
        (
            (
                f"{entry.number} {entry.slug}",
                f"{entry.notebook} · {entry.cell}",
                "\n".join(filter(None, (entry.function, entry.source))),
                ", ".join(entry.tables),
            )
            for entry in audit.programs
        ),
    )


def _checks(audit: Audit, framework: str, lang: str) -> Table:
    word = WORDS[lang]
    return _table(
        FRAMEWORKS[framework][lang],
        [word[name] for name in ("part", "line", "verdict", "evidence")],
        (
            (
                PARTS[check.line.part][lang],
                getattr(check.line, lang),
                Text(word[check.verdict], style=STYLES[check.verdict]),
                check.evidence[lang],
            )
            for check in audit.checks
            if check.line.framework == framework
        ),
    )
