"""A command line in this process, so that a test can capture its output."""

import click
import pytest

from policies.__main__ import main


def run(*arguments: str, command: click.Command = main) -> object:
    """The exit code of ``python -m policies``, or of another command."""
    with pytest.raises(SystemExit) as ended:
        command(arguments)
    return ended.value.code
