"""Broken rule files: refused with a code, the place, the line, what is known there; at once, and all together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from conftest import ends

from tthc_rules import Problem, Rulebook, RuleFileError

HERE = "thu/2024-01-01/x.yaml"
RULE = """\
format: 1
rule: thu_nghiem
label: {vi: "Thử nghiệm", en: "A trial"}
effective: {from: "2024-01-01", picked_by: lawful_due}
instrument: {document: 1/2024, issued_on: "2023-12-01"}
citations:
  - {document: 1/2024, article: 1, status: text}
interpretations:
  - id: cach_dem
    about: {vi: "đếm ngày", en: "counting days"}
    reads: calendar_day
    instead_of: workday
    because: {vi: "như đã viết", en: "as written"}
    status: design
    sets: dates.last_day.unit
dates:
  last_day: {before: lawful_due, amount: 1, unit: calendar_day}
deadlines:
  result: {event: finished, due: lawful_due}
  slip: {event: apology_sent, due: last_day}
obligations:
  - id: thu_nghiem
    owed_by: handling_agency
    to: applicant
    when: {deadline: result, is: [met_late, missed]}
    discharged_by: slip
responsibilities:
  - {for: thu_nghiem, if: [missed], role: head_of_unit, unit: handling_agency, class: breach}
"""
CLOCK = """\
format: 1
clock: thu
label: {vi: "Thử nghiệm", en: "A trial"}
effective: {from: "2024-01-01", picked_by: dossier_accepted}
instrument: {document: 1/2024, issued_on: "2023-12-01"}
citations:
  - {document: 1/2024, article: 1, status: text}
calendar: lich
supplement: {effect: restart}
"""
CALENDAR = """\
format: 1
calendar: lich
label: {vi: "Lịch thử", en: "A trial calendar"}
weekend: [saturday, sunday]
first_year: 2020
"""
YEAR = """\
format: 1
calendar: lich
year: 2024
days:
  - {date: "2024-05-01", is: public_holiday, name: {vi: a, en: a}, instrument: a, source: a, confidence: FOUND-official}
