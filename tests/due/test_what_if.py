"""Suppositions: the dates by hand from the clause and the calendar, and that none is ever taken for a fact."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Command

from tthc_rules import AccountError, Event, OptionError, Rulebook, Verdict
from tthc_rules.result.row import row_of

Json = dict[str, Any]
AS_OF = dt.date(2026, 11, 23)
WAITING: Json = {
    "dossier_id": "HS-1",
    "time_limit": {"amount": 5, "unit": "workday"},
    "events": [
        {"kind": "dossier_accepted", "at": "2026-11-16T09:00"},
        {"kind": "supplement_requested", "at": "2026-11-19T09:00"},
    ],
}
FRIDAY: Json = {"kind": "supplement_received", "at": "2026-11-27T09:00"}


def supposed(book: Rulebook, *events: Any, dossier: Json = WAITING, **more: Any) -> Verdict:
    return book.evaluate(dossier, AS_OF, what_if=[*events], **more)


def test_if_the_supplement_comes_on_friday(book: Rulebook, engine: str) -> None:
    """NĐ 118 Art. 19(5): the limit starts anew on Friday 27/11; five workdays later is Friday 4/12."""
    assert book.evaluate(WAITING, AS_OF).clock.lawful_due is None
    verdict = supposed(book, FRIDAY, engine=engine)
    assert (verdict.clock.lawful_due, verdict.punctuality) == (dt.date(2026, 12, 4), "pending")
    assert (verdict.as_of, verdict.known_on) == (dt.date(2026, 11, 27), AS_OF)
    assert [(one.kind, one.at) for one in verdict.supposed] == [
        ("supplement_received", dt.datetime(2026, 11, 27, 9, 0))
    ]


def test_it_is_the_verdict_of_the_dossier_with_those_events(book: Rulebook) -> None:
    events = [FRIDAY, {"kind": "result_issued", "at": "2026-12-08T10:00"}]
    verdict = supposed(book, *events)
    fact = book.evaluate(WAITING | {"events": [*WAITING["events"], *events]}, dt.date(2026, 12, 8), known_on=AS_OF)
    assert verdict.model_copy(update={"supposed": ()}) == fact
    assert verdict != fact
    assert (verdict.punctuality, verdict.workdays_late) == ("returned_late", 2)  # Monday 7/12, Tuesday 8/12


def test_a_supposition_in_the_past_leaves_the_day_where_it_is(book: Rulebook) -> None:
    """A receipt on Friday 20/11 would have made it due on Monday 30/11: 23, 25, 26, 27, 30."""
    verdict = supposed(book, Event(kind="supplement_received", at="2026-11-20T09:00"))
    assert (verdict.as_of, verdict.clock.lawful_due) == (AS_OF, dt.date(2026, 11, 30))


def test_nothing_supposed_is_the_verdict_itself(book: Rulebook) -> None:
    assert supposed(book) == book.evaluate(WAITING, AS_OF)
    assert book.evaluate(WAITING, AS_OF).supposed == ()


def test_the_dossier_is_left_as_it_was(book: Rulebook) -> None:
    before = json.dumps(WAITING)
    supposed(book, FRIDAY)
    assert json.dumps(WAITING) == before
    assert book.evaluate(WAITING, AS_OF).supposed == ()


@pytest.mark.parametrize(
    ("events", "place", "code"),
    [
        ([{"kind": "supplement_received", "at": "thứ Sáu"}], "what_if[0].at", "TR-moment-form"),
        ([FRIDAY, {"kind": "result_issued"}], "what_if[1].at", "TR-input-missing"),
        ([{"kind": "suplement_received", "at": "2026-11-27"}], "what_if[0].kind", "TR-input-misspelt"),
        ([{**FRIDAY, "at": "2101-01-01"}], "what_if[0].at", "TR-moment-range"),
        (["supplement_received"], "what_if[0]", "TR-input-type"),
        (FRIDAY, "what_if", "TR-option-type"),
        ("supplement_received", "what_if", "TR-option-type"),
        ([FRIDAY] * 499, "what_if", "TR-input-length"),
    ],
)
def test_what_is_no_event_is_told_at_its_place(book: Rulebook, events: Any, place: str, code: str) -> None:
    with pytest.raises(OptionError) as error:
        book.evaluate(WAITING, AS_OF, what_if=events)
    assert (error.value.code, error.value.place) == (code, place)


def test_strict_refuses_what_nobody_knows(book: Rulebook) -> None:
    odd = {"kind": "scanned_at_desk", "at": "2026-11-27"}
    assert supposed(book, odd).notes[-1].code == "unknown_kind"
    with pytest.raises(OptionError) as error:
        supposed(book, odd, strict=True)
    assert (error.value.code, error.value.place) == ("TR-input-unknown-kind", "what_if[0].kind")


@pytest.mark.parametrize(
    ("lang", "first", "beside"),
    [
        ("vi", "GIẢ ĐỊNH, chưa xảy ra: nhận hồ sơ bổ sung 09:00 27/11/2026", "(GIẢ ĐỊNH)"),
        ("en", "SUPPOSED, it has not happened: supplement received 09:00 27/11/2026", "(SUPPOSED)"),
    ],
)
def test_the_explanation_says_that_it_supposes(book: Rulebook, lang: str, first: str, beside: str) -> None:
    verdict = supposed(book, FRIDAY)
    text = verdict.explain(lang)
    assert first in text.splitlines()[1]
    (line,) = (line for line in text.splitlines() if beside in line)
    assert "27/11/2026" in line
    assert verdict.explain(lang, short=True).splitlines()[0] == first
    plain = book.evaluate(WAITING, AS_OF)
    assert beside not in plain.explain(lang)
    assert first not in plain.explain(lang, short=True)


def test_a_supposition_is_never_taken_for_a_fact(book: Rulebook) -> None:
    verdict = supposed(book, FRIDAY)
    with pytest.raises(OptionError) as error:
        row_of(verdict)
    assert error.value.code == "TR-option-supposed"
    for one in (verdict, Verdict.model_validate_json(verdict.model_dump_json())):
        with pytest.raises(AccountError) as refused:
            book.account([one], period="2026-11")
        assert refused.value.code == "TR-option-supposed"


# -- the command -------------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "hồ sơ.json"
    path.write_text(json.dumps(WAITING), encoding="utf-8")
    return path


def test_the_command_supposes_what_is_typed_or_in_a_file(file: Path, command: Command) -> None:
    beside = file.with_name("what if.json")
    for written in (FRIDAY, [FRIDAY]):
        beside.write_text(json.dumps(written), encoding="utf-8")
        for given in ("supplement_received 2026-11-27T09:00", str(beside)):
            code, said = command("evaluate", file, "--as-of", "2026-11-23", "--what-if", given)
            assert code == 0, said
            verdict = json.loads(said)
            assert verdict["clock"]["lawful_due"] == "2026-12-04"
            assert verdict["supposed"] == [{"kind": "supplement_received", "at": "2026-11-27T09:00:00"}]


def test_the_command_supposes_several(file: Path, command: Command) -> None:
    several = ("--what-if", "supplement_received 2026-11-27", "--what-if", "result_issued 2026-12-04")
    code, said = command("evaluate", file, "--as-of", "2026-11-23", *several, "--lang", "vi")
    assert code == 0
    assert "GIẢ ĐỊNH" in said
    assert "trả đúng hạn" in said


@pytest.mark.parametrize(
    ("given", "start"),
    [
        ("supplement_received thứ Sáu", "TR-moment-form --what-if[0].at:"),
        ("none.json", "TR-file-unreadable none.json"),
        ("suplement_received 2026-11-27", "TR-input-misspelt --what-if[0].kind:"),
    ],
)
def test_what_the_command_cannot_suppose_is_two(
    file: Path, command: Command, monkeypatch: pytest.MonkeyPatch, given: str, start: str
) -> None:
    monkeypatch.chdir(file.parent)
    code, said = command("evaluate", file, "--as-of", "2026-11-23", "--what-if", given)
    assert code == 2
    assert said.startswith(start)
