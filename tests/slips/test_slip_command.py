"""The command: what is written, what is said, and that nothing is lost."""

from __future__ import annotations

import json
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import Command
from drawn import dossier, event

from tthc_rules import Rulebook

ID = "H56.14-250806-0001"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log of two: one as `drawn` has it, one that ended in time."""
    ended = {**dossier(event("result_issued", "2025-08-12T10:00")), "dossier_id": "HS-2"}
    path = tmp_path / "nhật ký.ndjson"
    path.write_text("".join(json.dumps(one) + "\n" for one in (dossier(), ended)), encoding="utf-8")
    return path


def units(folder: Path) -> Path:
    path = folder / "units.csv"
    path.write_text("unit,name\nso-xay-dung,Sở Xây dựng\ntrung-tam,\n", encoding="utf-8")
    return path


def test_what_is_owed_is_written_and_said(command: Command, log: Path, tmp_path: Path) -> None:
    made = tmp_path / "phiếu.html"
    code, said = command("slip", log, ID, "--as-of", "2025-08-14", "--units", units(tmp_path), "-o", made)
    assert code == 0
    assert "Phiếu xin lỗi và hẹn lại ngày trả kết quả (Mẫu số 04, Thông tư số 01/2018/TT-VPCP) [apology]" in said
    assert "phải lập; chậm nhất 12/08/2025 (đã quá ngày)" in said
    assert "gửi ngày 14/08/2025: thực hiện muộn" in said
    page = made.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "SỞ XÂY DỰNG" in page


def test_data_is_that_of_the_rulebook(command: Command, log: Path, tmp_path: Path, book: Rulebook) -> None:
    made = tmp_path / "phieu.json"
    code, _ = command("slip", log, ID, "--as-of", "2025-08-14", "-o", made)
    assert code == 0
    slips = book.slips(dossier(), date(2025, 8, 14))
    assert json.loads(made.read_text(encoding="utf-8")) == [one.model_dump(mode="json") for one in slips]


def test_nothing_owed_writes_nothing_and_says_what_may_be_asked_for(
    command: Command, log: Path, tmp_path: Path
) -> None:
    made = tmp_path / "phieu.html"
    made.write_text("cũ", encoding="utf-8")
    code, said = command("slip", log, ID, "--as-of", "2025-08-08", "-o", made)
    assert code == 1
    assert f"Hồ sơ {ID} không có phiếu nào phải lập vào ngày này" in said
    assert "Không ghi tệp nào" in said
    assert "[apology]: chưa phải lập; chỉ khi kết quả sẽ trả trễ hạn; chậm nhất 12/08/2025" in said
    assert made.read_text(encoding="utf-8") == "cũ"
    code, said = command("slip", log, "HS-2", "--as-of", "2025-08-20", "-o", made, "--lang", "en")
    assert code == 1
    assert "Dossier HS-2 owes no slip on that day" in said
    assert "--form" not in said


def test_what_is_asked_for_is_drawn_up_though_it_is_not_owed(command: Command, log: Path, tmp_path: Path) -> None:
    made = tmp_path / "phieu.json"
    how = ("slip", log, ID, "--as-of", "2025-08-08", "-o", made)
    code, said = command(*how, "--form", "supplement", "--form", "refusal")
    assert code == 0
    assert [one["kind"] for one in json.loads(made.read_text(encoding="utf-8"))] == ["supplement", "refusal"]
    code, said = command(*how, "--form", "stop", "--form", "refusal")
    assert code == 1  # the one was written, the other has no form on that day
    assert "Ngày này không lập được: stop" in said
    assert [one["kind"] for one in json.loads(made.read_text(encoding="utf-8"))] == ["refusal"]


@pytest.mark.skipif(find_spec("docx") is None, reason="chưa cài python-docx / it is not installed")
def test_a_document_is_written_whole(command: Command, log: Path, tmp_path: Path) -> None:
    made = tmp_path / "phieu.docx"
    code, _ = command("slip", log, ID, "--as-of", "2025-08-14", "-o", made)
    assert code == 0
    assert made.read_bytes().startswith(b"PK")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["nhật ký.ndjson", "phieu.docx"]


def test_without_the_package_nothing_is_left(
    command: Command, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    code, said = command("slip", log, ID, "--as-of", "2025-08-14", "-o", tmp_path / "phieu.docx")
    assert code == 2
    assert "TR-file-docx-extra" in said
    assert "phieu.docx" in said
    assert [path.name for path in tmp_path.iterdir()] == ["nhật ký.ndjson"]


def test_an_input_is_never_overwritten(command: Command, tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    log.write_text(json.dumps([dossier()]), encoding="utf-8")
    code, said = command("slip", log, ID, "--as-of", "2025-08-14", "-o", log)
    assert code == 2
    assert "TR-output-input" in said
    assert json.loads(log.read_text(encoding="utf-8")) == [dossier()]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("không-có", "--as-of", "2025-08-14", "-o", "a.html"), "TR-dossier-not-there"),
        ((ID, "--as-of", "2025-08-32", "-o", "a.html"), "TR-option-date"),
        ((ID, "--as-of", "2025-08-14", "-o", "a.pdf"), "TR-file-format"),
        ((ID, "--as-of", "2025-08-14", "-o", "a"), "TR-file-format"),
        ((ID, "--as-of", "2025-08-14", "--form", "apologies", "-o", "a.html"), "TR-usage"),
        ((ID, "--as-of", "2025-08-14"), "TR-usage"),
    ],
)
def test_what_is_unusable_is_said(command: Command, log: Path, arguments: tuple[str, ...], code: str) -> None:
    left, said = command("slip", log, *arguments)
    assert left == 2
    assert code in said


def test_messages_of_a_sender_are_read_too(command: Command, tmp_path: Path) -> None:
    """What a message cannot show is held against nobody: no apology is owed, though one may be drawn up."""
    examples = Path(__file__).parents[2] / "examples" / "messages"
    sent = ("--format", "dvcqg", "--rules", examples / "rules", "--as-of", "2024-10-15", "-o", tmp_path / "a.html")
    code, said = command("slip", examples / "dvcqg.ndjson", "H99.14-240909-0010", *sent)
    assert code == 1
    assert "không có phiếu nào phải lập" in said
    assert "[apology]: chưa rõ: nguồn không ghi được đã gửi hay chưa" in said
