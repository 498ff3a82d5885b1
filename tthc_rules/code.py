"""The digest of the code that a result or a loaded law stands on: whoever goes on with another's work has the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

RUNNING: Final = (
    "arrow.py",
    "cachefolder.py",
    "code.py",
    "errors.py",
    "law",
    "result",
    "reference",
    "bulk",
    "library.py",
    "rulefile",
    "logs",
    "runs",
)
"""What decides how law and files are read, what a result says, and where a part of it ends: one list, for a stopped run
that goes on and for a worker of Spark."""
SHOWING: Final = (
    "__init__.py",
    "__main__.py",
    "journal.py",
    "cli",
    "account",
    "check",
    "durable",
    "integrations",
    "report",
    "rulesets",
    "testing",
)
"""What changes no line of a result. A new layer belongs to one of these lists; a test says so."""


@cache
def code_digest(layers: tuple[str, ...] = RUNNING) -> str:
    """The digest of the source files of these layers."""
    package = Path(__file__).parent
    digest = sha256()
    for path in sorted(path for layer in layers for path in _sources(package / layer)):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _sources(layer: Path) -> Iterator[Path]:
    return layer.rglob("*.py") if layer.is_dir() else iter((layer,))
