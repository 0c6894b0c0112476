"""Ways to make a gate lie: tests that run, and can't fail, or prove less than they did."""

from attacks.attack import extend, replace, write
from attacks.variants import joined, told

LOCKS, RETAINED = "tests/architecture/test_locks.py", "tests/policy/rules/test_retained.py"
EVENTS = "tests/unit/stream_consumer/test_put_events.py"
# What is one's of the base, and what stands in its place.
REWRITTEN = {
    "that loops over nothing": replace(
        LOCKS, 'in ROOT.glob("services/*/runtime/req', 'in ROOT.glob("no'
    ),
    "that loops over an empty list": replace(EVENTS, "in batches(events(sizes_bytes)):", "in []:"),
    "of a stand-in": replace(
        RETAINED, '[finding] = check([stack({"Eraser"', '[finding] = seen([stack({"Eraser"'
    ),
    "of a constant": replace(
        LOCKS, 'packages("package.json")["aws-cdk"] == CDK_CLI', '"2.1148.1" == CDK_CLI'
    ),
    "of one value": replace(EVENTS, "st.integers(200, 2_000), ", "st.just(200), "),
    "of one value, in the test": replace(EVENTS, "st.text(max_size=8)", "st.just('a')"),
    "whose failure is suppressed": replace(
        LOCKS,
        '    assert "://" not in path.read_text()\n',
        "    with contextlib.suppress(AssertionError):\n"
        '        assert "://" not in path.read_text()\n',
    ),
    "whose failure is expected": replace(
        LOCKS,
        '    assert "registry" not in text',
        '    with pytest.raises(AssertionError):\n        assert "registry" not in text',
    ),
    "whose failure is caught": replace(
        LOCKS,
        '    assert "registry" not in text',
        '    try:\n        assert "registry" not in text\n'
        "    except AssertionError:\n        print(text)",
    ),
    "that ends early": replace(
        LOCKS,
        '    assert "registry" not in text',
        '    if text:\n        return\n    assert "registry" not in text',
    ),
    "that ends before it asserts": replace(
        LOCKS, "    assert len(INPUTS) == 12", "    if INPUTS:\n        return\n    assert INPUTS"
    ),
    "that yields": replace(
        LOCKS, "    assert len(INPUTS) == 12", "    assert len(INPUTS) == 12\n    yield"
    ),
    "of what it has patched": replace(
        RETAINED,
        '    [finding] = check([stack({"Eraser"',
        '    monkeypatch.setattr("tests.policy.rules.test_retained.check", seen)\n'
        '    [finding] = check([stack({"Eraser"',
    ),
    "that compares with less": replace(
        LOCKS, "pins(runtime) <= development", "pins(runtime) or development"
    ),
    "that asks for a part": replace(
        RETAINED, 'assert finding.message == f"{type_} {lost}"', 'assert "" in finding.message'
    ),
    "that asks for no more than a bound": replace(LOCKS, "len(INPUTS) == 12", "len(INPUTS) >= 1"),
    "that asks for the opposite": replace(LOCKS, '"registry" not in text', '"registry" in text'),
    "that asks for nothing": replace(LOCKS, "len(INPUTS) == 12", "len(INPUTS) == 0"),
    "by a helper that says less": replace(LOCKS, 'if "==" in line}', 'if "===" in line}'),
    "by a helper of its name": extend(
        LOCKS, "\n\ndef pins(source: Path) -> set[str]:\n    return set()\n"
    ),
    "by a builtin's name": extend(RETAINED, "\n\ndef list(found: object) -> None: ...\n"),
    "by another import": replace(
        RETAINED, "from policies.rules.retained", "from tests.policy.retained"
    ),
    "with a fixture that lies": extend(
        "tests/policy/bootstrap/test_boundary.py",
        "\n\n@pytest.fixture\ndef green() -> Path:\n    return Path()\n",
    ),
    "with a fixture that lies by another name": extend(
        "tests/policy/bootstrap/test_boundary.py",
        '\n\n@pytest.fixture(name="green")\ndef _green() -> Path:\n    return Path()\n',
    ),
    "of other cases": replace(
        RETAINED, '["DeletionPolicy", "UpdateReplacePolicy"]', '["DeletionPolicy", "A"]'
    ),
    "of fewer cases": replace(
        RETAINED, '["DeletionPolicy", "UpdateReplacePolicy"]', '["DeletionPolicy"]'
    ),
    "of cases that are left out": replace(
        LOCKS, '"path", [*INPUTS, *LOCKS]', '"path", [*INPUTS, *LOCKS][:1]'
    ),
    "of a part, by a filter": replace(
        LOCKS, 'if path and "integrity"', 'if not path and "integrity"'
    ),
    "of what it has used up": replace(
        LOCKS,
        '    assert "index-url" not in path.read_text()',
        '    assert not INPUTS.clear()\n    assert "index-url" not in path.read_text()',
    ),
    "of a list that gets another value": extend(LOCKS, "\nINPUTS += []\n"),
    "that is skipped": replace(
        LOCKS, "def test_every_input", "@pytest.mark.skip\ndef test_every_input"
    ),
    **{
        f"that asserts what is always so, {hollow}": replace(LOCKS, "len(INPUTS) == 12", hollow)
        for hollow in ("True", "len(INPUTS) == len(INPUTS)", "len(INPUTS) == 12 or True")
    },
    "that is gone": replace(LOCKS, "def test_every_input", "def every_input"),
    "replaced by one of its name": extend(
        LOCKS, "\n\ndef test_every_input_is_found() -> None: ...\n"
    ),
    **{
        f"that is hardly tried, {settings}": replace(EVENTS, "@given(", f"{settings}\n@given(")
        for settings in (
            "@settings(max_examples=1)",
            "@settings(phases=[])",
            "@settings(max_examples=N)",
        )
    },
}
# What a module gets and no test of it has, by which another one does not say what it said.
TEST = "def test_it() -> None:\n    "
ADDED = {
    "empties a list at once": "CLEARED = INPUTS.clear()\n",
    "empties a list": f"{TEST}INPUTS.clear()\n    assert pins(LOCKS[0])\n",
    "patches what others use": f"{TEST}Path.read_text = print\n    assert pins(LOCKS[0])\n",
    "gives a function other code": f"{TEST}pins.__code__ = named.__code__\n",
    "fills a module": f"{TEST}vars(re).update(re.__dict__)\n    assert pins(LOCKS[0])\n",
    "sets up all others": "def setup_function() -> None: ...\n",
    "answers for the module": "def __getattr__(name: str) -> object: ...\n",
    "takes the rest out of the run": (
        "def test_it(request: object) -> None:\n    del request.session.items[1:]\n"
    ),
    "writes results of others": f"{TEST}from review import test_results\n    assert test_results\n",
    "lets properties try less": (
        "def names() -> list[str]:\n    settings.load_profile('brief')\n    return ['a']\n\n\n"
        '@pytest.mark.parametrize("name", names())\n'
        "def test_it(name: str) -> None:\n    assert name\n"
    ),
    "gives pytest a hook": (
        "def test_it(pytestconfig: pytest.Config) -> None:\n"
        "    assert pytestconfig.pluginmanager.register(Hooks())\n"
    ),
    "ends the run": f"{TEST}assert pins(LOCKS[0])\n    pytest.exit('', 0)\n",
}
FIXTURE = (
    "@pytest.fixture\ndef monkeypatch() -> pytest.MonkeyPatch:\n    return pytest.MonkeyPatch()\n"
)

ATTACKS = joined(
    told(
        "patches that stay for all later tests",
        write("tests/unit/processor/conftest.py", f"import pytest\n\n\n{FIXTURE}"),
        "fixture-replaced",
        says="gets this one, in the place of pytest's",
    ),
    *(told(f"a test {how}", plant, "test-rewritten") for how, plant in REWRITTEN.items()),
    *(
        told(f"a new test that {how}", extend(LOCKS, f"\n\n{text}"), "check-skipped")
        for how, text in ADDED.items()
    ),
)
