"""Every command that a text names is one that can be typed; those whose files are here are called."""

from __future__ import annotations

import re
import shlex
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer
from conftest import Command
from test_docs import FENCE, README, ROOT, TEXTS, Block, blocks

from tthc_rules.cli import app

COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
EVERYWHERE = {"-h", "--help", "--version", "--install-completion", "--show-completion"}
OPTIONS = {name: {word for p in one.params for word in p.opts} | EVERYWHERE for name, one in COMMANDS.items()}
STANDS_FOR = re.compile(r"LỆNH|COMMAND|…")


def mentions(document: Path) -> list[str]:
    """What a text gives as a command of the program: in blocks, joined where a line goes on, and in running text."""
    text = document.read_text(encoding="utf-8")
    fenced = "\n".join(found[2] for found in FENCE.finditer(text) if found[1] in ("bash", "powershell", "text"))
    lines = re.findall(r"(?:^|&& |; )\S*tthc-rules (.+)$", fenced.replace("\\\n", " "), re.MULTILINE)
    return [*lines, *re.findall(r"`\S*tthc-rules ([^`]+)`", FENCE.sub("", text))]


def wrong_in(said: str) -> str | None:
    """What of a command nobody could type: a command or an option that is not there."""
    words = re.split(r" [|>] |; ", said)[0].split()
    name = next((word for word in words if not word.startswith("-")), None)
    if name is None or STANDS_FOR.fullmatch(name):
        return next((word for word in words if word.startswith("-") and word not in EVERYWHERE), None)
    if name not in COMMANDS:
        return name
    written = [re.split(r"[=,;:]", word.strip("[]()"))[0] for word in words if re.match(r"\[?--?[a-z]", word)]
    return next((word for word in written if word not in OPTIONS[name]), None)


@pytest.mark.parametrize("document", TEXTS, ids=lambda document: document.relative_to(ROOT).as_posix())
def test_commands_and_options_exist(document: Path) -> None:
    assert [said for said in mentions(document) if wrong_in(said)] == []


def test_commands_are_found_in_texts() -> None:
    assert sum(len(mentions(document)) for document in TEXTS) > 100
    assert {name for name in COMMANDS if any(said.startswith(name) for text in TEXTS for said in mentions(text))} == {
        *COMMANDS
    }


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("rescore x.csv --as-of 2026-01-01 -o y.csv", None),
        ("rescor x.csv", "rescor"),
        ("rescore x.csv --asof 2026-01-01", "--asof"),
        ("diff [SIDE] --known-on 2025-12-24 2025-12-25 --open --on dossiers", None),
        ("LỆNH --help", None),
    ],
)
def test_what_cannot_be_typed_is_found(said: str, wrong: str | None) -> None:
    assert wrong_in(said) == wrong


def test_modules_that_are_run_exist() -> None:
    named = {
        module
        for document in TEXTS
        for module in re.findall(r"python -m ((?:tests|benchmarks)\.[\w.]+)", document.read_text(encoding="utf-8"))
    }
    assert len(named) > 5
    assert [module for module in sorted(named) if not (ROOT / f"{module.replace('.', '/')}.py").exists()
            and not (ROOT / module.replace(".", "/") / "__main__.py").exists()] == []  # fmt: skip


# -- commands that are called ------------------------------------------------------------------------------------------

WRITES = ("-o", "--output", "--diagnostics", "--report", "--rest")


def jobs(block: Block) -> list[list[str]]:
    """The commands of a block, where every one is the program's own."""
    lines = block.text.replace("\\\n", " ").strip().splitlines()
    words = [shlex.split(line, comments=True) for line in lines]
    return [line[1:] for line in words] if all(line and line[0].endswith("tthc-rules") for line in words) else []


def read_by(job: list[str], written: set[str]) -> set[str]:
    """The files that a command reads; what it writes is added to `written`."""
    found = set()
    for before, word in zip(["", *job], job, strict=False):
        if before in WRITES:
            written.add(word)
        elif re.search(r"/|\.[a-z]{3,}$", word) and word not in written:
            found.add(word)
    return found


def can_be_called(block: Block) -> bool:
    written: set[str] = set()
    files = {name for job in jobs(block) for name in read_by(job, written)}
    takes_none = all(job[0] == "calendar" for job in jobs(block))
    return bool(jobs(block)) and (takes_none or bool(files)) and all((ROOT / name).exists() for name in files)


CALLED = [block for block in blocks(*TEXTS, language="bash") if block.document != README and can_be_called(block)]
CALLED = [block for block in CALLED if block.document.parent.name != "tutorials"]


@pytest.mark.parametrize("block", CALLED, ids=str)
def test_commands_of_pages_run(block: Block, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    for job in jobs(block):
        if any(word.endswith(".docx") for word in job) and find_spec("docx") is None:
            pytest.skip("chưa cài python-docx / it is not installed")
        code, said = command(*job)
        assert code in (0, 1), said
        written: set[str] = set()
        read_by(job, written)
        assert [name for name in written if not Path(name).exists()] == []


def test_pages_have_commands_that_run() -> None:
    assert {block.document.name for block in CALLED} >= {
        "accounts.md",
        "calendar.md",
        "due.md",
        "habits.md",
        "slips.md",
    }
