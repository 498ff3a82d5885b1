"""The table of a log: counts, shares, what speaks against a way of counting, error rows; as text, CSV, JSON."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import Command, tthc
from senders.sampled import Sample, samples

from tthc_rules import Dossier, OptionError, Rulebook
from tthc_rules.runs.habits.files import HABIT_COLUMNS
from tthc_rules.runs.habits.table import HabitTable, habits_of

ROOT = Path(__file__).parents[2]
AS_OF = date(2026, 12, 31)


def dossier(name: str, accepted: str, slip: str | None, amount: int = 5, unit: str = "workday") -> dict[str, Any]:
    event = {"kind": "dossier_accepted", "at": accepted}
    if slip is not None:
        event["appointed_due"] = slip
    return {"dossier_id": name, "time_limit": {"amount": amount, "unit": unit}, "events": [event]}


LOG = [
    dossier("HS-1", "2026-11-20T09:00", "2026-11-27"),  # law 30/11: 24/11 forgotten, or the 20th counted
    dossier("HS-2", "2026-11-19T09:00", "2026-11-26"),  # law 27/11: the same
    dossier("HS-3", "2026-11-09T09:00", "2026-11-16"),  # agrees; the day of the start was not counted: 13/11
    dossier("HS-4", "2026-11-02T09:00", "2026-11-12"),  # law 9/11: none
    dossier("HS-5", "2026-11-09T09:00", None),
    dossier("HS-6", "2026-11-09", "2026-11-10", 4, "work_hour"),  # the hour is not recorded: no date by law
]
BROKEN = dossier("HS-7", "09/11/2026", "2026-11-16")


@pytest.fixture
def table(book: Rulebook) -> HabitTable:
    return habits_of(book, [*LOG, BROKEN], AS_OF)


def test_the_counts(table: HabitTable) -> None:
    assert (table.dossiers, table.undated, table.agree, table.depart, table.no_lawful_date) == (7, 1, 1, 3, 1)
    assert table.unexplained == 1
    assert [(one.dossier_id, one.code) for one in table.refused] == [("HS-7", "TR-moment-form")]
    counts = {one.habit: (one.gives, one.alone, one.otherwise) for one in table.habits}
    assert counts == {
        "holidays_forgotten": (2, 0, 0),
        "weekends_only": (2, 0, 0),
        "past_holidays_forgotten": (2, 0, 0),
        "start_day_counted": (2, 0, 2),  # HS-3, HS-4: it would have been 13/11, 6/11
    }
    assert [one.share for one in table.habits] == [pytest.approx(2 / 3)] * 4
    assert table.habits[-1].habit == "start_day_counted"


def test_the_rows(table: HabitTable) -> None:
    found = {one.dossier_id: (one.state, one.due, one.days_apart) for one in table.dates}
    assert found == {
        "HS-1": ("departs", date(2026, 11, 30), -3),
        "HS-2": ("departs", date(2026, 11, 27), -1),
        "HS-3": ("agrees", date(2026, 11, 16), 0),
        "HS-4": ("departs", date(2026, 11, 9), 3),
        "HS-6": ("no_lawful_date", None, None),
    }


def test_dossiers_of_a_program(book: Rulebook, table: HabitTable) -> None:
    assert habits_of(book, (Dossier.model_validate(one) for one in LOG), AS_OF).habits == table.habits
    empty = habits_of(book, [], AS_OF)
    assert (empty.dossiers, empty.depart, empty.habits, empty.dates) == (0, 0, (), ())
    odd: Any = [7, {}]
    assert len(habits_of(book, odd, AS_OF).refused) == 2
    for wrong in (LOG[0], "HS-1", 7):
        with pytest.raises(OptionError):
            habits_of(book, wrong, AS_OF)  # type: ignore[arg-type]


# -- the command -------------------------------------------------------------------------------------------------------


def log_of(folder: Path, *dossiers: dict[str, Any]) -> Path:
    path = folder / "nhật ký.ndjson"
    path.write_text("".join(json.dumps(one) + "\n" for one in dossiers), encoding="utf-8")
    return path


def test_in_words(tmp_path: Path) -> None:
    done = tthc("habits", log_of(tmp_path, *LOG, BROKEN), "--as-of", "2026-12-31")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "1 HỒ SƠ, DÒNG LỖI, KHÔNG XÉT ĐƯỢC"
    assert "NGÀY HẸN CỦA BÊN GỬI KHÁC LUẬT Ở BƯỚC NÀO" in lines
    assert "          3  ngày hẹn khác luật" in lines
    assert "          2   66,7 %  đếm cả ngày tiếp nhận là ngày thứ nhất [start_day_counted]" in lines
    assert "             chỉ riêng cách này: 0; lẽ ra cho ngày khác: 2" in lines
    assert "          1   33,3 %  không cách tính nào đã biết cho ra" in lines
    assert "             HS-4: 12/11/2026, luật 09/11/2026" in lines
    assert lines[-1] == "Ngày khác nhau là điều cần hỏi bên gửi, không phải kết luận về ai."


def test_in_english_and_nothing_departs(tmp_path: Path, command: Command) -> None:
    code, said = command("habits", log_of(tmp_path, LOG[2]), "--as-of", "2026-12-31", "--lang", "en")
    assert code == 0, said
    assert said.splitlines() == [
        "AT WHICH STEP THE SENDER'S DATES PART FROM THE LAW",
        "  as of the end of 31/12/2026; each slip by the calendar known on its day",
        "          1  dossiers",
        "          0  without a date on a slip",
        "          1  dates that agree with the law",
        "          0  dates that depart",
        "          0  dates where the law has none",
    ]


def test_as_files(tmp_path: Path, command: Command) -> None:
    log = log_of(tmp_path, *LOG, BROKEN)
    for name in ("bảng.csv", "bảng.json", "bảng.txt"):
        assert command("habits", log, "--as-of", "2026-12-31", "-o", tmp_path / name)[0] == 1
    with (tmp_path / "bảng.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == HABIT_COLUMNS
    assert [row["dossier_id"] for row in rows] == ["HS-7", "HS-1", "HS-2", "HS-3", "HS-4", "HS-6"]
    assert rows[0]["error_code"] == "TR-moment-form"
    first = "holidays_forgotten|weekends_only|past_holidays_forgotten|start_day_counted"
    assert (rows[1]["sender_due"], rows[1]["due"], rows[1]["habits"]) == ("2026-11-27", "2026-11-30", first)
    written = (tmp_path / "bảng.json").read_text(encoding="utf-8")
    assert HabitTable.model_validate_json(written).depart == 3
    code, said = command("habits", log, "--as-of", "2026-12-31", "--to", "json")
    assert code == 1
    assert json.loads(said[: said.rindex("}") + 1])["depart"] == 3
    assert (tmp_path / "bảng.txt").read_text(encoding="utf-8").startswith("1 HỒ SƠ")


def test_csv_on_stdout(tmp_path: Path) -> None:
    done = tthc("habits", log_of(tmp_path, *LOG), "--as-of", "2026-12-31", "--to", "csv")
    assert done.returncode == 0
    rows = list(csv.DictReader(io.StringIO(done.stdout.removeprefix("\ufeff"))))
    assert [row["state"] for row in rows] == ["departs", "departs", "agrees", "departs", "no_lawful_date"]
    assert "3  ngày hẹn khác luật" in done.stderr


def test_what_cannot_be_asked(tmp_path: Path, command: Command) -> None:
    log = log_of(tmp_path, *LOG)
    assert command("habits", log, "--as-of", "2026-12-31", "-o", tmp_path / "a.docx")[0] == 2
    assert command("habits", log, "--as-of", "2026-12-31", "-o", log)[0] == 2
    assert "TR-option-date" in command("habits", log, "--as-of", "mai")[1]
    code, said = command("habits", log, "--as-of", "2026-12-31", "--jurisdiction", "thanh-hoa")
    assert (code, "chỉ dùng được với --format dvcqg" in said) == (2, True)
    code, said = command("habits", log, "--as-of", "2026-12-31", "--format", "docx")
    assert (code, "dvcqg" in said) == (2, True)
    code, said = command("habits", log, "--as-of", "2026-12-31", "--format", "dvcqg", "--grouped")
    assert (code, "--grouped" in said) == (2, True)


@pytest.mark.parametrize("sample", list(samples("igate"))[:2], ids=str)
def test_messages_of_a_sender(command: Command, tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "messages.ndjson"
    lines = [json.dumps(part, ensure_ascii=False) for part in sample.given["transport"]]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    code, said = command("habits", path, "--as-of", sample.as_of.isoformat(), "--format", "igate", "--to", "json")
    assert code in (0, 1), said
    assert '"dossiers": ' in said
    assert [word for word in sample.expected["never"] if word in said] == []


def test_tables_of_parquet(bulk: None, tmp_path: Path, command: Command) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    rows = [
        {
            "dossier_id": one["dossier_id"], "kind": "dossier_accepted", "at": one["events"][0]["at"],
            "appointed_due": one["events"][0].get("appointed_due"), "time_limit.amount": one["time_limit"]["amount"],
            "time_limit.unit": one["time_limit"]["unit"],
        }
        for one in LOG
    ]  # fmt: skip
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "log.parquet")
    code, said = command("habits", tmp_path / "log.parquet", "--as-of", "2026-12-31")
    assert code == 0, said
    assert "          3  ngày hẹn khác luật" in said.splitlines()


@pytest.mark.skipif(os.name != "posix", reason="cần thiết bị đầu cuối giả / needs a pseudo-terminal")
def test_a_narrow_terminal(tmp_path: Path) -> None:
    import pty

    main, other = pty.openpty()
    command = [sys.executable, "-c", "from tthc_rules.cli import main; main()", "habits", "-q"]
    environment = {**os.environ, "COLUMNS": "60", "NO_COLOR": "1"}
    arguments = [*command, str(log_of(tmp_path, *LOG)), "--as-of", "2026-12-31"]
    with subprocess.Popen(arguments, stdout=other, stderr=other, env=environment, cwd=ROOT):
        os.close(other)
        said = b""
        with suppress(OSError):  # the other end is closed
            while part := os.read(main, 1 << 16):
                said += part
    lines = said.decode().splitlines()
    assert max(map(len, lines)) <= 60
    assert any("[start_day_counted]" in line for line in lines)


# -- explain -----------------------------------------------------------------------------------------------------------


def test_explain_of_a_log(tmp_path: Path, command: Command) -> None:
    log = log_of(tmp_path, *LOG)
    code, said = command("explain", log, "HS-1", "--as-of", "2026-12-31", "--sender-due", "2026-11-27")
    assert code == 0, said
    assert "NGÀY CỦA HỆ THỐNG: 27/11/2026" in said.splitlines()
    code, said = command("explain", log, "HS-1", "--as-of", "2026-12-31", "--sender-due", "slip", "--full")
    assert code == 0, said
    assert "NGÀY CỦA HỆ THỐNG: 27/11/2026 (phiếu hẹn trong nhật ký)" in said.splitlines()
    code, said = command("explain", log, "HS-5", "--as-of", "2026-12-31", "--sender-due", "slip")
    assert (code, said.split(":")[0]) == (2, "TR-option-sender-due --sender-due")
    code, said = command("explain", log, "HS-5", "--as-of", "2026-12-31", "--sender-due", "27/11/2026")
    assert (code, "YYYY-MM-DD" in said) == (2, True)
