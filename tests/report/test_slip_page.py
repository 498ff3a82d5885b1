"""Slips as a page: whole, safe, reachable, a draft on its face, and blank where a person must speak."""

from __future__ import annotations

import re
from copy import deepcopy
from itertools import pairwise
from typing import Any
from unicodedata import is_normalized

import pytest
from looks import ROOT, Tree, contrast, palettes
from slips import KINDS, apology

from tthc_rules.report.letter import LETTERS, Gap, letter
from tthc_rules.report.slip import slip_page
from tthc_rules.result.slip.data import SLIP_KINDS

HOSTILE = "<script>alert(1)</script>\" onfocus='x' &amp; \u0338\u202e\x00#"


CODES = ("kind", "type", "name")


def poisoned(value: Any, *, codes: bool = False) -> Any:
    """The same slip with hostile words in place of every word in it; codes too, if asked for."""
    if isinstance(value, dict):
        kept = () if codes else CODES
        return {name: one if name in kept else poisoned(one, codes=codes) for name, one in value.items()}
    if isinstance(value, list):
        return [poisoned(one, codes=codes) for one in value]
    return HOSTILE + value if isinstance(value, str) else value


def text_of(page: str) -> str:
    """The words of the page, without its tags."""
    inside = page[max(page.find("<body"), 0) :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inside))


@pytest.fixture(params=[*KINDS, "hostile", "hostile codes", "all"])
def made(request: pytest.FixtureRequest) -> str:
    if request.param == "all":
        return slip_page([*KINDS.values()])
    if request.param.startswith("hostile"):
        return slip_page([poisoned(apology(), codes=request.param.endswith("codes"))])
    return slip_page([KINDS[request.param]])


