"""Intrinsic functions of a deployed template, resolved to the values of its resources."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.rehearsal.errors import RehearsalError

REFERENCE = re.compile(r"\$\{([^!}][^}]*)\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Intrinsics:
    """Resolves the functions that a pipeline's properties use.

    ``references`` has physical ids and pseudo parameters by the names that ``Ref`` uses;
    ``attribute`` returns the value of ``Fn::GetAtt`` for a logical id and an attribute.
    """

    references: Mapping[str, str]
    attribute: Callable[[str, str], str]

    def resolve(self, value: Any) -> Any:  # any JSON
        """Return ``value`` with its functions resolved; raise ``RehearsalError`` for any other."""
        if isinstance(value, list):
            return [self.resolve(each) for each in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            [(name, argument)] = value.items()
            if name == "Ref" or name.startswith("Fn::"):
                return self._call(name, argument)
        return {name: self.resolve(each) for name, each in value.items()}

    def _call(self, name: str, argument: Any) -> str:  # any JSON
        match name, argument:
            case "Ref", str():
                return self._reference(argument)
            case "Fn::GetAtt", [str(), str()]:
                return self.attribute(*argument)
            case "Fn::Join", [str(separator), list(parts)]:
                return separator.join(str(self.resolve(part)) for part in parts)
            case "Fn::Sub", str():
                return REFERENCE.sub(lambda found: self._substitution(found[1]), argument)
        raise RehearsalError(f"can't resolve {name} of {argument!r}")

    def _substitution(self, name: str) -> str:
        logical_id, dot, attribute = name.partition(".")
        return self.attribute(logical_id, attribute) if dot else self._reference(name)

    def _reference(self, name: str) -> str:
        if name not in self.references:
            raise RehearsalError(f"Ref to {name}: no such resource is deployed")
        return self.references[name]
