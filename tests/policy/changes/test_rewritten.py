"""What a test of the base says can't be said otherwise unseen; to add to it asks for nothing."""

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.changes import command, guards
from policies.changes.documents import document
from policies.changes.kinds import findings
from policies.changes.update import update
from policies.finding import Finding
from tests.policy.changes.updates import SPEC

FILE = "tests/unit/test_sums.py"
BASE = '''"""Sums."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sums import add, parsed

CASES = [1, 2]
NAMED = {"a": 1, "b": 2}
KNOWN = [1, 2]
BOTH = [1, 2]
SUMS = st.lists(st.integers())


def helper(numbers, limit=3):
    """Return a few."""
    few = [each for each in numbers if each < limit]
    return few, lambda one: one in few


@pytest.fixture
def file(tmp_path):
    yield tmp_path / "sums.json"


@pytest.mark.parametrize("number", CASES)
@pytest.mark.parametrize("name", sorted(NAMED))
def test_cases(number, name):
    few, check = helper([number], limit=3)
    assert add(number) in KNOWN
    assert add(number) == 3
    assert name


@pytest.mark.parametrize("number", BOTH)
def test_both(number):
    assert add(number) in BOTH


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 3)], ids=["a", "b"])
def test_pairs(one, other, file):
    for each in (one, other):
        assert parsed(each, file)
    total = add(one, other)
    assert total == "three"


@given(SUMS, st.integers())
def test_sums(numbers, more):
    with pytest.raises(ValueError, match="no number"):
        add(numbers, more)
'''
LAST = "        add(numbers, more)\n"
FREE: Mapping[str, tuple[str, str]] = {
    "a comment": ("KNOWN = [1, 2]", "# Known.\nKNOWN = [1, 2]  # as yet"),
    "a promise": ('"""Return a few."""', '"""Return fewer."""'),
    "a promise of the module": ('"""Sums."""', '"""Differences."""'),
    "another layout": ("KNOWN = [1, 2]", "KNOWN = [\n    1,\n    2,\n]"),
    "a case of a test, and its name": (
        '[(1, 2), (2, 3)], ids=["a", "b"]',
        '[(1, 2), (2, 3), (3, 4)], ids=["a", "b", "c"]',
    ),
    "an assertion at the end": ("    assert name\n", "    assert name\n    assert add(name)\n"),
    "statements at the end": (
        LAST,
        f"{LAST}    for each in numbers:\n        total = add(each)\n        assert total\n",
    ),
    "another failure that is expected": (
        LAST,
        f"{LAST}    with pytest.raises(TypeError):\n        add(None)\n",
    ),
    "an import": ("import json\n", "import json\nimport re\n"),
    "imports in another order": (
        "import json\nfrom pathlib import Path\n",
        "from pathlib import Path\nimport json\n",
    ),
    "imports on one line": ("import add, parsed", "import parsed, add, subtract"),
    "a helper": ("@pytest.fixture\n", "def more():\n    return 1\n\n\n@pytest.fixture\n"),
    "a fixture": (
        "@pytest.fixture\n",
        "@pytest.fixture\ndef folder(file):\n    return file\n\n\n@pytest.fixture\n",
    ),
    "a test before others": ("@given(SUMS", "def test_more():\n    assert add(1)\n\n\n@given(SUMS"),
}
TOLD: Mapping[str, tuple[str, str]] = {
    "an import that takes a name in use": ("import json\n", "import json\nimport add\n"),
    "a name in use, given by a default": (
        "@given(SUMS",
        "def more(one=(helper := None)): ...\n\n\n@given(SUMS",
    ),
    "a name in use, given in a comprehension": (
        "KNOWN = [1, 2]",
        "KNOWN = [1, 2]\nMORE = [helper := None for _ in KNOWN]",
    ),
    "names of cases that are another parameter's": (
        'ids=["a", "b"]',
        'ids=["a", "b"], indirect=["one"]',
    ),
    "cases of another list": ("CASES = [1, 2]", "CASES = [1, 2, *range(9)]"),
    "a named case": ('"b": 2}', '"b": 2, "c": 3}'),
    "another number that is expected": ("add(number) == 3", "add(number) == 4"),
    "another text that is expected": ('total == "three"', 'total == "four"'),
    "an assertion between others": ("    assert name\n", "    assert few != []\n    assert name\n"),
    "an assertion in a loop": (
        "        assert parsed(each, file)\n",
        "        assert len(file.name) == 9\n        assert parsed(each, file)\n",
    ),
    "without an import that nothing uses": ("import json\n", ""),
    "a local name": (
        "    total = add(one, other)\n    assert total ==",
        "    sum_ = add(one, other)\n    assert sum_ ==",
    ),
    "a local name of a helper, and one in it": (
        "few = [each for each in numbers if each < limit]\n    return few, lambda one: one in few",
        "some = [e for e in numbers if e < limit]\n    return some, lambda it: it in some",
    ),
    "a parameter of a helper": (
        'numbers, limit=3):\n    """Return a few."""\n    few = [each for each in numbers',
        "values, limit=3):\n    few = [each for each in values",
    ),
    "a case of a list that has a name": ("CASES = [1, 2]", "CASES = [1, 2, 5]"),
    "a case before others": ("[(1, 2), (2, 3)]", "[(3, 4), (1, 2), (2, 3)]"),
    "another fixture": (
        "other, file):\n    for each in (one, other):\n        assert parsed(each, file)",
        "other, tmp_path):\n    for each in (one, other):\n        assert parsed(each, tmp_path)",
    ),
    "a parameter that is given by its name": (
        'limit=3):\n    """Return a few."""\n    few = [each for each in numbers if each < limit]',
        "most=3):\n    few = [each for each in numbers if each < most]",
    ),
    "parameters that change places": (
        "def helper(numbers, limit=3)",
        "def helper(limit, numbers=3)",
    ),
    "a case that is skipped": (
        "[(1, 2), (2, 3)]",
        "[(1, 2), (2, 3), pytest.param(3, 4, marks=pytest.mark.skip)]",
    ),
    "more assertions where failures are expected": (LAST, f"{LAST}        assert numbers.no\n"),
    "an assertion that uses up what another one looks at": (
        "    assert name\n",
        "    assert [*check]\n    assert name\n",
    ),
    "a local value before an assertion": (
        "    assert total ==",
        "    total = 'three'\n    assert total ==",
    ),
    "an exit at the end": (LAST, f"{LAST}    return\n"),
    "a patch at the end": (LAST, f"{LAST}    monkeypatch.setattr(add, 'a', 1)\n"),
    "a store at the end": (LAST, f"{LAST}    add.sums = numbers\n"),
    "a name at the end that hides one that is used": (LAST, f"{LAST}    add = numbers\n"),
    "another default": ("limit=3):", "limit=0):"),
    "another example": ("SUMS = st.lists(st.integers())", "SUMS = st.just([])"),
}


