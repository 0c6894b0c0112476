"""Ways to make a gate lie: checks and tests not selected, skipped, gone, or told not to look."""

from attacks.attack import both, delete, extend, replace, write
from attacks.variants import joined, told
from attacks.workflow import CI, PULL, pytest

OTHERS = "policies/declared/other_settings.toml"
LESS = ("-k none", "-m none", "--deselect=tests/a.py", "--ignore=tests/infra", "--collect-only")
AWAY = ("zizmor: " + "ignore[a]", "betterleaks" + ":allow", "gitleaks" + ":allow")
UNSEEN = (
    *("ruff: " + "noqa", "noqa", "NOQA", "flake8: " + "noqa", "mypy: " + "ignore-errors", "nosec"),
    *("mypy: " + "strict=False", "type: " + "ignore", "pylint: " + "disable=all"),
    *("pragma: " + "no cover", "checkov:" + "skip=CKV_AWS_1", "cfn-lint: " + "ignore"),
    *("betterleaks" + ":allow", "gitleaks" + ":allow", "shellcheck " + "disable=all"),
)


ATTACKS = joined(
    *(
        told(
            f"tests left out, {options}",
            pytest(options),
            "tree-tests-deselected",
            "command-changed",
        )
        for options in LESS
    ),
    told(
        "tests left out for all",
        replace("pyproject.toml", '"--strict-markers"', '"--strict-markers", "-k", "none"'),
        "tree-tests-deselected",
        "tests-deselected",
    ),
    told(
        "tests of another folder",
        replace("pyproject.toml", 'testpaths = ["tests"]', 'testpaths = ["docs"]'),
        "tree-tests-deselected",
        "tests-deselected",
    ),
    told(
        "tests of no folder by default",
        replace("pyproject.toml", 'testpaths = ["tests"]\n', ""),
        "tests-deselected",
        says="looks into these folders",
    ),
    told(
        "a module in the place of a package, for all tests",
        both(
            replace("pyproject.toml", 'pythonpath = ["."]', 'pythonpath = ["tests/support", "."]'),
            write("tests/support/yaml.py", ""),
        ),
        "tests-deselected",
        says="gets that one: tests/support/yaml",
    ),
    *(
        told(f"tests that {file} hides", write(file, ""), "tests-deselected")
        for file in ("tests/policy/rules/pyvenv.cfg", "tests/infra/conda-meta/history")
    ),
    told("types in the place of a module's", write("ops/forgetting.pyi", ""), "lint-loosened"),
    told(
        "a setting without another value",
        replace(OTHERS, 'alertEmail = ["", "on-call@example.com"]', 'alertEmail = [""]'),
        "declaration-widened",
        says="no longer see what it switches on",
    ),
    told(
        "a plugin in every run of tests",
        replace("pyproject.toml", '"--strict-markers"', '"-pmine", "--strict-markers"'),
        "tests-deselected",
        says="load a plugin",
    ),
    told(
        "a second recipe, which replaces the scans",
        extend("Makefile", "\nscan:\n\t@python -m policies check\n"),
        "command-changed",
        says="the one before no longer runs: @python -m policies check\n@$(SCAN_VENV)",
    ),
    told(
        "tests of other names",
        replace("pyproject.toml", "testpaths", 'python_files = "check_*.py"\ntestpaths'),
        "tree-tests-deselected",
        "tests-deselected",
    ),
    told(
        "folders without tests",
        replace("pyproject.toml", "testpaths", 'norecursedirs = ["infra"]\ntestpaths'),
        "tree-tests-deselected",
        "tests-deselected",
    ),
    told(
        "settings in the place of the project's",
        write("tests/pytest.ini", "[pytest]\naddopts = -k none\n"),
        "tree-other-settings",
        "tests-deselected",
    ),
    told(
        "a hook that drops tests",
        extend(
            "tests/conftest.py",
            "\n\ndef pytest_collection_modifyitems(items):\n    items.clear()\n",
        ),
        "tests-deselected",
        says="before and around every test below this folder",
    ),
    told("a job that is gone", replace(CI, "  functions:\n", "  others:\n"), "check-removed"),
    told("a workflow that is gone", delete(PULL), "check-removed"),
    told(
        "a target that needs less",
        replace("Makefile", "infra: setup $(SCAN_VENV)/.ready", "infra: setup"),
        "check-removed",
    ),
    told("a rule that is gone", delete("policies/rules/retained.py"), "check-removed"),
    told("a test file that is gone", delete("tests/architecture/test_locks.py"), "check-removed"),
    told(
        "a rule that finds nothing",
        replace("policies/rules/retained.py", "    for stack in", "    for stack in () and"),
        "check-rewritten",
    ),
    told(
        "a boundary of another source",
        extend("bootstrap/boundary.py", "\nMORE = 1\n"),
        "check-rewritten",
    ),
    told(
        "an action that is declared",
        replace(
            "policies/declared/role_actions.toml",
            '  "s3:GetObject",\n',
            '  "s3:GetObject",\n  "s3:PutObject",\n',
        ),
        "declaration-widened",
    ),
    told(
        "a difference of the regions",
        replace(
            "policies/declared/region_differences.toml",
            '  "tap/Table/LookupLogs",\n',
            '  "tap/Table/LookupLogs",\n  "tap/Processor",\n',
        ),
        "declaration-widened",
    ),
    told(
        "owners who are others",
        replace(".github/CODEOWNERS", "/policies/  ", "/policies/none "),
        "owners-changed",
    ),
    told(
        "mutants of fewer files",
        replace("pyproject.toml", '"policies/rules/*", ', ""),
        "lint-loosened",
        says="make mutants changes less",
    ),
    told(
        "a linter that sees less",
        replace("pyproject.toml", '  "COM812",', '  "COM812", "S",'),
        "lint-loosened",
    ),
    told(
        "a linter of a folder's own",
        write("policies/ruff.toml", 'ignore = ["ALL"]\n'),
        "lint-loosened",
    ),
    told(
        "types that are not looked at",
        replace("pyproject.toml", "strict = true\nexp", "strict = false\nexp"),
        "lint-loosened",
    ),
    *(
        told(f"a scanner that is told {words}", extend(CI, f"# {words}\n"), "tree-looks-away")
        for words in AWAY
    ),
    told(
        "a secret in a document, which is allowed",
        extend("docs/deployment.md", f"key {AWAY[1]}\n"),
        "tree-looks-away",
    ),
    *(
        told(
            f"a tool that is told {words}",
            extend("policies/gate.py", f"# {words}\n"),
            "tree-looks-away",
        )
        for words in UNSEEN
    ),
    told(
        "a finding that is silenced",
        extend("policies/gate.py", "A = 1  # " + "noqa: S105\n"),
        "scanner-silenced",
    ),
)
