"""The page by its structure: whole, safe, reachable, and honest about what is missing."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from copy import deepcopy
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from unicodedata import is_normalized

import pytest
from looks import VOID, Tree, contrast, palettes
from written import NO_COUNTS, account, figure, future, idle, problem, unit

from tthc_rules.report import words
from tthc_rules.report.markup import count, day, esc, number, period
from tthc_rules.report.page import page

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<script>alert(1)</script>\" onfocus='x' &amp; \u0338\u202e\ud800\x00#"


def poisoned(value: Any) -> Any:
    """The same account with hostile words in place of every word in it."""
    if isinstance(value, dict):
        return {name: poisoned(one) for name, one in value.items()}
    if isinstance(value, list):
        return [poisoned(one) for one in value]
    return HOSTILE + value if isinstance(value, str) else value


def renamed(old: str, new: str) -> dict[str, Any]:
    """The account with a key or a word of that name changed everywhere."""
    made: dict[str, Any] = json.loads(json.dumps(account()).replace(json.dumps(old), json.dumps(new)))
    return made


def many(size: int) -> dict[str, Any]:
    units = [unit(f"don-vi-{at}", f"Sở số {at}") for at in range(size)]
    return account(units=units, problems=[problem("TR-account-no-head", "warning", one["unit"]) for one in units])


ACCOUNTS = {
    "plain": account(),
    "empty": {},
    "no units": account(units=[], officers=[], total={"counts": NO_COUNTS, "indicators": {}}),
    "future": future(),
    "open": account(
        closed=False, as_of="2024-11-11", problems=[problem("TR-account-period-open", "warning", "2024-Q4")]
    ),
    "nobody's": account(units=[unit(None, None)]),
    "hostile words": poisoned(account(problems=[problem("TR-account-no-head", "warning")])),
    "hostile names": renamed("on_time_qd766", "on_time_" + HOSTILE.replace("\ud800", "")),
    "hostile duty": renamed("monthly_staff_notice", '"><b onclick=x>'),
    "many": many(40),
}


@pytest.fixture(params=ACCOUNTS)
def made(request: pytest.FixtureRequest) -> str:
    return page(ACCOUNTS[request.param])


def test_the_page_is_whole_and_every_anchor_resolves(made: str) -> None:
    tree = Tree(made)
    ids = [attributes["id"] for _, attributes, _ in tree.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [str(one["href"]) for one in tree.all("a")]
    assert all(target.startswith("#") and target[1:] in ids for target in targets), targets
    named = [one for _, attributes, _ in tree.tags for one in str(attributes.get("aria-labelledby") or "").split()]
    assert set(named) <= set(ids)
    assert set(re.findall(r"url\((.*?)\)", made)) <= {f"#{one}" for one in ids}


def test_the_page_has_the_parts_that_a_reader_without_eyes_needs(made: str) -> None:
    tree = Tree(made)
    names = [tag for tag, _, _ in tree.tags]
    assert [names.count(one) for one in ("h1", "main", "header", "footer", "nav", "title")][:5] == [1] * 5
    assert tree.all("html") == [{"lang": "vi"}]
    levels = [int(name[1]) for name in names if re.fullmatch(r"h[1-6]", name)]
    assert all(later - sooner <= 1 for sooner, later in pairwise(levels))
    assert names.count("table") == names.count("caption")
    assert all("scope" in one for one in tree.all("th"))
    plots = [one for one in tree.all("svg") if one.get("role") == "img"]
    assert all(one.get("role") == "img" or one.get("aria-hidden") == "true" for one in tree.all("svg"))
    assert names.count("desc") == len(plots)
    assert names[names.index("body") + 1] == "a"  # the link past the navigation comes first


def test_nothing_comes_from_elsewhere(made: str) -> None:
    tree = Tree(made)
    assert not tree.all("link", "img", "iframe", "object", "embed", "base", "form")
    assert not [one for _, attributes, _ in tree.tags for one in attributes if one in ("src", "style", "action")]
    assert "@import" not in made
    policy = next(str(one["content"]) for one in tree.all("meta") if one.get("http-equiv"))
    assert policy.startswith("default-src 'none';")
    script = b64encode(sha256("".join(tree.scripts).encode()).digest()).decode()
    style = made[made.index("<style>") + 7 : made.index("</style>")]
    assert f"script-src 'sha256-{script}'" in policy
    assert f"style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy


def test_words_of_users_stay_words(made: str) -> None:
    tree = Tree(made)
    assert len(tree.all("script")) == 1
    assert not [name for _, attributes, _ in tree.tags for name in attributes if name.startswith("on")]
    assert is_normalized("NFC", made)
    assert not set("\x00\u202e\ud800") & set(made)
    made.encode("utf-8")


def test_a_mark_that_joins_its_neighbour_does_not_eat_a_tag() -> None:
    assert esc("\u0338a") == "\u25cc\u0338a"
    assert esc("Sở\u0300") == esc("Sở\u0300".encode().decode())
    assert esc("Sơ\u0309") == "Sở"


# -- nothing missing is a zero, nothing crashes ------------------------------------------------------------------------


ENGLISH = re.compile(r'\s*<span class="en" lang="en">.*?</span>', re.DOTALL)


def text_of(made: str) -> str:
    """What a reader of Vietnamese reads."""
    read = ENGLISH.sub("", made)
    return re.sub(r" ([.,;:)])", r"\1", re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", read)))


# -- every word in both languages --------------------------------------------------------------------------------------

VIETNAMESE = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)
BLOCKS = (
    "p",
    "li",
    "th",
    "td",
    "dt",
    "dd",
    "caption",
    "summary",
    "h1",
    "h2",
    "h3",
    "h4",
    "figcaption",
    "label",
    "option",
)


class Beside(HTMLParser):
    """The Vietnamese of a page that has no English in the same block or attribute."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, list[str], list[str]]] = [("", [], [])]
        self.inside: list[str] = []
        self.alone: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.alone += [said for name in ("aria-label", "title") if VIETNAMESE.search(said := given.get(name) or "")
                       and " / " not in said]  # fmt: skip
        if tag not in VOID:
            self.inside.append("en" if given.get("class") == "en" else tag)
        if tag in BLOCKS:
            self.blocks.append((tag, [], []))

    def handle_endtag(self, tag: str) -> None:
        self.inside.pop()
        if tag in BLOCKS:
            _, vietnamese, in_english = self.blocks.pop()
            self.alone += [] if in_english else vietnamese

    def handle_data(self, data: str) -> None:
        if self.inside and self.inside[-1] == "en":
            self.blocks[-1][2].append(data)
        elif VIETNAMESE.search(data) and " / " not in data and not {"script", "style", "title"} & set(self.inside):
            self.blocks[-1][1].append(data.strip())


