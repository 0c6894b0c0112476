"""An account without anything of ours, to create one stack of an assembly in again and again."""

import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

import naming
from local.aws_isolation import ACCOUNT
from local.cloud import Cloud
from local.faults import Faults
from ops.waiting import wait_for
from tests.e2e import inventory

LIMIT_S, POLL_S = 60.0, 0.01


class EmptyAccount:
    """A cloud with nothing in it, to create one stack of an assembly in again and again."""

    def __init__(self, cloud: Cloud, template: Path, region: str, name: str) -> None:
        self._cloud = cloud
        self._region = region
        self._cloudformation = cloud.client("cloudformation", region)
        self._faults = Faults(cloud)
        self.name = name  # which generated names begin with, as the role's rights require
        self.resources: Mapping[str, Any] = json.loads(template.read_text())["Resources"]
        self._url = _publish(cloud, template)
        self._before = inventory.existing(cloud, region)

    @property
    def left(self) -> set[tuple[str, str]]:
        """Type and name of everything that was not there at first."""
        return inventory.existing(self._cloud, self._region) - self._before

    @property
    def chosen(self) -> list[str]:
        """The resources to refuse: one of each type and all that need the stream, or every one."""
        if os.environ.get("FAILED_CREATIONS") == "all":
            return [*self.resources]
        first = {body["Type"]: name for name, body in reversed([*self.resources.items()])}
        return [
            name
            for name, body in self.resources.items()
            if name in first.values() or "StreamConsumer" in json.dumps(body)
        ]

    def create(self, *, failing_at: str = "") -> str:
        """Create the stack and return its status; the resource with this logical id fails."""
        self._faults.fail_creation(failing_at)
        self._cloudformation.create_stack(
            StackName=self.name,
            TemplateURL=self._url,
            Capabilities=["CAPABILITY_NAMED_IAM"],
            RoleARN=naming.bootstrap_role_arn("cfn-exec", self._region, ACCOUNT),
        )
        return self._settled()

    @property
    def failed(self) -> dict[str, str]:
        """What could not be created since the last ``create``, and why."""
        [stack] = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        pages = self._cloudformation.get_paginator("describe_stack_events")
        return {
            event["LogicalResourceId"]: event["ResourceStatusReason"]
            for page in pages.paginate(StackName=stack["StackId"])
            for event in page["StackEvents"]
            if event["ResourceStatus"] == "CREATE_FAILED"
        }

    def delete(self) -> None:
        self._cloudformation.delete_stack(StackName=self.name)
        assert self._settled() in {"", "DELETE_COMPLETE"}

    def remove_table(self) -> None:
        """Do what docs/deployment.md says of the one thing that can be left."""
        dynamodb = self._cloud.client("dynamodb", self._region)
        dynamodb.update_table(TableName=naming.TABLE, DeletionProtectionEnabled=False)
        dynamodb.delete_table(TableName=naming.TABLE)

    def _settled(self) -> str:
        [status] = wait_for(self._final, f"the stack {self.name}", limit_s=LIMIT_S, poll_s=POLL_S)
        return status

    def _final(self) -> tuple[str, ...]:
        """Return the status, or nothing while CloudFormation is at work."""
        try:
            [stack] = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        except ClientError:
            return ("",)
        status = str(stack["StackStatus"])
        return () if status.endswith("IN_PROGRESS") else (status,)


def _publish(cloud: Cloud, template: Path) -> str:
    """Upload the template and code, and return the template's URL."""
    url = ""
    assets = template.with_name(template.name.replace(".template.", ".assets."))
    for asset in json.loads(assets.read_text())["files"].values():
        [place] = asset["destinations"].values()
        source = template.parent / asset["source"]["path"]
        body = source.read_bytes() if source.is_file() else _zipped(source)
        s3 = cloud.client("s3", place["region"])
        s3.put_object(Bucket=place["bucketName"], Key=place["objectKey"], Body=body)
        if source == template:
            url = f"{cloud.endpoint}/{place['bucketName']}/{place['objectKey']}"
    return url


def _zipped(folder: Path) -> bytes:
    """Return CDK's own code as an archive, and of ours an empty one."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for file in folder.glob("*.js"):
            archive.write(file, file.name)
        archive.writestr("empty", "")
    return content.getvalue()
