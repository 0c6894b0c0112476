import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = (
    *("pipeline_app.py", "naming.py", "stages", "services"),
    *("policies", "bootstrap", "review", "ops", "local", "datasets", "simulation", "machine"),
    *("drill", "attacks"),
)
# A folder that doesn't exist yet counts as soon as it does.
OUR_PLACES = (*PRODUCT, "benchmarks", "fuzzing", "mutation", "tests")
# By their texts: a test that reads a source otherwise leaves nothing to those after it.
TREES: dict[str, ast.Module] = {}


def modules(*places: str) -> list[Path]:
    """The modules of folders (or single modules), relative to the repository."""
    found = [
        path
        for place in places
        for path in ((ROOT / place).rglob("*.py") if (ROOT / place).is_dir() else [ROOT / place])
        if path.exists()
    ]
    return sorted(path.relative_to(ROOT) for path in found)


def tree(module: Path) -> ast.Module:
    """Return what a module says, the same one each time: it is only to be read."""
    text = (ROOT / module).read_text()
    return TREES[text] if text in TREES else TREES.setdefault(text, ast.parse(text))


def imports(module: Path) -> frozenset[str]:
    """Dotted names that ``module`` imports anywhere; ``from a import b`` counts as ``a.b``."""
    return _imports((ROOT / module).read_text())


@cache
def _imports(text: str) -> frozenset[str]:
    return frozenset(_imported(ast.parse(text)))


def reached(module: Path) -> set[str]:
    """Every name that importing ``module`` imports, directly or through our own modules."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        new = imports(waiting.pop()) - found
        found |= new
        waiting += [path for name in new for path in _of_ours(name)]
    return found


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _of_ours(name: str) -> list[Path]:
    """Our own modules that ``name`` is, or is imported from."""
    path = Path(*name.split("."))
    candidates = [path.with_suffix(".py"), path / "__init__.py"]
    if path.name != name:
        candidates += [path.parent.with_suffix(".py"), path.parent / "__init__.py"]
    return [each for each in candidates if (ROOT / each).is_file()]


def _imported(parsed: ast.Module) -> Iterator[str]:
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            dots = "." * node.level
            yield from (f"{dots}{node.module or ''}.{alias.name}" for alias in node.names)
