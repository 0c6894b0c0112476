import json
from typing import Any

from policies.scan.sbom import documents, reproduce


def document(name: str, run: str) -> dict[str, Any]:
    component = {"name": f"folder-of-{run}", "bom-ref": f"{name}@1.0.0"}
    return {
        "serialNumber": run,
        "metadata": {"timestamp": run, "component": component},
        "components": [name],
    }


def test_every_lock_file_of_npm_has_its_own_document() -> None:
    written = "\n".join(json.dumps(document(name, "a"), indent=2) for name in ("app", "bench"))

    assert [reproduce(each) for each in documents(written)] == ["app", "bench"]


def test_the_same_lock_file_gives_the_same_document() -> None:
    first, second = document("app", "a"), document("app", "b")

    assert reproduce(first) == reproduce(second)
    assert first == second
