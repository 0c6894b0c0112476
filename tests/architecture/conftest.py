import ast
from collections.abc import Iterator

import pytest

from tests.architecture import sources


@pytest.fixture(scope="session", autouse=True)
def _trees_stay_as_they_are() -> Iterator[None]:
    """Each is read once and shared by all tests; one of them may not take anything out of it."""
    yield
    changed = [
        text[:200]
        for text, tree in sources.TREES.items()
        if ast.dump(tree) != ast.dump(ast.parse(text))
    ]
    assert changed == [], "a test has changed these, so those after it looked at something else"
