"""The verdict: it survives JSON, is the same to the byte each time, explains every line of itself, says who answers."""

from __future__ import annotations

import datetime as dt
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import tthc_rules
from tthc_rules import Dossier, DossierError, Finding, OptionError, Rulebook, TthcError, Verdict, testing
from tthc_rules.testing import event

Json = dict[str, Any]
AS_OF = dt.date(2024, 9, 20)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load()


def dossier(
    *events: Json, amount: int = 5, unit: str = "workday", accepted: str = "2024-08-05T08:30", **more: Any
) -> Json:
    limit = {"amount": amount, "unit": unit, **more.pop("limit", {})}
    return testing.dossier(*events, accepted=accepted, limit=limit, dossier_id="V", **more)


PAUSE = event("clock_paused", "2024-08-07T09:00", ground="căn cứ")
RESUME = event("clock_resumed", "2024-08-09T09:00")
REQUEST = event("supplement_requested", "2024-08-07T09:00")
RECEIPT = event("supplement_received", "2024-08-14T09:00", appointed_due="2024-08-21T16:00")
SLIP = event("apology_sent", "2024-08-09T09:00", reason="chờ xác minh", new_due="2024-08-16")
RESULT = event("result_issued", "2024-08-15T09:00")
EXCLUDED = event("interval_excluded", "2024-08-20T09:00", **{"from": "2024-08-07", "to": "2024-08-08"})
DOSSIERS: dict[str, tuple[Json, dt.date]] = {
    "nothing happened": ({"dossier_id": "V"}, AS_OF),
    "refused at reception": ({"dossier_id": "V", "events": [event("dossier_refused", "2024-08-02T09:00")]}, AS_OF),
    "in hand": (dossier(), dt.date(2024, 8, 6)),
    "due soon": (dossier(), dt.date(2024, 8, 8)),
    "overdue": (dossier(), AS_OF),
    "paused": (dossier(PAUSE), AS_OF),
    "pause and result": (dossier(PAUSE, RESUME, RESULT), AS_OF),
    "a supplement": (dossier(REQUEST, RECEIPT), AS_OF),
    "two supplements": (
        dossier(
            REQUEST, RECEIPT, event("supplement_requested", "2024-08-16"), event("supplement_received", "2024-08-19")
        ),
        AS_OF,
    ),
    "an exclusion recorded late": (dossier(RESULT, EXCLUDED), AS_OF),
    "late, with slip and new dates": (
        dossier(
            SLIP,
            event("delay_notice_sent", "2024-08-12"),
            event("reappointed", "2024-08-09T10:00", new_due="2024-08-16"),
            event("reappointed", "2024-08-12T10:00", new_due="2024-08-20"),
            event("result_issued", "2024-08-21T09:00"),
        ),
        AS_OF,
    ),
    "refused in time": (dossier(event("dossier_refused", "2024-08-12")), AS_OF),
    "withdrawn late": (dossier(event("dossier_withdrawn", "2024-08-14")), AS_OF),
    "forwarded": (dossier(event("dossier_forwarded", "2024-08-05T14:00")), AS_OF),
    "received in the afternoon": (dossier(accepted="2024-08-05T15:01"), AS_OF),
    "received at no known hour": (dossier(accepted="2024-08-05"), AS_OF),
    "online": (dossier(channel="online"), AS_OF),
    "in hours": (dossier(event("result_issued", "2024-08-05T14:31"), amount=4, unit="work_hour"), AS_OF),
    "in months": (dossier(amount=1, unit="month"), AS_OF),
    "no limit": (
        {"dossier_id": "V", "time_limit": {"none": True}, "events": [event("dossier_accepted", "2024-08-05")]},
        AS_OF,
    ),
    "no limit known": ({"dossier_id": "V", "events": [event("dossier_accepted", "2024-08-05")]}, AS_OF),
    "a malformed log": (
        dossier(
            event("clock_resumed", "2024-08-06"),
            event("coffee", "2024-08-06"),
            PAUSE,
            {**PAUSE, "at": "2024-08-07T10:00"},
            RESUME,
            event("result_issued", "2024-08-01"),
            event("dossier_accepted", "2024-08-06"),
            event("reappointed", "2024-08-08"),
            event("clock_paused", "2024-08-12T09:30"),
            RESULT,
            {**PAUSE, "at": "2024-08-16"},
            weather="rain",
        ),
        AS_OF,
    ),
    "a slip that differs": (
        {**dossier(), "events": [event("dossier_accepted", "2024-08-05T08:30", appointed_due="2024-08-14T00:00")]},
        AS_OF,
    ),
    "R0": (dossier(accepted="2013-06-03T08:30"), dt.date(2013, 6, 20)),
    "R1 with a supplement": (
        dossier(
            event("supplement_requested", "2016-06-08"),
            event("supplement_received", "2016-06-15"),
            accepted="2016-06-06",
        ),
        dt.date(2016, 7, 1),
    ),
    "R2, due on its first day": (dossier(accepted="2018-06-14T08:30"), dt.date(2018, 7, 1)),
    "R3 with a supplement": (
        dossier(
            event("supplement_requested", "2025-08-06"),
            event("supplement_received", "2025-08-13"),
            accepted="2025-08-04",
        ),
        dt.date(2025, 9, 1),
    ),
    "R3b, received elsewhere": (
        dossier(
            event("received_by_competent_agency", "2026-08-12T09:00"), accepted="2026-08-10T08:30", filed_elsewhere=True
        ),
        dt.date(2026, 8, 12),
    ),
    "before the first regime": (dossier(accepted="2007-06-21"), dt.date(2007, 7, 1)),
    "provisional": (dossier(accepted="2028-01-20"), dt.date(2028, 1, 25)),
    "in Thanh Hóa": (dossier(jurisdiction="thanh-hoa"), AS_OF),
    "in a province that is no more": (dossier(accepted="2025-08-04", jurisdiction="ha-giang"), dt.date(2025, 9, 1)),
}
EACH = pytest.mark.parametrize("name", DOSSIERS)
BOTH = pytest.mark.parametrize("lang", ["vi", "en"])