def told(before: str, after: str, **files: str) -> list[Finding]:
    old, new = ({"tests": {FILE: each}, "files": files} for each in (before, after))
    return findings(update(document(guards.NAME, old), document(guards.NAME, new), SPEC))


def edited(old: str, new: str) -> str:
    assert old in BASE
    return BASE.replace(old, new)


@pytest.mark.parametrize("edit", FREE.values(), ids=FREE)
def test_what_is_only_added_asks_for_nothing(edit: tuple[str, str]) -> None:
    assert told(BASE, edited(*edit)) == []


@pytest.mark.parametrize("edit", TOLD.values(), ids=TOLD)
def test_whatever_else_is_edited_is_one_finding(edit: tuple[str, str]) -> None:
    [found] = told(BASE, edited(*edit))

    assert found.kind == "test-rewritten"


def test_a_finding_names_each_test_with_its_line_and_what_differs() -> None:
    shorter = BASE.replace("in (one, other):", "in []:").replace("test_sums", "sums")

    [found] = told(BASE, shorter)

    assert found.source == f"{FILE}:45"
    assert "\n      test_pairs (line 45)\n        -    for each in (one, other):" in found.message
    assert "\n        +    for each in []:\n" in found.message
    assert "\n      test_sums (gone)\n" in found.message


