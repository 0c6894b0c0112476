"""The monthly cost of a stated load, by the resources of the templates."""

from review.cost.bills import RULES
from review.cost.estimate import FREE, estimate

__all__ = ["FREE", "RULES", "estimate"]
