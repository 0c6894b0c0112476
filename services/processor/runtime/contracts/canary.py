"""The contract of the files with which the product tests itself; no producer sends any."""

from typing import Annotated, TypedDict

from msgspec import Meta, Struct

from services.processor.runtime.declaration import Contract, Example, Moment, MomentText, utc_ms

Name = Annotated[
    str,
    Meta(
        title="letters, digits and hyphens",
        description="Who put the file: a region's canary, or one verification of a deployment.",
        pattern=r"^[A-Za-z0-9-]+$",
        max_length=60,
        examples=["primary"],
    ),
]


class Canary(Struct, forbid_unknown_fields=True):
    """A sign of life."""

    canary: Name
    time: Annotated[Moment, Meta(description="When the file was put.")]


class StandardCanary(TypedDict):
    """A sign of life in its standard form."""

    canary: Name
    putAt: MomentText


def _standardise(canary: Canary) -> StandardCanary:
    return {"canary": canary.canary, "putAt": utc_ms(canary.time)}


_EXAMPLE = {"canary": "primary", "time": "2026-11-22T22:31:04.000Z"}

CONTRACT = Contract(
    dataset="canary",
    version=2,
    description="Signs of life, of which each region and each verification has one.",
    row=Canary,
    standard_form=StandardCanary,
    standardise=_standardise,
    # A region's next sign of life replaces its last one.
    key=("canary",),
    examples=(
        Example(row=_EXAMPLE),
        Example(row=_EXAMPLE | {"time": "now"}, refused="BAD_FORMAT"),
    ),
)