def verdict_on(book: Rulebook, name: str, **question: Any) -> Verdict:
    data, as_of = DOSSIERS[name]
    return book.evaluate(data, as_of, **question)


# -- JSON and replay ---------------------------------------------------------------------------------------------------


@EACH
def test_a_verdict_survives_json(book: Rulebook, name: str) -> None:
    verdict = verdict_on(book, name)
    text = verdict.model_dump_json()
    again = Verdict.model_validate_json(text)
    assert again.model_dump_json() == text
    assert again.model_dump() == verdict.model_dump()
    assert type(again.clock.promised_due) is type(verdict.clock.promised_due)
    assert again.responsible == verdict.responsible


def test_what_was_promised_keeps_its_hour_or_has_none(book: Rulebook) -> None:
    for slip, said in (
        ("2024-08-14", '"2024-08-14"'),
        ("2024-08-14T00:00", '"2024-08-14T00:00:00"'),
        ("2024-08-14T16:00", '"2024-08-14T16:00:00"'),
        ("2024-08-14T23:59:30", '"2024-08-14"'),  # rounded up to the end of the day
    ):
        data = dossier()
        data["events"][0]["appointed_due"] = slip
        text = book.evaluate(data, AS_OF).model_dump_json()
        assert f'"promised_due":{said}' in text
        assert Verdict.model_validate_json(text).model_dump_json() == text


def test_a_promise_at_midnight_keeps_its_hour_through_any_json_parser(book: Rulebook) -> None:
    text = verdict_on(book, "a slip that differs").model_dump_json()
    assert Verdict.model_validate(json.loads(text)).model_dump_json() == text


@EACH
def test_the_same_question_has_the_same_answer_to_the_byte(book: Rulebook, name: str) -> None:
    data, as_of = DOSSIERS[name]
    before = json.dumps(data)
    text = book.evaluate(data, as_of).model_dump_json()
    assert json.dumps(data) == before  # the input is left as it was
    assert book.evaluate(data, as_of).model_dump_json() == text
    assert book.evaluate(Dossier.model_validate(data), as_of, known_on=as_of).model_dump_json() == text


