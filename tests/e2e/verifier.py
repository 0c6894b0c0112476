"""The pipeline's verifying build: its role, as the pipeline declares it, and its command."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import naming
from local.aws_isolation import ACCOUNT, without_aws
from local.cloud import Cloud
from local.paths import REPOSITORY
from ops.connection import assumed_credentials
from tests.e2e.roles import Role

PIPELINE = f"{naming.PIPELINE}.template.json"
TIMEOUT_S = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Verifier:
    cloud: Cloud
    region: str
    # Of the build's own role, as environment variables.
    credentials: Mapping[str, str]

    @property
    def role(self) -> Role:
        """Return the role that it assumes; the whole verification is made with it."""
        name = naming.verification_role(self.region)
        iam = self.cloud.client("iam", self.region)
        return Role(iam, iam.get_role(RoleName=name)["Role"]["Arn"])

    def verify(self, timeout_s: float = TIMEOUT_S) -> tuple[int, str]:
        """Return exit code and last line of what ``make verify`` runs."""
        return ended(self.begin(timeout_s))

    def begin(self, timeout_s: float = TIMEOUT_S) -> subprocess.Popen[str]:
        outputs = self.cloud.outputs(self.region)
        options = {
            "region": self.region,
            "role": self.role.arn,
            "peer-region": naming.peer(self.region),
            "peer-role": self.role.arn,
            "bucket": outputs["IngestionBucketName"],
            "table": outputs["TableName"],
            "canary-events-url": outputs["CanaryEventsUrl"],
            "timeout-s": str(timeout_s),
            "watch-s": "0",
        }
        if arn := outputs.get("AccessPointArn"):
            options["access-point"] = arn
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        return subprocess.Popen(
            [sys.executable, "-m", "ops", "verify", *words],
            cwd=REPOSITORY,
            env={**without_aws(os.environ), **self.cloud.variables(), **self.credentials},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def ended(run: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for the end; return exit code and last line."""
    output, _ = run.communicate()
    return run.returncode, output.splitlines()[-1]


@contextmanager
def build_role(cloud: Cloud, assembly: Path, region: str, *, name: str = "") -> Iterator[Verifier]:
    """Make the role that the pipeline gives to its verifying build, and act as the build.

    With another ``name``, the role has the same permissions but is not the trusted one.
    """
    template = json.loads((assembly / PIPELINE).read_bytes())["Resources"]
    own_name = naming.verifier_role(region)
    [logical_id] = [id_ for id_, each in template.items() if _role_name(each) == own_name]
    trust = template[logical_id]["Properties"]["AssumeRolePolicyDocument"]
    [policy] = [each for each in template.values() if _belongs_to(each, logical_id)]
    iam = cloud.client("iam", region)
    name = name or own_name
    role = iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps(trust),
        PermissionsBoundary=f"arn:aws:iam::{ACCOUNT}:policy/{naming.BOUNDARY}",
    )["Role"]
    document = json.dumps(_assuming(policy["Properties"]["PolicyDocument"]))
    iam.put_role_policy(RoleName=name, PolicyName="assume", PolicyDocument=document)
    try:
        yield Verifier(cloud=cloud, region=region, credentials=_session(cloud, role["Arn"]))
    finally:
        iam.delete_role_policy(RoleName=name, PolicyName="assume")
        iam.delete_role(RoleName=name)


def _role_name(resource: Mapping[str, Any]) -> object:
    is_role = resource["Type"] == "AWS::IAM::Role"
    return resource["Properties"].get("RoleName") if is_role else None


def _belongs_to(resource: Mapping[str, Any], logical_id: str) -> bool:
    is_policy = resource["Type"] == "AWS::IAM::Policy"
    return is_policy and {"Ref": logical_id} in resource["Properties"]["Roles"]


def _assuming(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the rights to assume roles; the others are for the build's logs and artifacts."""
    statements = [each for each in document["Statement"] if each["Action"] == "sts:AssumeRole"]
    return {**document, "Statement": statements}


def _session(cloud: Cloud, role_arn: str) -> Mapping[str, str]:
    """Act as the build: the services of this cloud are its root user."""
    sts = cloud.client("sts", naming.PRIMARY)
    given = assumed_credentials(sts, role_arn, "build")
    return {name.upper(): value for name, value in given.items()}
