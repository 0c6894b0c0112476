"""The access point in front of both regions' buckets, and which of them it sends uploads to.

A Multi-Region Access Point belongs to no region: its routes are read and changed through either
one, which matters when the other one is lost. A dial is 0 or 100, and S3 keeps at least one at 100.
A change is in effect everywhere within two minutes.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import naming
from ops import audit
from ops.deployment import Deployment
from ops.errors import UndeterminedError
from ops.region import Region

OPEN, CLOSED = 100, 0
# Of a note in the audit record.
ARN_NOTED = "accessPoint"


class AccessPoint:
    """The access point, spoken to through the endpoints of one region."""

    def __init__(self, region: Region, arn: str) -> None:
        self.arn = arn
        self._region = region
        self._name = {"AccountId": arn.split(":")[4], "Mrap": arn}

    def dials(self) -> Mapping[str, int]:
        """Return the share of traffic, 0 or 100, by the name of the region."""
        found = self._control.get_multi_region_access_point_routes(**self._name)
        return {each["Region"]: each["TrafficDialPercentage"] for each in found["Routes"]}

    def send_to(self, regions: Iterable[str]) -> None:
        """Send uploads to these regions only, in one request; repeating it changes nothing."""
        wanted = dial_to(regions)
        self._control.submit_multi_region_access_point_routes(
            **self._name,
            RouteUpdates=[
                {"Region": name, "TrafficDialPercentage": dial} for name, dial in wanted.items()
            ],
        )

    def put(self, key: str, body: bytes) -> str:
        """Put a file; return its version, which one region's bucket has. Each call makes one."""
        s3 = self._region.client("s3")
        return str(s3.put_object(Bucket=self.arn, Key=key, Body=body)["VersionId"])

    @property
    def _control(self) -> Any:
        return self._region.client("s3control")


def dial_to(regions: Iterable[str]) -> dict[str, int]:
    """Return the dials with which exactly these regions get uploads."""
    wanted = set(regions)
    return {name: OPEN if name in wanted else CLOSED for name in naming.REGIONS}


def is_chosen(found: Mapping[str, int]) -> bool:
    """Return whether one region gets all uploads."""
    return list(found.values()).count(OPEN) == 1


def dials_said(found: Mapping[str, int]) -> str:
    """Return dials in words: ``us-east-1 0, us-west-2 100``."""
    return ", ".join(f"{name} {dial}" for name, dial in sorted(found.items()))


def find(deployment: Deployment, through: Region, arn: str = "") -> AccessPoint:
    """Return the access point, spoken to through a region.

    Its ARN is ``arn``, or an output of the standby's stack, or, while the standby is lost, what the
    newest note in the audit record says: it never changes.

    Raises:
        UndeterminedError: nobody says it.

    """
    return AccessPoint(through, arn or _arn(deployment, through))


def _arn(deployment: Deployment, through: Region) -> str:
    if deployment.lost != naming.STANDBY:
        return deployment.region(naming.STANDBY).access_point_arn
    noted = [str(act[ARN_NOTED]) for act in audit.acts(through) if ARN_NOTED in act]
    if not noted:
        raise UndeterminedError(
            f"only the stack in {naming.STANDBY}, which is lost, names the access point; "
            "give its ARN with --access-point"
        )
    return noted[-1]