def of_ascii(value: Any) -> Any:
    """The same account without the diacritics of its users; what is said in both languages stays."""
    if isinstance(value, dict):
        both = {"vi", "en"} <= set(value)
        return value if both else {name: of_ascii(one) for name, one in value.items()}
    if isinstance(value, list):
        return [of_ascii(one) for one in value]
    return VIETNAMESE.sub("x", value) if isinstance(value, str) else value


@pytest.mark.parametrize("name", ["plain", "empty", "no units", "future", "open", "nobody's"])
def test_every_word_stands_in_both_languages(name: str) -> None:
    assert Beside(page(of_ascii(ACCOUNTS[name]))).alone == []


def test_english_is_shown_from_the_beginning_where_it_is_asked_for() -> None:
    assert 'id="tieng-anh" checked>' in page(account(), "en")
    assert "<title>Account of units and heads, Q4/2024</title>" in page(account(), "en")
    assert 'id="tieng-anh">' in page(account())


# -- the sentences -----------------------------------------------------------------------------------------------------


def sentences(made: str, english: bool = False) -> list[str]:
    inside = re.search(r'<ul class="opening">(.*?)</ul>', made, re.DOTALL)
    assert inside
    lines = re.findall(r'<li>(.*?) <span class="en" lang="en">(.*?)</span></li>', inside[1])
    return [line[english].replace("\u00a0", " ") for line in lines]


def before(rate: float, late: int) -> dict[str, Any]:
    counts = {"received": 9, "carried_over": 1, "finished": 8, "late": late}
    return {"period": "2024-Q3", "counts": counts, "indicators": {"on_time_qd766": rate}}


