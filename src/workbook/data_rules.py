"""What a study knows of its tables beyond their contracts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from workbook.choices import Parameters
    from workbook.tables.catalog import Catalog

Load = Callable[[str], "pd.DataFrame"]


class DataRules(Protocol):
    """The faults of tables that only the study knows; each is one line with its remedy."""

    def table_faults(self, catalog: Catalog) -> Iterator[str]:
        """Yield what is wrong with the tables, whatever a run chooses."""

    def implausible(
        self, table: str, frame: pd.DataFrame, load: Load, settled: Collection[str]
    ) -> Iterator[tuple[str, str]]:
        """Yield each field of a table whose numbers are hardly in its unit, and why; ``settled``
        names the fields whose unit was named by hand.
        """

    def unmet(
        self, table: str, frame: pd.DataFrame, published: pd.DataFrame | None, load: Load
    ) -> Iterator[str]:
        """Yield what an own table lacks or says twice, to be settled before it is taken in."""

    def own_table_faults(
        self, catalog: Catalog, parameters: Parameters | None = None
    ) -> Iterator[str]:
        """Yield what the chapters would stop at in a researcher's own tables; those of one run,
        where its choices are given.
        """

    def remarks(self, catalog: Catalog) -> Iterator[str]:
        """Yield what is worth a look in a researcher's own tables, and stops nothing."""

    def same_faults(self, parameters: Parameters) -> Any:
        """Return what stands for the choices that `own_table_faults` depends on."""


class NoDataRules:
    """The rules of a study whose contracts say everything."""

    def table_faults(self, catalog: Catalog) -> Iterator[str]:
        """Yield nothing."""
        return iter(())

    def implausible(
        self, table: str, frame: pd.DataFrame, load: Load, settled: Collection[str]
    ) -> Iterator[tuple[str, str]]:
        """Yield nothing."""
        return iter(())

    def unmet(
        self, table: str, frame: pd.DataFrame, published: pd.DataFrame | None, load: Load
    ) -> Iterator[str]:
        """Yield nothing."""
        return iter(())

    def own_table_faults(
        self, catalog: Catalog, parameters: Parameters | None = None
    ) -> Iterator[str]:
        """Yield nothing."""
        return iter(())

    def remarks(self, catalog: Catalog) -> Iterator[str]:
        """Yield nothing."""
        return iter(())

    def same_faults(self, parameters: Parameters) -> Any:
        """Return one and the same for all."""
        return ""
