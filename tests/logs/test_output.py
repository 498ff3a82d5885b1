"""Where a result may be written: no input is eaten, nothing of somebody else's is replaced, two runs do not meet."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tthc_rules import cli
from tthc_rules.errors import InputFileError
from tthc_rules.runs import output
from tthc_rules.runs.writers import XlsxWriter

ROOT: Final = Path(__file__).parents[2]
NEEDS: Final = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
AS_OF: Final = ("--as-of", "2024-10-01", "-q")
unix = pytest.mark.skipif(sys.platform == "win32", reason="liên kết, thiết bị, tín hiệu của Unix / Unix only")

Run = Callable[..., tuple[object, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process: its exit code, and what it said on stderr."""

    def ran(*words: object) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", ["tthc-rules", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as caught:
            cli.main()
        return caught.value.code, capsys.readouterr().err

    return ran


@pytest.fixture
def parquet() -> Any:
    for package in ("numpy", "llvmlite", "pyarrow", "duckdb"):
        pytest.importorskip(package, reason=NEEDS)
    from pyarrow import parquet

    return parquet


LOG: Final = (
    "dossier_id,kind,at,time_limit.amount,time_limit.unit\n"
    "HS-1,dossier_accepted,2024-08-23T08:30,5,workday\n"
    "HS-1,result_issued,2024-08-28T10:00,5,workday\n"
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "ev.csv"
    path.write_text(LOG, encoding="utf-8")
    return path


def write_log(parquet: Any, path: Path, *ids: str) -> Path:
    """A flat log: each dossier accepted on a day and limited by no rule."""
    import pyarrow as pa

    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"dossier_id": name, "kind": "dossier_accepted", "at": "2024-08-23T08:30"} for name in ids or ("HS-1",)]
    parquet.write_table(pa.Table.from_pylist(rows), path)
    return path


def everything(folder: Path) -> dict[str, bytes | None]:
    """All that lies in a folder, byte by byte."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def untouched(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Called once all is in place: whatever comes then leaves every file as it was."""
    before: list[dict[str, bytes | None]] = []
    yield lambda: before.append(everything(tmp_path))
    assert before
    assert everything(tmp_path) == before[0]


# -- no input is eaten (reports 01_output_over_input, x03_output_eats_input) -------------------------------------------


def test_a_log_is_not_overwritten(report: Callable[[str], Path], run: Run, untouched: Callable[[], None]) -> None:
    folder = report("01_output_over_input")
    untouched()
    code, said = run("rescore", folder / "ev.csv", "-o", folder / "ev.csv", *AS_OF)
    assert (code, said[:15]) == (2, "TR-output-input")


def test_a_file_of_dossiers_is_not_overwritten(
    report: Callable[[str], Path], run: Run, untouched: Callable[[], None]
) -> None:
    folder = report("01_output_over_input")
    untouched()
    asked = ("rescore", folder / "ev2.csv", "--dossiers", folder / "d.csv", "-o", folder / "d.csv")
    code, said = run(*asked, *AS_OF)
    assert (code, said[:15]) == (2, "TR-output-input")


def test_a_parquet_log_is_not_overwritten(
    tmp_path: Path, parquet: Any, run: Run, untouched: Callable[[], None]
) -> None:
    path = write_log(parquet, tmp_path / "log.parquet")
    untouched()
    assert run("rescore", path, "-o", path, *AS_OF)[0] == 2


def test_a_folder_that_is_the_log_is_not_replaced(
    tmp_path: Path, parquet: Any, run: Run, untouched: Callable[[], None]
) -> None:
    write_log(parquet, tmp_path / "logs.parquet" / "part-0.parquet")
    (tmp_path / "logs.parquet" / "notes.txt").write_text("mine", encoding="utf-8")
    untouched()
    code, said = run("rescore", tmp_path / "logs.parquet", "-o", tmp_path / "logs.parquet", *AS_OF)
    assert (code, said[:15]) == (2, "TR-output-input")


