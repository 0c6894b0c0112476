"""What the functions' processes have done outside themselves since the cloud was started."""

import tomllib
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import naming
from local.cloud import Cloud
from local.paths import REPOSITORY
from tests.e2e.site import site

FILE = "function-effects.txt"
DECLARED = REPOSITORY / "policies" / "declared" / "function_hosts.toml"
# The emulator's own program imports urllib3, which tries whether the machine has IPv6.
IPV6 = "listen ::1:0"


def of(cloud: Cloud, function: str, region: str) -> set[str]:
    """Return what a function did, such as ``connect 10.0.0.1:443`` or ``write /tmp/x``."""
    record = cloud.state_dir / FILE  # made by the first thing that a function does
    lines = record.read_text().splitlines() if record.exists() else []
    who = f"{function} {region} "
    own = {line.removeprefix(who) for line in lines if line.startswith(who)}
    place = urlsplit(cloud.endpoint)
    return own - {f"resolve {place.hostname}", f"connect {place.netloc}", IPV6}


def declared(cloud: Cloud) -> Mapping[tuple[str, str], set[str]]:
    """Return what each function in each region may do, beside connecting to the local cloud."""
    return {
        (function, region): {f"resolve {_filled(cloud, each, region)}" for each in hosts}
        for function, hosts in tomllib.loads(DECLARED.read_text()).items()
        for region in naming.REGIONS
    }


def unexpected(cloud: Cloud) -> Iterator[str]:
    """Yield what our functions did and may not."""
    for (function, region), allowed in declared(cloud).items():
        for done in sorted(of(cloud, function, region) - allowed):
            yield f"{function} in {region}: {done}, which {DECLARED.name} does not list"


def _filled(cloud: Cloud, text: str, region: str) -> str:
    bucket = site(cloud, region).bucket
    return text.format(region=region, peer=naming.peer(region), bucket=bucket)
