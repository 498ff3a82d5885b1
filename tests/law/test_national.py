"""The national law as data: every row of the duty table is somewhere, and every version begins and ends on its day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unicodedata import is_normalized

import pytest
import yaml

from tthc_rules import Rulebook
from tthc_rules.law.civil import date_of, day_of
from tthc_rules.law.inforce import pick
from tthc_rules.law.rule import Rule
from tthc_rules.law.unit_duty import OnBreach, OnEvent, OnLateness, OnPetition, Periodic, UnitDuty

RULESETS = Path(__file__).parents[2] / "rulesets"
NATIONAL = ("one_stop", "national")
TODAY = date(2026, 11, 21)
ONE = timedelta(days=1)

# Every row of the duty table, by its sections; J (places) and K (not law) are elsewhere.
ROWS = {
    "A regime, clock, counting": """
        regime_by_date form_by_date limit_from_procedure clock_start_acceptance clock_start_slip
        clock_start_non_territorial count_days calendar_24_11""",
    "B reception and supplements": """
        incomplete_guide_once supplement_once supplement_max_two supplement_via_one_stop no_prolonging
        refusal_at_reception immediate_result no_held_components online_ack online_out_of_hours""",
    "C transfer and processing": """
        transfer_same_day transfer_next_morning return_ineligible restart_clock elapsed_counts_r1 refusal_within_limit
        refusal_within_limit_r1 opinion_overdue_notice per_agency_deadline""",
    "D lateness and result": "lateness_class early_result_notice chase_due error_own_cost",
    "E apology and re-appointment": """
        apology_before_due late_notice_to_one_stop apology_content late_reason_by_seconding_agency single_reappointment
        adjust_date_and_notify early_warning apology_current apology_r1 late_reason_r0 apology_lost_file
        apology_by_chair apology_signer""",
    "F one-stop unit": """
        propose_measures quarterly_working_meeting monthly_staff_notice publish_contacts scoring_report replace_officer
        late_list_monthly national_db_posting control_report_6m dialogue_6m status_notice_realtime
        planned_outage_notice petition_forward petition_regulation_forward""",
    "G ratios and scores": """
        target_on_time_90 target_one_stop_80 target_one_stop_100 tt01_indicators tt01_official_band tt01_unit_band
        qd766_on_time qd766_multi_supplement qd766_scaling""",
    "H heads of units": """
        head_self_review head_apology repeat_no_change annual_rating_input superior_handles_head
        chairs_answer_for_progress head_grade_cap unit_grade_conditions nd90_flags nd335_leader discipline_gate
        guard_numeric_discipline guard_support_only local_numeric_overlay""",
    "I from the seeds, by unit events": """
        index_monthly_tq party_report_dates party_report_quarterly one_off_dated annual_report off_office_receipt
        backlog""",
}
IN_THE_INDICATORS = {"lateness_class", "tt01_indicators"}
"""Rows that several indicators carry together: the nine are `tt01_1` to `tt01_9`, the first of them is lateness."""
IN_THE_FORM_TABLE = {"form_by_date"}

# Day of issue of every instrument that a national file stands on.
ISSUED = {
    "93/2007/QĐ-TTg": "2007-06-22",
    "63/2010/NĐ-CP": "2010-06-08",
    "48/2013/NĐ-CP": "2013-05-14",
    "09/2015/QĐ-TTg": "2015-03-25",
    "13/CT-TTg": "2015-06-10",
    "61/2018/NĐ-CP": "2018-04-23",
    "01/2018/TT-VPCP": "2018-11-23",
    "85/NQ-CP": "2022-07-09",
    "118/2025/NĐ-CP": "2025-06-09",
    "03/2025/TT-VPCP": "2025-09-15",
    "309/2026/NĐ-CP": "2026-08-05",
    "20/2008/NĐ-CP": "2008-02-14",
    "22/2008/QH12": "2008-11-13",
    "92/2017/NĐ-CP": "2017-08-07",
    "112/2020/NĐ-CP": "2020-09-18",
    "766/QĐ-TTg": "2022-06-23",
    "71/2023/NĐ-CP": "2023-09-20",
    "72/2025/QH15": "2025-06-16",
    "80/2025/QH15": "2025-06-24",
    "172/2025/NĐ-CP": "2025-06-30",
    "09/2026/TT-BTP": "2026-06-15",
    "224/2026/NĐ-CP": "2026-06-24",
    "234/2026/NĐ-CP": "2026-06-26",
}

R1 = ("2015-05-15", "2018-06-20")
R2 = ("2018-06-21", "2025-06-30")
R3_UNTIL_309 = ("2025-07-01", "2026-08-04")
R3 = ("2025-07-01", "")
R3B = ("2026-08-05", "")

# Rule -> its versions: first day, last day, and what it is: law, off (nobody has read it), or not stated.
VERSIONS = {
    "supplement_max_two": [("2010-10-14", "", "law")],
    "apology_r1": [(*R1, "law")],
    "refusal_within_limit_r1": [(*R1, "off")],
    "apology_before_due": [(*R2, "law"), (*R3, "law")],
    "late_notice_to_one_stop": [(*R2, "law"), (*R3, "law")],
    "apology_content": [(*R2, "law"), (*R3, "law")],
    "result_by_new_date": [(*R2, "law"), (*R3, "law")],
    "single_reappointment": [(*R2, "law"), (*R3, "law")],
    "return_ineligible": [(*R2, "law"), (*R3, "law")],
    "refusal_within_limit": [(*R2, "law"), (*R3, "law")],
    "supplement_once": [(*R2, "law"), (*R3, "law")],
    "apology_lost_file": [(*R2, "law"), (*R3, "law")],
    "opinion_overdue_notice": [(*R2, "law"), (*R3, "law")],
    "online_answer": [(*R3, "law")],
    "paper_to_other_level": [(*R3, "law")],
    "closing_not_early": [(*R3, "law")],
    "error_corrected": [(*R3, "law")],
    "transfer_same_day": [(*R2, "law"), (*R3_UNTIL_309, "law"), (*R3B, "law")],
    "transfer_next_morning": [(*R2, "law"), (*R3_UNTIL_309, "law"), (*R3B, "law")],
}

# Unit duty -> first day, last day, how it is owed, class.
UNIT_DUTIES = [
    ("control_report_6m", "2013-07-01", "", "half_year", "breach"),
    ("dialogue_6m", "2015-06-10", "2025-06-30", "half_year", "duty_open"),
    ("dialogue_6m", *R3, "half_year", "duty_open"),
    ("propose_measures", *R2, "on_lateness", "duty_open"),
    ("propose_measures", *R3, "on_lateness", "duty_open"),
    ("quarterly_working_meeting", *R2, "quarter", "breach"),
    ("quarterly_working_meeting", *R3, "quarter", "breach"),
    ("monthly_staff_notice", *R2, "month", "breach"),
    ("monthly_staff_notice", *R3, "month", "breach"),
    ("publish_contacts", *R2, "on_event", "breach"),
    ("publish_contacts", *R3, "on_event", "breach"),
    ("scoring_report", "2019-01-06", "2025-06-30", "quarter", "breach"),
    ("scoring_report_yearly", "2019-01-06", "2025-06-30", "year", "breach"),
    ("late_list_monthly", "2022-07-09", "", "on_lateness", "breach"),
    ("superior_handles_head", *R2, "on_breach", "review_trigger"),
    ("superior_handles_head", *R3, "on_breach", "review_trigger"),
    ("chairs_answer_for_progress", *R2, "on_breach", "info"),
    ("chairs_answer_for_progress", *R3, "on_breach", "info"),
    ("apology_by_chair", *R2, "on_event", "breach"),
    ("apology_by_chair", *R3, "on_event", "breach"),
    ("late_reason_by_seconding_agency", *R2, "on_lateness", "breach"),
    ("late_reason_by_seconding_agency", *R3, "on_lateness", "breach"),
    ("head_results_general", "2010-01-01", "2025-06-30", "on_breach", "info"),
    ("head_results_general", *R3, "on_breach", "info"),
    ("head_handles_obstruction", "2010-01-01", "2025-06-30", "on_event", "review_trigger"),
    ("head_handles_obstruction", *R3, "on_event", "review_trigger"),
    ("head_answers_for_tthc", *R3, "on_breach", "rating_input"),
    ("control_report", "2026-08-01", "", "month", "breach"),
    ("control_report_upper", "2026-08-01", "", "month", "breach"),
    ("national_db_posting", "2017-09-25", "", "on_event", "breach"),
    ("national_db_posting_province", "2017-09-25", "", "on_event", "breach"),
    ("national_db_posting_simplified", "2017-09-25", "", "on_event", "breach"),
    ("planned_outage_notice", "2026-07-01", "", "on_event", "breach"),
    ("petition_forward", "2008-03-03", "", "on_petition", "breach"),
    ("petition_regulation_forward", "2008-03-03", "", "on_petition", "breach"),
    ("petition_refuse", "2022-06-23", "", "on_petition", "score"),
    ("petition_ask_more", "2022-06-23", "", "on_petition", "score"),
    ("petition_handle", "2022-06-23", "", "on_petition", "score"),
    ("petition_publish", "2022-06-23", "", "on_petition", "score"),
    ("review_gate_officials", *R3, "on_breach", "review_trigger"),
    ("review_gate_employees", "2020-09-20", "2023-09-19", "on_breach", "review_trigger"),
    ("review_gate_employees", "2023-09-20", "2026-06-30", "on_breach", "review_trigger"),
    ("review_gate_employees", "2026-07-01", "", "on_breach", "review_trigger"),
]
"""Duty, first and last day of a version, how it arises, its class; from the texts."""

OLD_FORMS = {
    "receipt_slip": "01",
    "supplement_slip": "02",
    "refusal_slip": "03",
    "apology_slip": "04",
    "control_slip": "05",
    "dossier_register": "06",
}
NEW_FORMS = {**OLD_FORMS, "stop_notice": "05", "control_slip": "06", "dossier_register": "07"}


def day(text: str) -> date:
    return date.fromisoformat(text)


def files() -> list[tuple[Path, dict[str, Any]]]:
    """Every national rule file with its content."""
    paths = [path for folder in NATIONAL for path in sorted((RULESETS / folder).rglob("*.yaml"))]
    return [(path, yaml.safe_load(path.read_text(encoding="utf-8"))) for path in paths]


def kind_of(version: Rule) -> str:
    return "not stated" if version.repealed else "law" if version.is_on else "off"


# -- every row is somewhere --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("section", ROWS)
def test_every_row_of_the_duty_table_is_somewhere(book: Rulebook, section: str) -> None:
    corpus = book.corpus
    rules = {name for family in corpus.rules.values() for name in family}
    registered = {entry.id for entry in corpus.registers}
    rules |= set(corpus.retired)  # a row that another row has taken the place of
    somewhere = rules | set(corpus.unit_duties) | registered | (IN_THE_FORM_TABLE if corpus.forms else set())
    somewhere |= {row for versions in corpus.unit_duties.values() for duty in versions for row in duty.law_rows}
    somewhere |= set(corpus.indicators) | (IN_THE_INDICATORS if "tt01_9" in corpus.indicators else set())
    assert set(ROWS[section].split()) - somewhere == set()


def test_no_row_is_listed_twice() -> None:
    rows = " ".join(ROWS.values()).split()
    assert len(rows) == len(set(rows)) == 88


def test_a_national_register_row_is_no_national_rule(book: Rulebook) -> None:
    """What is computed is not called a gap beside it."""
    rows = [row["id"] for _, data in files() if "register" in data for row in data["rows"]]
    assert len(rows) == len(set(rows))
    assert set(rows) & (set(book.corpus.rules["one_stop"]) | set(book.corpus.unit_duties)) == set()


def test_what_is_not_law_is_no_rule(book: Rulebook) -> None:
    path = RULESETS / "national" / "registers" / "not_law.yaml"
    rows = {row["id"] for row in yaml.safe_load(path.read_text(encoding="utf-8"))["rows"]}
    assert len(rows) == 8
    assert rows & (set(book.corpus.rules["one_stop"]) | set(book.corpus.unit_duties)) == set()


def test_what_a_register_calls_to_be_confirmed_is_listed_as_such(book: Rulebook) -> None:
    """Each such row has a citation that is not `text`, so that nobody takes it for law."""
    ours = [entry for entry in book.corpus.registers if any(f"/{folder}/" in entry.source for folder in NATIONAL)]
    rows = [entry for entry in ours if entry.state == "to_be_confirmed"]
    assert rows
    assert [entry.id for entry in rows if all(citation.status == "text" for citation in entry.citations)] == []


# -- evidence ----------------------------------------------------------------------------------------------------------


def test_instruments_bear_their_day_of_issue() -> None:
    found = {
        (data[key]["document"], data[key]["issued_on"])
        for _, data in files()
        for key in ("instrument", "ended_by")
        if key in data
    }
    assert found == set(ISSUED.items()), "ISSUED above: the day of each instrument, read from its text"


def test_what_nobody_has_read_is_off_and_information_only(book: Rulebook) -> None:
    rules = [version for versions in book.corpus.rules["one_stop"].values() for version in versions]
    unread = [rule for rule in rules if rule.evidence == "unconfirmed" and not rule.repealed]
    assert {rule.id for rule in unread} == {name for name, spans in VERSIONS.items() if "off" in {s[2] for s in spans}}
    assert {answer.consequence for rule in unread for answer in rule.responsibilities} == {"info"}
    assert not any(rule.is_on for rule in unread)


def test_labels_are_in_both_languages_and_precomposed() -> None:
    for path, data in files():
        assert is_normalized("NFC", path.read_text(encoding="utf-8")), path
        for row in (data, *data.get("rows", ())):
            for label in (row.get("label"), row.get("because"), row.get("note")):
                assert label is None or (label["vi"].strip() and label["en"].strip()), path


# -- versions on the date axis -----------------------------------------------------------------------------------------


def test_the_table_of_versions_is_complete(book: Rulebook) -> None:
    assert set(book.corpus.rules["one_stop"]) == set(VERSIONS), "VERSIONS above: when each is law, and of what kind"


@pytest.mark.parametrize("name", VERSIONS)
def test_each_version_is_picked_on_its_days_only(book: Rulebook, name: str) -> None:
    versions = book.corpus.rules["one_stop"][name]
    spans = [(day(first), day(last) if last else None, kind) for first, last, kind in VERSIONS[name]]
    asked = {
        boundary + by * ONE
        for first, last, _ in spans
        for boundary in (first, *([last + ONE] if last else []))
        for by in (-1, 0, 1)
    }
    for asked_day in sorted(asked):
        wanted = next((s for s in spans if s[0] <= asked_day and (s[1] is None or asked_day <= s[1])), None)
        picked = pick(versions, day_of(asked_day), day_of(TODAY))
        if wanted is None:
            assert picked is None, asked_day
        else:
            assert picked is not None, asked_day
            assert (date_of(picked.in_force.start), kind_of(picked)) == (wanted[0], wanted[2]), asked_day


@pytest.mark.parametrize("name", VERSIONS)
def test_a_version_is_not_known_before_its_instrument(book: Rulebook, name: str) -> None:
    for version in book.corpus.rules["one_stop"][name]:
        issued, start, until = version.in_force.issued_on, version.in_force.start, version.in_force.until
        assert not version.in_force.covers(start, issued - 1)
        assert version.in_force.covers(start, issued)
        if until is not None:
            ended = version.in_force.end_known_on
            assert ended is not None
            assert version.in_force.covers(until + 1, ended - 1)
            assert not version.in_force.covers(until + 1, ended)


APOLOGIES = ("apology_r1", "apology_before_due")


@pytest.mark.parametrize(
    ("due", "owed"),
    [
        ("2015-05-14", {}),
        ("2015-05-15", {"apology_r1": "pending"}),
        ("2015-05-18", {"apology_r1": "pending"}),
        ("2018-06-19", {"apology_r1": "pending"}),
        ("2018-06-20", {"apology_r1": "pending"}),
        ("2018-06-21", {"apology_before_due": "not_owed"}),
        ("2018-06-22", {"apology_before_due": "missed"}),
        ("2025-06-30", {"apology_before_due": "missed"}),
        ("2025-07-01", {"apology_before_due": "missed"}),
        ("2025-07-02", {"apology_before_due": "missed"}),
        ("2026-08-04", {"apology_before_due": "missed"}),
        ("2026-08-05", {"apology_before_due": "missed"}),
        ("2026-08-06", {"apology_before_due": "missed"}),
    ],
)
def test_which_apology_is_owed_follows_the_due_date(book: Rulebook, due: str, owed: dict[str, str]) -> None:
    """An apology without a day of its own waits while the dossier is open; one with a day has passed it."""
    accepted = day(due) - ONE
    dossier = {
        "dossier_id": "a",
        "time_limit": {"amount": 1, "unit": "calendar_day"},
        "events": [{"kind": "dossier_accepted", "at": f"{accepted}T08:00"}],
    }
    verdict = book.evaluate(dossier, TODAY)
    assert verdict.clock.lawful_due == day(due)
    assert {duty.id: duty.outcome for duty in verdict.obligations if duty.id in APOLOGIES} == owed


@pytest.mark.parametrize(
    ("accepted", "channel", "duties", "limits"),
    [
        ("2010-10-13", "in_person", set(), set()),
        ("2010-10-14", "in_person", set(), {"supplement_max_two"}),
        ("2018-06-20", "in_person", set(), {"supplement_max_two"}),
        ("2018-06-21", "in_person", {"transfer_same_day"}, {"supplement_max_two", "supplement_once"}),
        ("2025-06-30", "in_person", {"transfer_same_day"}, {"supplement_max_two", "supplement_once"}),
        ("2025-07-01", "in_person", {"transfer_same_day"}, {"supplement_max_two", "supplement_once"}),
        ("2026-08-04", "in_person", {"transfer_same_day"}, {"supplement_max_two", "supplement_once"}),
        ("2026-08-04", "online", set(), {"supplement_max_two", "supplement_once"}),
        ("2026-08-05", "in_person", {"transfer_same_day"}, {"supplement_max_two", "supplement_once"}),
        ("2026-08-05", "online", set(), {"supplement_max_two", "supplement_once"}),
        ("2026-08-05", "postal", set(), {"supplement_max_two", "supplement_once"}),
        ("2026-08-06", "in_person", {"transfer_same_day"}, {"supplement_max_two", "supplement_once"}),
    ],
)
def test_which_duties_of_reception_there_are_follows_the_acceptance(
    book: Rulebook, accepted: str, channel: str, duties: set[str], limits: set[str]
) -> None:
    dossier = {
        "dossier_id": "a",
        "channel": channel,
        "time_limit": {"amount": 400, "unit": "workday"},
        "events": [{"kind": "dossier_accepted", "at": f"{accepted}T08:00"}],
    }
    verdict = book.evaluate(dossier, day(accepted), known_on=TODAY)
    assert {duty.id for duty in verdict.obligations if duty.id.startswith("transfer")} == duties
    assert {limit.id for limit in verdict.limits} - {"single_reappointment"} == limits


def how_of(duty: UnitDuty) -> str:
    """The key of a unit duty's way, or how often it is owed."""
    match duty.way:
        case Periodic() as way:
            return way.every
        case way:
            names = {OnEvent: "on_event", OnPetition: "on_petition", OnBreach: "on_breach", OnLateness: "on_lateness"}
            return names[type(way)]


