"""What a file becomes: each part of it is the node of law that its words name, with the days and numbers as written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from test_bad_rules import CALENDAR, CLOCK, HERE, RULE, changed, is_shown, only, problems, write

from tthc_rules import Problem, Rulebook
from tthc_rules.law.civil import day_of
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.evidence import AmendedUnseen, Citation
from tthc_rules.law.rule import (
    Applicability,
    ByDate,
    ChannelIs,
    ClockVersion,
    DateNode,
    Deadline,
    DeadlineIs,
    Discharge,
    EachWithin,
    EventSeen,
    FieldIs,
    Fulfilment,
    InForce,
    LabelledException,
    Limit,
    NotBefore,
    Obligation,
    OtherLevel,
    Overlay,
    ReappointmentStands,
    ReceivedAt,
    Responsibility,
    ResultLaw,
    Rule,
    Starts,
    Statement,
    StepsLaw,
)
from tthc_rules.law.unit_duty import (
    AfterRequest,
    OnBreach,
    Once,
    OnEvent,
    OnLateness,
    OnPetition,
    Periodic,
    Target,
    UnitDuty,
    WhenOwed,
    Within,
)

HEAD = RULE[: RULE.index("interpretations:")]
LIMIT = "limits: [{id: gioi_han, counts: supplement_requests, at_most: 1}]\n"
BASE = {"thu/2024-01-01/clock.yaml": CLOCK, "lich.yaml": CALENDAR}


def day(text: str) -> int:
    return day_of(date.fromisoformat(text))


def law(folder: Path, files: Mapping[str, str], **asked: Any) -> Corpus:
    write(folder, {**BASE, **files})
    return Rulebook.load(folder, shipped=False, **asked).corpus


def rule_of(folder: Path, body: str, head: str = HEAD, **asked: Any) -> Rule:
    (rule,) = law(folder, {HERE: head + body}, **asked).rules["thu"]["thu_nghiem"]
    return rule


def clock_of(folder: Path, text: str) -> ClockVersion:
    (clock,) = law(folder, {"thu/2024-01-01/clock.yaml": text}).clocks["thu"]
    return clock


def refused(folder: Path, body: str, marked: str) -> Problem:
    """The one problem of a rule with that body; it is shown where it is marked."""
    problem = only(folder, {**BASE, HERE: HEAD + body})
    is_shown(problem, folder, HERE, HEAD + body, marked)
    return problem


# -- dates -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "node"),
    [
        ("{before: lawful_due, amount: 1, unit: calendar_day}", DateNode("d", "lawful_due", 1, "calendar_day", True)),
        (
            "{before: lawful_due, amount: 3, unit: workday, last_day_off: rolled_back}",
            DateNode("d", "lawful_due", 3, "workday", backwards=True, rolled_back=True),
        ),
        ("{after: accepted, amount: 2, unit: workday}", DateNode("d", "accepted", 2, "workday")),
        ("{after: dossier_submitted, amount: 8, unit: work_hour}", DateNode("d", "dossier_submitted", 8, "work_hour")),
        (
            "{after: dossier_submitted, amount: 1, unit: office_day}",
            DateNode("d", "dossier_submitted", 1, "office_day"),
        ),
        (
            "{after: open_request, amount: 15, unit: calendar_day, unless_limit: closes_after}",
            DateNode("d", "open_request", 15, "calendar_day", unless_limit="closes_after"),
        ),
    ],
)
def test_a_date_is_counted_as_written(tmp_path: Path, written: str, node: DateNode) -> None:
    assert rule_of(tmp_path, f"dates: {{d: {written}}}\n{LIMIT}").dates == (node,)


def test_a_date_takes_nothing_from_the_one_before_it(tmp_path: Path) -> None:
    one = "one: {after: accepted, amount: 3, unit: workday, unless_limit: return_within}"
    two = "two: {before: lawful_due, amount: 1, unit: workday}"
    found = rule_of(tmp_path, f"dates:\n  {one}\n  {two}\n{LIMIT}").dates
    assert [node.unless_limit for node in found] == ["return_within", None]


def test_dates_come_in_the_order_in_which_they_can_be_computed(tmp_path: Path) -> None:
    steps = {"last": "middle", "middle": "first", "first": "accepted"}
    dates = "".join(f"  {name}: {{after: {base}, amount: 1, unit: workday}}\n" for name, base in steps.items())
    assert [node.name for node in rule_of(tmp_path, f"dates:\n{dates}{LIMIT}").dates] == ["first", "middle", "last"]


@pytest.mark.parametrize("unit", ["work_hour", "office_day"])
def test_office_hours_are_counted_from_the_submission_alone(tmp_path: Path, unit: str) -> None:
    problem = refused(tmp_path, f"dates: {{d: {{after: accepted, amount: 1, unit: {unit}}}}}\n{LIMIT}", "after: ^acc")
    assert (problem.code, problem.known) == ("TR-rule-unknown-date", ("dossier_submitted",))


def test_a_time_of_sector_law_is_counted_from_an_event(tmp_path: Path) -> None:
    """It may be in working hours, and a due date has no minute to count them from."""
    body = "dates: {d: {after: lawful_due, amount: 3, unit: workday, unless_limit: return_within}}\n"
    problem = refused(tmp_path, body + LIMIT, "after: ^lawful_due")
    assert problem.code == "TR-rule-unknown-date"
    assert {"accepted", "dossier_submitted", "open_request"} < set(problem.known)
    assert "original_due" not in problem.known


# -- deadlines ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "node"),
    [
        ("{event: finished, due: lawful_due}", Deadline("d", ("finished",), "acceptance", "lawful_due")),
        (
            "{event: [result_issued, result_returned], since: last_start}",
            Deadline("d", ("result_issued", "result_returned"), "last_start", None),
        ),
        ("{event: apology_sent, since: dossier_lost}", Deadline("d", ("apology_sent",), "dossier_lost", None)),
        (
            "{event: dossier_forwarded, for_other_level: [paper_forwarded]}",
            Deadline("d", ("dossier_forwarded",), "acceptance", None, ("paper_forwarded",)),
        ),
        (
            "{event: dossier_forwarded, since: last_start, for_other_level: [paper_forwarded]}",
            Deadline("d", ("dossier_forwarded",), "last_start", None, ("paper_forwarded",)),
        ),
    ],
)
def test_a_deadline_has_the_events_that_are_written(tmp_path: Path, written: str, node: Deadline) -> None:
    assert rule_of(tmp_path, f"deadlines: {{d: {written}}}\n{LIMIT}").deadlines == {"d": node}


@pytest.mark.parametrize(
    ("written", "marked", "code", "known"),
    [
        (
            "{event: dossier_forwarded, for_other_level: [papr_forwarded]}",
            "level: ^[papr",
            "TR-rule-unknown-event",
            "paper_forwarded",
        ),
        ("{event: dossier_forwarded, for_other_level: [finished]}", "level: ^[fin", "TR-rule-unknown-event", ""),
        ("{event: result_corrected, since: dossier_lost}", "event: ^result", "TR-rule-unknown-event", "apology_sent"),
        (
            "{event: apology_sent, since: dossier_lost, for_other_level: [paper_forwarded]}",
            "level: ^[paper",
            "TR-rule-beside",
            "",
        ),
    ],
    ids=["unknown at another level", "an end at another level", "of what it was not raised by", "raised, other level"],
)
def test_a_deadline_that_means_nothing(tmp_path: Path, written: str, marked: str, code: str, known: str) -> None:
    problem = refused(tmp_path, f"deadlines: {{d: {written}}}\n{LIMIT}", marked)
    assert problem.code == code
    assert not known or known in problem.known


def test_what_was_raised_by_an_event_is_done_by_what_answers_it(tmp_path: Path) -> None:
    problem = refused(
        tmp_path, "deadlines: {d: {event: apology_sent, since: opinion_due}}\n" + LIMIT, "event: ^apology"
    )
    assert problem.known == ("delay_notice_sent",)


# -- conditions --------------------------------------------------------------------------------------------------------

CONDITIONS: dict[str, Applicability] = {
    "{event: apology_sent}": EventSeen("apology_sent", "acceptance"),
    "{event: apology_sent, since: last_start}": EventSeen("apology_sent", "last_start"),
    "{no_event: opinion_requested}": EventSeen("opinion_requested", "acceptance", absent=True),
    "{other_level: true}": OtherLevel(),
    "{channel: [online, postal]}": ChannelIs(frozenset({"online", "postal"})),
    "{field: [hộ tịch]}": FieldIs(frozenset({"hộ tịch"})),
    '{field: ["  Hộ  Tịch "]}': FieldIs(frozenset({"hộ tịch"})),
    '{received: {until: "15:00"}}': ReceivedAt(15 * 60, late=False),
    '{received: {after: "15:00"}}': ReceivedAt(15 * 60, late=True),
    '{received: {until: "00:00"}}': ReceivedAt(0, late=False),
    '{received: {after: "00:00"}}': ReceivedAt(0, late=True),
    "{reappointment: stands}": ReappointmentStands(),
}


@pytest.mark.parametrize("written", CONDITIONS)
def test_a_condition_asks_what_is_written(tmp_path: Path, written: str) -> None:
    assert rule_of(tmp_path, f"applies_if: [{written}]\n{LIMIT}").applies_if == (CONDITIONS[written],)


def test_the_hour_of_a_condition_is_a_number(tmp_path: Path) -> None:
    """It is written into the composed function, where no word belongs."""
    (found,) = rule_of(tmp_path, f'applies_if: [{{received: {{after: "00:00"}}}}]\n{LIMIT}').applies_if
    assert isinstance(found, ReceivedAt)
    assert repr(found.cutoff) == "0"


@pytest.mark.parametrize(
    ("written", "marked", "code"),
    [
        ("{no_event: opinon_requested}", "no_event: ^opinon", "TR-rule-unknown-event"),
        ("{no_event: finished}", "no_event: ^finished", "TR-rule-unknown-event"),
        ("{received: {}}", "received: ^{}", "TR-rule-one-of"),
    ],
)
def test_a_condition_that_asks_nothing(tmp_path: Path, written: str, marked: str, code: str) -> None:
    assert refused(tmp_path, f"applies_if: [{written}]\n{LIMIT}", marked).code == code


# -- duties ------------------------------------------------------------------------------------------------------------

DATES = "dates: {d: {after: accepted, amount: 1, unit: workday}, e: {after: accepted, amount: 2, unit: workday}}\n"
DEADLINES = "deadlines: {due: {event: finished, due: d}, undated: {event: apology_sent}}\n"
HOUR = 'applies_if: [{channel: [in_person]}, {received: {until: "15:00"}}]\n'


def duty(ways: str) -> str:
    return f"{DATES}{DEADLINES}obligations:\n  - {{id: a, owed_by: one_stop_unit, to: applicant, {ways}}}\n"


FULFILLED: dict[str, Fulfilment] = {
    "discharged_by: undated": Discharge("undated"),
    "states: {event: apology_sent, fields: [reason, new_due]}": Statement(
        "apology_sent", "acceptance", ("reason", "new_due")
    ),
    "states: {event: apology_sent, since: last_start, fields: [form], which: any}": Statement(
        "apology_sent", "last_start", ("form",), any=True
    ),
    "each_within: {event: supplement_requested, amount: 3, unit: workday, unless_limit: return_within}": EachWithin(
        "supplement_requested", 3, "return_within"
    ),
    "not_before: {event: dossier_closed, date: d}": NotBefore("dossier_closed", "d"),
}


@pytest.mark.parametrize("written", FULFILLED)
def test_a_duty_is_fulfilled_in_the_one_way_that_is_written(tmp_path: Path, written: str) -> None:
    (found,) = rule_of(tmp_path, duty(written)).obligations
    assert found == Obligation("a", "one_stop_unit", "applicant", FULFILLED[written])


def test_what_releases_from_a_duty_and_what_fulfils_it_as_well(tmp_path: Path) -> None:
    ways = "discharged_by: due, or_by: {event: [result], by: d}, waived_by: {event: [dossier_refused, released], by: e}"
    (found,) = rule_of(tmp_path, duty(f"{ways}, counts_as: apology")).obligations
    assert found.or_by == ByDate(("result",), "d")
    assert found.waived == ByDate(("dossier_refused", "released"), "e")
    assert found.counts_as == "apology"


def test_a_duty_is_triggered_by_a_deadline_of_its_rule(tmp_path: Path) -> None:
    (found,) = rule_of(
        tmp_path, duty("when: {deadline: due, is: [missed, met_late]}, discharged_by: undated")
    ).obligations
    assert found.when == DeadlineIs("due", frozenset({"missed", "met_late"}))
    assert (found.or_by, found.waived, found.hour_unknown) == (None, None, None)


def test_the_other_date_of_an_unknown_hour(tmp_path: Path) -> None:
    (found,) = rule_of(tmp_path, HOUR + duty("discharged_by: due, hour_unknown: e")).obligations
    assert found.hour_unknown == "e"


@pytest.mark.parametrize(
    ("ways", "marked", "code"),
    [
        ("discharged_by: due, or_by: {event: [reslt], by: d}", "event: ^[reslt", "TR-rule-unknown-event"),
        ("discharged_by: due, or_by: {event: [result], by: dd}", "by: ^dd", "TR-rule-unknown-date"),
        ("not_before: {event: dossier_closed, date: dd}", "date: ^dd", "TR-rule-unknown-date"),
    ],
)
def test_a_name_in_a_duty_that_is_not_known(tmp_path: Path, ways: str, marked: str, code: str) -> None:
    assert refused(tmp_path, duty(ways), marked).code == code


@pytest.mark.parametrize(
    "beside",
    [
        "discharged_by: due, or_by: ^{event: [result], by: d}",
        "discharged_by: due, waived_by: ^{event: [dossier_refused], by: d}",
        "discharged_by: due, hour_unknown: ^e",
        "each_within: ^{event: supplement_requested, amount: 3, unit: workday}",
        "not_before: ^{event: dossier_closed, date: d}",
    ],
)
def test_what_does_not_go_with_a_trigger(tmp_path: Path, beside: str) -> None:
    ways = "when: {deadline: undated, is: [missed]}, " + beside
    problem = refused(tmp_path, HOUR + duty(ways.replace("^", "")), ways[: ways.index("^") + 2])
    key = beside.partition(": ^")[0].rpartition(" ")[2]
    assert (problem.code, f"“{key}”" in problem.en) == ("TR-rule-beside", True)


@pytest.mark.parametrize("other", ["or_by: ^{event: [result], by: d}", "waived_by: ^{event: [dossier_refused], by: d}"])
@pytest.mark.parametrize("way", [one for one in FULFILLED if not one.startswith("discharged_by")])
def test_only_what_an_event_fulfils_may_come_another_way_or_be_waived(tmp_path: Path, way: str, other: str) -> None:
    ways = f"{way}, {other}"
    problem = refused(tmp_path, duty(ways.replace("^", "")), ways[: ways.index("^") + 2])
    assert (problem.code, f"“{other.partition(':')[0]}”" in problem.en) == ("TR-rule-beside", True)


def test_a_deadline_names_an_event(tmp_path: Path) -> None:
    found = problems(tmp_path, {**BASE, HERE: HEAD + "deadlines: {a: {event: [], due: lawful_due}}\n" + LIMIT})
    assert {problem.code for problem in found} == {"TR-input-type", "TR-input-length"}  # neither a name nor some


@pytest.mark.parametrize(
    ("asks", "ways"),
    [
        (HOUR, "discharged_by: undated"),
        (HOUR, "states: {event: apology_sent, fields: [reason]}"),
        ("applies_if: [{channel: [in_person]}]\n", "discharged_by: due"),
        ("", "discharged_by: due"),
    ],
    ids=["a deadline without a date", "no deadline", "no hour", "no condition"],
)
def test_an_unknown_hour_where_no_hour_is_asked(tmp_path: Path, asks: str, ways: str) -> None:
    problem = refused(tmp_path, asks + duty(f"{ways}, hour_unknown: e"), "hour_unknown: ^e")
    assert (problem.code, "received" in problem.en) == ("TR-rule-beside", True)


@pytest.mark.parametrize(("written", "said"), [("dd", "«dd»"), ('""', "«»")])
def test_an_unknown_hour_has_a_date_of_its_rule(tmp_path: Path, written: str, said: str) -> None:
    problem = refused(
        tmp_path, HOUR + duty(f"discharged_by: due, hour_unknown: {written}"), "hour_unknown: ^" + written
    )
    assert (problem.code, said in problem.vi) == ("TR-rule-unknown-date", True)


# -- limits, and who answers -------------------------------------------------------------------------------------------


def answers(of: str, outcomes: str, kind: str = "breach") -> str:
    return f"  - {{for: {of}, if: [{outcomes}], role: officer, unit: one_stop_unit, class: {kind}}}\n"


BOTH = duty("discharged_by: due") + LIMIT + "responsibilities:\n"


def test_a_limit_may_stand_alone(tmp_path: Path) -> None:
    assert rule_of(tmp_path, LIMIT).limits == (Limit("gioi_han", "supplement_requests", 1),)


def test_who_answers_for_a_duty_and_for_a_limit(tmp_path: Path) -> None:
    rule = rule_of(tmp_path, BOTH + answers("a", "missed, met_late") + answers("gioi_han", "broken"))
    assert rule.responsibilities == (
        Responsibility("a", frozenset({"missed", "met_late"}), "officer", "one_stop_unit", "breach"),
        Responsibility("gioi_han", frozenset({"broken"}), "officer", "one_stop_unit", "breach"),
    )


@pytest.mark.parametrize(
    ("of", "outcomes", "code", "known", "said"),
    [
        ("gioi_han", "missed", "TR-rule-outcome", ("broken",), "missed"),
        ("gioi_han", "broken, met_late, missed", "TR-rule-outcome", ("broken",), "met_late"),
        ("a", "missed, broken", "TR-rule-outcome", ("met_late", "missed"), "broken"),
        ("b", "broken", "TR-rule-unknown-duty", ("a", "gioi_han"), "b"),
    ],
)
def test_a_limit_is_broken_and_a_duty_is_missed(
    tmp_path: Path, of: str, outcomes: str, code: str, known: tuple[str, ...], said: str
) -> None:
    marked = f"if: ^[{outcomes}" if code == "TR-rule-outcome" else f"for: ^{of}"
    problem = refused(tmp_path, BOTH + answers(of, outcomes), marked)
    assert (problem.code, problem.known) == (code, known)
    assert f"«{said}»" in problem.vi


def test_the_class_that_is_too_strong_is_shown_among_several(tmp_path: Path) -> None:
    head = changed(HEAD, ("status: text", "status: design"))
    text = head + BOTH + answers("a", "missed", "duty_open") + answers("gioi_han", "broken", "score")
    problem = only(tmp_path, {**BASE, HERE: text})
    assert (problem.code, problem.known) == ("TR-rule-class", ("duty_open", "info", "review_trigger"))
    is_shown(problem, tmp_path, HERE, text, "class: ^score")


# -- what all files share ----------------------------------------------------------------------------------------------


def cites(*statuses: str) -> str:
    said = "".join(f"  - {{document: {at}/2024, status: {status}}}\n" for at, status in enumerate(statuses))
    return HEAD[: HEAD.index("citations:")] + "citations:\n" + said


@pytest.mark.parametrize(
    ("statuses", "best"),
    [
        (["unconfirmed", "text", "design"], "text"),
        (["design", "secondary"], "secondary"),
        (["unconfirmed", "design"], "design"),
    ],
)
def test_a_rule_stands_on_its_best_citation(tmp_path: Path, statuses: list[str], best: str) -> None:
    rule = rule_of(tmp_path, LIMIT, cites(*statuses))
    assert (rule.evidence, rule.is_on) == (best, True)


@pytest.mark.parametrize("unconfirmed", [False, True])
def test_what_nobody_has_read_is_off_unless_it_is_asked_for(tmp_path: Path, unconfirmed: bool) -> None:
    rule = rule_of(tmp_path, LIMIT, cites("unconfirmed", "unconfirmed"), unconfirmed=unconfirmed)
    assert (rule.evidence, rule.is_on) == ("unconfirmed", unconfirmed)


def test_a_rule_that_was_read_is_on_whatever_is_asked_for(tmp_path: Path) -> None:
    assert rule_of(tmp_path, LIMIT, unconfirmed=True).is_on


@pytest.mark.parametrize(
    ("written", "citation"),
    [
        ("{document: 1/2024, status: design}", Citation("1/2024", "design")),
        ("{document: 1/2024, article: 7, clause: 2, status: text}", Citation("1/2024", "text", "7", "2")),
        ("{document: 1/2024, article: 7a, point: đ, status: text}", Citation("1/2024", "text", "7a", "", "đ")),
        (
            "{document: 1/2024, quote: trong ngày, quote_source: ocr, source: bản chụp, status: text}",
            Citation("1/2024", "text", quote="trong ngày", source="bản chụp", quote_source="ocr"),
        ),
    ],
)
def test_a_citation_says_what_is_written_and_nothing_else(tmp_path: Path, written: str, citation: Citation) -> None:
    head = changed(HEAD, ("{document: 1/2024, article: 1, status: text}", written))
    assert rule_of(tmp_path, LIMIT, head).citations == (citation,)


def test_a_version_without_an_end(tmp_path: Path) -> None:
    assert rule_of(tmp_path, LIMIT).in_force == InForce(day("2024-01-01"), None, day("2023-12-01"), None)


def test_a_version_ends_on_its_last_day_and_since_the_act_that_ends_it(tmp_path: Path) -> None:
    ends = ('effective: {from: "2024-01-01"', 'effective: {from: "2024-01-01", to: "2025-06-30"')
    ended = ("citations:\n", 'ended_by: {document: 2/2025, issued_on: "2025-06-09"}\ncitations:\n')
    found = rule_of(tmp_path, LIMIT, changed(HEAD, ends, ended)).in_force
    assert found == InForce(day("2024-01-01"), day("2025-06-30"), day("2023-12-01"), day("2025-06-09"))


def unseen(text: str) -> str:
    return changed(text, ('"2023-12-01"}', '"2023-12-01", amended_unseen: {document: 9/2025, from: "2025-12-31"}}'))


def test_what_amended_the_instrument_and_was_not_seen(tmp_path: Path) -> None:
    assert rule_of(tmp_path / "seen", LIMIT).unseen is None
    assert rule_of(tmp_path / "not", LIMIT, unseen(HEAD)).unseen == AmendedUnseen("9/2025", day("2025-12-31"))


def test_the_note_of_a_rule(tmp_path: Path) -> None:
    assert rule_of(tmp_path / "a", LIMIT).note is None
    assert rule_of(tmp_path / "b", "note: {vi: đọc kỹ, en: read it}\n" + LIMIT).note == {
        "vi": "đọc kỹ",
        "en": "read it",
    }


def continued(since: str) -> str:
    return f'continues: {{document: 0/2018, from: "{since}"}}\n' + LIMIT


def test_a_version_continues_one_that_began_before_it(tmp_path: Path) -> None:
    assert rule_of(tmp_path / "a", LIMIT).continues is None
    assert rule_of(tmp_path / "b", continued("2023-12-31")).continues == day("2023-12-31")


@pytest.mark.parametrize("since", ["2024-01-01", "2024-01-02"])
def test_no_version_continues_itself_or_a_later_one(tmp_path: Path, since: str) -> None:
    assert refused(tmp_path, continued(since), f'from: ^"{since}"}}\nlimits').code == "TR-rule-continues"


REPEALED = changed(
    HEAD, ("rule: thu_nghiem", "repealed: thu_nghiem"), ('label: {vi: "Thử nghiệm", en: "A trial"}\n', "")
)


@pytest.mark.parametrize(
    ("note", "label"),
    [
        ("", {"vi": "đã bãi bỏ", "en": "repealed"}),
        ("note: {vi: thay bằng Điều 5, en: see Article 5}\n", {"vi": "thay bằng Điều 5", "en": "see Article 5"}),
    ],
)
def test_a_repealed_rule_binds_nobody_and_says_why(tmp_path: Path, note: str, label: dict[str, str]) -> None:
    rule = rule_of(tmp_path, note, REPEALED)
    assert (rule.repealed, rule.label, rule.duties) == (True, label, ())
    assert (rule.picked_by, rule.evidence, rule.in_force.start) == ("lawful_due", "text", day("2024-01-01"))


# -- clocks ------------------------------------------------------------------------------------------------------------


def test_a_clock_runs_as_the_law_has_it_where_nothing_else_is_said(tmp_path: Path) -> None:
    clock = clock_of(tmp_path, CLOCK)
    assert (clock.supplement, clock.supplement_reading, clock.beside) == ("restart", "", "")
    assert (clock.starts, clock.starts_elsewhere) == (Starts(), False)
    assert (clock.steps, clock.result, clock.unseen) == (StepsLaw(), ResultLaw(), None)


def test_a_clock_that_starts_with_the_slip_before_the_last_hours(tmp_path: Path) -> None:
    starts = "{event: slip_sent, cutoff_before_close: {amount: 2, unit: work_hour}, at_cutoff: same_day}"
    assert clock_of(tmp_path, f"{CLOCK}starts: {starts}\n").starts == Starts("slip_sent", 120, "same_day")


def test_a_clock_that_starts_with_the_receipt_by_the_competent_agency(tmp_path: Path) -> None:
    clock = clock_of(tmp_path, f"{CLOCK}filed_elsewhere_starts: received_by_competent_agency\n")
    assert (clock.starts_elsewhere, clock.starts.event) == (True, "dossier_accepted")


READINGS = """\
interpretations:
  - id: ngay_nghi
    about: {vi: a, en: a}
    reads: event_day
    instead_of: next_workday
    because: {vi: a, en: a}
    status: design
    sets: receipt_on_day_off
  - id: bo_sung
    about: {vi: a, en: a}
    reads: restart
    instead_of: pause
    because: {vi: a, en: a}
    status: unconfirmed
    sets: supplement.effect
