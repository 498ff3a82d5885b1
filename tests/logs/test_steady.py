"""A log that is changed while it is read gives no result: told by what the system says of it, or by its digest."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tthc_rules import Rulebook
from tthc_rules.errors import InputFileError
from tthc_rules.runs.doors import rescore_log
from tthc_rules.runs.steady import Steady

LOG = "dossier_id,kind,at\nHS-1,dossier_accepted,2024-08-23\nHS-2,dossier_accepted,2024-08-23\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(LOG, encoding="utf-8")
    return path


def append(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("HS-3,dossier_accepted,2024-08-26\n")


def replace(path: Path) -> None:
    other = path.with_name("other.csv")
    other.write_text(LOG, encoding="utf-8")
    other.replace(path)


def other_bytes_of_the_same_size_and_time(path: Path) -> None:
    about = path.stat()
    path.write_text(LOG.replace("08-23", "08-20"), encoding="utf-8")
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


@pytest.mark.parametrize("change", [append, replace, other_bytes_of_the_same_size_and_time])
@pytest.mark.parametrize("fast", [True, False])
def test_a_log_that_is_changed_under_way(
    request: pytest.FixtureRequest,
    book: Rulebook,
    tmp_path: Path,
    log: Path,
    change: Callable[[Path], None],
    fast: bool,
) -> None:
    if fast:
        request.getfixturevalue("bulk")
    output, question = tmp_path / "out.csv", book.question(date(2024, 10, 1))
    output.write_text("cũ", encoding="utf-8")
    changed: list[int] = []

    def progress(done: int) -> None:
        if not changed:
            changed.append(done)
            change(log)

    with pytest.raises(InputFileError) as caught:
        rescore_log(book, question, log, output, fast=fast, progress=progress)
    assert (caught.value.code, caught.value.place) == ("TR-file-changed", str(log))
    assert output.read_text(encoding="utf-8") == "cũ"


def test_a_message_more_in_a_folder_changes_none_that_was_read(tmp_path: Path, log: Path) -> None:
    steady = Steady([tmp_path])
    (tmp_path / "new.csv").write_text(LOG, encoding="utf-8")
    steady.check()
    append(log)
    with pytest.raises(InputFileError):
        steady.check()


def test_where_there_is_a_digest_times_are_not_believed_either_way(log: Path) -> None:
    steady = Steady([log])
    steady.know(log.read_bytes)
    os.utime(log, (0, 0))
    steady.check()
    other_bytes_of_the_same_size_and_time(log)
    with pytest.raises(InputFileError):
        steady.check_content()