def test_a_folder_that_no_run_made_is_not_replaced(
    tmp_path: Path, parquet: Any, run: Run, untouched: Callable[[], None]
) -> None:
    path = write_log(parquet, tmp_path / "in.parquet")
    (tmp_path / "other.parquet").mkdir()
    (tmp_path / "other.parquet" / "mine.txt").write_text("mine", encoding="utf-8")
    untouched()
    code, said = run("rescore", path, "-o", tmp_path / "other.parquet", *AS_OF)
    assert (code, said[:17]) == (2, "TR-output-foreign")
    assert "mine.txt" in said


def test_a_result_in_the_folder_of_the_log_would_be_read_with_it(
    tmp_path: Path, parquet: Any, run: Run, untouched: Callable[[], None]
) -> None:
    write_log(parquet, tmp_path / "logs" / "a.parquet")
    untouched()
    code, said = run("rescore", tmp_path / "logs", "-o", tmp_path / "logs" / "out.csv", *AS_OF)
    assert (code, said[:15]) == (2, "TR-output-input")


def test_an_earlier_result_that_is_read_is_not_replaced_by_the_next(
    tmp_path: Path, parquet: Any, run: Run, untouched: Callable[[], None]
) -> None:
    """Its folder is ours, and yet it holds the input."""
    path = write_log(parquet, tmp_path / "in.parquet")
    assert run("rescore", path, "-o", tmp_path / "out.parquet", *AS_OF)[0] == 0
    untouched()
    part = tmp_path / "out.parquet" / "part-00000.parquet"
    code, said = run("rescore", part, "-o", tmp_path / "out.parquet", *AS_OF)
    assert (code, said[:15]) == (2, "TR-output-input")


@unix
@pytest.mark.parametrize("how", ["hard link", "link", "link to the folder", "dots"])
def test_an_input_under_another_name_is_the_same_input(
    tmp_path: Path, log: Path, run: Run, untouched: Callable[[], None], how: str
) -> None:
    other = tmp_path / "other.csv"
    if how == "hard link":
        other.hardlink_to(log)
    elif how == "link":
        other.symlink_to(log)
    elif how == "link to the folder":
        (tmp_path / "there").symlink_to(tmp_path)
        other = tmp_path / "there" / "ev.csv"
    else:
        (tmp_path / "sub").mkdir()
        other = tmp_path / "sub" / ".." / "ev.csv"
    untouched()
    code, said = run("rescore", log, "-o", other, *AS_OF)
    assert (code, said[:15]) == (2, "TR-output-input")


@pytest.mark.parametrize("option", ["--mapping", "--dossiers"])
def test_files_beside_the_log_are_inputs_too(
    tmp_path: Path, log: Path, run: Run, untouched: Callable[[], None], option: str
) -> None:
    beside = tmp_path / "beside.csv"
    beside.write_text("dossier_id\nHS-1\n", encoding="utf-8")
    untouched()
    code, said = run("rescore", log, option, beside, "-o", beside, *AS_OF)
    assert code == 2
    assert "TR-output-input" in said or option == "--mapping"  # no mapping: refused before


def test_a_file_that_a_run_keeps_beside_the_result_is_no_input_either(
    tmp_path: Path, parquet: Any, run: Run, untouched: Callable[[], None]
) -> None:
    path = write_log(parquet, tmp_path / ".out.parquet.partial" / "a.parquet")
    untouched()
    code, said = run("rescore", path, "-o", tmp_path / "out.parquet", *AS_OF)
    assert (code, said[:15]) == (2, "TR-output-input")


# -- accounts (report 02_account_overwrites_its_inputs) ----------------------------------------------------------------


@pytest.mark.parametrize("name", ["results.html", "results.json", "results.csv"])
def test_an_account_does_not_overwrite_the_results_that_it_reads(
    report: Callable[[str], Path], run: Run, untouched: Callable[[], None], name: str
) -> None:
    folder = report("02_account_overwrites_its_inputs")
    results = folder / "results.csv"
    assert run("rescore", folder / "ev.csv", "-o", results, *AS_OF)[0] == 0
    untouched()
    asked = ("account", results, "--period", "2024-Q3", "--as-of", "2024-10-01", "-o", folder / name)
    code, said = run(*asked)
    assert (code, said[:15]) == (2, "TR-output-input")


