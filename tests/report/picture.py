"""The README's picture of an account, made by the README's own commands; it needs Chromium.

python tests/report/picture.py
"""

from __future__ import annotations

import re
import shlex
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Final

from headless import browser, chromium

ROOT: Final = Path(__file__).resolve().parents[2]
PICTURE: Final = ROOT / "docs" / "pictures" / "account.png"
MADE_BY: Final = b"Made by"
"""The key under which the picture holds the commands."""


def commands() -> list[str]:
    """The commands of the README that make an account, as they stand there."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = [one for one in re.findall(r"^```bash\n(.*?)^```$", text, re.M | re.S) if "tthc-rules account" in one]
    return str(block).splitlines()


def made(folder: Path) -> Path:
    """The page that they write."""
    for line in commands():
        _, *arguments = shlex.split(line)
        given = [str(ROOT / word) if word.startswith("examples/") else word for word in arguments]
        asked = [sys.executable, "-c", "from tthc_rules.cli import main; main()", *given]
        subprocess.run(asked, cwd=folder, check=True, capture_output=True)
    return folder / "report.html"


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """The parts of a PNG by kind."""
    found, at = [], 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        found.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + size]))
        at += 12 + size
    return found


def signed(png: bytes, text: str) -> bytes:
    """The picture with what made it."""
    said = b"iTXt" + MADE_BY + b"\0\0\0\0\0" + text.encode()
    chunk = struct.pack(">I", len(said) - 4) + said + struct.pack(">I", zlib.crc32(said))
    return png[:33] + chunk + png[33:]  # behind the head, which is always as long


def maker(png: bytes) -> str | None:
    """The commands that made a picture."""
    written = [body for kind, body in chunks(png) if kind == b"iTXt" and body.startswith(MADE_BY + b"\0")]
    return written[0].split(b"\0", 5)[5].decode() if written else None


def main() -> None:
    """Make the page, and its picture."""
    program = chromium()
    if program is None:
        sys.exit("không có Chromium / no Chromium: apt-get install chromium")
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        browser(program, Path(folder) / "profile") as one,
    ):
        one.open(made(Path(folder)), 1200, 2000)
        target = Path(folder) / "account.png"
        one.picture(target, whole=False)
        PICTURE.write_bytes(signed(target.read_bytes(), "\n".join(commands())))


if __name__ == "__main__":
    main()
