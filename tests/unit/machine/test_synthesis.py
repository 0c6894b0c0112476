"""What "make synth" says: what the app and the CDK have to say, and not what to type next."""

import shutil
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).resolve().parents[3] / "Makefile"
# As the CDK writes it with --ci: errors alone go to the other stream.
CDK = """\
#!/bin/sh
echo " $@ " >asked
echo "[Warning at /a] think again"
echo "Successfully synthesized to cdk.out"
echo "Supply a stack id (a, b) to display its template."
echo "error: it is red" >&2
exit {code}
"""


@pytest.mark.parametrize("code", [0, 1])
def test_a_synthesis_tells_warnings_and_errors_and_fails_if_the_cdk_does(
    tmp_path: Path, code: int
) -> None:
    shutil.copy(MAKEFILE, tmp_path)
    cdk = tmp_path / ".venv/bin/cdk"
    cdk.parent.mkdir(parents=True)
    cdk.write_text(CDK.format(code=code))
    cdk.chmod(0o755)

    done = subprocess.run(
        ["make", "--old-file=setup", "synth"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "[Warning at /a] think again\n"
    assert "error: it is red" in done.stderr
    assert bool(done.returncode) is bool(code)
    # Whatever "output" is in cdk.json, it is made where all gates look.
    assert " --output cdk.out " in (tmp_path / "asked").read_text()
