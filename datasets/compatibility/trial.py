"""A trial: the same files and rows for the contracts of every commit, and the outcomes beside."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasets.compatibility.corpus import Answer, File, rows
from datasets.compatibility.differences import Case, Outcome, Pair
from datasets.compatibility.generation import Row
from datasets.compatibility.process import ask

NOT_READ: Outcome = {"dataset": "", "code": "NOT_READ"}
OTHER_SEED, OTHER_ZONE = 4711, "Asia/Kathmandu"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """Files and rows, which are the same for every side."""

    files: Sequence[File]
    rows: Sequence[Row] = ()

    def ask(self, side: Path, *, twice: bool = False, **surroundings: Any) -> Answer:
        """Return what the contracts in ``side`` make of everything; raise ``DataError``."""
        files, rows = ([each.as_request() for each in part] for part in (self.files, self.rows))
        return ask(side, {"files": files, "rows": rows, "twice": twice}, **surroundings)

    def pairs(self, before: Answer, after: Answer) -> Iterator[Pair]:
        """Yield the outcomes of two sides for each row; one of them may not have read it."""
        for file, old, new in zip(self.files, before["files"], after["files"], strict=True):
            yield from _of_file(
                file, *({row["number"]: row for row in side} for side in (old, new))
            )
        for row, old, new in zip(self.rows, before["rows"], after["rows"], strict=True):
            yield Pair(origin=row.origin, row=row.text, before=old, after=new)

    def unstable(self, side: Path, answer: Answer) -> Mapping[str, list[Case]]:
        """Return by dataset the rows whose outcome is not always what ``answer`` says.

        ``answer`` must be of ``ask(..., twice=True)``.
        """
        other = self.ask(side, hash_seed=OTHER_SEED, zone=OTHER_ZONE)
        found: dict[str, list[Case]] = {}
        for pair, again in zip(self.pairs(answer, other), answer["again"], strict=True):
            differing = [each for each in (pair.after, again) if each != pair.before]
            if differing:
                cases = found.setdefault(pair.before["dataset"], [])
                cases.append(pair.with_after(differing[0]).case())
        return found


def trial(sides: Sequence[Path], files: Sequence[File]) -> Trial:
    """Return a trial with ``files`` and the rows that follow from them and from each side."""
    of_files = Trial(files=files)
    return Trial(files=files, rows=rows([of_files.ask(side) for side in sides]))


def _of_file(
    file: File, old: Mapping[int, Mapping[str, Any]], new: Mapping[int, Mapping[str, Any]]
) -> Iterator[Pair]:
    # The end comes last, as the worker has it.
    for number in sorted(old.keys() | new.keys(), key=lambda each: (each == 0, each)):
        row = new.get(number) or old[number]
        yield Pair(
            origin=f"{file.key}, row {number}" if number else f"{file.key}, its end",
            row=row["raw"],
            before=old[number]["outcome"] if number in old else NOT_READ,
            after=new[number]["outcome"] if number in new else NOT_READ,
        )
