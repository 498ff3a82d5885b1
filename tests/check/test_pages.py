"""The pages for lawyers: generated, current, and complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tthc_rules import InputFileError, Rulebook
from tthc_rules.check.pages import INDEX, pages, seed_rows
from tthc_rules.cli.rules import write_pages

PAGES = Path(__file__).parents[2] / "docs" / "rules"


@pytest.fixture(scope="module")
def made(book: Rulebook) -> dict[str, str]:
    return pages(book.corpus)


def test_the_pages_in_docs_are_current(made: dict[str, str]) -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    assert written.keys() == made.keys()
    stale = [name for name, text in made.items() if written[name] != text]
    assert stale == [], "tthc-rules check rulesets --pages docs/rules"


def test_each_rule_has_its_clause_quote_and_status(book: Rulebook, made: dict[str, str]) -> None:
    for family, rules in book.corpus.rules.items():
        for name, versions in rules.items():
            page = made[f"{name}.md" if family == "one_stop" else f"{family.replace('/', '-')}-{name}.md"]
            for version in versions:
                assert version.version in page
                for citation in version.citations:
                    assert citation.say("vi") in page
                    assert citation.quote in page


def test_what_is_not_confirmed_is_on_its_page(made: dict[str, str]) -> None:
    page = made["chua-xac-nhan.md"]
    for name in ("r0_supplement_effect", "r1_supplement_effect"):
        assert name in page


def test_a_page_says_both_languages(made: dict[str, str]) -> None:
    assert "Văn bản xin lỗi" in made["apology_before_due.md"]
    assert "Apology in writing" in made["apology_before_due.md"]


def test_the_table_of_the_source_documents_is_whole(book: Rulebook, made: dict[str, str]) -> None:
    page = made["van-ban-nguon.md"]
    rows = seed_rows(book.corpus)
    assert len(rows) == 86
    assert all(f"| {row} |" in page for row in rows)


def test_pages_never_take_the_place_of_a_file_of_the_user(book: Rulebook, tmp_path: Path) -> None:
    """A note beside the pages stays; a page that is no more goes; a folder with somebody's README is refused."""
    own = tmp_path / "own"
    own.mkdir()
    (own / INDEX).write_text("sổ tay của tôi", encoding="utf-8")
    with pytest.raises(InputFileError, match="TR-output-foreign"):
        write_pages(book, own)
    assert [path.name for path in own.iterdir()] == [INDEX]
    assert (own / INDEX).read_text(encoding="utf-8") == "sổ tay của tôi"
    folder = tmp_path / "pages"
    write_pages(book, folder)
    (folder / "ghi-chu.md").write_text("của tôi", encoding="utf-8")
    (folder / "cu.md").write_text("trang cũ", encoding="utf-8")
    index = folder / INDEX
    index.write_text(index.read_text(encoding="utf-8") + "- [cũ](cu.md)\n", encoding="utf-8")
    write_pages(book, folder)
    assert (folder / "ghi-chu.md").read_text(encoding="utf-8") == "của tôi"
    assert not (folder / "cu.md").exists()


def test_the_law_in_force_names_who_by_when_and_the_clause(made: dict[str, str]) -> None:
    lines = made["luat-hien-hanh.md"].splitlines()
    apology = next(line for line in lines if "(`apology_before_due`)" in line)
    assert "01 ngày trước hạn theo luật" in apology
    assert "khoản 6 Điều 19 Nghị định số 118/2025/NĐ-CP" in apology
    assert "61/2018/NĐ-CP" not in apology
    head = next(line for line in lines if "(`head_answers_for_tthc`)" in line)
    assert "khoản 5 Điều 8 80/2025/QH15" in head
    assert "mọi đơn vị / any unit" in head
    posting = next(line for line in lines if "(`national_db_posting`)" in line)
    assert "10 ngày làm việc từ khi / 10 workdays after: ký quyết định công bố thủ tục" in posting
    answer = next(line for line in lines if "(`online_answer`)" in line)
    assert "08 giờ làm việc từ khi hệ thống tiếp nhận hồ sơ nộp trực tuyến / 8 working hours after" in answer
    once = next(line for line in lines if "(`supplement_once`)" in line)
    assert "cán bộ, công chức thụ lý" in once
    report = next(line for line in lines if "(`control_report`)" in line)
    assert "hằng tháng, chậm nhất ngày 20 / every month, by day 20" in report


