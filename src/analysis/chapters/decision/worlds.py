"""Chapter 9, possible worlds: the draws of one scrambling of the study's joint sequence, and what
each option is worth in them.

The study's own world is scrambled as everywhere; others tell by how much a finite number of draws
errs. Values are present values at the decision, by draw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from analysis.chapters.decision import formulas as decision
from analysis.chapters.decision.outturn import Outturn


@dataclass(frozen=True)
class World:
    """One scrambling, one row per draw: uncertain ``inputs``, this chapter's ``terms``
    (`formulas.DRAWN`), the ``dates`` of the report's plan, and chapter 6's full year ``worth``.
    """

    inputs: pd.DataFrame
    terms: pd.DataFrame
    dates: pd.DataFrame
    worth: Any

    @property
    def buying(self) -> NDArray:
        """What joint buying saves once all of it runs, yen a year."""
        return self.worth.saving["buying"].to_numpy()

    def under(self, worth: Any) -> World:
        """Return the same world with the full year of another scale model."""
        return replace(self, worth=worth)

    def running_share(self, served: bool) -> NDArray:
        """The part of joint buying that runs already: none where no joint buyer serves."""
        return self.terms["outturn_running_share"].to_numpy() * served


@dataclass(frozen=True)
class Setting:
    """What all worlds have in common.

    ``start`` is the decision and ``budget_year`` the first round ahead, decimal fiscal years;
    ``basis`` holds the study's own draws and is asked through `terms_of`; ``horizon`` and
    ``dated_flows`` are chapter 6's; ``spend`` is the yearly spend without pooling, by year;
    ``outturn`` and ``reading`` say how draws are weighted.
    """

    start: float
    budget_year: float
    basis: decision.Terms
    horizon: Any
    dated_flows: Callable[..., Any]
    spend: NDArray
    tax_rate: float
    outturn: Outturn
    reading: str

    def terms_of(self, world: World) -> decision.Terms:
        """Return how options are appraised in a world."""
        return replace(self.basis, running_share=world.running_share(self.basis.served))

    def at_renewal(self, world: World) -> pd.DataFrame:
        """Return the plan's dates put off to the renewals, and those of wider joint buying."""
        due = {
            stage: world.terms[f"{stage}_renewal"].clip(lower=self.start)
            for stage in decision.STREAMS
        }
        bought = self.budget_year + world.terms["widening_years"]
        return decision.at_renewal(world.dates, due).assign(buying=bought)

    def weights_of(self, world: World) -> NDArray:
        """Return the weight of each draw by the joint buyer's published result."""
        additional = world.inputs["additionality_price"].to_numpy()
        running = world.running_share(self.basis.served)
        drawn = {"buying": world.buying, "additionality": additional, "running_share": running}
        return replace(self.outturn, **drawn).weights(self.reading)


def lean(world: World) -> Any:
    """Return the full year with the move at the part of its cost that a renewal leaves."""
    return decision.moved_at_renewal(world.worth, world.terms["renewal_move_share"])


def components_of(world: World, setting: Setting) -> dict[str, pd.DataFrame]:
    """Return, for each option, its components by draw (`formulas.option_components`)."""
    terms, dates = setting.terms_of(world), setting.at_renewal(world)
    uptake = world.inputs["uptake_price"].to_numpy() * (world.buying > 0)
    share = world.terms["buying_fee_share"].to_numpy() * (1 + setting.tax_rate)
    fee = decision.fee_value(setting.spend, uptake, dates["buying"], setting.horizon, terms, share)
    plan, renewal = (
        decision.valued(setting.dated_flows(worth, moments, setting.horizon), terms.rate)
        for worth, moments in ((world.worth, world.dates), (lean(world), dates))
    )
    return decision.option_components(plan, renewal, fee, terms)
