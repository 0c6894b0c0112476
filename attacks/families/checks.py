"""Fewer checks: a gate or a test that is taken out of the files that run them."""

from attacks.attack import Attack, replace

ATTACKS = (
    Attack(
        "linting and types left out of every check",
        replace("Makefile", "check scan sbom functions", "scan sbom functions"),
        by="command-changed",
        says="files.Makefile",
    ),
    Attack(
        "a workflow that runs what a stranger writes",
        replace(
            ".github/workflows/ci.yml",
            "run: make functions",
            "run: make functions || echo '${{ github.event.pull_request.title }}'",
        ),
        by="zizmor-template-injection",
    ),
)