def test_the_page_opens_with_the_worst_the_change_and_what_is_awaited() -> None:
    """Rate 33.33 against 30, eight late against nine; one duty is pending until 31/10, one missed, one not known."""
    made = page(account(before=before(30.0, 9)))
    assert sentences(made) == [
        "Đơn vị có hồ sơ trễ: Sở Xây dựng (8 trong 12 hồ sơ).",
        "So với quý III/2024: tỷ lệ đúng hạn tăng 3,33 điểm phần trăm (30,00 % → 33,33 %); hồ sơ trễ 9 → 8.",
        "Việc chờ người đứng đầu: Hằng tháng thông báo (Sở Xây dựng), chậm nhất 31/10/2024.",
        "Nghĩa vụ của đơn vị: 1 không thực hiện, 1 chưa rõ đã làm hay chưa.",
    ]
    assert sentences(made, english=True)[:2] == [
        "The unit with late dossiers: Sở Xây dựng (8 of 12 dossiers).",
        "Against Q3/2024: on-time rate up 3,33 percentage points (30,00 % → 33,33 %); late dossiers 9 → 8.",
    ]


def test_of_many_units_the_three_with_most_late_are_named() -> None:
    units = [unit(f"u{at}", f"Sở {at}") for at in range(5)]
    for at, one in enumerate(units):
        one["counts"]["late"] = at
    made = page(account(units=units, before=before(33.33, 8)))
    said = sentences(made)
    assert said[0] == (
        "Ba đơn vị nhiều hồ sơ trễ nhất: Sở 4 (4 trong 12 hồ sơ); Sở 3 (3 trong 12 hồ sơ); Sở 2 (2 trong 12 hồ sơ)."
    )
    assert "không đổi (33,33 % → 33,33 %)" in said[1]
    assert said[2].endswith("; và 2 việc nữa.")


def test_nothing_late_nothing_before_nothing_awaited_is_said() -> None:
    made = page(account(units=[idle()], before=None))
    assert sentences(made) == [
        "Không cơ quan giải quyết nào có hồ sơ trễ.",
        "Không so được với kỳ trước: kết quả đưa vào không có hồ sơ nào của kỳ trước.",
        "Không việc nào có ngày còn chờ người đứng đầu.",
    ]
    assert "opening" not in page(future()).split("<main")[1].split("</main")[0]


def test_the_purpose_stands_at_the_top() -> None:
    before = page(account()).split("<main")[0]
    assert "trang này không xếp loại, không quyết định và không xử lý ai" in before


def test_a_future_period_has_no_figures_and_says_so() -> None:
    said = text_of(page(future()))
    assert "KỲ CHƯA BẮT ĐẦU" in said
    assert "chưa rõ: kỳ chưa có số liệu" in said
    assert "Không có đơn vị nào trong sổ này." in said
    assert "điều cần biết về 2024-Q4" in said


def test_an_open_period_is_marked_in_the_head() -> None:
    assert "KỲ CHƯA HẾT" in page(ACCOUNTS["open"]).split("<main")[0]


def test_a_zero_denominator_is_no_zero() -> None:
    said = page(account(units=[idle()], total={"counts": NO_COUNTS, "indicators": {"on_time_qd766": figure(None)}}))
    assert "không tính được: mẫu số bằng 0" in said
    assert "0,00 %" not in said.replace("\u00a0", " ")


def test_a_zero_that_was_counted_is_a_zero() -> None:
    assert "0,00\u00a0%" in page(account())  # December: 0 of 12


def test_what_nobody_knows_is_said() -> None:
    said = text_of(page(account()))
    assert "chưa rõ: loại đơn vị" in said
    assert "Chưa rõ ai giữ chức vụ nào của đơn vị này trong kỳ." in said
    assert "chưa rõ ai giữ chức vụ – 8 hồ sơ" in said
    assert "chưa rõ: hồ sơ không ghi cán bộ thụ lý" in said
    assert "sổ sự kiện không ghi, và không được khai là đã đầy đủ" in said
    assert "chưa rõ: không có dữ liệu – chỉ số 2" in said
    assert "và 1 hồ sơ nữa" in said


def test_a_unit_without_a_name_is_named_so() -> None:
    assert "Chưa rõ đơn vị" in page(ACCOUNTS["nobody's"])


def test_apologies_add_up_and_the_rest_is_unknown() -> None:
    assert "trên 8 hồ sơ trễ; đã có 3, chưa rõ\u00a01" in page(account())
    one = unit()
    del one["rating"]
    assert "trên 8 hồ sơ trễ; đã có 0, chưa rõ\u00a08" in page(account(units=[one]))