"""
LATER = RULE.replace('"2024-01-01"', '"2025-01-01"')


def changed(text: str, *changes: tuple[str, str]) -> str:
    """The text with each change made; a change that finds nothing would test nothing."""
    for old, new in changes:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return text


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def problems(
    folder: Path,
    files: Mapping[str, str | bytes],
    interpretations: Mapping[str, str] | None = None,
    shipped: bool = False,
) -> tuple[Problem, ...]:
    """What is wrong with these files; quick, and fit to be shown."""
    write(folder, files)
    caught: list[RuleFileError] = []

    def load() -> None:
        with pytest.raises(RuleFileError) as info:
            Rulebook.load(folder, shipped=shipped, interpretations=interpretations)
        str(info.value).encode()
        caught.append(info.value)

    if shipped:
        load()
    else:
        ends(load)
    for problem in caught[0].problems:
        assert problem.code.startswith("TR-")
        assert problem.vi
        assert problem.en
        assert problem.vi != problem.en
        assert not problem.vi.isascii()
        assert len(problem.render()) < 3_000
    return caught[0].problems


def only(folder: Path, files: Mapping[str, str | bytes]) -> Problem:
    found = problems(folder, files)
    assert len(found) == 1, [(problem.code, problem.place) for problem in found]
    return found[0]


def place_of(text: str, marked: str) -> str:
    """The line:column at which `marked` begins, at the first «^» in it if it has one."""
    index = text.index(marked.replace("^", "")) + max(marked.find("^"), 0)
    before = text[:index]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def is_shown(problem: Problem, folder: Path, name: str, text: str, marked: str) -> None:
    """The place is that of the fault, and the excerpt shows its line with the caret under it."""
    assert problem.place == f"{folder / name}:{place_of(text, marked)}"
    line, caret = problem.excerpt.split("\n")
    at = caret.index("^")
    fault = marked.partition("^")[2] or marked
    assert line[at:].startswith(fault.split("\n")[0])
    assert caret.strip() == "^"


def test_the_files_that_are_broken_below_are_fine(tmp_path: Path) -> None:
    write(
        tmp_path, {HERE: RULE, "thu/2024-01-01/clock.yaml": CLOCK, "lich/lich.yaml": CALENDAR, "lich/2024.yaml": YEAR}
    )
    book = Rulebook.load(tmp_path, shipped=False)
    assert list(book.corpus.rules["thu"]) == ["thu_nghiem"]
    assert [clock.version for clock in book.corpus.clocks["thu"]] == ["thu/2024-01-01"]
    assert not book.calendar("lich").is_workday(date(2024, 5, 1))
    assert [reading.id for reading in book.corpus.interpretations.values()] == ["cach_dem"]


# -- one fault in one file ---------------------------------------------------------------------------------------------

Fault = tuple[tuple[tuple[str, str], ...], str, str, str, str]
"""The changes, the code, the marked place, the word that was meant, a word that is known there."""
ONE: dict[str, Fault] = {
    "an unknown date": (
        (("due: last_day", "due: lst_day"),),
        "TR-rule-unknown-date",
        "due: ^lst_day",
        "last_day",
        "lawful_due",
    ),
    "an unknown base of a date": (
        (("before: lawful_due", "before: lawfull_due"),),
        "TR-rule-unknown-date",
        "before: ^lawfull_due",
        "lawful_due",
        "accepted",
    ),
    "an unknown date under waived_by": (
        (
            ("    when: {deadline: result, is: [met_late, missed]}\n", ""),
            ("discharged_by: slip", "discharged_by: slip\n    waived_by: {event: [dossier_withdrawn], by: lawfuldue}"),
        ),
        "TR-rule-unknown-date",
        "by: ^lawfuldue",
        "lawful_due",
        "last_day",
    ),
    "a date computed from itself": (
        (("before: lawful_due", "before: last_day"),),
        "TR-rule-date-cycle",
        "last_day: ^{before",
        "",
        "",
    ),
    "two dates computed from each other": (
        (
            ("before: lawful_due, amount: 1", "before: other, amount: 1"),
            ("deadlines:", "  other: {after: last_day, amount: 2, unit: workday}\ndeadlines:"),
        ),
        "TR-rule-date-cycle",
        "last_day: ^{before",
        "",
        "",
    ),
    "an unknown event": (
        (("event: apology_sent", "event: apology_snt"),),
        "TR-rule-unknown-event",
        "event: ^apology_snt",
        "apology_sent",
        "dossier_accepted",
    ),
    "an unknown event among several": (
        (("event: finished", "event: [result_issued, result_retuned]"),),
        "TR-rule-unknown-event",
        "event: ^[result_issued",
        "result_returned",
        "finished",
    ),
    "an unknown event in a condition": (
        (("dates:\n", "applies_if:\n  - {event: apolgy_sent}\ndates:\n"),),
        "TR-rule-unknown-event",
        "event: ^apolgy_sent",
        "apology_sent",
        "reappointed",
    ),
    "an end as an event in a condition": (
        (("dates:\n", "applies_if:\n  - {event: finished}\ndates:\n"),),
        "TR-rule-unknown-event",
        "event: ^finished}",
        "",
        "result_issued",
    ),
    "an unknown deadline that discharges": (
        (("discharged_by: slip", "discharged_by: slipp"),),
        "TR-rule-unknown-deadline",
        "discharged_by: ^slipp",
        "slip",
        "result",
    ),
    "an unknown deadline that triggers": (
        (("when: {deadline: result", "when: {deadline: reslt"),),
        "TR-rule-unknown-deadline",
        "deadline: ^reslt",
        "result",
        "slip",
    ),
    "an unknown duty to answer for": (
        (("for: thu_nghiem", "for: thu_nghiemm"),),
        "TR-rule-unknown-duty",
        "for: ^thu_nghiemm",
        "thu_nghiem",
        "thu_nghiem",
    ),
    "a duty that is broken": (
        (("if: [missed]", "if: [broken]"),),
        "TR-rule-outcome",
        "if: ^[broken]",
        "",
        "missed",
    ),
    "two ways to fulfil a duty": (
        (("discharged_by: slip", "discharged_by: slip\n    states: {event: apology_sent, fields: [reason]}"),),
        "TR-rule-one-of",
        "- ^id: thu_nghiem\n    owed_by",
        "",
        "discharged_by",
    ),
    "no way to fulfil a duty": (
        (("    discharged_by: slip\n", ""),),
        "TR-rule-one-of",
        "- ^id: thu_nghiem\n    owed_by",
        "",
        "each_within",
    ),
    "two hours of receipt": (
        (("dates:\n", 'applies_if:\n  - {received: {until: "15:00", after: "15:00"}}\ndates:\n'),),
        "TR-rule-one-of",
        "received: ^{until",
        "",
        "after",
    ),
    "no duty and no limit": (
        ((RULE[RULE.index("obligations:") :], ""),),
        "TR-rule-empty",
        "rule: ^thu_nghiem",
        "",
        "",
    ),
    "a breach on what nobody read": (
        (("status: text}", "status: unconfirmed}"),),
        "TR-rule-class",
        "class: ^breach",
        "",
        "info",
    ),
    "a score on what nobody read": (
        (("status: text}", "status: unconfirmed}"), ("class: breach", "class: score")),
        "TR-rule-class",
        "class: ^score",
        "",
        "info",
    ),
    "a breach on our own choice": (
        (("status: text}", "status: design}"),),
        "TR-rule-class",
        "class: ^breach",
        "",
        "review_trigger",
    ),
    "a form of discipline in the label": (
        (('vi: "Thử nghiệm"', 'vi: "Trễ hai hồ sơ thì Cảnh cáo người đứng đầu"'),),
        "TR-rule-discipline",
        "label: ^{vi",
        "",
        "",
    ),
    "a form of discipline in English": (
        (('en: "A trial"', 'en: "Dismissal of the head"'),),
        "TR-rule-discipline",
        "label: ^{vi",
        "",
        "",
    ),
    "a form of discipline as id of a duty": (
        (("- id: thu_nghiem", "- id: reprimand_head"), ("for: thu_nghiem", "for: reprimand_head")),
        "TR-rule-discipline",
        "label: ^{vi",
        "",
        "",
    ),
    "a date written the other way": (
        (('from: "2024-01-01"', 'from: "01/01/2024"'),),
        "TR-rule-date",
        'from: ^"01/01/2024"',
        "",
        "",
    ),
    "a date written by its week": (
        (('from: "2024-01-01"', 'from: "2024-W01-1"'),),
        "TR-rule-date",
        'from: ^"2024-W01-1"',
        "",
        "",
    ),
    "a date that does not exist": (
        (('from: "2024-01-01"', 'from: "2024-02-30"'),),
        "TR-rule-date",
        'from: ^"2024-02-30"',
        "",
        "",
    ),
    "a date with an hour": (
        (('from: "2024-01-01"', 'from: "2024-01-01T00:00"'),),
        "TR-rule-date",
        'from: ^"2024-01-01T00:00"',
        "",
        "",
    ),
    "a year as date of issue": (
        (('issued_on: "2023-12-01"', "issued_on: 2023"),),
        "TR-rule-date",
        "issued_on: ^2023",
        "",
        "",
    ),
    "an interpretation that sets nothing": (
        (("sets: dates.last_day.unit", "sets: dates.lastday.unit"),),
        "TR-rule-reading",
        "sets: ^dates.lastday.unit",
        "",
        "",
    ),
    "an interpretation that sets a group of fields": (
        (("sets: dates.last_day.unit", "sets: dates.last_day"),),
        "TR-rule-reading",
        "sets: ^dates.last_day\n",
        "",
        "",
    ),
    "an interpretation that reads something else": (
        (("reads: calendar_day", "reads: workday"),),
        "TR-rule-reading",
        "sets: ^dates.last_day.unit",
        "",
        "",
    ),
    "an unknown key at the top": (
        (("responsibilities:", "responsibilites:"),),
        "TR-input-unknown-field",
        "^responsibilites:",
        "responsibilities",
        "obligations",
    ),
    "an unknown unit": (
        (
            ("amount: 1, unit: calendar_day}", "amount: 1, unit: calender_day}"),
            ("reads: calendar_day", "reads: calender_day"),
        ),
        "TR-input-choice",
        "unit: ^calender_day}",
        "calendar_day",
        "workday",
    ),
    "an unknown status": (
        (("status: text}", "status: text}\n  - {document: 2/2024, status: txt}"),),
        "TR-input-choice",
        "status: ^txt}",
        "text",
        "unconfirmed",
    ),
    "an unknown role": (
        (("role: head_of_unit", "role: head_of_units"),),
        "TR-input-choice",
        "role: ^head_of_units",
        "head_of_unit",
        "officer",
    ),
    "a later format": ((("format: 1", "format: 2"),), "TR-input-choice", "format: ^2", "", ""),
    "a negative amount": ((("amount: 1, unit", "amount: -1, unit"),), "TR-input-range", "amount: ^-1", "", ""),
    "a fractional amount": ((("amount: 1, unit", "amount: 1.5, unit"),), "TR-input-type", "amount: ^1.5", "", ""),
    "an amount in quotes": ((("amount: 1, unit", 'amount: "1", unit'),), "TR-input-type", 'amount: ^"1"', "", ""),
    "a name with a space": ((("rule: thu_nghiem", "rule: thử nghiệm"),), "TR-input-form", "rule: ^thử nghiệm", "", ""),
    "no citations": (
        ((RULE[RULE.index("  - {document: 1/2024, article") : RULE.index("interpretations:")], "  []\n"),),
        "TR-input-length",
        "^[]",
        "",
        "",
    ),
    "a missing label": (
        (('label: {vi: "Thử nghiệm", en: "A trial"}\n', ""),),
        "TR-input-missing",
        "^format: 1",
        "",
        "",
    ),
    "a label in one language": (
        (('vi: "Thử nghiệm", en: "A trial"', 'vi: "Thử nghiệm"'),),
        "TR-input-missing",
        "label: ^{vi",
        "",
        "",
    ),
}


@pytest.mark.parametrize("name", ONE)
def test_one_fault_is_one_problem_at_its_place(tmp_path: Path, name: str) -> None:
    changes, code, marked, nearest, known = ONE[name]
    text = changed(RULE, *changes)
    problem = only(tmp_path, {HERE: text})
    assert (problem.code, problem.nearest) == (code, nearest)
    is_shown(problem, tmp_path, HERE, text, marked)
    assert not known or known in problem.known
    if nearest:
        assert f"«{nearest}»" in problem.render("vi")
        assert nearest in problem.render("en")


FOLDERS = [
    "x.yaml",
    "2024-01-01/x.yaml",
    "thu/x.yaml",
    "thu/2024-01-02/x.yaml",
    "thu/2024-1-1/x.yaml",
    "thu/2024-01-01/sub/x.yaml",
]


@pytest.mark.parametrize("name", FOLDERS)
def test_a_rule_lies_in_the_folder_of_its_first_day(tmp_path: Path, name: str) -> None:
    problem = only(tmp_path, {name: RULE})
    assert problem.code == "TR-rule-folder"
    is_shown(problem, tmp_path, name, RULE, 'effective: {from: ^"2024-01-01"')
    assert "/2024-01-01/" in problem.vi
    assert "/2024-01-01/" in problem.en


def test_a_clock_lies_in_the_folder_of_its_family(tmp_path: Path) -> None:
    text = CLOCK.replace("calendar: lich", "calendar: vn")
    (problem,) = problems(tmp_path, {"khac/2024-01-01/clock.yaml": text}, shipped=True)
    assert problem.code == "TR-rule-folder"
    assert "thu/2024-01-01/" in problem.en


def test_a_clock_is_picked_by_the_day_of_acceptance(tmp_path: Path) -> None:
    text = changed(CLOCK, ("picked_by: dossier_accepted", "picked_by: lawful_due"))
    problem = only(tmp_path, {"thu/2024-01-01/c.yaml": text, "lich.yaml": CALENDAR})
    assert (problem.code, problem.known) == ("TR-rule-pick", ("dossier_accepted",))
    is_shown(problem, tmp_path, "thu/2024-01-01/c.yaml", text, "picked_by: ^lawful_due")


@pytest.mark.parametrize(
    ("starts", "code"),
    [
        ("{event: result_issued}", "TR-input-choice"),
        ("{cutoff_before_close: {amount: 0, unit: work_hour}}", "TR-input-range"),
        ("{cutoff_before_close: {amount: 1, unit: workday}}", "TR-input-choice"),
        ("{at_cutoff: never}", "TR-input-choice"),
        ("{event: slip_sent, from: close}", "TR-input-unknown-field"),
    ],
)
def test_what_starts_a_clock_is_one_of_what_is_known(tmp_path: Path, starts: str, code: str) -> None:
    problem = only(tmp_path, {"thu/2024-01-01/c.yaml": f"{CLOCK}starts: {starts}\n", "lich.yaml": CALENDAR})
    assert problem.code == code


def test_a_clock_that_starts_with_the_slip_does_not_start_elsewhere_too(tmp_path: Path) -> None:
    text = f"{CLOCK}starts: {{event: slip_sent}}\nfiled_elsewhere_starts: received_by_competent_agency\n"
    problem = only(tmp_path, {"thu/2024-01-01/c.yaml": text, "lich.yaml": CALENDAR})
    assert problem.code == "TR-rule-beside"
    assert "slip_sent" in problem.vi


@pytest.mark.parametrize("beside", ["thu", "nobody"])
def test_a_family_stands_beside_another_one_that_has_a_clock(tmp_path: Path, beside: str) -> None:
    problem = only(tmp_path, {"thu/2024-01-01/c.yaml": f"{CLOCK}beside: {beside}\n", "lich.yaml": CALENDAR})
    assert problem.code == "TR-rule-unknown-regime"


def test_a_family_stands_beside_one_other_at_all_times(tmp_path: Path) -> None:
    ended = changed(CLOCK, ('from: "2024-01-01", ', 'from: "2024-01-01", to: "2024-12-31", '))
    later = changed(CLOCK, ('from: "2024-01-01"', 'from: "2025-01-01"'))
    (problem,) = problems(
        tmp_path,
        {
            "thu/2024-01-01/c.yaml": f"{ended}beside: one_stop\n".replace("calendar: lich", "calendar: vn"),
            "thu/2025-01-01/c.yaml": later.replace("calendar: lich", "calendar: vn"),
        },
        shipped=True,
    )
    assert problem.code == "TR-rule-beside"


@pytest.mark.parametrize("fields", ["[]", '[" "]'])
def test_a_condition_on_the_field_names_one(tmp_path: Path, fields: str) -> None:
    text = changed(RULE, ("deadlines:\n", f"applies_if: [{{field: {fields}}}]\ndeadlines:\n"))
    problem = only(tmp_path, {HERE: text, "thu/2024-01-01/c.yaml": CLOCK, "lich.yaml": CALENDAR})
    assert problem.code in ("TR-input-length", "TR-input-form")


# -- versions against each other ---------------------------------------------------------------------------------------

TO = 'from: "2024-01-01", to: '
VERSIONS: dict[str, tuple[dict[str, str], str, str]] = {
    "two for ever": ({HERE: RULE, "thu/2025-01-01/x.yaml": LATER}, "TR-rule-overlap", "thu/2025-01-01/x.yaml"),
    "two on one day": (
        {HERE: changed(RULE, ('from: "2024-01-01"', TO + '"2025-01-01"')), "thu/2025-01-01/x.yaml": LATER},
        "TR-rule-overlap",
        "thu/2025-01-01/x.yaml",
    ),
    "the same twice": ({HERE: RULE, "thu/2024-01-01/y.yaml": RULE}, "TR-rule-overlap", "thu/2024-01-01/y.yaml"),
    "one day without": (
        {HERE: changed(RULE, ('from: "2024-01-01"', TO + '"2024-12-30"')), "thu/2025-01-01/x.yaml": LATER},
        "TR-rule-gap",
        "thu/2025-01-01/x.yaml",
    ),
    "an end before the beginning": (
        {HERE: changed(RULE, ('from: "2024-01-01"', TO + '"2023-12-31"'))},
        "TR-rule-interval",
        HERE,
    ),
}


@pytest.mark.parametrize("name", VERSIONS)
def test_exactly_one_version_is_in_force_on_each_day(tmp_path: Path, name: str) -> None:
    files, code, at = VERSIONS[name]
    problem = only(tmp_path, files)
    assert problem.code == code
    assert re.fullmatch(re.escape(str(tmp_path / at)) + r":\d+:\d+", problem.place)
    assert "thu_nghiem" in problem.en
    if code == "TR-rule-overlap":
        assert str(tmp_path / HERE) in problem.en  # the other file is named too
    if code == "TR-rule-gap":
        assert "2024-12-31" in problem.en
        assert "31/12/2024" in problem.vi
        assert "repealed" in problem.en


def test_clocks_too_have_one_version_a_day(tmp_path: Path) -> None:
    later = CLOCK.replace('"2024-01-01"', '"2025-01-01"')
    files = {"thu/2024-01-01/c.yaml": CLOCK, "thu/2025-01-01/c.yaml": later, "lich.yaml": CALENDAR}
    assert only(tmp_path, files).code == "TR-rule-overlap"


def test_a_gap_that_is_stated_is_no_gap(tmp_path: Path) -> None:
    repeal = """\
