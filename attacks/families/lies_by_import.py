"""Ways to make a gate lie: what a new file, target, job or folder does to what was there before."""

from attacks.attack import extend, replace, write
from attacks.variants import joined, told
from attacks.workflow import CI

LOCKS, RETAINED = "tests/architecture/test_locks.py", "policies.rules.retained"
# Each is the whole of a new rule.
IMPORTED = {
    "by a function named like a class": "def Clear():\n    print()\n\n\nA = Clear()\n",
    "by a class that acts when it is made": "class A:\n    def __new__(cls): ...\n\n\nB = A()\n",
    "by another name of a function": "from shutil import rmtree as Tree\n\nA = Tree('policies')\n",
    "by a name that is given": "Tree = print\nA = Tree('policies')\n",
    "assigns to another": f"import {RETAINED} as other\nother.check = print\n",
    "sets an attribute": "from policies import finding as a\nA = setattr(a, 'at', print)\n",
    "finds it among the modules": "from sys import modules\n",
    "clears a table": "from policies.changes import tables\nA = tables.HAZARDS.clear()\n",
    "by a file that it writes": "def check(a):\n    for e in a:\n        e.path.write_text('')\n",
    "in a class": "class A:\n    import gc\n",
    "in a condition": "if True:\n    print()\n",
    "by a decorator": "from policies.finding import at\n@at\ndef check(a): ...\n",
    "by a default": "def check(a=print()): ...\n",
    "by an annotation": "def check(a: print()): ...\n",
    "by a metaclass": "def one(*of): print()\n\n\nclass A(metaclass=one): ...\n",
    "changes what it is given": "def check(a):\n    for b in a:\n        b.template.clear()\n",
    "gives it more": "def check(a):\n    for b in a:\n        b.body.setdefault('Type', 'A')\n",
    "gives it another": "def check(a):\n    [b] = a\n    b.body['Properties']['A'] = True\n",
    "changes it for another": "def _one(a):\n    a['A'] = 1\n\n\ndef check(a):\n    _one(a)\n",
    "when it runs": "def check(a):\n    import importlib\n",
    "looks at a clock": "def check(a):\n    if a.now().hour < 6:\n        yield a\n",
    "changes it in a loop": "def check(a):\n    for b in [a.paths]:\n        b['A'] = 1\n",
    "ends all checks": "def check(a):\n    for b in a:\n        raise SystemExit(0)\n",
    "when it runs, by its globals": "def check(a):\n    a.check.__globals__.clear()\n",
}
MORE = "[[row]]\nname = 'more'\nwhy = 'nothing of it matters'\nwhere = '.+'\n"
PATCHES = {
    "patches it": "\n\nimport pytest\nsetattr(pytest, 'main', print)\n",
    "gives to it": "\n\nimport pytest\npytest.main = print\n",
}
TARGETS = {
    "the shell": "tidy: $(shell make edited)\n",
    "the shell, called": "tidy: $(call shell,make edited)\n",
    "an option for all": "tidy: $(eval MAKEFLAGS += -i)\n",
    "a file": "tidy: $(file >a)\n",
    "what other targets need": "always:\n\t@echo a > .venv/a.pth\n",
}
JOB = "    runs-on: ubuntu-24.04\n    permissions: {}\n    steps: [{run: make help}]\n"
TESTS = {
    "patched before all": "\n\n@pytest.fixture(autouse=True)\ndef _a():\n    yield\n",
    "patched at the import": "\n\npytest.main = print\n",
    "patched by a call": "\n\nsetattr(pytest, 'main', print)\n",
    "of which only the last runs": "\n\ndef test_it() -> None:\n    assert INPUTS\n" * 2,
    "whose name is another thing's": "\n\ntest_every_input = None\n",
}
FOLDERS = (
    *(".circleci/config.yml", ".devcontainer/devcontainer.json", ".githooks/pre-push"),
    *(".gitlab/ci.yml", ".vscode/tasks.json"),
)

ATTACKS = joined(
    *(
        told(f"a new rule that changes others: {how}", write(f"policies/rules/{name}", text), by)
        for by, name in (("changed-by-import", "new.py"),)
        for how, text in IMPORTED.items()
    ),
    *(
        told(
            f"what a test imports of others, {how}",
            extend("benchmarks/rounds.py", text),
            by,
            says=of,
        )
        for by, of in (("changed-by-import", "benchmarks/rounds.py"),)
        for how, text in PATCHES.items()
    ),
    *(
        told(
            f"one more table of what is {folder}",
            write(f"policies/changes/{folder}/more.toml", MORE),
            "check-rewritten",
            says="the gates read each table of this folder",
        )
        for folder in ("harmless", "hazards")
    ),
    told("a new rule without a source", write("policies/rules/a.so", ""), "changed-by-import"),
    told(
        "a family of attacks that changes a gate once it is planted",
        write(
            "attacks/families/new.py",
            "from attacks import gates\n\n\ndef _do(copy):\n    vars(gates).clear()\n",
        ),
        "changed-by-import",
    ),
    told(
        "a family of attacks that changes a gate",
        write(
            "attacks/families/new.py",
            "from policies import gate\ngate.judge = print\nATTACKS = ()\n",
        ),
        "changed-by-import",
    ),
    *(
        told(f"a new target that runs at once: {how}", extend("Makefile", text), "target-added")
        for how, text in TARGETS.items()
    ),
    told(
        "programs of the machine before the locked ones",
        replace("Makefile", "export PATH := $(CURDIR)", "export PATH := /usr/bin:$(CURDIR)"),
        "environment-changed",
        says="may run than the locked one",
    ),
    told(
        "modules of the caller's",
        replace("Makefile", "unexport PYTHONPATH\n", ""),
        "environment-changed",
        says="PYTHONPATH, may then stand",
    ),
    told(
        "another Makefile",
        write("GNUmakefile", "include Makefile\nscan: ;\n"),
        "command-changed",
        says="never looks at Makefile",
    ),
    told(
        "a check of another name",
        replace(CI, "    name: every check\n", "    name: another\n"),
        "check-renamed",
    ),
    told(
        "a check with a matrix in its name",
        replace(
            CI,
            "    name: every check\n",
            "    name: every check\n    strategy: {matrix: {os: [ubuntu-24.04]}}\n",
        ),
        "check-renamed",
    ),
    told(
        "another job of a check's name",
        extend(CI, f"  a:\n    name: every check\n{JOB}"),
        "job-added",
        says="pass for a check by its name",
    ),
    *(told(f"tests {how}", extend(LOCKS, text), "check-skipped") for how, text in TESTS.items()),
    *(
        told(f"a tool that is told in {each}", write(each, "a\n"), "tool-settings")
        for each in FOLDERS
    ),
)
