"""The steps that move the uploads: turn the dials, and see a file land (``ops/steps.py``)."""

import uuid
from functools import partial

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as ConnectionFailedError

import naming
from ops.access_point import AccessPoint, dial_to, dials_said, is_chosen
from ops.errors import FindingError
from ops.object_versions import versions_of
from ops.region import Region
from ops.steps import Sight, Step, finish, trial
from ops.verification import canary_body
from ops.waiting import WaitError, wait_for

DIALS_S = 60.0
# A change of the dials is in effect within two minutes.
LANDING_S, LANDING_POLL_S = 180.0, 5.0
_SERVERS_FAULT = 500


def dials(access_point: AccessPoint, to: str) -> Step:
    """Return the step that sends all uploads to one region."""
    wanted = dial_to([to])

    def look() -> Sight:
        found = access_point.dials()
        return Sight(done=found == wanted, seen=dials_said(found))

    return Step(
        name="dials",
        wanted=dials_said(wanted),
        look=look,
        act=partial(access_point.send_to, [to]),
        limit_s=DIALS_S,
    )


def settle(access_point: AccessPoint) -> str:
    """Send all uploads to the primary, unless they go to one region already; say where they go.

    CloudFormation leaves both dials open, and then never touches them. Whoever has chosen a region
    keeps it: a deployment during an outage must not move the uploads back.
    """
    if not is_chosen(access_point.dials()):
        finish(dials(access_point, naming.PRIMARY))
    return f"the dials of the access point are {dials_said(access_point.dials())}"


def landing(access_point: AccessPoint, target: Region) -> Step:
    """Return the step that puts files through the access point until one lands in the target."""
    key = f"canary/{uuid.uuid4()}.json"
    tried: list[str] = []

    def lands() -> bool:
        try:
            version = access_point.put(key, canary_body(key))
        except (ConnectionFailedError, HTTPClientError, ClientError) as error:
            tried.append(_if_routed_to_the_lost(error))
            return False
        tried.append(f"version {version} is elsewhere")
        return _has(target, key, version)

    def attempt() -> str:
        try:
            wait_for(lands, "", limit_s=LANDING_S, poll_s=LANDING_POLL_S)
        except WaitError as error:
            raise FindingError(
                f"of {len(tried)} uploads none landed in {target.name}; the last: {tried[-1]}"
            ) from error
        return f"upload {len(tried)} through the access point landed in {target.name}"

    return trial("upload", f"an upload lands in {target.name}", attempt)


def _if_routed_to_the_lost(error: Exception) -> str:
    """Return what a region says that fails or is gone; raise any other refusal."""
    if (
        isinstance(error, ClientError)
        and error.response["ResponseMetadata"]["HTTPStatusCode"] < _SERVERS_FAULT
    ):
        raise error
    return f"{type(error).__name__}: {error}"


def _has(region: Region, key: str, version: str) -> bool:
    """Look in the listing, because S3 may deny a look at an object that is not there."""
    return any(each.version_id == version for each in versions_of(region, key))
