"""One paragraph for the applicant, and the page beside it: by hand, from the published calendar of 2026."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import Command
from looks import Tree

from tthc_rules import EngineError, OptionError, Rulebook, Verdict
from tthc_rules.result.counted import MOST_LISTED

FIVE = {"amount": 5, "unit": "workday"}
HOSTILE = "<script>alert(1)</script>\" onload='x' &amp; #"


def event(kind: str, at: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "at": at, **more}


def verdict_on(book: Rulebook, as_of: date, *events: dict[str, Any], **more: Any) -> Verdict:
    return book.evaluate({"dossier_id": "HS-1", "time_limit": FIVE, "events": list(events)} | more, as_of)


def across_tet(book: Rulebook) -> Verdict:
    """Accepted on Thursday 5/2/2026, sent back on the 9th, complete on the 12th: the five workdays are 13, 23–26/2.

    16 to 20/2 are Tết; 14, 15, 21 and 22 are weekends. The letter came on the due date itself, a day late; the result
    on Wednesday 4/3: 27/2, 2, 3 and 4/3 are four workdays late.
    """
    return verdict_on(
        book,
        date(2026, 3, 10),
        event("dossier_accepted", "2026-02-05T08:30", appointed_due="2026-02-12"),
        event("dossier_forwarded", "2026-02-05T09:30"),
        event("supplement_requested", "2026-02-09T09:00"),
        event("supplement_received", "2026-02-12T10:00", appointed_due="2026-02-27"),
        event("apology_sent", "2026-02-26T09:00", reason="chờ xác minh", new_due="2026-03-05"),
        event("reappointed", "2026-02-26T09:10", new_due="2026-03-05"),
        event("result_issued", "2026-03-04T10:00"),
    )


VIETNAMESE = (
    "Hồ sơ HS-1 được tiếp nhận ngày 05/02/2026. Thời hạn giải quyết là 5 ngày làm việc. Kết quả phải trả chậm nhất "
    "thứ Năm, ngày 26/02/2026. Những ngày nghỉ nằm giữa, không tính: 4 ngày cuối tuần; Tết Nguyên đán "
    "(16/02–20/02/2026). Hạn ban đầu là 12/02/2026, sau đó thay đổi: yêu cầu bổ sung hồ sơ ngày 09/02/2026, nhận hồ sơ "
    "bổ sung ngày 12/02/2026: tính lại từ đầu. Phiếu hẹn ghi ngày 27/02/2026. Cơ quan đã hẹn lại ngày 05/03/2026. Có "
    "kết quả giải quyết ngày 04/03/2026: trả trễ hạn 4 ngày làm việc. Điều cơ quan làm muộn: văn bản xin lỗi và đề "
    "nghị gia hạn, chậm nhất 01 ngày trước ngày hết hạn (26/02/2026)."
)
ENGLISH = (
    "Dossier HS-1 was accepted on 05/02/2026. The time limit is 5 workdays. The result is due by Thu, 26/02/2026. Days "
    "off in between, not counted: 4 weekend days; Lunar New Year (16/02–20/02/2026). It was first due on 12/02/2026, "
    "and moved: supplement requested on 09/02/2026, supplement received on 12/02/2026: the limit restarts. The slip "
    "says 27/02/2026. The agency has set a new day, 05/03/2026. Result issued on 04/03/2026: returned late by 4 "
    "workdays. What it did late: apology in writing with a proposed extension, at the latest one day before the due "
    "date (26/02/2026)."
)


def test_one_paragraph_tells_when_why_and_what_is_owed(book: Rulebook) -> None:
    verdict = across_tet(book)
    assert verdict.tell() == VIETNAMESE
    assert verdict.tell("en") == ENGLISH


def test_it_holds_no_code(book: Rulebook) -> None:
    """No id of a rule, a note, an event or a version: what has an underscore or a slash between words."""
    verdict = across_tet(book)
    assert verdict.notes
    assert verdict.assumptions
    for lang in ("vi", "en"):
        assert not re.search(r"[a-z]_[a-z]|TR-|one_stop", verdict.tell(lang))


def test_a_wait_that_ended_and_a_day_taken_out(book: Rulebook) -> None:
    """7, 9 and 10/2 (8 is a Sunday) and 13/2 are out: 6, 11, 12, 23 and 24/2 are the five."""
    verdict = verdict_on(
        book,
        date(2026, 2, 24),
        event("dossier_accepted", "2026-02-05T08:30"),
        event("clock_paused", "2026-02-06T08:00", reason="chờ nộp phí", ground="thông báo"),
        event("clock_resumed", "2026-02-10T08:00"),
        event("interval_excluded", "2026-02-13", **{"from": "2026-02-13", "to": "2026-02-13"}),
    )
    said = verdict.tell()
    assert (
        "Hạn ban đầu là 12/02/2026, sau đó thay đổi: tạm dừng giải quyết ngày 06/02/2026, tiếp tục giải quyết ngày "
        "10/02/2026: khoảng chờ không tính; không tính ngày 13/02/2026." in said
    )
    assert "Kết quả phải trả chậm nhất thứ Ba, ngày 24/02/2026." in said
    assert "Tính đến hết ngày 24/02/2026: đang giải quyết, sắp đến hạn." in said
    assert said.endswith("Việc còn phải làm, hạn cuối 24/02/2026: trả kết quả giải quyết, chậm nhất ngày hết hạn.")


def test_a_make_up_saturday_and_a_last_day_that_is_moved(book: Rulebook) -> None:
    """Saturday 22/8/2026 makes up for 31/8; four days from 28/8 end on 1/9, a day off like 2/9: due on Thursday 3/9."""
    made_up = verdict_on(book, date(2026, 8, 20), event("dossier_accepted", "2026-08-20"))
    assert "Những ngày nghỉ nằm giữa, không tính: 1 ngày cuối tuần. Ngày làm bù, có tính: 22/08/2026." in made_up.tell()
    four = {"amount": 4, "unit": "calendar_day"}
    moved = verdict_on(book, date(2026, 8, 28), event("dossier_accepted", "2026-08-28"), time_limit=four)
    assert "thứ Năm, ngày 03/09/2026. Những ngày nghỉ nằm giữa, không tính: Quốc khánh (02/09/2026)." in moved.tell()


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([], "chưa được ghi nhận là đã tiếp nhận, nên chưa có ngày trả kết quả."),
        ([event("dossier_refused", "2026-02-05")], "Hồ sơ HS-1 không được tiếp nhận. Từ chối hồ sơ ngày 05/02/2026:"),
        (
            [event("dossier_accepted", "2026-02-05"), event("supplement_requested", "2026-02-09")],
            "Thời hạn đang tạm dừng; ngày trả kết quả được tính khi thời hạn chạy tiếp.",
        ),
        (
            [event("dossier_accepted", "2026-02-05"), event("supplement_requested", "2026-02-09")],
            "sau đó thay đổi: yêu cầu bổ sung hồ sơ ngày 09/02/2026, còn đang chờ.",
        ),
    ],
)
def test_what_has_no_due_date_says_why(book: Rulebook, events: list[dict[str, Any]], said: str) -> None:
    assert said in verdict_on(book, date(2026, 2, 20), *events).tell()


def test_an_unknown_limit_is_said_and_a_supposition_comes_first(book: Rulebook) -> None:
    accepted = event("dossier_accepted", "2026-02-05")
    bare = verdict_on(book, date(2026, 2, 20), accepted, time_limit=None)
    assert "Chưa nói được ngày trả kết quả: không biết thời hạn giải quyết." in bare.tell()
    dossier = {"dossier_id": "HS-1", "time_limit": FIVE, "events": [accepted]}
    supposed = book.evaluate(dossier, date(2026, 2, 6), what_if=[event("result_returned", "2026-02-10")])
    assert supposed.tell().startswith("GIẢ ĐỊNH, chưa xảy ra: trả kết quả 10/02/2026. Hồ sơ HS-1")
    assert "GIẢ ĐỊNH" in supposed.to_html()


def test_what_the_source_cannot_show_is_held_against_nobody(book: Rulebook) -> None:
    seen = ["dossier_accepted", "result_issued"]
    verdict = verdict_on(
        book, date(2024, 9, 20), event("dossier_accepted", "2024-08-23"), event("result_issued", "2024-09-06"),
        observes=[*seen, "clock_paused", "supplement_requested", "supplement_received", "clock_resumed"],
    )  # fmt: skip
    assert "không làm" not in verdict.tell()
    assert "Chưa rõ đã làm hay chưa: văn bản xin lỗi" in verdict.tell()


# -- without the dossier behind it -------------------------------------------------------------------------------------


def test_a_verdict_that_was_read_back_is_told_shorter_and_has_no_page(book: Rulebook) -> None:
    whole = across_tet(book)
    for again in (Verdict.model_validate_json(whole.model_dump_json()), pickle.loads(pickle.dumps(whole))):
        assert again == whole
        assert again.tell().startswith(
            "Hồ sơ HS-1 được tiếp nhận ngày 05/02/2026. Kết quả phải trả chậm nhất thứ Năm, ngày 26/02/2026. Phiếu hẹn"
        )
        assert repr(again) == repr(whole)
        assert again._repr_html_() == whole._repr_html_()
        with pytest.raises(EngineError) as refused:
            again.to_html()
        assert refused.value.problems[0].code == "TR-verdict-read-back"
    assert copy.deepcopy(whole).to_html() == whole.to_html()


def test_a_verdict_is_short_where_it_is_shown(book: Rulebook) -> None:
    assert repr(across_tet(book)) == (
        "Verdict(dossier_id='HS-1', as_of=datetime.date(2026, 3, 10), punctuality='returned_late', workdays_late=4, "
        "lawful_due=datetime.date(2026, 2, 26))"
    )
    shown = verdict_on(book, date(2026, 2, 9), event("dossier_accepted", "2026-02-05"), dossier_id="<b>&")._repr_html_()
    assert shown.startswith("<b>Hồ sơ &lt;b&gt;&amp;, xét đến hết 09/02/2026: đang giải quyết, còn hạn</b><br>")


def test_a_language_that_is_not_there_is_refused(book: Rulebook) -> None:
    verdict = across_tet(book)
    for call in (verdict.tell, verdict.to_html):
        with pytest.raises(OptionError, match="TR-option-lang"):
            call("fr")


# -- the page ----------------------------------------------------------------------------------------------------------


def text_of(page: str) -> str:
    inside = page.split("</style></head>")[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inside))


def test_every_day_stands_on_the_page_with_its_name(book: Rulebook) -> None:
    """28 days from 5/2 to 4/3: 7 before the limit restarted, 15 from 12/2 to 26/2, 6 after the due date."""
    page = across_tet(book).to_html()
    rows = re.findall(r'<tr class="d-[a-z]+"><th scope="row">(\S+) <small>(.*?)</small></th><td>(.*?)</td>', page)
    assert len(rows) == 7 + 15 + 6
    by_day = {day: (weekday, re.sub(r"<[^>]+>", " ", kind)) for day, weekday, kind in rows}
    assert by_day["26/02/2026"] == ("thứ Năm", "ngày làm việc")
    assert "Tết Nguyên đán (mùng 1 tháng Giêng)" in by_day["17/02/2026"][1]
    assert "9441/TB-BNV" in by_day["17/02/2026"][1]
    said = text_of(page)
    assert VIETNAMESE in said
    assert "10:00 12/02/2026 nhận hồ sơ bổ sung: tính lại từ đầu; hạn thành 26/02/2026; phiếu ghi ngày trả" in said
    assert "09:10 26/02/2026 hẹn lại ngày trả kết quả: ngày trả mới 05/03/2026" in said
    assert "10:00 04/03/2026 có kết quả giải quyết: kết thúc" in said
    assert "Văn bản xin lỗi và đề nghị gia hạn, chậm nhất 01 ngày trước ngày hết hạn" in said
    assert not re.search(r"\b[a-z]+_[a-z_]+\b|TR-", said)


def test_the_english_page_is_english(book: Rulebook) -> None:
    page = across_tet(book).to_html("en")
    assert '<html lang="en">' in page
    said = text_of(page)
    assert ENGLISH in said
    left = re.findall(r"\S*[ăâđêôơưạảấầậếềệỉịọốồộớờợụứừựỳỹ]\S*", said)
    assert {word.strip(",;()") for word in left} <= {"118/2025/NĐ-CP", "63/2010/NĐ-CP", "NĐ-CP"}


def test_the_page_of_a_dossier_that_waits_goes_to_the_day_asked_about(book: Rulebook) -> None:
    """Stopped on Monday 9/2, asked about on Thursday 12/2: 5 to 9/2 and three days that do not count."""
    verdict = verdict_on(
        book, date(2026, 2, 12), event("dossier_accepted", "2026-02-05"), event("supplement_requested", "2026-02-09")
    )
    page = verdict.to_html()
    assert page.count('<tr class="d-stop">') == 3
    assert page.count('<tr class="d-on">') == 2  # Friday and Monday
    assert "không tính: thời hạn tạm dừng" in page


@pytest.mark.parametrize(
    "dossier",
    [
        {"dossier_id": "HS-0", "events": []},
        {"dossier_id": "HS-2", "events": [event("dossier_accepted", "2026-02-05")]},
        {"dossier_id": HOSTILE, "time_limit": FIVE, "events": [event("dossier_accepted", "2026-02-05")]},
        {"dossier_id": "HS-3", "time_limit": {"amount": 9, "unit": "work_hour"},
         "events": [event("dossier_accepted", "2026-02-05T14:30")]},
        {"dossier_id": "HS-4", "time_limit": {"amount": 3, "unit": "year"},
         "events": [event("dossier_accepted", "2026-02-05T14:30")]},
    ],
    ids=lambda dossier: str(dossier["dossier_id"])[:4],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_is_whole_and_safe(book: Rulebook, dossier: dict[str, Any], lang: str) -> None:
    page = book.evaluate(dossier, date(2026, 3, 10)).to_html(lang)
    tree = Tree(page)
    assert not tree.all("script", "link", "img", "iframe", "form")
    assert not [name for _, attributes, _ in tree.tags for name in attributes if name.startswith(("on", "style"))]
    names = [tag for tag, _, _ in tree.tags]
    assert [names.count(one) for one in ("h1", "main", "header", "footer", "title")] == [1] * 5
    assert names.count("table") == names.count("caption")
    ids = {attributes.get("id") for _, attributes, _ in tree.tags}
    assert all(str(one["href"])[1:] in ids for one in tree.all("a"))
    assert page.count('<tr class="d-') <= MOST_LISTED


# -- the command -------------------------------------------------------------------------------------------------------

LOG = (
    "dossier_id,kind,at,time_limit.amount,time_limit.unit\n"
    "HS-1,dossier_accepted,2026-02-05T08:30,5,workday\nHS-1,result_issued,2026-02-11T08:30,5,workday\n"
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    made = tmp_path / "nhật ký.csv"
    made.write_text(LOG, encoding="utf-8")
    return made


def test_the_command_writes_the_page_and_says_the_paragraph(command: Command, log: Path, book: Rulebook) -> None:
    page = log.with_name("trang.html")
    code, said = command("timeline", log, "HS-1", "--as-of", "2026-03-10", "-o", page)
    verdict = verdict_on(
        book,
        date(2026, 3, 10),
        event("dossier_accepted", "2026-02-05T08:30"),
        event("result_issued", "2026-02-11T08:30"),
    )
    assert (code, said) == (0, f"{verdict.tell()}\n→ {page}\n")
    assert page.read_text(encoding="utf-8") == verdict.to_html()
    assert command("timeline", log, "HS-1", "--as-of", "2026-03-10", "-o", page, "--lang", "en")[0] == 0
    assert page.read_text(encoding="utf-8") == verdict.to_html("en")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("HS-1", "-o", "trang.pdf"), "TR-file-format"),
        (("HS-9", "-o", "trang.html"), "TR-dossier-not-there"),
        (("HS-1", "-o", "không có/trang.html"), "TR-result-unwritable"),
    ],
)
def test_what_cannot_be_written_or_is_not_there_leaves_nothing(
    command: Command, log: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: str
) -> None:
    monkeypatch.chdir(log.parent)
    before = sorted(log.parent.iterdir())
    exit_code, said = command("timeline", log.name, arguments[0], "--as-of", "2026-03-10", *arguments[1:])
    assert exit_code == 2
    assert code in said
    assert sorted(log.parent.iterdir()) == before
