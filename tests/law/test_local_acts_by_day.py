"""What a place adds or excepts binds on the days on which its act is law, by the date that picks the national duty.

Accepted on Monday 5 August 2024 with 1, 2, 3, 4 workdays, a dossier is due on Tuesday 6, Wednesday 7, Thursday 8 and
Friday 9 August; the result comes on the 20th, without a slip. The slip is owed by the version of the due date.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tthc_rules import Rulebook, Verdict
from tthc_rules.law.civil import day_of
from tthc_rules.law.codes import KINDS
from tthc_rules.law.evidence import Citation
from tthc_rules.law.rule import ChannelIs, InForce, LabelledException, Overlay, Responsibility

Act = Callable[..., Overlay]
AUGUST = {n: day_of(date(2024, 8, n)) for n in range(1, 32)}
ALWAYS = frozenset({"in_person", "online", "postal"})
LABEL = {"vi": "quy định thử", "en": "trial act"}


def excepted(duty: str = "apology_before_due", channels: frozenset[str] = ALWAYS) -> LabelledException:
    """The duty is not owed for files that were sent so."""
    return LabelledException(duty, LABEL, (ChannelIs(channels),))


def act(name: str, first: int, last: int | None, *excepts: LabelledException, issued: int = 1, **more: Any) -> Overlay:
    """An act of Hà Nội, in force from one day of August 2024 to another."""
    span = InForce(AUGUST[first], None if last is None else AUGUST[last], AUGUST[issued])
    version = f"local/ha-noi/2024-08-{first:02d}"
    return Overlay(name, version, LABEL, span, (Citation("1/QĐ", "text"),), more.pop("adds", ()), excepts, (), "x.yaml")


def deputy() -> Responsibility:
    """The deputy head answers too, for a slip that was not given."""
    return Responsibility("apology_before_due", frozenset({"missed"}), "deputy_head", "handling_agency", "rating_input")


def judged(book: Rulebook, acts: tuple[Overlay, ...], workdays: int = 1, **asked: Any) -> Verdict:
    """A late dossier of Hà Nội, by these acts of the place."""
    of_place = Rulebook(replace(book.corpus, overlays={"local/ha-noi": acts}))
    dossier = {
        "dossier_id": "A",
        "jurisdiction": "ha-noi",
        "time_limit": {"amount": workdays, "unit": "workday"},
        "events": [
            {"kind": "dossier_accepted", "at": "2024-08-05T08:30"},
            {"kind": "result_issued", "at": "2024-08-20T10:00"},
        ],
        **asked.pop("fields", {}),
    }
    return of_place.evaluate(dossier, asked.pop("as_of", date(2024, 8, 25)), **asked)


def slip(verdict: Verdict) -> str:
    found = verdict.finding("apology_before_due")
    assert found is not None
    return found.outcome


ENGINES = pytest.mark.parametrize("engine", ["reference", "composed"])


@ENGINES
def test_an_act_binds_from_its_first_day_to_its_last(book: Rulebook, engine: str) -> None:
    acts = (act("one", 7, 8, excepted()),)
    outcomes = [slip(judged(book, acts, workdays, engine=engine)) for workdays in (1, 2, 3, 4)]
    assert outcomes == ["missed", "not_owed", "not_owed", "missed"]


@ENGINES
def test_an_act_of_one_day_binds_on_that_day(book: Rulebook, engine: str) -> None:
    acts = (act("one", 7, 7, excepted()),)
    outcomes = [slip(judged(book, acts, workdays, engine=engine)) for workdays in (1, 2, 3)]
    assert outcomes == ["missed", "not_owed", "missed"]


@ENGINES
def test_acts_that_begin_and_end_in_turn_each_bind_on_their_own_days(book: Rulebook, engine: str) -> None:
    """Two acts except the slip on the 7th and 8th and from the 8th on: on the 8th both, which is no answer."""
    acts = (act("one", 7, 8, excepted()), act("two", 8, None, excepted()))
    verdicts = [judged(book, acts, workdays, engine=engine) for workdays in (1, 2, 3, 4)]
    assert [slip(one) for one in verdicts] == ["missed", "not_owed", "undetermined", "not_owed"]
    notes = [{note.code for note in one.notes} & {"excepted", "two_exceptions"} for one in verdicts]
    assert notes == [set(), {"excepted"}, {"two_exceptions"}, {"excepted"}]


@ENGINES
def test_who_is_added_answers_for_the_days_of_the_act_only(book: Rulebook, engine: str) -> None:
    acts = (act("one", 7, 8, adds=(deputy(),)),)
    roles = [judged(book, acts, workdays, engine=engine).responsible["apology_before_due"] for workdays in (1, 2, 3, 4)]
    assert roles == [
        ["head_of_unit"],
        ["deputy_head", "head_of_unit"],
        ["deputy_head", "head_of_unit"],
        ["head_of_unit"],
    ]


@ENGINES
@pytest.mark.parametrize(("known_on", "outcome"), [(5, "missed"), (6, "not_owed"), (7, "not_owed")])
def test_an_act_is_known_from_the_day_of_its_issue(book: Rulebook, engine: str, known_on: int, outcome: str) -> None:
    acts = (act("one", 7, None, excepted(), issued=6),)
    assert slip(judged(book, acts, 2, known_on=date(2024, 8, known_on), engine=engine)) == outcome


@ENGINES
def test_an_act_that_excepts_from_two_duties_excepts_from_each(book: Rulebook, engine: str) -> None:
    acts = (act("one", 1, None, excepted(), excepted("late_notice_to_one_stop")),)
    verdict = judged(book, acts, engine=engine)
    notice = verdict.finding("late_notice_to_one_stop")
    assert notice is not None
    assert (slip(verdict), notice.outcome) == ("not_owed", "not_owed")


@ENGINES
@pytest.mark.parametrize(("channel", "note"), [("in_person", "not_observed"), ("online", "excepted")])
def test_an_exception_that_does_not_apply_leaves_the_note_of_its_duty(
    book: Rulebook, engine: str, channel: str, note: str
) -> None:
    """The source shows no notices to the one-stop unit, and files sent online need none."""
    acts = (act("one", 1, None, excepted("late_notice_to_one_stop", frozenset({"online"}))),)
    observes = sorted(set(KINDS) - {"delay_notice_sent"})
    verdict = judged(book, acts, engine=engine, fields={"observes": observes, "channel": channel})
    assert {one.code for one in verdict.notes} & {"not_observed", "excepted"} == {note}


@ENGINES
@pytest.mark.parametrize(("channel", "listed"), [("in_person", True), ("online", False)])
def test_what_is_excepted_is_not_expected_should_the_file_not_be_eligible(
    book: Rulebook, engine: str, channel: str, listed: bool
) -> None:
    """Within three workdays of Monday, by Thursday 8 August, a file that is not eligible goes back: not so online."""
    acts = (act("one", 1, None, excepted("return_ineligible", frozenset({"online"}))),)
    verdict = judged(book, acts, 9, as_of=date(2024, 8, 6), engine=engine, fields={"channel": channel})
    by = {one.id: one.by for one in verdict.next_acts}
    assert by.get("return_ineligible") == (date(2024, 8, 8) if listed else None)
