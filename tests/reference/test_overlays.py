"""What a place adds or excepts: it never replaces, and two exceptions at once are no answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tthc_rules import Rulebook, RuleFileError, Verdict

HEAD = """
format: 1
overlay: {name}
label: {{vi: "Quy định thử {name}", en: "Trial {name}"}}
effective: {{from: "2018-06-21"}}
instrument: {{document: "01/QĐ-UBND thử", issued_on: "2018-06-01"}}
citations: [{{document: "01/QĐ-UBND thử", article: 3, status: text}}]
"""
EXCEPT = """excepts:
  - duty: {duty}
    label: {{vi: "trừ hồ sơ nộp trực tuyến", en: "except files sent online"}}
    if: [{{channel: [{channel}]}}]
"""
ADD = """adds:
  - {for: apology_before_due, if: [missed], role: deputy_head, unit: handling_agency, class: rating_input}
"""


def book_with(folder: Path, *overlays: tuple[str, str]) -> Rulebook:
    place = folder / "local" / "ha-noi" / "2018-06-21"
    place.mkdir(parents=True)
    for name, body in overlays:
        (place / f"{name}.yaml").write_text(HEAD.format(name=name).lstrip() + body, encoding="utf-8")
    return Rulebook.load(folder)


def late(book: Rulebook, jurisdiction: str = "ha-noi", channel: str = "online", engine: str | None = None) -> Verdict:
    """Due Fri 30/8/2024, returned Fri 6/9: late, no slip."""
    return book.evaluate(
        {
            "dossier_id": "a",
            "jurisdiction": jurisdiction,
            "channel": channel,
            "time_limit": {"amount": 5, "unit": "workday"},
            "events": [
                {"kind": "dossier_accepted", "at": "2024-08-23T08:30"},
                {"kind": "result_issued", "at": "2024-09-06T10:00"},
            ],
        },
        date(2024, 9, 10),
        engine=engine,
    )


def outcome(verdict: Verdict, duty: str = "apology_before_due") -> str | None:
    found = verdict.finding(duty)
    return None if found is None else found.outcome


def codes(verdict: Verdict) -> set[str]:
    return {note.code for note in verdict.notes}


def test_an_exception_takes_its_duty_away_there_and_then_only(tmp_path: Path) -> None:
    book = book_with(tmp_path, ("one", EXCEPT.format(duty="apology_before_due", channel="online")))
    excepted = late(book)
    assert outcome(excepted) == "not_owed"
    assert "excepted" in codes(excepted)
    assert "apology_before_due" not in excepted.responsible
    assert outcome(excepted, "late_notice_to_one_stop") == "missed"
    assert outcome(late(book, channel="in_person")) == "missed"
    assert outcome(late(book, jurisdiction="hue")) == "missed"
    assert "no_overlay" in codes(late(book, jurisdiction="hue"))
    assert "no_overlay" not in codes(excepted)


def test_two_exceptions_at_once_are_no_answer(tmp_path: Path) -> None:
    twice = (
        ("one", EXCEPT.format(duty="apology_before_due", channel="online")),
        ("two", EXCEPT.format(duty="apology_before_due", channel="online, postal")),
    )
    book = book_with(tmp_path, *twice)
    both = late(book)
    assert outcome(both) == "undetermined"
    assert "two_exceptions" in codes(both)
    assert outcome(late(book, channel="postal")) == "not_owed"


def test_an_exception_holds_only_where_all_its_conditions_do(tmp_path: Path) -> None:
    """Sent online it was, and it was never lost."""
    body = EXCEPT.format(duty="apology_before_due", channel="online").replace("}]", "}, {event: dossier_lost}]")
    book = book_with(tmp_path, ("one", body))
    assert [outcome(late(book, engine=engine)) for engine in ("reference", "composed")] == ["missed", "missed"]


def test_what_was_never_received_was_not_received_by_an_hour(tmp_path: Path) -> None:
    """Sent on Wednesday 6/8/2025 at 08:00, to be answered by 08:00 of Thursday; the exception is for files received."""
    body = EXCEPT.format(duty="online_answer", channel="online").replace(
        "channel: [online]", 'received: {until: "15:00"}'
    )
    book = book_with(tmp_path, ("one", body))
    events = [{"kind": "dossier_submitted", "at": "2025-08-06T08:00"}]
    accepted = {"kind": "dossier_accepted", "at": "2025-08-08T14:00"}
    for happened, said in ((events, "missed"), ([*events, accepted], "not_owed")):
        sent = {"dossier_id": "a", "jurisdiction": "ha-noi", "channel": "online", "events": happened}
        for engine in ("reference", "composed"):
            assert outcome(book.evaluate(sent, date(2025, 8, 20), engine=engine), "online_answer") == said


def test_who_is_added_is_added_with_the_act_that_adds(tmp_path: Path) -> None:
    verdict = late(book_with(tmp_path, ("one", ADD)))
    assert verdict.responsible["apology_before_due"] == ["deputy_head", "head_of_unit"]
    found = verdict.finding("apology_before_due")
    assert found is not None
    added = next(answer for answer in found.answers if answer.role == "deputy_head")
    assert added.version == "local/ha-noi/2018-06-21"
    assert [citation.document for citation in added.citations] == ["01/QĐ-UBND thử"]
    assert "Điều 3 Quyết định số 01/QĐ-UBND thử" in verdict.explain("vi")


def test_an_overlay_of_an_unknown_duty_does_not_load(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError) as caught:
        book_with(tmp_path, ("one", EXCEPT.format(duty="apology_befor_due", channel="online")))
    (problem,) = caught.value.problems
    assert (problem.code, problem.nearest) == ("TR-rule-unknown-duty", "apology_before_due")


def test_a_local_rule_may_not_take_the_id_of_a_national_one(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "rulesets" / "one_stop" / "2018-06-21" / "supplement_once.yaml"
    place = tmp_path / "local" / "ha-noi" / "2018-06-21"
    place.mkdir(parents=True)
    (place / "x.yaml").write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(RuleFileError) as caught:
        Rulebook.load(tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["TR-rule-replaces"]


def test_what_nobody_read_is_off_unless_asked_for(book: Rulebook) -> None:
    asked = Rulebook.load(unconfirmed=True)
    dossier = {
        "dossier_id": "a",
        "time_limit": {"amount": 5, "unit": "workday"},
        "events": [
            {"kind": "dossier_accepted", "at": "2016-09-07T08:30"},
            {"kind": "dossier_refused", "at": "2016-09-20T08:30"},
        ],
    }
    off = book.evaluate(dossier, date(2016, 9, 30))
    on = asked.evaluate(dossier, date(2016, 9, 30))
    assert off.finding("refusal_within_limit_r1") is None
    assert book.evaluate(dossier, date(2016, 9, 30), engine="reference").finding("refusal_within_limit_r1") is None
    assert "chưa xác nhận theo văn bản, tắt" in off.explain("vi")
    found = on.finding("refusal_within_limit_r1")
    assert found is not None
    assert {answer.consequence for answer in found.answers} <= {"info"}
    assert off.digests.rules != on.digests.rules
