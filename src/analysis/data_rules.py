"""What the chapters ask of the tables beyond the tables' contracts, for `workbook check` and the
intake.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any

from analysis.groups import Group, Groups

if TYPE_CHECKING:
    import pandas as pd

    from workbook.choices import Parameters
    from workbook.tables.catalog import Catalog

COSTS, RANGES = "ict_cost", "input_ranges"
Load = Callable[[str], "pd.DataFrame"]


class DataRules:
    """The faults of tables that only this study knows."""

    def table_faults(self, catalog: Catalog) -> Iterator[str]:
        """Yield what no municipality is, and what is implausible, in a researcher's own costs: one
        rule, written by hand or taken in.

        A unit that was named by hand at intake counts as settled, as long as the table is the one
        that was taken in.
        """
        from office_tables.municipalities import not_municipalities
        from workbook.tables.data_package import TableFault
        from workbook.tables.origin_record import unit_settled_by_hand

        if COSTS not in catalog.resources or not catalog.has(COSTS):
            return
        try:
            costs = catalog.load(COSTS)
        except TableFault:
            return  # said among the faults of tables
        yield from (f"data/local/{COSTS}.csv: {text}" for text in not_municipalities(costs["code"]))
        settled = unit_settled_by_hand(catalog.path(COSTS))
        yield from (
            f"data/local/{COSTS}.csv: column {field}: {text} write yen, or take the table in with"
            f" `workbook intake FILE --table {COSTS} --unit {field}=円`, if it is right"
            for field, text in self.implausible(COSTS, costs, catalog.load, settled)
        )

    def implausible(
        self, table: str, frame: pd.DataFrame, load: Load, settled: Collection[str]
    ) -> Iterator[tuple[str, str]]:
        """Yield each field of a table whose numbers are hardly in its unit, and why; ``settled``
        names the fields whose unit was named by hand.
        """
        from analysis.plausible_costs import implausible_costs

        if table == COSTS and "cost_jpy" not in settled:
            for text in implausible_costs(frame, load("municipalities")):
                yield "cost_jpy", text

    def unmet(
        self,
        table: str,
        frame: pd.DataFrame,
        published: pd.DataFrame | None,
        load: Load,
        taking_part: Collection[str] = (),
    ) -> Iterator[str]:
        """Yield what an own table lacks or says twice, each with its remedy; nothing if it is
        fit.
        """
        from analysis.own_tables import unmet_conditions

        yield from unmet_conditions(table, frame, published, load("municipalities"), taking_part)

    def own_table_faults(
        self, catalog: Catalog, parameters: Parameters | None = None
    ) -> Iterator[str]:
        """Yield what the chapters would stop at in a researcher's own tables; those of one run,
        where its choices are given, with what they cannot be.
        """
        if parameters is None:
            yield from self._own_table_faults(catalog)
            return
        try:
            group = Groups().of(parameters.study.model_dump(), catalog.load)
        except ValueError as fault:
            yield str(fault)
            return
        report12 = parameters.study.participants == "report12"
        part = catalog.load("participants")["code"] if report12 else group.codes
        yield from self._own_table_faults(catalog, part)
        yield from map(str, Groups().choice_faults(parameters.flat("consolidation"), group))
        yield from self._uncounted(catalog, group)

    def remarks(self, catalog: Catalog) -> Iterator[str]:
        """Yield which of several years of a researcher's own costs counts, and where they differ
        from what the municipality published.
        """
        if catalog.is_local(COSTS) and catalog.has(COSTS):
            supplied = catalog.load(COSTS)
            yield from self._years_left_out(supplied)
            yield from self._differing(supplied, catalog.load("observed_ict_budgets"))

    def _years_left_out(self, supplied: pd.DataFrame) -> Iterator[str]:
        years = sorted(supplied["fiscal_year"].unique())
        if len(years) > 1:
            yield (
                f"data/local/{COSTS}.csv: holds fiscal years {', '.join(map(str, years))}, of which"
                " chapter 2 takes one: the latest with every municipality taking part; the others"
                " move no"
                " number. To study another year, take the later ones out"
            )

    def _differing(self, supplied: pd.DataFrame, published: pd.DataFrame) -> Iterator[str]:
        from analysis.plausible_costs import differing_costs

        for row in differing_costs(supplied, published).itertuples():
            yield (
                f"data/local/{COSTS}.csv: {row.code} in {row.fiscal_year} is"
                f" {row.supplied_jpy:,.0f} yen, its published budget item {row.item_jpy:,.0f}"
                " (observed_ict_budgets): see whether scope or a slip sets them apart; the run"
                " takes yours, and exhibit ward-costs says so"
            )

    def same_faults(self, parameters: Parameters) -> Any:
        """Return what stands for the choices that `own_table_faults` looks at."""
        chosen = parameters.study
        return repr((chosen.group, chosen.participants, parameters.consolidation))

    def _uncounted(self, catalog: Catalog, group: Group) -> Iterator[str]:
        counted = set(catalog.load("municipality_indicators")["code"])
        bare = [code for code in group.codes if code not in counted]
        if bare:
            yield (
                f"study.group: no row in municipality_indicators for {', '.join(bare)}; write them,"
                " with those of all others, into data/local/municipality_indicators.csv"
            )

    def _own_table_faults(
        self, catalog: Catalog, taking_part: Collection[str] = ()
    ) -> Iterator[str]:
        from analysis import judged
        from analysis.chapters.resident_cost.observed_cost import FEWEST_OBSERVED

        own = [name for name in catalog.resources if catalog.is_local(name) and catalog.has(name)]
        if judged.TABLE in own:
            found = judged.judgement_faults(catalog.load(judged.TABLE), catalog.load(RANGES))
            yield from (f"data/local/{judged.TABLE}.csv: {text}" for text in found)
        for name in own:
            frame, published = catalog.load(name), catalog.published(name)
            unmet = self.unmet(name, frame, published, catalog.load, set(taking_part))
            yield from (f"data/local/{name}.csv: {text}" for text in unmet)
        if COSTS in own and 0 < len(taking_part) < FEWEST_OBSERVED:
            yield (
                f"data/local/{COSTS}.csv: {len(taking_part)} municipalities take part, and"
                f" chapter 2 "
                f"compares observed costs of {FEWEST_OBSERVED} or more: study a larger group, or"
                " move the table away and give its total as study.baseline: own"
            )
