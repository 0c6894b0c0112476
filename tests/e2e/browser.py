"""A headless Chromium, driven by the DevTools protocol over a pipe: no port, no further package.

Messages are JSON, each followed by a zero byte; the browser reads file descriptor 3, writes 4.
"""

import base64
import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.paths import REPOSITORY
from tests.e2e.waiting import wait_for

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Unpacked by "make browser" where the machine has none, with the libraries and fonts that it needs.
OWN = REPOSITORY / "build" / "browser" / "chromium"
_OF_OWN = {
    "LD_LIBRARY_PATH": str(OWN.parent / "al2023" / "lib"),
    "FONTCONFIG_FILE": str(OWN.parent / "fonts.conf"),
}
_FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",  # the tests may run as root, where there is no sandbox
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    "--hide-scrollbars",
)
# Puts the two ends of the pipes where the browser looks for them, then becomes the browser.
_BECOME = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4);"
    " os.execv(sys.argv[3], sys.argv[3:])"
)
_ABOVE = 10


def find_browser() -> str:
    """Return the path of a browser, or an empty text."""
    found = filter(None, map(shutil.which, (*NAMES, str(OWN))))
    return next(found, "")


class Tab:
    """One tab of a running browser."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to, self._from = to_browser, from_browser
        self._number = 0
        self._read = b""
        self._session = ""
        self.messages: list[str] = []
        target = self._send("Target.createTarget", url="about:blank")["targetId"]
        attached = self._send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self._send(f"{domain}.enable")

    def resize(self, width: int, height: int, *, dark: bool = False) -> None:
        """Make the window as wide and high as a desktop's or a phone's, light or dark."""
        self._send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._send("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, address: str) -> None:
        """Go to an address, and wait until the page is there."""
        self._send("Page.navigate", url=address)
        wait_for(lambda: self.run("document.readyState") == "complete", address)

    def run(self, script: str) -> Any:  # noqa: ANN401  # whatever the script returns
        """Return what an expression of JavaScript gives, as plain values."""
        answer = self._send(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def text(self) -> str:
        """Return the text that a person sees."""
        return str(self.run("document.body.innerText"))

    def picture(self, file: Path, *, whole: bool = True) -> None:
        """Write a picture of the page."""
        answer = self._send("Page.captureScreenshot", captureBeyondViewport=whole)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(answer["data"]))

    def _send(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result
            self._note(answer)

    def _note(self, event: dict[str, Any]) -> None:
        """Keep what the page complains of: an error, or something that its policy has blocked."""
        if event["method"] == "Log.entryAdded":
            self.messages.append(event["params"]["entry"]["text"])
        elif event["method"] == "Runtime.exceptionThrown":
            self.messages.append(str(event["params"]["exceptionDetails"]))

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._read:
            chunk = os.read(self._from, 1 << 20)
            if not chunk:
                raise RuntimeError("the browser has ended")
            self._read += chunk
        message, _, self._read = self._read.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer


@contextmanager
def browsing(program: str, profile: Path) -> Iterator[Tab]:
    """Run a browser with a profile of its own, and give one tab; end it afterwards."""
    pipes = [*os.pipe(), *os.pipe()]
    from_us, to_browser, from_browser, to_us = (_high(each) for each in pipes)
    words = [program, *_FLAGS, f"--user-data-dir={profile}"]
    process = subprocess.Popen(
        [sys.executable, "-c", _BECOME, str(from_us), str(to_us), *words],
        env={**os.environ, **(_OF_OWN if program == str(OWN) else {})},
        pass_fds=(from_us, to_us),
        stderr=subprocess.DEVNULL,
    )
    os.close(from_us)
    os.close(to_us)
    try:
        yield Tab(to_browser, from_browser)
    finally:
        process.terminate()
        process.wait(timeout=30)
        os.close(to_browser)
        os.close(from_browser)


def _high(descriptor: int) -> int:
    """Return a descriptor above those that the browser's own take the places of."""
    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _ABOVE)
    os.close(descriptor)
    return high