receipt_on_day_off: event_day
"""


def test_a_clock_names_the_reading_that_fixes_what_a_supplement_does(tmp_path: Path) -> None:
    clock = clock_of(tmp_path, CLOCK + READINGS)
    assert (clock.supplement, clock.supplement_reading) == ("restart", "bo_sung")
    assert [(one.id, one.taken, one.is_alternative) for one in clock.interpretations] == [
        ("ngay_nghi", "event_day", False),
        ("bo_sung", "restart", False),
    ]


def test_each_reading_is_taken_by_its_own_name(tmp_path: Path) -> None:
    files = {"thu/2024-01-01/clock.yaml": CLOCK + READINGS}
    (clock,) = law(tmp_path, files, interpretations={"bo_sung": "pause"}).clocks["thu"]
    assert (clock.supplement, clock.receipt_on_day_off) == ("pause", "event_day")
    assert [(one.taken, one.is_alternative) for one in clock.interpretations] == [("event_day", False), ("pause", True)]


def test_who_returns_the_result_and_by_which_clauses_agencies_have_days(tmp_path: Path) -> None:
    clause = "[{document: 1/2024, article: %d, status: text}]"
    steps = f"steps: {{agencies: {clause % 5}, opinions: {clause % 6}}}\n"
    result = f"result: {{owed_by: one_stop_unit, role: chair, citations: {clause % 7}}}\n"
    clock = clock_of(tmp_path, CLOCK + steps + result)
    five, six, seven = (Citation("1/2024", "text", article) for article in "567")
    assert clock.steps == StepsLaw((five,), (six,))
    assert clock.result == ResultLaw("one_stop_unit", "chair", (seven,))


def test_a_family_stands_beside_the_one_that_it_names(tmp_path: Path) -> None:
    own = changed(CLOCK, ("clock: thu", "clock: rieng")) + "beside: thu\n"
    clocks = law(tmp_path, {"rieng/2024-01-01/clock.yaml": own}).clocks
    assert [(name, one.beside) for name in sorted(clocks) for one in clocks[name]] == [("rieng", "thu"), ("thu", "")]


# -- readings ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("interpretations: cach_dem\n", "TR-input-type"),
        ("interpretations: [cach_dem]\n", "TR-input-type"),
        ("interpretations: [{id: cach_dem}]\n", "TR-input-missing"),
        ("interpretations: [{id: cach_dem, reads: 1, instead_of: 2, sets: limits}]\n", "TR-input-type"),
    ],
)
def test_readings_of_another_shape_are_told_by_their_shape_alone(tmp_path: Path, written: str, code: str) -> None:
    found = problems(tmp_path, {**BASE, HERE: HEAD + LIMIT + written})
    assert code in {problem.code for problem in found}
    assert {problem.code for problem in found} <= {"TR-input-type", "TR-input-missing"}


@pytest.mark.parametrize("sets", ["rule.last_day.unit", "dates.last_day.unit.sign", "dates.last_day.last_day_off"])
def test_a_reading_that_decides_nothing_in_its_file(tmp_path: Path, sets: str) -> None:
    text = changed(RULE, ("sets: dates.last_day.unit", f"sets: {sets}"))
    problem = only(tmp_path, {**BASE, HERE: text})
    assert problem.code == "TR-rule-reading"
    is_shown(problem, tmp_path, HERE, text, f"sets: ^{sets}")


# -- what a place adds -------------------------------------------------------------------------------------------------

PLACES = """\
format: 1
jurisdictions: noi
label: {vi: a, en: a}
citations: [{document: a, status: design}]
rows: [{id: ha-noi, name: {vi: Hà Nội, en: Hanoi}}]
"""
DISCIPLINE = "TR-rule-discipline"
OVERLAY = """\
format: 1
overlay: rieng
label: {vi: Quy định của nơi này, en: What this place says}
effective: {from: "2024-01-01"}
instrument: {document: 5/2024, issued_on: "2023-12-20"}
citations: [{document: 5/2024, status: text}]
"""
LOCAL = "local/ha-noi/2024-01-01/rieng.yaml"
ADDS = "adds:\n"
EXCEPTS = (
    "excepts: [{duty: thu_nghiem, label: {vi: trừ khi mất, en: unless lost}, if: [{event: %s}, {other_level: true}]}]\n"
)


def overlay_of(folder: Path, text: str) -> Overlay:
    (overlay,) = law(folder, {"noi.yaml": PLACES, HERE: RULE, LOCAL: text}).overlays["local/ha-noi"]
    return overlay


def test_a_place_may_add_who_answers(tmp_path: Path) -> None:
    overlay = overlay_of(tmp_path, OVERLAY + ADDS + answers("thu_nghiem", "missed", "info"))
    officer = Responsibility("thu_nghiem", frozenset({"missed"}), "officer", "one_stop_unit", "info")
    assert (overlay.responsibilities, overlay.excepts) == ((officer,), ())
    assert overlay.in_force == InForce(day("2024-01-01"), None, day("2023-12-20"), None)


def test_a_place_may_except_from_a_duty(tmp_path: Path) -> None:
    overlay = overlay_of(tmp_path, OVERLAY + EXCEPTS % "dossier_lost")
    conditions = (EventSeen("dossier_lost", "acceptance"), OtherLevel())
    label = {"vi": "trừ khi mất", "en": "unless lost"}
    assert overlay.excepts == (LabelledException("thu_nghiem", label, conditions),)
    assert overlay.responsibilities == ()


@pytest.mark.parametrize(
    ("text", "marked", "code"),
    [
        (OVERLAY, "overlay: ^rieng", "TR-rule-empty"),
        (OVERLAY + EXCEPTS % "dossier_lst", "event: ^dossier_lst", "TR-rule-unknown-event"),
        (
            changed(OVERLAY, ("status: text", "status: design"))
            + ADDS
            + answers("thu_nghiem", "missed", "info")
            + answers("thu_nghiem", "met_late", "score"),
            "class: ^score",
            "TR-rule-class",
        ),
        (OVERLAY + ADDS + answers("thu_nghiem", "broken"), "", "TR-rule-outcome"),
        (changed(OVERLAY, ("nơi này", "Cảnh cáo")) + ADDS + answers("thu_nghiem", "missed"), "label: ^{vi", DISCIPLINE),
        (OVERLAY + changed(EXCEPTS % "dossier_lost", ("unless lost", "sacked")), "label: ^{vi: Quy", DISCIPLINE),
    ],
    ids=[
        *("nothing", "an unknown event", "a class too strong", "a duty cannot be broken"),
        *("discipline in its label", "discipline in an exception"),
    ],
)
def test_what_a_place_may_not_say(tmp_path: Path, text: str, marked: str, code: str) -> None:
    problem = only(tmp_path, {**BASE, "noi.yaml": PLACES, HERE: RULE, LOCAL: text})
    assert problem.code == code
    if marked:
        is_shown(problem, tmp_path, LOCAL, text, marked)


def test_an_act_of_a_place_that_nobody_has_read_binds_nobody(tmp_path: Path) -> None:
    """DESIGN: a rule that stands only on what nobody read is off unless the law is loaded with it."""
    text = changed(OVERLAY, ("status: text", "status: unconfirmed")) + ADDS + answers("thu_nghiem", "missed", "info")
    files = {"noi.yaml": PLACES, HERE: RULE, LOCAL: text}
    assert law(tmp_path, files).overlays == {}
    (overlay,) = law(tmp_path, files, unconfirmed=True).overlays["local/ha-noi"]
    assert overlay.id == "rieng"


# -- duties of units ---------------------------------------------------------------------------------------------------

UNIT = """\
format: 1
unit_duty: bao_cao
label: {vi: "Báo cáo", en: "A report"}
effective: {from: "2024-01-01"}
instrument: {document: 1/2024, issued_on: "2023-12-01"}
citations:
  - {document: 1/2024, article: 1, status: text}
