"""What a reconciliation tells people: a table, facts for programs, and a page for the record.

It keeps the first thousand findings, however many there are, and counts of all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ops.errors import FINDING, UNDETERMINED
from ops.findings import Code, Finding, Totals
from ops.object_versions import ListedVersion
from ops.output import counted
from ops.page_templates import templates_in
from ops.progress import printable
from ops.repair import Repaired

HEADS = ("code", "file", "row", "what")
MOST_KEPT = 1_000
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(kw_only=True)
class Report:
    """The outcome of reconciling one region's bucket with a table; ``scope`` says what, in words.

    ``unrepaired`` are the first of the files that a repair could not bring in order.
    """

    region: str
    bucket: str
    table_region: str
    scope: str
    totals: Totals
    findings: list[Finding] = field(default_factory=list)
    repaired_files: int = 0
    unrepaired_files: int = 0
    unrepaired: list[Repaired] = field(default_factory=list)
    has_repaired: bool = False

    def add(self, finding: Finding) -> None:
        """Keep a finding, if it is one of the first; those of things missing come before others."""
        if finding.is_wrong or len(self.findings) < MOST_KEPT // 2:
            self.findings += [finding] * (len(self.findings) < MOST_KEPT)

    def add_repaired(self, outcome: Repaired) -> None:
        """Count a repaired file, or keep one that could not be repaired."""
        if not outcome.problem:
            self.repaired_files += 1
            return
        self.unrepaired_files += 1
        if len(self.unrepaired) < MOST_KEPT:
            self.unrepaired.append(outcome)

    @property
    def exit_code(self) -> int:
        """Return 1 if something is missing, else 2 if that is undecided, else 0."""
        if self._is_wrong:
            return FINDING
        return UNDETERMINED if self.totals.found[Code.UNDECIDED] else 0

    @property
    def _is_wrong(self) -> bool:
        left = self.totals.found[Code.NOT_READ] if self.has_repaired else self.totals.wrong
        return bool(left or self.unrepaired)

    @property
    def sentence(self) -> str:
        """Return the outcome in words."""
        looked = f"{counted(self.totals.files, 'file')} of {self.bucket}"
        if self.totals.rows:
            looked += f" with {counted(self.totals.rows, 'row')}"
        in_work = self.totals.found[Code.IN_WORK]
        young = f"; {counted(in_work, 'young file')} may be in work" if in_work else ""
        return f"{looked}: {self._outcome}{young}"

    @property
    def _outcome(self) -> str:
        found = counted(self.totals.wrong, "finding")
        if self.has_repaired and self.totals.wrong:
            repaired = counted(self.repaired_files, "file")
            return f"{found}, {repaired} repaired, {self.unrepaired_files:,} not"
        if self.totals.wrong:
            return found
        if self.totals.found[Code.UNDECIDED]:
            return "of some it could not be decided whether anything is missing"
        return f"nothing is missing in {self.table_region}"

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return the outcome as plain values, without the single findings."""
        return {
            "region": self.region,
            "bucket": self.bucket,
            "tableRegion": self.table_region,
            "scope": self.scope,
            **self.totals.facts,
            "repairedFiles": self.repaired_files,
            "unrepairedFiles": self.unrepaired_files,
            "exitCode": self.exit_code,
            "verdict": self.sentence,
        }

    def rows(self, most: int) -> Iterator[Sequence[str]]:
        """Yield the files that are not repaired, and the first findings, as cells of a table."""
        for outcome in self.unrepaired[:most]:
            yield "NOT_REPAIRED", place(outcome.version), "", printable(outcome.problem)
        for each in self.findings[:most]:
            row = f"{each.row:,}" if each.row else ""
            yield str(each.code), place(each.version), row, printable(_with_key(each))


def place(version: ListedVersion) -> str:
    """Return a version's key and name as a terminal may show them."""
    return printable(f"{version.key} version {version.version}")


def page(reports: Sequence[Report], made_at: str) -> str:
    """Return one self-contained page about reconciliations; all text in it is escaped."""
    template = templates_in(TEMPLATES).get_template("reconcile.html.j2")
    return template.render(reports=reports, heads=HEADS, most=MOST_KEPT, made_at=made_at) + "\n"


def _with_key(finding: Finding) -> str:
    return f"{finding.detail}: {' at '.join(finding.key)}" if finding.key else finding.detail
