"""Which version is law on which day, as known on which day: every shipped rule, every day of the period."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from tthc_rules import Rulebook
from tthc_rules.law.civil import day_of
from tthc_rules.law.inforce import gaps_and_overlaps, ordered, pick
from tthc_rules.testing import dossier, event

Json = dict[str, Any]
FOLDER = Path(__file__).resolve().parents[2] / "rulesets"
FIRST, LAST = dt.date(2007, 6, 22), dt.date(2027, 12, 31)
TODAY = dt.date(2026, 11, 21)
ONE = dt.timedelta(days=1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load()


KINDS = ("rule", "repealed", "clock", "overlay", "unit_duty", "forms")


def spans() -> dict[str, dict[str, tuple[dt.date, dt.date | None, dt.date, dt.date | None]]]:
    """By rule and version: first day, last day, day of issue, day on which the end was known; read from the files."""
    found: dict[str, dict[str, tuple[dt.date, dt.date | None, dt.date, dt.date | None]]] = {}
    for path in sorted(FOLDER.rglob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        kind = next((kind for kind in KINDS if kind in data), None)
        if kind is None or "effective" not in data:
            continue
        family = path.parents[1].relative_to(FOLDER).as_posix()  # one id may be a rule of two families
        name = f"rule: {family}/{data[kind]}" if kind in ("rule", "repealed") else f"{kind}: {data[kind]}"
        effective, ended = data["effective"], data.get("ended_by")
        found.setdefault(name, {})[path.parent.relative_to(FOLDER).as_posix()] = (
            day(effective["from"]),
            day(effective["to"]) if effective.get("to") else None,
            day(data["instrument"]["issued_on"]),
            day(ended["issued_on"]) if ended else None,
        )
    return found


SPANS = spans()


@pytest.fixture(scope="module")
def loaded(book: Rulebook) -> dict[str, tuple[Any, ...]]:
    """By the same names, what the library made of them."""
    corpus = book.corpus
    found: dict[str, tuple[Any, ...]] = {f"clock: {name}": clocks for name, clocks in corpus.clocks.items()}
    found |= {f"rule: {family}/{name}": one for family, rules in corpus.rules.items() for name, one in rules.items()}
    found |= {f"unit_duty: {name}": duties for name, duties in corpus.unit_duties.items()}
    beside: list[tuple[str, Any]] = [("overlay", one) for overlays in corpus.overlays.values() for one in overlays]
    for kind, one in [*beside, *(("forms", forms) for forms in corpus.forms)]:
        found[f"{kind}: {one.id}"] = (*found.get(f"{kind}: {one.id}", ()), one)
    return found


def law_on(name: str, date: dt.date, known_on: dt.date) -> list[str]:
    """The versions that are law on a day, read naively: known since their issue, ended once their end is known."""
    found = []
    for version, (first, last, issued, end_known) in SPANS[name].items():
        ended = last is not None and date > last and (end_known is None or known_on >= end_known)
        if issued <= known_on and first <= date and not ended:
            found.append((first, version))
    return [version for _, version in sorted(found)]


def test_every_rule_of_the_files_is_loaded_and_no_other(loaded: dict[str, tuple[Any, ...]]) -> None:
    assert set(loaded) == set(SPANS)
    assert "clock: one_stop" in SPANS
    assert "rule: one_stop/apology_before_due" in SPANS
    for name, spans_of in SPANS.items():
        assert {version.version for version in loaded[name]} == set(spans_of)
        assert gaps_and_overlaps(name, loaded[name]) == []


@pytest.mark.parametrize("name", SPANS)
def test_on_every_day_exactly_one_version_is_law_or_none_after_the_end(
    loaded: dict[str, tuple[Any, ...]], name: str
) -> None:
    found = loaded[name]
    assert found == ordered(reversed(found))
    begins = min(first for first, _, _, _ in SPANS[name].values())
    ends = [last for _, last, _, _ in SPANS[name].values()]
    over = None if None in ends else max(last for last in ends if last is not None)
    date = FIRST
    while date <= LAST:
        law = [version for version in found if version.in_force.covers(day_of(date), day_of(TODAY))]
        assert len(law) == (0 if date < begins or (over is not None and date > over) else 1), date
        assert [version.version for version in law] == law_on(name, date, TODAY), date
        picked = pick(found, day_of(date), day_of(TODAY))
        assert (picked is None) == (not law)
        assert picked is None or picked is law[0]
        date += ONE


def edges(name: str) -> list[dt.date]:
    found: set[dt.date] = set()
    for first, last, issued, end_known in SPANS[name].values():
        for date in (first, last, issued, end_known):
            if date is not None:
                found |= {date - ONE, date, date + ONE}
    return sorted(found)


@pytest.mark.parametrize("name", SPANS)
def test_at_the_edges_as_known_on_every_edge(loaded: dict[str, tuple[Any, ...]], name: str) -> None:
    """Before its issue neither the versions of an instrument nor the ends that it sets are known."""
    found = loaded[name]
    for known_on in [*edges(name), dt.date(1990, 1, 1), dt.date(2100, 1, 1)]:
        for date in edges(name):
            law = law_on(name, date, known_on)
            covering = [version for version in found if version.in_force.covers(day_of(date), day_of(known_on))]
            assert [version.version for version in covering] == law
            picked = pick(found, day_of(date), day_of(known_on))
            assert (picked and picked.version) == (law[-1] if law else None), (date, known_on)


# -- the clock, through the front door ---------------------------------------------------------------------------------


def accepted_on(date: dt.date, *events: Json, amount: int = 5, **fields: Any) -> Json:
    return dossier(*events, accepted=f"{date}T08:30", limit=amount, **fields)


@pytest.mark.parametrize(
    ("date", "known_on", "version"),
    [
        ("2007-06-21", "2026-11-21", None),
        ("2007-06-22", "2026-11-21", "2007-06-22"),
        ("2007-06-22", "2007-06-21", None),
        ("2015-05-14", "2026-11-21", "2007-06-22"),
        ("2015-05-15", "2026-11-21", "2015-05-15"),
        ("2015-05-15", "2015-03-24", "2007-06-22"),
        ("2015-05-15", "2015-03-25", "2015-05-15"),
        ("2018-06-20", "2026-11-21", "2015-05-15"),
        ("2018-06-21", "2026-11-21", "2018-06-21"),
        ("2018-06-21", "2018-04-22", "2015-05-15"),
        ("2018-06-21", "2018-04-23", "2018-06-21"),
        ("2018-06-21", "2015-03-24", "2007-06-22"),
        ("2025-06-30", "2026-11-21", "2018-06-21"),
        ("2025-07-01", "2026-11-21", "2025-07-01"),
        ("2025-07-01", "2025-06-08", "2018-06-21"),
        ("2025-07-01", "2025-06-09", "2025-07-01"),
        ("2026-08-04", "2026-11-21", "2025-07-01"),
        ("2026-08-05", "2026-11-21", "2026-08-05"),
        ("2026-08-05", "2026-08-04", "2025-07-01"),
        ("2026-08-05", "2026-08-05", "2026-08-05"),
        ("2027-12-31", "2100-12-31", "2026-08-05"),
    ],
)
def test_the_clock_is_that_of_the_day_of_acceptance(
    book: Rulebook, date: str, known_on: str, version: str | None
) -> None:
    verdict = book.evaluate(accepted_on(day(date)), day(date), known_on=day(known_on))
    assert verdict.clock.version == (None if version is None else f"one_stop/{version}")
    assert (verdict.clock.lawful_due is None) == (version is None)
    assert ("no_regime_in_force" in [note.code for note in verdict.notes]) == (version is None)


def test_a_restart_under_a_later_decree_keeps_the_regime_of_the_acceptance_day(book: Rulebook) -> None:
    supplement = (event("supplement_requested", "2018-06-22T09:00"), event("supplement_received", "2018-06-27T09:00"))
    verdict = book.evaluate(accepted_on(dt.date(2018, 6, 20), *supplement), dt.date(2018, 6, 27))
    assert verdict.clock.version == "one_stop/2015-05-15"
    assert verdict.clock.lawful_due == dt.date(2018, 7, 2)
    before = book.evaluate(accepted_on(dt.date(2018, 6, 21), *supplement), dt.date(2018, 6, 27))
    assert before.clock.lawful_due == dt.date(2018, 7, 4)


# -- duties, through the front door ------------------------------------------------------------------------------------

BY_LAWFUL_DUE = ("apology_before_due", "late_notice_to_one_stop", "single_reappointment")
ISSUED = day("2018-04-23")


def due_on(book: Rulebook, due: dt.date) -> Json:
    """A dossier whose lawful due date is that workday."""
    start = due
    for _ in range(40):
        start -= ONE
        dossier = accepted_on(start, amount=1)
        if book.evaluate(dossier, start, known_on=TODAY).clock.lawful_due == due:
            return dossier
    raise AssertionError(due)


@pytest.mark.parametrize(
    ("due", "known_on", "present"),
    [
        ("2018-06-20", TODAY, False),
        ("2018-06-21", TODAY, True),
        ("2018-06-22", TODAY, True),
        ("2018-06-22", ISSUED - ONE, False),
        ("2018-06-22", ISSUED, True),
        ("2025-06-27", TODAY, True),
        ("2025-06-30", TODAY, True),
        ("2025-07-01", TODAY, False),
        ("2025-07-01", day("2025-06-08"), True),
        ("2025-07-01", day("2025-06-09"), False),
        ("2026-08-05", TODAY, False),
    ],
)
def test_duties_of_lateness_are_those_of_the_lawful_due_date(
    book: Rulebook, due: str, known_on: dt.date, present: bool
) -> None:
    dossier = due_on(book, day(due))
    verdict = book.evaluate(dossier, day(due) + 10 * ONE, known_on=known_on)
    assert verdict.clock.lawful_due == day(due)
    found = [duty for duty in BY_LAWFUL_DUE if (f := verdict.finding(duty)) and f.duty.version == "one_stop/2018-06-21"]
    assert found == (list(BY_LAWFUL_DUE) if present else [])


def test_an_act_by_day_before_the_first_day_in_force_is_not_owed(book: Rulebook) -> None:
    for due, outcome in (("2018-06-21", "not_owed"), ("2018-06-22", "missed")):
        verdict = book.evaluate(due_on(book, day(due)), day(due) + 10 * ONE, known_on=TODAY)
        assert [verdict.finding(duty).outcome for duty in BY_LAWFUL_DUE[:2]] == [outcome] * 2  # type: ignore[union-attr]
        assert ("act_by_before_in_force" in [note.code for note in verdict.notes]) == (outcome == "not_owed")


@pytest.mark.parametrize(
    ("accepted", "known_on", "duty"),
    [
        ("2018-06-20", TODAY, None),
        ("2018-06-21", TODAY, "transfer_same_day"),
        ("2018-06-21", ISSUED - ONE, None),
        ("2018-06-21", ISSUED, "transfer_same_day"),
        ("2018-06-23", TODAY, "transfer_next_morning"),  # a Saturday
        ("2025-06-30", TODAY, "transfer_same_day"),
        ("2025-06-28", TODAY, "transfer_next_morning"),  # a Saturday
        ("2025-07-01", TODAY, "transfer_same_day"),  # through R2, R3 and R3b without a gap
        ("2026-08-04", TODAY, "transfer_same_day"),
        ("2026-08-05", TODAY, "transfer_same_day"),
        ("2026-08-05", day("2026-08-04"), "transfer_same_day"),  # R3 as then known
        ("2026-08-08", TODAY, "transfer_next_morning"),
    ],
)
def test_duties_of_reception_are_those_of_the_day_of_acceptance(
    book: Rulebook, accepted: str, known_on: dt.date, duty: str | None
) -> None:
    verdict = book.evaluate(accepted_on(day(accepted)), day(accepted), known_on=known_on)
    found = [name for name in ("transfer_same_day", "transfer_next_morning") if verdict.finding(name)]
    assert found == ([] if duty is None else [duty])


@pytest.mark.parametrize(
    ("requests", "version"),
    [
        ((), "2018-06-21"),  # of acceptance: 25/6/2025
        (("2025-06-30",), "2018-06-21"),
        (("2025-07-01",), "2025-07-01"),
        (("2025-06-27", "2025-06-30"), "2018-06-21"),
        (("2025-06-27", "2025-07-01"), "2025-07-01"),  # the request that exceeds
        (("2025-06-27", "2025-06-30", "2025-07-02"), "2018-06-21"),
    ],
)
def test_the_limit_on_requests_is_that_of_the_request_that_exceeds(
    book: Rulebook, requests: tuple[str, ...], version: str
) -> None:
    asked = [event("supplement_requested", date) for date in requests]
    verdict = book.evaluate(accepted_on(day("2025-06-25"), *asked, amount=10, channel="postal"), day("2025-07-03"))
    finding = verdict.finding("supplement_once")
    assert finding is not None
    assert finding.duty.version == f"one_stop/{version}"
    assert finding.outcome == ("broken" if len(requests) > 1 else "kept")


# -- versions of our own -----------------------------------------------------------------------------------------------

CLOCK = """\
format: 1
clock: thu
label: {{vi: Thử nghiệm, en: A trial}}
effective: {{from: "{first}", {to}picked_by: dossier_accepted}}
instrument: {{document: 1/2020, issued_on: "{first}"}}
{ended}citations:
  - {{document: 1/2020, status: text}}
