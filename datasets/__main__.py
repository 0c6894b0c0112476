import sys
from pathlib import Path
from traceback import extract_tb

from datasets.command import main
from services.processor.runtime.errors import ContractError

CANNOT_BE_TRIED = 3

try:
    sys.exit(main(sys.argv[1:]))
except ContractError as error:
    frames = [(Path(each.filename), each.lineno) for each in extract_tb(error.__traceback__)]
    found = [(path.name, line) for path, line in frames if path.parent.name == "contracts"]
    # The package's own refusals, and those of what is declared, name the contract themselves.
    name, line = found[-1] if found else ("__init__.py", 0)
    place = "" if name == "__init__.py" else f"{name}, line {line}: "
    sys.stderr.write(f"Error: {place}{error}\n")
    sys.exit(CANNOT_BE_TRIED)
