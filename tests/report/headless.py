"""A headless Chromium, driven through a pipe by the DevTools protocol: no driver, no network, no dependency."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE: Final = 60.0
"""Seconds for one answer."""


def chromium() -> str | None:
    """The browser of this machine: `CHROMIUM`, or one on the path; pipes by number are there on POSIX only."""
    if os.name != "posix":
        return None
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


class Browser:
    """One page of a headless browser, and everything that it reported."""

    def __init__(self, write_to: int, read_from: int) -> None:
        self._out, self._in, self._rest = write_to, read_from, b""
        self._number, self._session = 0, ""
        self.events: list[dict[str, Any]] = []

    def open(self, page: Path | str, width: int = 1280, height: int = 900) -> None:
        """Open a file or an address in a new page, with reports of console and network, and wait until it is there."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.size(width, height)
        self.call("Page.navigate", url=page if isinstance(page, str) else page.as_uri())
        self.wait("Page.loadEventFired")

    def size(self, width: int, height: int) -> None:
        """The size of the window, in CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def dark(self, is_dark: bool) -> None:
        """What the reader prefers."""
        wanted = [{"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}]
        self.call("Emulation.setEmulatedMedia", features=wanted)

    def js(self, expression: str) -> Any:
        """The value of an expression in the page."""
        said = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    def press(self, key: str, shift: bool = False, control: bool = False) -> None:
        """Press and release a key."""
        codes = {"Tab": 9, "Enter": 13, " ": 32}
        text = {"Enter": "\r", " ": " "}.get(key, "")
        what: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": codes[key], "modifiers": 8 * shift + 2 * control}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **what)
        self.call("Input.dispatchKeyEvent", type="keyUp", **what)

    def until(self, expression: str) -> None:
        """Wait until an expression holds in the page."""
        end = time.monotonic() + PATIENCE
        while not self.js(expression):
            if time.monotonic() > end:
                raise TimeoutError(expression)
            time.sleep(0.02)

    def type(self, text: str) -> None:
        """Put text where the focus is, as by pasting."""
        self.call("Input.insertText", text=text)

    def picture(self, path: Path, whole: bool = True) -> None:
        """A screenshot, of the whole page or of the window."""
        said = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(b64decode(said["data"]))

    def pdf(self) -> bytes:
        """The page as it is printed."""
        said = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        return b64decode(said["data"])

    def reported(self, *names: str) -> list[dict[str, Any]]:
        """What was reported under these names."""
        return [event["params"] for event in self.events if event["method"] in names]

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask, and wait for the answer."""
        self._number += 1
        asked: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._out, json.dumps(asked).encode() + b"\0")
        until = time.monotonic() + PATIENCE
        while True:
            said = self._read(until)
            if said.get("id") == self._number:
                assert "error" not in said, (method, said)
                result: dict[str, Any] = said["result"]
                return result

    def wait(self, method: str) -> None:
        """Wait for an event."""
        until = time.monotonic() + PATIENCE
        while not self.reported(method):
            self._read(until)

    def _read(self, until: float) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._in], [], [], max(until - time.monotonic(), 0))
            if not ready:
                raise TimeoutError("the browser does not answer")
            got = os.read(self._in, 1 << 20)
            if not got:
                raise EOFError("the browser is gone")
            self._rest += got
        line, self._rest = self._rest.split(b"\0", 1)
        said: dict[str, Any] = json.loads(line)
        if "method" in said:
            self.events.append(said)
        return said


@contextmanager
def browser(program: str, profile: Path) -> Iterator[Browser]:
    """A browser with a profile of its own; it is gone at the end."""
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()
    options = (
        *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"),
        *("--disable-background-networking", "--disable-component-update", "--disable-extensions"),
        *("--hide-scrollbars", "--remote-debugging-pipe", f"--user-data-dir={profile}"),
    )
    # The browser reads its orders from file 3 and answers on file 4.
    pipes = f'exec 3<&{to_read} 4>&{from_write}; exec "$0" "$@"'
    done = subprocess.Popen(
        ["/bin/bash", "-c", pipes, program, *options],
        pass_fds=(to_read, from_write),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(to_read)
    os.close(from_write)
    one = Browser(to_write, from_read)
    try:
        yield one
    finally:
        one._session = ""
        try:
            one.call("Browser.close")
            done.wait(10)
        except (OSError, EOFError, TimeoutError, subprocess.TimeoutExpired):
            done.kill()
            done.wait()
        os.close(to_write)
        os.close(from_read)