def test_a_book_that_is_loaded_again_gives_the_same_to_the_byte(book: Rulebook, tmp_path: Path) -> None:
    elsewhere = tmp_path / "một nơi khác"
    shutil.copytree(tthc_rules.library.shipped_rulesets(), elsewhere)
    for other in (Rulebook.load(), Rulebook.load(elsewhere, shipped=False)):
        for name in DOSSIERS:
            assert verdict_on(other, name).model_dump_json() == verdict_on(book, name).model_dump_json(), name
    changed = elsewhere / "one_stop" / "2018-06-21" / "clock.yaml"
    changed.write_text(changed.read_text(encoding="utf-8") + "# một chú thích\n", encoding="utf-8")
    digests = verdict_on(Rulebook.load(elsewhere, shipped=False), "overdue").digests
    assert digests.rules != verdict_on(book, "overdue").digests.rules
    assert digests.calendar == verdict_on(book, "overdue").digests.calendar


def test_the_digest_of_the_calendar_is_that_of_what_was_known(book: Rulebook) -> None:
    """A swap published on 12/4/2024 makes another calendar of it; a day without news does not."""
    days = [dt.date(2024, 4, 10), dt.date(2024, 4, 11), dt.date(2024, 4, 12), dt.date(2024, 4, 13)]
    found = [verdict_on(book, "overdue", known_on=known_on).digests.calendar for known_on in days]
    assert found[0] == found[1] != found[2] == found[3]


PROGRAM = """
import datetime, sys, json
from tthc_rules import Rulebook
book = Rulebook.load()
for data, as_of in json.loads(sys.stdin.read()):
    verdict = book.evaluate(data, datetime.date.fromisoformat(as_of))
    said = verdict.model_dump_json() + json.dumps(verdict.responsible) + verdict.explain("vi", day_by_day=True)
    sys.stdout.buffer.write(said.encode() + b"\\n")
"""


def test_another_process_gives_the_same_to_the_byte() -> None:
    """Nothing may hang on the order of a set: each process hashes text in its own way."""
    asked = json.dumps([(data, as_of.isoformat()) for data, as_of in DOSSIERS.values()])
    here = str(Path(tthc_rules.__file__).parent.parent)
    answers = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            input=asked.encode(),
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": number, "PYTHONPATH": here},
        ).stdout
        for number in ("2", "3")  # these put the roles of Thanh Hóa in a different order
    ]
    assert answers[0] == answers[1]
    assert answers[0].count(b"\n") > len(DOSSIERS)


def test_a_verdict_cannot_be_changed(book: Rulebook) -> None:
    verdict = verdict_on(book, "overdue")
    with pytest.raises(ValidationError):
        verdict.punctuality = "on_time"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        verdict.clock.lawful_due = None  # type: ignore[misc]


def test_two_verdicts_that_say_the_same_are_equal(book: Rulebook) -> None:
    verdict = verdict_on(book, "overdue")
    assert verdict == verdict_on(book, "overdue")
    assert verdict == Verdict.model_validate_json(verdict.model_dump_json())


# -- the explanation ---------------------------------------------------------------------------------------------------


def cited(citation: Any, lang: str) -> str:
    """«điểm c khoản 2 Điều 11 Nghị định số 61/2018/NĐ-CP», “Decree 61/2018/NĐ-CP, Article 11(2)(c)”, as a pattern."""
    document = re.escape(citation.document)
    if lang == "vi":
        parts = (("điểm", citation.point), ("khoản", citation.clause), ("Điều", citation.article))
        return " ".join((*(f"{word} {value}" for word, value in parts if value), rf"(?:[^\d\n]+ số )?{document}"))
    inner = "".join(f"({value})" for value in (citation.clause, citation.point) if value)
    return f"{document}{re.escape(f', Article {citation.article}{inner}') if citation.article else ''}"


@EACH
@BOTH
def test_every_citation_and_every_finding_is_told(book: Rulebook, name: str, lang: str) -> None:
    verdict = verdict_on(book, name)
    text = verdict.explain(lang)
    findings: tuple[Finding, ...] = (*verdict.obligations, *verdict.limits)
    for finding in findings:
        assert f"({finding.id}, {finding.duty.version})" in text
        for day in (finding.act_by, finding.done_on):
            assert day is None or f"{day:%d/%m/%Y}" in text
    listed = [
        *(verdict.clock.citations if verdict.clock.version else ()),
        *(c for f in findings for c in f.duty.citations),
    ]
    for citation in listed:
        assert re.search(cited(citation, lang), text)
        assert citation.quote in text
    assert verdict.clock.version is None or f"[{verdict.clock.version}]" in text
    for name_of_reading in verdict.assumptions:
        # where it is used, and among what is not confirmed; a text that was not seen is no step that could be shown
        assert text.count(name_of_reading) >= (1 if name_of_reading == "nd367_not_seen" else 2)


