"""Units through time, steps of agencies, and duties that only unit events fulfil."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import tthc_rules as tr
from tthc_rules.law.civil import day_of
from tthc_rules.law.rule import Rule


def late(number: int, due: str, finished: str | None = None, unit: str = "so") -> dict[str, Any]:
    row = {"dossier_id": f"H{number}", "handling_agency": unit, "accepted_on": "2016-01-04", "lawful_due": due}
    return {**row, "finished_on": finished}


def unit_of(made: tr.Account, name: str) -> Mapping[str, Any]:
    found = made.unit(name)
    assert found is not None
    return found


def item(made: tr.Account, duty: str, window: str | None = None) -> Mapping[str, Any]:
    items = [one for one in unit_of(made, "so")["duties"] if one["duty"] == duty]
    return next(one for one in items if window in (None, one["window"]))


SON_LA = [{"unit": "so", "kind": "provincial_department", "jurisdiction": "son-la"}]


# -- three values ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "complete", "days", "wanted"),
    [
        ([], [], None, ("unknown", "not_recorded", None)),
        ([], ["2016-01-13", "2016-04-05"], None, ("pending", None, "duty_open")),
        ([], ["2016-01-13", "2016-04-05"], 30, ("missed", None, "breach")),
        ([], ["2016-01-14", "2016-04-05"], 30, ("unknown", "not_recorded", None)),
        ([], ["2016-01-13", "2016-04-05"], 90, ("pending", None, "duty_open")),
        (["2016-01-13"], [], None, ("met", None, None)),
        (["2016-01-12"], [], None, ("unknown", "not_recorded", None)),
        (["2016-02-12"], [], 30, ("met", None, None)),
        (["2016-02-13"], [], 30, ("met_late", None, "breach")),
    ],
)
def test_the_heads_self_review(
    book: tr.Rulebook, events: list[str], complete: list[str], days: int | None, wanted: tuple[str, ...]
) -> None:
    """Due on 12/1, returned on 20/1: the first overdue day is 13/1; 30 days later is 12/2, 90 days later 12/4."""
    made = book.account(
        [late(1, "2016-01-12", "2016-01-20")],
        period="2016-Q1",
        as_of=date(2016, 4, 5),
        units=SON_LA,
        unit_events=[{"unit": "so", "kind": "self_review_held", "at": at} for at in events],
        complete=[{"kind": "self_review_held", "from": complete[0], "to": complete[1]}] if complete else [],
        settings={"within_days": {"head_self_review_son_la": days}} if days else {},
    )
    found = item(made, "head_self_review_son_la")
    assert (found["outcome"], found["reason"], found["class"]) == wanted


def test_a_verified_obstruction_calls_for_a_review_without_any_late_dossier(book: tr.Rulebook) -> None:
    events = [{"unit": "so", "kind": "obstruction_verified", "at": "2016-02-01"}]
    made = book.account([], period="2016-Q1", as_of=date(2016, 4, 5), units=SON_LA, unit_events=events)
    assert (item(made, "head_self_review_son_la")["outcome"], item(made, "head_self_review_son_la")["triggers"]) == (
        "unknown",
        1,
    )


@pytest.mark.parametrize(
    ("as_of", "complete", "held", "wanted"),
    [
        ("2016-06-30", True, None, "pending"),
        ("2016-07-01", True, None, "missed"),
        ("2016-07-01", False, None, "unknown"),
        ("2016-07-01", False, "2016-06-30", "met"),
        ("2016-07-01", True, "2016-07-01", "missed"),
    ],
)
def test_a_dialogue_every_six_months(
    book: tr.Rulebook, as_of: str, complete: bool, held: str | None, wanted: str
) -> None:
    made = book.account(
        [],
        period="2016-H1",
        as_of=date.fromisoformat(as_of),
        units=SON_LA,
        unit_events=[{"unit": "so", "kind": "dialogue_held", "at": held}] if held else [],
        complete=[{"kind": "dialogue_held", "from": "2016-01-01", "to": "2016-12-31"}] if complete else [],
    )
    assert item(made, "dialogue_son_la")["outcome"] == wanted


def test_a_half_year_that_began_before_the_letter_is_not_owed(book: tr.Rulebook) -> None:
    """The letter is of 17 June 2015."""
    made = book.account([], period="2015-H1", as_of=date(2015, 7, 1), units=SON_LA)
    assert (item(made, "dialogue_son_la")["outcome"], item(made, "dialogue_son_la")["reason"]) == (
        "not_owed",
        "before_in_force",
    )


def test_a_list_for_each_month_with_a_late_dossier(book: tr.Rulebook) -> None:
    """Overdue from 21/2 to 10/3/2025: February and March need a list, April does not; January began before the duty."""
    units = [{"unit": "so", "kind": "provincial_department", "jurisdiction": "tuyen-quang"}]
    row = {"dossier_id": "H1", "handling_agency": "so", "officers": "x|y", "accepted_on": "2025-02-10"}
    made = book.account(
        [{**row, "lawful_due": "2025-02-20", "finished_on": "2025-03-10"}],
        period="2025-H1",
        as_of=date(2025, 7, 10),
        units=units,
        unit_events=[{"unit": "so", "kind": "late_list_posted", "at": "2025-03-03", "period": "2025-02"}],
        complete=[{"kind": "late_list_posted", "from": "2025-01-01", "to": "2025-07-10"}],
    )
    months = ("2025-01", "2025-02", "2025-03", "2025-04")
    outcomes = [item(made, "late_list_tuyen_quang", month)["outcome"] for month in months]
    assert outcomes == ["not_owed", "met", "missed", "not_owed"]
    listed = unit_of(made, "so")["late_list"]
    assert [(one["month"], [o["officer"] for o in one["officers"]]) for one in listed] == [
        ("2025-02", ["x", "y"]),
        ("2025-03", ["x", "y"]),
    ]


@pytest.mark.parametrize(("days", "wanted"), [(None, "unknown"), (10, "missed"), (19, "met")])
def test_backlog_needs_a_number_of_days(book: tr.Rulebook, days: int | None, wanted: str) -> None:
    """Open since 12/3 at 31/3: 19 days overdue."""
    units = [{"unit": "so", "kind": "district", "jurisdiction": "dak-lak"}]
    settings = {} if days is None else {"backlog_days": days}
    rows = [late(1, "2016-03-12")]
    made = book.account(rows, period="2016-Q1", as_of=date(2016, 4, 5), units=units, settings=settings)
    assert item(made, "backlog_dak_lak")["outcome"] == wanted


@pytest.mark.parametrize(
    ("settings", "in_march", "wanted"),
    [
        ({}, "2016-03-20", "unknown"),
        ({"metric": "on_time_nd61", "periods": 1}, "2016-03-20", "missed"),
        ({"metric": "on_time_nd61", "periods": 1}, "2016-03-08", "met"),
        ({"metric": "on_time_nd61", "periods": 1, "margin": 100}, "2016-03-08", "missed"),
        ({"metric": "on_time_nd61", "periods": 2}, "2016-03-20", "pending"),
    ],
)
def test_told_to_correct_and_no_change(book: tr.Rulebook, settings: dict[str, Any], in_march: str, wanted: str) -> None:
    """February, the month of the request: 0 %; March: 0 % or 100 %. April has not ended on 5/4."""
    rows = [
        {**late(1, "2016-02-12", "2016-02-20"), "accepted_on": "2016-02-01"},
        {**late(2, "2016-03-10", in_march), "accepted_on": "2016-03-01"},
    ]
    made = book.account(
        rows,
        period="2016-Q1",
        as_of=date(2016, 4, 5),
        units=SON_LA,
        unit_events=[{"unit": "so", "kind": "corrective_request", "at": "2016-02-25"}],
        settings={"repeat_no_change": settings} if settings else {},
    )
    found = item(made, "repeat_no_change")
    assert found["outcome"] == wanted
    assert found["class"] == {"missed": "review_trigger", "pending": "duty_open"}.get(wanted)


@pytest.mark.parametrize(("outcome", "wanted"), [("missed", ("missed", "review_trigger")), ("met", ("not_owed", None))])
def test_any_breach_is_for_the_superior_to_look_at(book: tr.Rulebook, outcome: str, wanted: tuple[str, ...]) -> None:
    row = {"dossier_id": "H1", "handling_agency": "so", "accepted_on": "2024-07-01", "lawful_due": "2024-07-10"}
    row |= {"apology_before_due": outcome, "apology_before_due.act_by": "2024-07-09"}
    units = [{"unit": "so", "kind": "provincial_department"}]
    made = book.account([row], period="2024-07", as_of=date(2024, 8, 1), units=units)
    found = item(made, "superior_handles_head")
    assert (found["outcome"], found["class"]) == wanted


# -- units through time ------------------------------------------------------------------------------------------------


def test_a_merged_unit_keeps_its_history(book: tr.Rulebook) -> None:
    """Two departments became one on 1/3/2025; what was missed before is answered by who headed them then."""
    units = [
        {"unit": "xay-dung", "to": "2025-02-28", "became": "so"},
        {"unit": "giao-thong", "to": "2025-02-28", "became": "so"},
        {"unit": "so", "from": "2025-03-01"},
    ]
    posts = [
        {"unit": unit, "role": "head_of_unit", "person": person, "from": first, "to": last}
        for unit, person, first, last in (
            ("xay-dung", "A", "2020-01-01", "2025-02-28"),
            ("giao-thong", "B", "2020-01-01", "2025-02-28"),
            ("so", "C", "2025-03-01", None),
        )
    ]
    rows = [
        {
            "dossier_id": f"H{unit}",
            "handling_agency": unit,
            "accepted_on": "2025-02-03",
            "lawful_due": due,
            "apology_before_due": "missed",
            "apology_before_due.act_by": due,
            "responsible": "apology_before_due=head_of_unit",
        }
        for unit, due in (("xay-dung", "2025-02-20"), ("giao-thong", "2025-02-21"), ("so", "2025-03-20"))
    ]
    made = book.account(rows, period="2025-Q1", as_of=date(2025, 4, 1), units=units, posts=posts)
    assert [unit["unit"] for unit in made.data["units"]] == ["so"]
    so = unit_of(made, "so")
    assert (so["counts"]["received"], so["formerly"]) == (3, ["giao-thong", "xay-dung"])
    answers = {answer["person"]: answer["count"] for answer in so["breaches"][0]["answers"]}
    assert answers == {"A": 1, "B": 1, "C": 1}
    # Open lateness: 21–28/2 (8 days) A, 22–28/2 (7) B; from 1/3 to 31/3 C has both, and 21–31/3 (11) the third.
    days = {answer["person"]: answer["days"] for answer in so["late"]["answers"]}
    assert days == {"A": 8, "B": 7, "C": 31 + 31 + 11}


def test_before_the_merger_the_old_unit_has_its_own_account(book: tr.Rulebook) -> None:
    units = [{"unit": "cu", "to": "2025-02-28", "became": "so"}, {"unit": "so", "from": "2025-03-01"}]
    rows = [{"dossier_id": "H1", "handling_agency": "cu", "accepted_on": "2025-01-03", "lawful_due": "2025-01-10"}]
    made = book.account(rows, period="2025-02", as_of=date(2025, 4, 1), units=units)
    assert unit_of(made, "cu")["counts"]["carried_over"] == 1


def test_deputies_are_for_the_rating_and_chairs_for_information(book: tr.Rulebook) -> None:
    row = {
        **late(1, "2016-01-12", "2016-01-20"),
        "field": "dat",
        "apology_r1": "missed",
        "responsible": "apology_r1=head_of_unit",
    }
    posts = [
        {"unit": "so", "role": "head_of_unit", "person": "A", "from": "2010-01-01"},
        {"unit": "so", "role": "deputy_head", "person": "B", "from": "2010-01-01", "fields": ["dat"]},
        {"unit": "so", "role": "deputy_head", "person": "C", "from": "2010-01-01", "fields": ["xay"]},
        {"unit": "tinh", "role": "chair", "person": "P", "from": "2010-01-01"},
    ]
    units = [{"unit": "so", "superior": "tinh"}, {"unit": "tinh"}]
    made = book.account([row], period="2016-Q1", as_of=date(2016, 4, 5), units=units, posts=posts)
    breach = unit_of(made, "so")["breaches"][0]
    found = {(answer["role"], answer["person"]): answer["class"] for answer in breach["answers"]}
    assert found == {
        ("head_of_unit", "A"): "breach",
        ("deputy_head", "B"): "rating_input",
        ("chair", "P"): "info",
    }


def test_of_what_the_desk_missed_no_deputy_of_the_agency_is_told(book: tr.Rulebook) -> None:
    row = {"dossier_id": "H1", "handling_agency": "so", "one_stop_unit": "mot-cua", "accepted_on": "2024-07-01"}
    row |= {"lawful_due": "2024-07-10", "finished_on": "2024-07-09", "transfer_same_day": "missed"}
    row |= {"transfer_same_day.act_by": "2024-07-01", "responsible": "transfer_same_day=head_of_one_stop_unit"}
    posts = [
        {"unit": "so", "role": "deputy_head", "person": "B", "from": "2010-01-01"},
        {"unit": "mot-cua", "role": "head_of_one_stop_unit", "person": "M", "from": "2010-01-01"},
    ]
    made = book.account([row], period="2024-07", as_of=date(2024, 8, 1), posts=posts)
    assert unit_of(made, "so")["breaches"] == []
    answers = unit_of(made, "mot-cua")["breaches"][0]["answers"]
    assert [(one["role"], one["person"], one["unit"]) for one in answers] == [("head_of_one_stop_unit", "M", "mot-cua")]


# -- steps of agencies -------------------------------------------------------------------------------------------------


def test_a_consulted_agencys_delay_is_named_and_excuses_nobody(book: tr.Rulebook) -> None:
    """Received on 3/6/2024, five workdays: due on 10/6. The other agency had to answer by 5/6 and did on 7/6."""
    dossier = tr.Dossier.model_validate(
        {
            "dossier_id": "H1",
            "time_limit": {"amount": 5, "unit": "workday"},
            "units": {"handling_agency": "so"},
            "events": [
                {"kind": "dossier_accepted", "at": "2024-06-03T08:00"},
                {"kind": "opinion_requested", "agency": "so-khac", "at": "2024-06-03T15:00", "due": "2024-06-05"},
                {"kind": "opinion_received", "agency": "so-khac", "at": "2024-06-07T09:00"},
                {"kind": "step_assigned", "agency": "so", "at": "2024-06-07T10:00", "due": "2024-06-10"},
                {"kind": "result_issued", "at": "2024-06-12T10:00"},
            ],
        }
    )
    verdict = book.evaluate(dossier, as_of=date(2024, 7, 1))
    posts = [{"unit": "so-khac", "role": "head_of_unit", "person": "K", "from": "2020-01-01"}]
    made = book.account([(dossier, verdict)], period="2024-06", posts=posts)
    so, other = unit_of(made, "so"), unit_of(made, "so-khac")
    assert (so["late"]["count"], so["late"]["mitigating"], so["counts"]["lawful_due"]["finished_late"]) == (1, 1, 1)
    assert (other["steps"]["late"], other["steps"]["answers"][0]["person"]) == (1, "K")
    assert (so["steps"]["open_late"], so["indicators"]["tt01_2"]["value"]) == (1, 0)
    assert so["indicators"]["tt01_3"]["value"] == 2


# -- what no rule may say ----------------------------------------------------------------------------------------------

INDICATOR = """
format: 1
indicator: {name}
label: {{vi: "{label}", en: "x"}}
formula: {{vi: "x", en: "x"}}
effective: {{from: "2020-01-01"}}
instrument: {{document: X, issued_on: "2020-01-01"}}
citations: [{{document: X, status: {status}}}]
class: {consequence}
decimals: 1
{way}
"""
SHARE = "share: {numerator: [received], denominator: [received]}"
OPEN = 'total: {of: [tt01_1], bands: [{id: a, at_least: "5", label: {vi: a, en: a}}]}'


@pytest.mark.parametrize(
    ("label", "status", "consequence", "way", "code"),
    [
        ("Tỷ lệ", "text", "score", SHARE, ""),
        ("Trên 5% trễ: khiển trách", "text", "score", SHARE, "TR-rule-discipline"),
        ("Tỷ lệ", "design", "score", SHARE, "TR-rule-class"),
        ("Tỷ lệ", "unconfirmed", "rating_input", SHARE, "TR-rule-class"),
        ("Tỷ lệ", "text", "score", SHARE.replace("received]}", "recieved]}"), "TR-rule-unknown-set"),
        ("Tỷ lệ", "text", "score", OPEN, "TR-rule-bands"),
        ("Tỷ lệ", "text", "score", OPEN.replace("tt01_1", "tt01_10"), "TR-rule-unknown-indicator"),
        ("Tỷ lệ", "text", "score", f"{SHARE}\n{OPEN}", "TR-rule-one-of"),
        ("Tỷ lệ", "text", "score", "mean_points: {judged: end, points: {soon: 1}}", "TR-rule-unknown-case"),
    ],
)
def test_the_loader_refuses_what_an_indicator_may_not_say(
    tmp_path: Path, label: str, status: str, consequence: str, way: str, code: str
) -> None:
    file = tmp_path / "indicators" / "2020-01-01" / "own.yaml"
    file.parent.mkdir(parents=True)
    text = INDICATOR.format(name="own", label=label, status=status, consequence=consequence, way=way)
    file.write_text(text, encoding="utf-8")
    if not code:
        assert "own" in tr.Rulebook.load(tmp_path).corpus.indicators
        return
    with pytest.raises(tr.RuleFileError) as refused:
        tr.Rulebook.load(tmp_path)
    assert code in {problem.code for problem in refused.value.problems}


def told_only_since(book: tr.Rulebook, duty: str, day: date) -> tr.Rulebook:
    """The same rules, but from that day on the duty is for information only."""

    def told(rule: Rule) -> Rule:
        if duty not in rule.duties or rule.in_force.start < day_of(day):
            return rule
        return replace(rule, responsibilities=tuple(replace(r, consequence="info") for r in rule.responsibilities))

    families = book.corpus.rules.items()
    rules = {family: {n: tuple(map(told, v)) for n, v in named.items()} for family, named in families}
    return tr.Rulebook(replace(book.corpus, rules=rules))


def test_an_officer_answers_with_the_class_of_the_day(book: tr.Rulebook) -> None:
    """Two breaches under two versions of the law: the order of the rows says nothing."""
    book = told_only_since(book, "supplement_once", date(2025, 7, 1))
    row = {
        "handling_agency": "so",
        "officers": "x",
        "supplement_once": "broken",
        "responsible": "supplement_once=officer",
    }
    days = ("2025-06-20", "2025-07-10")
    rows = [{**row, "dossier_id": day, "accepted_on": day, "lawful_due": day, "finished_on": day} for day in days]
    made = [book.account(one, period="2025", as_of=date(2026, 1, 10)) for one in (rows, rows[::-1])]
    found = [unit_of(one, "so")["breaches"][0]["answers"] for one in made]
    assert found[0] == found[1]
    assert {(one["class"], one["count"]) for one in found[0] if one["role"] == "officer"} == {
        ("breach", 1),
        ("info", 1),
    }


UNIT_DUTY = """format: 1
unit_duty: own_duty
label: {vi: "Của mình", en: "Own"}
effective: {from: "2020-01-01"}
instrument: {document: 1/QĐ, issued_on: "2020-01-01"}
citations: [{document: 1/QĐ, status: text}]
owed_by: [any]
role: head_of_unit
class: review_trigger
"""


@pytest.mark.parametrize(
    ("way", "code"),
    [
        ("on_event: {kinds: [asked], within: {amount: 5}}\nevent: answered\n", ""),
        ("on_event: {kinds: [asked]}\n", "TR-rule-one-of"),
        ("on_event: {kinds: [asked]}\nevent: answered\non_breach: {}\n", "TR-rule-one-of"),
        ("on_petition: {by: [petition_answered]}\n", "TR-input-choice"),
        ("on_petition: {by: [petition_handled], within: {amount: -1}}\n", "TR-input-range"),
        (
            (
                "on_breach: {}\nestablishes:\n  - id: gravity\n    label: {vi: mức độ để khiển trách, en: gravity}\n"
                "    citations: [{document: 1/QĐ, status: text}]\n"
            ),
            "TR-rule-discipline",
        ),
    ],
)
def test_the_loader_refuses_what_a_duty_of_units_may_not_say(tmp_path: Path, way: str, code: str) -> None:
    file = tmp_path / "own" / "2020-01-01" / "own.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(UNIT_DUTY + way, encoding="utf-8")
    if not code:
        assert "own_duty" in tr.Rulebook.load(tmp_path).corpus.unit_duties
        return
    with pytest.raises(tr.RuleFileError) as refused:
        tr.Rulebook.load(tmp_path)
    assert code in {problem.code for problem in refused.value.problems}


def test_a_duty_may_hang_on_the_breaches_of_one_role_alone(tmp_path: Path) -> None:
    """One breach of the head, one of the officer: only the officer's is asked about."""
    file = tmp_path / "own" / "2020-01-01" / "own.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(UNIT_DUTY + "on_breach: {roles: [officer]}\n", encoding="utf-8")
    of_head = {"apology_before_due": "missed", "responsible": "apology_before_due=head_of_unit"}
    of_officer = {"supplement_once": "broken", "responsible": "supplement_once=officer", "officers": "x"}
    base = {"handling_agency": "so", "accepted_on": "2024-07-01", "lawful_due": "2024-07-10"}
    rows = [{**base, "dossier_id": "H1", **of_head}, {**base, "dossier_id": "H2", **of_officer}]
    made = tr.Rulebook.load(tmp_path).account(rows, period="2024-07", as_of=date(2024, 8, 1), units=SON_LA)
    assert (item(made, "own_duty")["outcome"], item(made, "own_duty")["triggers"]) == ("missed", 1)