format: 1
repealed: thu_nghiem
effective: {from: "2024-12-31", to: "2024-12-31", picked_by: lawful_due}
instrument: {document: 2/2024, issued_on: "2024-12-01"}
citations:
  - {document: 2/2024, status: text}
"""
    first = changed(RULE, ('from: "2024-01-01"', TO + '"2024-12-30"'))
    files = {HERE: first, "thu/2024-12-31/x.yaml": repeal, "thu/2025-01-01/x.yaml": LATER}
    write(tmp_path, {**files, "thu/2024-01-01/clock.yaml": CLOCK, "lich.yaml": CALENDAR})
    assert len(Rulebook.load(tmp_path, shipped=False).corpus.rules["thu"]["thu_nghiem"]) == 3


@pytest.mark.parametrize("name", VERSIONS)
def test_a_version_that_does_not_fit_is_shown(tmp_path: Path, name: str) -> None:
    files, _, at = VERSIONS[name]
    problem = only(tmp_path, files)
    assert problem.excerpt.startswith("effective: {from: ")
    assert problem.place.startswith(f"{tmp_path / at}:4:")


# -- interpretations, calendars ----------------------------------------------------------------------------------------


def test_an_unknown_interpretation_is_answered_with_those_that_are_known(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, {HERE: RULE}, {"cach_dm": "workday"})
    assert (problem.code, problem.place) == ("TR-rule-reading", "interpretations")
    assert (problem.nearest, problem.known) == ("cach_dem", ("cach_dem",))


def test_a_reading_that_is_neither_the_one_nor_the_other(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, {HERE: RULE}, {"cach_dem": "work_day"})
    assert (problem.code, problem.nearest) == ("TR-rule-reading", "workday")
    assert problem.known == ("calendar_day", "workday")
    is_shown(problem, tmp_path, HERE, RULE, "sets: ^dates.last_day.unit")


def test_the_other_reading_is_taken(tmp_path: Path) -> None:
    write(tmp_path, {HERE: RULE, "thu/2024-01-01/clock.yaml": CLOCK, "lich.yaml": CALENDAR})
    for reading in ("calendar_day", "workday"):
        book = Rulebook.load(tmp_path, shipped=False, interpretations={"cach_dem": reading})
        assert book.corpus.rules["thu"]["thu_nghiem"][0].dates[0].unit == reading


def test_a_reading_that_is_no_text(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, {HERE: RULE}, {"cach_dem": 5})  # type: ignore[dict-item]
    assert problem.code == "TR-rule-reading"


def test_an_unknown_calendar(tmp_path: Path) -> None:
    files = {"thu/2024-01-01/c.yaml": changed(CLOCK, ("calendar: lich", "calendar: lic")), "lich.yaml": CALENDAR}
    problem = only(tmp_path, files)
    assert (problem.code, problem.nearest, problem.known) == ("TR-rule-unknown-calendar", "lich", ("lich",))
    assert re.fullmatch(re.escape(str(tmp_path / "thu/2024-01-01/c.yaml")) + r":\d+:\d+", problem.place)


def test_an_unknown_calendar_is_shown(tmp_path: Path) -> None:
    text = changed(CLOCK, ("calendar: lich", "calendar: lic"))
    files = {"thu/2024-01-01/c.yaml": text, "lich.yaml": CALENDAR}
    is_shown(only(tmp_path, files), tmp_path, "thu/2024-01-01/c.yaml", text, "calendar: ^lic")


YEARS: dict[str, tuple[str, str, str]] = {
    "a day of another year": (
        changed(YEAR, ('"2024-05-01"', '"2025-05-01"')),
        "TR-calendar-year",
        'date: ^"2025-05-01"',
    ),
    "a day twice": (YEAR + YEAR.splitlines(keepends=True)[-1], "TR-calendar-day-twice", ""),
    "an unknown kind of day": (changed(YEAR, ("is: public_holiday", "is: holiday")), "TR-input-choice", "is: ^holiday"),
    "a day without instrument": (changed(YEAR, ("instrument: a, ", "")), "TR-input-missing", "- ^{date"),
}


@pytest.mark.parametrize("name", YEARS)
def test_a_broken_year(tmp_path: Path, name: str) -> None:
    text, code, marked = YEARS[name]
    problem = only(tmp_path, {"lich/lich.yaml": CALENDAR, "lich/2024.yaml": text})
    assert problem.code == code
    if marked:
        is_shown(problem, tmp_path, "lich/2024.yaml", text, marked)
    else:
        assert problem.place == f"{tmp_path / 'lich/2024.yaml'}:6:12"


def test_a_calendar_has_one_head(tmp_path: Path) -> None:
    problem = only(tmp_path, {"a.yaml": CALENDAR, "b.yaml": CALENDAR})
    assert problem.code == "TR-calendar-twice"
    is_shown(problem, tmp_path, "b.yaml", CALENDAR, "calendar: ^lich")
    other = tmp_path / "other"
    assert only(other, {"2024.yaml": YEAR}).code == "TR-calendar-head"


# -- texts that are no rules -------------------------------------------------------------------------------------------

TEXTS: dict[str, tuple[str | bytes, str, str]] = {
    "400 kB of [": ("[" * 400_000, "TR-yaml-depth", "1:33"),
    "400 kB of [ after a rule": (RULE + "note: " + "[" * 400_000, "TR-yaml-depth", "29:38"),
    "an alias bomb": ("a: &a [" + "*a, " * 70 + "]\n", "TR-yaml-anchor", "1:4"),
    "a tag": (RULE.replace("rule: thu", "rule: !!python/object:os.system thu"), "TR-yaml-tag", "2:7"),
    "the same key twice": (RULE + "format: 1\n", "TR-yaml-duplicate", "29:1"),
    "no file kind": ("format: 1\nrul: x\n", "TR-rule-kind", "1:1"),
    "a list": ("- rule: x\n", "TR-rule-kind", "1:1"),
    "text": ("rule\n", "TR-rule-kind", "1:1"),
    "nothing": ("", "TR-yaml-empty", "1:1"),
    "UTF-16": (RULE.encode("utf-16"), "TR-yaml-encoding", "1:1"),
    "a megabyte too much": ("#" * 1_048_577, "TR-yaml-size", "1:1"),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_is_no_rule_is_refused_at_once(tmp_path: Path, name: str) -> None:
    text, code, place = TEXTS[name]
    problem = problems(tmp_path, {HERE: text})[0]
    assert (problem.code, problem.place) == (code, f"{tmp_path / HERE}:{place}")
    if code == "TR-rule-kind":
        assert {"rule", "repealed", "clock", "calendar"} <= set(problem.known)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "thu/2024-01-01/x.yaml").mkdir(parents=True)
    problem = only(tmp_path, {"thu/2024-01-01/y.yaml": changed(RULE, ("rule: thu_nghiem", "rule: khac"))})
    assert (problem.code, problem.place) == ("TR-rule-unreadable", str(tmp_path / HERE))
    with pytest.raises(RuleFileError) as caught:
        Rulebook.load(tmp_path / "nowhere", shipped=False)
    assert (caught.value.code, caught.value.place) == ("TR-rule-folder", str(tmp_path / "nowhere"))


# -- several -----------------------------------------------------------------------------------------------------------


def test_several_problems_in_one_file_come_together(tmp_path: Path) -> None:
    text = changed(
        RULE,
        ('vi: "Thử nghiệm"', 'vi: "Kỷ luật"'),
        ("due: last_day", "due: lst_day"),
        ("event: apology_sent", "event: apology_snt"),
        ("discharged_by: slip", "discharged_by: slipp"),
        ("status: text}", "status: unconfirmed}"),
    )
    found = problems(tmp_path, {HERE: text})
    expected = {
        "TR-rule-unknown-event": "event: ^apology_snt",
        "TR-rule-unknown-date": "due: ^lst_day",
        "TR-rule-unknown-deadline": "discharged_by: ^slipp",
        "TR-rule-class": "class: ^breach",
        "TR-rule-discipline": "label: ^{vi",
    }
    assert sorted(problem.code for problem in found) == sorted(expected)
    for problem in found:
        is_shown(problem, tmp_path, HERE, text, expected[problem.code])


def test_several_faults_of_shape_come_together(tmp_path: Path) -> None:
    text = changed(
        RULE,
        ("format: 1", "format: 2"),
        ("owed_by: handling_agency", "owed_by: handling_agencyy"),
        ("responsibilities:", "responsibilites:"),
        ('issued_on: "2023-12-01"', "issued_on: hôm qua"),
    )
    found = problems(tmp_path, {HERE: text})
    assert [(problem.code, problem.nearest) for problem in found] == [
        ("TR-input-choice", ""),
        ("TR-rule-date", ""),
        ("TR-input-choice", "handling_agency"),
        ("TR-input-unknown-field", "responsibilities"),
    ]


def test_the_problems_of_several_files_come_together(tmp_path: Path) -> None:
    files = {
        HERE: changed(RULE, ("due: last_day", "due: lst_day")),
        "thu/2024-01-01/a.yaml": "[",
        "thu/2024-01-01/b.yaml": changed(RULE, ("rule: thu_nghiem", "rule: khac"), ("format: 1", "format: 3")),
        "thu/2024-01-01/c.yaml": CLOCK,
    }
    found = problems(tmp_path, files, {"khong_co": "x"})
    assert {problem.code for problem in found} == {
        "TR-yaml-syntax", "TR-input-choice", "TR-rule-unknown-date", "TR-rule-reading", "TR-rule-unknown-calendar",
    }  # fmt: skip


def test_a_broken_file_beside_the_shipped_law_is_the_only_one_complained_of(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, {HERE: changed(RULE, ("due: last_day", "due: lst_day"))}, shipped=True)
    assert problem.code == "TR-rule-unknown-date"


# -- what was found to slip through ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("owed_by: handling_agency", "owed_bye: handling_agency", "owed_by"),
        ("due: last_day}", "due: last_day, sinc: last_start}", "since"),
        ("unit: calendar_day}", "unit: calendar_day, last_dayoff: as_written}", "last_day_off"),
        ("article: 1", "artcle: 1", "article"),
        ("class: breach", "clas: breach", "class"),
    ],
)
def test_an_unknown_key_inside_is_answered_with_the_one_that_was_meant(
    tmp_path: Path, old: str, new: str, meant: str
) -> None:
    found = problems(tmp_path, {HERE: changed(RULE, (old, new))})
    unknown = [problem for problem in found if problem.code == "TR-input-unknown-field"]
    assert re.split("[:,] *", new)[-2] in unknown[0].excerpt
    assert [problem.nearest for problem in unknown] == [meant]
    assert meant in unknown[0].known


def test_a_list_is_not_too_short_because_what_is_in_it_is_wrong(tmp_path: Path) -> None:
    text = changed(RULE, ("status: text}", "status: txt}"))
    is_shown(only(tmp_path, {HERE: text}), tmp_path, HERE, text, "status: ^txt}")


LIMIT = "limits:\n  - {id: %s, counts: supplement_requests, at_most: 2}\nresponsibilities:"
HIDDEN: dict[str, tuple[tuple[str, str], ...]] = {
    "the id of a limit": (("responsibilities:", LIMIT % "dismissal_after_two"),),
    "a Vietnamese id without accents": (
        ("- id: thu_nghiem", "- id: khien_trach"),
        ("for: thu_nghiem", "for: khien_trach"),
    ),
    "the note": (("dates:\n", 'note: {vi: "trễ hai hồ sơ thì khiển trách", en: "two late files"}\ndates:\n'),),
    "the name of an example": (
        ("dates:\n", 'examples: [{name: hai lần thì cách chức, given: {as_of: "2024-01-02"}, expect: {}}]\ndates:\n'),
    ),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_no_numeric_rule_names_a_form_of_discipline(tmp_path: Path, name: str) -> None:
    assert only(tmp_path, {HERE: changed(RULE, *HIDDEN[name])}).code == "TR-rule-discipline"


@pytest.mark.parametrize(
    "form",
    [
        *("khiển trách", "Cảnh cáo", "HẠ BẬC LƯƠNG", "giáng chức", "cách chức", "Buộc thôi việc"),
        *("kỷ luật", "kỉ luật", "a reprimand", "dismissed", "a demotion", "disciplinary", "sacked"),
        *("Bãi nhiệm Chủ tịch", "reprimanded", "cảnh  cáo", "cảnh-cáo"),
    ],
)
def test_each_form_of_discipline_is_refused(tmp_path: Path, form: str) -> None:
    """Luật 22/2008 Art. 78(1), 79(1), NĐ 172/2025 Art. 7."""
    problem = only(tmp_path, {HERE: changed(RULE, ("A trial", f"Two late files: {form}"))})
    assert problem.code == "TR-rule-discipline"


@pytest.mark.parametrize("word", ["cảnh báo", "cách tính", "trách nhiệm", "undemotivated", "a rucksack"])
def test_a_word_that_looks_like_a_form_of_discipline_is_not_refused(tmp_path: Path, word: str) -> None:
    text = changed(RULE, ("A trial", f"A {word}"))
    write(tmp_path, {HERE: text, "thu/2024-01-01/clock.yaml": CLOCK, "lich.yaml": CALENDAR})
    assert Rulebook.load(tmp_path, shipped=False).corpus.rules


PLAIN = RULE[: RULE.index("interpretations:")] + RULE[RULE.index("dates:") :]


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("dates:\n", "applies_if:\n  - apology_sent\ndates:\n", "- ^apology_sent"),
        ("dates:\n", "applies_if:\n  - [apology_sent]\ndates:\n", "- ^[apology_sent]"),
        ("{before: lawful_due, amount: 1, unit: calendar_day}", "lawful_due", "last_day: ^lawful_due"),
        ("{event: apology_sent, due: last_day}", "apology_sent", "slip: ^apology_sent"),
        ("dates:\n", "limits:\n  - thu_nghiem\ndates:\n", "- ^thu_nghiem"),
        ("dates:\n", "dates: lawful_due\nx:\n", "dates: ^lawful_due"),
    ],
    ids=["a condition", "a list as condition", "a date", "a deadline", "a limit", "the dates"],
)
def test_a_text_where_a_group_of_fields_belongs(tmp_path: Path, old: str, new: str, marked: str) -> None:
    text = changed(PLAIN, (old, new))
    found = problems(tmp_path, {HERE: text})
    at = f"{tmp_path / HERE}:{place_of(text, marked)}"
    assert ("TR-input-type", at) in [(problem.code, problem.place) for problem in found]


STATUTE = """\
format: 1
calendar: lich
statute: true
derived_from: x
years:
  - {year: 2030, tet: "13-45", national_day: "", other: ""}
