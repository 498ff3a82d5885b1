"""The start page: one self-contained text in the style of the library's pages; it asks this server and no other."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final

_POLICY: Final = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')
_STYLES: Final = (("tthc_rules.report", "base.css"), ("tthc_rules.report", "timeline.css"), ("tthc_web", "start.css"))

_SAMPLE: Final = Path(__file__).parents[1] / "dossier.json"


@cache
def start_page() -> str:
    """The page, with its style and its script written into it; its policy lets only these run."""
    style = "".join(_part(room, name) for room, name in _STYLES)
    script = _part("tthc_web", "start.js").replace("{{SAMPLE}}", _SAMPLE.read_text(encoding="utf-8"))
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    parts = {"POLICY": policy, "STYLE": style, "SCRIPT": script}
    page = _part("tthc_web", "start.html")
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], page)


def policy_of(page: str) -> str:
    """The policy that a page states in itself, as a header has it: nobody may frame it either."""
    found = _POLICY.search(page)
    assert found is not None
    return f"{found[1]}; frame-ancestors 'none'"


def _part(room: str, name: str) -> str:
    return files(room).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
