"""The register of accepted findings: ``waivers/*.toml``, one file per reason.

A row names exact findings and exact constructs. A path below a stage applies to every region,
unless the row names its ``stages``. Placeholders stand for the deployer's choices: ``{region}``
and ``{account}`` of the construct's stack, ``{suffix}`` of the bucket names, ``{email}`` of the
alarms. A row with ``{email}`` applies only if an address is set, and a row with ``accounts`` only
if the regions are deployed to that many accounts.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from naming import PREFIX, SUFFIX
from policies.template import Place, accounts

EMAIL = "{email}"
FOLDER = Path(__file__).parent / "waivers"


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiver:
    """One accepted finding on one construct, with a reason, until its owner reviews it again."""

    kind: str
    finding: str
    path: str
    stages: tuple[str, ...]
    accounts: int
    reason: str
    owner: str
    review_by: date

    @property
    def needs_email(self) -> bool:
        return EMAIL in self.path

    def counts_in(self, places: Iterable[Place]) -> bool:
        """Return whether the row applies to as many accounts as ``places`` have."""
        return self.accounts in (0, accounts(places))

    def covers(self, place: Place) -> bool:
        """Return whether the row names a construct of the stack at ``place``."""
        inside = self.path.startswith(f"{place.local}/") or self.path == place.local
        return inside and (not self.stages or place.stage in self.stages)


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """A waiver as it applies to one stack: finding and path exactly as CDK reports them there."""

    waiver: Waiver
    place: Place
    finding: str
    path: str


def load(folder: Path = FOLDER) -> list[Waiver]:
    """Return a waiver for each finding on each path, file by file, in a stable order."""
    return [waiver for file in sorted(folder.glob("*.toml")) for waiver in _kind(file)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """The deployer's settings that occur in findings and paths; empty if not set."""

    bucket_suffix: str = ""
    alert_email: str = ""

    @classmethod
    def seen_in(cls, bucket_names: Iterable[str], endpoints: Iterable[str]) -> Self:
        """Read them back from the app's bucket names and the endpoints of its subscriptions."""
        suffixes = (re.fullmatch(rf"{PREFIX}.*?{SUFFIX}-(.+)", name) for name in bucket_names)
        return cls(
            bucket_suffix=next((match[1] for match in suffixes if match), ""),
            alert_email=next((end for end in endpoints if "@" in end), ""),
        )


def grants(waivers: Sequence[Waiver], places: Sequence[Place], choices: Choices) -> list[Grant]:
    """Return the waivers as they apply to the stacks at ``places``."""
    return [
        Grant(
            waiver=waiver,
            place=place,
            finding=_filled(waiver.finding, place, choices),
            path=_path(waiver, place, choices),
        )
        for waiver in waivers
        for place in places
        if waiver.counts_in(places)
        and waiver.covers(place)
        and not (waiver.needs_email and not choices.alert_email)
    ]


def _path(waiver: Waiver, place: Place, choices: Choices) -> str:
    path = _filled(waiver.path, place, choices)
    return f"{place.stage_path}/{path}" if place.stage_path else path


def _filled(text: str, place: Place, choices: Choices) -> str:
    values = {
        "{region}": place.region,
        "{account}": place.account,
        "{suffix}": f"-{choices.bucket_suffix}" if choices.bucket_suffix else "",
        EMAIL: choices.alert_email,
    }
    for placeholder, value in values.items():
        text = text.replace(placeholder, value)
    return text


def _kind(file: Path) -> Iterator[Waiver]:
    kind = tomllib.loads(file.read_text())
    for row in kind["accepted"]:
        for finding in row["findings"]:
            for path in row["paths"]:
                yield Waiver(
                    kind=file.stem,
                    finding=finding,
                    path=path,
                    stages=tuple(row.get("stages", ())),
                    accounts=row.get("accounts", 0),
                    reason=" ".join(kind["reason"].split()),
                    owner=kind["owner"],
                    review_by=kind["review_by"],
                )
