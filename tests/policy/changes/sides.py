"""The sources of a commit with contracts of the test beside those of the project."""

import json
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
RUNTIME = "services/processor/runtime"
FIELDS = ("id", "sent", "grams", "city", "labels")
ROWS = (
    ("P-1", "2026-11-02T08:01:37Z", 1200, "Oslo", ["b", "a", "c"]),
    ("P-2", "2026-11-02T09:01:37Z", 29999, "Bergen", ["d"]),
)
# As a team writes its first contract; the edits of the tests change one thing in it.
PARCELS = """
import itertools
import random
import time
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, TypedDict

from msgspec import Meta, Struct

from services.processor.runtime.declaration import Contract, Moment, MomentText, Number, utc_ms
from services.processor.runtime.errors import RejectedRowError

COUNTER = itertools.count()
OLD = timedelta(days=90)
Text = Annotated[str, Meta(title="a text", pattern=r"\\S", max_length=20, examples=["P-7"])]


class Parcel(Struct, forbid_unknown_fields=True):
    id: Text
    sent: Moment
    grams: Annotated[int, Meta(ge=1, le=30000)]
    city: Text
    labels: list[str]


class StandardParcel(TypedDict):
    parcelId: str
    sentAt: MomentText
    city: str
    labels: list[str]
    grams: int


def check(is_good):
    if not is_good:
        raise RejectedRowError("BAD_FORMAT", "not now", "sent")


def standardise(parcel):
    standard: dict = {
        "parcelId": parcel.id.strip(),
        "sentAt": utc_ms(parcel.sent),
        "city": parcel.city.strip(),
        "labels": sorted({*parcel.labels}),
        "grams": parcel.grams,
    }
    return standard


CONTRACT = Contract(
    dataset="parcels",
    version=3,
    description="Parcels that left a depot.",
    row=Parcel,
    standard_form=StandardParcel,
    standardise=standardise,
    key=("parcelId",),
    time="sentAt",
)
"""


def side(folder: Path, **contracts: str) -> Path:
    """Write the runtime with these contracts, by their modules' names, and a sample of each."""
    # With what Python has compiled, which it would compile again in each of five processes.
    ignored = shutil.ignore_patterns("orders.py", "readings.py")
    shutil.copytree(ROOT / RUNTIME, folder / RUNTIME, ignore=ignored)
    for package in ("services", "services/processor"):
        (folder / package / "__init__.py").touch()
    for name, text in contracts.items():
        (folder / RUNTIME / "contracts" / f"{name}.py").write_text(text)
    for name in {*contracts, "parcels"}:
        sample = folder / "samples" / name / "first.json"
        sample.parent.mkdir(parents=True)
        sample.write_text(json.dumps([dict(zip(FIELDS, row, strict=True)) for row in ROWS]))
    return folder
