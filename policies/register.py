"""The register of accepted findings: ``accepted/*.toml``, one file per reason.

A file gives the reason, the owner and ``review_by``, or ``until = "deployed"`` for a change that
is accepted once. Its rows name exact findings at exact paths; for a scan, a path is the beginning
of a file's path. A path below a stage applies to every region, unless the row names its
``stages``. Placeholders stand for the deployer's choices: ``{region}`` and ``{account}`` of the
construct's stack, ``{standby}`` of the standby's account, ``{suffix}`` of the bucket names,
``{email}`` of the alarms, ``{producer}`` and its ``{folder}``. A row whose path has ``{email}``
applies only if an address is set, one with ``{producer}`` to each producer, and a row with
``accounts`` only if the regions are deployed to that many accounts.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import naming
from policies import choices
from policies.command_line import Undetermined
from policies.finding import PROJECT, Finding
from policies.templates.template import Place, accounts, replaced

# The same names as in policies.synthesis and policies.scan, which this process may be unable to
# import.
PLUGINS = ("AwsSolutions", "Serverless", "NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321", PROJECT)
OURS = "tree"  # of these, the one that looks at every file
TOOLS = (
    *("cfn-lint", "cloudformation-validate", "zizmor", "actionlint", "betterleaks"),
    *("code", "app", OURS),
)
# How a path of a scan ends that is the beginning of a file's path.
BEGINNINGS = ("/", "-")
CHANGES = "changes"
DEPLOYED = "deployed"
ROWS = "policies/accepted"
FOLDER = Path(__file__).parent / "accepted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiver:
    """One accepted finding at one path, with a reason, until its owner reviews it again.

    ``kind`` is the name of its file. Without ``review_by`` it accepts one change, until that is
    deployed in every region.
    """

    kind: str = field(compare=False)
    finding: str
    path: str
    stages: tuple[str, ...] = ()
    accounts: int = 0
    reason: str
    owner: str
    review_by: date | None

    @property
    def gate(self) -> str:
        """The pack, tool or comparison that reports such findings; empty if there is none."""
        names = (name for name in (*PLUGINS, *TOOLS) if self.finding.startswith(f"{name}-"))
        named = next(names, "")
        if self.review_by:
            return named
        return "" if named else CHANGES

    def reaches(self, path: str, other: str) -> bool:
        """Return whether such a row at ``path`` is one at the ``other`` as well."""
        begins = self.gate in TOOLS and path.endswith(BEGINNINGS)
        return other.startswith(path) if begins else other == path

    def counts_in(self, places: Iterable[Place]) -> bool:
        """Return whether the row applies to as many accounts as ``places`` have."""
        return self.accounts in (0, accounts(places))

    def covers(self, place: Place) -> bool:
        """Return whether the row names something in the stack at ``place``."""
        inside = self.path.startswith(f"{place.local}/") or self.path == place.local
        anywhere = self.gate in (CHANGES, *TOOLS)
        return (inside or anywhere) and (not self.stages or place.stage in self.stages)


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """A waiver as it applies to one stack: rule and path exactly as findings there have them."""

    waiver: Waiver
    place: Place
    finding: str
    path: str

    def accepts(self, finding: Finding) -> bool:
        """Return whether the waiver is about this finding."""
        # The rule first: of all rows and findings, few agree on it.
        if self.finding != finding.rule or self.waiver.gate != finding.gate:
            return False
        return self.waiver.reaches(self.path, finding.path)


def load(folder: Path | None = None) -> list[Waiver]:
    """Return a waiver for each finding at each path, file by file, in a stable order.

    Raise ``Undetermined`` if a file is malformed.
    """
    files = sorted((folder or FOLDER).glob("*.toml"))
    return [waiver for file in files for waiver in parse(file.stem, file.read_text())]


def parse(kind: str, text: str) -> list[Waiver]:
    """Return the waivers in the text of one file; raise ``Undetermined`` if it is malformed."""
    try:
        return list(_waivers(kind, **tomllib.loads(text)))
    except (tomllib.TOMLDecodeError, AttributeError, KeyError, TypeError) as error:
        raise Undetermined(
            f"{ROWS}/{kind}.toml: {error}; a file has reason, owner, review_by (or until = "
            f"'{DEPLOYED}') and rows below [[accepted]], and a row has findings, paths and, "
            "optionally, stages and accounts"
        ) from error


def grants(
    waivers: Sequence[Waiver], places: Sequence[Place], chosen: Sequence[choices.Values] = ({},)
) -> list[Grant]:
    """Return the waivers as they apply to the stacks at ``places``."""
    stages = {place.stage_path for place in places if place.stage_path}
    standby = next((p.account for p in places if p.stage == naming.stage(naming.STANDBY)), "")
    return [
        Grant(
            waiver=w,
            place=place,
            # The id of a change has placeholders itself.
            finding=w.finding if w.gate == CHANGES else _filled(w.finding, place, values),
            path="/".join(filter(None, (place.stage_path, _filled(w.path, place, values)))),
        )
        for w in waivers
        for values in ({"{standby}": standby, **each} for each in chosen)
        # A row with one of these names is about those who have it, any other row about none.
        if all((name in w.path) == (name in values) for name in choices.OPTIONAL)
        for place in places
        if w.counts_in(places) and w.covers(place)
        # A path below a stage has one spelling only: without the stage.
        if place.stage_path or not any(w.path.startswith(f"{stage}/") for stage in stages)
    ]


def _waivers(  # the keys of a file
    kind: str,
    *,
    reason: str,
    owner: str,
    accepted: Sequence[Mapping[str, Any]],
    review_by: date | None = None,
    until: str = "",
) -> Iterator[Waiver]:
    if until != ("" if review_by else DEPLOYED) or not isinstance(review_by, date | None):
        raise TypeError(f"it needs either review_by or until = '{DEPLOYED}'")
    said = " ".join(reason.split())
    waiver = partial(Waiver, kind=kind, reason=said, owner=owner, review_by=review_by)
    for row in accepted:
        rest = {**row, "stages": tuple(row.get("stages", ()))}
        for finding, path in product(rest.pop("findings"), rest.pop("paths")):
            yield waiver(finding=finding, path=path, **rest)


def _filled(text: str, place: Place, values: Mapping[str, str]) -> str:
    return replaced(text, {"{region}": place.region, "{account}": place.account, **values})
