"""Standard streams: `-` for stdin and stdout, full disks and closed pipes, being interrupted, the progress."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Command, tthc

from tthc_rules import Rulebook
from tthc_rules.cli.progress import counted

ROOT = Path(__file__).parents[1]
PROGRAM = [sys.executable, "-c", "from tthc_rules.cli import main; main()"]
DOSSIER = {
    "dossier_id": "HS-1",
    "time_limit": {"amount": 5, "unit": "workday"},
    "events": [
        {"kind": "dossier_accepted", "at": "2024-08-23T08:30"},
        {"kind": "result_issued", "at": "2024-09-06T10:00"},
    ],
}
LOG = json.dumps(DOSSIER) + "\n"
CSV = "dossier_id,kind,at,time_limit.amount,time_limit.unit\nHS-1,dossier_accepted,2024-08-23T08:30,5,workday\n"
AS_OF = ("--as-of", "2024-09-10")


# -- stdin -------------------------------------------------------------------------------------------------------------


def test_rescore_from_stdin_to_stdout() -> None:
    done = tthc("rescore", "-", "--format", "ndjson", *AS_OF, "-o", "-", "--to", "csv", stdin=LOG)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout.removeprefix("\ufeff"))))
    assert [(row["dossier_id"], row["lawful_due"], row["workdays_late"]) for row in rows] == [
        ("HS-1", "2024-08-30", "3")
    ]
    assert done.stderr.splitlines()[-1] == "→ stdout"


def test_an_error_row_names_its_place_in_stdin_alike_in_every_run() -> None:
    """The third row has no column left for its limit."""
    said = [
        tthc("rescore", "-", "--format", "csv", *AS_OF, "-o", "-", "--to", "ndjson", stdin=CSV + "HS-2,x\n").stdout
        for _ in range(2)
    ]
    assert said[0] == said[1]
    assert json.loads(said[0].splitlines()[-1])["error"].startswith("stdin.csv:3:")


def test_other_paths_are_still_those_of_where_one_stands(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text(
        'format: 1\nmapping: m\nlabel: {vi: "m", en: "m"}\ndossier:\n  dossier_id: {column: id}\n'
        "  time_limit.amount: {value: 5}\n  time_limit.unit: {value: workday}\n"
        "events_from_rows: {kind: {column: k}, at: {column: t}}\n",
        encoding="utf-8",
    )
    arguments = ["rescore", "-", "--format", "csv", "--mapping", "mapping.yaml", *AS_OF, "-o", "ra.csv"]
    done = subprocess.run(
        [*PROGRAM, *arguments], input="id,k,t\nHS-1,dossier_accepted,2024-08-23T08:30\n", capture_output=True,
        encoding="utf-8", cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "2024-08-30" in (tmp_path / "ra.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("explain", "-", "HS-1", "--format", "ndjson", *AS_OF), "trả trễ hạn 3 ngày làm việc"),
        (("timeline", "-", "HS-1", "--format", "ndjson", *AS_OF, "-o", "-"), "<!DOCTYPE html>"),
        (("habits", "-", "--format", "ndjson", *AS_OF), "không ghi ngày hẹn trên phiếu"),
        (("slip", "-", "HS-1", "--format", "ndjson", "--as-of", "2024-09-03", "-o", "-"), '"kind": "apology"'),
        (("due", "-", "--format", "ndjson", "--as-of", "2024-08-28", "-o", "-"), "VIỆC ĐẾN HẠN"),
        (("due", "-", "--format", "ndjson", "--as-of", "2024-08-28", "--to", "json", "-o", "-"), '"acts"'),
        (("evaluate", "-", *AS_OF), '"returned_late"'),
        (
            ("diff", "shipped", "shipped,lateness=qd766", "--on", "-", "--on-format", "ndjson", *AS_OF),
            "trong số 1",
        ),
        (("schema", "hours", "-o", "-"), '"$schema"'),
        (("calendar", "vn", "2026", "--format", "ics", "-o", "-"), "BEGIN:VCALENDAR"),
    ],
)
def test_a_dash_is_a_stream(arguments: tuple[str, ...], shown: str) -> None:
    done = tthc(*arguments, stdin=LOG)
    assert done.returncode in (0, 1), done.stderr
    assert shown in done.stdout


def test_the_table_of_an_office_from_stdin() -> None:
    done = tthc("calendar", "lint", "-", stdin="date,office_off\n2026-01-02,0\n")
    assert (done.returncode, done.stdout.split()[1]) == (1, "TR-calendar-differs:")


def test_results_of_one_command_are_the_input_of_the_next() -> None:
    made = tthc("rescore", "-", "--format", "ndjson", *AS_OF, "-o", "-", "--to", "csv", stdin=LOG).stdout
    done = tthc(
        "account", "-", "--format", "csv", "--period", "2024-Q3", "--as-of", "2024-10-01", "-o", "-", stdin=made
    )
    assert json.loads(done.stdout)["period"]["id"] == "2024-Q3", done.stderr


def test_messages_of_a_sender_from_stdin() -> None:
    text = (ROOT / "examples" / "messages" / "dvcqg.ndjson").read_text(encoding="utf-8")
    rules = ROOT / "examples" / "messages" / "rules"
    more = ("--format", "dvcqg", "--rules", rules, "--as-of", "2024-10-15", "-o", "-", "--to", "ndjson")
    named = tthc("rescore", ROOT / "examples" / "messages" / "dvcqg.ndjson", *more).stdout
    assert tthc("rescore", "-", *more, stdin=text).stdout == named
    assert len(named.splitlines()) > 1


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("rescore", "-", *AS_OF, "-o", "x.csv"), "--format"),
        (("due", "-", *AS_OF), "--format"),
        (("explain", "-", "HS-1", *AS_OF), "--format"),
        (("account", "-", "--period", "2024-Q3", "-o", "x.json"), "--format"),
        (("diff", "shipped", "shipped", "--on", "-", *AS_OF), "--on-format"),
        (("rescore", "x.csv", *AS_OF, "-o", "-"), "--to"),
    ],
)
def test_a_stream_has_no_extension_so_its_format_is_asked_for(
    command: Command, arguments: tuple[str, ...], option: str
) -> None:
    code, said = command(*arguments)
    assert (code, said.split(":")[0]) == (2, f"TR-stdin-format {option}")
    assert "csv" in said.splitlines()[2]


# -- full disks, closed pipes ------------------------------------------------------------------------------------------

TALKING: list[tuple[str, ...]] = [
    ("calendar", "vn"),
    ("calendar", "vn", "--format", "json"),
    ("calendar", "vn", "--format", "csv"),
    ("schema", "rule"),
    ("senders",),
    ("diff", "shipped", "shipped,lateness=qd766", "--on", "examples/one_stop/events.csv", *AS_OF),
    ("due", "examples/one_stop/events.csv", "--as-of", "2024-09-20"),
    ("due", "examples/one_stop/events.csv", "--as-of", "2024-09-20", "--to", "csv"),
    ("rescore", "examples/one_stop/events.csv", *AS_OF, "-o", "-", "--to", "csv", "-q"),
    ("explain", "examples/one_stop/events.csv", "H56.14-250212-0002", "--as-of", "2026-11-21", "--full"),
    ("test", "examples/months/expected.tthc.yaml"),
    ("--version",),
    ("--help",),
]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="hệ này không có /dev/full / there is no /dev/full")
@pytest.mark.parametrize("arguments", TALKING, ids=" ".join)
def test_a_full_disk_is_one_line(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    lines = [line for line in done.stderr.decode().splitlines() if "TR-result-unwritable" in line]
    assert done.returncode == 2
    assert lines == ["TR-result-unwritable stdout: không ghi được: đĩa đã đầy / cannot write: the disk is full"]
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="hệ này không có ống dẫn như vậy / no such pipes here")
@pytest.mark.parametrize("arguments", TALKING, ids=" ".join)
def test_a_closed_pipe_is_nobodys_fault(arguments: tuple[str, ...]) -> None:
    """The reader went before the first line was written."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*PROGRAM, *arguments], stdout=writing, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    os.close(writing)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert b"TR-" not in done.stderr


