"""Record path, step 3: its contract. A new dataset is one new module with a ``CONTRACT``."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from services.processor.runtime.declaration import Contract
from services.processor.runtime.errors import ContractError
from services.processor.runtime.file_names import dataset_folder

FALLBACK = "generic"


def found(modules: Iterable[ModuleType]) -> Mapping[str, Contract[Any]]:
    """Return the contracts of modules by dataset, which each module is named after.

    Raises:
        ContractError: a module has no contract, or one of another dataset, or one that is no newer
            than the fallback, which read the dataset's files before.

    """
    contracts: dict[str, Contract[Any]] = {}
    for module in modules:
        name = module.__name__.rpartition(".")[2]
        contract = getattr(module, "CONTRACT", None)
        if not isinstance(contract, Contract):
            problem = f"{name}.py in contracts/ has no CONTRACT = Contract(...)"
            raise ContractError(f"{problem}; a module of another kind belongs elsewhere")
        if contract.dataset in contracts:
            problem = f"two modules have the dataset {contract.dataset!r}; {name}.py is the second"
            raise ContractError(f"{problem}, so give it one of its own")
        if contract.dataset != name:
            problem = f"{name}.py has the dataset {contract.dataset!r}"
            raise ContractError(f"{problem}; name the module {contract.dataset}.py")
        contracts[name] = contract
    _reject_older_than_fallback(contracts)
    return contracts


def _reject_older_than_fallback(contracts: Mapping[str, Contract[Any]]) -> None:
    """Refuse a version with which files that the fallback has read would be taken for finished."""
    fallback = contracts.get(FALLBACK)
    for name, contract in contracts.items():
        if fallback and contract is not fallback and contract.version <= fallback.version:
            problem = f"version is {contract.version}; expected at least {fallback.version + 1}"
            reason = f"files of its folder were read by {FALLBACK}, version {fallback.version}"
            raise ContractError(f"contract {name!r}: {problem}, as {reason}")


class Contracts(Mapping[str, Contract[Any]]):
    """The contracts of a package by dataset, each imported when it is first asked for.

    A function reads files of few datasets, and each contract costs its cold start 3 ms.
    Asking for one raises ``ContractError`` as :func:`found` does.
    """

    def __init__(self, package: str, names: Iterable[str]) -> None:
        self._package = package
        self._names = frozenset(names)
        self._found: dict[str, Contract[Any]] = {}

    def __getitem__(self, name: str) -> Contract[Any]:
        if name not in self._found:
            if name not in self._names:
                raise KeyError(name)
            needed = {FALLBACK, name} & self._names
            modules = [import_module(f"{self._package}.{each}") for each in sorted(needed)]
            self._found |= found(modules)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names))

    def __len__(self) -> int:
        return len(self._names)


CONTRACTS: Mapping[str, Contract[Any]] = Contracts(
    # What decides by dataset elsewhere, such as the alarms, looks for files.
    __name__,
    (each.name for each in iter_modules(__path__) if not each.ispkg),
)


def contract_for(key: str) -> Contract[Any]:
    """Return the contract that the first folder of an object's key names, or the fallback."""
    return CONTRACTS.get(dataset_folder(key), CONTRACTS[FALLBACK])
