"""What a person reads: the explanation says what was recorded and nothing else; nothing in it acts on a terminal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tthc_rules import DossierError, Rulebook
from tthc_rules.errors import Problem, visible

AS_OF = date(2024, 9, 1)


def told(
    book: Rulebook, *events: dict[str, Any], lang: str = "vi", lateness: str = "by_date", **more: Any
) -> list[str]:
    """The lines of an explanation; five workdays from Monday, 5 August 2024: due on the 12th, returned on the 15th."""
    dossier = {
        "dossier_id": "H1",
        "time_limit": {"amount": 5, "unit": "workday"},
        "events": [
            {"kind": "dossier_accepted", "at": "2024-08-05T08:30", **more},
            *events,
            {"kind": "result_issued", "at": "2024-08-15T09:00"},
        ],
    }
    return book.evaluate(dossier, AS_OF, lateness=lateness).explain(lang).splitlines()


def apology(**fields: Any) -> dict[str, Any]:
    return {"kind": "apology_sent", "at": "2024-08-09T09:00", **fields}


def of_duty(lines: list[str], duty: str) -> list[str]:
    """The line of a duty, and what stands under it."""
    at = next(at for at, line in enumerate(lines) if f"({duty}, " in line)
    rest = lines[at + 1 :]
    return [lines[at], *rest[: next((n for n, line in enumerate(rest) if not line.startswith("      ")), len(rest))]]


# -- what was not recorded is not told ---------------------------------------------------------------------------------


def test_no_slip_and_no_reappointment_is_told_that_was_not_recorded(book: Rulebook) -> None:
    lines = told(book, apology(reason="chờ xác minh"))
    assert "  Hạn ban đầu: 12/08/2024" in lines
    assert "  Hạn theo luật: 12/08/2024" in lines
    assert "  09:00 09/08/2024  gửi văn bản xin lỗi" in lines
    assert not [line for line in lines if "Hạn sau hẹn lại" in line or "phiếu hẹn" in line]
    assert "  09:00 09/08/2024  apology sent" in told(book, apology(), lang="en")


def test_a_slip_and_a_reappointment_that_were_recorded_are_told(book: Rulebook) -> None:
    again = {"kind": "reappointed", "at": "2024-08-09T09:05", "new_due": "2024-08-16"}
    lines = told(book, apology(), again, appointed_due="2024-08-12")
    assert "  Hạn sau hẹn lại: 16/08/2024" in lines
    assert "  Ngày trên phiếu hẹn: 12/08/2024" in lines
    assert "  Ngày trên phiếu hẹn: 16:30 12/08/2024" in told(book, appointed_due="2024-08-12T16:30")


def test_a_policy_that_asks_for_the_slip_says_that_there_is_none(book: Rulebook) -> None:
    said = "  Hồ sơ không ghi ngày hẹn trên phiếu: lấy hạn ban đầu thay vào"
    assert said in told(book, lateness="promised_by_date")
    assert said not in told(book, lateness="promised_by_date", appointed_due="2024-08-12")
    assert said not in told(book)


# -- why an outcome ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "outcome", "why"),
    [
        (
            {"reason": "", "new_due": "2024-08-16"},
            "không thực hiện",
            "gửi văn bản xin lỗi 09/08/2024: lý do để trống",
        ),
        (
            {"reason": "chờ xác minh"},
            "chưa kết luận được",
            "gửi văn bản xin lỗi 09/08/2024: không ghi nhận có hẹn ngày mới hay không",
        ),
        (
            {},
            "chưa kết luận được",
            (
                "gửi văn bản xin lỗi 09/08/2024: không ghi nhận có nêu lý do hay không, "
                "không ghi nhận có hẹn ngày mới hay không"
            ),
        ),
        ({"reason": "chờ xác minh", "new_due": "2024-08-16"}, "đã thực hiện", "đã làm 09/08/2024"),
    ],
)
def test_the_reason_that_is_empty_is_said_to_be_empty(
    book: Rulebook, fields: dict[str, str], outcome: str, why: str
) -> None:
    lines = of_duty(told(book, apology(**fields)), "apology_content")
    assert lines[0].startswith(f"  [{outcome}] ")
    assert lines[1] == f"      {why}"


def test_the_empty_reason_in_english(book: Rulebook) -> None:
    lines = of_duty(told(book, apology(reason="", new_due="2024-08-16"), lang="en"), "apology_content")
    assert lines[1] == "      apology sent 09/08/2024: the reason is empty"


# -- citations ---------------------------------------------------------------------------------------------------------


def test_a_citation_says_where_it_was_read(book: Rulebook) -> None:
    """TT 01/2018 stands beside Decree 61 for the fault of the applicant, as the rule file says."""
    lines = of_duty(told(book), "supplement_once")
    assert (
        "      Căn cứ: điểm c khoản 3 Điều 13 Thông tư số 01/2018/TT-VPCP (đã đọc văn bản; loại trừ lỗi của người nộp)"
        in lines
    )
    verdict = book.evaluate({"dossier_id": "H1", "events": [{"kind": "dossier_accepted", "at": "2024-08-05"}]}, AS_OF)
    found = verdict.finding("supplement_once")
    assert found is not None
    assert [citation.source for citation in found.duty.citations] == ["", "loại trừ lỗi của người nộp"]


# -- nothing acts on a terminal: the report x11_escapes_and_formulas ---------------------------------------------------

HOSTILE = "A\x1b[31m\u202eB\u200b\x85\nKẾT LUẬN: đúng hạn"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (HOSTILE, r"A\u{1b}[31m\u{202e}B\u{200b}\u{85}\u{a}KẾT LUẬN: đúng hạn"),
        ("Sở Tư pháp – «Nguyễn Thị Ánh» 😀\u00a01", "Sở Tư pháp – «Nguyễn Thị Ánh» 😀\u00a01"),
        ("\t\r\x7f\u2028\ufeff", r"\u{9}\u{d}\u{7f}\u{2028}\u{feff}"),
        ("nửa \ud83d", r"nửa \u{d83d}"),
    ],
)
def test_what_controls_hides_or_turns_text_is_shown_as_its_number(written: str, shown: str) -> None:
    assert visible(written) == shown


def test_a_problem_is_as_many_lines_as_it_has_whatever_is_in_it() -> None:
    said = Problem("TR-x", HOSTILE, HOSTILE, HOSTILE, known=(HOSTILE,), nearest=HOSTILE).render()
    assert len(said.splitlines()) == 4
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_the_words_of_a_dossier_stay_in_their_line(book: Rulebook) -> None:
    """Whatever a dossier says of itself, an explanation has no line and no colour of its making."""
    dossier = {
        "dossier_id": "H1",
        "events": [
            {"kind": "dossier_accepted", "at": "2024-08-05T08:30"},
            {"kind": HOSTILE, "at": "2024-08-06T08:30"},
        ],
    }
    try:
        said = book.evaluate(dossier, AS_OF).explain()
    except DossierError as error:
        said = str(error)
    assert r"\u{1b}[31m\u{202e}B" in said
    assert not {"\x1b", "\u202e", "\u200b", "\x85"} & set(said)
    assert "KẾT LUẬN: đúng hạn" not in said.splitlines()
