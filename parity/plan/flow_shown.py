"""A flow model as pages and documents show it: its tables, its scenarios, and the figures that speak of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from parity.documents.figure_tables import place_words
from parity.tables import Desk
from parity.terms.figure import Figure

READ = "read from the service costs"


@dataclass(frozen=True)
class ShownModel:
    """A model as its figures and tables tell of it."""

    desk: Desk
    facts: dict[str, Any]
    slug: str
    paths: pl.DataFrame
    numbers: pl.DataFrame
    several: bool

    @property
    def name(self) -> str:
        """The model's name."""
        return str(self.facts["model"])

    @cached_property
    def scenarios(self) -> list[str]:
        """The model as it is, then its scenarios."""
        return self.paths["scenario"].unique(maintain_order=True).to_list()

    def label(self, scenario: str) -> str:
        """What figures call the scenario: with the model's name where there are several models."""
        return f"{self.name}: {scenario}" if self.several else scenario

    def slug_of(self, scenario: str) -> str:
        """What the scenario is called in the slugs of tables and charts."""
        return f"{self.slug}-{self.scenarios.index(scenario)}"

    @cached_property
    def faults(self) -> str:
        """What keeps the model from being run; empty where nothing does."""
        found = self.paths["missing"].drop_nulls()
        return str(found[0]) if found.len() else ""

    def figures(self, key: str, *scenarios: str) -> list[Figure]:
        """The figures of these scenarios, or of all of the model."""
        labels = {self.label(name) for name in scenarios or self.scenarios}
        return [figure for figure in self.desk.figures(key) if dict(figure.where)["scenario"] in labels]


def models_of(desk: Desk) -> list[ShownModel]:
    """The models of the programme; none where a table is not there without which none can be run."""
    told, paths, numbers = (desk.table(stem) for stem in ("flow_models", "flow_paths", "flow_numbers"))
    if told is None or paths is None or numbers is None:
        return []
    rows = told[0].to_dicts()
    return [
        ShownModel(
            desk,
            facts,
            slug=str(place),
            paths=paths[0].filter(model=facts["model"]),
            numbers=numbers[0].filter(model=facts["model"]),
            several=len(rows) > 1,
        )
        for place, facts in enumerate(rows, start=1)
    ]


def cited(row: Mapping[str, Any]) -> tuple[str, str]:
    """Document and place, and whether the number is read from elsewhere."""
    source, place = row["source"] or "not said", place_words(row["place"] or "")
    return source, "; ".join(part for part in (place, READ if row["is_found"] else "") if part) or "–"
