"""The picture of the start page in the example's README: its own sample, asked and answered; it needs Chromium.

PYTHONPATH=examples/web:tests/report python tests/web/web_picture.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

from headless import browser, chromium
from serving import ROOT, served

from tthc_rules import Rulebook

PICTURE: Final = ROOT / "docs" / "pictures" / "web.png"


def main() -> None:
    """Serve it, ask, and take the picture."""
    program = chromium()
    if program is None:
        sys.exit("không có Chromium / no Chromium: apt-get install chromium")
    with (
        served(Rulebook.load()) as site,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        browser(program, Path(folder)) as one,
    ):
        one.open(f"http://127.0.0.1:{site.port}/", 1100, 1900)
        one.js("document.getElementById('vi-du').click()")
        one.js("document.getElementById('hoi').requestSubmit()")
        one.until("!document.getElementById('ket-qua').hidden")
        one.js("document.activeElement.blur(), scrollTo(0, 0)")
        one.picture(PICTURE, whole=False)


if __name__ == "__main__":
    main()
