"""The files that say what is checked, and the ways to write another command into them."""

from attacks.attack import Plant, replace

CI, PULL = (f".github/workflows/{name}.yml" for name in ("ci", "pull-request"))
STEP, CHECK, WHOLE = "      - run: make test\n", "\t@mypy .\n", "\t@pytest -q -n 4"


def step(text: str) -> Plant:
    """Write the step of all checks with more in it."""
    return replace(CI, STEP, STEP + text)


def before(text: str) -> Plant:
    """Write a step before the one of all checks."""
    return replace(CI, STEP, f"      - {text}\n{STEP}")


def run(command: str) -> Plant:
    """Write another command in the place of all checks."""
    return replace(CI, STEP, f"      - run: |\n          {command}\n")


def make(recipe: str) -> Plant:
    """Write another last line of the recipe that looks at types."""
    return replace("Makefile", CHECK, f"\t{recipe}\n")


def pytest(options: str) -> Plant:
    """Give the run of all tests more options."""
    return replace("Makefile", WHOLE, f"{WHOLE} {options}")
