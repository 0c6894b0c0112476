"""A resource that CloudFormation can't create, at the worst moment.

AWS creates resources side by side, so when one fails, all that does not need it may exist already.
The emulator creates one after the other: here all that does not need it is created first.
"""

import importlib
from collections.abc import Callable
from typing import Any

REFUSED = "refused: it is to fail"


class FailingCreations:
    """Lets stacks that are created fail at the resource with the logical id ``at``, if any."""

    def __init__(self) -> None:
        self.at = ""
        stacks: Any = importlib.import_module("ministack.services.cloudformation.stacks")
        self._needs: Callable[[Any, Any], Any] = stacks._extract_deps  # noqa: SLF001
        self._sort: Callable[[Any, Any], list[str]] = stacks._topological_sort  # noqa: SLF001
        self._create: Callable[..., Any] = stacks._provision_keeping_seed  # noqa: SLF001
        stacks._topological_sort = self.sort  # noqa: SLF001
        stacks._provision_keeping_seed = self.create  # noqa: SLF001

    def sort(self, resources: dict[str, Any], conditions: dict[str, Any]) -> list[str]:
        """Return the order of creation, with the failing resource as late as it can be."""
        order = self._sort(resources, conditions)
        if self.at not in order:
            return order
        later = {self.at}
        for name in order:
            if not later.isdisjoint(self._needs(resources[name], set(order))):
                later.add(name)
        return sorted(order, key=lambda name: (name in later, order.index(name)))

    def create(self, type_: str, name: str, properties: dict[str, Any], stack: str) -> Any:
        """Create a resource, or raise what CloudFormation takes for the service's error."""
        if name == self.at:
            raise ValueError(REFUSED)
        return self._create(type_, name, properties, stack)
