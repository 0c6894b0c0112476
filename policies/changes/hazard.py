from dataclasses import dataclass

from policies.problem import Problem
from policies.template import Resource

ROWS = "policies/changes/acknowledged.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Danger:
    """A hazard before the runner has put its kind to it; ``change`` is exact for the resource."""

    resource: Resource
    change: str
    why: str
    remedy: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Hazard:
    """A change that is only deployed when somebody has said why, in the same commit."""

    kind: str
    danger: Danger

    @property
    def region(self) -> str:
        return self.danger.resource.stack.region

    @property
    def path(self) -> str:
        """Below the stage, so that one acknowledgement can count for every region's copy."""
        return self.danger.resource.local

    @property
    def change(self) -> str:
        """With placeholders for what differs between the regions' copies."""
        stack = self.danger.resource.stack
        return self.danger.change.replace(stack.region, "{region}").replace(
            stack.account, "{account}"
        )

    def problem(self) -> Problem:
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
