"""What a downstream consumer sets up to hear of changes: a queue, and a rule that feeds it."""

import json
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from local.demo.regions import Region

SOURCE = "serverless.data-ingestion"


@contextmanager
def subscription(region: Region) -> Iterator[str]:
    """Give the URL of a queue that gets every announcement of ``region``; nothing is left of it."""
    name = f"local-demo-{uuid.uuid4().hex[:8]}"
    with ExitStack() as left:
        queue_url: str = region.sqs.create_queue(QueueName=name)["QueueUrl"]
        left.callback(region.sqs.delete_queue, QueueUrl=queue_url)
        pattern = json.dumps({"source": [SOURCE]})
        where = {"EventBusName": region.bus}
        rule = region.events.put_rule(Name=name, EventPattern=pattern, **where)["RuleArn"]
        left.callback(region.events.delete_rule, Name=name, **where)
        queue_arn = _open_to(region, queue_url, rule)
        region.events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": queue_arn}], **where)
        left.callback(region.events.remove_targets, Rule=name, Ids=["queue"], **where)
        yield queue_url


def _open_to(region: Region, queue_url: str, rule_arn: str) -> str:
    """Let the rule write to the queue, which AWS requires; give the queue's ARN."""
    attributes = region.sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    queue_arn: str = attributes["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    region.sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"Policy": policy})
    return queue_arn
