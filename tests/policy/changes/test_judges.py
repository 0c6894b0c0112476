"""Whatever decides about gates, proofs and bundles is compared by what it does."""

import ast
from functools import cache
from pathlib import Path

import pytest

from policies.changes import judges, sources

ROOT = Path(__file__).resolve().parents[3]
RUN_BY_THE_PIPELINE = [
    *("ops.__main__", "ops.cli", "ops.commands.verify", "ops.commands.supersede"),
    *("review.publish", "services.bundling"),
]
# Modules that show the promises of another one, and where that is.
SHOWING = {
    "local/demo/__main__.py": "local/demo/__init__.py",
    "local/drill/run.py": "local/drill/scenarios/takeover.py",
    "local/rehearsal/scenario_runner.py": "local/rehearsal/scenarios.py",
}
TWO = "ATTACKS = (\n    told('one', 1),\n    told('two', 2),\n)\n"


@cache
def compared() -> set[Path]:
    return {each.path for each in judges.read(ROOT, frozenset()).values()}


def imported(module: str) -> set[Path]:
    """What a module imports of the project, and what that does."""
    found, todo = set[Path](), [module]
    while todo:
        place = ROOT / todo.pop().replace(".", "/")
        for file in (place.with_suffix(".py"), place / "__init__.py"):
            if file.is_file() and file not in found:
                found.add(file)
                todo += names(ast.parse(file.read_text()))
    return found


def names(tree: ast.Module) -> list[str]:
    nodes = [*ast.walk(tree)]
    whole = [each.name for node in nodes if isinstance(node, ast.Import) for each in node.names]
    of = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    parts = [f"{node.module}.{each.name}" for node in of for each in node.names]
    return [*whole, *parts, *(str(node.module) for node in of)]


def test_promises_that_a_module_shows_are_compared() -> None:
    sources = {str(path.relative_to(ROOT)): path for path in compared() if path.suffix == ".py"}
    showing = [
        name
        for name, path in sources.items()
        if not name.startswith("tests/") and "__doc__" in path.read_text()
    ]

    unseen = [name for name in showing if not judges.SHOWN.fullmatch(SHOWING.get(name, name))]

    assert len(showing) >= len(SHOWING)
    assert unseen == []


@pytest.mark.parametrize("module", RUN_BY_THE_PIPELINE)
def test_what_the_pipeline_runs_is_compared_with_all_that_it_imports(module: str) -> None:
    assert imported(module) - compared() == set()


def test_an_attack_counts_by_all_that_it_says(tmp_path: Path) -> None:
    family = tmp_path / "lies.py"
    family.write_text(TWO)
    before = {*judges.attacks(family)}
    family.write_text(TWO.replace("told('one', 1)", "told('one', 3)"))

    [gone] = before - {*judges.attacks(family)}

    assert gone.startswith("lies: one ")


def test_another_attack_is_no_other_code(tmp_path: Path) -> None:
    family = tmp_path / "attacks/families/lies.py"
    family.parent.mkdir(parents=True)
    family.write_text(TWO)
    before = judges.read(tmp_path, frozenset())
    family.write_text(f"from attacks.attack import put\n{TWO.replace('2),', '2), told(put),')}")

    assert judges.read(tmp_path, frozenset()) == before


@pytest.mark.parametrize(
    "name",
    [
        *(
            "tests/infra/limits.toml",
            "tests/policy/data/rows.csv",
            "tests/a.bin",
            "tests/unit/known",
        ),
        *("tests/test_limits.json", "tests/e2e/a b.js", "samples/expected.json"),
    ],
)
def test_whatever_tests_judge_by_is_compared_by_its_bytes(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\xff500")
    before = judges.read(tmp_path, frozenset())
    file.write_bytes(b"\xff5000")

    assert [*before] == [name]
    assert judges.read(tmp_path, frozenset()) != before


def test_what_is_compared_otherwise_is_not_compared_as_code(tmp_path: Path) -> None:
    (tmp_path / "tests" / "__pycache__").mkdir(parents=True)
    for name in ("test_a.py", ".npmrc", "package.json", "package-lock.json", "__pycache__/a.pyc"):
        (tmp_path / "tests" / name).write_text("")

    assert judges.read(tmp_path, frozenset()) == {}


@pytest.mark.parametrize(
    ("after", "line"),
    [
        ("def f():\n    a = 1\n    return b\n", 3),
        ("def f():\n    a = 1\n", 1),
        ("def f():\n    for a in b:\n        a = 1\n    return a\n", 2),
        ("import a\ndef f():\n    a = 1\n    return a\n", 1),
        ("def g():\n    a = 1\n    return a\n", 1),
        ("", 1),
    ],
)
def test_an_edit_is_at_its_first_statement_or_where_something_is_missing(
    after: str, line: int
) -> None:
    before = "def f():\n    a = 1\n    return a\n"
    lines = [each.lineno for each in sources.parts(ast.parse(after))]

    assert [*lines, 1][sources.first_new(before, after)] == line


def test_lines_that_look_the_same_or_are_long_are_shown_by_what_differs() -> None:
    names = [f"name_{number}" for number in range(99)]
    row = f"A = {{{', '.join(names)}}}"

    told = sources.differing(row, row.replace("name_70,", "name_7o,"))
    assert len(told) == 2
    assert all(len(each) < 110 for each in told)
    assert sources.differing("'e'", "'\u0435'") == ["-'e'", "+'\\u0435'"]
