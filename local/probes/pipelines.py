"""What CodePipeline does not do, for it is not there."""

from botocore.exceptions import ClientError

from local.clients import Clients
from local.probes.trial import REGION


def pipelines_are_not_run(clients: Clients) -> bool:
    try:
        clients.client("codepipeline", REGION).list_pipelines()
    except ClientError:
        return True
    return False
