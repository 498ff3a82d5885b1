"""A rule or case file that is no plain file: said, never waited for."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tthc_rules import Rulebook
from tthc_rules.check.cases import find_case_files, read_cases
from tthc_rules.errors import CaseError, InputFileError, RuleFileError, TthcError
from tthc_rules.logs.mapping import load_mapping

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="thiết bị, ống dẫn của Unix / devices of Unix")


@pytest.fixture(autouse=True)
def never_waits() -> Iterator[None]:
    """Who waits for a FIFO waits for ever."""

    def late(number: int, frame: object) -> None:
        pytest.fail("it waited")  # no OSError, which would be told as a file that cannot be read

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def make(path: Path, kind: str) -> None:
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")


@pytest.mark.parametrize("kind", ["fifo", "device", "folder"])
def test_a_rule_file_that_is_no_file_is_our_error(tmp_path: Path, kind: str) -> None:
    make(tmp_path / "hours.yaml", kind)
    with pytest.raises(RuleFileError) as caught:
        Rulebook.load(tmp_path)
    assert str(tmp_path / "hours.yaml") in {problem.place for problem in caught.value.problems}


@pytest.mark.parametrize("kind", ["fifo", "device", "folder"])
def test_a_case_file_that_is_no_file_is_our_error(tmp_path: Path, kind: str) -> None:
    make(tmp_path / "a.tthc.yaml", kind)
    (path,) = find_case_files([tmp_path])[:1] or [tmp_path / "a.tthc.yaml"]
    with pytest.raises(CaseError):
        read_cases(path)


def test_a_mapping_without_an_end_is_our_error(tmp_path: Path) -> None:
    make(tmp_path / "m.yaml", "device")
    with pytest.raises(InputFileError):
        load_mapping(tmp_path / "m.yaml")


@pytest.mark.parametrize("name", [b"gi\xf4.yaml", b"a\xff.tthc.yaml"])
def test_a_name_that_is_no_text_is_our_error(tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_text("- 1\n", encoding="utf-8")
    with pytest.raises(TthcError) as caught:
        _ = read_cases(path) if name.endswith(b".tthc.yaml") else Rulebook.load(tmp_path)
    assert "TR-file-name" in {problem.code for problem in caught.value.problems}
    assert caught.value.render().encode("utf-8")
