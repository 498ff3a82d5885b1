"""What holds for every dossier of the cases once its source shows less, or its record is known to be incomplete.

Nothing here is counted: each sentence is one of SEMANTICS «What a source cannot show», asked of all logs of the cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tthc_rules import DossierError, Rulebook, Verdict
from tthc_rules.check.cases import CasePart, find_case_files, read_cases

CASES = Path(__file__).parent / "cases"
FOLDERS = [CASES / name for name in ("clock", "duties", "regimes", "local")]
ENDS = {
    "result_issued", "result_returned", "dossier_refused", "processing_stopped", "dossier_closed", "dossier_withdrawn",
}  # fmt: skip
EVERY_KIND = [
    "apology_sent", "clock_paused", "clock_resumed", "delay_notice_sent", "dossier_accepted", "dossier_closed",
    "dossier_forwarded", "dossier_lost", "dossier_refused", "dossier_submitted", "dossier_withdrawn", "error_reported",
    "interval_excluded", "late_officers_published", "opinion_received", "opinion_requested", "paper_forwarded",
    "payment_awaited", "payment_received", "processing_stopped", "reappointed", "received_by_competent_agency",
    "result_corrected", "result_issued", "result_returned", "slip_sent", "step_assigned", "step_done",
    "supplement_received", "supplement_requested", "synced_national",
]  # fmt: skip
STANDS = {"early", "on_time", "closed", "no_limit", "not_started", "pending", "due_soon"}
# Taken away one at a time, each leaves the clock what it was: neither a stop nor an end nor a start.
BESIDE_THE_CLOCK = {
    "apology_sent": {"apology_before_due", "apology_r1", "overlay_hcmc_2016",
                     "overlay_tuyen_quang_form04", "apology_lost_file"},
    "delay_notice_sent": {"late_notice_to_one_stop", "opinion_overdue_notice"},
    "dossier_forwarded": {"transfer_same_day", "transfer_next_morning"},
}  # fmt: skip

Asked: TypeAlias = tuple[str, Mapping[str, Any], date, date | None, str]
Judge: TypeAlias = Callable[..., Verdict]


def _asked() -> Iterator[Asked]:
    for path in find_case_files(FOLDERS):
        for case in read_cases(path):
            if not isinstance(case.part, CasePart) or case.part.expect.error:
                continue
            options = case.options
            if options.rules or options.calendar or options.hours or options.interpretations:
                continue
            part = case.part
            dossier = {key: value for key, value in part.dossier.items() if key not in {"observes", "unknown"}}
            yield f"{path.stem}: {case.name}", dossier, part.as_of, part.known_on, options.lateness or "by_date"


@pytest.fixture(scope="module")
def asked() -> list[Asked]:
    found = list(_asked())
    assert len(found) >= 800
    return found


@pytest.fixture(scope="module")
def judge(book: Rulebook) -> Judge:
    known: dict[tuple[int, str], Verdict] = {}

    def judged(one: Asked, **more: Any) -> Verdict:
        key = (id(one), repr(more))
        if key not in known:
            _, dossier, as_of, known_on, lateness = one
            known[key] = book.evaluate({**dossier, **more}, as_of, known_on=known_on, lateness=lateness)
        return known[key]

    return judged


def outcomes(verdict: Verdict) -> dict[str, str]:
    return {found.id: found.outcome for found in (*verdict.obligations, *verdict.limits)}


def absences(verdict: Verdict) -> dict[str, str]:
    return {name: word for name, word in outcomes(verdict).items() if name != "apology_content"}


def kinds(one: Asked) -> set[str]:
    """The kinds of the events up to the day that is asked about."""
    return {event["kind"] for event in one[1].get("events", []) if str(event["at"])[:10] <= one[2].isoformat()}


def test_a_source_that_shows_every_kind_is_no_other_source(asked: list[Asked], judge: Judge) -> None:
    differs = [
        one[0]
        for one in asked
        if judge(one).model_dump(exclude={"digests"})
        != judge(one, observes=EVERY_KIND, unknown=[]).model_dump(exclude={"digests"})
    ]
    assert differs == []


def test_a_source_that_shows_nothing_proves_no_omission(asked: list[Asked], judge: Judge) -> None:
    faults = []
    for one in asked:
        verdict = judge(one, observes=[])
        # What a slip says is judged on the slip that is there; everything else that is missed rests on an absence.
        faults += [(one[0], name, word) for name, word in absences(verdict).items() if word in {"missed", "kept"}]
        if verdict.punctuality in {"overdue", "returned_late"}:
            faults.append((one[0], "", verdict.punctuality))
    assert faults == []


def test_what_is_there_counts_for_a_source_that_shows_nothing(asked: list[Asked], judge: Judge) -> None:
    """`broken` stands: it rests on what is there."""
    faults = []
    for one in asked:
        before, after = outcomes(judge(one)), outcomes(judge(one, observes=[]))
        faults += [(one[0], name) for name, word in before.items() if word == "broken" and after.get(name) != "broken"]
    assert faults == []


def test_nobody_answers_for_what_is_not_known(asked: list[Asked], judge: Judge) -> None:
    for one in asked:
        told: tuple[dict[str, Any], ...] = ({"observes": []}, {"unknown": ["pauses"]}, {"unknown": ["finish"]})
        for more in told:
            verdict = judge(one, **more)
            for found in (*verdict.obligations, *verdict.limits):
                if found.outcome == "undetermined":
                    assert not found.answers, (one[0], found.id)


@pytest.mark.parametrize("kind", BESIDE_THE_CLOCK)
def test_a_kind_that_is_not_shown_touches_its_own_duties_only(asked: list[Asked], judge: Judge, kind: str) -> None:
    faults = []
    own = BESIDE_THE_CLOCK[kind]
    for one in asked:
        shown, hidden = judge(one), judge(one, observes=[each for each in EVERY_KIND if each != kind])
        assert hidden.punctuality == shown.punctuality, one[0]
        assert hidden.workdays_late == shown.workdays_late, one[0]
        before, after = outcomes(shown), outcomes(hidden)
        wanted = {name: "undetermined" if word == "missed" and name in own else word for name, word in before.items()}
        if after != wanted:
            faults.append((one[0], before, after))
    assert faults == []


def test_unknown_pauses_never_make_anyone_late(asked: list[Asked], judge: Judge) -> None:
    faults = []
    for one in asked:
        verdict = judge(one, unknown=["pauses"])
        if verdict.punctuality in {"overdue", "returned_late", "paused"} or verdict.workdays_late not in {0, None}:
            faults.append((one[0], verdict.punctuality, verdict.workdays_late))
        if verdict.punctuality_current in {"overdue", "returned_late", "paused"}:
            faults.append((one[0], verdict.punctuality_current, verdict.workdays_late_current))
    assert faults == []


def test_unknown_pauses_leave_what_is_in_time(asked: list[Asked], judge: Judge) -> None:
    faults = []
    for one in asked:
        if one[4] == "qd766":
            continue
        before, after = judge(one).punctuality, judge(one, unknown=["pauses"]).punctuality
        if (
            before in {"early", "on_time", "closed", "no_limit", "not_started", "pending", "due_soon"}
            and after != before
        ):
            faults.append((one[0], before, after))
    assert faults == []


def test_an_unknown_finish_without_an_end_is_never_judged(asked: list[Asked], judge: Judge) -> None:
    faults = []
    for one in asked:
        verdict = judge(one, unknown=["finish"])
        if not kinds(one) & ENDS and verdict.punctuality not in {"undetermined", "not_started", "no_limit"}:
            faults.append((one[0], verdict.punctuality))
    assert faults == []


def test_an_unknown_finish_with_a_result_is_ordinary(asked: list[Asked], judge: Judge) -> None:
    faults = []
    for one in asked:
        plain = judge(one)
        if plain.clock.ended_by in {"result_issued", "result_returned"}:
            told = judge(one, unknown=["finish"])
            if (told.punctuality, outcomes(told)) != (plain.punctuality, outcomes(plain)):
                faults.append(one[0])
    assert faults == []


def test_an_unknown_acceptance_has_no_clock(asked: list[Asked], judge: Judge) -> None:
    for one in asked:
        verdict = judge(one, unknown=["acceptance"])
        assert verdict.punctuality in {"undetermined", "closed"}, one[0]
        assert not verdict.obligations, one[0]
        assert not verdict.limits, one[0]
        dates = (verdict.clock.original_due, verdict.clock.lawful_due, verdict.clock.current_due)
        assert dates == (None, None, None), one[0]
        assert verdict.workdays_late is None, one[0]


@pytest.mark.parametrize("field", ["observes", "unknown"])
def test_an_unknown_word_is_never_a_verdict(book: Rulebook, field: str) -> None:
    for word in ("", "x", "dossier", "Finish", "pauses ", "apology_send"):
        with pytest.raises(DossierError):
            book.evaluate({"dossier_id": "HS-1", field: [word]}, date(2024, 8, 13))
