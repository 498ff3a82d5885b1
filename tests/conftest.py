"""What all tests share: the shipped rulebook, and the data that lies beside a checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.account import statement
from tthc_rules.account.data import AccountData
from tthc_rules.cli import main

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
REPORTS = Path(__file__).parent / "reports"
HANG = 2.5
"""Seconds of the processor that no input of a test may take, though a hundredth of it is usual: a guard against work
that grows with the square of its input. Speed is measured in `benchmarks/` and by `tests.fuzz`, never here."""


@pytest.fixture(scope="session")
def book() -> Rulebook:
    """The shipped law."""
    return Rulebook.load()


@pytest.fixture(scope="session", autouse=True)
def _accounts_are_of_their_type() -> Iterator[None]:
    """Every account that a test makes is held against the type of its data: no key more, none less."""
    making = statement._Statement.make

    def make(self: Any) -> dict[str, Any]:
        data = making(self)
        AccountData.model_validate(data)
        return data

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statement._Statement, "make", make)
        yield


class Command:
    """The command `tthc-rules`, run in this process: its exit code, and all that it said."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch, self._read = monkeypatch, capsys

    def __call__(self, *arguments: str | Path) -> tuple[int, str]:
        self._patch.setattr(sys, "argv", ["tthc-rules", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        told = self._read.readouterr()
        return int(left.value.code or 0), told.out + told.err


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(monkeypatch, capsys)


def tthc(*arguments: str | Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """The command `tthc-rules`, run as a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from tthc_rules.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        input=stdin,
        encoding="utf-8",
        timeout=120,
        cwd=ROOT,
        check=False,
    )


def text_file(folder: Path, text: str, name: str) -> Path:
    """A file of that name and text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data for tests; it may not be redistributed, so it is not in the checkout."""
    if not (SHARED / "data").is_dir():
        pytest.skip("dữ liệu thật không có bên cạnh bản sao này / the real data is not beside this checkout")
    return SHARED / "data"


@pytest.fixture(scope="session")
def durable() -> None:
    """Asked for by every test that runs rules on durable-rules."""
    if sys.version_info >= (3, 13):
        pytest.skip("durable-rules không chạy từ Python 3.13 / durable-rules does not import from Python 3.13 on")
    if find_spec("durable_rules_engine") is None:  # not «durable»: the folder tests/durable answers to that
        pytest.skip('chưa cài durable-rules / not installed: pip install "tthc-rules[durable]"')


@pytest.fixture(scope="session")
def bulk() -> None:
    """Asked for by every test that runs the fast core."""
    pytest.importorskip(
        "llvmlite", reason='chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
    )


@pytest.fixture(params=["reference", "composed", "bulk", "durable"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each reading of the rules by its name; one whose package is not there is skipped, and the others are not."""
    name: str = request.param
    if name in ("bulk", "durable"):
        request.getfixturevalue(name)
    return name


@pytest.fixture(scope="session")
def both(durable: None) -> Rulebook:
    """The shipped law, to be asked with either engine."""
    return Rulebook.load()


@pytest.fixture
def report(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of a folder of `tests/reports`, with what is too long to be stored written into it."""

    def copied(name: str) -> Path:
        place = tmp_path / name
        shutil.copytree(REPORTS / name, place)
        if make := MADE.get(name):
            make(place)
        return place

    return copied


def _a_long_cell(place: Path) -> None:
    limit = 128 * 1024  # one above what a cell may hold
    head = "dossier_id,kind,at,time_limit.amount,time_limit.unit,reason"
    rows = ["HS-1,dossier_accepted,2024-08-23T08:30,5,workday,", "HS-1,result_issued,2024-08-28T10:00,5,workday,"]
    (place / "b_long.csv").write_text("\n".join([head, *rows]) + "x" * (limit + 1) + "\n", encoding="utf-8")


def _tables_and_folders(place: Path) -> None:
    """A log as one file, the same in a folder beside a note of the user, and a folder that holds only his file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds, ats = ["dossier_accepted", "result_issued"], ["2024-08-23T08:30", "2024-08-28T10:00"]
    log = pa.table({"dossier_id": ["HS-1", "HS-1"], "kind": kinds, "at": ats})
    pq.write_table(log, place / "log.parquet")
    pq.write_table(log, place / "in.parquet")
    for folder, mine in (("logs.parquet", "notes.txt"), ("other.parquet", "mine.txt")):
        (place / folder).mkdir()
        (place / folder / mine).write_text("mine", encoding="utf-8")
    pq.write_table(log, place / "logs.parquet" / "part-0.parquet")


def _deep(place: Path) -> None:
    (place / "deep.json").write_text("[" * 200_000, encoding="utf-8")


MADE: dict[str, Callable[[Path], None]] = {
    "01_output_over_input": _tables_and_folders,
    "03_broken_row_dossier_still_judged": _a_long_cell,
    "x13_deep_json_in_account_files": _deep,
}


def ends(action: Callable[[], object]) -> None:
    """Do it, and fail where it took far too long each time."""
    taken = []
    for _ in range(3):
        started = time.process_time()
        action()
        taken.append(time.process_time() - started)
        if taken[-1] < HANG or taken[-1] > 4 * HANG:
            break
    assert min(taken) < HANG, f"{min(taken):.3f} s"