def test_an_account_does_not_overwrite_the_posts_beside_its_page(
    report: Callable[[str], Path], run: Run, untouched: Callable[[], None]
) -> None:
    folder = report("02_account_overwrites_its_inputs")
    assert run("rescore", folder / "ev.csv", "-o", folder / "results.csv", *AS_OF)[0] == 0
    untouched()
    code, said = run(
        *("account", folder / "results.csv", "--posts", folder / "posts.csv", "--period", "2024-Q3"),
        *("--as-of", "2024-10-01", "-o", folder / "posts.html"),
    )
    assert (code, said[:15]) == (2, "TR-output-input")


# -- links, devices, folders -------------------------------------------------------------------------------------------


@unix
@pytest.mark.parametrize("there", [True, False], ids=["a file", "nothing yet"])
def test_a_link_is_written_through(tmp_path: Path, log: Path, run: Run, there: bool) -> None:
    (tmp_path / "store").mkdir()
    real, link = tmp_path / "store" / "kết quả.txt", tmp_path / "out.csv"
    if there:
        real.write_text("cũ", encoding="utf-8")
    link.symlink_to(real)
    assert run("rescore", log, "-o", link, *AS_OF)[0] == 0
    assert link.is_symlink()
    assert "HS-1" in real.read_text(encoding="utf-8-sig")
    assert [path.name for path in (tmp_path / "store").iterdir()] == ["kết quả.txt"]


@unix
def test_a_link_to_a_result_of_parts_is_written_through(tmp_path: Path, parquet: Any, run: Run) -> None:
    path = write_log(parquet, tmp_path / "in.parquet")
    (tmp_path / "store").mkdir()
    (tmp_path / "out.parquet").symlink_to(tmp_path / "store" / "real.parquet")
    for _ in range(2):
        assert run("rescore", path, "-o", tmp_path / "out.parquet", *AS_OF)[0] == 0
    assert (tmp_path / "out.parquet").is_symlink()
    assert [path.name for path in (tmp_path / "store").iterdir()] == ["real.parquet"]


