from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch

import naming
from stages.watch import metrics

HALF_WIDTH = 12
RUNS = ("Invocations", "Errors", "Throttles")
AGES = ("CanaryAgeSeconds", "PeerCanaryAgeSeconds", "ReplicationBehindSeconds")


def widgets(region: str, peer_region: str) -> list[list[cloudwatch.GraphWidget]]:
    """Return one row of widgets per question, this region on the left and its peer on the right."""
    return [
        [_graph(title, lines, here) for here in (region, peer_region)] for title, lines in _graphs()
    ] + [[_replication(region, peer_region), _replication(peer_region, region)]]


def _graphs() -> list[tuple[str, Sequence[cloudwatch.IMetric]]]:
    return [
        ("Files", [metrics.processed("FilesCompleted"), metrics.processed("FilesFailed")]),
        ("Rows", [metrics.processed("RowsAccepted"), metrics.processed("RowsRejected")]),
        ("Rejected rows", [metrics.rejected_rows_percent()]),
        ("Processor invocations", [metrics.function(each, naming.PROCESSOR) for each in RUNS]),
        ("Processor duration", [metrics.function("Duration", naming.PROCESSOR, "Maximum")]),
        (
            "Published events",
            [metrics.published("EventsPublished"), metrics.published("EventsFailed")],
        ),
        (
            "Age of the oldest unpublished change",
            [metrics.function("IteratorAge", naming.STREAM_CONSUMER, "Maximum")],
        ),
        (
            "Seconds since the last signs of life",
            [metrics.canary(each, "Maximum") for each in AGES],
        ),
        (
            "Failed events waiting",
            [
                metrics.queue("ApproximateNumberOfMessagesVisible", queue)
                for queue in (naming.PROCESSOR_DLQ, naming.STREAM_CONSUMER_FAILURES)
            ],
        ),
        (
            "Table throttling and errors",
            [
                metrics.table("WriteThrottleEvents"),
                metrics.status_index("WriteThrottleEvents"),
                metrics.processed("WriteRetries"),
                metrics.table_system_errors(),
            ],
        ),
    ]


def _replication(source: str, receiver: str) -> cloudwatch.GraphWidget:
    latency = metrics.replication_latency_ms(receiver)
    return _graph(f"Replication to {receiver}", [latency], source)


def _graph(title: str, lines: Sequence[cloudwatch.IMetric], region: str) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title=f"{title}, {region}", left=list(lines), region=region, width=HALF_WIDTH
    )