@EACH
@BOTH
def test_every_rule_of_the_family_is_told_as_found_or_as_not_applied(book: Rulebook, name: str, lang: str) -> None:
    verdict = verdict_on(book, name)
    text = verdict.explain(lang)
    heading = {"vi": "ĐÃ XÉT, KHÔNG ÁP DỤNG", "en": "CONSIDERED, NOT APPLIED"}[lang]
    if verdict.clock.started_on is None:
        assert heading not in text
        return
    found = {finding.duty.rule for finding in (*verdict.obligations, *verdict.limits)}
    told = text.partition(heading)[2]
    for rule in book.corpus.rules["one_stop"]:
        assert rule in text
        not_applied = re.search(rf"\n  {rule}(?: \[[^\]]+\])?: \S", told)
        assert (not_applied is None) == (rule in found), rule


@EACH
@BOTH
def test_every_date_and_every_event_is_told(book: Rulebook, name: str, lang: str) -> None:
    data, as_of = DOSSIERS[name]
    verdict = book.evaluate(data, as_of)
    text = verdict.explain(lang)
    clock = verdict.clock
    assert "V" in text.splitlines()[0]
    assert f"{as_of:%d/%m/%Y}" in text.splitlines()[0]
    for day in (clock.original_due, clock.lawful_due, clock.current_due, clock.finished_on, clock.promised_due):
        assert day is None or f"{day:%d/%m/%Y}" in text
    for happened in data.get("events", []):
        moment = dt.datetime.fromisoformat(happened["at"])
        assert f"{moment:%d/%m/%Y}" in text
    assert ("PROVISIONAL" in text or "TẠM TÍNH" in text) == clock.provisional
    if verdict.workdays_late:
        assert re.search(rf"\b{verdict.workdays_late}\b.*\b{verdict.days_late}\b", text.splitlines()[1])


@EACH
@BOTH
def test_every_note_is_told_with_its_code(book: Rulebook, name: str, lang: str) -> None:
    verdict = verdict_on(book, name)
    text = verdict.explain(lang)
    for note in verdict.notes:
        assert text.count(f"[{note.code}]") >= 1, note


def test_the_notes_of_a_malformed_log_stand_each_with_its_event(book: Rulebook) -> None:
    text = verdict_on(book, "a malformed log").explain("en").splitlines()
    told = {line.rpartition("[")[2].rstrip("]") for line in text if line.endswith("]") and "!" in line}
    assert told == {
        "orphan_resume", "unknown_kind", "already_paused", "before_acceptance", "second_acceptance",
        "reappointment_ignored", "pause_without_ground", "after_end",
    }  # fmt: skip
    place = next(i for i, line in enumerate(text) if "[unknown_kind]" in line)
    assert "coffee" in text[place - 1]


@BOTH
def test_a_duplicate_that_was_dropped_is_told(book: Rulebook, lang: str) -> None:
    verdict = book.evaluate(dossier(PAUSE, PAUSE, RESUME), AS_OF)
    assert [note.code for note in verdict.notes] == ["duplicate_event"]
    assert "[duplicate_event]" in verdict.explain(lang)


@BOTH
def test_a_verdict_that_was_read_back_says_that_it_has_no_steps(book: Rulebook, lang: str) -> None:
    verdict = Verdict.model_validate_json(verdict_on(book, "overdue").model_dump_json())
    text = verdict.explain(lang, day_by_day=True)
    assert text
    assert {"vi": "đọc lại từ tệp", "en": "read back from a file"}[lang] in text
    assert "DAY BY DAY" not in text
    assert "12/08/2024" not in text


def test_another_language_is_refused(book: Rulebook) -> None:
    with pytest.raises(TthcError):
        verdict_on(book, "overdue").explain("fr")


