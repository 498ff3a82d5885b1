"""What an account states: which units, with which figures, posts, steps and remarks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from tthc_rules import Account, AccountError, Rulebook

AS_OF = date(2024, 8, 5)
"""The accounts are of July 2024 unless another period is asked about."""


def dossier(number: int, finished: str | None, unit: str | None = "so", **more: Any) -> dict[str, Any]:
    """Accepted on 1/7/2024, due on 10/7."""
    row = {"dossier_id": f"H{number}", "handling_agency": unit, "accepted_on": "2024-07-01", "lawful_due": "2024-07-10"}
    return {**row, "finished_on": finished, **more}


def unit_of(made: Account, name: str | None) -> Mapping[str, Any]:
    found = made.unit(name)
    assert found is not None
    return found


def remarks(made: Account, code: str) -> list[str]:
    """The places of the remarks with that code."""
    return [one["place"] for one in made.data["problems"] if one["code"] == f"TR-account-{code}"]


SO = {"unit": "so", "kind": "provincial_department", "jurisdiction": "lai-chau", "name": "Sở Xây dựng"}
HEAD = {"unit": "so", "role": "head_of_unit", "person": "A", "from": "2020-01-01"}


# -- what is wrong or missing ------------------------------------------------------------------------------------------


def test_where_nothing_is_wrong_nothing_is_remarked(book: Rulebook) -> None:
    """Every kind of event that is known by name, by a duty or as its cause; the last of them on the very day."""
    kinds = ("inspection", "written_reminder", "corrective_request", "dialogue_held", "obstruction_verified")
    events = [{"unit": "so", "kind": kind, "at": AS_OF} for kind in kinds]
    rows = [dossier(1, "2024-07-10", rules_digest="r")]
    made = book.account(rows, period="2024-07", as_of=AS_OF, units=[SO], posts=[HEAD], unit_events=events)
    assert made.problems == []


def test_one_set_of_rules_is_none_too_many_and_two_are(book: Rulebook) -> None:
    rows = [dossier(1, "2024-07-10", rules_digest="r"), dossier(2, "2024-07-10", rules_digest="s")]
    made = book.account(rows, period="2024-07", as_of=AS_OF, units=[SO])
    assert made.problems == ["TR-account-mixed-rules"]
    assert made.data["digests"]["judged_by"] == ["r", "s"]


@pytest.mark.parametrize(
    ("as_of", "closed", "said"),
    [
        (date(2024, 6, 30), False, ["TR-account-future"]),
        (date(2024, 7, 1), False, ["TR-account-period-open"]),
        (date(2024, 7, 30), False, ["TR-account-period-open"]),
        (date(2024, 7, 31), True, []),
    ],
)
def test_a_period_is_open_from_its_first_day_and_closed_on_its_last(
    book: Rulebook, as_of: date, closed: bool, said: list[str]
) -> None:
    made = book.account([dossier(1, "2024-07-01")], period="2024-07", as_of=as_of, units=[SO])
    assert (made.data["closed"], made.problems) == (closed, said)


def test_of_a_period_that_has_not_begun_nothing_is_read(book: Rulebook) -> None:
    made = book.account([dossier(1, None)], period="2024-07", as_of=date(2024, 6, 30), units=[SO])
    assert made.data["rows"] == {"read": 0, "errors": 0, "repeated": 0, "left_out": {}}
    assert repr(made) == "<Account 2024-07 as of 2024-06-30; 0 units; no figures; 1 error>"


@pytest.mark.parametrize(
    ("lives", "wanted"),
    [
        ([("2024-06-03", "2024-06-10")], ["2024-07"]),
        ([("2024-07-01", "2024-07-10")], []),
        ([("2024-06-03", "2024-06-10"), ("2024-07-01", "2024-07-10")], []),
    ],
)
def test_a_period_is_empty_where_no_dossier_is_of_it(
    book: Rulebook, lives: list[tuple[str, str]], wanted: list[str]
) -> None:
    """A dossier of June is in no set of July, whoever else has one there."""
    rows = [dossier(n, end, f"so-{n}", accepted_on=begun, lawful_due=end) for n, (begun, end) in enumerate(lives)]
    made = book.account(rows, period="2024-07", as_of=AS_OF)
    assert remarks(made, "empty") == wanted


def test_nobody_is_told_that_a_unit_without_a_name_divides_by_nothing(book: Rulebook) -> None:
    rows = [dossier(1, "2024-07-10", None, punctuality="undetermined")]
    made = book.account(rows, period="2024-07", as_of=AS_OF)
    assert unit_of(made, None)["counts"]["undetermined"] == 1
    assert remarks(made, "zero-denominator") == []


@pytest.mark.parametrize(
    ("units", "row", "wanted"),
    [
        ([], {"handling_agency": "so"}, ["so"]),
        ([], {"handling_agency": "so", "one_stop_unit": "so"}, ["so"]),
        ([], {"handling_agency": None}, []),
        ([], {"handling_agency": None, "one_stop_unit": "so"}, []),
        ([{"unit": "so"}], {"handling_agency": None}, ["so"]),
        ([SO], {"handling_agency": "so"}, []),
        ([SO], {"handling_agency": "so", "one_stop_unit": "so"}, []),
    ],
)
def test_a_unit_whose_kind_is_not_known_is_named(
    book: Rulebook, units: list[Any], row: dict[str, Any], wanted: list[str]
) -> None:
    """With dossiers or without; a unit that only receives them is a one-stop unit without a register."""
    made = book.account([dossier(1, "2024-07-10") | row], period="2024-07", as_of=AS_OF, units=units)
    assert remarks(made, "unit-kind") == wanted


def test_of_a_unit_whose_kind_is_not_known_no_duty_is_said(book: Rulebook) -> None:
    """Not even one that binds units of any kind, as the forwarding of a petition does."""
    petition = {"unit": "so", "about": "behaviour", "competent": False, "at": "2024-07-02"}
    for units, wanted in (([], 0), ([SO], 1)):
        made = book.account([dossier(1, None)], period="2024-07", as_of=AS_OF, units=units, petitions=[petition])
        assert len(items(made, "petition_forward")) == wanted


@pytest.mark.parametrize(("period", "wanted"), [("2025-06", []), ("2025-07", ["huyen"])])
def test_a_district_is_gone_after_the_last_day_of_its_level(book: Rulebook, period: str, wanted: list[str]) -> None:
    """There are districts up to 30/6/2025."""
    units = [{"unit": "huyen", "kind": "district", "jurisdiction": "son-la"}, SO]
    made = book.account([], period=period, as_of=date(2025, 8, 5), units=units)
    assert remarks(made, "level-gone") == wanted


# -- which units -------------------------------------------------------------------------------------------------------


def test_a_unit_is_listed_whoever_names_it(book: Rulebook) -> None:
    """By the register, a post, an event up to the day, a petition or a dossier; the unknown one comes last."""
    made = book.account(
        [dossier(1, None, "e-dossier"), dossier(2, None, None)],
        period="2024-07",
        as_of=AS_OF,
        units=[{"unit": "a-registered"}, {"unit": "gone", "to": "2024-07-30"}],
        posts=[{**HEAD, "unit": "b-post"}],
        unit_events=[
            {"unit": "c-event", "kind": "inspection", "at": "2024-08-05"},
            {"unit": "later", "kind": "inspection", "at": "2024-08-06"},
        ],
        petitions=[{"unit": "d-petition", "about": "other", "at": "2024-07-02"}],
    )
    wanted = ["a-registered", "b-post", "c-event", "d-petition", "e-dossier", None]
    assert [unit["unit"] for unit in made.data["units"]] == wanted


def test_a_unit_says_what_the_register_says_of_it(book: Rulebook) -> None:
    units = [{**SO, "superior": "tinh"}, {"unit": "cu", "to": "2024-06-30", "became": "so"}, {"unit": "khac"}]
    rows = [dossier(1, None), dossier(2, None, "cu")]
    made = book.account(rows, period="2024-07", as_of=AS_OF, units=units)
    names = ("unit", "name", "kind", "jurisdiction", "superior", "as", "formerly")
    so, other = ({name: unit_of(made, which)[name] for name in names} for which in ("so", "khac"))
    said = ("so", "Sở Xây dựng", "provincial_department", "lai-chau", "tinh", ["handling_agency"], ["cu"])
    assert so == dict(zip(names, said, strict=True))
    assert other == dict(zip(names, ("khac", None, None, None, None, [], []), strict=True))
    assert '"Sở Xây dựng"' in made.to_json()


def test_a_unit_that_changed_nothing_was_formerly_none(book: Rulebook) -> None:
    made = book.account([dossier(1, None), dossier(2, None, None)], period="2024-07", as_of=AS_OF)
    assert [unit["formerly"] for unit in made.data["units"]] == [[], []]


def test_posts_are_told_with_the_days_that_they_were_held(book: Rulebook) -> None:
    """In July 2024: A up to the 15th, B from the 16th on; for the rating the head and the deputy, not the chair."""
    posts = [
        {**HEAD, "to": "2024-07-15"},
        {**HEAD, "person": "B", "from": "2024-07-16"},
        {**HEAD, "person": "C", "role": "chair"},
        {**HEAD, "person": "D", "role": "deputy_head", "to": "2024-12-31"},
        {**HEAD, "person": "E", "role": "deputy_head", "to": "2024-06-30"},
    ]
    unit = unit_of(book.account([], period="2024-07", as_of=AS_OF, units=[SO], posts=posts), "so")
    told = [(post["role"], post["person"], post["from"], post["to"], post["days"]) for post in unit["posts"]]
    assert sorted(told) == [
        ("chair", "C", "2020-01-01", None, 31),
        ("deputy_head", "D", "2020-01-01", "2024-12-31", 31),
        ("head_of_unit", "A", "2020-01-01", "2024-07-15", 15),
        ("head_of_unit", "B", "2024-07-16", None, 16),
    ]
    assert sorted(post["person"] for post in unit["rating"]["persons"]) == ["A", "B", "D"]


# -- figures -----------------------------------------------------------------------------------------------------------


def test_a_unit_is_stated_with_the_figures_of_its_own_period(book: Rulebook) -> None:
    """July: one of two late. June, the period before: three, all in time."""
    june = {"accepted_on": "2024-06-03", "lawful_due": "2024-06-10"}
    rows = [dossier(1, "2024-07-10"), dossier(2, "2024-07-11")]
    rows += [dossier(n, "2024-06-10", **june) for n in (3, 4, 5)]
    made = book.account(rows, period="2024-07", as_of=AS_OF, units=[SO])
    unit = unit_of(made, "so")
    assert (unit["counts"]["received"], unit["counts"]["late"], unit["rating"]["late"]) == (2, 1, 1)
    assert unit["indicators"]["on_time_qd766"]["value"] == 50
    assert unit["rating"]["ratios"]["on_time_qd766"]["value"] == 50
    assert [month["counts"]["received"] for month in unit["series"]] == [2]
    assert (made.data["before"]["period"], made.data["before"]["counts"]["received"]) == ("2024-06", 3)


def test_the_rating_is_handed_shares_and_the_total_of_the_unit(book: Rulebook) -> None:
    rating = unit_of(book.account([dossier(1, None)], period="2024-07", as_of=AS_OF), "so")["rating"]
    shares = {"on_time_qd766", "qd766_on_time", "on_time_nd61", "on_time_thanh_hoa", "on_time_gia_lai", "early_share"}
    assert set(rating["ratios"]) == shares
    assert set(rating["scores"]) == {"tt01_unit_band"}


def test_a_list_names_the_officers_of_its_month_only(book: Rulebook) -> None:
    """Overdue in July only: x; from July to August: y, twice."""
    rows = [
        dossier(1, "2024-07-20", officers="x"),
        dossier(2, "2024-08-10", officers="y"),
        dossier(3, "2024-08-20", officers="y"),
    ]
    unit = unit_of(book.account(rows, period="2024-Q3", as_of=date(2024, 10, 5)), "so")
    assert unit["late_list"] == [
        {"month": "2024-07", "late": 3, "officers": [{"officer": "x", "count": 1}, {"officer": "y", "count": 2}]},
        {"month": "2024-08", "late": 2, "officers": [{"officer": "y", "count": 2}]},
    ]


# -- duties ------------------------------------------------------------------------------------------------------------


def items(made: Account, duty: str, unit: str = "so") -> dict[str, Mapping[str, Any]]:
    return {one["window"]: one for one in unit_of(made, unit)["duties"] if one["duty"] == duty}


def test_each_window_of_a_duty_names_who_held_the_post_at_its_end(book: Rulebook) -> None:
    """The two halves of 2016 end under A and under B; the account is asked about under C."""
    posts = [
        {**HEAD, "from": "2010-01-01", "to": "2016-08-31"},
        {**HEAD, "person": "B", "from": "2016-09-01", "to": "2016-12-30"},
        {**HEAD, "person": "C", "from": "2016-12-31"},
    ]
    units = [{"unit": "so", "kind": "provincial_department", "jurisdiction": "son-la"}]
    made = book.account([], period="2016", as_of=date(2017, 1, 5), units=units, posts=posts)
    found = {window: one["persons"] for window, one in items(made, "dialogue_son_la").items()}
    assert found == {"2016-H1": ["A"], "2016-H2": ["C"]}
    assert {one["duty"] for one in unit_of(made, "so")["duties"]} == set(made.data["duties"])


def test_the_rating_is_handed_the_worst_that_each_duty_came_to(book: Rulebook) -> None:
    """A dialogue in the first half of 2016 and none in the second."""
    made = book.account(
        [],
        period="2016",
        as_of=date(2017, 1, 5),
        units=[{"unit": "so", "kind": "provincial_department", "jurisdiction": "son-la"}],
        unit_events=[{"unit": "so", "kind": "dialogue_held", "at": "2016-03-01"}],
        complete=[{"kind": "dialogue_held", "from": "2016-01-01", "to": "2016-12-31"}],
    )
    assert [one["outcome"] for one in items(made, "dialogue_son_la").values()] == ["met", "missed"]
    assert unit_of(made, "so")["rating"]["duties"]["dialogue_son_la"] == "missed"


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        ({"unit": "so", "at": "2016-07-05"}, "met"),
        ({"unit": "so", "at": "2016-07-06"}, "missed"),
        ({"unit": "khac", "at": "2016-06-05"}, "missed"),
    ],
)
def test_only_what_the_unit_did_up_to_the_day_counts(book: Rulebook, event: dict[str, str], wanted: str) -> None:
    """Of a dialogue about the first half-year, asked about on 5/7/2016."""
    made = book.account(
        [],
        period="2016-H1",
        as_of=date(2016, 7, 5),
        units=[{"unit": "so", "kind": "provincial_department", "jurisdiction": "son-la"}],
        unit_events=[{"kind": "dialogue_held", "period": "2016-H1", **event}],
        complete=[{"kind": "dialogue_held", "from": "2016-01-01", "to": "2016-12-31"}],
    )
    assert items(made, "dialogue_son_la")["2016-H1"]["outcome"] == wanted


def test_a_dossier_that_came_late_at_last_is_no_backlog(book: Rulebook) -> None:
    """Due on 12/1/2016, finished on 30/3: late, and not open at the end of March."""
    row = dossier(1, "2016-03-30", accepted_on="2016-01-04", lawful_due="2016-01-12")
    units = [{"unit": "so", "kind": "district", "jurisdiction": "dak-lak"}]
    asked: dict[str, Any] = {
        "period": "2016-Q1",
        "as_of": date(2016, 4, 5),
        "units": units,
        "settings": {"backlog_days": 10},
    }
    found = items(book.account([row], **asked), "backlog_dak_lak")["2016-Q1"]
    assert (found["outcome"], found["triggers"]) == ("met", 0)


def test_an_agency_has_no_duties_of_a_one_stop_unit(book: Rulebook) -> None:
    rows = [dossier(1, None, one_stop_unit="mot-cua")]
    made = book.account(rows, period="2024-07", as_of=AS_OF, units=[SO])
    assert items(made, "monthly_staff_notice", "mot-cua")
    assert not items(made, "monthly_staff_notice")


def test_petitions_lie_with_the_unit_that_they_name(book: Rulebook) -> None:
    """One that names none is no unit's, not even of the unit that no dossier names."""
    petitions = [
        {"petition_id": "P1", "unit": "so", "about": "other", "at": "2024-07-02"},
        {"petition_id": "P2", "unit": "khac", "about": "other", "at": "2024-07-02"},
        {"petition_id": "P3", "dossier_id": "H1", "about": "other", "at": "2024-07-02"},
    ]
    rows = [dossier(1, None), dossier(2, None, None)]
    made = book.account(rows, period="2024-07", as_of=AS_OF, petitions=petitions)
    told = {unit["unit"]: unit["petitions"] and [p["petition"] for p in unit["petitions"]["listed"]]
            for unit in made.data["units"]}  # fmt: skip
    assert told == {"so": ["P1"], "khac": ["P2"], None: None}


