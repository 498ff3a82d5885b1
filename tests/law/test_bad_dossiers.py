"""Broken dossiers: a `DossierError` or a verdict that says what was odd, soon, and never another exception."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest
from conftest import ends
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tthc_rules import Dossier, DossierError, OptionError, Rulebook, Verdict
from tthc_rules.errors import TthcError
from tthc_rules.law.dossier import MAX_EVENTS

Json = dict[str, Any]
AS_OF = dt.date(2024, 9, 20)
ACCEPTED: Json = {"kind": "dossier_accepted", "at": "2024-08-05T08:30"}
FIVE: Json = {"amount": 5, "unit": "workday"}


@pytest.fixture(scope="module")
def book() -> Rulebook:
    loaded = Rulebook.load()
    loaded.evaluate(dossier(), AS_OF)  # builds what is built once
    loaded.evaluate(dossier(time_limit={"amount": 4, "unit": "work_hour"}), AS_OF)
    return loaded


def dossier(*events: Any, **fields: Any) -> Json:
    return {"dossier_id": "H56-1", "time_limit": FIVE, "events": [ACCEPTED, *events], **fields}


def event(kind: str, at: Any = "2024-08-07T09:00", **fields: Any) -> Json:
    return {"kind": kind, "at": at, **fields}


def deep(levels: int = 100_000, key: str = "") -> Any:
    """A value so many levels deep."""
    value: Any = "x"
    for _ in range(levels):
        value = {key: value} if key else [value]
    return value


def refused(book: Rulebook, data: Any, kind: type[TthcError] = DossierError, **question: Any) -> TthcError:
    """The error, after looking at what every error must be: short, printable, coded, placed, and quick."""
    caught: list[TthcError] = []

    def ask() -> None:
        with pytest.raises(kind) as info:
            book.evaluate(data, **{"as_of": AS_OF, **question})
        str(info.value).encode()
        caught.append(info.value)

    ends(ask)
    error = caught[0]
    assert error.problems
    for problem in error.problems:
        assert problem.code.startswith("TR-")
        assert problem.vi
        assert problem.en
        assert problem.vi != problem.en
    assert len(str(error)) < 2_000 * len(error.problems)
    return error


def survives_json(verdict: Verdict) -> None:
    text = verdict.model_dump_json()
    again = Verdict.model_validate_json(text)
    assert again.model_dump_json() == text
    assert again.model_dump() == verdict.model_dump()


def judged(book: Rulebook, data: Any, **question: Any) -> Verdict:
    """The verdict, quick, explained in both languages, and the same after JSON."""
    found: list[Verdict] = []
    ends(lambda: found.append(book.evaluate(data, **{"as_of": AS_OF, **question})))
    survives_json(found[0])
    for lang in ("vi", "en"):
        assert found[0].explain(lang, day_by_day=True).encode()
    return found[0]


def codes(verdict: Verdict) -> list[str]:
    return [note.code for note in verdict.notes]


# -- refused: the code and the place -----------------------------------------------------------------------------------


LOOP: Json = {}
LOOP["events"] = [LOOP]
LIST_LOOP: list[Any] = []
LIST_LOOP.append(LIST_LOOP)
REFUSED: dict[str, tuple[Any, str, str]] = {
    "nothing": (None, "TR-input-type", ""),
    "a list": ([ACCEPTED], "TR-input-type", ""),
    "a list that contains itself": (LIST_LOOP, "TR-input-type", ""),
    "text": ('{"dossier_id": "x"}', "TR-input-type", ""),
    "bytes": (b"{}", "TR-input-type", ""),
    "a number": (7, "TR-input-type", ""),
    "not a number": (float("nan"), "TR-input-type", ""),
    "an object": (object(), "TR-input-type", ""),
    "a set": ({"dossier_id"}, "TR-input-type", ""),
    "no id": ({"events": []}, "TR-input-missing", "dossier_id"),
    "empty": ({}, "TR-input-missing", "dossier_id"),
    "keys that are no text": ({"dossier_id": "x", 1: 2}, "TR-input-value", "x: [1]"),
    "an empty id": (dossier(dossier_id=""), "TR-input-length", "dossier_id"),
    "an id of 201 letters": (dossier(dossier_id="đ" * 201), "TR-input-length", ""),
    "a number as id": (dossier(dossier_id=7), "TR-input-type", "dossier_id"),
    "an unknown channel": (dossier(channel="onlin"), "TR-input-choice", "H56-1: channel"),
    "a list as channel": (dossier(channel=["online"]), "TR-input-choice", "H56-1: channel"),
    "text as events": (dossier(events="dossier_accepted"), "TR-input-type", "H56-1: events"),
    "a mapping as events": (dossier(events={"0": ACCEPTED}), "TR-input-type", "H56-1: events"),
    "no events but null": (dossier(events=None), "TR-input-type", "H56-1: events"),
    "text as event": (dossier("result_issued"), "TR-input-type", "H56-1: events[1]"),
    "null as event": (dossier(None), "TR-input-type", "H56-1: events[1]"),
    "an empty event": (dossier({}), "TR-input-missing", "H56-1: events[1].kind"),
    "an event without kind": (dossier({"at": "2024-08-05"}), "TR-input-missing", "H56-1: events[1].kind"),
    "a number as kind": (dossier(event(7)), "TR-input-type", "H56-1: events[1].kind"),  # type: ignore[arg-type]
    "an event without at": (dossier({"kind": "result_issued"}), "TR-input-missing", "H56-1: events[1].at"),
    "an unknown event without at": (dossier({"kind": "coffee"}), "TR-input-missing", "H56-1: events[1].at"),
    "null as at": (dossier(event("result_issued", None)), "TR-moment-type", "H56-1: events[1].at"),
    "14 digits": (dossier(event("result_issued", "20240805083000")), "TR-moment-form", "H56-1: events[1].at"),
    "14 digits as a number": (dossier(event("result_issued", 20240805083000)), "TR-moment-type", "H56-1: events[1].at"),
    "8 digits": (dossier(event("result_issued", "20240805")), "TR-moment-form", "H56-1: events[1].at"),
    "a week date": (dossier(event("result_issued", "2024-W32-1")), "TR-moment-form", "H56-1: events[1].at"),
    "an hour alone": (dossier(event("result_issued", "2024-08-05T08")), "TR-moment-form", "H56-1: events[1].at"),
    "24:00": (dossier(event("result_issued", "2024-08-05T24:00")), "TR-moment-form", "H56-1: events[1].at"),
    "23:60": (dossier(event("result_issued", "2024-08-05T23:60")), "TR-moment-form", "H56-1: events[1].at"),
    "a leap second": (dossier(event("result_issued", "2024-08-05T23:59:60")), "TR-moment-form", "H56-1: events[1].at"),
    "30 February": (dossier(event("result_issued", "2024-02-30")), "TR-moment-form", "H56-1: events[1].at"),
    "month 13": (dossier(event("result_issued", "2024-13-01T08:00")), "TR-moment-form", "H56-1: events[1].at"),
    "day before month": (dossier(event("result_issued", "05/08/2024")), "TR-moment-form", "H56-1: events[1].at"),
    "a space after": (dossier(event("result_issued", "2024-08-05 ")), "TR-moment-form", "H56-1: events[1].at"),
    "a line end after": (dossier(event("result_issued", "2024-08-05\n")), "TR-moment-form", "H56-1: events[1].at"),
    "other digits": (dossier(event("result_issued", "２０２４-08-05")), "TR-moment-form", "H56-1: events[1].at"),
    "Arabic digits": (dossier(event("result_issued", "٢٠٢٤-08-05")), "TR-moment-form", "H56-1: events[1].at"),
    "a million letters as at": (dossier(event("result_issued", "x" * 10**6)), "TR-moment-form", "H56-1: events[1].at"),
    "a real number as at": (dossier(event("result_issued", 1.7e9)), "TR-moment-type", "H56-1: events[1].at"),
    "true as at": (dossier(event("result_issued", True)), "TR-moment-type", "H56-1: events[1].at"),
    "a time of day as at": (dossier(event("result_issued", dt.time(8))), "TR-moment-type", "H56-1: events[1].at"),
    "the year 9999": (dossier(event("result_issued", "9999-12-31")), "TR-moment-range", "H56-1: events[1].at"),
    "the last datetime": (dossier(event("result_issued", dt.datetime.max)), "TR-moment-range", "H56-1: events[1].at"),
    "the last instant in UTC": (
        dossier(event("result_issued", "9999-12-31T23:59:59Z")),
        "TR-moment-range",
        "H56-1: events[1].at",
    ),
    "the first instant, further east": (
        dossier(event("result_issued", "0001-01-01T00:00+14:00")),
        "TR-moment-range",
        "H56-1: events[1].at",
    ),
    "the year 0": (dossier(event("result_issued", "0000-01-01")), "TR-moment-form", "H56-1: events[1].at"),
    "31/12/1989": (dossier(event("result_issued", "1989-12-31T23:59")), "TR-moment-range", "H56-1: events[1].at"),
    "1/1/2101": (dossier(event("result_issued", "2101-01-01")), "TR-moment-range", "H56-1: events[1].at"),
    "1/1/2101 in Vietnam": (
        dossier(event("result_issued", "2100-12-31T17:00Z")),
        "TR-moment-range",
        "H56-1: events[1].at",
    ),
    "a due date in the year 9999": (
        dossier(event("reappointed", new_due="9999-12-31")),
        "TR-moment-range",
        "H56-1: events[1].new_due",
    ),
    "a slip in the year 9999": (
        dossier(event("supplement_received", appointed_due="9999-12-31")),
        "TR-moment-range",
        "H56-1: events[1].appointed_due",
    ),
    "an exclusion to the year 9999": (
        dossier(event("interval_excluded", **{"from": "2024-08-01", "to": "9999-12-31"})),
        "TR-moment-range",
        "H56-1: events[1].to",
    ),
    "an opinion due next week": (
        dossier(event("opinion_requested", due="tuần sau")),
        "TR-moment-form",
        "H56-1: events[1].due",
    ),
    "text for true": (
        dossier(event("supplement_requested", after_appraisal="false")),
        "TR-input-type",
        "H56-1: events[1].after_appraisal",
    ),
    "1 for true": (
        dossier(event("supplement_requested", applicant_fault=1)),
        "TR-input-type",
        "H56-1: events[1].applicant_fault",
    ),
    "a list as reason": (dossier(event("apology_sent", reason=["x"])), "TR-input-type", "H56-1: events[1].reason"),
    "a list as units": (dossier(units=["so-xay-dung"]), "TR-input-type", "H56-1: units"),
    "text as officers": (dossier(officers="an"), "TR-input-type", "H56-1: officers"),
    "text as filed_elsewhere": (dossier(filed_elsewhere="yes"), "TR-input-type", "H56-1: filed_elsewhere"),
    "an unknown province": (dossier(jurisdiction="thanh-hoaa"), "TR-dossier-jurisdiction", "H56-1: jurisdiction"),
    "a province of a million letters": (
        dossier(jurisdiction="x" * 10**6),
        "TR-dossier-jurisdiction",
        "H56-1: jurisdiction",
    ),
    "an unknown field of the limit": (
        dossier(time_limit={**FIVE, "amout": 5}),
        "TR-input-unknown-field",
        "H56-1: time_limit.amout",
    ),
    "a bare day as unit": (
        dossier(time_limit={"amount": 5, "unit": "day"}),
        "TR-input-choice",
        "H56-1: time_limit.unit",
    ),
    "no unit": (dossier(time_limit={"amount": 5}), "TR-input-missing", "H56-1: time_limit.unit"),
    "no amount": (dossier(time_limit={"unit": "workday"}), "TR-input-missing", "H56-1: time_limit.amount"),
    "text as limit": (dossier(time_limit="5 ngày"), "TR-input-type", "H56-1: time_limit"),
    "a number as limit": (dossier(time_limit=5), "TR-input-type", "H56-1: time_limit"),
    "no limit, said wrongly": (dossier(time_limit={"none": False}), "TR-input-choice", "H56-1: time_limit.none"),
    "none and an amount": (
        dossier(time_limit={"none": True, **FIVE}),
        "TR-input-unknown-field",
        "H56-1: time_limit.amount",
    ),
    "24:00 as cutoff": (
        dossier(time_limit={**FIVE, "cutoff": "24:00"}),
        "TR-moment-form",
        "H56-1: time_limit.cutoff",
    ),
    "a number as cutoff": (dossier(time_limit={**FIVE, "cutoff": 900}), "TR-moment-form", "H56-1: time_limit.cutoff"),
    "an unknown pause": (
        dossier(time_limit={**FIVE, "pauses_for": ["opinions"]}),
        "TR-input-choice",
        "H56-1: time_limit.pauses_for[0]",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_malformed_input_is_refused_with_its_code_and_place(book: Rulebook, name: str) -> None:
    data, code, place = REFUSED[name]
    error = refused(book, data)
    assert error.code == code
    assert not place or error.place == place


AMOUNTS = [
    -1,
    2**31,
    10**30,
    10**5000,
    -(10**5000),
    0.5,
    5.0,
    float("nan"),
    float("inf"),
    float("-inf"),
    True,
    "5",
    None,
    [],
    {},
]


@pytest.mark.parametrize("amount", AMOUNTS, ids=lambda amount: f"{type(amount).__name__}-{AMOUNTS.index(amount)}")
@pytest.mark.parametrize("unit", ["workday", "month", "work_hour"])
def test_an_amount_is_a_whole_number_in_range(book: Rulebook, amount: Any, unit: str) -> None:
    error = refused(book, dossier(time_limit={"amount": amount, "unit": unit}))
    assert error.code in ("TR-input-type", "TR-input-range")
    assert error.place == "H56-1: time_limit.amount"


def test_several_problems_come_together_each_with_its_place(book: Rulebook) -> None:
    error = refused(book, dossier(event("result_issued", "hôm qua"), {"kind": "x"}, channel="fax", time_limit={}))
    assert [(problem.code, problem.place) for problem in error.problems] == [
        ("TR-input-choice", "H56-1: channel"),
        ("TR-input-missing", "H56-1: time_limit.amount"),
        ("TR-input-missing", "H56-1: time_limit.unit"),
        ("TR-moment-form", "H56-1: events[1].at"),
        ("TR-input-missing", "H56-1: events[2].at"),
    ]


@pytest.mark.parametrize(
    ("data", "nearest"),
    [
        (dossier(channel="in_persn"), "in_person"),
        (dossier(jurisdiction="tuyen-quan"), "tuyen-quang"),
        (dossier(time_limit={"amount": 5, "unit": "workdays"}), "workday"),
        (dossier(time_limit={**FIVE, "pauses_for": ["payments"]}), "payment"),
    ],
)
def test_a_word_that_is_nearly_right_is_answered_with_the_right_one(book: Rulebook, data: Json, nearest: str) -> None:
    (problem,) = refused(book, data).problems
    assert problem.nearest == nearest
    assert nearest in problem.known or "…" in problem.known
    assert nearest in problem.render("vi")


@pytest.mark.parametrize("as_of", [dt.date(1989, 12, 31), dt.date(2101, 1, 1), dt.date.min, dt.date.max])
def test_a_question_outside_the_years_that_are_read(book: Rulebook, as_of: dt.date) -> None:
    assert refused(book, dossier(), OptionError, as_of=as_of).code == "TR-as-of-range"


# -- answered: what was odd is noted -----------------------------------------------------------------------------------


PAUSE = event("clock_paused", "2024-08-07T09:00", ground="căn cứ")
ODD: dict[str, tuple[Json, list[str], str | None]] = {
    "nothing happened": (dossier(events=[]), [], None),
    "nothing was accepted": (dossier(events=[event("dossier_submitted")]), [], None),
    "out of order": (
        dossier(events=[event("clock_resumed", "2024-08-09T09:00"), PAUSE, ACCEPTED]),
        [],
        "2024-08-14",
    ),
    "a pause before acceptance": (dossier(event("clock_paused", "2024-08-02")), ["before_acceptance"], "2024-08-12"),
    "a result before acceptance": (dossier(event("result_issued", "2024-08-02")), ["before_acceptance"], "2024-08-12"),
    "a result and no acceptance": (dossier(events=[event("result_issued")]), ["before_acceptance"], None),
    "two acceptances": (dossier(event("dossier_accepted")), ["second_acceptance"], "2024-08-12"),
    "an acceptance after the end": (
        dossier(event("result_issued"), event("dossier_accepted", "2024-08-08T09:00")),
        ["second_acceptance"],
        "2024-08-12",
    ),
    "resumed, never paused": (dossier(event("clock_resumed")), ["orphan_resume"], "2024-08-12"),
    "paid, never asked": (
        dossier(event("payment_received"), time_limit={**FIVE, "pauses_for": ["payment"]}),
        ["orphan_resume"],
        "2024-08-12",
    ),
    "an opinion nobody asked for": (
        dossier(event("opinion_received", agency="a"), time_limit={**FIVE, "pauses_for": ["opinion"]}),
        ["orphan_resume"],
        "2024-08-12",
    ),
    "paused while paused": (
        dossier(PAUSE, {**PAUSE, "at": "2024-08-08T09:00"}, event("clock_resumed", "2024-08-09T09:00")),
        ["already_paused"],
        "2024-08-14",
    ),
    "a pause without ground": (
        dossier(event("clock_paused", ground=" "), event("clock_resumed", "2024-08-09")),
        ["pause_without_ground"],
        "2024-08-14",
    ),
    "a supplement nobody asked for": (dossier(event("supplement_received")), ["orphan_supplement"], "2024-08-12"),
    "asked twice": (
        dossier(
            event("supplement_requested"),
            event("supplement_requested", "2024-08-08"),
            event("supplement_received", "2024-08-09"),
        ),
        ["already_waiting"],
        "2024-08-16",
    ),
    "the same acceptance twice": (dossier(ACCEPTED), ["duplicate_event"], "2024-08-12"),
    "the same acceptance in UTC": (
        dossier({**ACCEPTED, "at": "2024-08-05T01:30:00.000Z"}),
        ["duplicate_event"],
        "2024-08-12",
    ),
    "paused after the end": (
        dossier(event("result_issued"), {**PAUSE, "at": "2024-08-08"}),
        ["after_end"],
        "2024-08-12",
    ),
    "re-appointed after the end": (
        dossier(event("result_issued"), event("reappointed", "2024-08-08", new_due="2024-08-20")),
        ["after_end", "reappointment_ignored"],
        "2024-08-12",
    ),
    "re-appointed to no date": (dossier(event("reappointed")), ["reappointment_ignored"], "2024-08-12"),
    "re-appointed to the due date": (
        dossier(event("reappointed", new_due="2024-08-12")),
        ["reappointment_ignored"],
        "2024-08-12",
    ),
    "an exclusion without end": (
        dossier(event("interval_excluded", **{"from": "2024-08-07"})),
        ["exclusion_ignored"],
        "2024-08-12",
    ),
    "an exclusion reversed": (
        dossier(event("interval_excluded", **{"from": "2024-08-08", "to": "2024-08-07"})),
        ["exclusion_ignored"],
        "2024-08-12",
    ),
    "a slip with another date": (
        dossier(events=[{**ACCEPTED, "appointed_due": "2024-08-13"}]),
        ["promise_differs"],
        "2024-08-12",
    ),
    "a new slip with the due date of its own day": (
        dossier(
            event("supplement_requested", "2024-08-07T09:00"),
            event("supplement_received", "2024-08-09T09:00", appointed_due="2024-08-16"),
        ),
        [],
        "2024-08-16",
    ),
    "a new slip with the due date of the first day": (
        dossier(
            event("supplement_requested", "2024-08-07T09:00"),
            event("supplement_received", "2024-08-09T09:00", appointed_due="2024-08-12"),
        ),
        ["promise_differs"],
        "2024-08-16",
    ),
    "a new slip while the clock stands": (
        dossier(
            events=[
                event("dossier_accepted", "2015-06-01T08:30"),
                event("supplement_requested", "2015-06-02T09:00"),
                event("clock_paused", "2015-06-03T09:00", ground="Điều 5"),
                event("supplement_received", "2015-06-04T09:00", appointed_due="2015-06-20"),
                event("clock_resumed", "2015-06-05T09:00"),
            ]
        ),
        [],
        "2015-06-11",
    ),
    "an unknown kind": (dossier(event("coffee_break")), ["unknown_kind"], "2024-08-12"),
    "an empty kind": (dossier(event("")), ["unknown_kind"], "2024-08-12"),
    "a kind of a million letters": (dossier(event("k" * 10**6)), ["unknown_kind"], "2024-08-12"),
    "an unknown field": (dossier(weather="rain"), ["unknown_field"], "2024-08-12"),
    "an unknown field of an event": (dossier(event("result_issued", by="x")), ["unknown_field"], "2024-08-12"),
    "a field a hundred thousand levels deep": (dossier(x=deep()), ["unknown_field"], "2024-08-12"),
    "not a number in an unknown field": (dossier(x=float("nan")), ["unknown_field"], "2024-08-12"),
    "no limit known": ({"dossier_id": "x", "events": [ACCEPTED]}, ["no_time_limit_known"], None),
    "a limit in hours, a receipt without one": (
        dossier(events=[event("dossier_accepted", "2024-08-05")], time_limit={"amount": 4, "unit": "work_hour"}),
        ["hour_unknown"],
        None,
    ),
    "before the first decree": (
        dossier(events=[event("dossier_accepted", "2007-06-21")]),
        ["no_regime_in_force"],
        None,
    ),
    "before the calendar": (dossier(events=[event("dossier_accepted", "1990-01-01")]), ["no_regime_in_force"], None),
}


@pytest.mark.parametrize("name", ODD)
def test_a_malformed_log_is_answered_and_noted(book: Rulebook, name: str) -> None:
    data, notes, lawful = ODD[name]
    verdict = judged(book, data)
    assert sorted(codes(verdict)) == sorted(notes)
    assert verdict.clock.lawful_due == (None if lawful is None else dt.date.fromisoformat(lawful))
    if lawful is None:
        assert (verdict.workdays_late, verdict.days_late) == (None, None)


def test_a_dossier_that_contains_itself_in_an_unknown_field_is_answered(book: Rulebook) -> None:
    data = dossier()
    data["self"] = data
    assert codes(judged(book, data)) == ["unknown_field"]


def test_a_dossier_that_contains_itself_as_its_event_is_refused(book: Rulebook) -> None:
    data = dossier()
    data["events"] = [ACCEPTED, data]
    assert refused(book, data).place == "H56-1: events[1].kind"


@pytest.mark.parametrize("unit", ["workday", "calendar_day", "work_hour", "week", "month", "year"])
def test_the_longest_limit_ends_beyond_the_calendar(book: Rulebook, unit: str) -> None:
    verdict = judged(book, dossier(time_limit={"amount": 2**31 - 1, "unit": unit}))
    assert codes(verdict) == ["beyond_calendar"]
    assert (verdict.punctuality, verdict.clock.lawful_due) == ("undetermined", None)


def test_the_last_day_that_may_be_accepted_and_asked_about(book: Rulebook) -> None:
    last = dossier(events=[event("dossier_accepted", "2100-12-31T23:59:59.999999")])
    verdict = book.evaluate(last, dt.date(2100, 12, 31))
    assert verdict.clock.lawful_due == dt.date(2101, 1, 7)
    over = judged(book, {**last, "time_limit": {"amount": 366, "unit": "calendar_day"}}, as_of=dt.date(2100, 12, 31))
    assert codes(over) == ["beyond_calendar"]


def test_a_due_date_in_2101_survives_json(book: Rulebook) -> None:
    last = dossier(events=[event("dossier_accepted", "2100-12-31T08:30")])
    survives_json(book.evaluate(last, dt.date(2100, 12, 31)))


HIDDEN = [
    "👩\u200d👧",
    "\u202eabc",
    "\u2066א\u2069",
    "\x00",
    "a\x00b",
    "\x1b[2J",
    "\ufeff",
    "\u2028",
    "HS-1\u200b",
    "a\x7f",
]


@pytest.mark.parametrize("name", ["😀", "Hồ sơ 1", " ", "đ" * 200], ids=ascii)
def test_an_odd_id_is_kept_as_it_is(book: Rulebook, name: str) -> None:
    assert judged(book, dossier(dossier_id=name)).dossier_id == name
    text = json.dumps(dossier(dossier_id=name))
    assert book.evaluate(Dossier.model_validate_json(text), AS_OF).dossier_id == name


def test_an_id_is_one_text_however_its_letters_are_made(book: Rulebook) -> None:
    assert judged(book, dossier(dossier_id="e\u0301")).dossier_id == "\u00e9"


@pytest.mark.parametrize("name", HIDDEN, ids=ascii)
@pytest.mark.parametrize(
    "fields",
    [
        lambda name: {"dossier_id": name},
        lambda name: {"units": {"handling_agency": name}},
        lambda name: {"units": {"one_stop_unit": name}},
        lambda name: {"officers": ["Lan", name]},
        lambda name: {"procedure": name},
        lambda name: {"events": [ACCEPTED, event("opinion_requested", agency=name)]},
    ],
    ids=["dossier_id", "handling_agency", "one_stop_unit", "officers", "procedure", "agency"],
)
def test_what_nobody_sees_in_an_id_a_unit_or_a_person_is_refused(
    book: Rulebook, name: str, fields: Callable[[str], Json]
) -> None:
    with pytest.raises(DossierError) as caught:
        book.evaluate(dossier(**fields(name)), AS_OF)
    assert caught.value.code == "TR-input-hidden"


def test_any_mapping_is_read_and_a_dossier_that_was_checked_gives_the_same(book: Rulebook) -> None:
    data = dossier(PAUSE)
    expected = judged(book, data).model_dump_json()
    assert judged(book, MappingProxyType(data)).model_dump_json() == expected
    assert judged(book, Dossier.model_validate(data)).model_dump_json() == expected
    assert judged(book, Dossier.model_validate_json(json.dumps(data))).model_dump_json() == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nul",
        "{",
        "[]",
        '{"dossier_id": "x", "events": NULL}',
        '"' + "x" * 10,
        "[" * 100_000,
        b"\xff",
        '{"dossier_id":"\\ud800"}',
    ],
    ids=repr,
)
def test_json_that_is_no_dossier(text: str | bytes) -> None:
    def read() -> None:
        with pytest.raises(DossierError) as caught:
            Dossier.model_validate_json(text)
        str(caught.value).encode()

    ends(read)


# -- large -------------------------------------------------------------------------------------------------------------


def minute(number: int) -> str:
    return (dt.datetime(2024, 8, 5, 8, 31) + dt.timedelta(minutes=number)).isoformat()


def of(count: int, *cycle: Json) -> list[Json]:
    return [{"at": minute(number), **cycle[number % len(cycle)]} for number in range(count)]


MOST = MAX_EVENTS - 1  # beside the acceptance
LIMIT: Json = {"amount": 2000, "unit": "workday", "pauses_for": ["payment", "opinion"]}
LARGE: dict[str, list[Json]] = {
    "unknown": of(MOST, {"kind": "coffee"}),
    "acceptances": of(MOST, {"kind": "dossier_accepted"}),
    "one event, many times": [ACCEPTED] * MOST,
    "one moment, many events": [{**ACCEPTED, "note": str(number)} for number in range(MOST)],
    "pauses": of(MOST, {"kind": "clock_paused"}, {"kind": "clock_resumed"}),
    "resumptions": of(MOST, {"kind": "clock_resumed"}),
    "supplements": of(MOST, {"kind": "supplement_requested"}, {"kind": "supplement_received"}),
    "requests": of(MOST, {"kind": "supplement_requested"}),
    "re-appointments": of(MOST, {"kind": "reappointed", "new_due": "2034-12-31"}),
    "opinions of one agency": of(
        MOST, {"kind": "opinion_requested", "agency": "a"}, {"kind": "opinion_received", "agency": "a"}
    ),
    "opinions of as many agencies": [
        {**one, "agency": str(number)} for number, one in enumerate(of(MOST, {"kind": "opinion_requested"}))
    ],
    "results": of(MOST, {"kind": "result_issued"}),
    "a pause a day": [
        {
            "kind": ("clock_paused", "clock_resumed")[number % 2],
            "at": f"{dt.date(2024, 8, 6) + dt.timedelta(days=number // 2)}T{9 + number % 2:02d}:00",
        }
        for number in range(MOST)
    ],
    "exclusions, each before the one recorded earlier": [
        {**one, "from": first, "to": first}
        for number, one in enumerate(of(MOST, {"kind": "interval_excluded"}))
        for first in [str(dt.date(2031, 1, 1) - number * dt.timedelta(days=2))]
    ],
}


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("unit", ["workday", "calendar_day", "work_hour"])
def test_as_many_events_as_are_read_are_judged_at_once_and_explained(book: Rulebook, name: str, unit: str) -> None:
    data = dossier(*LARGE[name], time_limit={**LIMIT, "unit": unit, "amount": 10_000 if unit == "work_hour" else 2000})
    assert len(data["events"]) == MAX_EVENTS
    question = dt.date(2031, 1, 1)
    found: list[Verdict] = []
    ends(lambda: found.append(book.evaluate(data, question)))
    survives_json(found[0])
    assert found[0].explain("vi")


def test_pauses_in_working_hours_are_judged_at_once(book: Rulebook) -> None:
    start = dt.datetime(2024, 8, 6, 8)
    pauses = [
        {"kind": ("clock_paused", "clock_resumed")[number % 2], "at": str(start + dt.timedelta(hours=number))}
        for number in range(MOST)
    ]
    data = dossier(*pauses, time_limit={"amount": 20_000, "unit": "work_hour"})
    ends(lambda: book.evaluate(data, dt.date(2030, 1, 1)))


def test_as_many_events_as_are_read_are_explained_soon(book: Rulebook) -> None:
    verdict = book.evaluate(dossier(*LARGE["acceptances"]), AS_OF)
    ends(lambda: verdict.explain("vi"))


@pytest.mark.parametrize("count", [MAX_EVENTS, 10_000, 10_001])
def test_one_event_more_is_refused(book: Rulebook, count: int) -> None:
    error = refused(book, dossier(*of(count, {"kind": "coffee"})))
    assert [(problem.code, problem.place) for problem in error.problems] == [("TR-input-length", "H56-1: events")]


def test_of_many_broken_events_the_first_are_told_and_the_rest_are_counted(book: Rulebook) -> None:
    error = refused(book, dossier(*[{"kind": "coffee"}] * MOST))
    assert [problem.place for problem in error.problems[:2]] == ["H56-1: events[1].at", "H56-1: events[2].at"]
    assert error.problems[-1].code == "TR-input-more"
    told = len(error.problems) - 1
    assert 20 <= told < MOST
    assert f"{MOST - told} more" in error.problems[-1].en


# -- another exception, which never may happen -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        dossier(channel=deep()),
        dossier(channel=deep(key="a")),
        dossier(channel=10**5000),
        dossier(time_limit={"amount": 5, "unit": deep()}),
        dossier(time_limit={"none": deep()}),
    ],
    ids=["a deep list", "a deep mapping", "a huge number", "a deep unit", "a deep none"],
)  # fmt: skip
def test_a_value_that_cannot_be_shown_instead_of_a_known_word(book: Rulebook, data: Json) -> None:
    assert refused(book, data).code == "TR-input-choice"


SELF: Json = dict(ACCEPTED)
SELF["self"] = SELF


@pytest.mark.parametrize(
    "extra",
    [{"x": deep()}, {"self": SELF}, {"x": object()}, {"x": "\ud800"}, {"x": b"\xff"}],
    ids=["deep", "contains itself", "an object", "half a surrogate pair", "bytes"],
)
def test_two_events_at_one_moment_with_a_field_that_json_cannot_say(book: Rulebook, extra: Json) -> None:
    verdict = judged(book, dossier({**ACCEPTED, **extra}))
    assert "unknown_field" in codes(verdict)


def test_not_a_number_and_infinity_are_not_the_same(book: Rulebook) -> None:
    data = dossier(event("reappointed", x=float("nan")), event("reappointed", x=float("inf")))
    assert "duplicate_event" not in codes(judged(book, data))


def test_an_id_that_cannot_be_printed(book: Rulebook) -> None:
    assert refused(book, dossier(dossier_id="\ud800")).code in ("TR-input-type", "TR-input-text")


def test_a_kind_that_cannot_be_printed(book: Rulebook) -> None:
    try:
        verdict = book.evaluate(dossier(event("\ud800")), AS_OF)
    except DossierError:
        return
    assert verdict.explain("vi").encode()


def test_twenty_thousand_wrong_words(book: Rulebook) -> None:
    refused(book, dossier(time_limit={**FIVE, "pauses_for": ["opinions"] * 20_000}))


# -- anything at all ---------------------------------------------------------------------------------------------------


KINDS = [
    "dossier_submitted", "dossier_accepted", "dossier_refused", "dossier_forwarded", "supplement_requested",
    "supplement_received", "clock_paused", "clock_resumed", "payment_awaited", "payment_received", "opinion_requested",
    "opinion_received", "step_assigned", "step_done", "delay_notice_sent", "apology_sent", "reappointed",
    "interval_excluded", "received_by_competent_agency", "result_issued", "result_returned", "processing_stopped",
    "dossier_withdrawn", "dossier_lost", "synced_national", "late_officers_published",
]  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT
    | st.sampled_from(["", "x", "2024-08-05", "9999-12-31", 0, -1, 2**31, 10**25, float("nan"), "online", "workday"])
)  # fmt: skip
JSONISH = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6
)
MOMENTS = st.one_of(
    st.dates(dt.date(2006, 12, 1), dt.date(2028, 12, 31)).map(str),
    st.datetimes(dt.datetime(2024, 8, 1), dt.datetime(2024, 9, 1)).map(dt.datetime.isoformat),
    st.sampled_from(["2024-08-05", "2024-08-05T08:30", "2024-08-05T08:30:00+07:00", "2024-08-12T23:59:59.9Z"]),
)
NOW_AND_THEN = st.integers(0, 12).map(lambda number: number == 12)
FIELDS: Json = {
    "appointed_due": MOMENTS, "after_appraisal": st.booleans(), "applicant_fault": st.booleans(), "ground": TEXT,
    "agency": st.sampled_from(["a", "b"]), "due": MOMENTS, "reason": TEXT, "new_due": MOMENTS, "form": TEXT,
    "attached": st.booleans(), "from": MOMENTS, "to": MOMENTS, "from_": MOMENTS, "signer_role": TEXT, "channel": TEXT,
}  # fmt: skip


@st.composite
def events(draw: Callable[[Any], Any]) -> Any:
    found: Json = {"kind": draw(st.sampled_from(KINDS) | TEXT), "at": draw(MOMENTS)}
    for name in draw(st.lists(st.sampled_from(list(FIELDS)), max_size=3)):
        found[name] = draw(JSONISH) if draw(NOW_AND_THEN) else draw(FIELDS[name])
    if draw(NOW_AND_THEN):
        found[draw(st.sampled_from(["kind", "at"]) | TEXT)] = draw(JSONISH)
    if draw(NOW_AND_THEN):
        found.pop(draw(st.sampled_from(["kind", "at"])))
    return draw(JSONISH) if draw(NOW_AND_THEN) and draw(st.booleans()) else found


LIMITS = st.fixed_dictionaries(
    {
        "amount": st.sampled_from([0, 1, 5, 30, 400, 2**31 - 1]),
        "unit": st.sampled_from(["workday", "calendar_day", "week", "month", "year", "work_hour"]),
    },
    optional={
        "cutoff": st.sampled_from(["15:00", "00:00", "23:59"]),
        "pauses_for": st.lists(st.sampled_from(["payment", "opinion"]), max_size=2),
    },
)


@st.composite
def dossiers(draw: Callable[[Any], Any]) -> Any:
    found: Json = {"dossier_id": draw(TEXT.filter(bool)), "events": draw(st.lists(events(), max_size=6))}
    if draw(st.integers(0, 4)):
        found["events"].append(ACCEPTED)
    if draw(st.integers(0, 4)):
        found["time_limit"] = draw(LIMITS)
    for name, values in {
        "channel": st.sampled_from(["online", "in_person", "postal", "fax"]),
        "jurisdiction": st.sampled_from(["thanh-hoa", "ha-noi", "vinh-phuc", "atlantis"]),
        "filed_elsewhere": st.booleans(),
        "procedure": TEXT,
        "units": st.dictionaries(st.sampled_from(["one_stop_unit", "handling_agency", "x"]), TEXT | st.none()),
        "officers": st.lists(TEXT, max_size=2),
    }.items():
        if draw(NOW_AND_THEN):
            found[name] = draw(values)
    if draw(NOW_AND_THEN):
        found[draw(st.sampled_from([*found, "x", ""]))] = draw(JSONISH)
    return draw(JSONISH) if draw(NOW_AND_THEN) and draw(NOW_AND_THEN) else found


QUESTIONS = st.fixed_dictionaries(
    {
        "as_of": st.dates(dt.date(2024, 7, 30), dt.date(2024, 9, 30))
        | st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))
    },
    optional={
        "known_on": st.dates(),
        "lateness": st.sampled_from(["by_date", "by_instant", "promised_by_date", "promised_by_instant", "qd766"]),
        "hours": st.sampled_from(["default", "vinh-phuc", "dak-nong"]),
    },
)


def answer(book: Rulebook, data: Any, question: Json) -> Verdict | DossierError:
    try:
        return book.evaluate(data, **question)
    except DossierError as error:
        return error


@given(dossiers(), QUESTIONS)
@example({"dossier_id": "x", "events": [{**ACCEPTED, "kind": ["dossier_accepted"]}]}, {"as_of": AS_OF})
@example({"dossier_id": "x", "events": [{**ACCEPTED, "appointed_due": "2024-08-12T00:00"}]}, {"as_of": AS_OF})
@example({"dossier_id": "x", "events": [{**ACCEPTED, "appointed_due": "2024-08-12T23:59:30"}]}, {"as_of": AS_OF})
@settings(max_examples=500, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_is_refused_or_judged_and_the_verdict_survives_json(book: Rulebook, data: Any, question: Json) -> None:
    verdict = answer(book, data, question)
    if isinstance(verdict, DossierError):
        assert all(problem.code.startswith("TR-") for problem in verdict.problems)
        assert str(verdict)
        return
    survives_json(verdict)
    assert book.evaluate(data, **question).model_dump_json() == verdict.model_dump_json()
    assert verdict.explain("vi", day_by_day=True)
    assert verdict.explain("en")


def test_half_a_character_for_a_moment_is_told(book: Rulebook) -> None:
    event = {"kind": "dossier_accepted", "at": "\ud800"}
    with pytest.raises(DossierError) as caught:
        book.evaluate({"dossier_id": "a", "events": [event]}, dt.date(2024, 9, 1))
    assert [problem.code for problem in caught.value.problems] == ["TR-moment-form"]
    assert "\\u{d800}" in caught.value.problems[0].vi


def test_the_schema_knows_that_unknown_may_be_null() -> None:
    assert Dossier.model_validate({"dossier_id": "a", "unknown": None}).unknown == ()
    assert {"type": "null"} in Dossier.model_json_schema()["properties"]["unknown"]["anyOf"]