@pytest.mark.parametrize(
    ("name", "moves"),
    [("R1 with a supplement", "22/06/2016")],
)
def test_the_other_reading_is_told_with_what_it_would_change(book: Rulebook, name: str, moves: str) -> None:
    verdict = verdict_on(book, name)
    (assumption,) = verdict.assumptions
    line = next(line for line in verdict.explain("en").splitlines() if line.startswith(f"  {assumption}:"))
    assert moves in line
    other = Rulebook.load(interpretations={assumption: "restart"})
    assert f"{verdict_on(other, name).clock.lawful_due:%d/%m/%Y}" == moves


def test_the_text_that_was_not_seen_is_named(book: Rulebook) -> None:
    """From 31/12/2025 on NĐ 118 was amended by NĐ 367, which nobody has read; the day before it was not."""
    for accepted, assumptions in (("2025-12-22", ()), ("2025-12-31", ("nd367_not_seen",))):
        data = {
            "dossier_id": "a",
            "time_limit": {"amount": 2, "unit": "workday"},
            "events": [
                {"kind": "dossier_accepted", "at": f"{accepted}T08:30"},
                {"kind": "result_issued", "at": f"{accepted}T10:30"},
            ],
        }
        verdict = book.evaluate(data, dt.date(2026, 1, 20))
        assert verdict.assumptions == assumptions
        told = [line for line in verdict.explain("vi").splitlines() if line.startswith("  nd367_not_seen:")]
        assert ["từ ngày 31/12/2025, phần 367/2025/NĐ-CP sửa đổi chưa đọc được" in line for line in told] == [
            True for _ in assumptions
        ]


# -- day by day --------------------------------------------------------------------------------------------------------


def listed(verdict: Verdict, lang: str) -> list[tuple[dt.date, str]]:
    """The days of the listing, and what stands at the end of the line: a number, a word, or nothing."""
    text = verdict.explain(lang, day_by_day=True)
    part = text.partition({"vi": "ĐẾM TỪNG NGÀY", "en": "DAY BY DAY"}[lang])[2].partition("\n\n")[0]
    found = []
    for line in part.splitlines():
        if match := re.match(r"  (\d\d)/(\d\d)/(\d{4}) (.*)", line):
            date = dt.date(int(match[3]), int(match[2]), int(match[1]))
            found.append((date, match[4].rpartition("  ")[2].strip()))
    return found


def numbers(verdict: Verdict, lang: str) -> list[int]:
    return [int(said) for _, said in listed(verdict, lang) if said.isdigit()]


TET = dossier(
    event("clock_paused", "2026-02-11T09:00"),
    event("clock_resumed", "2026-02-24T09:00"),
    amount=10,
    accepted="2026-02-09",
)
ASKED = dossier(
    event("opinion_requested", "2024-08-06", agency="a"), event("payment_awaited", "2024-08-07"),
    event("opinion_received", "2024-08-08", agency="a"), event("payment_received", "2024-08-13"),
    limit={"pauses_for": ["payment", "opinion"]},
)  # fmt: skip
COUNTED: dict[str, tuple[Json, int]] = {
    "workdays": (dossier(amount=15), 15),
    "over a swap": (dossier(accepted="2024-04-25", amount=7), 7),
    "over Tết, with a pause": (TET, 10),
    "a pause": (dossier(PAUSE, RESUME), 5),
    "a supplement that restarts": (dossier(REQUEST, RECEIPT), 5),
    "an exclusion": (dossier(EXCLUDED), 5),
    "an opinion and a payment": (ASKED, 5),
    "a supplement that pauses": (
        dossier(
            event("supplement_requested", "2016-06-08"),
            event("supplement_received", "2016-06-15"),
            accepted="2016-06-06",
        ),
        5,
    ),
    "calendar days": (dossier(amount=10, unit="calendar_day"), 10),
    "calendar days with a pause": (
        dossier(PAUSE, event("clock_resumed", "2024-08-12T09:00"), amount=10, unit="calendar_day"),
        10,
    ),
    "a week": (dossier(amount=1, unit="week"), 7),
    "a month": (dossier(amount=1, unit="month"), 31),
}


@pytest.mark.parametrize("name", COUNTED)
@BOTH
def test_the_days_that_are_counted_sum_to_the_limit(book: Rulebook, name: str, lang: str) -> None:
    data, amount = COUNTED[name]
    verdict = book.evaluate(data, dt.date(2027, 1, 1))
    days = listed(verdict, lang)
    clock = verdict.clock
    assert clock.started_on is not None
    assert clock.lawful_due is not None
    assert [day for day, _ in days] == [
        clock.started_on + dt.timedelta(days=number) for number in range((clock.lawful_due - clock.started_on).days + 1)
    ]
    assert numbers(verdict, lang) == list(range(1, amount + 1))
    assert days[-1][1] == str(amount)


