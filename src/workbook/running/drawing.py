"""The pictures and tables of a run's exhibits, made where they are missing and kept by what they
rest on.

A picture rests on the code behind its chart, its labels, its tables, the members' names, the
group and the language; what is kept of one that has changed is taken away. Its colours are filled
in when it is shown.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from workbook.exhibits.declared import Exhibit
from workbook.groups import Group
from workbook.output import LANGUAGES
from workbook.staleness.keys import Keys, table_digest
from workbook.study import study
from workbook.tables.plain_rows import plain_rows
from workbook.whole_files import digest_of, json_text, mode_behind, write_whole
from workbook.words.filling import Names
from workbook.words.messages import WordsFault

FOLDER, DRAWING = "drawn", "workbook.exhibits.pictures"
FILLING = "workbook.exhibits.panel_states"
FEW = 4  # so few are made here: other processes would take longer to start


@dataclass(frozen=True)
class Piece:
    """One file to make: an exhibit's picture in a language, or, without one, its tables, or what
    its panel shows.

    A picture that holds shades says so behind the name of its ``path``: s-curve.ja.KEY-pooled-HEX.
    """

    path: Path
    exhibit: Exhibit
    group: Group
    lang: str = ""
    panel: bool = False

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it is drawn from."""
        return (
            self.exhibit.panel.tables if self.panel and self.exhibit.panel else self.exhibit.tables
        )


class Drawn:
    """What is kept in a run's folder of the exhibits of one group."""

    def __init__(self, keys: Keys, run: Path, group: Group) -> None:
        self.run, self.group, self._keys = run, group, keys
        self._wanted: dict[Path, Piece] = {}

    @cached_property
    def names(self) -> Names:
        """The name of each member, by code and language."""
        table = study().groups.names_table
        if not table:
            return {}
        return {
            row["code"]: {lang: row[f"name_{lang}"] for lang in LANGUAGES}
            for row in plain_rows(self._keys.package.path(table))
        }

    def want(self, exhibit: Exhibit) -> None:
        """Note that an exhibit is to be shown."""
        pieces = [self._piece(exhibit)] + [
            self._piece(exhibit, lang) for lang in LANGUAGES if exhibit.chart
        ]
        pieces += [self._piece(exhibit, panel=True)] if exhibit.panel else []
        self._wanted |= {piece.path: piece for piece in pieces}

    def make(self) -> int:
        """Make what is wanted and missing, side by side, take away what is not wanted, and return
        how many were made.
        """
        missing = [piece for path, piece in self._wanted.items() if not path.exists()]
        if missing:
            _make_all(missing, self.run, self.names)
        for path in (self.run / FOLDER).glob("*"):
            if path not in self._wanted:
                path.unlink(missing_ok=True)
        return len(missing)

    def picture(self, exhibit: Exhibit) -> dict[str, str]:
        """Return an exhibit's picture by language."""
        return {
            lang: study().colours.coloured(
                self._piece(exhibit, lang).path.read_text(encoding="utf-8")
            )
            for lang in LANGUAGES
        }

    def tables(self, exhibit: Exhibit) -> list[dict[str, Any]]:
        """Return an exhibit's tables as the report shows them."""
        return json.loads(self._piece(exhibit).path.read_text(encoding="utf-8"))

    def panel(self, exhibit: Exhibit) -> dict[str, Any]:
        """Return what an exhibit's panel shows."""
        return json.loads(self._piece(exhibit, panel=True).path.read_text(encoding="utf-8"))

    def _piece(self, exhibit: Exhibit, lang: str = "", panel: bool = False) -> Piece:
        code = (exhibit.module,) if lang else ()
        labels = self._keys.labels(exhibit) if lang else self._keys.names
        named = Piece(self.run, exhibit, self.group, lang, panel).tables
        tables = [table_digest(self.run / "tables" / f"{table}.csv") for table in named]
        key = digest_of(
            [
                self._keys.digest_behind(
                    FILLING if panel else DRAWING,
                    type(study().groups).__module__,
                    *code,
                    without=study().colours.LEFT_OUT,
                ),
                labels,
                self._keys.declared(named),
                repr(exhibit.panel) if panel else exhibit.chart,
                tables,
                self._shared,
                lang,
                # stand-ins are numbered by the place of a name
                [*study().colours.PALETTE] if lang else [],
            ]
        )
        suffix = f"{lang}.{key}.svg" if lang else f"{'panel.' if panel else ''}{key}.json"
        path = self.run / FOLDER / f"{exhibit.slug}.{suffix}"
        return Piece(path, exhibit, self.group, lang, panel)

    @cached_property
    def _shared(self) -> str:
        return digest_of([asdict(self.group), self.names])


def _make_all(pieces: list[Piece], run: Path, names: Names) -> None:
    if len(pieces) <= FEW:
        for piece in pieces:
            make(piece, run, names)
        return
    from workbook.running.engine.fork_server import context

    with ProcessPoolExecutor(os.cpu_count(), mp_context=context([DRAWING])) as pool:
        for future in [pool.submit(make, piece, run, names) for piece in pieces]:
            future.result()


def make(piece: Piece, run: Path, names: Names) -> None:
    """Draw a picture, or write out the tables of an exhibit, from the tables of a run.

    A word or a glyph that there is not is a `WordsFault` that names exhibit, chart and language.
    """
    from workbook.exhibits import pictures as exhibits
    from workbook.exhibits.panel_states import panel_payload
    from workbook.notebook.run_folder import RunFolder
    from workbook.tables.results import result_contracts

    mode = mode_behind(run / "tables" / f"{table}.csv" for table in piece.tables)
    frames = [RunFolder(run).read_table(table) for table in piece.tables]
    if piece.panel and piece.exhibit.panel:
        by_name = dict(zip(piece.tables, frames, strict=True))
        shown = panel_payload(piece.exhibit.panel, result_contracts(), by_name, names, piece.group)
        write_whole(piece.path, json_text(shown), mode)
        return
    if piece.lang:
        try:
            svg = exhibits.drawn(piece.exhibit, frames, piece.lang, names, piece.group)
        except (KeyError, UserWarning) as fault:
            raise WordsFault(
                f"exhibit {piece.exhibit.slug}: {piece.exhibit.function}, "
                f"{piece.lang}: {fault.args[0]}"
            ) from fault
        write_whole(piece.path, svg, mode)
        return
    tables = [
        exhibits.table_payload(result_contracts()[table], frame, names, piece.group)
        for place, (table, frame) in enumerate(zip(piece.exhibit.tables, frames, strict=True))
        if len(frame) or not place
    ]
    # behind an exhibit, a table without rows says nothing
    write_whole(piece.path, json_text(tables), mode)
