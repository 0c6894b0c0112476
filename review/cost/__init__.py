"""The monthly cost of a stated load, by the resources of the templates."""

from review.cost.estimate import FREE, RULES, estimate

__all__ = ["FREE", "RULES", "estimate"]
