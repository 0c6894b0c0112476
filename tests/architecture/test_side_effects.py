"""The environment is read at the edge and nowhere else; of app and functions, a scan says so."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import PRODUCT, ROOT, modules, tree

MAINS = modules(
    "services/canary/runtime/main.py",
    "services/processor/runtime/main.py",
    "services/processor/runtime/large_file_main.py",
    "services/stream_consumer/runtime/main.py",
)


@pytest.mark.parametrize("main", MAINS, ids=str)
def test_a_main_only_wires(main: Path) -> None:
    deciding = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.IfExp, ast.Lambda)

    assert not [node for node in ast.walk(tree(main)) if isinstance(node, deciding)]


def test_each_service_has_a_main() -> None:
    assert {ROOT / main.parent for main in MAINS} == set(ROOT.glob("services/*/runtime"))


def test_the_environment_is_read_by_the_local_cloud_and_set_up_only() -> None:
    scanned = {"pipeline_app.py", "naming.py", "stages", "services"}
    places = [place for place in PRODUCT if place not in {"local", "machine", *scanned}]

    readers = {
        str(module)
        for module in modules(*places)
        for node in ast.walk(tree(module))
        if {getattr(node, "attr", ""), getattr(node, "id", "")} & {"environ", "getenv"}
    }

    assert readers == set()


def test_functions_are_made_in_one_place() -> None:
    makers = {
        str(module)
        for module in modules(*PRODUCT)
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call)
        if ast.unparse(node.func) in {"lambda_.Function", "aws_lambda.Function", "Function"}
    }

    assert makers == {"services/service_function.py"}
