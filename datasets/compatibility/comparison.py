"""What a commit changes in the data: its contracts and those of a base, run over the same rows.

Each side runs in processes of its own with its own sources; ``corpus.py`` says on which files and
rows. The commit's side runs in two ways more, with another seed of hashes, in another time zone,
in another order and with another clock: whatever differs then does not come from the row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from datasets.compatibility import constraints, patterns
from datasets.compatibility.constraints import shown
from datasets.compatibility.corpus import Answer, File, sample_files
from datasets.compatibility.differences import (
    MOST_CASES,
    Case,
    Difference,
    Pair,
    broken_fields,
    differences,
    own_pairs,
)
from datasets.compatibility.trial import trial

CONTRACTS = "services/processor/runtime/contracts"
# What a contract declares beside its code and its form.
DECLARED = ("version", "key", "time")


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetChange:
    """One dataset's contract before and after: declarations, and what they make of ``rows`` rows.

    A declaration has ``version``, ``key``, ``time`` and ``form``; None where there is no contract.
    ``is_edited`` says whether the module's text differs. ``faults`` are rows on which it fails, and
    ``endless`` says which of its patterns a text can make try for long.
    """

    dataset: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    rows: int = 0
    is_edited: bool = False
    differences: tuple[Difference, ...] = ()
    broken_fields: tuple[str, ...] = ()
    unstable: tuple[Case, ...] = ()
    faults: tuple[Case, ...] = ()
    endless: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """The file that declares the contract."""
        return f"{CONTRACTS}/{self.dataset}.py"

    @property
    def declared(self) -> Mapping[str, tuple[Any, Any]]:
        """What is declared otherwise than before, by name; empty for a new or removed dataset."""
        if self.before is None or self.after is None:
            return {}
        sides = [{**each["form"], **each} for each in (self.before, self.after)]
        # A commit that declares no such thing yet says nothing else either.
        names = [name for name in (*DECLARED, *self.before["form"]) if name in sides[1]]
        both = {name: (sides[0][name], sides[1][name]) for name in names}
        return {name: values for name, values in both.items() if values[0] != values[1]}

    @property
    def asked(self) -> Mapping[str, tuple[Any, Any]]:
        """What is asked of a row otherwise than before, by name; as ``declared``."""
        if self.before is None or self.after is None:
            return {}
        return constraints.changed(self.before["input"], self.after["input"])

    @property
    def state(self) -> str:
        """Return ``new``, ``removed``, ``changed``, ``edited`` or ``same``.

        A contract is edited if its text differs, and nothing that it makes of a row.
        """
        if self.before is None or self.after is None:
            return "new" if self.before is None else "removed"
        if self.differences or self.unstable or self.declared:
            return "changed"
        return "edited" if self.is_edited else "same"

    def as_data(self) -> Mapping[str, Any]:
        """Return it as JSON data."""
        declared = {
            name: {"before": shown(b), "after": shown(a)} for name, (b, a) in self.declared.items()
        }
        return {
            "dataset": self.dataset,
            "state": self.state,
            "module": self.module,
            "version": (self.after or self.before or {})["version"],
            "rows": self.rows,
            "declared": declared,
            "asked": {name: [shown(b), shown(a)] for name, (b, a) in self.asked.items()},
            "differences": [each.as_data() for each in self.differences],
            "broken_fields": list(self.broken_fields),
            "unstable": [asdict(case) for case in self.unstable[:MOST_CASES]],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class DataComparison:
    """Every dataset of either side. ``not_compared`` says why there is no base, if there is none.

    ``of_bucket`` is what was read of a real bucket, in a few words.
    """

    datasets: tuple[DatasetChange, ...] = ()
    not_compared: str = ""
    of_bucket: str = ""

    def as_data(self) -> Mapping[str, Any]:
        """Return it as JSON data, without the datasets of which there is nothing to say."""
        changed = [each for each in self.datasets if each.state != "same"]
        return {
            "not_compared": self.not_compared,
            "of_bucket": self.of_bucket,
            "rows": sum(each.rows for each in self.datasets),
            "unchanged": [each.dataset for each in self.datasets if each.state == "same"],
            "datasets": [each.as_data() for each in changed],
        }


def compare(before: Path, after: Path, more: Sequence[File] = ()) -> DataComparison:
    """Return what changes between the sources in two folders, over their samples and ``more``.

    Raises:
        DataError: the contracts of one side can't be run.

    """
    run = trial([before, after], [*sample_files(after, before), *more])
    old, new = run.ask(before), run.ask(after, twice=True)
    unstable = run.unstable(after, new)
    pairs = list(run.pairs(old, new))
    datasets = tuple(
        DatasetChange(
            dataset=name,
            before=old["contracts"].get(name),
            is_edited=_text(before, name) != _text(after, name),
            **_after(name, new, pairs, unstable.get(name, ())),
        )
        for name in sorted({*old["contracts"], *new["contracts"]})
    )
    return DataComparison(datasets=datasets)


def _text(side: Path, dataset: str) -> str:
    """Return the text of a contract; of one that isn't there, an empty one."""
    module = side / CONTRACTS / f"{dataset}.py"
    return module.read_text() if module.is_file() else ""


def repeated(sources: Path, more: Sequence[File] = ()) -> DataComparison:
    """Return the datasets of one folder, with the rows on which a contract fails or is not stable.

    Raises:
        DataError: the contracts can't be run.

    """
    run = trial([sources], [*sample_files(sources), *more])
    answer = run.ask(sources, twice=True)
    unstable, pairs = run.unstable(sources, answer), list(run.pairs(answer, answer))
    datasets = (
        DatasetChange(
            dataset=name,
            before=each,
            **_after(name, answer, pairs, unstable.get(name, ())),
        )
        for name, each in sorted(answer["contracts"].items())
    )
    return DataComparison(datasets=tuple(datasets))


def _after(
    name: str, answer: Answer, pairs: Sequence[Pair], unstable: Sequence[Case]
) -> dict[str, Any]:
    declaration = answer["contracts"].get(name)
    return {
        "after": declaration,
        "unstable": tuple(unstable),
        "endless": tuple(patterns.problems((declaration or {}).get("input") or {})),
        **_of_rows(list(own_pairs(name, pairs, unstable))),
    }


def _of_rows(pairs: Sequence[Pair]) -> dict[str, Any]:
    return {
        "rows": len(pairs),
        "differences": tuple(differences(pairs)),
        "broken_fields": tuple(broken_fields(pairs)),
        "faults": tuple(pair.case() for pair in pairs if pair.after.get("fault"))[:MOST_CASES],
    }
