import io
import re

import pytest

from local.progress import Progress


def test_a_step_is_one_line_with_its_seconds() -> None:
    stream = io.StringIO()

    with Progress(stream).step("started the emulator"):
        pass

    assert re.fullmatch(r" +\d+\.\d s  started the emulator\n", stream.getvalue())


def test_a_failed_step_is_not_reported_as_done() -> None:
    stream = io.StringIO()

    with pytest.raises(ValueError, match="boom"), Progress(stream).step("deployed"):
        raise ValueError("boom")

    assert stream.getvalue() == ""
