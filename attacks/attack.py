"""What an attack is, and the ways to plant one in a copy of the project.

A place in a stack is a construct path below it and the keys that lead to a value, as findings spell
them: ``Properties.Stages.Source.Actions.0`` goes by the names of a list's members or by position,
and into texts that are JSON. What has no construct is planted at ``STACK``, the template itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from attacks.edits import changed
from attacks.project import ARTIFACTS, ASSEMBLY, BOOTSTRAP, PIPELINE, PRIMARY, STANDBY, Copy

__all__ = ["ARTIFACTS", "ASSEMBLY", "BOOTSTRAP", "PIPELINE", "PRIMARY", "STANDBY"]

REGIONS = (PRIMARY, STANDBY)
STACK = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plant:
    """How an attack is planted: ``at`` a place in each of ``stacks``, or in the file ``at``."""

    at: str
    do: Callable[[Copy], None]
    stacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attack:
    """``by`` must say ``says`` of what is planted, at its place or at ``found_at`` in the stack.

    ``by`` is a rule with its ``Project-``, a hazard, a kind, or a tool with its rule. ``says`` is a
    part of the finding's id, message or remedy. A file has to be named in one of them. What is
    ``on`` was there before the attack. One that is ``elsewhere`` is planted only in what the app
    makes under other settings.
    """

    what: str
    plant: Plant
    by: str
    says: str = ""
    found_at: str | None = None
    on: Plant | None = None
    elsewhere: bool = False

    @property
    def place(self) -> str:
        return self.plant.at if self.found_at is None else self.found_at


def put(at: str, path: str, value: object, *, stacks: Sequence[str] = REGIONS) -> Plant:
    """Plant a value in the place of another one, or where there is none; None removes it."""
    return edit(at, path, lambda _: value, stacks=stacks)


def drop(at: str, path: str, *, stacks: Sequence[str] = REGIONS) -> Plant:
    """Remove a value."""
    return edit(at, path, lambda _: None, stacks=stacks)


def append(at: str, path: str, *members: object, stacks: Sequence[str] = REGIONS) -> Plant:
    """Add members to the end of a list, or write one where there is none."""
    return edit(at, path, lambda old: [*(old or ()), *members], stacks=stacks)


def edit(
    at: str, path: str, change: Callable[[Any], object], *, stacks: Sequence[str] = REGIONS
) -> Plant:
    """Make another value of the one at ``path``; None is one that is not there."""

    def do(copy: Copy) -> None:
        for stack in stacks:
            if at == STACK:
                changed(copy.template(stack), path.split("."), change)
            else:
                changed(copy.resource(stack, at), path.split("."), change)

    return Plant(at=at, do=do, stacks=tuple(stacks))


def say(
    at: str,
    statement: Mapping[str, object],
    *,
    document: str = "PolicyDocument",
    stacks: Sequence[str] = REGIONS,
) -> Plant:
    """Add a statement to a policy; it allows, on every resource, unless it says otherwise."""
    whole = {"Effect": "Allow", "Resource": "*", **statement}
    return append(at, f"Properties.{document}.Statement", whole, stacks=stacks)


def add(
    id_: str,
    type_: str,
    body: Mapping[str, object] | None = None,
    /,
    *,
    stacks: Sequence[str] = REGIONS,
    **properties: object,
) -> Plant:
    """Add a resource with ``properties``; ``body`` is what it has beside them."""
    whole = {"Type": type_, "Properties": properties, **(body or {})}

    def do(copy: Copy) -> None:
        for stack in stacks:
            copy.template(stack)["Resources"][id_] = whole

    return Plant(at=id_, do=do, stacks=tuple(stacks))


def remove(at: str, *, stacks: Sequence[str] = REGIONS) -> Plant:
    """Remove a resource."""

    def do(copy: Copy) -> None:
        for stack in stacks:
            copy.template(stack)["Resources"].pop(copy.logical_id(stack, at))

    return Plant(at=at, do=do, stacks=tuple(stacks))


def replace(file: str, old: str, new: str) -> Plant:
    """Replace a text of a file, wherever it stands; it must stand somewhere."""

    def do(copy: Copy) -> None:
        text = copy.read(file)
        if old not in text:
            raise ValueError(f"{file} does not say {old!r}: the attack would change nothing")
        copy.write(file, text.replace(old, new))

    return Plant(at=file, do=do)


def extend(file: str, text: str) -> Plant:
    """Add a text to the end of a file."""
    return Plant(at=file, do=lambda copy: copy.write(file, copy.read(file) + text))


def write(file: str, text: str) -> Plant:
    """Write a file, in the place of one that may be there."""
    return Plant(at=file, do=lambda copy: copy.write(file, text))


def program(file: str) -> Plant:
    """Give a file the mode of a program."""

    def do(copy: Copy) -> None:
        copy.write(file, copy.read(file))
        copy.programs.add(file)

    return Plant(at=file, do=do)


def delete(file: str) -> Plant:
    """Remove a file that is there."""
    return Plant(at=file, do=lambda copy: copy.delete(file))


def move(file: str, to: str) -> Plant:
    """Give a file another name."""

    def do(copy: Copy) -> None:
        copy.write(to, copy.read(file))
        copy.delete(file)

    return Plant(at=to, do=do)


def both(first: Plant, *more: Plant) -> Plant:
    """Plant several things, to be found where the first one is."""

    def do(copy: Copy) -> None:
        for plant in (first, *more):
            plant.do(copy)

    return Plant(at=first.at, do=do, stacks=first.stacks)
