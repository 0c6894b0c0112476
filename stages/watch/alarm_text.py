"""What an alarm says to those whom it wakes."""

from stages.watch.alarm_row import AlarmRow

# CloudWatch's limit.
MAX_CHARACTERS = 1024


def runbooks_url(repository: str, branch: str) -> str:
    """Return the address of the folder with the runbooks, one page an alarm."""
    return f"https://github.com/{repository}/blob/{branch}/docs/runbooks"


def alarm_text(row: AlarmRow, *, name: str, region: str, runbooks: str) -> str:
    """Return what is wrong, the runbook's page, the command to run first, and the console's page.

    Raises ``ValueError`` if that is longer than CloudWatch takes.
    """
    console = f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
    lines = (
        row.meaning,
        f"Runbook: {runbooks}/{row.page or row.subject}.md",
        f"Run: {row.command.format(region=region)}",
        f"Console: {console}#alarmsV2:alarm/{name}",
    )
    text = "\n".join(lines)
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"the text of {name} has {len(text)} characters, not {MAX_CHARACTERS}")
    return text
