"""What the names mean that a module imports, wherever they come from in the end."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

# Before what is imported, of which nothing is used yet.
IMPORT = "import "
# Before one of our own modules that is handed on as a value: all that it has goes with it.
MODULE = "module "
POWERTOOLS = "aws_lambda_powertools"
LOGGERS = (f"{POWERTOOLS}.Logger", f"{POWERTOOLS}.Metrics")


@cache
def parsed(file: Path) -> ast.Module:
    """Return the syntax of a file; raise ``SyntaxError`` for what Python couldn't read either."""
    return ast.parse(file.read_bytes(), str(file))


@cache
def imported(file: Path) -> Mapping[str, str]:
    """Return the full path of what each imported name means, wherever it is imported."""
    tree = parsed(file)
    found: dict[str, str] = {}
    for name, means in _imports(tree):
        # A name of two meanings is neither.
        found[name] = means if found.get(name, means) == means else f"{found[name]} or {means}"
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=made)], value=ast.Call(func=ast.Name(id=of)))
                | ast.AnnAssign(target=ast.Name(id=made), value=ast.Call(func=ast.Name(id=of)))
            ):
                found |= {made: f"{found[of]}()"} if found.get(of) in LOGGERS else {}
    return found


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                yield alias.asname or top, alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def real_name(root: Path, name: str) -> str:
    """Return where a name is from that is imported through our own modules."""
    if name.startswith(IMPORT):
        return f"{IMPORT}{real_name(root, name.removeprefix(IMPORT)).removeprefix(MODULE)}"
    parts = name.split(".")
    for length in range(len(parts), 0, -1) if parts[0] in ("services", "stages", "naming") else ():
        module = root.joinpath(*parts[:length])
        for file in (module.with_suffix(".py"), module / "__init__.py"):
            if file.is_file():
                if length == len(parts):
                    return f"{MODULE}{name}"
                source = imported(file).get(parts[length])
                return real_name(root, ".".join([source, *parts[length + 1 :]])) if source else name
    return name