# -- being interrupted -------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="hệ này không có SIGINT của POSIX / no POSIX signals here")
@pytest.mark.parametrize("name", ["rescore", "due", "diff"])
def test_an_interrupted_run_says_what_is_left(tmp_path: Path, name: str) -> None:
    """Interrupted while its input still comes: what is there stays, and the next step is said."""
    old = tmp_path / "ra.csv"
    old.write_text("cũ", encoding="utf-8")
    arguments = {
        "rescore": ["rescore", "-", "--format", "ndjson", *AS_OF, "-o", str(old)],
        "due": ["due", "-", "--format", "ndjson", *AS_OF, "-o", str(old)],
        "diff": ["diff", "shipped", "shipped", "--on", "-", "--on-format", "ndjson", *AS_OF, "-o", str(old)],
    }[name]
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # a runner may ignore it
    program = [sys.executable, "-c", f"{listening}; {PROGRAM[-1]}"]
    with subprocess.Popen([*program, *arguments], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as run:
        assert run.stdin is not None
        assert run.stderr is not None
        run.stdin.write(b" " * 400_000)  # more than a pipe holds: it is read
        run.stdin.flush()
        run.send_signal(signal.SIGINT)
        said = run.stderr.read().decode()
        run.wait(60)
    assert run.returncode == 130
    assert "Không ghi kết quả nào, kết quả cũ còn nguyên; chạy lại đúng lệnh này." in said
    assert "Traceback" not in said
    assert old.read_text(encoding="utf-8") == "cũ"


def test_how_far_it_was_is_said(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three dossiers, two sides: stopped at the fifth verdict, two dossiers are done."""
    log = tmp_path / "log.ndjson"
    log.write_text("".join(json.dumps({**DOSSIER, "dossier_id": f"HS-{n}"}) + "\n" for n in range(3)), encoding="utf-8")
    judging, asked = Rulebook.evaluate, []

    def evaluate(*args: Any, **given: Any) -> Any:
        asked.append(1)
        if len(asked) == 5:
            raise KeyboardInterrupt
        return judging(*args, **given)

    monkeypatch.setattr(Rulebook, "evaluate", evaluate)
    code, said = command("diff", "shipped", "shipped", "--on", log, *AS_OF)
    assert code == 130
    assert said.splitlines()[0] == "Đã dừng sau 2 hồ sơ. / Stopped after 2 dossiers."


@pytest.mark.parametrize(
    ("number", "vi", "en"), [(0, "0", "0"), (999.6, "1.000", "1,000"), (1234567, "1.234.567", "1,234,567")]
)
def test_numbers_are_those_of_the_reader(number: float, vi: str, en: str) -> None:
    assert (counted(number, "vi"), counted(number, "en")) == (vi, en)


def on_a_terminal(*arguments: str) -> tuple[int, str]:
    """The exit code, and what is said on stderr where that is a terminal."""
    import pty

    main, other = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    done = subprocess.run(
        [*PROGRAM, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=other,
        cwd=ROOT,
        env=environment,
        timeout=60,
        check=False,
    )
    os.write(other, b".")  # so that there is something to read in any case
    os.close(other)
    said = os.read(main, 1 << 16).decode("utf-8", "replace")
    os.close(main)
    return done.returncode, said


@pytest.mark.skipif(os.name != "posix", reason="cần thiết bị đầu cuối giả / needs a pseudo-terminal")
@pytest.mark.parametrize("more", [(), ("-q",)])
def test_progress_is_on_a_terminal_alone_and_in_dossiers(tmp_path: Path, more: tuple[str, ...]) -> None:
    code, said = on_a_terminal(
        "rescore", "examples/one_stop/events.csv", *AS_OF, "-o", str(tmp_path / "x.ndjson"), *more
    )
    assert code == 0
    assert ("hồ sơ/s" in said or "0 hồ sơ " in said) is (not more)
    assert "it/s" not in said


@pytest.mark.skipif(os.name != "posix", reason="cần thiết bị đầu cuối giả / needs a pseudo-terminal")
@pytest.mark.parametrize("more", [(), ("-q",)])
def test_progress_of_case_files_is_in_cases(more: tuple[str, ...]) -> None:
    code, said = on_a_terminal("test", "tests/cases/clock", *more)
    assert code == 0
    assert (" ca" in said) is (not more)


@pytest.mark.skipif(os.name == "nt", reason="no stream is closed there by a shell")
@pytest.mark.parametrize("command", ["evaluate - --as-of 2024-09-10", "rescore - --format csv --as-of 2024-09-10 -o -"])
def test_without_stdin_there_is_nothing_to_read(command: str) -> None:
    """As `<&-` and some services start a program."""
    more = " --to csv" if command.startswith("rescore") else ""
    done = _without(f"{command}{more} <&-")
    assert done.returncode == 2
    assert done.stderr.startswith("TR-")


@pytest.mark.skipif(os.name == "nt", reason="no stream is closed there by a shell")
@pytest.mark.parametrize("closed", [">&-", "2>&-"])
def test_without_a_stream_to_say_it_on_a_result_is_written_all_the_same(tmp_path: Path, closed: str) -> None:
    (tmp_path / "log.csv").write_text(CSV, encoding="utf-8")
    done = _without(f"rescore {tmp_path}/log.csv -o {tmp_path}/out.csv -q --as-of 2024-09-10 {closed}")
    assert "Traceback" not in done.stderr
    assert (done.returncode, (tmp_path / "out.csv").is_file()) == (0, True)


@pytest.mark.skipif(os.name == "nt", reason="no stream is closed there by a shell")
@pytest.mark.parametrize(
    "command", ["calendar vn", "--version", "rescore examples/one_stop/events.csv --as-of 2024-09-10 -q -o - --to csv"]
)
def test_without_a_stream_for_the_result_it_is_said_that_it_is_lost(command: str) -> None:
    done = _without(f"{command} >&-")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("TR-result-unwritable stdout:")


def _without(line: str) -> subprocess.CompletedProcess[str]:
    """The command, run by a shell that closes a stream."""
    words = f"{sys.executable} -c 'from tthc_rules.cli import main; main()' {line}"
    return subprocess.run(
        ["/bin/sh", "-c", words], capture_output=True, encoding="utf-8", timeout=120, cwd=ROOT, check=False
    )