# -- unit duties and forms ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "first", "last", "how", "consequence"), UNIT_DUTIES)
def test_each_unit_duty_is_owed_on_its_days_only(
    book: Rulebook, name: str, first: str, last: str, how: str, consequence: str
) -> None:
    duty = next(one for one in book.corpus.unit_duties[name] if one.version == f"national/{first}")
    assert (how_of(duty), duty.consequence) == (how, consequence)
    assert duty.is_on
    known = day_of(TODAY)
    start = day_of(day(first))
    assert [duty.in_force.covers(start + by, known) for by in (-1, 0, 1)] == [False, True, True]
    if last:
        end = day_of(day(last))
        assert [duty.in_force.covers(end + by, known) for by in (-1, 0, 1, 2)] == [True, True, False, False]
    else:
        assert duty.in_force.covers(known, known)


def test_the_table_of_national_unit_duties_is_complete(book: Rulebook) -> None:
    duties = [one for versions in book.corpus.unit_duties.values() for one in versions]
    ours = {(one.id, one.version) for one in duties if one.version.startswith("national/")}
    assert ours == {(name, f"national/{first}") for name, first, *_ in UNIT_DUTIES}


@pytest.mark.parametrize(
    ("issued", "numbers"),
    [
        ("2019-01-05", {}),
        ("2019-01-06", OLD_FORMS),
        ("2019-01-07", OLD_FORMS),
        ("2025-07-01", OLD_FORMS),
        ("2025-09-13", OLD_FORMS),
        ("2025-09-14", OLD_FORMS),
        ("2025-09-15", NEW_FORMS),
        ("2025-09-16", NEW_FORMS),
        ("2026-08-05", NEW_FORMS),
    ],
)
def test_forms_by_the_day_they_are_issued(book: Rulebook, issued: str, numbers: dict[str, str]) -> None:
    table = pick(book.corpus.forms, day_of(day(issued)), day_of(TODAY))
    assert ({} if table is None else dict(table.numbers)) == numbers


def test_the_new_forms_are_not_known_before_their_circular(book: Rulebook) -> None:
    table = pick(book.corpus.forms, day_of(day("2025-09-15")), day_of(day("2025-09-14")))
    assert table is not None
    assert dict(table.numbers) == OLD_FORMS


def test_the_apology_keeps_its_number_and_changes_its_name(book: Rulebook) -> None:
    old, new = book.corpus.forms
    assert old.numbers["apology_slip"] == new.numbers["apology_slip"] == "04"
    assert old.labels["apology_slip"]["vi"] == "Phiếu xin lỗi và hẹn lại ngày trả kết quả"
    assert new.labels["apology_slip"]["vi"] == "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"
