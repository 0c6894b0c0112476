from policies.rules.no_wildcard_streams import check
from tests.policy.templates import resource, stack

TABLE = "arn:aws:dynamodb:us-west-2:111111111111:table/t"
JOINED = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":dynamodb:t/stream/*"]]}


def test_an_event_source_that_is_no_stream_is_found() -> None:
    mapping = resource("AWS::Lambda::EventSourceMapping", EventSourceArn=f"{TABLE}/stream/*")

    [finding] = check([stack({"Mapping": mapping})])

    assert finding.path == "pipeline/primary/tap/Mapping"


def test_an_output_that_is_no_stream_is_found_in_joined_text_too() -> None:
    [finding] = check([stack(outputs={"TableStreamArn": {"Value": JOINED}})])

    assert finding.path == "pipeline/primary/tap/TableStreamArn"
    assert finding.message.startswith("the output TableStreamArn is ")


def test_a_stream_known_at_deployment_passes() -> None:
    stream = {"Fn::GetAtt": ["Table", "StreamArn"]}
    mapping = resource("AWS::Lambda::EventSourceMapping", EventSourceArn=stream)

    assert not list(check([stack({"M": mapping}, outputs={"TableStreamArn": {"Value": stream}})]))
