"""The durable engine says what the reference says: on every case, on generated dossiers, in every place."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path
from random import Random

import pytest

from tthc_rules import DossierError, Rulebook, Verdict
from tthc_rules.check.cases import Case, CaseRunner, find_case_files, read_cases

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
from generated import Json, dossier, question

CASES = Path(__file__).parents[1] / "cases"
ACCOUNTS = {"12_so_cua_don_vi.tthc.yaml"}
FILES = [
    path for path in find_case_files([CASES]) if path.parent.name != "units" and path.name not in ACCOUNTS
]  # accounts are made of verdicts
REFERENCE = CaseRunner()
DURABLE = CaseRunner(engine="durable", _books=REFERENCE._books)
LATE: Json = {
    "dossier_id": "HS-1",
    "channel": "online",
    "time_limit": {"amount": 5, "unit": "workday"},
    "events": [
        {"kind": "dossier_accepted", "at": "2024-08-23T08:30"},
        {"kind": "result_issued", "at": "2024-09-06T10:00"},
    ],
}


def said(runner: CaseRunner, case: Case) -> object:
    """The verdict as text, or the codes of the error; both engines must have passed the case."""
    result = runner.run(case)
    assert result.passed, result.report()
    if result.error is not None:
        return [problem.code for problem in result.error.problems]
    assert result.verdict is not None
    return result.verdict.model_dump_json()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(CASES).as_posix())
def test_every_case_has_the_same_verdict(durable: None, path: Path) -> None:
    cases = read_cases(path)
    assert cases
    for case in cases:
        assert said(DURABLE, case) == said(REFERENCE, case), case.place


# -- generated dossiers ------------------------------------------------------------------------------------------------


def compare(book: Rulebook, seed: int, count: int) -> Counter[tuple[str, str]]:
    """Judge that many dossiers with both engines; how often each duty came out how."""
    random = Random(seed)
    made = [(data, question(random, data)) for data in (dossier(random, number) for number in range(count))]
    made.sort(key=lambda one: (one[0].get("jurisdiction", ""), one[1]["known_on"]))  # one law after another
    seen: Counter[tuple[str, str]] = Counter()
    for data, asked in made:
        verdict = _answer(lambda data=data, asked=asked: book.evaluate(data, **asked))  # type: ignore[misc]
        other = _answer(lambda data=data, asked=asked: book.evaluate(data, **asked, engine="durable"))  # type: ignore[misc]
        assert other == verdict, (seed, data, asked)
        if isinstance(verdict, Verdict):
            assert isinstance(other, Verdict)
            assert other.model_dump_json() == verdict.model_dump_json()
            seen.update((one.id, one.outcome) for one in (*verdict.obligations, *verdict.limits))
    return seen


def _answer(ask: Callable[[], Verdict]) -> object:
    try:
        return ask()
    except DossierError as error:
        return [problem.code for problem in error.problems]


def test_generated_dossiers_have_the_same_verdict(both: Rulebook) -> None:
    seen = compare(both, seed=2026, count=1_500)
    outcomes = {outcome for _, outcome in seen}
    assert outcomes == {"pending", "met", "met_late", "missed", "undetermined", "not_owed", "kept", "broken"}
    assert len({duty for duty, _ in seen}) >= 14
    assert len(seen) >= 50


# -- places, readings, explanations ------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [None, "son-la", "tuyen-quang", "thanh-hoa", "dak-lak", "tp-hcm", "hue"])
def test_the_verdict_is_explained_alike(both: Rulebook, place: str | None) -> None:
    data = LATE if place is None else {**LATE, "jurisdiction": place}
    for as_of in (date(2024, 8, 28), date(2024, 9, 10)):
        reference, other = both.evaluate(data, as_of), both.evaluate(data, as_of, engine="durable")
        assert other == reference
        assert other.responsible == reference.responsible
        for lang in ("vi", "en"):
            assert other.explain(lang, day_by_day=True) == reference.explain(lang, day_by_day=True)


def test_the_other_reading_is_asked_of_the_same_engine(both: Rulebook) -> None:
    data = {
        **LATE,
        "events": [
            {"kind": "dossier_accepted", "at": "2016-08-04T08:30"},
            {"kind": "supplement_requested", "at": "2016-08-08T08:30", "after_appraisal": True},
            {"kind": "supplement_received", "at": "2016-08-12T08:30"},
        ],
    }
    as_of = date(2016, 8, 15)
    reference, other = both.evaluate(data, as_of), both.evaluate(data, as_of, engine="durable")
    assert other.assumptions == ("r1_supplement_effect",)
    assert other.explain("vi") == reference.explain("vi")


HEAD = """format: 1
overlay: {name}
label: {{vi: "Quy định thử {name}", en: "Trial {name}"}}
effective: {{from: "2018-06-21", to: "2024-09-05"}}
instrument: {{document: "01/QĐ-UBND thử", issued_on: "2018-06-01"}}
ended_by: {{document: "02/QĐ-UBND thử", issued_on: "2024-09-08"}}
citations: [{{document: "01/QĐ-UBND thử", article: 3, status: text}}]
"""
EXCEPT = """excepts:
  - duty: apology_before_due
    label: {{vi: "trừ hồ sơ nộp trực tuyến", en: "except files sent online"}}
    if: [{{channel: [{channel}]}}]
"""
ADD = """adds:
  - {for: apology_before_due, if: [missed], role: deputy_head, unit: handling_agency, class: rating_input}
  - {for: supplement_once, if: [broken], role: officer, unit: handling_agency, class: rating_input}
"""
ONE, TWO = EXCEPT.format(channel="online"), EXCEPT.format(channel="online, postal")


@pytest.mark.parametrize(
    "acts", [{"one": ONE}, {"one": ONE, "two": TWO}, {"add": ADD}, {"add": ADD, "one": ONE, "two": TWO}], ids=list
)
def test_acts_of_a_place(durable: None, tmp_path: Path, acts: dict[str, str]) -> None:
    place = tmp_path / "local" / "ha-noi" / "2018-06-21"
    place.mkdir(parents=True)
    for name, body in acts.items():
        (place / f"{name}.yaml").write_text(HEAD.format(name=name) + body, encoding="utf-8")
    book = Rulebook.load(tmp_path)
    result = {"kind": "result_issued", "at": "2024-09-10T10:00"}
    for channel, amount, known_on, is_open in product(
        ("online", "postal", "in_person"),
        (5, 7, 8),  # due on 30/8, on 5/9, the last day of the act, and on 6/9
        ("2018-05-31", "2024-09-07", "2024-09-08", "2024-09-20"),
        (True, False),
    ):
        data = {
            **LATE,
            "jurisdiction": "ha-noi",
            "channel": channel,
            "time_limit": {"amount": amount, "unit": "workday"},
            "events": [LATE["events"][0], *(() if is_open else (result,))],
        }
        asked: Json = {"as_of": date(2024, 9, 20), "known_on": date.fromisoformat(known_on)}
        reference, other = book.evaluate(data, **asked), book.evaluate(data, **asked, engine="durable")
        assert other == reference
        assert other.explain() == reference.explain()


def test_what_nobody_read_and_other_readings(durable: None) -> None:
    alternatives = {"in_flight": "dossier_accepted", "last_slip_day": "rolled_back", "slip_day_unit": "workday"}
    compare(Rulebook.load(interpretations=alternatives, unconfirmed=True), seed=7, count=150)


if __name__ == "__main__":
    asked_for = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    tally = compare(Rulebook.load(), seed=1, count=asked_for)
    print(f"{asked_for:,} dossiers, {tally.total():,} findings of {len(tally)} kinds: no difference")