@EACH
@BOTH
def test_what_is_not_counted_is_not_listed(book: Rulebook, name: str, lang: str) -> None:
    verdict = verdict_on(book, name)
    days = listed(verdict, lang)
    assert bool(days) == (verdict.clock.lawful_due is not None)
    if days:
        assert (days[0][0], days[-1][0]) == (verdict.clock.started_on, verdict.clock.lawful_due)


def test_a_long_count_is_not_listed(book: Rulebook) -> None:
    verdict = book.evaluate(dossier(amount=2, unit="year"), AS_OF)
    assert listed(verdict, "vi") == []
    assert "400" in verdict.explain("vi", day_by_day=True)


CLOSED_BY_THE_END = {
    "a pause": dossier(PAUSE, event("result_issued", "2024-08-20T09:00")),
    "a waiting": dossier(REQUEST, event("result_issued", "2024-08-20T09:00")),
    "an opinion": dossier(
        event("opinion_requested", "2024-08-07"),
        event("dossier_withdrawn", "2024-08-09"),
        limit={"pauses_for": ["opinion"]},
    ),
}


@pytest.mark.parametrize("name", CLOSED_BY_THE_END)
def test_a_stop_that_the_end_closed_is_not_counted(book: Rulebook, name: str) -> None:
    assert numbers(book.evaluate(CLOSED_BY_THE_END[name], AS_OF), "en") == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("amount", "unit", "days"), [(5, "calendar_day", 5), (13, "calendar_day", 13), (26, "calendar_day", 26)]
)
def test_days_over_which_the_due_date_is_rolled_are_not_counted(
    book: Rulebook, amount: int, unit: str, days: int
) -> None:
    """Five days from Monday 5/8/2024 end on Saturday the 10th; due on Monday the 12th, but still five days."""
    assert numbers(book.evaluate(dossier(amount=amount, unit=unit), AS_OF), "en") == list(range(1, days + 1))


def test_a_limit_in_hours_is_told_by_the_hours_of_each_day(book: Rulebook) -> None:
    """One hour on Friday; on Monday the clock stands from 9:00 to 14:00; what is left on Tuesday are 2.5 hours."""
    stop = event("clock_paused", "2024-08-12T09:00", ground="g"), event("clock_resumed", "2024-08-12T14:00")
    verdict = book.evaluate(dossier(*stop, amount=8, unit="work_hour", accepted="2024-08-09T16:00"), AS_OF)
    assert (verdict.clock.lawful_due, verdict.clock.due_time) == (dt.date(2024, 8, 13), "10:00")
    assert listed(verdict, "en") == [
        (dt.date(2024, 8, 9), "16:00–17:00"),
        (dt.date(2024, 8, 10), "–"),
        (dt.date(2024, 8, 11), "–"),
        (dt.date(2024, 8, 12), "07:30–09:00, 14:00–17:00"),
        (dt.date(2024, 8, 13), "07:30–10:00"),
    ]


def test_a_day_on_which_the_clock_stood_all_hours_is_told_as_stopped(book: Rulebook) -> None:
    stop = event("clock_paused", "2024-08-09T16:30", ground="g"), event("clock_resumed", "2024-08-12T17:30")
    verdict = book.evaluate(dossier(*stop, amount=1, unit="work_hour", accepted="2024-08-09T16:00"), AS_OF)
    assert [said for _, said in listed(verdict, "en")] == [
        "16:00–16:30", "–", "–", "not counted: stopped", "07:30–08:00",
    ]  # fmt: skip


# -- who answers -------------------------------------------------------------------------------------------------------


def test_the_roles_that_answer_are_exact_and_sorted(book: Rulebook) -> None:
    assert verdict_on(book, "overdue").responsible == {
        "apology_before_due": ["head_of_unit"],
        "late_notice_to_one_stop": ["head_of_unit"],
        "transfer_same_day": ["head_of_one_stop_unit"],
    }
    assert verdict_on(book, "two supplements").responsible["supplement_once"] == ["officer"]
    late = verdict_on(book, "late, with slip and new dates").responsible
    assert set(late) == {"late_notice_to_one_stop", "result_by_new_date", "single_reappointment", "transfer_same_day"}
    assert verdict_on(book, "in Thanh Hóa").responsible["apology_before_due"] == ["head_of_unit", "officer"]


