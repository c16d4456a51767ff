"""Steps: what each notebook reads, writes and shows, as its chapter declares it.

The tests hold every line true; a notebook that loads, reads or writes anything else is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbook.groups import Group
from workbook.study import study


@dataclass(frozen=True, order=True)
class Source:
    """A table that something rests on: some of its columns, or all of it where none is named."""

    table: str
    columns: tuple[str, ...] = ()

    @classmethod
    def declared(cls, entry: str | Mapping[str, list[str]]) -> Source:
        """Return the source that an entry of ``from`` names: a table, or one table with its
        columns.

        >>> Source.declared("rain"), Source.declared({"rain": ["day", "mm"]})
        (Source(table='rain', columns=()), Source(table='rain', columns=('day', 'mm')))
        """
        if isinstance(entry, str):
            return cls(entry)
        ((table, columns),) = entry.items()
        return cls(table, tuple(columns))


ALONE = "alone"  # the message that says why one member alone lacks something


@dataclass(frozen=True)
class Step:
    """One notebook: input tables, tables of earlier steps, tables it writes, exhibits in order,
    headline results.

    ``table_words`` are how the messages begin that go into its tables, ``reasons`` those that say
    why a result has no value: these alone are part of what makes it stale.
    ``of_one`` names the exhibits, messages, text cells and results that mean something where the
    group has one member alone: the message `ALONE` says why there is no other exhibit or result.
    Where it is None everything does.
    ``intervals`` says of a result what its interval is of, where that is not the P10 to P90 of the
    draws: one of `workbook.terms.INTERVALS`.
    ``columns`` names those that it takes of a table it ``reads``, ``ranges`` the inputs that it
    takes of the study's table of ranges, where it takes only some.
    ``local_exhibits`` are shown only where a local table is there; they are numbered after the
    others. A step that ``reads_headlines`` follows every earlier one. ``optional`` tables are no
    notebook's: the workbook gathers them from several runs, and the step does without them until
    they are there.
    """

    name: str
    inputs: tuple[str, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    exhibits: tuple[str, ...]
    results: tuple[str, ...] = ()
    local_exhibits: tuple[str, ...] = ()
    reads_headlines: bool = False
    optional: tuple[str, ...] = ()
    columns: tuple[Source, ...] = ()
    ranges: tuple[str, ...] = ()
    table_words: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    of_one: tuple[str, ...] | None = None
    intervals: tuple[tuple[str, str], ...] = ()

    def columns_read(self, table: str) -> tuple[str, ...]:
        """Return the columns that the step takes of a table, none where it takes all."""
        return next((source.columns for source in self.columns if source.table == table), ())

    def interval_of(self, result: str) -> str:
        """Return what the interval of a result is of.

        >>> step = Step("01_x", (), (), (), (), results=("a", "b"), intervals=(("a", "forms"),))
        >>> step.interval_of("a"), step.interval_of("b")
        ('forms', 'draws')
        """
        return dict(self.intervals).get(result, "draws")

    def tells_of(self, name: str, group: Group) -> bool:
        """Say whether an exhibit, message, text cell or result means something of a group."""
        return not group.is_one or self.of_one is None or name in self.of_one

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every result table it reads, with the columns that it takes."""
        return tuple(
            Source(table, self.columns_read(table)) for table in (*self.reads, *self.optional)
        )

    @property
    def words_written(self) -> tuple[str, ...]:
        """How the messages begin that go into its tables and results."""
        return (*self.table_words, *self.reasons, *((ALONE,) if self.of_one is not None else ()))

    @property
    def numbered(self) -> tuple[str, ...]:
        """Every exhibit the notebook may show, in the order of its number."""
        return (*self.exhibits, *self.local_exhibits)

    @property
    def stem(self) -> str:
        """The chapter's name in code and parameters."""
        return self.name[3:]

    @property
    def chapter(self) -> int:
        """The chapter's number."""
        return int(self.name[:2])


def step_named(name: str) -> Step:
    """Return the step of a notebook; an unknown name is refused with the names there are."""
    for step in study().steps:
        if name in (step.name, step.stem):
            return step
    raise KeyError(
        f"no notebook {name!r}; there are: {', '.join(step.name for step in study().steps)}"
    )


def writer_of(table: str) -> Step:
    """Return the step that writes a result table."""
    for step in study().steps:
        if table in step.writes:
            return step
    raise KeyError(f"no notebook writes a table {table!r}")


def exhibit_number(slug: str) -> str:
    """Return an exhibit's number, chapter and place in the chapter; it does not move with the
    branch taken.
    """
    for step in study().steps:
        if slug in step.numbered:
            return f"{step.chapter}.{step.numbered.index(slug) + 1}"
    raise KeyError(f"no step declares an exhibit {slug!r}")
