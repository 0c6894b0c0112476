"""``ops console``: the status and the files as a page on loopback, live."""

from contextlib import nullcontext

import click

import naming
from ops.connection import open_session
from ops.console import server
from ops.console.feed import Feed
from ops.status.survey import Survey


@click.command("console", short_help="Show the status and the files live, as a page on loopback.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port on 127.0.0.1; by default a free one.",
)
@click.option(
    "--listen",
    is_flag=True,
    help="Receive the events themselves: a queue and a rule on each bus meanwhile.",
)
@click.option(
    "--lost-region", type=click.Choice(naming.REGIONS), help="Do not ask this region at all."
)
@click.option("--profile", help="AWS profile to use.")
def command(port: int, lost_region: str | None, profile: str | None, *, listen: bool) -> None:
    """Show the status and the files live, as a page that only this machine can reach.

    Open the address that it prints; its token is new each time. The page is read-only. It asks AWS
    about every two seconds while somebody watches. Ctrl-C ends it. Without --listen, events are
    counted by metrics, which are minutes late; with it, each event costs a message.
    """
    survey = Survey(open_session(naming.PRIMARY, profile), lost=lost_region or "", watches=True)
    server.end_cleanly()
    feed, token = Feed(survey), server.new_token()
    with server.listen(port) as listening, feed.hearing() if listen else nullcontext():
        feed.latest()  # the first look takes as long as it takes to open a browser
        server.serve(feed, listening, token, lambda: click.echo(server.address(listening, token)))
