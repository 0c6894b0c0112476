"""The same violation in other spellings: what CloudFormation or IAM takes for the same value."""

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

from attacks.attack import Attack, Plant, put

# A condition of a template; rules have to look at both of its outcomes.
CONDITION = "Planted"
ACCOUNT_ROOT = "arn:aws:iam::{}:root"


def attacks(
    what: str,
    spellings: Mapping[str, Any],
    plant: Callable[[Any], Plant],
    *,
    by: str,
    says: str = "",
    found_at: str | None = None,
) -> tuple[Attack, ...]:
    """Return an attack for each spelling of a value; how it is spelt ends its sentence."""
    return tuple(
        Attack(f"{what}, {how}", plant(value), by=by, says=says, found_at=found_at)
        for how, value in spellings.items()
    )


def text(value: str) -> Mapping[str, object]:
    """Return the ways to write a text where no list is taken."""
    half = len(value) // 2
    return {
        "as a text": value,
        "joined of two": {"Fn::Join": ["", [value[:half], value[half:]]]},
        "substituted": {"Fn::Sub": value},
    }


def texts(value: str, other: str) -> Mapping[str, object]:
    """Return the ways to write a text where IAM takes one or several; ``other`` stands beside."""
    listed = {"in a list": [value], "behind another one": [other, value]}
    return {**text(value), **listed, "on a condition": on_condition(value, other)}


def off() -> Mapping[str, object]:
    """Return the ways to switch a property off."""
    return {"as a boolean": False, "as a text": "false", "by its absence": None}


def on_condition(value: object, other: object = None) -> Mapping[str, object]:
    """Return what is ``value`` on a condition, and nothing or ``other`` else."""
    return {"Fn::If": [CONDITION, value, {"Ref": "AWS::NoValue"} if other is None else other]}


def anybody(known: str) -> Mapping[str, object]:
    """Return the ways to name everybody as a principal; ``known`` is one who may be."""
    return {
        "as a star": "*",
        "as any account": {"AWS": "*"},
        "in a list": {"AWS": ["*"]},
        "behind a known one": {"AWS": [known, "*"]},
        "as the root of any account": {"AWS": ACCOUNT_ROOT.format("*")},
        "beside a service": {"Service": "s3.amazonaws.com", "AWS": "*"},
    }


def account(number: str) -> Mapping[str, object]:
    """Return the ways to name another account as a principal."""
    root = ACCOUNT_ROOT.format(number)
    return {
        "as a number": {"AWS": number},
        "as its root": {"AWS": root},
        "in a list": {"AWS": [root]},
        "as one of its roles": {"AWS": f"arn:aws:iam::{number}:role/any"},
        "joined": {"AWS": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, root[7:]]]}},
        "substituted": {"AWS": {"Fn::Sub": root.replace("aws", "${AWS::Partition}", 1)}},
    }


def joined(*families: tuple[Attack, ...]) -> tuple[Attack, ...]:
    """Return the attacks of several products as one table."""
    return tuple(chain(*families))


def told(
    what: str,
    plant: Plant,
    *by: str,
    says: str = "",
    found_at: str | None = None,
    on: Plant | None = None,
) -> tuple[Attack, ...]:
    """Return the attack as each of ``by`` must tell it."""
    return tuple(
        Attack(f"{what} ({each})", plant, by=each, says=says, found_at=found_at, on=on)
        for each in by
    )


def settings(at: str, rows: Mapping[str, tuple[str, object]], *by: str) -> tuple[Attack, ...]:
    """Return an attack for each property and its value, as each of ``by`` must tell it."""
    return joined(
        *(told(what, put(at, f"Properties.{to}", value), *by) for what, (to, value) in rows.items())
    )