"""
HOURS = """\
format: 1
hours: gio
label: {vi: a, en: a}
citations: [{document: a, status: design}]
seasons:
  - {from: "01-01", to: "12-31", shifts: [{from: "07:30", to: "11:30"}, {from: "13:00", to: "17:00"}]}
"""


def test_a_day_of_the_statute_that_does_not_exist(tmp_path: Path) -> None:
    assert problems(tmp_path, {"lich.yaml": CALENDAR, "statute.yaml": STATUTE})


def test_a_day_before_the_first_year_of_its_calendar(tmp_path: Path) -> None:
    assert problems(tmp_path, {"lich.yaml": CALENDAR, "2019.yaml": YEAR.replace("2024", "2019")})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{from: "07:30", to: "11:30"}', '{from: "11:30", to: "07:30"}'),
        ('{from: "13:00", to: "17:00"}', '{from: "11:00", to: "17:00"}'),
        ('to: "12-31"', 'to: "99-99"'),
        ('to: "12-31"', 'to: "06-30"'),
    ],
    ids=["a shift reversed", "two shifts at once", "a day that does not exist", "half a year without hours"],
)
def test_hours_that_cannot_be(tmp_path: Path, old: str, new: str) -> None:
    write(tmp_path, {"gio.yaml": HOURS})
    assert Rulebook.load(tmp_path, shipped=False).corpus.hours
    assert problems(tmp_path, {"gio.yaml": changed(HOURS, (old, new))})


CATALOGUE = """\
format: 1
time_limits: x
label: {vi: a, en: a}
regime: nowhere
entries:
  - procedure: p
    from: "2024-01-01"
    time_limit: {amount: 5, unit: workday}
    citations: [{document: a, status: text}]
"""
TWICE = "obligations:\n  - {id: thu_nghiem, owed_by: handling_agency, to: applicant, discharged_by: slip}\n"


def test_two_duties_of_one_name(tmp_path: Path) -> None:
    text = changed(RULE, ("obligations:\n", TWICE))
    problem = only(tmp_path, {HERE: text})
    assert problem.code == "TR-rule-taken"
    is_shown(problem, tmp_path, HERE, text, "rule: ^thu_nghiem")


def test_a_date_that_takes_the_name_of_a_fact(tmp_path: Path) -> None:
    text = changed(
        RULE, ("last_day: {before: lawful_due", "accepted: {before: lawful_due"), ("due: last_day", "due: accepted")
    )
    text = text.replace("sets: dates.last_day.unit", "sets: dates.accepted.unit")
    problem = only(tmp_path, {HERE: text})
    assert problem.code == "TR-rule-taken"
    is_shown(problem, tmp_path, HERE, text, "accepted: ^{before")


def test_a_catalogue_of_an_unknown_regime(tmp_path: Path) -> None:
    assert problems(tmp_path, {"x.yaml": CATALOGUE, "thu/2024-01-01/c.yaml": CLOCK, "lich.yaml": CALENDAR})
