"""What an approver is led to: the page behind the link, read where the link says it is."""

from urllib.parse import parse_qs, urlsplit

from botocore.exceptions import ClientError

from local.clients import Clients


def page(clients: Clients, link: str) -> str:
    """The page in the bucket that a link to the console's view of an object names; or nothing."""
    url = urlsplit(link)
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    bucket = url.path.removeprefix("/s3/object/")
    try:
        s3 = clients.client("s3", asked["region"])
        content: bytes = s3.get_object(Bucket=bucket, Key=asked["prefix"])["Body"].read()
    except (ClientError, KeyError):
        return ""
    return content.decode()
