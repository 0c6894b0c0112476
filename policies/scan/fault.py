from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Fault:
    """What a tool has found: ``line`` is 0 where it is about the whole file."""

    tool: str
    rule: str
    file: str
    line: int
    message: str

    def __str__(self) -> str:
        at = f"{self.file}:{self.line}" if self.line else self.file
        return f"{self.tool}  {self.rule}\n  at  {at}\n  why {self.message}"


class ToolError(Exception):
    """A tool could not do its work, so nothing is known; that is never the same as no fault."""
