"""What in the root hides a module of Python's or of a package: ``python -I machine/hiding.py``.

Run by its path and with ``-I`` it imports nothing of the project, so it can say what any other
command would only fail of.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OURS = ("*.py", "*.py[cd]", "*.so", "*/__init__.py")
PACKAGES = ".venv/lib/python*/site-packages/*"


def hiding(root: Path) -> list[str]:
    """Return the files in ``root`` that Python takes in the place of other modules."""
    names = {path.name.partition(".")[0] for path in root.glob(PACKAGES)}
    names |= sys.stdlib_module_names
    files = sorted(path.relative_to(root) for each in OURS for path in root.glob(each))
    return [str(each) for each in files if each.parts[0].partition(".")[0] in names]


if __name__ == "__main__" and (found := hiding(ROOT)):
    sys.stdout.write(
        f"module-shadowed: {', '.join(found)}: run from here, Python takes this in place of the "
        "module of the same name that it brings itself (random, json, ...) or that a package does, "
        "so every command may fail or do something else: choose another name, or put it into one "
        "of the project's folders\n"
    )
