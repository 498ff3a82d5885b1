"""Bad input is named and shown in the account: never a crash, never a silent zero."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

import tthc_rules as tr

LATE = {
    "dossier_id": "H1",
    "handling_agency": "so",
    "accepted_on": "2024-07-01",
    "lawful_due": "2024-07-10",
    "apology_before_due": "missed",
    "apology_before_due.act_by": "2024-07-09",
    "responsible": "apology_before_due=head_of_unit",
}
AS_OF = date(2024, 8, 5)


def post(person: str, first: str, last: str | None = None, **more: Any) -> dict[str, Any]:
    return {"unit": "so", "role": "head_of_unit", "person": person, "from": first, "to": last, **more}


def heads(made: tr.Account) -> set[str | None]:
    unit = made.unit("so")
    assert unit is not None
    return {answer["person"] for answer in unit["breaches"][0]["answers"] if answer["role"] == "head_of_unit"}


def test_two_heads_at_once_are_named_and_both_shown(book: tr.Rulebook) -> None:
    posts = [post("A", "2024-01-01", "2024-07-31"), post("B", "2024-07-01")]
    made = book.account([LATE], period="2024-07", as_of=AS_OF, posts=posts)
    assert "TR-account-tenure-overlap" in made.problems
    assert heads(made) == {"A", "B"}


def test_a_unit_without_a_head_answers_with_nobody(book: tr.Rulebook) -> None:
    made = book.account([LATE], period="2024-07", as_of=AS_OF, posts=[post("B", "2024-07-20")])
    assert "TR-account-no-head" in made.problems
    assert heads(made) == {None}


def test_a_tenure_that_ends_before_it_begins_is_ignored(book: tr.Rulebook) -> None:
    made = book.account([LATE], period="2024-07", as_of=AS_OF, posts=[post("A", "2024-07-20", "2024-07-01")])
    assert "TR-account-tenure-dates" in made.problems


def test_an_open_period_says_so_and_concludes_no_target(book: tr.Rulebook) -> None:
    units = [{"unit": "so", "kind": "provincial_department", "jurisdiction": "son-la"}]
    made = book.account([LATE], period="2024-Q3", as_of=AS_OF, units=units)
    unit = made.unit("so")
    assert unit is not None
    assert not made.data["closed"]
    assert "TR-account-period-open" in made.problems
    assert next(one["outcome"] for one in unit["duties"] if one["duty"] == "target_on_time_90") == "pending"


def test_a_report_for_the_future_has_no_figures(book: tr.Rulebook) -> None:
    made = book.account([LATE], period="2025-Q1", as_of=AS_OF)
    assert made.problems == ["TR-account-future"]
    assert made.data["units"] == []
    assert made.data["total"] == {"counts": None, "indicators": {}}


def test_nothing_to_divide_by_is_no_zero(book: tr.Rulebook) -> None:
    made = book.account([], period="2024-07", as_of=AS_OF, posts=[post("A", "2024-01-01")])
    unit = made.unit("so")
    assert unit is not None
    figure = unit["indicators"]["on_time_qd766"]
    assert (figure["value"], figure["reason"], figure["denominator"]) == (None, "zero_denominator", 0)
    assert {"TR-account-empty", "TR-account-zero-denominator"} <= set(made.problems)


def test_what_is_in_no_rate_is_counted(book: tr.Rulebook) -> None:
    rows = [
        LATE,
        {**LATE, "dossier_id": "H2", "accepted_on": None},
        {**LATE, "dossier_id": "H3", "punctuality": "undetermined"},
        {**LATE, "dossier_id": "H4", "punctuality": "no_limit"},
        {"dossier_id": "H5", "error_code": "TR-moment-form"},
        {**LATE, "handling_agency": None, "dossier_id": "H6"},
        LATE,
    ]
    made = book.account(rows, period="2024-07", as_of=AS_OF)
    assert made.data["rows"] == {
        "read": 7,
        "errors": 1,
        "repeated": 1,
        "left_out": {"no_limit": 1, "not_accepted": 1, "undetermined": 1},
    }
    wanted = {"TR-account-left-out", "TR-account-error-rows", "TR-account-no-unit", "TR-account-twice"}
    assert wanted <= set(made.problems)
    nameless = made.unit(None)
    assert nameless is not None
    assert nameless["counts"]["received"] == 1


def test_events_of_later_and_of_no_known_kind_are_named(book: tr.Rulebook) -> None:
    events = [
        {"unit": "so", "kind": "dialogue_held", "at": "2024-09-01"},
        {"unit": "so", "kind": "dialog_held", "at": "2024-07-01"},
    ]
    made = book.account([LATE], period="2024-07", as_of=AS_OF, unit_events=events)
    assert {"TR-account-event-later", "TR-account-unknown-event"} <= set(made.problems)


def test_a_succession_in_a_circle_is_named(book: tr.Rulebook) -> None:
    units = [
        {"unit": "so", "to": "2024-03-31", "became": "so-moi"},
        {"unit": "so-moi", "to": "2024-06-30", "became": "so"},
    ]
    made = book.account([LATE], period="2024-07", as_of=AS_OF, units=units)
    assert "TR-account-succession" in made.problems


@pytest.mark.parametrize(
    ("name", "record", "code"),
    [
        ("posts", {"unit": "so", "role": "head", "person": "A", "from": "2024-01-01"}, "TR-input-choice"),
        ("posts", {"unit": "so", "role": "chair", "person": "A"}, "TR-input-missing"),
        ("unit_events", {"unit": "so", "kind": "dialogue_held", "at": "31/05/2024"}, "TR-account-date"),
        ("unit_events", {"unit": "so", "kind": "x", "at": "2024-05-31", "period": "2024-Q5"}, "TR-account-period"),
        ("unit_facts", {"unit": "so", "name": "x", "count": -1, "at": "2024-05-31"}, "TR-input-range"),
        ("units", {"unit": "so", "boss": "x"}, "TR-input-unknown-field"),
    ],
)
def test_a_malformed_record_is_refused_with_its_place(
    book: tr.Rulebook, name: str, record: dict[str, Any], code: str
) -> None:
    records: dict[str, Any] = {name: [record]}
    with pytest.raises(tr.AccountError) as refused:
        book.account([], period="2024-07", as_of=AS_OF, **records)
    assert refused.value.code == code
    assert refused.value.place.startswith(f"{name}[0]")


@pytest.mark.parametrize("period", ["2024-13", "2024-Q5", "2024-H3", "07/2024", "", "24", "2024-7"])
def test_a_period_that_is_none_is_refused(book: tr.Rulebook, period: str) -> None:
    with pytest.raises(tr.AccountError) as refused:
        book.account([], period=period, as_of=AS_OF)
    assert refused.value.code == "TR-account-period"


def test_a_setting_that_names_no_indicator_is_refused(book: tr.Rulebook) -> None:
    with pytest.raises(tr.AccountError) as refused:
        book.account([], period="2024-07", as_of=AS_OF, settings={"on_time": "on_time_qd776"})
    assert (refused.value.code, refused.value.problems[0].nearest) == ("TR-account-setting", "on_time_qd766")


def test_without_a_day_the_last_of_the_period_is_taken_and_said(book: tr.Rulebook) -> None:
    made = book.account([LATE], period="2024-07")
    assert made.data["as_of"] == "2024-07-31"
    assert "TR-account-as-of" in made.problems


@pytest.mark.parametrize("jurisdiction", ["sonla", "Sơn La", "son_la"])
def test_a_place_that_is_not_known_is_refused_in_the_register(book: tr.Rulebook, jurisdiction: str) -> None:
    """As in a dossier: the duties of the place would be gone without a word."""
    units = [{"unit": "so", "kind": "provincial_department", "jurisdiction": jurisdiction}]
    with pytest.raises(tr.AccountError) as refused:
        book.account([], period="2016-Q1", as_of=date(2016, 4, 5), units=units)
    assert refused.value.problems[0].nearest == "son-la"


def test_a_kind_of_unit_that_no_duty_knows_is_said(book: tr.Rulebook) -> None:
    units = [{"unit": "so", "kind": "provincial_departement", "jurisdiction": "son-la"}]
    try:
        made = book.account([], period="2016-Q1", as_of=date(2016, 4, 5), units=units)
    except tr.AccountError:
        return
    assert "TR-account-unit-kind" in made.problems


def test_two_rows_of_the_register_for_one_day_are_said_or_give_one_account_in_any_order(book: tr.Rulebook) -> None:
    units = [
        {"unit": "so", "kind": "provincial_department", "jurisdiction": "son-la"},
        {"unit": "so", "kind": "commune", "jurisdiction": "thanh-hoa"},
    ]
    try:
        one, other = (
            book.account([], period="2016-Q1", as_of=date(2016, 4, 5), units=order) for order in (units, units[::-1])
        )
    except tr.AccountError:
        return
    assert one.to_json() == other.to_json()


@pytest.mark.parametrize("change", [lambda text: normalize("NFD", text), lambda text: f" {text} "])
@pytest.mark.parametrize("where", ["row", "post"])
def test_a_unit_is_the_same_in_either_unicode_form_and_with_blanks_around_it(
    book: tr.Rulebook, change: Callable[[str], str], where: str
) -> None:
    """The command reads its files so; what a program hands over is no other unit."""
    name = "Sở Xây dựng"
    row = LATE | {"handling_agency": change(name) if where == "row" else name}
    posts = [post("A", "2020-01-01") | {"unit": change(name) if where == "post" else name}]
    made = book.account([row], period="2024-07", as_of=AS_OF, posts=posts)
    assert [unit["unit"] for unit in made.data["units"]] == [name]
    assert "TR-account-no-head" not in made.problems


@pytest.mark.parametrize("mark", ["\u200b", "\u202e", "\u0007"])
@pytest.mark.parametrize("field", ["unit", "person"])
def test_a_character_that_nobody_sees_is_refused_in_a_post(book: tr.Rulebook, field: str, mark: str) -> None:
    with pytest.raises(tr.AccountError) as refused:
        book.account([LATE], period="2024-07", as_of=AS_OF, posts=[post("A", "2020-01-01") | {field: f"so{mark}"}])
    assert refused.value.code == "TR-input-hidden"


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("unit_facts", {"unit": "so", "name": "petitionss", "count": 3, "at": "2024-07-01"}),
        ("units", {"unit": "so", "kind": "commune", "from": "2024-07-01", "to": "2024-01-01"}),
        ("complete", {"kind": "dialogue_held", "from": "2024-07-31", "to": "2024-07-01"}),
    ],
)
def test_a_record_that_can_mean_nothing_is_said(book: tr.Rulebook, name: str, record: dict[str, Any]) -> None:
    """As a post that ends before it begins and an event that no duty uses are."""
    without = book.account([LATE], period="2024-07", as_of=AS_OF).data["problems"]
    records: dict[str, Any] = {name: [record]}
    try:
        made = book.account([LATE], period="2024-07", as_of=AS_OF, **records)
    except tr.AccountError:
        return
    assert [one["code"] for one in made.data["problems"] if one not in without]


def problem(made: tr.Account, code: str) -> dict[str, str]:
    (found,) = (one for one in made.data["problems"] if one["code"] == code)
    return dict(found)


def test_the_nearest_kind_of_unit_is_named(book: tr.Rulebook) -> None:
    units = [{"unit": "so", "kind": "provincial_departement", "jurisdiction": "son-la"}]
    made = book.account([], period="2016-Q1", as_of=date(2016, 4, 5), units=units)
    said = problem(made, "TR-account-unit-kind")
    assert "«provincial_department»" in said["vi"]
    assert "“provincial_department”" in said["en"]


def test_a_place_is_refused_once_for_all_rows_that_name_it(book: tr.Rulebook) -> None:
    units = [{"unit": f"so-{at}", "jurisdiction": "sonla"} for at in range(3)]
    with pytest.raises(tr.AccountError) as refused:
        book.account([], period="2016-Q1", as_of=date(2016, 4, 5), units=units)
    (one,) = refused.value.problems
    assert (one.code, one.place) == ("TR-dossier-jurisdiction", "units[0]: jurisdiction")
    assert one.en.endswith("(and at 2 more places)")


CHANGED = {"unit": "so", "kind": "commune", "jurisdiction": "thanh-hoa"}


@pytest.mark.parametrize(
    ("spans", "refused"),
    [
        (({}, {}), True),
        (({"to": "2016-02-01"}, {"from": "2016-02-01"}), True),
        (({"to": "2016-01-31"}, {"from": "2016-02-01"}), False),
        (({"from": "2016-02-01"}, {"from": "2015-01-01", "to": "2016-01-31"}), False),
        (({"from": "2015-01-01"}, {"from": "2016-02-01"}), True),
        (({"from": "2016-02-01", "to": "2015-01-01"}, {}), False),
    ],
)
def test_two_rows_of_one_unit_may_differ_on_different_days_only(
    book: tr.Rulebook, spans: tuple[dict[str, str], dict[str, str]], refused: bool
) -> None:
    units = [{"unit": "so", "kind": "provincial_department", "jurisdiction": "son-la", **spans[0]}, CHANGED | spans[1]]
    for order in (units, units[::-1]):
        if not refused:
            book.account([], period="2016-Q1", as_of=date(2016, 4, 5), units=order)
            continue
        with pytest.raises(tr.AccountError) as error:
            book.account([], period="2016-Q1", as_of=date(2016, 4, 5), units=order)
        assert (error.value.code, error.value.place) == ("TR-account-unit-twice", "units: so")


def test_a_row_of_the_register_that_is_there_twice_changes_nothing(book: tr.Rulebook) -> None:
    one, two = (
        book.account([], period="2016-Q1", as_of=date(2016, 4, 5), units=[CHANGED] * times).to_json()
        for times in (1, 2)
    )
    assert one == two


def test_a_row_of_the_register_that_ends_before_it_begins_is_ignored(book: tr.Rulebook) -> None:
    sound = {"unit": "so", "kind": "provincial_department", "jurisdiction": "son-la"}
    reversed_row = CHANGED | {"from": "2016-03-01", "to": "2016-01-01"}
    with_it = book.account([], period="2016-Q1", as_of=date(2016, 4, 5), units=[reversed_row, sound])
    without = book.account([], period="2016-Q1", as_of=date(2016, 4, 5), units=[sound])
    assert with_it.data["units"] == without.data["units"]
    assert problem(with_it, "TR-account-tenure-dates")["place"] == "so"


def test_facts_that_the_page_names_are_known_and_others_are_said(book: tr.Rulebook) -> None:
    page = (Path(__file__).parents[2] / "docs" / "accounts.md").read_text(encoding="utf-8")
    (row,) = (line for line in page.splitlines() if line.startswith("| `unit_facts` |"))
    names = re.findall(r"`([a-z_0-9]+)`", row.partition("Names:")[2].replace("`count`", "").replace("`of`", ""))
    assert len(names) > 12
    facts = [{"unit": "so", "name": name, "count": 1, "of": 2, "at": "2024-07-01"} for name in names]
    made = book.account([LATE], period="2024-07", as_of=AS_OF, unit_facts=facts)
    assert "TR-account-unknown-fact" not in made.problems
    made = book.account([LATE], period="2024-07", as_of=AS_OF, unit_facts=[facts[0] | {"name": "petitionss"}])
    assert "«petitions»" in problem(made, "TR-account-unknown-fact")["vi"]


def test_a_log_of_no_known_kind_is_declared_complete_for_nothing(book: tr.Rulebook) -> None:
    complete = [{"kind": kind, "from": "2024-07-01", "to": "2024-07-31"} for kind in ("petition", "dialog_held")]
    made = book.account([LATE], period="2024-07", as_of=AS_OF, complete=complete)
    assert problem(made, "TR-account-unknown-event")["place"] == "dialog_held"


def test_a_setting_that_names_no_duty_is_refused(book: tr.Rulebook) -> None:
    settings = {"within_days": {"head_self_review_sonla": 30}}
    with pytest.raises(tr.AccountError) as refused:
        book.account([], period="2024-07", as_of=AS_OF, settings=settings)
    assert (refused.value.code, refused.value.problems[0].nearest) == ("TR-account-setting", "head_self_review_son_la")


def test_records_may_be_those_of_a_frame(book: tr.Rulebook) -> None:
    """An empty cell is no cell, as in a file."""
    pandas = pytest.importorskip("pandas", reason="chưa cài pandas / pandas is not installed")
    posts = [post("A", "2024-01-01", "2024-07-31"), post("B", "2024-08-01")]
    frame = pandas.DataFrame(posts).assign(fields=[float("nan"), pandas.NA])
    frame["to"] = pandas.to_datetime(frame["to"])
    wanted = book.account([LATE], period="2024-07", as_of=AS_OF, posts=posts)
    found = book.account([LATE], period="2024-07", as_of=AS_OF, posts=frame.to_dict("records"))
    assert found.to_json() == wanted.to_json()


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("units", {"unit": "so", "superior": "p\u200b"}),
        ("units", {"unit": "so", "to": "2024-01-01", "became": "p\u200b"}),
        ("unit_events", {"unit": "so\u200b", "kind": "dialogue_held", "at": "2024-07-01"}),
        ("unit_events", {"unit": "so", "kind": "dialogue_held", "at": "2024-07-01", "to": ["x", "p\u200b"]}),
        ("complete", {"unit": "so\u200b", "kind": "dialogue_held", "from": "2024-07-01", "to": "2024-07-31"}),
        ("petitions", {"dossier_id": "H1\u200b", "about": "behaviour", "at": "2024-07-01"}),
    ],
)
def test_a_character_that_nobody_sees_is_refused_in_every_record(
    book: tr.Rulebook, name: str, record: dict[str, Any]
) -> None:
    records: dict[str, Any] = {name: [record]}
    with pytest.raises(tr.AccountError) as refused:
        book.account([LATE], period="2024-07", as_of=AS_OF, **records)
    assert refused.value.code == "TR-input-hidden"
