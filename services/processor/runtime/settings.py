from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Settings:
    """Field ``table_name`` is read from ``TABLE_NAME``, and so on."""

    table_name: str
    region: str

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Raise ``KeyError`` naming every missing variable, before the first event is read."""
        names = {field.name: field.name.upper() for field in fields(cls)}
        missing = sorted(variable for variable in names.values() if not env.get(variable))
        if missing:
            raise KeyError(f"missing environment variables: {', '.join(missing)}")
        return cls(**{name: env[variable] for name, variable in names.items()})