def tiles(made: str) -> dict[str, str]:
    """What each tile says in big letters."""
    read = ENGLISH.sub("", made)
    found = re.findall(r'<div class="tile [^"]*"><dt>(.*?)<.*?<span class="big">(.*?)</span><span class="sub">', read)
    return {name.strip(): re.sub(r"<[^>]+>", "", big) for name, big in found}


def test_where_nothing_could_be_judged_no_tile_says_nought() -> None:
    """Two rows with errors, three without a due date: none of them is known to be in time."""
    nothing = {"counts": NO_COUNTS, "indicators": {"on_time_qd766": figure(None)}}
    rows = {"read": 5, "errors": 2, "repeated": 0, "left_out": {"undetermined": 3}}
    made = page(account(units=[], officers=[], total=nothing, rows=rows))
    assert tiles(made) == {
        "Hồ sơ trong kỳ": "chưa rõ",
        "Tỷ lệ đúng hạn": "chưa rõ",
        "Trả trễ hạn": "chưa rõ",
        "Quá hạn, chưa trả": "chưa rõ",
        "Nghĩa vụ của đơn vị không thực hiện": "chưa rõ",
    }
    assert made.count("5 hồ sơ không chấm được hoặc chưa xác định được hạn") == 4


def test_a_period_without_a_dossier_has_none_and_nothing_to_judge() -> None:
    nothing = {"counts": NO_COUNTS, "indicators": {"on_time_qd766": figure(None)}}
    rows = {"read": 0, "errors": 0, "repeated": 0, "left_out": {}}
    made = tiles(page(account(units=[], officers=[], total=nothing, rows=rows)))
    assert (made["Hồ sơ trong kỳ"], made["Trả trễ hạn"], made["Quá hạn, chưa trả"]) == ("0", "—", "—")


def test_apologies_and_duties_of_which_nothing_is_known_are_not_nought() -> None:
    one = unit()
    one["rating"] |= {"missing_apologies": 0, "unknown_apologies": 8}
    one["duties"] = [duty for duty in one["duties"] if duty["outcome"] == "unknown"]
    made = tiles(page(account(units=[one])))
    assert made["Chưa có văn bản xin lỗi"] == "chưa rõ"
    assert made["Nghĩa vụ của đơn vị không thực hiện"] == "chưa rõ"
    assert tiles(page(account()))["Chưa có văn bản xin lỗi"] == "4"
    assert tiles(page(account()))["Nghĩa vụ của đơn vị không thực hiện"] == "1"


def test_a_sum_of_a_few_indicators_gets_no_class() -> None:
    said = page(account())
    assert "mới có 1/9 chỉ số: không nêu mức" in said
    whole = unit()
    whole["indicators"]["tt01_unit_band"] |= {"n_indicators": 9}
    assert "mức theo công thức: yếu" in text_of(page(account(units=[whole])))


def test_a_review_trigger_is_not_shown_as_missed() -> None:
    said = ENGLISH.sub("", page(account())).replace("<b>", "").replace("</b>", "")
    assert said.count("không thực hiện") >= 1
    assert "cần người có thẩm quyền xem xét" in said
    assert "chưa rõ\u00a01 · làm muộn\u00a01 · chưa đến lúc\u00a01 · cần xem xét\u00a01" in said


def test_what_a_head_answers_for_is_not_shown_as_undone() -> None:
    """`head_answers_for_tthc`: the period has late dossiers; nothing was left undone by that."""
    whole = account()
    duty = whole["units"][0]["duties"][0]
    plain = {**duty, "duty": "head_answers_for_tthc", "outcome": "missed", "class": "rating_input"}
    undone, finding = (
        text_of(page({**whole, "units": [{**whole["units"][0], "duties": [one]}]}))
        for one in (plain, {**plain, "is_finding": True})
    )
    assert "không thực hiện" in undone
    assert "cần người có thẩm quyền xem xét" in finding
    assert undone.count("không thực hiện") > finding.count("không thực hiện")


@pytest.mark.parametrize("code", sorted(words.PROBLEMS))
def test_every_problem_is_named(code: str) -> None:
    said = text_of(page(account(problems=[problem(code, "warning")])))
    assert words.PROBLEMS[code][0] in said
    assert said.count("điều cần biết về so-xay-dung") == 3  # at the top, in the unit, in the list