def test_who_kept_his_duty_answers_for_nothing(book: Rulebook) -> None:
    data = dossier(event("dossier_forwarded", "2024-08-05T10:00"), event("result_issued", "2024-08-12"))
    assert book.evaluate(data, AS_OF).responsible == {}
    assert verdict_on(book, "nothing happened").responsible == {}
    assert "apology_before_due" not in verdict_on(book, "in hand").responsible


@EACH
def test_only_a_fault_has_someone_to_answer_for_it(book: Rulebook, name: str) -> None:
    verdict = verdict_on(book, name)
    for finding in (*verdict.obligations, *verdict.limits):
        assert (finding.outcome in ("missed", "met_late", "broken")) >= bool(finding.answers), finding
        assert verdict.finding(finding.id) is finding
        assert (finding.id in verdict.responsible) == bool(finding.answers)
        for answer in finding.answers:
            assert answer.consequence in ("breach", "duty_open", "score", "rating_input", "review_trigger", "info")
    assert verdict.finding("no_such_duty") is None
    for roles in verdict.responsible.values():
        assert roles == sorted(set(roles))


# -- questions that are no questions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "as_of", [None, "2024-08-05", 20240805, 1.5, [], AS_OF.timetuple(), dt.datetime(2024, 8, 5), dt.time(8)]
)
@pytest.mark.parametrize("argument", ["as_of", "known_on"])
def test_a_day_that_is_no_date_is_refused(book: Rulebook, argument: str, as_of: Any) -> None:
    if argument == "known_on" and as_of is None:
        return  # as known on `as_of`
    with pytest.raises(OptionError) as caught:
        book.evaluate(dossier(), **{"as_of": AS_OF, argument: as_of})
    assert (caught.value.code, caught.value.place) == ("TR-option-date", argument)
    if argument == "known_on":
        with pytest.raises(OptionError, match="TR-option-date"):
            book.calendar(known_on=as_of)


@pytest.mark.parametrize(
    ("argument", "value", "nearest"),
    [("lateness", "by_dat", "by_date"), ("calendar", "vnn", "vn"), ("hours", "defaul", "default"), ("hours", "", "")],
)
def test_an_unknown_word_is_refused_with_the_known_ones(
    book: Rulebook, argument: str, value: str, nearest: str
) -> None:
    with pytest.raises(OptionError) as caught:
        book.evaluate(dossier(), AS_OF, **{argument: value})  # type: ignore[arg-type]
    (problem,) = caught.value.problems
    assert (problem.code, problem.place, problem.nearest) == (f"TR-option-{argument}", argument, nearest)
    assert problem.known


@pytest.mark.parametrize("value", [5, [], {}, 1.5, object()], ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("argument", ["lateness", "calendar", "hours", "name"])
def test_an_option_that_is_no_text_is_refused(book: Rulebook, argument: str, value: Any) -> None:
    ask: Any = book.calendar if argument == "name" else partial(book.evaluate, dossier(), AS_OF)
    with pytest.raises(OptionError):
        ask(**{argument: value})


@pytest.mark.parametrize("data", [None, 5, "x", [], object()], ids=lambda data: type(data).__name__)
def test_what_is_no_dossier_is_refused(book: Rulebook, data: Any) -> None:
    with pytest.raises(DossierError) as caught:
        book.evaluate(data, AS_OF)
    assert caught.value.code == "TR-input-type"
    assert isinstance(caught.value, ValueError)


def test_a_verdict_travels_between_processes(book: Rulebook) -> None:
    verdict = book.evaluate(
        {
            "dossier_id": "a",
            "time_limit": {"amount": 1, "unit": "workday"},
            "events": [{"kind": "dossier_accepted", "at": "2024-08-23T08:30"}],
        },
        dt.date(2024, 8, 26),
    )
    again = pickle.loads(pickle.dumps(verdict))
    assert again == verdict
    assert "không còn các bước tính" in again.explain("vi")
