"""A change that needs a reason before it is deployed."""

from dataclasses import dataclass

from policies.finding import Problem
from policies.template import Resource

ROWS = "policies/changes/acknowledged.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Danger:
    """The report of a kind, before the runner adds its name; ``change`` identifies the change."""

    resource: Resource
    change: str
    why: str
    remedy: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Hazard:
    """A change that is deployed only if the same commit gives the reason."""

    kind: str
    danger: Danger

    @property
    def region(self) -> str:
        return self.danger.resource.stack.region

    @property
    def path(self) -> str:
        """The path below the stage, so that one acknowledgement can apply to every region."""
        return self.danger.resource.local

    @property
    def change(self) -> str:
        """The change, with placeholders for differences between the regions."""
        stack = self.danger.resource.stack
        return self.danger.change.replace(stack.region, "{region}").replace(
            stack.account, "{account}"
        )

    def problem(self) -> Problem:
        """Return the hazard as a problem whose remedy includes the row that acknowledges it."""
        resource = self.danger.resource
        return Problem(
            verdict=self.kind,
            rule=self.change,
            region=self.region,
            path=resource.path,
            message=self.danger.why,
            remedy=f"{self.danger.remedy}; or acknowledge exactly this change in {ROWS}:\n"
            f"      kind = '{self.kind}'  path = '{self.path}'\n      change = '{self.change}'",
            source=f"{resource.stack.name}, {resource.logical_id} ({resource.type})",
        )