def test_the_page_is_whole_and_reachable(made: str) -> None:
    tree = Tree(made)
    ids = [attributes["id"] for _, attributes, _ in tree.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(str(one["href"])[1:] in ids for one in tree.all("a"))
    labelled = [str(one) for _, attributes, _ in tree.tags for one in [attributes.get("aria-labelledby")] if one]
    assert set(labelled) <= set(ids)
    names = [tag for tag, _, _ in tree.tags]
    assert [names.count(one) for one in ("h1", "main", "header", "footer", "title")] == [1] * 5
    assert tree.all("html") == [{"lang": "vi"}]
    levels = [int(name[1]) for name in names if re.fullmatch(r"h[1-6]", name)]
    assert all(later - sooner <= 1 for sooner, later in pairwise(levels))
    assert names.count("h2") == names.count("article")
    assert names.count("table") == names.count("caption")
    assert all("scope" in one for one in tree.all("th"))
    assert names[names.index("body") + 1] == "a"  # the link past what comes first
    assert is_normalized("NFC", made)


def test_nothing_comes_from_elsewhere_and_nothing_runs(made: str) -> None:
    tree = Tree(made)
    assert tree.all("script", "link", "img", "iframe", "object", "embed", "base", "form") == []
    attributes = {name for _, found, _ in tree.tags for name in found}
    assert not {name for name in attributes if name.startswith("on") or name in ("src", "style", "action")}
    assert "\x00" not in made
    assert "\u202e" not in made
    policy = next(str(one["content"]) for one in tree.all("meta") if one.get("http-equiv"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src" not in policy


def test_hostile_words_stay_words() -> None:
    made = slip_page([poisoned(apology())])
    said = text_of(made)
    assert made.count("&lt;script&gt;alert(1)") > 40  # in every place that takes words
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in said
    assert r"\u{202e}" in said


@pytest.mark.parametrize("kind", KINDS)
def test_every_sheet_is_marked_as_a_draft(kind: str) -> None:
    tree = Tree(slip_page([KINDS[kind]]))
    assert [one for one in tree.all("p") if one.get("class") == "draft"]
    made = slip_page([KINDS[kind]])
    sheet = made[made.index('class="sheet"') : made.index('class="why')]
    assert "DỰ THẢO" in sheet
    assert "chưa xác nhận" in sheet  # the layout, on the paper itself
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in sheet
    assert "Độc lập - Tự do - Hạnh phúc" in sheet


def test_the_apology_says_what_is_known_and_leaves_the_rest() -> None:
    made = slip_page([apology()])
    sheet = text_of(made[: made.index('class="why')])
    for said in (
        "Mẫu số 04, Thông tư số 03/2025/TT-VPCP",
        "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN",
        "SỞ XÂY DỰNG",
        "Vào 08 giờ 30 phút, ngày 16 tháng 11 năm 2026, Sở Xây dựng tiếp nhận hồ sơ",
        "thủ tục hành chính Cấp giấy phép xây dựng của Ông/Bà/Tổ chức",
        "Thời gian hẹn trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 23 tháng 11 năm 2026",
        "Tuy nhiên đến nay, Sở Xây dựng chưa trả kết quả",
        "(để trống: lý do)",
        "(để trống: thời gian hẹn lại)",
        "(để trống: chức vụ người ký)",
        "- Trung tâm (để điều chỉnh thời gian trả kết quả);",
    ):
        assert said in sheet, said
    assert "Hạn giải quyết tính theo quy định" not in sheet  # it is the appointed one


def test_an_apology_before_the_due_date_does_not_say_that_it_has_passed() -> None:
    sheet = text_of(slip_page([KINDS["in time"]]))
    assert "Dự kiến Sở Xây dựng không trả được kết quả" in sheet
    assert "Tuy nhiên đến nay" not in sheet


def test_below_the_sheet_each_field_says_where_it_comes_from() -> None:
    made = slip_page([apology()])
    below = text_of(made[made.index('class="why') :])
    for one in apology()["fields"]:
        assert one["origin"]["vi"] in below
        assert one["label"]["vi"] in below
    assert below.count("để trống") == sum(one["printed"] is None for one in apology()["fields"])
    assert "Chậm nhất 22/11/2026, đã quá ngày" in below
    assert "CHƯA XÁC NHẬN: khổ giấy, lề" in below
    assert "Gửi vào ngày 25/11/2026 thì: thực hiện muộn" in below
    assert "ghi chú của mẫu" in below


def test_what_is_below_is_not_printed() -> None:
    tree = Tree(slip_page([apology()]))
    for tag, attributes, inside in tree.tags:
        if tag in ("header", "footer", "section"):
            assert "screen" in str(attributes.get("class")), (tag, inside)


def test_two_who_sign_a_refusal_and_one_a_supplement() -> None:
    refusal, supplement = (text_of(slip_page([KINDS[kind]])) for kind in ("refusal", "supplement"))
    assert "NGƯỜI NỘP HỒ SƠ" in refusal
    assert "NGƯỜI TIẾP NHẬN HỒ SƠ" in refusal
    assert "NGƯỜI HƯỚNG DẪN" in supplement


def test_a_blank_takes_the_lines_that_it_needs() -> None:
    paragraphs = letter(KINDS["apology"]).paragraphs
    (reason,) = [runs[-1] for runs in paragraphs if runs[0] == "Lý do: "]
    assert isinstance(reason, Gap)
    assert reason.lines == 2
    inside = [run for runs in paragraphs for run in runs[:-1] if isinstance(run, Gap)]
    assert all(run.lines == 0 for run in inside)


def test_every_kind_has_its_sentences() -> None:
    assert {name.partition(",")[0] for name in LETTERS} == set(SLIP_KINDS)


def test_whatever_is_absent_nothing_crashes() -> None:
    whole = apology()
    for name in whole:
        for value in (None, ...):
            made = deepcopy(whole)
            if value is None:
                made[name] = None
            else:
                del made[name]
            Tree(slip_page([made]))


def test_the_mark_of_a_draft_can_be_read_in_both_modes() -> None:
    """Ink, links and what is faint are held by the test of the account's page, which has the same colours."""
    for colours in palettes():
        for paper in ("paper", "sheet"):
            assert contrast(colours["warn"], colours[paper]) >= 4.5, paper


def test_the_page_has_no_colour_of_its_own_but_the_black_of_print() -> None:
    style = (ROOT / "tthc_rules" / "report" / "slip.css").read_text(encoding="utf-8")
    assert set(re.findall(r"#\w+", style)) <= {"#000", "#fff", "#tieng"}