owed_by: [handling_agency]
role: head_of_unit
class: breach
"""
ESTABLISHES = """\
establishes: [{id: %s, label: {vi: lỗi, en: fault}, citations: [{document: 2/2024, status: text}]}]
"""
EVENT = "event: report_sent\n"
AT = "national/2024-01-01/bao_cao.yaml"


def unit_duty_of(folder: Path, text: str, **asked: Any) -> UnitDuty:
    (found,) = law(folder, {AT: text}, **asked).unit_duties["bao_cao"]
    return found


OWED: dict[str, WhenOwed] = {
    "periodic: {every: quarter}": Periodic("quarter", 1, (), before_is_strict=True),
    'periodic: {every: half_year, at_least: 2, before: ["06-15", "12-15"], before_means: inclusive}': Periodic(
        "half_year", 2, ("06-15", "12-15"), before_is_strict=False
    ),
    'once: {by: "2024-06-30"}': Once(day("2024-06-30")),
    'once: {before: "2024-03-01"}': Once(day("2024-02-29")),
    'once: {before: "2024-03-01", before_means: inclusive}': Once(day("2024-03-01")),
    "target: {of: on_time, at_least: 90}": Target("on_time", 90, is_strict=False),
    "target: {of: on_time, above: 80}": Target("on_time", 80, is_strict=True),
    "target: {of: on_time, at_least: 0}": Target("on_time", 0, is_strict=False),
    "on_lateness: {}": OnLateness((), None, "", of_subordinates=False),
    "on_lateness: {also: [complaint_upheld], within_days: 5, each: month, counts: subordinates}": OnLateness(
        ("complaint_upheld",), 5, "month", of_subordinates=True
    ),
    "after_request: {event: written_reminder}": AfterRequest("written_reminder", "", "month", None, 0),
    "after_request: {event: written_reminder, metric: late, every: quarter, periods: 2, margin: 5}": AfterRequest(
        "written_reminder", "late", "quarter", 2, 5
    ),
    "on_breach: {}": OnBreach("breach", of_subordinates=False, roles=()),
    "on_breach: {of: late, counts: subordinates, roles: [officer]}": OnBreach("late", True, ("officer",)),
    "on_event: {kinds: [outage]}": OnEvent(("outage",), None),
    "on_event: {kinds: [outage], within: {amount: 3}}": OnEvent(("outage",), Within(3)),
    "on_event: {kinds: [outage], within: {amount: 2, ahead: true}}": OnEvent(("outage",), Within(2, True)),
    "on_petition: {by: [petition_forwarded]}": OnPetition(
        "petition_received", ("petition_forwarded",), None, (), None, (), if_made=False, waiting="counts"
    ),
    "on_petition: {after: petition_more_received, by: [petition_handled], within: {amount: 5}, about: [behaviour], "
    "competent: false, releases: [petition_refused], if_made: true, waiting: pause}": OnPetition(
        "petition_more_received",
        ("petition_handled",),
        Within(5),
        ("behaviour",),
        False,
        ("petition_refused",),
        if_made=True,
        waiting="pause",
    ),
}


@pytest.mark.parametrize("written", OWED)
def test_when_a_unit_owes_what_is_written(tmp_path: Path, written: str) -> None:
    assert unit_duty_of(tmp_path, f"{UNIT}event: report_sent\n{written}\n").way == OWED[written]


def test_what_is_not_said_of_a_duty_of_a_unit_is_empty(tmp_path: Path) -> None:
    found = unit_duty_of(tmp_path, UNIT + "on_breach: {}\n")
    assert (found.to, found.event, found.if_fact, found.unless_fact) == ("", "", "", "")
    assert (found.note, found.unseen, found.establishes, found.recipients) == (None, None, (), ())
    assert (found.role, found.consequence, found.owed_by) == ("head_of_unit", "breach", ("handling_agency",))


def test_what_is_said_of_a_duty_of_a_unit_is_kept(tmp_path: Path) -> None:
    said = "to: chair\nevent: report_sent\nif_fact: has_seat\nunless_fact: is_exempt\nnote: {vi: a, en: b}\n"
    found = unit_duty_of(tmp_path, unseen(UNIT) + "periodic: {every: month}\n" + said + ESTABLISHES % "loi")
    assert (found.to, found.event, found.if_fact, found.unless_fact) == (
        "chair",
        "report_sent",
        "has_seat",
        "is_exempt",
    )
    assert (found.note, found.unseen) == ({"vi": "a", "en": "b"}, AmendedUnseen("9/2025", day("2025-12-31")))
    (one,) = found.establishes
    assert (one.id, one.label, one.citations) == ("loi", {"vi": "lỗi", "en": "fault"}, (Citation("2/2024", "text"),))


@pytest.mark.parametrize(("status", "unconfirmed", "is_on"), [
    ("text", False, True), ("text", True, True), ("unconfirmed", False, False), ("unconfirmed", True, True),
])  # fmt: skip
def test_a_duty_of_a_unit_that_nobody_has_read_is_off(
    tmp_path: Path, status: str, unconfirmed: bool, is_on: bool
) -> None:
    text = changed(UNIT, ("status: text", f"status: {status}"), ("class: breach", "class: info"))
    found = unit_duty_of(tmp_path, text + "on_breach: {}\n", unconfirmed=unconfirmed)
    assert (found.evidence, found.is_on) == (status, is_on)


@pytest.mark.parametrize(
    ("changes", "rest", "marked", "code", "known"),
    [
        ((), "", "unit_duty: ^bao_cao", "TR-rule-one-of", "on_petition"),
        (
            (),
            f"{EVENT}on_breach: {{}}\nperiodic: {{every: month}}\n",
            "unit_duty: ^bao_cao",
            "TR-rule-one-of",
            "periodic",
        ),
        ((), "on_event: {kinds: [outage]}\n", "unit_duty: ^bao_cao", "TR-rule-one-of", "event"),
        ((), "periodic: {every: month}\n", "unit_duty: ^bao_cao", "TR-rule-one-of", "event"),
        ((), 'event: ""\nonce: {by: "2024-06-30"}\n', "unit_duty: ^bao_cao", "TR-rule-one-of", "event"),
        ((), f"{EVENT}once: {{}}\n", "once: ^{}", "TR-rule-one-of", "by"),
        ((), f'{EVENT}once: {{by: "2024-06-30", before: "2024-07-01"}}\n', "once: ^{by", "TR-rule-one-of", "before"),
        ((), "target: {of: on_time}\n", "target: ^{of", "TR-rule-one-of", "above"),
        ((), "target: {of: on_time, above: 80, at_least: 80}\n", "target: ^{of", "TR-rule-one-of", "at_least"),
        ((("status: text", "status: design"),), "on_breach: {}\n", "class: ^breach", "TR-rule-class", "duty_open"),
        ((('vi: "Báo cáo"', 'vi: "Kỷ luật"'),), "on_breach: {}\n", "label: ^{vi", "TR-rule-discipline", ""),
        (
            (),
            f"on_breach: {{}}\n{ESTABLISHES % 'canh_cao'}",
            "label: ^{vi",
            "TR-rule-discipline",
            "",
        ),
    ],
)
def test_a_duty_of_a_unit_that_cannot_be(
    tmp_path: Path, changes: tuple[tuple[str, str], ...], rest: str, marked: str, code: str, known: str
) -> None:
    text = changed(UNIT, *changes) + rest
    problem = only(tmp_path, {**BASE, AT: text})
    assert (problem.code, known in problem.known or not known) == (code, True)
    is_shown(problem, tmp_path, AT, text, marked)


def test_who_holds_an_office(tmp_path: Path) -> None:
    text = (
        changed(UNIT[: UNIT.index("owed_by")], ("unit_duty: bao_cao", "office: chu_tich"))
        + "role: chair\nlevels: [xa]\n"
    )
    (office,) = law(tmp_path, {AT: text}).offices["chu_tich"]
    assert (office.role, office.levels, office.citations) == ("chair", ("xa",), (Citation("1/2024", "text", "1"),))
    assert office.in_force == InForce(day("2024-01-01"), None, day("2023-12-01"), None)


# -- forms -------------------------------------------------------------------------------------------------------------


def test_a_form_has_the_number_and_the_clause_that_its_circular_gives_it(tmp_path: Path) -> None:
    rows = """\
rows:
  - {form: phieu_xin_loi, number: "04", label: {vi: phiếu xin lỗi, en: apology}}
  - {form: so_theo_doi, label: {vi: sổ, en: register}, citations: [{document: 1/2024, article: 9, status: text}]}
"""
    text = changed(UNIT[: UNIT.index("owed_by")], ("unit_duty: bao_cao", "forms: mau")) + rows
    note = "note: {vi: a, en: b}\n"
    (forms,) = law(tmp_path / "a", {AT: text}).forms
    assert forms.numbers == {"phieu_xin_loi": "04"}
    assert forms.labels["so_theo_doi"] == {"vi": "sổ", "en": "register"}
    assert forms.grounds == {"so_theo_doi": (Citation("1/2024", "text", "9"),)}
    assert (forms.document, forms.note) == ("1/2024", None)
    assert law(tmp_path / "b", {AT: text + note}).forms[0].note == {"vi": "a", "en": "b"}
