"""What is kept: of each mutant how it went, so that a run can go on; of some why no test can tell them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from .making import Mutant

Outcome = Literal["killed", "time", "survived", "unreached", "same"]
EQUIVALENT: Final = Path(__file__).with_name("equivalent")
"""The folder of the arguments: a file a module, which bears its name."""
DEAD: Final = frozenset({"killed", "time", "same"})
"""`same`: it compiles to what the sound line compiles to."""


@dataclass(frozen=True)
class Result:
    """How one mutant went."""

    key: str
    module: str
    outcome: Outcome
    by: str = ""
    """The test that killed it."""
    seconds: float = 0.0
    """Of the processor."""
    asked: int = 0
    """How many tests were run."""


class Results:
    """The results of runs, a line of JSON each; what comes later stands."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.found: dict[str, Result] = {}
        if path.is_file():
            for line in path.read_text(encoding="utf-8").splitlines():
                result = Result(**json.loads(line))
                self.found[result.key] = result

    def add(self, result: Result) -> None:
        self.found[result.key] = result
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")

    def is_dead(self, mutant: Mutant) -> bool:
        """Whether it was killed before; what survived is tried again."""
        found = self.found.get(mutant.key)
        return found is not None and found.outcome in DEAD


@dataclass(frozen=True)
class Argument:
    """Why no test can tell a mutant from the sound line."""

    key: str
    module: str
    line: str
    becomes: str
    why: str

    def speaks_of(self, mutant: Mutant) -> bool:
        """Whether the mutant of its key still is the change that the argument was made for."""
        return (self.module, self.line, self.becomes) == (mutant.source.module, *mutant.said())


def arguments(folder: Path = EQUIVALENT) -> Mapping[str, Argument]:
    """The arguments by key; one `why` may stand over several mutants."""
    found: dict[str, Argument] = {}
    for path in sorted(folder.glob("*.toml")):
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        for entry in data["equivalent"]:
            for one in entry["mutants"]:
                argument = Argument(one["key"], path.stem, one["line"], one["becomes"], entry["why"].strip())
                if argument.key in found:
                    raise ValueError(f"{path.name}: two arguments for {argument.key}")
                found[argument.key] = argument
    return found


def entry_for(mutant: Mutant) -> str:
    """What an argument begins with, to be copied into the file."""
    line, becomes = (json.dumps(text, ensure_ascii=False) for text in mutant.said())
    return f'    {{ key = "{mutant.key}", line = {line}, becomes = {becomes} }},'
