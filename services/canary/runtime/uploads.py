"""The region's ingestion bucket in S3."""

from services.aws_client.s3 import S3


class S3Bucket:
    """A bucket that takes small objects."""

    def __init__(self, s3: S3, name: str) -> None:
        self._s3 = s3
        self._name = name

    def put(self, key: str, body: bytes) -> None:
        """Store an object; raise ``AwsClientError`` unless S3 confirms it."""
        self._s3.put(self._name, key, body)
