"""The product's stream consumer, with the changes that storing the file would make."""

from pathlib import Path

from benchmarks import measure, product_consumer
from benchmarks.changes import batches
from benchmarks.items import items
from benchmarks.job import Job


def prepare(job: Job) -> measure.Work:
    handle = product_consumer.consumer(job)
    made = batches(items(Path(job.file), job.form, job.origin))

    def work() -> int:
        for batch in made:
            answer = handle(batch, product_consumer.Context())
            if answer["batchItemFailures"]:
                raise RuntimeError(answer)
        return sum(len(batch["Records"]) for batch in made)

    return work


if __name__ == "__main__":
    measure.main(prepare)
