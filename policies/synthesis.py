"""The gate that every synthesis passes: on a laptop, in CI and in the pipeline."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import aws_cdk as cdk

from policies import packs, register, validation_report
from policies.check import check
from policies.finding import Finding, texts
from policies.gate import PAGE, counted
from policies.register_checks import UNUSED
from policies.templates import assembly


class PolicyError(Exception):
    """The app violates its policies; the message lists what, where, and how to fix it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings
        told = texts(findings)
        super().__init__("\n\n".join([f"policies: {counted(told)}, {PAGE}", *told]))


def synthesize(app: cdk.App, today: date) -> None:
    """Synthesize ``app`` and check it; raise ``PolicyError`` if something is wrong with it.

    A row that accepts nothing lets nothing through, and has a cause: ``make changes`` tells that
    first, and needs an app that can be synthesized. ``make scan`` then tells the row.
    """
    outdir = Path(app.outdir)
    # If this synthesis writes no report, an older one must not be taken for it.
    (outdir / validation_report.FILE).unlink(missing_ok=True)
    app.synth()
    packs.report(app)
    verdict = check(assembly.read(outdir), register.load(), today)
    if any(each.kind != UNUSED for each in verdict.findings):
        raise PolicyError(verdict.findings)
