"""The files of a folder to begin with, and how they are put where nothing is."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

from tthc_rules.errors import InputFileError, Problem
from tthc_rules.runs.output import write_text, written

FILES: Final = ("rules/procedures/don-vi.yaml", "cases/thoi-han.tthc.yaml", "mapping.yaml", "so-vi-du.csv")
"""What a person changes: each is told in its first lines."""
SCHEMAS: Final = "schemas"
_NAMED: Final = 4
"""Files in the way that are named."""


def begin(folder: Path, schemas: Mapping[str, str]) -> tuple[str, ...]:
    """Write the files and the schemas (name -> text) into a folder; raises, and writes nothing, if one is there."""
    texts = {name: _template(name) for name in FILES}
    texts |= {f"{SCHEMAS}/{name}.json": text for name, text in schemas.items()}
    if there := [name for name in texts if os.path.lexists(folder / name)]:
        raise InputFileError(_there_already(folder, there))
    with written(folder):
        for name, text in texts.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            write_text(place, text)
    return tuple(texts)


def _template(name: str) -> str:
    return files("tthc_rules.runs.starter").joinpath(*name.split("/")).read_text(encoding="utf-8")


def _there_already(folder: Path, names: Sequence[str]) -> Problem:
    said = ", ".join(names[:_NAMED]) + (f" … ({len(names)})" if len(names) > _NAMED else "")
    return Problem(
        "TR-init-exists",
        str(folder),
        f"ở đây đã có {said}; lệnh init không ghi đè: nêu thư mục khác, hoặc dời tệp đi",
        f"{said} is there already; init replaces nothing: name another folder, or move it away",
    )
