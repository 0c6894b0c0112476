"""What events promise to listeners, with less in it or something else."""

from attacks.attack import replace
from attacks.variants import attacks

PROMISE = "datasets/asyncapi.yaml"
ROWS, ITEM = "enum: [ACCEPTED, REJECTED, CORRECTED]", "[recordId, timestamp, precedence, dataset]"
ATTACKS = attacks(
    "an event that promises something else:",
    {
        "a status less": (ROWS, ROWS.replace(", REJECTED", "")),
        "a status more": (ROWS, ROWS.replace("]", ", PARKED]")),
        "nothing of what comes before": (f"previousStatus: {{{ROWS}}}", "previousDigest2: {}"),
        "an item without its precedence": (ITEM, ITEM.replace(" precedence,", "")),
        "a part of a failure that some have": (
            "required: [code, message]",
            "required: [code, row]",
        ),
        "a row of each failure": ("required: [code, message]", "required: [code, message, row]"),
        "another type": ("detail-type: {const: FileChanged}", "detail-type: {const: File}"),
        "another promise in words": ("at least once and in no order", "once and in order"),
        "a number as a text": ("rowsRead: {type: integer, minimum: 0}", "rowsRead: {type: string}"),
    },
    lambda texts: replace(PROMISE, *texts),
    by="event-promise-changed",
    says=PROMISE,
)
