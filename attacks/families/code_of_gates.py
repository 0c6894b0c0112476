"""Ways to make a gate lie: the code that makes, judges, shows or proves, under its old name."""

from attacks.attack import Attack, both, delete, extend, replace, write
from attacks.variants import joined, told

EDITED = {
    "the app makes templates without the rules": "pipeline_app.py",
    "a bundle gets another file": "services/bundling.py",
    "a bundle keeps what was left out": "services/left_out.py",
    "any finding catches an attack": "attacks/gates.py",
    "contracts are compared with less": "datasets/compatibility/comparison.py",
    "the deployer of the tests changes the rules": "tests/deployer.py",
    "a drill forgives a row": "drill/judgement.py",
    "a drill's verdict looks at less": "local/drill/verdict.py",
    "a rehearsal promises less": "local/rehearsal/scenario_promises.py",
    "fuzzing checks less": "fuzzing/targets/records.py",
    "mutants are counted as noticed": "mutation/__main__.py",
    "the emulator notes no effect": "local/emulator_patches/effects.py",
    "the emulator forgets effects": "local/emulator_patches/functions.py",
    "the emulator allows everything": "local/emulator_rights/enforcement.py",
}

JUDGED_BY = (
    *("tests/infra/limits.toml", "tests/e2e/legibility.js", "samples/expected.json"),
    *("tests/unit/stream_consumer/known_changes.json", "tests/browser/unpack.mjs"),
)

# Who edits it is told the command that shows that it still does what it did.
SHOWN_BY = {
    "fuzzing/corpus/rows.jsonl": "make fuzz",
    "mutation/survivors.toml": "make mutants",
    "tests/samples/samples.py": "python -m tests.samples",
    "drill/judgement.py": "make drill",
    "services/bundling.py": "make scan",
    "stages/settings.py": "pytest tests/unit/stages",
    "naming.py": "tests/infra",
    "tests/unit/ops/fake_client.py": "pytest tests/unit/ops",
    "machine/place.py": "tests/unit/machine",
    "bootstrap/boundary.toml": "tests/policy/bootstrap",
    "tests/deployer.py": "break once what it proves",
}

ATTACKS = joined(
    told("nothing that fuzzing once found", delete("fuzzing/corpus/rows.jsonl"), "check-rewritten"),
    *(
        told(f"less in {file}", extend(file, "\nLESS = 1\n"), "check-rewritten", says=by)
        for file, by in SHOWN_BY.items()
    ),
    *(
        told(what, extend(file, "\nLESS = True\n"), "check-rewritten")
        for what, file in EDITED.items()
    ),
    *(
        told("a check that does more than check", write(file, "MORE = 1\n"), "check-added")
        for file in ("policies/rules/more.py", "policies/changes/kinds/more.py", "policies/more.py")
    ),
    *(
        told("a report that hides what is red", extend(f"review/{file}", "\n"), "check-rewritten")
        for file in ("render/report.css", "render/page.html.j2", "cost/prices.toml")
    ),
    *(
        told(f"tests that judge by more, {file}", extend(file, "\n"), "check-rewritten")
        for file in JUDGED_BY
    ),
    (
        Attack(
            "an attack that is no longer planted",
            replace(
                "attacks/families/lies_of_packages.py",
                '    told("a package\'s name for a module", '
                'write("pytest/__init__.py", ""), "module-shadowed"),\n',
                "",
            ),
            by="check-removed",
            says="checks.attacks.lies_of_packages",
            found_at="",
        ),
    ),
    told(
        "attacks that are left out behind the others",
        extend("attacks/families/kept.py", "\nATTACKS = tuple(ATTACKS[1:])\n"),
        "check-rewritten",
        says="ATTACKS[1:]",
    ),
    told(
        "an attack is planted by something else",
        replace(
            "attacks/families/hollow_tests.py",
            "from attacks.attack import",
            "from attacks.more import",
        ),
        "check-rewritten",
    ),
    told(
        "a package beside the module of its name",
        both(
            write("policies/rules/retained/__init__.py", ""),
            extend("policies/rules/retained.py", "\n"),
        ),
        "check-rewritten",
    ),
    told(
        "a package in the place of a module",
        both(write("policies/gate/__init__.py", ""), delete("policies/gate.py")),
        "check-rewritten",
    ),
)