def test_a_statement_more_about_a_name_is_told_at_its_own_line() -> None:
    [found] = told(BASE, longer := f"{BASE}\n\nKNOWN += [3]\n")

    assert found.source == f"{FILE}:{len(longer.splitlines())}"


def test_all_of_many_are_named() -> None:
    tests = "".join(f"def test_{number}():\n    assert a({number})\n" for number in range(9))

    [found] = told(tests, tests.replace("assert", "assert not"))

    assert found.message.endswith("\n      and test_5, test_6, test_7, test_8")


def test_a_fixture_must_not_take_the_place_of_one_of_a_conftest() -> None:
    lies = f"{BASE}\n\n@pytest.fixture\ndef cloud():\n    yield\n"
    shared = {"tests/conftest.py": "@pytest.fixture\ndef site(cloud): ...\n"}

    assert told(BASE, lies) == []
    assert [each.kind for each in told(BASE, lies, **shared)] == ["test-rewritten"]


def test_a_comment_brings_no_code_by_its_encoding(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.parent.mkdir(parents=True)
    file.write_text(BASE)
    before = guards.here(tmp_path)
    file.write_text(f"# coding: utf-7\n# +AAo-KNOWN = []\n{BASE.replace('+', '+-')}")

    [found] = findings(update(before, guards.here(tmp_path), SPEC))

    assert found.kind == "test-rewritten"


def test_a_row_accepts_one_edit_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    first, second = (BASE.replace("in (one, other):", f"in [{each}]:") for each in ("one", ""))
    [found] = told(BASE, first)

    file, number = command.write_rows("mine", [found], [])

    assert number == 1
    assert found.rule in file.read_text()
    assert [each.rule for each in told(BASE, f"# Why.\n{first}")] == [found.rule]
    assert [each.rule for each in told(BASE, second)] != [found.rule]


NAMES = st.from_regex(r"[a-z]{1,3}_[0-9]", fullmatch=True)


@given(st.permutations(range(3)), NAMES)
def test_order_and_what_comes_may_be_any(order: list[int], more: str) -> None:
    tree = ast.parse(BASE)
    imports = tree.body[1:7]
    tests = tree.body[-3:]
    for test in (each for each in tests if isinstance(each, ast.FunctionDef)):
        test.body.append(ast.parse(f"assert add({more!r})").body[0])
    added = ast.parse(f"def test_{more}():\n    assert parsed({more!r})\n").body
    tree.body = [*imports[::-1], *tree.body[7:-3], *added, *(tests[at] for at in order)]

    assert told(BASE, ast.unparse(tree)) == []


CHANGING = (
    "CASES += [3]\n",
    "CASES.append(3)\n",
    "CASES = [*CASES, 3]\n",
    "if CASES:\n    CASES = [3]\n",
)


@pytest.mark.parametrize("statement", CHANGING)
def test_a_list_that_is_made_longer_before_a_test_takes_it_is_not_made_longer_after_it(
    statement: str,
) -> None:
    before = BASE.replace("KNOWN =", f"{statement}KNOWN =", 1)

    [found] = told(before, BASE + statement)
    assert "after what takes it" in found.message
    assert len({*found.rule.rstrip("]").split()[1::2]}) == 2
    assert told(before, BASE.replace("BOTH =", f"{statement}BOTH =", 1)) == []


def test_of_a_test_that_moves_only_what_it_says_otherwise_is_told_beside_that_it_is_gone() -> None:
    moved = BASE.replace("assert add(number) == 3", "assert add(number)")
    sides = ({FILE: BASE}, {"tests/unit/more/test_sums.py": moved})
    before, after = (document(guards.NAME, {guards.TESTS: each, "files": {}}) for each in sides)

    gone, rewritten = sorted(findings(update(before, after, SPEC)), key=lambda each: each.kind)

    assert (gone.kind, rewritten.kind) == ("check-removed", "test-rewritten")
    assert "-    assert add(number) == 3" in rewritten.message
    assert "test_both" not in rewritten.message
