"""Rules of one's own: what the format allows and no shipped rule needs, read alike by every engine.

August 2024: Monday 5, Tuesday 6, Friday 9, Monday 12, Tuesday 13. A dossier is accepted on Monday 5 with five workdays:
6, 7, 8, 9, 12; it is due on Monday 12.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.testing import event

Json = dict[str, Any]

RULE = """\
format: 1
rule: {name}
label: {{vi: "Thử {name}", en: "Trial {name}"}}
effective: {{from: "2018-06-21", picked_by: dossier_accepted}}
instrument: {{document: "01/QĐ-UBND thử", issued_on: "2018-06-01"}}
citations: [{{document: "01/QĐ-UBND thử", article: 3, status: text}}]
"""
RULES = {
    "waits_for_due": """
obligations:
  - {id: waits_for_due, owed_by: one_stop_unit, to: applicant, not_before: {event: dossier_closed, date: lawful_due}}
""",
    "says_why": """
obligations:
  - id: says_why
    owed_by: handling_agency
    to: applicant
    states: {event: apology_sent, which: any, fields: [reason]}
""",
    "sends_same_day": """
applies_if: [{received: {until: "15:00"}}]
dates: {same_day: {after: accepted, amount: 0, unit: workday}}
deadlines: {sending: {event: dossier_forwarded, due: same_day}}
obligations:
  - {id: sends_same_day, owed_by: one_stop_unit, to: handling_agency, discharged_by: sending}
""",
    "sends_or_ends": """
deadlines: {sending: {event: [handled, dossier_forwarded], due: lawful_due}}
obligations:
  - {id: sends_or_ends, owed_by: handling_agency, to: applicant, discharged_by: sending}
""",
    "sends_next_day": """
dates: {next_day: {after: accepted, amount: 1, unit: workday}}
deadlines: {sending: {event: dossier_forwarded, due: next_day}}
obligations:
  - {id: sends_next_day, owed_by: one_stop_unit, to: handling_agency, discharged_by: sending}
""",
    "asks_before": """
applies_if: [{received: {until: "15:00"}}]
dates:
  day_before: {before: accepted, amount: 1, unit: workday}
  same_day: {after: accepted, amount: 0, unit: workday}
deadlines: {sending: {event: dossier_forwarded, due: day_before}}
obligations:
  - id: asks_before
    owed_by: one_stop_unit
    to: handling_agency
    discharged_by: sending
    hour_unknown: same_day
""",
    "sends_then_all": """
dates: {next_day: {after: accepted, amount: 1, unit: workday}}
deadlines:
  sending: {event: dossier_forwarded, due: next_day}
  all: {event: [handled, paper_forwarded], due: lawful_due}
obligations:
  - id: sends_then_all
    owed_by: one_stop_unit
    to: handling_agency
    when: {deadline: sending, is: [missed]}
    discharged_by: all
""",
}
HOURS = """\
format: 1
hours: evening
label: {vi: "Giờ thử buổi tối", en: "Trial hours of the evening"}
citations: [{document: "01/QĐ-UBND thử", status: design}]
seasons:
  - {from: "01-01", to: "12-31", shifts: [{from: "13:00", to: "17:00"}, {from: "19:59", to: "23:59"}]}
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    folder = tmp_path_factory.mktemp("own")
    place = folder / "local" / "ha-noi" / "2018-06-21"
    place.mkdir(parents=True)
    for name, body in RULES.items():
        (place / f"{name}.yaml").write_text(RULE.format(name=name) + body.lstrip(), encoding="utf-8")
    (folder / "evening.yaml").write_text(HOURS, encoding="utf-8")
    for name in ("short.yaml", "short_2024.yaml"):
        trial = Path(__file__).parents[1] / "golden" / "rules" / name
        (folder / name).write_text(trial.read_text(encoding="utf-8"), encoding="utf-8")
    return Rulebook.load(folder)


def dossier(*events: Json, accepted: str = "2024-08-05T08:30", **more: Any) -> Json:
    return {
        "dossier_id": "R",
        "jurisdiction": "ha-noi",
        "time_limit": {"amount": 5, "unit": "workday"},
        "events": [event("dossier_accepted", accepted), *events],
        **more,
    }


def outcome(own: Rulebook, duty: str, data: Json, engine: str, as_of: date = date(2024, 8, 20), **asked: Any) -> str:
    return own.evaluate(data, as_of, engine=engine, **asked).finding(duty).outcome  # type: ignore[union-attr]


