import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("pipeline_app.py", "stages", "services", "policies", "ops", "local")
# Folders that may come later count as soon as they are there.
OF_OURS = (*PRODUCT, "benchmarks", "tests")


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
    return ast.parse((ROOT / module).read_text())


def imports(module: Path) -> set[str]:
    """Dotted names that ``module`` imports anywhere; ``from a import b`` counts as ``a.b``."""
    return set(_imported(tree(module)))


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _imported(parsed: ast.Module) -> Iterator[str]:
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            dots = "." * node.level
            yield from (f"{dots}{node.module or ''}.{alias.name}" for alias in node.names)
