import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import imports, modules, tree

DEPLOYED = modules("naming.py", "pipeline_app.py", "stages", "services", "datasets", "ops")
TESTING = re.compile(r"(pytest|unittest|moto|hypothesis)(\..*)?|(PYTEST|HYPOTHESIS)_\w+")


@pytest.mark.parametrize("module", DEPLOYED, ids=str)
def test_nothing_that_is_deployed_or_operated_asks_whether_it_is_tested(module: Path) -> None:
    texts = {
        node.value
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert not [each for each in texts | imports(module) if TESTING.fullmatch(each)]