# -- steps -------------------------------------------------------------------------------------------------------------


def step(agency: str, due: str, done: str | None) -> dict[str, Any]:
    outcome = "overdue" if done is None else "late" if done > due else "on_time"
    return {"agency": agency, "due": due, "done_on": done, "outcome": outcome}


def test_heads_answer_for_the_late_steps_of_the_days_on_which_they_held_the_post(book: Rulebook) -> None:
    """Two units became one on 1/7/2024 and their steps lie with it; names are told by unit and person."""
    units = [
        {"unit": "b1", "to": "2024-06-30", "became": "moi"},
        {"unit": "b2", "to": "2024-06-30", "became": "moi"},
        {"unit": "moi", "from": "2024-07-01"},
    ]
    posts = [
        {**HEAD, "unit": "b1", "person": "Z", "to": "2024-06-15"},
        {**HEAD, "unit": "b1", "person": "Y", "from": "2024-06-10", "to": "2024-06-30"},
        {**HEAD, "unit": "b2", "person": "A", "to": "2024-06-15"},
    ]
    steps = [
        step("b2", "2024-06-11", None),
        step("b2", "2024-06-20", "2024-07-02"),
        step("b1", "2024-06-12", "2024-07-02"),
        step("b1", "2024-07-05", "2024-07-05"),
    ]
    rows = [dossier(1, None, accepted_on="2024-06-03", lawful_due="2024-06-20", steps=steps)]
    made = book.account(rows, period="2024-07", as_of=AS_OF, units=units, posts=posts)
    found = unit_of(made, "moi")["steps"]
    counted = {name: found[name] for name in ("assigned", "in_time", "late", "open_late", "undetermined")}
    assert counted == {"assigned": 4, "in_time": 1, "late": 2, "open_late": 1, "undetermined": 0}
    told = [(one["unit"], one["person"], one["count"]) for one in found["answers"]]
    assert told == [("b1", "Y", 1), ("b1", "Z", 1), ("b2", None, 1), ("b2", "A", 1)]


# -- an account itself -------------------------------------------------------------------------------------------------


def test_an_account_is_its_data_whoever_makes_its_page(book: Rulebook) -> None:
    made = book.account([dossier(1, None)], period="2024-07", as_of=AS_OF)
    assert Account(made.data) == made
    assert Account(json.loads(made.to_json())).data["units"][0]["unit"] == "so"
    with pytest.raises(AccountError, match="TR-account-no-page"):
        Account(made.data).to_html()
    with pytest.raises(AttributeError):
        made.data = {}  # type: ignore[misc]
