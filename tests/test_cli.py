"""The command line, run as a user runs it: exit codes, streams, and that nothing is lost."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Command, tthc

import tthc_rules
from tthc_rules import Rulebook

ROOT = Path(__file__).parents[1]
DOSSIER = {
    "dossier_id": "H56.14-240823-0001",
    "time_limit": {"amount": 5, "unit": "workday"},
    "events": [
        {"kind": "dossier_accepted", "at": "2024-08-23T08:30"},
        {"kind": "result_issued", "at": "2024-09-06T10:00"},
    ],
}


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    path = tmp_path / "hồ sơ.json"
    path.write_text(json.dumps(DOSSIER), encoding="utf-8")
    return path


def test_evaluate_gives_json(dossier: Path) -> None:
    done = tthc("evaluate", dossier, "--as-of", "2024-09-10")
    assert done.returncode == 0, done.stderr
    verdict = json.loads(done.stdout)
    assert verdict["clock"]["lawful_due"] == "2024-08-30"
    assert verdict["workdays_late"] == 3
    assert verdict["punctuality"] == "returned_late"


def test_nothing_of_a_dossier_acts_on_the_terminal(tmp_path: Path) -> None:
    """In words it is shown by number; in JSON it is escaped as JSON has it, and so the same value."""
    strange = {"kind": "dossier_viewed", "at": "2024-08-24", "by": "A\x1b[31m\u202eB\x7f"}
    written = json.dumps({**DOSSIER, "events": [*DOSSIER["events"], strange]})
    for more in ((), ("--lang", "vi")):
        done = tthc("evaluate", "-", "--as-of", "2024-09-10", *more, stdin=written)
        assert done.returncode == 0, done.stderr
        assert not {"\x1b", "\u202e", "\x7f"} & set(done.stdout)
    done = tthc("evaluate", "không-có\u202e.json", "--as-of", "2024-09-10")
    assert r"không-có\u{202e}.json" in done.stderr


def test_evaluate_explains_from_stdin() -> None:
    done = tthc("evaluate", "-", "--as-of", "2024-09-10", "--lang", "vi", "--days", stdin=json.dumps(DOSSIER))
    assert done.returncode == 0, done.stderr
    assert "trả trễ hạn: 3 ngày làm việc" in done.stdout
    assert "khoản 9 Điều 19 Nghị định số 61/2018/NĐ-CP" in done.stdout
    assert "30/08/2024" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("evaluate", "không-có.json", "--as-of", "2024-09-10"), "TR-file-unreadable"),
        (("evaluate", "-", "--as-of", "10/09/2024"), "TR-option-date"),
        (("evaluate", "-", "--as-of", "20240910"), "TR-option-date"),
        (("evaluate", "-", "--as-of", "2024-W37-2"), "TR-option-date --as-of: «2024-W37-2» không phải ngày YYYY-MM-DD"),
        (("evaluate", "-", "--as-of", "2024-09-10", "--known-on", "2024-W37-2"), "TR-option-date --known-on"),
        (("calendar", "vn", "--known-on", "2024-W37-2"), "TR-option-date --known-on"),
        (("explain", "a.csv", "X", "--as-of", "2024-W37-2"), "TR-option-date --as-of"),
        (("rescore", "a.csv", "-o", "x.csv", "--as-of", "2024-W37-2"), "TR-option-date --as-of"),
        (("due", "a.csv", "--as-of", "2024-W37-2"), "TR-option-date --as-of"),
        (("evaluate", "-", "--as-of", "2024-09-10", "--calendar", "vm"), "TR-option-calendar"),
        (("evaluate", "-", "--as-of", "2024-09-10", "--reading", "r3=pause"), "TR-rule-reading"),
        (("evaluate", "-", "--as-of", "2024-09-10", "--rules", "không-có"), "TR-rule-folder"),
        (("rescore", "không-có.csv", "-o", "x.csv", "--as-of", "2024-09-10"), "TR-file"),
        (("calendar", "vn", "hai nghìn"), "TR-option-value"),
        (("schema", "hồ-sơ"), "TR-option-schema"),
        (("test", "không-có"), "TR-case-unreadable"),
        (("evaluate",), "TR-usage dossier: chưa nêu"),
        (("evaluat",), "TR-usage: câu lệnh viết chưa đúng"),
        (("explain", "a.csv", "--as-of", "2024-09-10"), "tthc-rules explain --help"),
        (("explain", "a.csv", "X", "--as-of", "2024-09-10", "--lateness", "by"), "TR-usage --lateness: giá trị"),
        (("rescore", "a.csv", "--as_of", "2024-09-10"), "TR-usage --as_of: không có tùy chọn này"),
    ],
)
def test_unusable_input_is_two_with_a_code_and_no_traceback(arguments: tuple[str, ...], code: str) -> None:
    done = tthc(*arguments, stdin=json.dumps(DOSSIER))
    assert done.returncode == 2
    assert code in done.stderr
    assert "Traceback" not in done.stderr


def test_a_malformed_dossier_says_what_and_where() -> None:
    bad = {**DOSSIER, "events": [{"kind": "dossier_accepted", "at": "20240823083000"}]}
    done = tthc("evaluate", "-", "--as-of", "2024-09-10", stdin=json.dumps(bad))
    assert done.returncode == 2
    assert "TR-moment-form" in done.stderr
    assert "events[0].at" in done.stderr


@pytest.mark.parametrize("suffix", ["csv", "ndjson", "parquet"])
def test_rescore_keeps_every_dossier_bad_ones_too(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / "in.ndjson"
    bad = {**DOSSIER, "dossier_id": "xấu", "events": [{"kind": "dossier_accepted", "at": "99"}]}
    source.write_text("\n".join((json.dumps(DOSSIER), json.dumps(bad), "{hỏng")), encoding="utf-8")
    target = tmp_path / f"out.{suffix}"
    done = tthc("rescore", source, "-o", target, "--as-of", "2024-09-10", "--lang", "en")
    assert done.returncode == 1, done.stderr
    assert "TR-moment-form" in done.stderr
    rows = read_rows(target)
    assert [row["dossier_id"] or "" for row in rows] == ["H56.14-240823-0001", "xấu", ""]
    assert not rows[0]["error_code"]
    assert all(row["error_code"] for row in rows[1:])
    assert str(rows[0]["lawful_due"]) == "2024-08-30"
    assert rows[0]["apology_before_due"] == "missed"
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def read_rows(path: Path) -> list[dict[str, object]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [dict(row) for row in csv.DictReader(file)]
    if path.suffix == ".ndjson":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    from pyarrow import parquet

    rows: list[dict[str, object]] = parquet.read_table(path).to_pylist()
    return rows


def test_rescore_of_nothing_is_an_empty_result(tmp_path: Path) -> None:
    (tmp_path / "in.ndjson").write_text("", encoding="utf-8")
    done = tthc("rescore", tmp_path / "in.ndjson", "-o", tmp_path / "out.csv", "--as-of", "2024-09-10")
    assert done.returncode == 0, done.stderr
    assert read_rows(tmp_path / "out.csv") == []


def test_an_interrupted_run_leaves_the_old_result(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("cũ", encoding="utf-8")
    done = tthc("rescore", tmp_path / "không-có.ndjson", "-o", target, "--as-of", "2024-09-10")
    assert done.returncode == 2
    assert target.read_text(encoding="utf-8") == "cũ"


def test_test_reports_a_failing_case_with_its_explanation(tmp_path: Path) -> None:
    case = tmp_path / "một.tthc.yaml"
    case.write_text(
        "- name: sai cố ý\n  dossier: {dossier_id: a, time_limit: {amount: 1, unit: workday}, events: "
        '[{kind: dossier_accepted, at: "2024-08-23T08:30"}]}\n  as_of: "2024-08-23"\n'
        '  expect: {original_due: "2024-08-27"}\n',
        encoding="utf-8",
    )
    done = tthc("test", case)
    assert done.returncode == 1
    assert "một.tthc.yaml:1:3: sai cố ý" in done.stdout
    assert "original_due: cần / expected 2024-08-27, được / got 2024-08-26" in done.stdout
    assert "THỜI HẠN" in done.stdout


def test_a_case_file_with_an_unknown_key_is_unusable(tmp_path: Path) -> None:
    case = tmp_path / "một.tthc.yaml"
    case.write_text('- name: a\n  dossier: {}\n  as_of: "2024-08-23"\n  expect: {lawful_deu: null}\n', encoding="utf-8")
    done = tthc("test", case)
    assert done.returncode == 2
    assert "lawful_due" in done.stderr  # did you mean
    assert ":4:12" in done.stderr


def test_check_of_the_shipped_rules_is_clean() -> None:
    done = tthc("check", "rulesets")
    assert done.returncode == 0, done.stdout
    assert "r1_supplement_effect" in done.stdout  # what waits for a text is listed


def test_check_finds_a_false_example(tmp_path: Path) -> None:
    shipped = ROOT / "rulesets" / "one_stop" / "2018-06-21" / "supplement_once.yaml"
    text = shipped.read_text(encoding="utf-8").replace("rule: supplement_once", "rule: own_limit")
    broken = text.replace("expect: {supplement_once: broken}", "expect: {supplement_once: kept}")
    assert broken != text
    folder = tmp_path / "local" / "ha-noi" / "2018-06-21"
    folder.mkdir(parents=True)
    (folder / "x.yaml").write_text(broken, encoding="utf-8")
    done = tthc("check", tmp_path)
    assert done.returncode == 1
    assert "TR-rule-example" in done.stdout


def test_calendar_prints_a_year_as_known() -> None:
    before = tthc("calendar", "vn", "2026", "--known-on", "2025-12-24")
    after = tthc("calendar", "vn", "2026", "--known-on", "2025-12-25")
    assert before.returncode == after.returncode == 0
    assert "02/01/2026" not in before.stdout
    assert "02/01/2026" in after.stdout
    assert "12729/VPCP-KGVX" in after.stdout


@pytest.mark.parametrize("name", ["dossier", "verdict", "rule", "case", "calendar", "mapping"])
def test_schema_is_draft_07(name: str) -> None:
    done = tthc("schema", name)
    schema = json.loads(done.stdout)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "$defs" not in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="cần thiết bị đầu cuối giả / needs a pseudo-terminal")
def test_a_narrow_terminal_breaks_lines_between_words() -> None:
    """In a terminal of 60 columns; into a file the same line is whole."""
    import pty

    main, other = pty.openpty()
    command = [sys.executable, "-c", "from tthc_rules.cli import main; main()", "calendar", "vn", "2101"]
    environment = {**os.environ, "COLUMNS": "60"}
    done = subprocess.run(command, stdout=other, stderr=other, env=environment, cwd=ROOT, timeout=60, check=False)
    os.close(other)
    said = os.read(main, 1 << 16).decode("utf-8").replace("\r\n", "\n")
    os.close(main)
    assert done.returncode == 2
    lines = said.rstrip("\n").split("\n")
    assert lines[:3] == [
        "TR-calendar-range 2101: lịch «vn» chỉ biết từ 01/01/2007 đến",
        "    31/12/2100; ngoài khoảng đó không có căn cứ để trả lời",
        "  (calendar “vn” is known from 01/01/2007 to 31/12/2100",
    ]
    assert "01/01/2007 đến 31/12/2100; ngoài" in tthc("calendar", "vn", "2101").stderr


def test_help_fits_a_narrow_terminal() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from tthc_rules.cli import main; main()", "rescore", "--help"],
        capture_output=True,
        encoding="utf-8",
        env={"COLUMNS": "60", "PYTHONUTF8": "1", "TERMINAL_WIDTH": "60"},
        check=False,
    )
    assert done.returncode == 0
    assert "--as-of" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_version_says_library_law_and_calendar(command: Command, book: Rulebook) -> None:
    code, out = command("--version")
    assert code == 0
    library, law, calendar = out.splitlines()
    assert library == f"tthc-rules {tthc_rules.__version__}"
    assert law == f"luật / law {book.corpus.digest[:12]} ({len(book.corpus.files)} tệp / files)"
    assert calendar.endswith(" 31/12/2027")  # the notice on 2027 is the last that was published


@pytest.mark.parametrize("before", [[], ["rescore"], ["explain"], ["calendar"]])
def test_help_has_a_short_name(command: Command, before: list[str]) -> None:
    code, out = command(*before, "-h")
    assert code == 0
    assert out == command(*before, "--help")[1]
    assert "--help" in out


# -- explain -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.json"
    other = {**DOSSIER, "dossier_id": "HS-2", "events": [{"kind": "dossier_acepted", "at": "2024-08-23"}]}
    path.write_text(json.dumps([DOSSIER, other]), encoding="utf-8")
    return path


def test_explain_tells_one_dossier_of_a_log_in_short_and_in_full(command: Command, log: Path) -> None:
    name = str(DOSSIER["dossier_id"])
    code, short = command("explain", log, name, "--as-of", "2024-09-10")
    assert code == 0
    lines = short.strip().splitlines()
    assert lines[0] == f"Hồ sơ {name}, xét đến hết 10/09/2024: trả trễ hạn 3 ngày làm việc"
    assert 3 <= len(lines) <= 8
    assert any("Trách nhiệm: người đứng đầu cơ quan giải quyết" in line for line in lines)
    code, full = command("explain", log, name, "--as-of", "2024-09-10", "--full")
    assert code == 0
    assert "NGHĨA VỤ VÀ GIỚI HẠN" in full
    assert len(full) > 3 * len(short)
    assert "30/08/2024" in command("explain", log, name, "--as-of", "2024-09-10", "--days", "--lang", "en")[1]


def test_explain_says_what_is_wrong_with_the_dossier_or_that_it_is_not_there(command: Command, log: Path) -> None:
    code, said = command("explain", log, "HS-2", "--as-of", "2024-09-10")
    assert code == 2
    assert said.startswith("TR-input-misspelt")
    code, said = command("explain", log, "HS-3", "--as-of", "2024-09-10")
    assert code == 2
    assert said.startswith("TR-dossier-not-there HS-3")
    assert "HS-2" in said
    code, said = command("explain", log, "HS-2", "--as-of", "2024-09-10", "--format", "docx")
    assert code == 2
    assert "docx" in said
