"""Where the evidence of each commit lies: its review report, with what was proved since."""

from dataclasses import dataclass

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

FOLDER = "reports"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reports:
    """Reports in the ``bucket`` of ``region``. ``commit`` is the source action's variable."""

    bucket: s3.IBucket
    bucket_name: str
    region: str
    commit: str

    @property
    def environment(self) -> dict[str, str]:
        """What a build is told that reads or writes reports."""
        return {"REPORTS": f"s3://{self.bucket_name}/{FOLDER}", "COMMIT": self.commit}

    @property
    def url(self) -> str:
        """The page of the commit's report in the console, for whoever may read the bucket."""
        return (
            f"https://{self.region}.console.aws.amazon.com/s3/object/{self.bucket_name}"
            f"?region={self.region}&prefix={FOLDER}/{self.commit}/report.html"
        )

    def writing(self) -> iam.PolicyStatement:
        return iam.PolicyStatement(
            actions=["s3:PutObject"], resources=[self.bucket.arn_for_objects(f"{FOLDER}/*")]
        )
