"""Each commit's review report in the artifact bucket; verifications add their outcomes to it."""

from dataclasses import dataclass

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

FOLDER = "reports"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reports:
    """The reports in the ``bucket`` of ``region``. ``commit`` is the source action's variable."""

    bucket: s3.IBucket
    bucket_name: str
    region: str
    commit: str

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables of a build that reads or writes reports."""
        return {"REPORTS": f"s3://{self.bucket_name}/{FOLDER}", "COMMIT": self.commit}

    @property
    def url(self) -> str:
        """Return the console page of the commit's report; it needs read access to the bucket."""
        return (
            f"https://{self.region}.console.aws.amazon.com/s3/object/{self.bucket_name}"
            f"?region={self.region}&prefix={FOLDER}/{self.commit}/report.html"
        )

    def write_access(self) -> iam.PolicyStatement:
        """Allow writing reports, and nothing else in the bucket."""
        return iam.PolicyStatement(
            actions=["s3:PutObject"], resources=[self.bucket.arn_for_objects(f"{FOLDER}/*")]
        )
