"""What a folder of parts says of itself: who made it, of what, and what is in each part.

It comes back from outside, and is read as foreign data: its shape, the names of the parts and their order, and what
they add up to.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tthc_rules.errors import InputFileError, Problem, reason_of
from tthc_rules.runs.output import MANIFEST, beside, plain_file, read_manifest

Tallied = Literal["punctuality", "notes", "names", "kinds", "missed", "errors", "rows"]
COUNTED: Final[tuple[Tallied, ...]] = get_args(Tallied)

Natural = Annotated[int, Field(ge=0, lt=2**53)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Tallies = dict[Tallied, dict[str, Natural]]
_WORD: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_AS_WRITTEN: Final = frozenset({"names", "kinds"})
"""What is counted by words of the log's own; all else is counted by words of ours."""


class _Said(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class WholePart(_Said):
    """A part that is whole: its file, its rows, and what was counted in it."""

    name: Annotated[str, Field(pattern=r"^part-[0-9]{5,9}\.parquet$")]
    rows: Natural
    digest: Digest
    counts: Tallies


class Manifest(_Said):
    """What a run is made of: a resume under anything else is another run."""

    made_by: Literal["tthc-rules"] = "tthc-rules"
    results_format: Natural
    run: dict[str, Any]
    parts: list[WholePart] = []

    def write(self, folder: Path) -> None:
        """Write it beside, sync, rename."""
        with beside(folder / MANIFEST) as path:
            path.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of a run that was stopped; raises `InputFileError` unless it can be one of ours."""
        try:
            found = cls.model_validate(read_manifest(folder))
        except ValidationError as error:
            detail = error.errors(include_url=False, include_input=False)[0]
            why = f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}"
            raise InputFileError(_no_manifest(folder, why)) from None
        except (OSError, ValueError) as error:
            raise InputFileError(_no_manifest(folder, str(error))) from None
        for number, part in enumerate(found.parts):
            if part.name != name_of(number) or not _adds_up(part):
                raise InputFileError(_no_manifest(folder, f"parts.{number}"))
        return found


def name_of(number: int) -> str:
    """The name of a part: the parts of a result are in order of name."""
    return f"part-{number:05d}.parquet"


def digest_of(path: Path) -> str:
    """The digest of a part; raises `OSError`."""
    made = sha256()
    with plain_file(path) as file:
        while block := file.read(1 << 20):
            made.update(block)
    return made.hexdigest()


def _adds_up(part: WholePart) -> bool:
    """Every row is judged or an error, no duty was missed in more rows than there are, and the words are ours."""
    judged, errors = (sum(part.counts.get(name, {}).values()) for name in ("punctuality", "errors"))
    most = max((number for name in ("notes", "missed") for number in part.counts.get(name, {}).values()), default=0)
    nameless = sum(part.counts.get("rows", {}).values())
    ours = all(
        _WORD.fullmatch(word) for name, words in part.counts.items() if name not in _AS_WRITTEN for word in words
    )
    return ours and judged + errors == part.rows and most <= judged and nameless <= errors


def _no_manifest(work: Path, why: str) -> Problem:
    vi, en = reason_of(why)
    return Problem(
        "TR-bulk-resume",
        str(work / MANIFEST),
        f"không đọc được bản kê của lần chạy dở: {vi}; xóa thư mục này rồi chạy lại",
        f"the manifest of the stopped run cannot be read: {en}; delete the folder and run again",
    )
