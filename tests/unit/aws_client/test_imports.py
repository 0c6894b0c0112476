"""A cold start pays for what is imported, so the client brings nothing that it does not need."""

import subprocess
import sys

HEAVY = ("boto3", "botocore", "urllib3", "http.client", "email", "asyncio", "concurrent", "anycrc")
PROGRAM = """
import sys
import services.aws_client.clients
print(*sys.modules)
"""


def test_the_client_brings_no_other_client_with_it() -> None:
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    ).stdout.split()

    assert "services.aws_client.clients" in found
    assert {name for name in found if name.startswith(HEAVY)} == set()
