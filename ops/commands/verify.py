"""``ops verify``: verify that a deployed region works."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import click

import naming
from ops.access_point import AccessPoint
from ops.cli import connected
from ops.connection import assume, connect
from ops.errors import FINDING
from ops.progress import duration, pulse
from ops.region import Region
from ops.route_steps import settle
from ops.verification import PUT_AGAIN_S, WATCH_S, Verification, verify


@click.command("verify", short_help="Verify that a deployed region works.")
@click.option("--role", required=True, help="ARN of the region's verification role.")
@click.option("--peer-region", type=click.Choice(naming.REGIONS), help="Replica to check as well.")
@click.option("--peer-role", help="ARN of that region's role, if it differs.")
@click.option("--bucket", required=True, help="Output IngestionBucketName of the region's stack.")
@click.option("--table", required=True, help="Output TableName.")
@click.option("--canary-events-url", required=True, help="Output CanaryEventsUrl.")
@click.option(
    "--access-point",
    default="",
    help="ARN; send its uploads to the primary, unless one region gets them all.",
)
@click.option(
    "--timeout-s", type=float, default=300, show_default=True, help="How long to wait for it."
)
@click.option(
    "--watch-s", type=float, default=WATCH_S, show_default=True, help="How long to watch alarms."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Also write the outcome to this JSON file."
)
@connected
@click.pass_context
def command(context: click.Context, /, *, out: Path | None, as_json: bool, **options: Any) -> None:
    """Upload a canary file, wait for its event and its item in each region, and watch the alarms.

    The pipeline calls it after deploying a region; only the standby's stack has an access point.
    It uses the verification role for everything. Safe to repeat: each run uploads its own file,
    whose record of a few hundred bytes is kept.
    """
    if out:  # if this run is cut short, an earlier outcome must not be taken for its own
        out.unlink(missing_ok=True)
    region = options["region"]
    with pulse(lambda elapsed_s: f"verifying {region}: {duration(elapsed_s)}"):
        verification = _verification(**options)
        outcome = verify(verification, region, lambda line: click.echo(line, err=True))
        outcome |= verification.state()
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(outcome, indent=2) + "\n")
    if outcome["error"]:
        click.echo(f"{region} is NOT verified: {outcome['error']}", err=True)
        context.exit(FINDING)
    summary = f"{region} is verified: {outcome['key']} in {outcome['seconds']} s"
    click.echo(json.dumps(outcome) if as_json else summary)


def _verification(
    *,
    region: str,
    profile: str | None,
    role: str,
    peer_region: str | None,
    peer_role: str | None,
    bucket: str,
    table: str,
    canary_events_url: str,
    access_point: str,
    timeout_s: float,
    watch_s: float,
) -> Verification:
    session = connect(region, profile)
    outputs = {
        "IngestionBucketName": bucket,
        "TableName": table,
        "CanaryEventsUrl": canary_events_url,
    }
    here = Region(assume(session, role, "verification"), region, outputs)
    regions = [here]
    if peer_region:
        peer = assume(session, peer_role or role, "verification")
        regions.append(Region(peer, peer_region, {"TableName": table}))
    first = partial(settle, AccessPoint(here, access_point)) if access_point else None
    return Verification(
        here,
        regions,
        timeout_s=timeout_s,
        watch_s=watch_s,
        put_again_s=PUT_AGAIN_S,
        first=first,
    )
