"""Record path, step 3: its contract. A new dataset is one new module with a ``CONTRACT``."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from services.processor.runtime.contracts.base import Contract
from services.processor.runtime.file_names import dataset_folder

FALLBACK = "generic"


def _found() -> dict[str, Contract[Any]]:
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    found = [module.CONTRACT for module in modules if hasattr(module, "CONTRACT")]
    return {contract.dataset: contract for contract in found}


CONTRACTS = _found()


def contract_for(key: str) -> Contract[Any]:
    """Return the contract that the first folder of an object's key names, or the fallback."""
    return CONTRACTS.get(dataset_folder(key), CONTRACTS[FALLBACK])