def test_the_words_know_every_problem_of_an_account() -> None:
    listed = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    assert set(words.PROBLEMS) == set(re.findall(r"^\| `(TR-account-[a-z-]+)` \| •", listed, re.MULTILINE))


def test_a_duty_of_dossiers_is_called_as_the_account_says() -> None:
    """An integrator's own duty has its label on the page; one that the account does not name stays its id."""
    label = {"vi": "Thư xin lỗi của phường", "en": "The ward's letter of apology"}
    known = {"label": label, "rule": "thu_xin_loi", "version": "phuong/2024-01-01", "counts_as": "apology"}
    breach = {"duty": "thu_xin_loi", "outcomes": {"met_late": 7, "missed": 9}, "count": 16}
    named = account(dossier_duties={"thu_xin_loi": known}, units=[{**unit(), "breaches": [breach]}])
    assert "Thư xin lỗi của phường" in page(named)
    assert '<td class="n">7</td><td class="n">9</td>' in page(named)  # its last day lay in the period
    bare = page({**named, "dossier_duties": {}})
    assert "<code>thu_xin_loi</code>" in bare
    assert '<td class="n">7</td><td class="n">9</td>' not in bare


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in an account, from the root to its leaves; of a list only the first."""
    if at:
        yield at
    if isinstance(value, dict):
        for name, one in value.items():
            yield from places(one, (*at, name))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*at, 0))


def test_whatever_is_absent_nothing_crashes() -> None:
    whole = account()
    for place in places(whole):
        for is_gone in (True, False):
            made = deepcopy(whole)
            inside: Any = made
            for name in place[:-1]:
                inside = inside[name]
            if is_gone:
                del inside[place[-1]]
            elif isinstance(inside, dict):
                inside[place[-1]] = None
            Tree(page(made))


# -- numbers, size, colours --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [
        (1234.5, 1, "1.234,5"),
        (1234567, 0, "1.234.567"),
        (0, 2, "0,00"),
        (17.545, 2, "17,55"),
        (-3, 0, "\u22123"),
        ("nhiều", 0, "nhiều"),
    ],
)
def test_numbers_are_written_as_in_vietnam(value: object, decimals: int, said: str) -> None:
    assert number(value, decimals) == said


def test_a_missing_number_is_unknown() -> None:
    assert "chưa rõ" in count(None)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2024-10", "tháng 10/2024"),
        ("2024-Q4", "quý IV/2024"),
        ("2024-H2", "6 tháng cuối năm 2024"),
        ("2024", "năm 2024"),
        ("2024-12-31", "31/12/2024"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_periods_and_days_are_written_as_in_vietnam(name: str, said: str) -> None:
    assert ENGLISH.sub("", period(name)) == said
    assert day("2026-12-31") == "31/12/2026"


def test_three_hundred_units_fit() -> None:
    made = page(many(300))
    assert len(made.encode()) < 8_000_000
    tree = Tree(made)
    assert len([one for one in tree.all("article") if one.get("class") == "unit"]) == 300
    assert "15 đơn vị nhiều hồ sơ trễ nhất trong 300" in made
    assert len(tree.all("option")) == 301


def test_colours_can_be_read_in_both_modes() -> None:
    found = list(palettes())
    assert len(found) == 2
    for colours in found:
        for ink in ("ink", "soft", "link", "ask"):
            for paper in ("paper", "sheet"):
                assert contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper)
        for name in ("bad", "warn", "good", "ask"):
            assert contrast(colours[name], colours[f"{name}-bg"]) >= 4.5, name
        for name in ("focus", "edge", "rate", "over"):
            assert contrast(colours[name], colours["paper"]) >= 3, name


def test_what_is_in_doubt_by_a_due_date_stands_under_its_rates() -> None:
    """Beside each rate: a row with the number by each due date, where there is one."""
    said = "Hồ sơ chưa rõ, ngoài mọi tỷ lệ của hạn ấy"
    assert said not in page(account())
    made = account()
    for counts in (made["total"]["counts"], made["units"][0]["counts"]):
        counts["current_due"]["undetermined"] = 3
    shown = page(made)
    assert shown.count(said) == 2
    row = shown[shown.index(said) :]
    assert re.findall(r'<td class="n">([^<]*)', row[: row.index("</tr>")]) == ["0", "0", "3", "0"]
