"""The commands of the example's README: the service starts as it says, and answers what it shows."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator

import pytest
from serving import PATIENCE, ROOT, Response, posted
from tthc_web.limits import PREFIX, Limits

README = (ROOT / "examples" / "web" / "README.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
INSTALL, START = next(text for kind, text in BLOCKS if kind == "bash").splitlines()
ASKED = [text.strip() for kind, text in BLOCKS if kind == "bash" and text.startswith("curl ")]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where the service listens that was started by the command of the README, on any free port."""
    program, *arguments = shlex.split(START)
    assert program == ".venv/bin/uvicorn"
    command = [sys.executable, "-m", "uvicorn", *arguments, "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, encoding="utf-8") as running:
        assert running.stderr is not None
        try:
            for line in running.stderr:
                if found := re.search(r"running on http://127\.0\.0\.1:(\d+)", line):
                    yield int(found[1])
                    break
            else:
                pytest.fail("it did not start")
        finally:
            running.terminate()
            running.communicate(timeout=PATIENCE)


def answer(command: str, port: int) -> Response:
    """What a command of curl gets."""
    program, dash_h, header, flag, data, url = shlex.split(command)
    assert (program, dash_h, flag) == ("curl", "-H", "--data-binary")
    name, _, value = header.partition(": ")
    body = (ROOT / data.removeprefix("@")).read_bytes()
    address = url.replace(":8000/", f":{port}/")
    return posted(address, body, {name: value})


def test_it_is_installed_by_its_requirements() -> None:
    assert INSTALL == "python3 -m venv .venv && .venv/bin/pip install . -r examples/web/requirements.txt"
    tried = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (line,) = [line for line in tried.splitlines() if "-r examples/web/requirements.txt " in line]
    assert " httpx " in line


def test_one_dossier_is_explained_as_it_is_shown(port: int) -> None:
    (shown,) = [text for kind, text in BLOCKS if kind == "text"]
    assert answer(ASKED[0], port).text == shown


def test_what_is_supposed_and_a_batch_are_answered(port: int) -> None:
    assert len(ASKED) == 3
    supposed = answer(ASKED[1], port).json()
    assert supposed["supposed"] == [{"kind": "supplement_requested", "at": "2026-08-28T09:00:00"}]
    rows = [json.loads(line) for line in answer(ASKED[2], port).text.splitlines()]
    assert [(row["line"], row.get("punctuality"), row.get("error_code")) for row in rows] == [
        *((1, "on_time", None), (2, None, "TR-input-choice"), (3, "pending", None)),
    ]


def test_every_limit_is_named_with_what_it_is() -> None:
    named = set(re.findall(rf"`{PREFIX}([A-Z_]+)`", README))
    assert {name.lower() for name in named} == set(Limits.__dataclass_fields__)
    fixed = Limits()
    for name, shown in (("BODY_BYTES", "1 MiB"), ("LINE_BYTES", "1 MiB"), ("BATCH_BYTES", "512 MiB")):
        assert f"`{PREFIX}{name}` ({shown})" in README
        assert getattr(fixed, name.lower()) == int(shown.split()[0]) * 2**20
    for name in ("SECONDS", "WHAT_IF", "BATCH_LINES", "BATCH_SECONDS"):
        assert f"`{PREFIX}{name}` ({getattr(fixed, name.lower())})" in README
