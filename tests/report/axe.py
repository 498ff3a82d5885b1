"""What axe-core finds wrong with a page, where it is on this machine: `AXE_CORE`, or installed beside the sources."""

from __future__ import annotations

import json
import os
from itertools import product
from pathlib import Path
from typing import Any, Final

from headless import Browser

AXE: Final = next(
    (found for place in (os.environ.get("AXE_CORE", ""), "node_modules/axe-core/axe.min.js")
     if place and (found := Path(__file__).parents[2] / place).is_file()), None,
)  # fmt: skip
ABSENT: Final = "không có axe-core trên máy này / no axe-core on this machine: npm install axe-core"


def faults(chrome: Browser) -> list[Any]:
    """What it finds, wide and narrow, light and dark, with everything folded and with everything open."""
    assert AXE is not None
    chrome.js(f"{AXE.read_text(encoding='utf-8')};1")
    found = []
    for opened in ("false", "true"):
        chrome.js(f"for (const one of document.querySelectorAll('details')) one.open = {opened}")
        for width, is_dark in product((1280, 390), (False, True)):
            chrome.size(width, 900)
            chrome.dark(is_dark)
            ran = chrome.js("axe.run().then((ran) => JSON.stringify(ran.violations))")
            found += [(width, is_dark, one["id"], one["nodes"][0]["html"][:200]) for one in json.loads(ran)]
    return found
