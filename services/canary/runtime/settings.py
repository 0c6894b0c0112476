"""The environment of the function, read once when it starts."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self, get_type_hints


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment of the function: ``table_name`` is read from ``TABLE_NAME``, and so on.

    ``fresh_for_s``: a sign of life is fresh for so many seconds after its file was put.
    """

    bucket_name: str
    table_name: str
    peer_region: str
    fresh_for_s: int
    region: str

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Return the settings in ``env``; raise ``KeyError`` naming every missing variable."""
        names = {field.name: field.name.upper() for field in fields(cls)}
        missing = sorted(variable for variable in names.values() if not env.get(variable))
        if missing:
            raise KeyError(f"missing environment variables: {', '.join(missing)}")
        types = get_type_hints(cls)
        return cls(**{name: types[name](env[variable]) for name, variable in names.items()})