def test_what_nobody_read_stands_apart_from_the_law(made: dict[str, str]) -> None:
    """CT 13/CT-TTg, NQ 85/NQ-CP, the clocks of QĐ 766/QĐ-TTg were not read; TP.HCM's letter only in the press."""
    law, apart = made["luat-hien-hanh.md"].split("# Không phải luật đã đọc")
    for name in ("dialogue_6m", "late_list_monthly", "petition_handle", "petition_refuse", "overlay_hcmc_2016"):
        assert f"(`{name}`)" not in law
        assert f"(`{name}`)" in apart
    assert "CHƯA XÁC NHẬN" not in law


def test_the_level_that_has_gone_and_days_long_past_are_no_law_in_force(made: dict[str, str]) -> None:
    law = made["luat-hien-hanh.md"]
    assert "Ủy ban nhân dân cấp huyện / district" not in law
    assert "`party_plan_2014`" not in law


@pytest.mark.parametrize("ended", ["scoring_report", "apology_r1", "overlay_tuyen_quang_form04"])
def test_what_has_ended_is_no_law_in_force(made: dict[str, str], ended: str) -> None:
    assert f"(`{ended}`)" not in made["luat-hien-hanh.md"]


def test_the_decrees_stand_clause_beside_clause(made: dict[str, str]) -> None:
    """NĐ 61 Art. 19(9) lives on as NĐ 118 Art. 19(6); Art. 37(2)(d) as 38(2)(đ); the director's sole office is new."""
    lines = made["nd61-nd118.md"].splitlines()

    def row(name: str) -> list[str]:
        return next(line for line in lines if f"(`{name}`)" in line).split(" | ")

    _, old, new, _ = row("apology_before_due")
    assert "khoản 9 Điều 19 Nghị định số 61/2018/NĐ-CP" in old
    assert "khoản 6 Điều 19 Nghị định số 118/2025/NĐ-CP" in new
    _, old, new, _ = row("apology_by_chair")
    assert "điểm d khoản 2 Điều 37 Nghị định số 61/2018/NĐ-CP" in old
    assert "điểm đ khoản 2 Điều 38 Nghị định số 118/2025/NĐ-CP" in new


def test_the_decrees_name_what_goes_on_and_what_has_gone(made: dict[str, str]) -> None:
    """NĐ 61 Art. 18(3), 10(2)(b), 10(3) have no successor; each agency's deadline lives on in NĐ 118 Art. 20(2)."""
    text = made["nd61-nd118.md"]
    assert [
        text.count(f"(`{name}`)") for name in ("no_general_15h_start", "no_pause_on_supplement", "sector_return")
    ] == [
        0,
        0,
        0,
    ]
    going, gone = text.split("## Không còn")
    assert "(`per_agency_deadline`)" in going.split("## Mới")[0]
    assert "điểm a khoản 2 Điều 20 Nghị định số 118/2025/NĐ-CP" in going
    assert set(re.findall(r"\(`(\w+)`\)", gone)) == {
        "office_one_stop_department",
        "office_one_stop_district",
        "transfer_other_authority",
    }
    commune = next(line for line in going.splitlines() if "(`office_one_stop_commune`)" in line)
    assert commune.startswith("| Giám đốc Trung tâm Phục vụ hành chính công cấp xã là một Phó Chủ tịch")
    assert "gồm Giám đốc tương đương Trưởng phòng" in commune.split(" | ")[3]


def test_what_is_unread_is_told_in_the_order_in_which_to_fetch_it(made: dict[str, str]) -> None:
    lines = made["chua-xac-nhan.md"].splitlines()
    wanted = [line for line in lines if line.startswith(("| 1 |", "| 2 |"))]
    assert "6050/2026" in wanted[0]
    assert "367/2025/NĐ-CP" in wanted[1]
