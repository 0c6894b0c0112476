"""What a rule says of a resource, and what it is asked with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from policies.templates.template import Resource
from review.cost.load import Table
from review.cost.traffic import Traffic

MILLION = 1e6


class Use(NamedTuple):
    """A quantity of what ``price`` names, in ``region`` if that is not the resource's own."""

    item: str
    quantity: float
    unit: str
    price: str
    region: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """A month of a load, for the resources of one stack."""

    table: Table
    traffic: Traffic

    @property
    def deployments(self) -> float:
        return float(self.table.load["deployments_per_month"])


# A resource's use in a month.
Rule: TypeAlias = Callable[[Resource, Month], Iterator[Use]]
