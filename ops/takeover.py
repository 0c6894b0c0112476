"""Takeover: one region announces the changes that were first written in the other one.

Each region has a second mapping of its stream to the consumer, which is off. It is switched on with
a filter on the peer's changes since a moment, so that what the peer has announced before is not
announced again, but for a while before its loss; listeners recognise a repetition by its id. While
it is on, a stream has two readers, which AWS advises against for a global table: switch it off when
the peer announces again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import naming
from ops.errors import RefusedError
from ops.region import Region
from ops.steps import Sight, Step
from ops.waiting import wait_for
from services.processor.runtime.attributes import utc_ms

# How long Lambda may take to switch a mapping.
SETTLING_S = 300.0
AN_HOUR = timedelta(hours=1)
_ON, _OFF = "Enabled", "Disabled"
_STREAM_KEEPS_S = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Takeover:
    """What a region's second mapping does now.

    ``since`` is the moment from which it announces the peer's changes, empty for all of them.
    """

    state: str
    since: str
    reaches_back: timedelta

    @property
    def is_on(self) -> bool:
        """Return whether the peer's changes are announced."""
        return self.state == _ON

    @property
    def is_off(self) -> bool:
        """Return whether they are not, and no change of that is under way."""
        return self.state == _OFF

    @property
    def said(self) -> str:
        """Return it in words."""
        if self.is_on:
            return f"on, for changes since {self.since}" if self.since else "on, for all changes"
        return "off" if self.is_off else self.state.lower()


def state_of(region: Region) -> Takeover:
    """Return what the region's second mapping does now."""
    mapping = region.client("lambda", invokes=False).get_event_source_mapping(
        UUID=region.takeover_mapping_id
    )
    oldest_s = mapping.get("MaximumRecordAgeInSeconds", -1)
    kept_s = min(oldest_s, _STREAM_KEEPS_S) if oldest_s > 0 else _STREAM_KEEPS_S
    return Takeover(
        state=mapping["State"], since=_since(mapping), reaches_back=timedelta(seconds=kept_s)
    )


def switch_on(region: Region, since: str) -> None:
    """Announce the peer's changes since a moment (a timestamp).

    Raises:
        RefusedError: the mapping has read on from there, or gives up on changes that old.

    """
    found = _settled(region)
    if found.is_on:
        raise RefusedError(
            f"takeover in {region.name} is {found.said}, and has read past what is older; "
            "announce that with ops replay --announce"
        )
    if datetime.fromisoformat(since) < datetime.now(UTC) - found.reaches_back:
        raise RefusedError(
            f"takeover reaches back {found.reaches_back} at most, so not to {since}; "
            "give a later moment, and announce what is older with ops replay --announce"
        )
    _update(region, enabled=True, since=since)


def switch_off(region: Region) -> None:
    """Stop announcing the peer's changes; the mapping's filter is again what its stack declares."""
    if _settled(region).is_on:
        _update(region, enabled=False, since="")


def covers(found: Takeover, since: str) -> bool:
    """Return whether the takeover is on, and began no later than ``since``, if that is given."""
    return found.is_on and (not since or found.since <= since)


def announce_peer(region: Region, since: str = "") -> Step:
    """Return the step that lets a region announce its peer's changes since a moment.

    Without one, a takeover that is on is as wanted, and one that is off begins an hour ago: an
    alarm tells after five minutes that announcements are late.
    """
    begin = since or utc_ms(datetime.now(UTC) - AN_HOUR)

    def look() -> Sight:
        found = state_of(region)
        return Sight(done=covers(found, since), seen=f"takeover in {region.name} is {found.said}")

    return Step(
        name="takeover",
        wanted=f"{region.name} announces its peer's changes since {begin}",
        look=look,
        act=partial(switch_on, region, begin),
        limit_s=SETTLING_S,
    )


def announce_own_only(region: Region) -> Step:
    """Return the step that lets a region announce its own changes only."""

    def look() -> Sight:
        found = state_of(region)
        return Sight(done=found.is_off, seen=f"takeover in {region.name} is {found.said}")

    return Step(
        name="takeover-off",
        wanted=f"{region.name} announces its own changes only",
        look=look,
        act=partial(switch_off, region),
        limit_s=SETTLING_S,
    )


def _settled(region: Region) -> Takeover:
    """Wait until no change of the mapping is under way: Lambda refuses another one meanwhile."""

    def settled() -> Takeover | None:
        found = state_of(region)
        return found if found.is_on or found.is_off else None

    found = wait_for(settled, f"the mapping of {region.name} to settle", limit_s=SETTLING_S)
    assert found  # noqa: S101  # wait_for returns nothing else
    return found


def _update(region: Region, *, enabled: bool, since: str) -> None:
    patterns = _patterns(naming.peer(region.name), since)
    region.client("lambda", invokes=False).update_event_source_mapping(
        UUID=region.takeover_mapping_id,
        Enabled=enabled,
        FilterCriteria={"Filters": [{"Pattern": json.dumps(each)} for each in patterns]},
    )


def _patterns(origin: str, since: str) -> list[dict[str, Any]]:
    """Return patterns for the changes of ``origin``; a removal has only an old image."""
    stored = {"originRegion": {"S": [origin]}}
    when: dict[str, Any] = {}
    if since:  # whole seconds, as the stream's times are
        second = int(datetime.fromisoformat(since).timestamp())
        when = {"ApproximateCreationDateTime": [{"numeric": [">=", second]}]}
    return [
        {"eventName": ["INSERT", "MODIFY"], "dynamodb": {**when, "NewImage": stored}},
        {"eventName": ["REMOVE"], "dynamodb": {**when, "OldImage": stored}},
    ]


def _since(mapping: Mapping[str, Any]) -> str:
    """Return the moment in the mapping's filter, empty if it has none."""
    filters = mapping.get("FilterCriteria", {}).get("Filters", ())
    for each in filters:
        found = json.loads(each["Pattern"]).get("dynamodb", {}).get("ApproximateCreationDateTime")
        if found:
            return utc_ms(datetime.fromtimestamp(found[0]["numeric"][1], UTC))
    return ""
