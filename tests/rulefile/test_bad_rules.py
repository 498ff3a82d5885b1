"""Broken rule files: each is refused with its code, its place, the line, what is known there — at once, all together."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tthc_rules import Problem, Rulebook, RuleFileError

QUICK = 0.250
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


def at_once(action: Callable[[], object]) -> None:
    taken = []
    for _ in range(3):
        started = time.process_time()
        action()
        taken.append(time.process_time() - started)
        if taken[-1] < QUICK:
            return
    raise AssertionError(f"{min(taken):.3f} s")


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
        at_once(load)
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


def test_the_file_that_is_broken_below_is_fine(tmp_path: Path) -> None:
    write(tmp_path, {HERE: RULE, "thu/2024-01-01/clock.yaml": CLOCK, "lich/lich.yaml": CALENDAR, "lich/2024.yaml": YEAR})
    book = Rulebook.load(tmp_path, shipped=False)
    assert list(book.corpus.rules["thu"]) == ["thu_nghiem"]
    assert not book.calendar("lich").is_workday(book.calendar("lich").day.__self__.law.rows[0] and _may_day())


def _may_day() -> object:
    from datetime import date

    return date(2024, 5, 1)