def test_a_closing_waits_for_a_date_that_is_a_day(own: Rulebook, engine: str) -> None:
    """On the day itself it is early; the day after it is not. Nothing is said while nothing was closed."""
    for closed, said in (("2024-08-09T09:00", "missed"), ("2024-08-12T16:00", "missed"), ("2024-08-13T08:00", "met")):
        assert outcome(own, "waits_for_due", dossier(event("dossier_closed", closed)), engine) == said
    assert outcome(own, "waits_for_due", dossier(), engine) == "undetermined"


def test_any_slip_that_says_why_will_do_late_or_not(own: Rulebook, engine: str) -> None:
    """Owed by every dossier; it has no day, so it is missed only once the dossier has ended without it."""
    result = event("result_issued", "2024-08-09T09:00")
    slip = event("apology_sent", "2024-08-08T09:00", reason="chờ xác minh")
    assert outcome(own, "says_why", dossier(), engine) == "pending"
    assert outcome(own, "says_why", dossier(slip), engine) == "met"
    assert outcome(own, "says_why", dossier(result), engine) == "missed"


def test_an_hour_of_reception_that_is_missing_decides_where_no_other_date_is_named(own: Rulebook, engine: str) -> None:
    sent = event("dossier_forwarded", "2024-08-05T16:00")
    assert outcome(own, "sends_same_day", dossier(sent), engine) == "met"
    assert outcome(own, "sends_same_day", dossier(sent, accepted="2024-08-05"), engine) == "undetermined"


def test_what_was_done_stands_though_an_end_would_have_done_as_well_and_would_not_be_seen(
    own: Rulebook, engine: str
) -> None:
    sent = event("dossier_forwarded", "2024-08-12T16:00")
    unseen: Json = {"observes": ["dossier_accepted", "dossier_forwarded"]}
    assert outcome(own, "sends_or_ends", dossier(sent, **unseen), engine) == "met"
    assert outcome(own, "sends_or_ends", dossier(**unseen), engine) == "undetermined"


def test_what_was_done_stands_once_it_is_owed_though_an_end_may_be_unseen(own: Rulebook, engine: str) -> None:
    """The file was not forwarded, so all of it had to be sent; it was."""
    paper = event("paper_forwarded", "2024-08-08T09:00")
    assert outcome(own, "sends_then_all", dossier(paper, unknown=["finish"]), engine) == "met"
    assert outcome(own, "sends_then_all", dossier(unknown=["finish"]), engine) == "undetermined"


def test_a_duty_that_no_end_discharges_is_missed_though_an_end_may_be_unseen(own: Rulebook, engine: str) -> None:
    assert outcome(own, "sends_next_day", dossier(unknown=["finish"]), engine) == "missed"


def test_a_day_that_the_calendar_does_not_have_is_no_workday_of_it(own: Rulebook, engine: str) -> None:
    """The trial calendar begins with 2024: Friday 29/12/2023 is unknown to it, Monday 1/1/2024 a workday."""
    for accepted, until in (("2023-12-29T08:30", None), ("2024-01-01T08:30", "sends_same_day")):
        verdict = own.evaluate(dossier(accepted=accepted), date(2024, 8, 20), engine=engine, calendar="short")
        found = verdict.finding("sends_same_day")
        assert (None if found is None else found.id) == until


def test_a_limit_in_hours_may_end_a_minute_before_midnight(own: Rulebook, engine: str) -> None:
    """Twelve hours from 18:00 of Monday: four of that evening, eight of Tuesday. Tuesday ends a minute later."""
    open_file = dossier(accepted="2024-08-05T18:00", time_limit={"amount": 12, "unit": "work_hour"})
    for day, said in ((5, "pending"), (6, "missed")):
        assert outcome(own, "sends_or_ends", open_file, engine, date(2024, 8, day), hours="evening") == said


def test_an_hour_of_reception_is_told_only_where_another_date_would_bind(own: Rulebook) -> None:
    """No other date is named; or nothing is owed whatever the hour: Wednesday 20/6/2018 was no day of that rule."""
    for duty, accepted, said in (
        ("sends_same_day", "2024-08-05", "by 05/08/2024; a fact that it needs is missing"),
        ("asks_before", "2018-06-21", "by 20/06/2018; the day to act lies before the instrument"),
    ):
        verdict = own.evaluate(dossier(accepted=accepted), date(2024, 8, 20), engine="reference")
        lines = verdict.explain("en").splitlines()
        at = next(at for at, line in enumerate(lines) if f"({duty}, " in line)
        assert lines[at + 1].strip() == said