calendar: {calendar}
supplement: {{effect: {effect}}}
due_soon: {soon}
"""
CATALOGUE = """\
format: 1
time_limits: thu
label: {vi: Thử nghiệm, en: A trial}
regime: thu
entries:
  - procedure: p
    from: "2020-01-01"
    time_limit: {amount: 5, unit: workday}
    citations: [{document: 1/2020, status: text}]
"""
NO_WEEKEND = """\
format: 1
calendar: moi_ngay
label: {vi: Mọi ngày, en: Every day}
weekend: []
first_year: 2007
published: always
"""


def trial(folder: Path, *clocks: Json) -> Rulebook:
    (folder / "lich.yaml").write_text(NO_WEEKEND, encoding="utf-8")
    (folder / "thu_tuc.yaml").write_text(CATALOGUE, encoding="utf-8")
    for clock in clocks:
        said = {"calendar": "vn", "effect": "restart", "soon": 2, "to": "", "ended": "", **clock}
        path = folder / "thu" / said["first"] / "clock.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(CLOCK.format(**said), encoding="utf-8")
    return Rulebook.load(folder)


UNTIL_2020: Json = {"first": "2020-01-01", "to": 'to: "2020-12-31", ', "ended": ""}
ENDED: Json = {**UNTIL_2020, "ended": 'ended_by: {document: 2/2020, issued_on: "2020-12-01"}\n'}
OF_2021: Json = {"first": "2021-01-01"}


def of_procedure(date: str) -> Json:
    return {"dossier_id": "P", "procedure": "p", "events": [event("dossier_accepted", f"{date}T08:30")]}


def test_a_catalogue_names_the_regime_that_runs_its_clock(tmp_path: Path) -> None:
    book = trial(tmp_path, ENDED, OF_2021)
    for date, version in (("2020-12-31", "thu/2020-01-01"), ("2021-01-01", "thu/2021-01-01")):
        assert book.evaluate(of_procedure(date), day(date)).clock.version == version
    early = book.evaluate(of_procedure("2019-12-31"), day("2019-12-31"))
    assert [note.code for note in early.notes] == ["no_time_limit_known"] or early.clock.version is not None


@pytest.mark.parametrize("known_on", ["2021-01-04", "2026-11-21"])
def test_a_clock_that_has_ended_runs_no_more(tmp_path: Path, known_on: str) -> None:
    """«Exactly one version, or `repealed`»; «a rule is known … and its end with the instrument that repeals it»."""
    book = trial(tmp_path, ENDED)
    before = book.evaluate(of_procedure("2020-12-31"), day("2021-01-04"), known_on=day(known_on))
    assert before.clock.version == "thu/2020-01-01"
    after = book.evaluate(of_procedure("2021-01-01"), day("2021-01-04"), known_on=day(known_on))
    assert (after.clock.version, after.clock.reason) == (None, "no_regime_in_force")


def test_until_its_end_is_known_a_clock_goes_on(tmp_path: Path) -> None:
    book = trial(tmp_path, ENDED)
    going_on = book.evaluate(of_procedure("2021-01-04"), day("2021-01-04"), known_on=day("2020-11-30"))
    assert going_on.clock.version == "thu/2020-01-01"


def test_each_version_counts_by_its_own_calendar(tmp_path: Path) -> None:
    book = trial(tmp_path, ENDED, {**OF_2021, "calendar": "moi_ngay"})
    new = book.evaluate(of_procedure("2021-06-04"), day("2021-06-04"))  # a Friday
    assert (new.clock.calendar, new.clock.lawful_due) == ("moi_ngay", day("2021-06-09"))
    old = book.evaluate(of_procedure("2020-06-05"), day("2021-06-04"))  # a Friday too, and both versions known
    assert (old.clock.calendar, old.clock.lawful_due) == ("vn", day("2020-06-12"))


def test_each_version_says_what_is_soon(tmp_path: Path) -> None:
    book = trial(tmp_path, {**ENDED, "soon": 4}, {**OF_2021, "soon": 0})
    old = of_procedure("2020-12-24")
    for known_on in ("2020-12-25", "2021-02-01"):
        verdict = book.evaluate(old, day("2020-12-25"), known_on=day(known_on))
        assert verdict.punctuality == "due_soon", known_on


def test_without_the_shipped_law_there_is_no_regime_but_an_answer(tmp_path: Path) -> None:
    book = trial(tmp_path, ENDED, OF_2021)
    assert book.evaluate(accepted_on(day("2024-08-05")), day("2024-08-05")).clock.version == "one_stop/2018-06-21"


@pytest.mark.parametrize("unit", ["workday", "work_hour"])
def test_a_book_without_law_says_so(tmp_path: Path, unit: str) -> None:
    from tthc_rules import TthcError

    (tmp_path / "lich.yaml").write_text(NO_WEEKEND, encoding="utf-8")
    book = Rulebook.load(tmp_path, shipped=False)
    dossier = {**accepted_on(day("2024-08-05")), "time_limit": {"amount": 5, "unit": unit}}
    try:
        verdict = book.evaluate(dossier, day("2024-08-05"), calendar="moi_ngay" if unit == "work_hour" else None)
    except TthcError:
        return
    assert verdict.clock.reason == "no_regime_in_force"
