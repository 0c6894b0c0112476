"""Violations to plant in the whole app, each on a place of its own, and what must be said of it."""

from tests.policy.seeded import data, opened, operation, roles

VIOLATIONS = (*roles.VIOLATIONS, *opened.VIOLATIONS, *data.VIOLATIONS, *operation.VIOLATIONS)
