"""``python -m review``: the report of a commit, and where its approver can read it."""

import click

from review.command import report
from review.publish import publish


@click.group()
def main() -> None:
    """Write the review report of a commit, and publish it."""


main.add_command(report)
main.add_command(publish)

if __name__ == "__main__":
    main(prog_name="python -m review")
