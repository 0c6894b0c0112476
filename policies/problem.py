from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Problem:
    """One reason for a red verdict: what, where, and what to do about it."""

    verdict: str
    rule: str
    region: str
    path: str
    message: str
    remedy: str
    source: str = ""

    def __str__(self) -> str:
        head = "  ".join(part for part in (self.verdict, self.rule, self.region) if part)
        lines = [("at", self.path), ("in", self.source), ("why", self.message), ("do", self.remedy)]
        return "\n".join([head, *(f"  {label:<4}{text}" for label, text in lines if text)])
