"""The tutorials run as they are written: files are made, commands called in order, and what is shown comes out."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
PART = re.compile(r"(?:^Tệp / File `(?P<file>[^`]+)`\n\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S)
INSTALL = {
    "portal.md": 'python3 -m venv .venv && .venv/bin/pip install ".[testing]" && mkdir cong',
    "province.md": "python3 -m venv .venv && .venv/bin/pip install . && mkdir tinh",
}


@dataclass(frozen=True)
class Step:
    """A fenced block: a file that is made, commands that are called, or what they show."""

    file: str | None
    language: str
    text: str


def steps_of(page: Path) -> list[Step]:
    found = PART.finditer(page.read_text(encoding="utf-8"))
    return [Step(one["file"], one["language"], one["text"]) for one in found]


def called(command: str, folder: Path) -> tuple[int, str]:
    """What a command of the page ends with and says, on both streams."""
    program, *arguments = shlex.split(command)
    programs = {".venv/bin/python": [sys.executable], ".venv/bin/tthc-rules": [sys.executable, "-m", "tthc_rules"]}
    done = subprocess.run(
        [*programs[program], *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "80"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def lacking(shown: str, said: str) -> str | None:
    """The part of what is shown that was not said where it stands; «…» alone on a line leaves lines out."""
    rest = [line.rstrip() for line in said.strip().splitlines()]
    at = 0
    parts = [part.splitlines() for part in re.split(r"^…$\n?", shown.strip() + "\n", flags=re.MULTILINE)]
    for number, part in enumerate(parts):
        places = range(at, len(rest) - len(part) + 1)
        first = next((place for place in places if rest[place : place + len(part)] == part), None)
        if first is None or (number == 0 and part and first != 0):
            return "\n".join(part)
        at = first + len(part)
    return None if at == len(rest) or not parts[-1] else "\n".join(rest[at:])


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.name)
def test_the_tutorial_runs_and_shows_what_comes_out(page: Path, tmp_path: Path) -> None:
    first, *steps = steps_of(page)
    assert (first.language, first.text.strip()) == ("bash", INSTALL[page.name])
    (tmp_path / shlex.split(first.text)[-1]).mkdir()
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    code, said = 0, ""
    shown = 0
    for step in steps:
        match step:
            case Step(file=str(name), text=text):
                (tmp_path / name).write_text(text, encoding="utf-8")
            case Step(language="bash", text=text):
                (command,) = text.strip().splitlines()
                code, said = called(command, tmp_path)
                assert code in (0, 1), f"{command}\n{said}"
            case Step(language="text", text=text):
                assert lacking(text, said) is None, said
                shown += 1
            case _:
                pytest.fail(f"nobody reads this block: {step}")
    assert shown >= 5


@pytest.mark.parametrize(
    ("shown", "said", "missing"),
    [
        ("a\nb\n", "a\nb\n", None),
        ("a\n", "a\nb\n", "b"),
        ("b\n", "a\nb\n", "b"),
        ("a\n…\nc\n", "a\nb\nc\n", None),
        ("a\n…\n", "a\nb\nc\n", None),
        ("…\nb\n…\n", "a\nb\nc\n", None),
        ("a\nx\n…\n", "a\nb\n", "a\nx"),
    ],
)
def test_what_is_shown_is_held_to_what_was_said(shown: str, said: str, missing: str | None) -> None:
    assert lacking(shown, said) == missing
