"""``python -m policies`` in this process, so that a test can capture its output."""

import pytest

from policies.__main__ import main


def run(*arguments: str) -> object:
    """The exit code."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code
