"""What a month of a stated load costs, by the resources of the templates."""

from policies.review.cost.estimate import FREE, RULES, estimate

__all__ = ["FREE", "RULES", "estimate"]