@pytest.mark.parametrize(("period", "assumed"), [("2025-Q4", ["nd367_not_seen"]), ("2025-11", None)])
def test_an_amendment_that_was_not_seen_is_said(book: tr.Rulebook, period: str, assumed: list[str] | None) -> None:
    """NĐ 367/2025 amended NĐ 118 from 31/12/2025 on; its text was not seen."""
    desk = [{"unit": "mc", "kind": "one_stop_unit"}]
    made = book.account([], period=period, as_of=date(2026, 1, 10), units=desk)
    assert made.data["duties"]["monthly_staff_notice"].get("assumptions") == assumed


def test_what_a_person_must_find_out_is_handed_over(book: tr.Rulebook) -> None:
    """NĐ 172/2025: gravity, repetition, objective cause and the rest, each with its clause; no form of discipline."""
    made = book.account([], period="2026-03", as_of=date(2026, 4, 1), units=[{"unit": "so", "kind": "commune"}])
    found = {one["id"]: one for one in made.data["duties"]["review_gate_officials"]["establishes"]}
    assert {"gravity", "repetition", "exemption", "limitation", "prevention"} <= set(found)
    assert found["repetition"]["citations"][0]["clause"] == "8"
    assert "khiển trách" not in str([one["label"] for one in found.values()])
