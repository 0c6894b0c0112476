"""A client of all services of a region at once, as ``TwoRegions`` hands them out."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError

from naming import PRIMARY, REGIONS, STANDBY, peer

ARN = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"


class FakeClient:
    """A client of all services at once; what it does not know ends the test."""

    def __init__(self, world: Any, region: str) -> None:  # noqa: ANN401  # it makes clients
        self._world, self._region = world, region

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401  # any call
        found = object.__getattribute__(self, name)
        if not name.startswith("_") and name not in ("get_paginator", "paginate"):
            self._world.call(self._region, name)
        return found

    def describe_stacks(self, **_: object) -> object:
        outputs = {
            "IngestionBucketName": f"files-{self._region}",
            "TableName": "records",
            "CanaryEventsUrl": "https://queue",
            "TakeoverMappingId": f"mapping-{self._region}",
        }
        if self._region == STANDBY:
            outputs["AccessPointArn"] = ARN
        listed = [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]
        return {"Stacks": [{"Outputs": listed}]}

    def get_caller_identity(self) -> object:
        return {"Arn": "arn:aws:sts::123456789012:assumed-role/operator/ana"}

    # --- routes
    def get_multi_region_access_point_routes(self, *, AccountId: str, Mrap: str) -> object:  # noqa: N803
        assert (AccountId, Mrap) == ("123456789012", ARN)
        routes = [
            {"Region": name, "TrafficDialPercentage": dial}
            for name, dial in self._world.dials.items()
        ]
        return {"Routes": routes}

    def submit_multi_region_access_point_routes(self, *, RouteUpdates: Any, **_: object) -> None:  # noqa: ANN401, N803
        for each in RouteUpdates:
            self._world.dials[each["Region"]] = each["TrafficDialPercentage"]

    # --- takeover
    def get_event_source_mapping(self, *, UUID: str) -> object:  # noqa: N803
        assert f"mapping-{self._region}" == UUID
        mapping = self._world.mappings[self._region]
        return {
            "State": mapping["State"],
            "FilterCriteria": {"Filters": mapping["Filters"]},
            "MaximumRecordAgeInSeconds": 6 * 3600,
        }

    def update_event_source_mapping(
        self,
        *,
        UUID: str,  # noqa: N803
        Enabled: bool,  # noqa: N803
        FilterCriteria: Any,  # noqa: ANN401, N803
    ) -> None:
        assert f"mapping-{self._region}" == UUID
        state = "Enabled" if Enabled else "Disabled"
        self._world.mappings[self._region] = {"State": state, **FilterCriteria}

    # --- files
    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> object:  # noqa: N803
        assert f"canary/{json.loads(Body)['canary']}.json" == Key
        region = Bucket.removeprefix("files-")
        if Bucket == ARN:
            region = max(REGIONS, key=self._world.dials.__getitem__)
            if not self._world.routes_follow_dials:
                region = PRIMARY
            if region in self._world.gone:
                raise EndpointConnectionError(endpoint_url="https://mrap")
        return {"VersionId": self._world.upload(region, Key)}

    def receive_message(self, **_: object) -> object:
        events, self._world.events[self._region] = self._world.events[self._region], []
        bodies = [json.dumps({"detail": event}) for event in events]
        return {"Messages": [{"Body": body, "ReceiptHandle": "r"} for body in bodies]}

    def delete_message(self, **_: object) -> None: ...

    # --- the table
    def describe_table(self, **_: object) -> object:
        others = {peer(self._region): self._world.table_status[peer(self._region)]}
        replicas = [{"RegionName": name, "ReplicaStatus": s} for name, s in others.items() if s]
        own = self._world.table_status[self._region]
        return {"Table": {"TableStatus": own, "Replicas": replicas}}

    def put_item(self, *, Item: Any, ConditionExpression: str = "", **_: object) -> None:  # noqa: ANN401, N803
        key = Item["recordId"]["S"], Item["timestamp"]["S"]
        if ConditionExpression and key in self._world.tables[self._region]:
            error = {"Error": {"Code": "ConditionalCheckFailedException"}}
            raise ClientError(error, "PutItem")
        self._world.write(self._region, Item)

    def get_item(self, *, Key: Any, **_: object) -> object:  # noqa: ANN401, N803
        key = Key["recordId"]["S"], Key["timestamp"]["S"]
        found = self._world.tables[self._region].get(key)
        return {"Item": found} if found else {}

    def get_paginator(self, operation: str) -> "FakeClient":
        self._operation = operation
        return self

    def paginate(self, **request: Any) -> Iterator[Any]:  # noqa: ANN401
        self._world.call(self._region, self._operation)
        if self._operation == "describe_alarms":
            firing = self._world.firing[self._region] if request["StateValue"] == "ALARM" else []
            yield {"MetricAlarms": [{"AlarmName": name} for name in firing]}
        elif self._operation == "list_object_versions":
            yield {"Versions": self._listed(request["Prefix"])}
        elif "IndexName" in request:
            yield {"Items": self._files(request["ExpressionAttributeValues"])}
        else:
            wanted = request["ExpressionAttributeValues"][":id"]["S"]
            table = self._world.tables[self._region]
            yield {"Items": [item for key, item in table.items() if key[0] == wanted]}

    def _listed(self, prefix: str) -> list[Any]:
        """Only what is asked for by its key: reconciliation is tested by itself."""
        return [
            {"Key": key, "VersionId": version, "ETag": "e", "LastModified": datetime.now(UTC)}
            for key, version in self._world.objects[self._region]
            if prefix and key.startswith(prefix)
        ]

    def _files(self, asked: Any) -> list[Any]:  # noqa: ANN401
        if (asked[":status"]["S"], asked[":shard"]["N"]) != ("PROCESSING", "0"):
            return []
        return [self._file(key) for key in self._world.in_work[self._region]]

    def _file(self, key: str) -> Any:  # noqa: ANN401
        """What the index has of a file, which is not all of it."""
        source = {"bucket": {"S": f"files-{self._region}"}, "key": {"S": key}}
        return {"recordId": {"S": key}, "timestamp": {"S": "t"}, "source": {"M": source}}

    def batch_get_item(self, *, RequestItems: Any) -> object:  # noqa: ANN401, N803
        [(table, asked)] = RequestItems.items()
        done = {"status": {"S": "PROCESSING"}, "rowsRead": {"N": str(self._world.rows_read)}}
        return {"Responses": {table: [{**key, **done} for key in asked["Keys"]]}}