@unix
@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet"])
@pytest.mark.parametrize("kind", ["fifo", "loop", "null", "folder"])
def test_no_result_takes_the_place_of_what_is_no_file(
    tmp_path: Path, log: Path, run: Run, untouched: Callable[[], None], kind: str, form: str
) -> None:
    place = tmp_path / f"out.{form}"
    if kind == "fifo":
        os.mkfifo(place)
    elif kind == "folder":
        (place / "mine").mkdir(parents=True)
    else:
        place.symlink_to(os.devnull if kind == "null" else place)
    untouched()
    code, said = run("rescore", log, "-o", place, *AS_OF)
    assert (code, said[:10]) == (2, "TR-output-")
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("name", [".", "..", "", "/", "out.csv/..", "\0"])
def test_a_name_that_is_no_file_is_refused(
    tmp_path: Path, log: Path, run: Run, monkeypatch: pytest.MonkeyPatch, untouched: Callable[[], None], name: str
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    untouched()
    code, said = run("rescore", log, "-o", name, *AS_OF)
    assert (code, said[:3]) == (2, "TR-")
    with pytest.raises(InputFileError), output.claimed([Path(name)]):
        pass


@unix
@pytest.mark.parametrize("command", ["rescore", "account", "evaluate"])
def test_a_name_that_is_no_text_is_refused(log: Path, run: Run, command: str) -> None:
    name = os.fsdecode(b"h\xf4 s\xa1.csv")
    asked = {
        "rescore": (log, "-o", log.with_name(name), *AS_OF),
        "account": (log.with_name(name), "-o", log.with_name("a.json"), "--period", "2024"),
        "evaluate": (name, "--as-of", "2024-10-01"),
    }[command]
    code, said = run(command, *asked)
    assert (code, said[:12]) == (2, "TR-file-name")
    assert "h\\udcf4" in said


@unix
def test_who_could_read_the_old_result_can_read_the_new_one_and_nobody_else(
    tmp_path: Path, log: Path, run: Run
) -> None:
    (tmp_path / "out.csv").write_text("cũ", encoding="utf-8")
    (tmp_path / "out.csv").chmod(0o600)
    assert run("rescore", log, "-o", tmp_path / "out.csv", *AS_OF)[0] == 0
    assert (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o600


# -- what is ours ------------------------------------------------------------------------------------------------------


@pytest.fixture
def finished(tmp_path: Path, parquet: Any, run: Run) -> tuple[Path, Path]:
    """A log, and the folder of its result."""
    path, place = write_log(parquet, tmp_path / "in.parquet"), tmp_path / "out.parquet"
    assert run("rescore", path, "-o", place, *AS_OF)[0] == 0
    return path, place


def test_a_result_of_ours_is_replaced(finished: tuple[Path, Path], run: Run) -> None:
    assert run("rescore", finished[0], "-o", finished[1], *AS_OF)[0] == 0
    assert sorted(path.name for path in finished[1].parent.iterdir()) == ["in.parquet", "out.parquet"]


def add_notes(place: Path) -> None:
    (place / "notes.txt").write_text("của tôi", encoding="utf-8")


def add_a_folder(place: Path) -> None:
    (place / "part-00007.parquet").mkdir()


def add_a_part(place: Path) -> None:
    (place / "part-00007.parquet").write_bytes(b"of another tool")


def add_a_link(place: Path) -> None:
    (place / "part-00000.parquet").rename(place.parent / "moved.parquet")
    (place / "part-00000.parquet").symlink_to(place.parent / "moved.parquet")


def take_the_manifest(place: Path) -> None:
    (place / "_manifest.json").unlink()


def a_manifest_of_others(place: Path) -> None:
    (place / "_manifest.json").write_text('{"made_by": "dbt", "parts": []}', encoding="utf-8")


def a_manifest_that_is_a_list(place: Path) -> None:
    (place / "_manifest.json").write_text("[" * 100_000, encoding="utf-8")


def a_manifest_that_names_no_part(place: Path) -> None:
    said = json.loads((place / "_manifest.json").read_text(encoding="utf-8"))
    said["parts"] = [{"name": []}, {"name": {}}, {"name": 5}, {}]
    (place / "_manifest.json").write_text(json.dumps(said), encoding="utf-8")


@unix
@pytest.mark.parametrize(
    "change",
    [
        add_notes,
        add_a_folder,
        add_a_part,
        add_a_link,
        take_the_manifest,
        a_manifest_of_others,
        a_manifest_that_is_a_list,
        a_manifest_that_names_no_part,
    ],
)
def test_a_result_with_something_of_somebody_else_is_not_replaced(
    finished: tuple[Path, Path], run: Run, untouched: Callable[[], None], change: Callable[[Path], None]
) -> None:
    change(finished[1])
    untouched()
    code, said = run("rescore", finished[0], "-o", finished[1], *AS_OF)
    assert (code, said[:17]) == (2, "TR-output-foreign")


@pytest.mark.parametrize("what", ["partial", "old", "sort", "lock"])
@pytest.mark.parametrize("form", ["folder", "file"])
def test_what_a_run_would_keep_beside_is_not_taken_from_somebody_else(
    tmp_path: Path, parquet: Any, run: Run, untouched: Callable[[], None], what: str, form: str
) -> None:
    path, strange = write_log(parquet, tmp_path / "in.parquet", "B", "A"), tmp_path / f".out.parquet.{what}"
    if form == "folder":
        (strange / "deep").mkdir(parents=True)
        (strange / "deep" / "mine.txt").write_text("của tôi", encoding="utf-8")
    else:
        strange.write_text("của tôi", encoding="utf-8")
    untouched()
    code, said = run("rescore", path, "-o", tmp_path / "out.parquet", *AS_OF)
    assert code == 2
    assert said[:10] in ("TR-output-", "TR-result-")


def test_what_a_killed_run_left_beside_is_swept_away(tmp_path: Path, parquet: Any, run: Run) -> None:
    path = write_log(parquet, tmp_path / "in.parquet", "B", "A")
    output.mark(tmp_path / ".out.parquet.sort", "sort")
    (tmp_path / ".out.parquet.sort" / "duckdb_temp_storage-0.tmp").write_bytes(b"x")
    (tmp_path / ".out.parquet.partial").mkdir()
    (tmp_path / ".out.parquet.lock").write_bytes(b"tthc-rules lock\n")
    assert run("rescore", path, "-o", tmp_path / "out.parquet", *AS_OF)[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]


def test_the_folder_of_a_killed_sort_is_removed_by_a_run_that_sorts_nothing(
    tmp_path: Path, log: Path, run: Run
) -> None:
    output.mark(tmp_path / ".out.csv.sort", "sort")
    (tmp_path / ".out.csv.sort" / "duckdb_temp_storage-0.tmp").write_bytes(b"x")
    assert run("rescore", log, "-o", tmp_path / "out.csv", *AS_OF)[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ev.csv", "out.csv"]


def test_what_a_workbook_keeps_beside_bears_names_of_ours(
    tmp_path: Path, log: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("xlsxwriter", reason="chưa cài python-calamine, XlsxWriter / they are not installed")
    closing = XlsxWriter.close
    seen: list[str] = []

    def close(self: XlsxWriter) -> None:
        seen.extend(path.name for path in tmp_path.iterdir())
        closing(self)

    monkeypatch.setattr(XlsxWriter, "close", close)
    assert run("rescore", log, "-o", tmp_path / "out.xlsx", *AS_OF)[0] == 0
    assert [name for name in seen if name != "ev.csv" and not name.startswith(".out.xlsx.")] == []
    assert ".out.xlsx.sort" in seen
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ev.csv", "out.xlsx"]


def lock_with(tmp_path: Path, *names: str) -> None:
    """The lock of a run that was killed, with what it entered there."""
    entered = b"".join(name.encode() + b"\0" for name in names)
    (tmp_path / ".out.csv.lock").write_bytes(b"tthc-rules lock\n" + entered)


def test_the_file_that_a_killed_run_was_writing_is_removed_by_the_next(tmp_path: Path, log: Path, run: Run) -> None:
    """It is known by the lock; one that no lock names is somebody else's, whatever its name."""
    for number in (0, 1):
        (tmp_path / f".out.csv.4711.{number}.part").write_text("nửa chừng", encoding="utf-8")
    lock_with(tmp_path, ".out.csv.4711.0.part", ".out.csv.4712.0.part", "ev.csv", "../ev.csv")
    assert run("rescore", log, "-o", tmp_path / "out.csv", *AS_OF)[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [".out.csv.4711.1.part", "ev.csv", "out.csv"]


@unix
def test_a_link_under_the_name_of_what_a_killed_run_was_writing_stays(tmp_path: Path, log: Path, run: Run) -> None:
    (tmp_path / ".out.csv.4711.0.part").symlink_to(log)
    lock_with(tmp_path, ".out.csv.4711.0.part")
    assert run("rescore", log, "-o", tmp_path / "out.csv", *AS_OF)[0] == 0
    assert (tmp_path / ".out.csv.4711.0.part").is_symlink()
    assert log.read_text(encoding="utf-8") == LOG


def test_a_file_that_a_folder_was_to_replace_gets_its_name_back(tmp_path: Path, parquet: Any, run: Run) -> None:
    """Killed between the two names: the next run fails for another reason, and the earlier result is there."""
    place = tmp_path / "out.parquet"
    (tmp_path / ".out.parquet.old").write_text("cũ", encoding="utf-8")
    (tmp_path / ".out.parquet.lock").write_bytes(b"tthc-rules lock\n.out.parquet.old\0")
    (tmp_path / "in.parquet").write_bytes(b"broken")
    assert run("rescore", tmp_path / "in.parquet", "-o", place, *AS_OF)[0] == 2
    assert place.read_text(encoding="utf-8") == "cũ"
    write_log(parquet, tmp_path / "in.parquet")
    assert run("rescore", tmp_path / "in.parquet", "-o", place, *AS_OF)[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]


def test_a_file_that_cannot_be_replaced_keeps_its_name(
    tmp_path: Path, parquet: Any, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, place = write_log(parquet, tmp_path / "in.parquet"), tmp_path / "out.parquet"
    place.write_text("cũ", encoding="utf-8")
    renaming = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if self.name == ".out.parquet.partial":
            raise OSError(28, "No space left on device")
        return renaming(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        code, said = run("rescore", path, "-o", place, *AS_OF)
    assert (code, said[:20]) == (2, "TR-result-unwritable")
    assert place.read_text(encoding="utf-8") == "cũ"
    assert run("rescore", path, "-o", place, "--resume", *AS_OF)[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]


@pytest.mark.parametrize("gone", [["part-00000.parquet"], ["part-00000.parquet", "_manifest.json"]])
def test_an_earlier_result_that_a_killed_run_was_removing_is_removed(
    finished: tuple[Path, Path], run: Run, gone: list[str]
) -> None:
    """It is known for ours to its last file; and what has lost a part is never a result again."""
    path, place = finished
    old = place.with_name(".out.parquet.old")
    place.rename(old)
    for name in gone:
        (old / name).unlink()
    code, said = run("rescore", path, "-o", place, "--resume", *AS_OF)
    assert (code, said[:14]) == (2, "TR-bulk-resume")
    assert sorted(path.name for path in place.parent.iterdir()) == ["in.parquet"]
    assert run("rescore", path, "-o", place, *AS_OF)[0] == 0
    assert sorted(path.name for path in place.parent.iterdir()) == ["in.parquet", "out.parquet"]


def test_a_result_that_is_whole_is_said_to_be_so_when_it_is_resumed(finished: tuple[Path, Path], run: Run) -> None:
    kept = everything(finished[1].parent)
    code, said = run("rescore", finished[0], "-o", finished[1], "--resume", *AS_OF)
    assert (code, "kết quả ở đây đã trọn" in said) == (2, True)
    assert everything(finished[1].parent) == kept


def test_a_result_that_lost_its_name_to_a_kill_gets_it_back(
    finished: tuple[Path, Path], parquet: Any, run: Run
) -> None:
    """Killed between the two names: the old result bears `.old`, and the next run fails for another reason."""
    path, place = finished
    kept = everything(place)
    place.rename(place.with_name(".out.parquet.old"))
    path.write_bytes(b"broken")
    assert run("rescore", path, "-o", place, *AS_OF)[0] == 2
    write_log(parquet, path, "X")
    assert run("rescore", path, "-o", place, "--resume", *AS_OF)[0] == 2
    assert everything(place if place.exists() else place.with_name(".out.parquet.old")) == kept


# -- two runs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_two_runs_do_not_write_one_result(
    tmp_path: Path, log: Path, run: Run, untouched: Callable[[], None], name: str
) -> None:
    with output.claimed([tmp_path / name]):
        untouched()
        code, said = run("rescore", log, "-o", tmp_path / name, *AS_OF)
        assert (code, said[:16]) == (2, "TR-output-locked")
        assert everything(tmp_path).keys() == {"ev.csv", f".{name}.lock"}
    assert run("rescore", log, "-o", tmp_path / name, *AS_OF)[0] == 0
    (tmp_path / name).unlink()
    (tmp_path / f".{name}.lock").write_bytes(b"tthc-rules lock\n")


@unix
def test_a_lock_ends_with_the_process_that_held_it(tmp_path: Path, log: Path, run: Run) -> None:
    code = (
        "import os\nfrom pathlib import Path\nfrom tthc_rules.runs.output import claimed\n"
        f"with claimed([Path({str(tmp_path / 'out.csv')!r})]):\n    os._exit(3)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 3
    assert (tmp_path / ".out.csv.lock").exists()
    assert run("rescore", log, "-o", tmp_path / "out.csv", *AS_OF)[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ev.csv", "out.csv"]


def test_one_name_for_two_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError) as caught, output.claimed([tmp_path / "a.csv", tmp_path / "x" / ".." / "a.csv"]):
        pass
    assert caught.value.code == "TR-output-input"


# -- what the system refuses, and what it asks for ---------------------------------------------------------------------

LIMITED: Final = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
del sys.argv[1]
from tthc_rules.cli import main
main()
"""


@unix
@pytest.mark.parametrize(
    ("source", "name", "room"),
    [
        ("text", "out.csv", 0),
        ("text", "out.csv", 9000),
        ("text", "out.parquet", 700),
        ("parquet", "out.parquet", 0),
        ("parquet", "out.parquet", 9000),
        ("parquet", "out.ndjson", 9000),
    ],
)
def test_a_disk_without_room_is_our_error_and_leaves_the_old_result(
    tmp_path: Path, parquet: Any, name: str, source: str, room: int
) -> None:
    """A limit on the size of files, which the system enforces as it does a full disk."""
    ids = [f"HS-{k}" for k in range(400)]
    path = write_log(parquet, tmp_path / "in.parquet", *ids)
    if source == "text":
        path = tmp_path / "in.csv"
        path.write_text(
            "dossier_id,kind,at\n" + "".join(f"{k},dossier_accepted,2024-08-23\n" for k in ids), encoding="utf-8"
        )
    (tmp_path / name).write_text("cũ", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(room), "rescore", path, "-o", tmp_path / name, *AS_OF],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
        env={**os.environ, "TTHC_RULES_CACHE": str(tmp_path.parent / "cache")},
    )
    assert (done.returncode, done.stderr[:20]) == (2, "TR-result-unwritable"), done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / name).read_text(encoding="utf-8") == "cũ"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="không có /dev/full / there is no /dev/full")
def test_a_stream_without_room_is_our_error() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tthc_rules.cli", "calendar", "vn", "2024"],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
            cwd=ROOT,
        )
    assert (done.returncode, done.stderr[:20]) == (2, "TR-result-unwritable")
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


SLOW: Final = """
import signal
import time
from contextlib import contextmanager
from tthc_rules.cli import dossiers, main
@contextmanager
def waiting(*asked):
    yield lambda done, total: time.sleep(60)  # with its output begun, whoever judges
dossiers.progress = waiting
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests may have had it ignored
main()
"""


@unix
@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP"])
def test_a_run_that_is_asked_to_end_puts_away_what_it_began(tmp_path: Path, number: str) -> None:
    path = tmp_path / "in.csv"
    rows = "".join(f"HS-{k},dossier_accepted,2024-08-23\n" for k in range(2000))
    path.write_text("dossier_id,kind,at\n" + rows, encoding="utf-8")
    (tmp_path / "out.csv").write_text("cũ", encoding="utf-8")
    asked = [sys.executable, "-c", SLOW, "rescore", str(path), "-o", str(tmp_path / "out.csv"), *AS_OF]
    with subprocess.Popen(asked, cwd=ROOT, stderr=subprocess.PIPE, encoding="utf-8") as going:
        end = time.monotonic() + 90
        while not list(tmp_path.glob(".out.csv.*.part")) and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(0.2)
        going.send_signal(getattr(signal, number))
        said = going.communicate(timeout=60)[1]
    assert (going.returncode, said[:14]) == (2, "TR-run-stopped")
    assert "Traceback" not in said
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "cũ"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


# -- the manifest is data from outside ---------------------------------------------------------------------------------


def test_the_manifest_says_who_made_it_and_which_columns(finished: tuple[Path, Path]) -> None:
    said = json.loads((finished[1] / "_manifest.json").read_text(encoding="utf-8"))
    assert (said["made_by"], said["results_format"], len(said["run"]["code"])) == ("tthc-rules", 4, 64)


def test_a_folder_with_nothing_in_it_is_not_said_to_hold_something(tmp_path: Path, parquet: Any, run: Run) -> None:
    (tmp_path / "out.parquet").mkdir()
    code, said = run("rescore", write_log(parquet, tmp_path / "ev.parquet"), "-o", tmp_path / "out.parquet", *AS_OF)
    assert code == 0 or "_manifest.json" not in said, said
    assert (code, said[:17], (tmp_path / "out.parquet").is_dir()) == (2, "TR-output-foreign", True)


@pytest.mark.parametrize(
    "words",
    [
        ("timeline", "LOG", "HS-1", "--as-of", "2024-10-01"),
        ("due", "LOG", "--as-of", "2024-08-26", "--within", "3"),
        ("habits", "LOG", "--as-of", "2024-10-01"),
        ("slip", "LOG", "HS-1", "--as-of", "2024-10-01"),
        ("diff", "shipped", "shipped", "--on", "LOG", "--as-of", "2024-10-01"),
        ("calendar", "vn", "2026"),
        ("account", "LOG", "--period", "2024-Q3"),
    ],
)
def test_how_to_read_a_log_is_no_advice_on_what_is_written(
    tmp_path: Path, log: Path, run: Run, words: tuple[str, ...]
) -> None:
    """`--format` of these commands is that of the log."""
    code, said = run(*(log if word == "LOG" else word for word in words), "-o", tmp_path / "out.pdf")
    assert code == 2
    assert "option format" not in said
