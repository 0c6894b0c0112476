"""What ``ops failover`` and ``ops failback`` have in common."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self

import click

import naming
from ops import failover
from ops.cli import changing, in_both_regions
from ops.connection import connect
from ops.deployment import Deployment
from ops.errors import FindingError, RefusedError
from ops.failover import Move
from ops.moments import Moment
from ops.output import as_json as json_line
from ops.output import is_confirmed
from ops.steps import Outcome, Result, Step

_SINCE = (
    "After a loss: announce the lost region's changes since then. Planned: compare the files put"
    " since then. An hour ago by default."
)

ARN_HELP = "Its ARN, if neither the standby's stack nor the audit record can be read."
_FORCE = "Continue after failures, except of dials, upload and takeover. Needs --reason."


def with_options(function: Callable[..., int]) -> Callable[..., int]:
    """Add the options that a move has."""
    for option in (
        click.option("--access-point", "arn", default="", help=ARN_HELP),
        click.option("--reason", default="", help="Why; for the audit record."),
        click.option("--force", is_flag=True, help=_FORCE),
        click.option("--since", type=Moment(), help=_SINCE),
        click.option(
            "--lost-region",
            type=click.Choice(naming.REGIONS),
            help="The region that is lost: make no call to it.",
        ),
    ):
        function = option(function)
    return changing(in_both_regions(function))


def move_traffic(
    *,
    action: str,
    to: str,
    lost_region: str | None,
    since: str | None,
    force: bool,
    reason: str,
    arn: str,
    yes: bool,
    dry_run: bool,
    profile: str | None,
    as_json: bool,
) -> int:
    """Show, ask, move, report; return the exit code."""
    if lost_region == to:
        raise RefusedError(f"{to} is where the uploads would go; name the other one as lost")
    if force and not reason.strip():
        raise RefusedError("--force needs a --reason")
    move = Move(
        action=action,
        to=to,
        deployment=Deployment(connect(to, profile), lost_region),
        access_point_arn=arn,
        since=since or "",
        reason=reason,
        force=force,
    )
    facts = {"action": action, "from": naming.peer(to), "to": to, "lost": lost_region}
    how = f"{naming.peer(to)} is lost" if lost_region else f"{naming.peer(to)} works"
    with _Report(facts, as_json=as_json) as report:
        if dry_run or not yes:
            report.show(failover.look(move), looked=True)
        if is_confirmed(f"{how}; send all uploads to {to}?", yes=yes, dry_run=dry_run):
            report.show(failover.run(move, _tell), looked=False)
    return report.code


def _tell(step: Step, seen: str) -> None:
    click.echo(f"{step.name:14} ...    {step.wanted}; now: {seen}", err=True)


class _Report:
    """Prints each step as it ends, or all of them as JSON when everything is over."""

    def __init__(self, facts: Mapping[str, Any], *, as_json: bool) -> None:
        self._facts = facts
        self._as_json = as_json
        self._steps: list[Mapping[str, Any]] = []
        self._error = ""
        self.code = 0

    def show(self, results: Iterator[Result], *, looked: bool) -> None:
        self._steps = []
        try:
            for result in results:
                self._steps.append(_facts(result))
                click.echo(_line(result, looked=looked), err=self._as_json)
        except (FindingError, RefusedError) as error:
            self._error, self.code = str(error), error.exit_code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Print the outcome, also that of an error that ends the command."""
        self._error = str(error) if error else self._error
        if self._as_json:
            facts = {**self._facts, "steps": self._steps, "error": self._error}
            click.echo(json_line(facts))
        elif self._error and not error:
            click.echo(f"error: {self._error}", err=True)


def _facts(result: Result) -> Mapping[str, Any]:
    return {
        "step": result.step.name,
        "wanted": result.step.wanted,
        "outcome": str(result.outcome),
        "seen": result.seen,
        "seconds": result.seconds,
    }


def _line(result: Result, *, looked: bool) -> str:
    """Return what is so, and in front of it what is wanted where it is not so."""
    open_ = result.outcome in {Outcome.OPEN, Outcome.FAILED, Outcome.FORCED}
    outcome = "to do" if result.outcome is Outcome.OPEN else str(result.outcome)
    wanted = f"{result.step.wanted}; now: " if open_ else ""
    took = "" if looked else f" ({result.seconds:.1f} s)"
    return f"{result.step.name:14} {outcome:6} {wanted}{result.seen}{took}"
