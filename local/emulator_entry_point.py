"""Runs in the emulator's own environment: patches its application and serves it on one socket.

The emulator's own command line would also open port 443 where it is allowed to. Of the project
only what is written for that environment is imported, because it has none of the other packages.
Four variables change what it does: ``UNPATCHED`` leaves the emulator as it is, without patches and
rights, for the probes of what is patched; ``CLOUDFORMATION_REQUESTS`` names a file that is to list
the requests of CloudFormation, ``USED_RIGHTS`` one for the actions that each role has taken, and
``FUNCTION_EFFECTS`` one for what the functions do outside their processes.
"""

import gc
import importlib
import os
import sys
from pathlib import Path
from typing import Any


def patch() -> None:
    """Mend what the emulator does not do, and let CloudFormation act with the roles of stacks."""
    for each in _of_the_project("local.emulator_patches.patches").PATCHES.values():
        each()
    record = os.environ.get("CLOUDFORMATION_REQUESTS", "")
    _of_the_project("local.emulator_rights.enforcement").install(record)
    _of_the_project("local.emulator_rights.used").install(os.environ.get("USED_RIGHTS", ""))


def offer_faults(path: str) -> None:
    """Let those who know ``path`` ask for faults; see ``local.emulator_faults``."""
    _of_the_project("local.emulator_faults.control").install(path)


def _of_the_project(name: str) -> Any:
    root = str(Path(__file__).resolve().parent.parent)
    if root not in sys.path:
        sys.path.append(root)
    return importlib.import_module(name)


def main(listener: str, certificate: str, key: str, faults: str) -> int:
    # Looking for garbage among all that it keeps took a quarter of the time of a large answer.
    gc.set_threshold(50_000, 20, 20)
    _of_the_project("local.emulator_patches.economies").install()
    offer_faults(Path(faults).read_text())
    if not os.environ.get("UNPATCHED"):
        patch()
    hypercorn = importlib.import_module("hypercorn.__main__")
    options = ["--workers", "0", "--keep-alive", "75", "--graceful-timeout", "1"]
    tls = ["--certfile", certificate, "--keyfile", key]
    return int(
        hypercorn.main([*options, *tls, "--bind", f"fd://{listener}", "ministack.app:app"]) or 0
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
