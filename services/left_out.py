"""What the bundles leave out of the locked packages, because no function imports it."""

import shutil
from pathlib import Path

# Powertools' utilities: all but those that its logger imports.
UNUSED_UTILITIES = (
    "auth_alpha",
    "batch",
    "circuit_breaker",
    "data_classes",
    "data_masking",
    "feature_flags",
    "idempotency",
    "kafka",
    "metadata",
    "parameters",
    "parser",
    "streaming",
    "validation",
)
# Patterns of what no function imports; a licence is never among them.
LEFT_OUT = (
    "aws_lambda_powertools/event_handler",  # routes HTTP requests
    "aws_lambda_powertools/metrics/provider/datadog",  # our metrics are CloudWatch's
    "aws_lambda_powertools/logging/formatters",  # for other services' logs
    *(f"aws_lambda_powertools/utilities/{name}" for name in UNUSED_UTILITIES),
    "tzdata/zoneinfo/tzdata.zi",  # the source of the zones, which zoneinfo never reads
    # For type checkers and compilers.
    "**/*.pyi",
    "**/py.typed",
    "**/*.pyx",
    "**/*.pxd",
    "**/*.[ch]",
)


def leave_out(packages: Path) -> None:
    """Delete all that ``LEFT_OUT`` names from a folder with unpacked packages."""
    for path in [path for pattern in LEFT_OUT for path in packages.glob(pattern)]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
